/**
 * A trunk page of the free list: the numbers of free pages, and the next trunk.
 *
 *     0  u32  next trunk, 0 at the end
 *     4  u32  count
 *     8  u32 x count  free page numbers
 *
 * I1  Trunks go through the log like any page; a trunk page is itself free space and counts as free.
 * I2  Committed trunks never change; a transaction edits its private copy.
 */
import { dataCorrupted } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { viewOf } from './page-layout.ts';
import { PageKind, type PageNode } from './page-node.ts';

const HEAD_BYTES = 8;

/** Free page numbers one trunk holds. */
export function trunkCapacity(payloadBytes: number): number {
  return Math.floor((payloadBytes - HEAD_BYTES) / 4);
}

export class FreeListNode implements PageNode {
  readonly pageNo: PageNo;
  readonly kind: typeof PageKind.freeList = PageKind.freeList;
  lsn: Lsn;
  isPrivate: boolean;
  next: PageNo;
  readonly pages: PageNo[];

  constructor(pageNo: PageNo, lsn: Lsn, next: PageNo, pages: PageNo[], isPrivate: boolean) {
    this.pageNo = pageNo;
    this.lsn = lsn;
    this.isPrivate = isPrivate;
    this.next = next;
    this.pages = pages;
  }

  memoryBytes(): number {
    return 96 + 8 * this.pages.length;
  }

  encode(target: Uint8Array): number {
    const view = viewOf(target);
    view.setUint32(0, this.next, true);
    view.setUint32(4, this.pages.length, true);
    for (let i = 0; i < this.pages.length; i++) view.setUint32(HEAD_BYTES + 4 * i, this.pages[i]!, true);
    return HEAD_BYTES + 4 * this.pages.length;
  }

  thaw(): FreeListNode {
    return new FreeListNode(this.pageNo, this.lsn, this.next, this.pages.slice(), true);
  }

  freeze(lsn: Lsn): void {
    this.lsn = lsn;
    this.isPrivate = false;
  }
}

export function decodeFreeListNode(pageNo: PageNo, lsn: Lsn, payload: Uint8Array): FreeListNode {
  const view = viewOf(payload);
  const count = payload.length < HEAD_BYTES ? -1 : view.getUint32(4, true);
  if (payload.length !== HEAD_BYTES + 4 * count) {
    throw dataCorrupted('free list page has a wrong length', 'free list', pageNo);
  }
  const pages: PageNo[] = [];
  for (let i = 0; i < count; i++) pages.push(view.getUint32(HEAD_BYTES + 4 * i, true) as PageNo);
  return new FreeListNode(pageNo, lsn, view.getUint32(0, true) as PageNo, pages, false);
}

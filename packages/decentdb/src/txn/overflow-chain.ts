/**
 * Values too large for a page, as chains of overflow pages.
 *
 * I1  A chain's length is checked against the file before anything is allocated, and against every page's remaining
 *     length on the way: a damaged link cannot loop or read another value.
 * I2  The bytes given out are a copy; the bytes taken in are copied.
 */
import { dataCorrupted } from '../base/errors.ts';
import { type Lsn, NO_PAGE, type PageNo } from '../base/ids.ts';
import { decodeOverflowNode, OverflowNode, overflowCapacity } from '../pager/overflow-node.ts';
import { PageKind } from '../pager/page-node.ts';
import type { OverflowRef, ReadView, WriteView } from './page-view.ts';

function fetchLink(view: ReadView, page: PageNo, remaining: number): OverflowNode {
  const node = view.fetch(page, PageKind.overflow, decodeOverflowNode) as OverflowNode;
  const want = Math.min(remaining, overflowCapacity(view.payloadBytes));
  const isLast = remaining <= want;
  if (node.remainingBytes !== remaining || node.piece.length !== want || (node.next === NO_PAGE) !== isLast) {
    throw dataCorrupted('overflow page does not fit its chain', 'overflow chain', page);
  }
  return node;
}

export function readOverflowChain(view: ReadView, ref: OverflowRef): Uint8Array {
  const pieces: Uint8Array[] = [];
  let page = ref.firstPage;
  for (let remaining = ref.byteLength; remaining > 0; ) {
    const node = fetchLink(view, page, remaining);
    pieces.push(node.piece);
    remaining -= node.piece.length;
    page = node.next;
  }
  const bytes = new Uint8Array(ref.byteLength);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

export function writeOverflowChain(view: WriteView, bytes: Uint8Array): OverflowRef {
  const capacity = overflowCapacity(view.payloadBytes);
  const own = bytes.slice();
  const pages: PageNo[] = [];
  for (let at = 0; at < own.length; at += capacity) pages.push(view.allocate());
  pages.forEach((page, i) => {
    const from = i * capacity;
    const piece = own.subarray(from, Math.min(from + capacity, own.length));
    const next = pages[i + 1] ?? NO_PAGE;
    view.install(new OverflowNode(page, 0 as Lsn, true, next, own.length - from, piece));
  });
  return { firstPage: pages[0] ?? NO_PAGE, byteLength: own.length };
}

/** Frees every page of the chain; returns the pages it took. */
export function freeOverflowChain(view: WriteView, ref: OverflowRef): void {
  let page = ref.firstPage;
  for (let remaining = ref.byteLength; remaining > 0; ) {
    const node = fetchLink(view, page, remaining);
    view.free(page);
    remaining -= node.piece.length;
    page = node.next;
  }
}

/** Page numbers of a chain, for the accounting of `check`. */
export function overflowPages(view: ReadView, ref: OverflowRef): PageNo[] {
  const pages: PageNo[] = [];
  let page = ref.firstPage;
  for (let remaining = ref.byteLength; remaining > 0; ) {
    const node = fetchLink(view, page, remaining);
    pages.push(page);
    remaining -= node.piece.length;
    page = node.next;
  }
  return pages;
}

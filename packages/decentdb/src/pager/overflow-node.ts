/**
 * One page of an overflow chain: a piece of a value too large for its page.
 *
 *     0  u32    next page of the chain, 0 at the end
 *     4  u32    bytes of the value from this page's piece to the end of the chain
 *     8  bytes  the piece
 *
 * I1  Overflow pages are written once and never edited: a changed value gets a new chain.
 * I2  The remaining length counts down along the chain, so a wrong link is noticed at the first page it leads to.
 */
import { AssertionFailure, dataCorrupted } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { viewOf } from './page-layout.ts';
import { PageKind, type PageNode } from './page-node.ts';

const HEAD_BYTES = 8;

/** Bytes of a value one overflow page holds. */
export function overflowCapacity(payloadBytes: number): number {
  return payloadBytes - HEAD_BYTES;
}

export class OverflowNode implements PageNode {
  readonly pageNo: PageNo;
  readonly kind: typeof PageKind.overflow = PageKind.overflow;
  lsn: Lsn;
  isPrivate: boolean;
  readonly next: PageNo;
  readonly remainingBytes: number;
  piece: Uint8Array;

  constructor(
    pageNo: PageNo,
    lsn: Lsn,
    isPrivate: boolean,
    next: PageNo,
    remainingBytes: number,
    piece: Uint8Array,
  ) {
    this.pageNo = pageNo;
    this.lsn = lsn;
    this.isPrivate = isPrivate;
    this.next = next;
    this.remainingBytes = remainingBytes;
    this.piece = piece;
  }

  memoryBytes(): number {
    return 160 + this.piece.length;
  }

  /** Leaves a buffer shared with other pages. */
  detach(): void {
    if (this.piece.buffer.byteLength > 2 * this.piece.length + 64) this.piece = this.piece.slice();
  }

  encode(target: Uint8Array): number {
    const view = viewOf(target);
    view.setUint32(0, this.next, true);
    view.setUint32(4, this.remainingBytes, true);
    target.set(this.piece, HEAD_BYTES);
    return HEAD_BYTES + this.piece.length;
  }

  thaw(): PageNode {
    throw new AssertionFailure('overflow pages are never edited');
  }

  freeze(lsn: Lsn): void {
    this.lsn = lsn;
    this.isPrivate = false;
  }
}

export function decodeOverflowNode(pageNo: PageNo, lsn: Lsn, payload: Uint8Array): OverflowNode {
  if (payload.length < HEAD_BYTES)
    throw dataCorrupted('overflow page is too short', 'overflow chain', pageNo);
  const view = viewOf(payload);
  return new OverflowNode(
    pageNo,
    lsn,
    false,
    view.getUint32(0, true) as PageNo,
    view.getUint32(4, true),
    payload.subarray(HEAD_BYTES),
  );
}

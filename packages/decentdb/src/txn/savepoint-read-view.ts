/**
 * The state of a write transaction when a savepoint was set, read while the transaction goes on.
 *
 * I1  Shows what `rollbackTo` the same mark would bring back; valid as long as the mark is.
 */
import type { PageNo } from '../base/ids.ts';
import type { PageDecoder, PageKind, PageNode } from '../pager/page-node.ts';
import { readOverflowChain } from './overflow-chain.ts';
import type { OverflowRef, ReadView, SavepointMark } from './page-view.ts';

/** What the view asks of its transaction. */
export interface SavepointReader {
  readonly payloadBytes: number;
  fetchAt(mark: SavepointMark, page: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode;
  validate(): void;
}

export class SavepointReadView implements ReadView {
  readonly payloadBytes: number;
  private readonly txn: SavepointReader;
  private readonly mark: SavepointMark;

  constructor(txn: SavepointReader, mark: SavepointMark) {
    this.payloadBytes = txn.payloadBytes;
    this.txn = txn;
    this.mark = mark;
  }

  fetch(pageNo: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode {
    return this.txn.fetchAt(this.mark, pageNo, kind, decode);
  }

  readOverflow(ref: OverflowRef): Uint8Array {
    return readOverflowChain(this, ref);
  }

  validate(): void {
    this.txn.validate();
  }
}

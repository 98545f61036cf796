/** A page that is just bytes: what the storage tests write instead of tree nodes. */
import type { Lsn, PageNo } from '../../base/ids.ts';
import type { CopyTrace } from '../../pager/page-change.ts';
import { type LoggedAt, PageKind, type PageNode } from '../../pager/page-node.ts';
import type { ReadTxn } from '../read-txn.ts';
import type { WriteTxn } from '../write-txn.ts';

export class BytesNode implements PageNode {
  readonly pageNo: PageNo;
  readonly kind: PageKind = PageKind.leaf;
  lsn: Lsn;
  isPrivate: boolean;
  bytes: Uint8Array;
  logged: LoggedAt | null = null;
  /** As last encoded or read. */
  stored: Uint8Array | null = null;

  constructor(pageNo: PageNo, lsn: Lsn, bytes: Uint8Array, isPrivate: boolean) {
    this.pageNo = pageNo;
    this.lsn = lsn;
    this.bytes = bytes;
    this.isPrivate = isPrivate;
  }

  memoryBytes(): number {
    return 100 + this.bytes.length;
  }

  payloadBefore(): Uint8Array | null {
    return this.stored;
  }

  /** Tells of all that the page begins and ends with as the one before did. */
  encode(target: Uint8Array, trace?: CopyTrace): number {
    const { bytes, stored } = this;
    target.set(bytes);
    if (trace !== undefined && stored !== null) {
      const most = Math.min(bytes.length, stored.length);
      let before = 0;
      while (before < most && bytes[before] === stored[before]) before++;
      let after = 0;
      while (after < most - before && bytes.at(-1 - after) === stored.at(-1 - after)) after++;
      trace.noteBytes(0, stored.subarray(0, before));
      trace.noteBytes(bytes.length - after, stored.subarray(stored.length - after));
    }
    this.stored = bytes.slice();
    this.logged = null;
    return bytes.length;
  }

  thaw(): BytesNode {
    const copy = new BytesNode(this.pageNo, this.lsn, this.bytes.slice(), true);
    copy.stored = this.stored;
    copy.logged = this.logged;
    return copy;
  }

  freeze(lsn: Lsn): void {
    this.lsn = lsn;
    this.isPrivate = false;
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }
}

export function decodeBytesNode(pageNo: PageNo, lsn: Lsn, payload: Uint8Array): BytesNode {
  const node = new BytesNode(pageNo, lsn, payload, false);
  node.stored = payload;
  return node;
}

export function textOf(view: ReadTxn | WriteTxn, page: PageNo): string {
  return (view.fetch(page, PageKind.leaf, decodeBytesNode) as BytesNode).text;
}

export function setText(txn: WriteTxn, page: PageNo, text: string): void {
  (txn.edit(page, PageKind.leaf, decodeBytesNode) as BytesNode).bytes = new TextEncoder().encode(text);
}

export function addPage(txn: WriteTxn, text: string): PageNo {
  const page = txn.allocate();
  txn.install(new BytesNode(page, 0 as Lsn, new TextEncoder().encode(text), true));
  return page;
}

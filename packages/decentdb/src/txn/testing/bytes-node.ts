/** A page that is just bytes: what the storage tests write instead of tree nodes. */
import type { Lsn, PageNo } from '../../base/ids.ts';
import { PageKind, type PageNode } from '../../pager/page-node.ts';
import type { ReadTxn } from '../read-txn.ts';
import type { WriteTxn } from '../write-txn.ts';

export class BytesNode implements PageNode {
  readonly pageNo: PageNo;
  readonly kind: PageKind = PageKind.leaf;
  lsn: Lsn;
  isPrivate: boolean;
  bytes: Uint8Array;

  constructor(pageNo: PageNo, lsn: Lsn, bytes: Uint8Array, isPrivate: boolean) {
    this.pageNo = pageNo;
    this.lsn = lsn;
    this.bytes = bytes;
    this.isPrivate = isPrivate;
  }

  memoryBytes(): number {
    return 100 + this.bytes.length;
  }

  encode(target: Uint8Array): number {
    target.set(this.bytes);
    return this.bytes.length;
  }

  thaw(): BytesNode {
    return new BytesNode(this.pageNo, this.lsn, this.bytes.slice(), true);
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
  return new BytesNode(pageNo, lsn, payload, false);
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

/**
 * Decoded nodes of superseded versions, kept while snapshots may still read them. Only a cache: every node here can be
 * read again from the log or the page file.
 *
 * I1  A node here is exactly the version the page-version index names, or the page file's version of its page.
 *     `forgetBelow` is called for each page the checkpoint copied, so a version the file no longer has goes too.
 * I2  Bounded by bytes, oldest entry first out; emptied when no snapshot is left. Nodes here leave the buffers of their neighbours,
 *     which else would live as long as they, uncounted.
 */
import type { PageNode } from './page-node.ts';

interface OldNode {
  readonly node: PageNode;
  /** Bytes counted when it came: what leaves the sum again, however the node has grown since. */
  readonly bytes: number;
}

export class OldNodes {
  private readonly byPage: Map<number, OldNode[]> = new Map();
  private readonly bytesMax: number;
  private bytes = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get memoryBytes(): number {
    return this.bytes;
  }

  keep(node: PageNode): void {
    const entries = this.byPage.get(node.pageNo);
    if (entries?.some((other) => other.node.lsn === node.lsn) === true) return;
    node.detach?.();
    const entry = { node, bytes: node.memoryBytes() };
    if (entries === undefined) this.byPage.set(node.pageNo, [entry]);
    else entries.push(entry);
    this.bytes += entry.bytes;
    for (const page of this.byPage.keys()) {
      if (this.bytes <= this.bytesMax) break;
      this.forgetBelow(page, Number.POSITIVE_INFINITY);
    }
  }

  /** The version `lsn` of a page. */
  find(page: number, lsn: number): PageNode | undefined {
    return this.byPage.get(page)?.find((entry) => entry.node.lsn === lsn)?.node;
  }

  /** The newest version of a page at or below `lsn`. */
  findNewest(page: number, lsn: number): PageNode | undefined {
    let newest: PageNode | undefined;
    for (const { node } of this.byPage.get(page) ?? []) {
      if (node.lsn <= lsn && (newest === undefined || node.lsn > newest.lsn)) newest = node;
    }
    return newest;
  }

  /** Drops versions of a page below `lsn`. */
  forgetBelow(page: number, lsn: number): void {
    const entries = this.byPage.get(page);
    if (entries === undefined) return;
    const left = entries.filter(({ node }) => node.lsn >= lsn);
    for (const { node, bytes } of entries) if (node.lsn < lsn) this.bytes -= bytes;
    if (left.length === 0) this.byPage.delete(page);
    else this.byPage.set(page, left);
  }

  clear(): void {
    if (this.byPage.size === 0) return;
    this.byPage.clear();
    this.bytes = 0;
  }
}

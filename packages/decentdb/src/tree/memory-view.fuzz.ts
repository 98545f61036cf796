/**
 * Pages in memory with versions, snapshots and savepoints: what the tree's tests run on.
 *
 * I1  Every commit encodes each private node and keeps the bytes; a fetch by another view decodes them again, so nothing
 *     survives but what is on the page. (`keepNodes` shares frozen nodes instead, as the node cache does.)
 *     With `moves` columns move to private leaves now and then (tree-node.ts I7); then only the newest version keeps its node, as in an
 *     engine without readers.
 * I2  Allocation is audited: `leaks` compares the pages in use with those a walk of the trees found.
 */
import assert from 'node:assert/strict';
import { DecentDbError } from '../base/errors.ts';
import { type Lsn, lsn, type PageNo, pageNo } from '../base/ids.ts';
import type { PageDecoder, PageKind, PageNode, Taking } from '../pager/page-node.ts';
import type { HeldChanges, OverflowRef, ReadView, WriteView } from '../txn/page-view.ts';

interface Version {
  readonly lsn: Lsn;
  readonly kind: PageKind;
  readonly bytes: Uint8Array | null;
  node: PageNode | null;
}

export class MemoryPages {
  readonly payloadBytes: number;
  readonly keepNodes: boolean;
  moves = false;
  /** Columns moved or asked for, of which every fourth is refused. */
  asked = 0;
  readonly versions: Map<PageNo, Version[]> = new Map();
  readonly chains: Map<PageNo, Uint8Array> = new Map();
  committed: Lsn = lsn(0);
  nextPage = 1;
  /** Pages in use in the newest state, overflow chains' first pages included. */
  used: Set<PageNo> = new Set();

  constructor(payloadBytes: number, keepNodes = false) {
    this.payloadBytes = payloadBytes;
    this.keepNodes = keepNodes;
  }

  read(): MemoryReadView {
    return new MemoryReadView(this, this.committed);
  }

  write(): MemoryWriteView {
    return new MemoryWriteView(this);
  }

  /** Forgets decoded nodes, as a cache does: the next fetch decodes what was encoded. */
  forgetNodes(): void {
    for (const list of this.versions.values()) for (const version of list) version.node = null;
  }

  /** Bytes of all pages of the newest state, as stored (used bytes only). */
  usedBytes(): number {
    let bytes = 0;
    for (const page of this.used) bytes += this.versions.get(page)?.at(-1)?.bytes?.length ?? 0;
    return bytes;
  }
}

class MemoryReadView implements ReadView {
  readonly pages: MemoryPages;
  readonly payloadBytes: number;
  readonly lsn: Lsn;

  constructor(pages: MemoryPages, at: Lsn) {
    this.pages = pages;
    this.payloadBytes = pages.payloadBytes;
    this.lsn = at;
  }

  fetch(page: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode {
    const list = this.pages.versions.get(page);
    let at = (list?.length ?? 0) - 1;
    while (at >= 0 && list![at]!.lsn > this.lsn) at--;
    const version = list?.[at];
    if (version === undefined) throw new DecentDbError('XX001', `page ${page} does not exist`);
    if (version.node === null) version.node = decode(page, version.lsn, version.bytes!.slice());
    const { node } = version;
    if (kind !== 'tree' && node.kind !== kind)
      throw new DecentDbError('XX001', `page ${page} has another kind`);
    return node;
  }

  readOverflow(ref: OverflowRef): Uint8Array {
    const bytes = this.pages.chains.get(ref.firstPage);
    assert.ok(bytes !== undefined && bytes.length === ref.byteLength, 'an overflow chain exists');
    return bytes;
  }

  validate(): void {}
}

interface Saved {
  readonly nodes: Map<PageNo, PageNode>;
  readonly used: Set<PageNo>;
}

export class MemoryWriteView extends MemoryReadView implements WriteView, Taking {
  epoch = 0;
  declare held?: HeldChanges | null;
  private nodes: Map<PageNo, PageNode> = new Map();
  private used: Set<PageNo>;
  private readonly saves: Saved[] = [];

  constructor(pages: MemoryPages) {
    super(pages, pages.committed);
    this.used = new Set(pages.used);
  }

  override fetch(page: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode {
    const node = this.nodes.get(page) ?? super.fetch(page, kind, decode);
    if (!this.used.has(page)) throw new DecentDbError('XX001', `page ${page} is free`);
    if (kind !== 'tree' && node.kind !== kind)
      throw new DecentDbError('XX001', `page ${page} has another kind`);
    return node;
  }

  edit(page: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode {
    const mine = this.nodes.get(page);
    if (mine !== undefined && !this.isSaved(page, mine)) return mine;
    const copy = this.fetch(page, kind, decode).thaw(this);
    this.nodes.set(page, copy);
    return copy;
  }

  get mayTake(): boolean {
    return this.pages.moves && this.saves.length === 0 && ++this.pages.asked % 4 !== 0;
  }

  allocate(): PageNo {
    const page = pageNo(this.pages.nextPage++);
    this.used.add(page);
    return page;
  }

  install(node: PageNode): void {
    assert.ok(this.used.has(node.pageNo) && node.isPrivate);
    this.nodes.set(node.pageNo, node);
  }

  free(page: PageNo): void {
    assert.ok(this.used.delete(page), `page ${page} was in use`);
    this.nodes.delete(page);
  }

  writeOverflow(bytes: Uint8Array): OverflowRef {
    const page = this.allocate();
    this.pages.chains.set(page, bytes.slice());
    return { firstPage: page, byteLength: bytes.length };
  }

  freeOverflow(ref: OverflowRef): void {
    assert.ok(this.used.delete(ref.firstPage), 'a chain is freed once');
  }

  relieve(): void {
    // Everything stays in memory here.
  }

  savepoint(): void {
    this.saves.push({ nodes: new Map(this.nodes), used: new Set(this.used) });
    this.epoch++;
  }

  rollbackToSavepoint(): void {
    const saved = this.saves.at(-1)!;
    this.nodes = new Map(saved.nodes);
    this.used = new Set(saved.used);
    this.epoch++;
  }

  get inUse(): ReadonlySet<PageNo> {
    return this.used;
  }

  commit(): void {
    const next = lsn(this.pages.committed + 1);
    const buffer = new Uint8Array(this.pages.payloadBytes);
    for (const [page, node] of this.nodes) {
      const bytes = buffer.slice(0, node.encode(buffer));
      node.freeze(next);
      const list = this.pages.versions.get(page) ?? [];
      if (this.pages.moves && list.length > 0) list.at(-1)!.node = null;
      list.push({ lsn: next, kind: node.kind, bytes, node: this.pages.keepNodes ? node : null });
      this.pages.versions.set(page, list);
    }
    this.pages.used = this.used;
    this.pages.committed = next;
  }

  private isSaved(page: PageNo, node: PageNode): boolean {
    return this.saves.at(-1)?.nodes.get(page) === node;
  }
}

/**
 * A write transaction: its snapshot plus private nodes that nobody else can see.
 *
 *     active --commit()--> committed        active --rollback()--> rolledBack
 *        |                                     |
 *        +--commit fails--> failed             +--savepoint / rollbackTo / release (savepoints.ts)
 *
 * I1  Until commit nothing here touches shared state: no cache, no index, no file (spilled frames do not count before
 *     their commit frame).
 * I2  Rollback drops the private nodes before anything else happens (ACID-003).
 * I3  `epoch` changes whenever a private node in a caller's hand may be out of date.
 * I5  Decoded columns of a committed leaf move to its private copy only while nobody can hold them: inside one change of a few rows, or
 *     at the commit, with no plan of this transaction, no savepoint, no reader and no commit under way.
 * I4  Changes held back are on private pages before a savepoint is set and before the commit; going back to a savepoint
 *     forgets them, for they came after it.
 */
import { assert, verifyEnabled } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import { type Lsn, NO_PAGE, PAGE_NO_MAX, type PageNo } from '../base/ids.ts';
import { type DatabaseMeta, metaAt } from '../pager/meta.ts';
import type { NodeCache } from '../pager/node-cache.ts';
import { type PageDecoder, PageKind, type PageNode, type Taking } from '../pager/page-node.ts';
import { type CommittedPages, wrongKindError } from './committed-pages.ts';
import { listFreePages, packFreePages, putFreePage, takeFreePage } from './free-list.ts';
import { freeOverflowChain, readOverflowChain, writeOverflowChain } from './overflow-chain.ts';
import { checkPageNo } from './page-range.ts';
import type {
  HeldChanges,
  OverflowRef,
  ReadView,
  SavepointMark,
  SavepointView,
  WriteView,
} from './page-view.ts';
import { SavepointReadView } from './savepoint-read-view.ts';
import { Savepoints } from './savepoints.ts';
import { type PrivateEntry, SpilledPage, SpillLedger } from './spilled-pages.ts';

export type WriteState = 'active' | 'committed' | 'rolledBack' | 'failed' | 'closed';

/** What a write transaction needs from the engine that made it. */
export interface WriteHost {
  readonly pages: CommittedPages;
  readonly pageCountMax: number;
  /** Memory of private nodes above which `relieve` writes them to the log. */
  readonly privateBytesMax: number;
  /** Makes the transaction durable and visible; throws when it did neither. */
  commitWrite(txn: WriteTxn): Lsn;
  /** The same, shared with others who commit: the promise is the acknowledgement. */
  commitGrouped(txn: WriteTxn): Promise<Lsn>;
  /** Nobody reads, and nobody whose snapshot was revoked may still be about to notice. */
  readonly hasNoReaders: boolean;
  /** Newest versions of pages whose commits are not published yet: the writer builds on them. */
  readonly overlay: ReadonlyMap<number, PageNode>;
  /** Appends a private node to the log ahead of the commit; returns its position. */
  spillNodes(txn: WriteTxn, nodes: readonly PageNode[]): number[];
  /** Forgets the frames a transaction spilled. */
  dropSpill(txn: WriteTxn): void;
  /** The spilled version of a page. */
  readSpilled(page: PageNo, position: number, lsn: Lsn, decode: PageDecoder): PageNode;
  /** The transaction is over, committed or not. */
  endWrite(txn: WriteTxn): void;
}

/** The meta under change; at commit it gets another LSN. */
type MetaDraft = { -readonly [K in keyof DatabaseMeta]: DatabaseMeta[K] };

/** Private pages that are not worth weighing. */
const WEIGH_PAGES_MIN = 64;

export class WriteTxn implements WriteView, SavepointView, Taking {
  readonly payloadBytes: number;
  /** The state this transaction builds on. */
  readonly base: DatabaseMeta;
  epoch = 0;
  held: HeldChanges | null = null;
  takes = false;
  openPlans = 0;
  state: WriteState = 'active';
  private draft: MetaDraft;
  private readonly host: WriteHost;
  private readonly pages: CommittedPages;
  private readonly cache: NodeCache;
  readonly spill: SpillLedger = new SpillLedger();
  /** False: the commit is written to the log but not synced; whoever says so answers for a later flush. */
  waitsForSync = true;
  /** Called by `relieve`, and may throw: what works through many pages stops there when its statement is cancelled. */
  onRelief: (() => void) | null = null;
  /** Why the transaction cannot go on, when what it was built on is lost. */
  private doomCause: unknown;
  private readonly overlay: ReadonlyMap<number, PageNode>;
  private readonly nodes: Map<number, PrivateEntry> = new Map();
  private readonly savepoints = new Savepoints();
  /** Private pages at which their memory is summed up next. */
  private weighAt: number;
  /** Spilled pages read back since their memory was last given up. */
  private reloaded = 0;
  /** The private node fetched or edited last, kept for its savepoint: most calls ask for it again. */
  private lastPage = -1;
  private lastNode: PageNode | undefined;

  constructor(host: WriteHost, base: DatabaseMeta) {
    this.host = host;
    this.pages = host.pages;
    this.cache = host.pages.cache;
    this.overlay = host.overlay;
    this.payloadBytes = host.pages.pageFile.payloadBytes;
    this.base = metaAt(base, base.lsn);
    this.draft = metaAt(base, base.lsn);
    this.weighAt = this.weighStep;
  }

  get snapshot(): Lsn {
    return this.base.lsn;
  }

  get isActive(): boolean {
    return this.state === 'active';
  }

  /** The meta as this transaction sees it. */
  get meta(): Omit<DatabaseMeta, 'lsn'> {
    return this.draft;
  }

  get privateNodes(): number {
    return this.nodes.size;
  }

  /** I5. */
  get mayTake(): boolean {
    return (
      this.takes &&
      this.openPlans === 0 &&
      this.savepoints.depth === 0 &&
      this.overlay.size === 0 &&
      this.host.hasNoReaders
    );
  }

  setCatalogRoot(page: PageNo): void {
    this.validate();
    this.draft.catalogRoot = page;
  }

  setSchemaCookie(cookie: number): void {
    this.validate();
    this.draft.schemaCookie = cookie;
  }

  setCounter(index: number, value: number): void {
    this.validate();
    assert(
      index >= 0 && index < this.draft.counters.length && Number.isSafeInteger(value),
      'no such counter',
    );
    this.draft.counters = this.draft.counters.with(index, value);
  }

  fetch(pageNo: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode {
    return this.checkedNode(this.find(pageNo, decode), pageNo, kind, decode, false);
  }

  /** For {@link SavepointReadView}: the page as it was when the mark was set. */
  fetchAt(mark: SavepointMark, pageNo: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode {
    const kept = this.savepoints.at(mark, pageNo);
    const found = kept === null ? this.find(pageNo, decode) : this.opened(kept, pageNo, decode);
    return this.checkedNode(found, pageNo, kind, decode, true);
  }

  viewAt(mark: SavepointMark): ReadView {
    return new SavepointReadView(this, mark);
  }

  /** A private node, or without one the committed page, if it is of the kind asked for. */
  private checkedNode(
    found: PageNode | undefined,
    pageNo: PageNo,
    kind: PageKind | 'tree',
    decode: PageDecoder,
    isBefore: boolean,
  ): PageNode {
    let node = found;
    if (node === undefined && this.overlay.size > 0) node = this.overlay.get(pageNo);
    if (node === undefined) {
      node = this.cache.slots[pageNo];
      if (node !== undefined && node.lsn <= this.base.lsn) this.cache.touch(pageNo);
      else node = this.load(pageNo, decode, isBefore);
    }
    if (this.state !== 'active') throw this.stateError();
    if (kind === 'tree' ? node.kind > PageKind.inner : node.kind !== kind) {
      throw wrongKindError(this.pages.pageFile.path, pageNo, node.kind);
    }
    return node;
  }

  edit(pageNo: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode {
    if (pageNo === this.lastPage && this.state === 'active') return this.lastNode!;
    const found = this.fetch(pageNo, kind, decode);
    const isKept = this.savepoints.wants(pageNo);
    if (found.isPrivate && !isKept) {
      this.remember(pageNo, found);
      return found;
    }
    if (isKept) this.savepoints.keep(pageNo, this.nodes.get(pageNo));
    const node = found.thaw(this);
    assert(node.isPrivate && node.pageNo === pageNo && node !== found, 'thaw must give a private copy');
    this.nodes.set(pageNo, node);
    this.remember(pageNo, node);
    return node;
  }

  /** From here on free pages are given out from the lowest; those at the end of the file are the file's no more. */
  packFreePages(): void {
    this.validate();
    this.held?.applyAll();
    this.turnEpoch();
    const { draft } = this;
    const path = this.pages.pageFile.path;
    draft.pageCount = packFreePages(this, draft, draft.pageCount, (page) => this.drop(page), path);
  }

  allocate(): PageNo {
    this.validate();
    const free = takeFreePage(this, this.draft);
    if (free !== NO_PAGE) {
      // Whatever it held (a trunk) is over; the caller installs the new node.
      this.drop(free);
      return free;
    }
    if (this.draft.pageCount > Math.min(this.host.pageCountMax - 1, PAGE_NO_MAX)) {
      throw new DecentDbError('53100', `database is full: it may have ${this.host.pageCountMax} pages`, {
        file: this.pages.pageFile.path,
      });
    }
    return this.draft.pageCount++ as PageNo;
  }

  install(node: PageNode): void {
    this.validate();
    const page = node.pageNo;
    assert(node.isPrivate, 'only private nodes are installed');
    checkPageNo(this.pages.pageFile, page, this.draft.pageCount);
    if (this.savepoints.wants(page)) this.savepoints.keep(page, this.nodes.get(page));
    this.nodes.set(page, node);
    this.remember(page, node);
  }

  free(pageNo: PageNo): void {
    this.validate();
    checkPageNo(this.pages.pageFile, pageNo, this.draft.pageCount);
    this.drop(pageNo);
    putFreePage(this, this.draft, pageNo);
  }

  readOverflow(ref: OverflowRef): Uint8Array {
    return readOverflowChain(this, ref);
  }

  writeOverflow(bytes: Uint8Array): OverflowRef {
    return writeOverflowChain(this, bytes);
  }

  freeOverflow(ref: OverflowRef): void {
    freeOverflowChain(this, ref);
  }

  validate(): void {
    if (this.state !== 'active') throw this.stateError();
  }

  /**
   * To be called where the caller holds no private node (between rows or batches): when private nodes take more memory
   * than allowed, they are written to the log and dropped, and `epoch` changes.
   */
  relieve(): void {
    this.validate();
    if (this.onRelief !== null) this.onRelief();
    const held = this.nodes.size + this.savepoints.nodeCount;
    if (held < this.weighAt && this.reloaded < 4 * this.weighStep) return;
    this.reloaded = 0;
    let bytes = 0;
    let live = 0;
    this.eachNode((node) => {
      bytes += node.memoryBytes();
      live++;
      return undefined;
    });
    const { privateBytesMax } = this.host;
    if (bytes > privateBytesMax) {
      this.spillAll();
      live = 0;
    }
    // Half way to where nodes of this size would reach the limit.
    const ahead = live === 0 ? 0 : Math.floor((live * (privateBytesMax - bytes)) / (2 * bytes));
    this.weighAt = held + Math.max(this.weighStep, ahead);
  }

  savepoint(): SavepointMark {
    this.validate();
    this.held?.applyAll();
    this.turnEpoch();
    return this.savepoints.set(metaAt(this.draft, this.draft.lsn));
  }

  rollbackTo(mark: SavepointMark): void {
    this.validate();
    this.held = null;
    this.turnEpoch();
    const draft = this.savepoints.rollbackTo(mark, (page, node) => {
      if (node === undefined) this.nodes.delete(page);
      else this.nodes.set(page, node);
    });
    this.draft = metaAt(draft as DatabaseMeta, this.base.lsn);
  }

  release(mark: SavepointMark): void {
    this.validate();
    this.turnEpoch();
    this.savepoints.release(mark);
  }

  /** Makes the changes durable (as the durability mode says) and visible. Returns the LSN of the commit. */
  commit(): Lsn {
    return this.finish(() => this.host.commitWrite(this));
  }

  /**
   * Commits together with others. The writer is free when this returns; the promise resolves when the changes are durable
   * and visible, and rejects when they are lost.
   */
  commitGrouped(): Promise<Lsn> {
    return this.finish(() => this.host.commitGrouped(this));
  }

  /** What the transaction was built on could not be written: it cannot go on. */
  doom(cause: unknown): void {
    this.doomCause = cause;
    this.leave('failed');
  }

  private finish<T>(commit: () => T): T {
    this.validate();
    this.takes = true;
    this.held?.applyAll();
    if (verifyEnabled()) this.auditFreeList();
    this.turnEpoch();
    this.savepoints.clear();
    try {
      const done = commit();
      this.state = 'committed';
      return done;
    } catch (error) {
      this.state = 'failed';
      throw error;
    } finally {
      this.forget();
      if (this.spill.isOpen) this.host.dropSpill(this);
      this.host.endWrite(this);
    }
  }

  /** Forgets everything. Harmless when the transaction is over. */
  rollback(): void {
    this.leave('rolledBack');
  }

  /** The database closes under the transaction. */
  abandon(): void {
    this.leave('closed');
  }

  /** For the commit: whether there is anything to write. */
  get isUnchanged(): boolean {
    const { base, draft } = this;
    return (
      this.nodes.size === 0 &&
      base.catalogRoot === draft.catalogRoot &&
      base.schemaCookie === draft.schemaCookie &&
      base.counters === draft.counters &&
      base.pageCount === draft.pageCount
    );
  }

  /** For the commit: what the transaction has for each page it changed. */
  changes(): ReadonlyMap<number, PrivateEntry> {
    return this.nodes;
  }

  /** For the commit: the meta it makes. */
  metaAt(lsn: Lsn): DatabaseMeta {
    return metaAt(this.draft, lsn);
  }

  /** Pages that may come in before their memory is summed up again. */
  private get weighStep(): number {
    return Math.min(WEIGH_PAGES_MIN, Math.floor(this.host.privateBytesMax / (4 * this.payloadBytes)));
  }

  private spillAll(): void {
    const nodes: PageNode[] = [];
    this.eachNode((node) => {
      nodes.push(node);
      return undefined;
    });
    this.turnEpoch();
    let positions: number[];
    try {
      positions = this.host.spillNodes(this, nodes);
    } catch (error) {
      this.leave('failed');
      throw error;
    }
    let next = 0;
    this.eachNode((node) => {
      assert(nodes[next] === node, 'private nodes changed while they were spilled');
      return new SpilledPage(node.kind, positions[next++]!);
    });
  }

  /** Visits private nodes, those kept for savepoints first (their frames must come first), and replaces them on demand. */
  private eachNode(visit: (node: PageNode) => SpilledPage | undefined): void {
    const change = (entry: PrivateEntry): PrivateEntry => {
      if (!(entry instanceof SpilledPage)) return visit(entry) ?? entry;
      entry.node = undefined;
      return entry;
    };
    this.savepoints.replace((_page, entry) => change(entry));
    for (const [page, entry] of this.nodes) this.nodes.set(page, change(entry));
  }

  private leave(state: WriteState): void {
    if (this.state !== 'active') return;
    this.forget();
    this.host.dropSpill(this);
    this.state = state;
    this.host.endWrite(this);
  }

  private forget(): void {
    this.held = null;
    this.nodes.clear();
    this.savepoints.clear();
    this.lastPage = -1;
    this.lastNode = undefined;
    this.epoch++;
  }

  private find(pageNo: PageNo, decode: PageDecoder): PageNode | undefined {
    if (pageNo === this.lastPage) return this.lastNode;
    return this.opened(this.nodes.get(pageNo), pageNo, decode);
  }

  private opened(entry: PrivateEntry | undefined, pageNo: PageNo, decode: PageDecoder): PageNode | undefined {
    if (entry instanceof SpilledPage) {
      if (entry.node === undefined) {
        this.reloaded++;
        entry.node = this.host.readSpilled(pageNo, entry.position, (this.base.lsn + 1) as Lsn, decode);
      }
      return entry.node;
    }
    return entry;
  }

  /** Drops a page's private node, keeping it for the savepoint. */
  private drop(page: PageNo): void {
    if (page === this.lastPage) this.turnLast();
    if (this.savepoints.wants(page)) this.savepoints.keep(page, this.nodes.get(page));
    this.nodes.delete(page);
  }

  private remember(page: PageNo, node: PageNode): void {
    this.lastPage = page;
    this.lastNode = node;
  }

  private turnLast(): void {
    this.lastPage = -1;
    this.lastNode = undefined;
  }

  private turnEpoch(): void {
    this.epoch++;
    this.turnLast();
  }

  /** `isBefore`: as of a savepoint, from when the file may have had more pages than now. */
  private load(pageNo: PageNo, decode: PageDecoder, isBefore: boolean): PageNode {
    this.validate();
    checkPageNo(this.pages.pageFile, pageNo, isBefore ? this.base.pageCount : this.draft.pageCount);
    assert(pageNo < this.base.pageCount, 'a page of this transaction was never installed');
    return this.pages.load(pageNo, this.base.lsn, decode);
  }

  private auditFreeList(): void {
    const { freeListHead, freePages, pageCount } = this.draft;
    const path = this.pages.pageFile.path;
    for (const page of listFreePages(this, freeListHead, freePages, path)) {
      checkPageNo(this.pages.pageFile, page as PageNo, pageCount);
      const node = this.nodes.get(page);
      assert(
        node === undefined || node.kind === PageKind.freeList,
        'a free page holds data of this transaction',
      );
    }
    for (const page of this.nodes.keys()) assert(page < pageCount, 'a private page lies behind the end');
  }

  private stateError(): DecentDbError {
    switch (this.state) {
      case 'closed':
        return new DecentDbError('08003', 'the database is closed');
      case 'failed':
        if (this.doomCause !== undefined) {
          return new DecentDbError('40001', 'the commit this transaction was built on could not be written', {
            hint: 'Run the transaction again.',
            cause: this.doomCause,
          });
        }
        return new DecentDbError('25000', 'the transaction failed to commit and was rolled back');
      default:
        return new DecentDbError('25000', `the transaction is over (${this.state})`);
    }
  }
}

/**
 * A read transaction: one snapshot, from `beginRead` to `end`.
 *
 * I1  Every fetch validates the state after the node is in hand and before it is returned (ACID-001).
 * I2  The snapshot number and the meta are taken together and never change; only `renew` starts a new life.
 */
import { verifyEnabled } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import type { DatabaseMeta } from '../pager/meta.ts';
import type { NodeCache } from '../pager/node-cache.ts';
import { type PageDecoder, PageKind, type PageNode } from '../pager/page-node.ts';
import type { PageRing } from '../pager/page-ring.ts';
import type { RowMemory } from '../pager/row-memory.ts';
import { type CommittedPages, wrongKindError } from './committed-pages.ts';
import { readOverflowChain } from './overflow-chain.ts';
import { checkPageNo } from './page-range.ts';
import type { OverflowRef, ReadView } from './page-view.ts';
import { ReaderState, type RegisteredReader } from './reader-registry.ts';

/** What a read transaction needs from the engine that made it. */
export interface ReadHost {
  readonly pages: CommittedPages;
  readonly readerTimeoutMs: number;
  /** The newest state that may be read; with `registerReader` it becomes a snapshot. */
  snapshotMeta(): DatabaseMeta;
  /** The newest state this thread knows of. */
  publishedMeta(): DatabaseMeta;
  /** Throws when another thread, which owns the database, has ended this thread's snapshots. */
  checkSnapshots(): void;
  registerReader(reader: RegisteredReader): void;
  endReader(reader: RegisteredReader): void;
}

/** A walk over leaves of more than this part of the cache passes by. */
const WALK_SHARE = 0.75;
/** Of the runs that pass by one in so many stays: what is read again and again finds its way into a cache full of what is not. */
const STAY_EVERY = 16;

export class ReadTxn implements ReadView, RegisteredReader {
  readonly payloadBytes: number;
  readonly rows: RowMemory;
  readonly id: number;
  startedMs: number;
  meta: DatabaseMeta;
  state: ReaderState = ReaderState.active;
  registrySlot = -1;
  private snapshotLsn: Lsn;
  private readonly host: ReadHost;
  private readonly pages: CommittedPages;
  private readonly cache: NodeCache;

  /** `meta`: a state that is pinned already; else the newest is taken. */
  constructor(host: ReadHost, id: number, startedMs: number, meta: DatabaseMeta = host.snapshotMeta()) {
    this.host = host;
    this.pages = host.pages;
    this.cache = host.pages.cache;
    this.rows = host.pages.rows;
    this.payloadBytes = host.pages.pageFile.payloadBytes;
    this.id = id;
    this.startedMs = startedMs;
    this.meta = meta;
    this.snapshotLsn = meta.lsn;
    host.registerReader(this);
  }

  /** The last commit this transaction sees. */
  get snapshot(): Lsn {
    return this.snapshotLsn;
  }

  get isActive(): boolean {
    return this.state === ReaderState.active;
  }

  fetch(pageNo: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode {
    let node = this.cache.slots[pageNo];
    if (node !== undefined && node.lsn <= this.snapshotLsn) this.cache.touch(pageNo);
    else node = this.load(pageNo, decode);
    if (this.state !== ReaderState.active) throw this.stateError();
    if (kind === 'tree' ? node.kind > PageKind.inner : node.kind !== kind) {
      throw wrongKindError(this.pages.pageFile.path, pageNo, node.kind);
    }
    return node;
  }

  recall(owner: number, key: number): object | undefined {
    if (this.state !== ReaderState.active) throw this.stateError();
    return this.rows.find(owner, key, this.snapshotLsn);
  }

  newestLsn(pageNo: PageNo): Lsn | undefined {
    if (this.snapshotLsn < this.host.publishedMeta().lsn) return undefined;
    return this.cache.slots[pageNo]?.lsn;
  }

  fetchAhead(links: ArrayLike<number>, from: number, to: number, decode: PageDecoder): number {
    this.validate();
    return this.pages.loadAhead(links, from, to, this.snapshotLsn, decode);
  }

  get walkLeavesMax(): number {
    const { cache, pageFile } = this.pages;
    return Math.floor((cache.bytesMax * WALK_SHARE) / pageFile.pageBytes);
  }

  get pageBytes(): number {
    return this.pages.pageFile.pageBytes;
  }

  fetchPassing(
    ring: PageRing,
    links: ArrayLike<number>,
    from: number,
    to: number,
    decode: PageDecoder,
  ): PageNode | null {
    const page = links[from]!;
    const { cache, pages } = this;
    const resident = cache.slots[page];
    if (resident !== undefined && resident.lsn <= this.snapshotLsn) {
      cache.glance(page);
      return verifyEnabled() ? copyPassing(ring, resident, decode) : resident;
    }
    const bytes = pages.pageFile.pageBytes * (to - from);
    if (resident !== undefined || cache.hasRoom(bytes) || ring.isTurn(STAY_EVERY)) return null;
    this.validate();
    pages.loadPassing(ring, links, from, to, this.snapshotLsn, decode);
    if (this.state !== ReaderState.active) throw this.stateError();
    return ring.find(page);
  }

  readOverflow(ref: OverflowRef): Uint8Array {
    return readOverflowChain(this, ref);
  }

  validate(): void {
    if (this.state !== ReaderState.active) throw this.stateError();
    this.host.checkSnapshots();
  }

  /** Gives the snapshot back. Harmless when it is over already. */
  end(): void {
    if (this.state !== ReaderState.active) return;
    this.state = ReaderState.ended;
    this.host.endReader(this);
  }

  /** After `end`: a new life on the newest snapshot, without a new object. For statement-sized reads in a row. */
  renew(): void {
    if (this.state !== ReaderState.ended) throw this.stateError();
    this.meta = this.host.snapshotMeta();
    this.snapshotLsn = this.meta.lsn;
    this.state = ReaderState.active;
    this.host.registerReader(this);
  }

  private load(pageNo: PageNo, decode: PageDecoder): PageNode {
    this.validate(); // An expired reader must not even start I/O; what counts is the check after.
    checkPageNo(this.pages.pageFile, pageNo, this.meta.pageCount);
    return this.pages.load(pageNo, this.snapshotLsn, decode);
  }

  private stateError(): DecentDbError {
    switch (this.state) {
      case ReaderState.expired:
        return new DecentDbError(
          '25P05',
          `snapshot expired: the read transaction was open longer than readerTimeoutMs (${this.host.readerTimeoutMs} ms)`,
          { hint: 'Start the read again, in shorter transactions, or raise readerTimeoutMs.' },
        );
      case ReaderState.closed:
        return new DecentDbError('08003', 'the database is closed');
      default:
        return new DecentDbError('25000', 'the read transaction has ended');
    }
  }
}

/** For checks: what is in the cache passes by as well, so that whoever keeps some of it is found. */
function copyPassing(ring: PageRing, node: PageNode, decode: PageDecoder): PageNode {
  const payload = node.storedPayload?.() ?? null;
  if (payload === null) return node;
  return ring.copy(node.pageNo, payload, (bytes) => decode(node.pageNo, node.lsn, bytes));
}

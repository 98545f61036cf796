/**
 * The one way from a write transaction to the log and to everybody's eyes.
 *
 *     full:      encode -> append -> sync -> publish -> acknowledge
 *     none:      encode -> append ---------> publish -> acknowledge
 *     deferred:                              publish -> acknowledge ... flush: encode -> append -> sync
 *
 * I1  Nothing is published that failed to be written (full, none); nothing is acknowledged before it is published.
 * I2  Deferred commits to one page before a flush cost one encoding: the newest version is what the flush writes.
 * I3  A snapshot in use is always the end of a batch in the log, or the newest state: before a deferred commit goes over
 *     a state that somebody reads, that state is flushed. So every old version a snapshot needs is in the log.
 * I4  A failure before the sync rewinds the log and leaves no trace (PERF-005); a failed sync ends all writing (D6).
 */
import { assert } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import type { DatabaseMeta } from '../pager/meta.ts';
import type { PageDecoder, PageNode } from '../pager/page-node.ts';
import { failedHandleError, type Log } from '../wal/log.ts';
import type { Checkpointer } from './checkpointer.ts';
import type { CommittedPages } from './committed-pages.ts';
import type { ResolvedOptions } from './engine-options.ts';
import { type Defer, GroupCommit, type GroupedPage } from './group-commit.ts';
import type { LockOrder } from './lock-order.ts';
import type { ReaderRegistry } from './reader-registry.ts';
import { SpilledPage, storedAsNode } from './spilled-pages.ts';
import type { WriteTxn } from './write-txn.ts';

export interface PipelineHost {
  readonly pages: CommittedPages;
  readonly readers: ReaderRegistry;
  readonly locks: LockOrder;
  readonly options: ResolvedOptions;
  readonly checkpointer: Checkpointer;
  readonly path: string;
  publishedMeta(): DatabaseMeta;
  setPublishedMeta(meta: DatabaseMeta): void;
  /** The log, created at the first write of a session. */
  ensureLog(): Log;
  currentLog(): Log | undefined;
  /** Ends all writing on this handle. */
  fail(cause: unknown): void;
  /** The open writer was built on commits that are lost. */
  doomWriter(cause: unknown): void;
  /** Versions the index must keep: nothing newer is seen by anybody. */
  newestWanted(newestReader: Lsn): Lsn;
  /** Tells other threads what is in the log. */
  announce(): void;
  /** Groups became visible: pays for checkpoints. */
  afterGroups(logBytes: number): void;
}

/** Where a page's new version went; without a node when it was spilled. */
interface Placed {
  readonly page: PageNo;
  readonly position: number;
  readonly node: PageNode | undefined;
}

export class CommitPipeline {
  private readonly host: PipelineHost;
  /** Bytes of nodes committed but not logged. */
  private unloggedBytes = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Why the last flush on the timer failed; thrown by the next flush or commit that fails again. */
  flushFailure: unknown;
  commits = 0;

  readonly group: GroupCommit;

  constructor(host: PipelineHost, defer: Defer) {
    this.host = host;
    this.group = new GroupCommit(
      {
        publishedMeta: () => host.publishedMeta(),
        ensureLog: () => host.ensureLog(),
        appendGroup: (log, nodes, meta) => this.appendGroup(log, nodes, meta),
        publishGroup: (pages, meta) => this.publishGroup(pages, meta),
        afterGroups: (logBytes) => host.afterGroups(logBytes),
        fail: (cause) => host.fail(cause),
        doomWriter: (cause) => host.doomWriter(cause),
      },
      defer,
    );
  }

  get pendingBytes(): number {
    return this.unloggedBytes;
  }

  commit(txn: WriteTxn): Lsn {
    this.group.settle(); // Syncs and publishes what this commit was built on.
    txn.validate();
    if (txn.isUnchanged) return txn.base.lsn;
    const { host } = this;
    const lsn = (txn.base.lsn + 1) as Lsn;
    const meta = txn.metaAt(lsn);
    if (!txn.spill.isOpen) this.checkLogRoom();
    const log = host.ensureLog();
    const isDeferred = host.options.durability === 'deferred';
    if (isDeferred && !txn.spill.isOpen) this.commitDeferred(log, privateNodes(txn), meta);
    else this.commitLogged(log, txn, meta);
    if (isDeferred) this.paceFlush();
    this.commits++;
    return lsn;
  }

  /** Whether a commit can wait with others: not with spilled pages, nor when there is no sync to wait for. */
  canGroup(txn: WriteTxn): boolean {
    return !txn.spill.isOpen && txn.waitsForSync && this.host.options.durability === 'full';
  }

  /** Hands a transaction to the group. */
  commitGrouped(txn: WriteTxn): Promise<Lsn> {
    if (txn.isUnchanged) return this.group.whenPublished(txn.base.lsn);
    if (!this.canGroup(txn)) return Promise.resolve(this.commit(txn));
    this.checkLogRoom();
    const meta = txn.metaAt((txn.base.lsn + 1) as Lsn);
    const nodes = privateNodes(txn);
    for (const node of nodes) node.freeze(meta.lsn);
    this.commits++;
    return this.group.add(nodes, meta);
  }

  private appendGroup(log: Log, nodes: Iterable<PageNode>, meta: DatabaseMeta): GroupedPage[] {
    const placed: GroupedPage[] = [];
    this.appendBatch(log, false, meta, false, () => {
      for (const node of nodes) {
        placed.push({ page: node.pageNo, position: log.appendPage(node, node.lsn), node });
      }
      return placed.length;
    });
    return placed;
  }

  private publishGroup(placed: readonly GroupedPage[], meta: DatabaseMeta): void {
    const { host } = this;
    const newestReader = host.readers.newestLsn();
    const newestWanted = host.newestWanted(newestReader);
    this.publishOrFail(() => {
      for (const { page, position, node } of placed) {
        host.pages.index.add(page, node.lsn, position, newestWanted);
        host.pages.publish(node, newestReader);
      }
      host.setPublishedMeta(meta);
    });
  }

  /** Writes everything committed to the log and makes it durable: the barrier of deferred durability. */
  flush(): void {
    const log = this.host.currentLog();
    if (log === undefined) return;
    this.cancelTimer();
    this.group.settle();
    if (log.isFailed) throw failedHandleError(this.host.path, log.failure); // Who waits for a commit has the error itself.
    this.writeUnlogged(log);
    this.syncLog(log);
    this.flushFailure = undefined;
  }

  /** Writes what deferred commits left in memory to the log, without a sync: other threads read it there. */
  writeDeferred(): void {
    const log = this.host.currentLog();
    if (log?.isIdle === true) this.writeUnlogged(log);
  }

  /** The same as `flush`, off the event loop. */
  async flushAsync(): Promise<void> {
    const { group } = this;
    if (!group.isEmpty) await group.whenPublished(group.tipMeta().lsn);
    const log = this.host.currentLog();
    if (log === undefined) return;
    if (log.isFailed) throw failedHandleError(this.host.path, log.failure); // While this waited.
    this.writeUnlogged(log);
    if (log.durableLsn >= log.lastLsn) return;
    try {
      await log.syncAsync();
    } catch (error) {
      this.host.fail(error);
      throw error;
    }
    this.flushFailure = undefined;
  }

  close(): void {
    this.cancelTimer();
  }

  /** Writes private nodes of a transaction ahead of its commit. A failure dooms the transaction. */
  spillNodes(txn: WriteTxn, nodes: readonly PageNode[]): number[] {
    const { host } = this;
    const log = host.ensureLog();
    // What was committed before comes before it in the log.
    if (!txn.spill.isOpen) {
      this.group.write();
      this.writeUnlogged(log);
    }
    return host.locks.with('log', () => {
      if (!txn.spill.isOpen) log.begin();
      txn.spill.isOpen = true;
      const positions = nodes.map((node) => {
        const position = log.appendPage(node, (txn.base.lsn + 1) as Lsn);
        txn.spill.note(node.pageNo, position);
        return position;
      });
      log.write();
      return positions;
    });
  }

  dropSpill(txn: WriteTxn): void {
    if (txn.spill.isOpen) this.host.locks.with('log', () => this.host.currentLog()!.rewind());
    txn.spill.clear();
  }

  readSpilled(page: PageNo, position: number, lsn: Lsn, decode: PageDecoder): PageNode {
    const image = this.host.currentLog()!.readFrame(position, page, lsn);
    return decode(page, lsn, image.payload);
  }

  private commitLogged(log: Log, txn: WriteTxn, meta: DatabaseMeta): void {
    const { host } = this;
    const isSynced = host.options.durability === 'full' && txn.waitsForSync;
    const placed: Placed[] = [];
    try {
      this.appendBatch(log, txn.spill.isOpen, meta, isSynced, () => {
        this.appendChanges(log, txn, meta.lsn, placed);
        return txn.spill.frames;
      });
    } finally {
      txn.spill.clear();
    }
    const newestReader = host.readers.newestLsn();
    const newestWanted = host.newestWanted(newestReader);
    this.publishOrFail(() => {
      for (const { page, position, node } of placed) {
        node?.freeze(meta.lsn);
        host.pages.index.add(page, meta.lsn, position, newestWanted);
        if (node !== undefined) host.pages.publish(node, newestReader);
        else host.pages.supersede(page, newestReader);
      }
      host.setPublishedMeta(meta);
    });
  }

  /** Appends what is not in the batch yet, so that the last frame of each page is its final version (SpillLedger). */
  private appendChanges(log: Log, txn: WriteTxn, lsn: Lsn, placed: Placed[]): void {
    const { pages } = this.host;
    const changes = txn.changes();
    const append = (page: PageNo, node: PageNode): number => {
      const position = log.appendPage(node, lsn);
      txn.spill.note(page, position);
      return position;
    };
    for (const [number, entry] of changes) {
      const page = number as PageNo;
      if (!(entry instanceof SpilledPage)) placed.push({ page, position: append(page, entry), node: entry });
      else if (txn.spill.isLatest(page, entry.position)) {
        placed.push({ page, position: entry.position, node: undefined });
      } else {
        const again = storedAsNode(page, log.readFrame(entry.position, page, lsn));
        placed.push({ page, position: append(page, again), node: undefined });
      }
    }
    for (const number of [...txn.spill.pages()]) {
      const page = number as PageNo;
      if (changes.has(page) || page >= txn.base.pageCount) continue;
      if (pages.isNeverWritten(page, txn.base.lsn)) continue; // It was free, and is again: its content means nothing.
      const position = append(page, storedAsNode(page, pages.readStored(page, txn.base.lsn)));
      placed.push({ page, position, node: undefined });
    }
  }

  private commitDeferred(log: Log, nodes: readonly PageNode[], meta: DatabaseMeta): void {
    const { host } = this;
    const newestReader = host.readers.newestLsn();
    if (newestReader > log.lastLsn) this.writeUnlogged(log);
    this.publishOrFail(() => {
      for (const node of nodes) {
        node.freeze(meta.lsn);
        const before = host.pages.unlogged.get(node.pageNo);
        if (before !== undefined) this.unloggedBytes -= before.memoryBytes();
        this.unloggedBytes += node.memoryBytes();
        host.pages.unlogged.set(node.pageNo, node);
        host.pages.publish(node, newestReader);
      }
      host.setPublishedMeta(meta);
    });
  }

  private paceFlush(): void {
    if (this.unloggedBytes > this.host.options.unloggedBytesMax) this.flushQuietly();
    else this.startTimer();
  }

  /** Appends what deferred commits left, as one batch that ends at the published state. Does not sync. */
  private writeUnlogged(log: Log): void {
    const { host } = this;
    const { unlogged, index } = host.pages;
    const meta = host.publishedMeta();
    if (meta.lsn <= log.lastLsn) return;
    const placed: Placed[] = [];
    this.appendBatch(log, false, meta, false, () => {
      for (const node of unlogged.values()) {
        placed.push({ page: node.pageNo, position: log.appendPage(node, node.lsn), node });
      }
      return placed.length;
    });
    const newestWanted = host.newestWanted(host.readers.newestLsn());
    this.publishOrFail(() => {
      for (const { page, position, node } of placed) index.add(page, node!.lsn, position, newestWanted);
      unlogged.clear();
      this.unloggedBytes = 0;
      host.announce();
    });
  }

  /** Appends one batch: `appendPages` adds its page frames and says how many. On failure the log is as it was. */
  private appendBatch(
    log: Log,
    isOpen: boolean,
    meta: DatabaseMeta,
    isSynced: boolean,
    appendPages: () => number,
  ): void {
    const { locks } = this.host;
    locks.acquire('log');
    try {
      if (!isOpen) log.begin();
      try {
        log.appendCommit(meta, appendPages());
        if (isSynced) log.sync(meta.lsn);
        log.end(meta.lsn);
      } catch (error) {
        log.rewind();
        throw error;
      }
    } catch (error) {
      if (log.isFailed) this.host.fail(error);
      throw error;
    } finally {
      locks.release('log');
    }
  }

  private syncLog(log: Log): void {
    if (log.durableLsn >= log.lastLsn) return;
    this.host.locks.with('log', () => {
      try {
        log.sync(log.lastLsn);
      } catch (error) {
        this.host.fail(error);
        throw error;
      }
    });
  }

  /** Between the log and the readers nothing may fail; if it does, the handle is not trusted any further. */
  private publishOrFail(publish: () => void): void {
    try {
      publish();
    } catch (error) {
      this.host.fail(error);
      throw error;
    }
  }

  /** Refuses to grow a log that an old reader holds without end, and names the reader (L7). */
  private checkLogRoom(): void {
    const { host } = this;
    const log = host.currentLog();
    if (log === undefined) return;
    const { walBytesHardMax, indexBytesMax } = host.options;
    const isLogFull = log.activeBytes > walBytesHardMax;
    if (!isLogFull && host.pages.index.memoryBytes <= 2 * indexBytesMax) return;
    host.checkpointer.runToEnd();
    const isStillFull = log.activeBytes > walBytesHardMax || host.pages.index.memoryBytes > 2 * indexBytesMax;
    const oldest = host.readers.oldest();
    if (!isStillFull || oldest === undefined) return;
    const ageMs = Math.round(host.options.now() - oldest.startedMs);
    throw new DecentDbError('53100', `the log of database "${host.path}" is full`, {
      file: host.path,
      detail: `Reader ${oldest.id} has kept snapshot ${oldest.meta.lsn} open for ${ageMs} ms, so the log cannot be emptied.`,
      hint: 'End that read transaction, or set readerTimeoutMs so that old readers are revoked.',
    });
  }

  /** A flush that nobody waits for: its failure is kept for whoever asks next, unless it ended all writing. */
  private flushQuietly(): void {
    try {
      this.flush();
    } catch (error) {
      this.flushFailure = error;
    }
  }

  private startTimer(): void {
    const { flushIntervalMs } = this.host.options;
    if (this.timer !== undefined || flushIntervalMs === 0) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      assert(!this.host.locks.isHeld('log'), 'a timer fired inside an append');
      this.flushQuietly();
    }, flushIntervalMs);
    this.timer.unref?.();
  }

  private cancelTimer(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = undefined;
  }
}

/** The private nodes of a transaction that never spilled. */
function privateNodes(txn: WriteTxn): PageNode[] {
  const nodes: PageNode[] = [];
  for (const entry of txn.changes().values()) {
    assert(!(entry instanceof SpilledPage), 'a spilled page in a transaction that did not spill');
    nodes.push(entry);
  }
  return nodes;
}

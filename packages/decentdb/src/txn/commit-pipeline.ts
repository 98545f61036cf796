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
import type { Lsn } from '../base/ids.ts';
import type { DatabaseMeta } from '../pager/meta.ts';
import type { PageNode } from '../pager/page-node.ts';
import type { Log } from '../wal/log.ts';
import type { Checkpointer } from './checkpointer.ts';
import type { CommittedPages } from './committed-pages.ts';
import type { ResolvedOptions } from './engine-options.ts';
import type { LockOrder } from './lock-order.ts';
import type { ReaderRegistry } from './reader-registry.ts';
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
}

interface Batch {
  readonly nodes: readonly PageNode[];
  readonly meta: DatabaseMeta;
  /** LSN of each node's frame: the batch's, or the node's own when it was committed before. */
  readonly lsnOf: (node: PageNode) => Lsn;
}

export class CommitPipeline {
  private readonly host: PipelineHost;
  /** Bytes of nodes committed but not logged. */
  private unloggedBytes = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Why the last flush on the timer failed; thrown by the next flush or commit that fails again. */
  flushFailure: unknown;
  commits = 0;

  constructor(host: PipelineHost) {
    this.host = host;
  }

  get pendingBytes(): number {
    return this.unloggedBytes;
  }

  commit(txn: WriteTxn): Lsn {
    if (txn.isUnchanged) return txn.base.lsn;
    const { host } = this;
    const lsn = (txn.base.lsn + 1) as Lsn;
    const meta = txn.metaAt(lsn);
    const nodes = [...txn.changes()];
    this.checkLogRoom();
    const log = host.ensureLog();
    if (host.options.durability === 'deferred') this.commitDeferred(log, nodes, meta);
    else this.commitLogged(log, nodes, meta);
    this.commits++;
    return lsn;
  }

  /** Writes everything committed to the log and makes it durable: the barrier of deferred durability. */
  flush(): void {
    const log = this.host.currentLog();
    if (log === undefined) return;
    this.cancelTimer();
    this.writeUnlogged(log);
    this.syncLog(log);
    this.flushFailure = undefined;
  }

  close(): void {
    this.cancelTimer();
  }

  private commitLogged(log: Log, nodes: readonly PageNode[], meta: DatabaseMeta): void {
    const { host } = this;
    const positions = this.append(
      log,
      { nodes, meta, lsnOf: () => meta.lsn },
      host.options.durability === 'full',
    );
    const newestReader = host.readers.newestLsn();
    const newestWanted = Math.max(newestReader, host.checkpointer.pinnedLsn) as Lsn;
    this.publishOrFail(() => {
      nodes.forEach((node, i) => {
        node.freeze(meta.lsn);
        host.pages.index.add(node.pageNo, meta.lsn, positions[i]!, newestWanted);
        host.pages.publish(node, newestReader);
      });
      host.setPublishedMeta(meta);
    });
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
    if (this.unloggedBytes > host.options.unloggedBytesMax) this.flushQuietly();
    else this.startTimer();
  }

  /** Appends what deferred commits left, as one batch that ends at the published state. Does not sync. */
  private writeUnlogged(log: Log): void {
    const { host } = this;
    const { unlogged, index } = host.pages;
    const meta = host.publishedMeta();
    if (meta.lsn <= log.lastLsn) return;
    const nodes = [...unlogged.values()];
    const positions = this.append(log, { nodes, meta, lsnOf: (node) => node.lsn }, false);
    const newestWanted = Math.max(host.readers.newestLsn(), host.checkpointer.pinnedLsn) as Lsn;
    this.publishOrFail(() => {
      nodes.forEach((node, i) => {
        index.add(node.pageNo, node.lsn, positions[i]!, newestWanted);
      });
      unlogged.clear();
      this.unloggedBytes = 0;
    });
  }

  /** Appends one batch; on failure the log is as it was. Returns the position of each node's frame. */
  private append(log: Log, batch: Batch, isSynced: boolean): number[] {
    const { locks } = this.host;
    locks.acquire('log');
    try {
      log.begin();
      try {
        const positions = batch.nodes.map((node) => log.appendPage(node, batch.lsnOf(node)));
        log.appendCommit(batch.meta, positions.length);
        if (isSynced) log.sync(batch.meta.lsn);
        log.end(batch.meta.lsn);
        return positions;
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

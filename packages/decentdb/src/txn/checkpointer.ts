/**
 * Decides when a checkpoint runs, how far it goes, and carries it through in slices.
 *
 * I1  `safeLsn` is the only place that says how far a checkpoint may go, and copy, trim and release use its one answer.
 * I2  AC-002.1, asserted before anything is forgotten: the page file is synced, the header names the target, no live
 *     snapshot is below it.
 * I3  One checkpoint at a time.
 * I4  A checkpoint ends where writing does: it may have to sync the log, and a log whose sync has failed is not synced again.
 */
import { assert } from '../base/assert.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { type DatabaseMeta, HeaderState } from '../pager/meta.ts';
import { Checkpoint, type CheckpointStep } from '../wal/checkpoint.ts';
import type { LockOrder } from './lock-order.ts';
import { OffLoopCheckpoints, type OffLoopHost } from './off-loop-checkpoints.ts';
import type { ReaderRegistry } from './reader-registry.ts';

/** Pages copied between two looks at the clock or the next commit. */
export const SLICE_PAGES = 64;

export interface CheckpointHost extends OffLoopHost {
  readonly readers: ReaderRegistry;
  readonly locks: LockOrder;
  publishedMeta(): DatabaseMeta;
  /** Writes and syncs everything committed, so that the log covers the published state. */
  flush(): void;
  /** The target, lowered to what other threads read; undefined: none can be named now. */
  checkpointTarget(target: DatabaseMeta): DatabaseMeta | undefined;
  /** Throws when nothing may be written any more. */
  checkWritable(): void;
  /** The page file has everything up to here, durably. */
  noteCopied(lsn: Lsn): void;
  /** A step of a checkpoint failed: decides whether the handle survives. */
  noteCheckpointFailure(error: unknown, step: CheckpointStep): void;
}

export interface CheckpointStats {
  readonly completed: number;
  readonly pagesCopied: number;
  readonly isRunning: boolean;
  readonly checkpointedLsn: Lsn;
  /** Pages of the running checkpoint, and how many it has copied. */
  readonly runningPages: number;
  readonly runningCopied: number;
}

export class Checkpointer {
  private readonly host: CheckpointHost;
  private running: Checkpoint | undefined;
  private target: DatabaseMeta | undefined;
  private isAdvancing = false;
  /** Carries checkpoints through without a sync on this thread. */
  readonly offLoop: OffLoopCheckpoints;
  /** Why the last checkpoint that a commit drove did not get on, if it did not. */
  lastFailure: unknown;
  private completed = 0;
  private pagesCopied = 0;
  /** Called before each step of a checkpoint; tests commit and crash here. */
  onStep: ((step: CheckpointStep) => void) | undefined;

  constructor(host: CheckpointHost) {
    this.host = host;
    this.offLoop = new OffLoopCheckpoints(host, this);
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** What the running checkpoint still looks up in the index: counts like a snapshot. -1 when none runs. */
  get pinnedLsn(): Lsn {
    return this.running?.targetLsn ?? (-1 as Lsn);
  }

  /** How far a checkpoint may go now: everything published and durable that no live snapshot predates (I1). */
  safeState(): DatabaseMeta {
    const published = this.host.publishedMeta();
    const oldest = this.host.readers.oldest()?.meta;
    return oldest !== undefined && oldest.lsn < published.lsn ? oldest : published;
  }

  /** Starts a checkpoint if there is anything it could copy. Without anything to do it writes nothing (AC-002.8). */
  start(): boolean {
    const log = this.host.currentLog();
    if (this.running !== undefined || log === undefined) return this.running !== undefined;
    if (!this.hasWork) return false;
    this.host.flush();
    return this.begin();
  }

  /** There is something that a checkpoint could copy. */
  get hasWork(): boolean {
    return this.safeState().lsn > this.host.pages.pageFile.header.meta.lsn;
  }

  get current(): Checkpoint | undefined {
    return this.running;
  }

  /** Starts a checkpoint of what is durable. */
  begin(): boolean {
    const { pages } = this.host;
    this.checkWritable();
    const log = this.host.currentLog()!;
    const target = this.host.checkpointTarget(this.safeState());
    if (target === undefined || target.lsn <= pages.pageFile.header.meta.lsn) return false;
    assert(target.lsn <= log.durableLsn, 'checkpoint target is not durable in the log');
    try {
      if (log.canSwitch) this.host.locks.with('log', () => log.switchFiles());
    } catch (error) {
      this.host.noteCheckpointFailure(error, 'copy'); // The sync before a switch is as final as any (D6).
      throw error;
    }
    this.target = target;
    const { index, pageFile } = pages;
    this.running = new Checkpoint(
      {
        index,
        pageFile,
        imageOf: (position, page, lsn) =>
          pages.imageInMemory(page, lsn) ?? pages.readFrame(position, page, lsn),
      },
      target.lsn,
    );
    return true;
  }

  /** One slice. Returns true while there is more to do. A call from inside a slice does nothing. */
  advance(pagesMax: number): boolean {
    const running = this.running;
    if (running === undefined || this.isAdvancing) return running !== undefined;
    this.checkWritable();
    const step = running.step;
    this.isAdvancing = true;
    try {
      this.onStep?.(step);
    } catch (error) {
      this.isAdvancing = false;
      throw error;
    }
    try {
      this.perform(running, () => running.advance(pagesMax, () => this.headerTarget()));
    } finally {
      this.isAdvancing = false;
    }
    return this.running !== undefined;
  }

  /** Does a step of the running checkpoint, and what is due when it was the last. */
  perform(running: Checkpoint, action: () => void): void {
    const { step } = running;
    this.host.locks.acquire('checkpoint');
    try {
      action();
      if (running.step === 'done') this.finish(running);
    } catch (error) {
      this.giveUp(running, step, error);
      throw error;
    } finally {
      this.host.locks.release('checkpoint');
    }
  }

  /** A step failed: the next checkpoint starts over, if the handle survives. */
  giveUp(running: Checkpoint | undefined, step: CheckpointStep, error: unknown): void {
    if (this.running === running) this.abandon();
    this.host.noteCheckpointFailure(error, step);
  }

  /** I4. */
  checkWritable(): void {
    try {
      this.host.checkWritable();
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Nothing more is done for the running checkpoint. */
  abandon(): void {
    this.running = undefined;
    this.target = undefined;
  }

  /** The generation that the header of the running checkpoint will name. */
  get namedGeneration(): number {
    return this.host.currentLog()!.oldestGenerationAfter(this.target!.lsn);
  }

  /** A whole checkpoint, or the rest of the running one and then a whole one. */
  runToEnd(): boolean {
    if (this.isAdvancing) return false;
    while (this.advance(Number.POSITIVE_INFINITY));
    if (!this.start()) return false;
    while (this.advance(Number.POSITIVE_INFINITY));
    return true;
  }

  stats(): CheckpointStats {
    return {
      completed: this.completed,
      pagesCopied: this.pagesCopied,
      isRunning: this.isRunning,
      checkpointedLsn: this.host.pages.pageFile.header.meta.lsn,
      runningPages: this.running?.pageCount ?? 0,
      runningCopied: this.running?.pagesCopied ?? 0,
    };
  }

  private headerTarget(): { meta: DatabaseMeta; state: HeaderState; logGeneration: number } {
    const log = this.host.currentLog()!;
    const meta = this.target!;
    const logGeneration = this.namedGeneration;
    // The header must not name a generation whose own header is not durable yet.
    if (!log.isGenerationDurable(logGeneration)) this.host.locks.with('log', () => log.sync(log.lastLsn));
    return { meta, state: HeaderState.needsLog, logGeneration };
  }

  private finish(done: Checkpoint): void {
    const { pages, readers } = this.host;
    const lsn = done.targetLsn;
    const oldest = readers.oldest()?.meta.lsn ?? lsn;
    assert(pages.pageFile.header.meta.lsn === lsn, 'log released before the header was durable (AC-002.1)');
    assert(oldest >= lsn, 'log released under a live snapshot (AC-002.1)');
    this.host.noteCopied(lsn); // Before the log is released: who finds a frame gone must know where to look.
    for (const page of done.pageList) {
      const version = pages.index.lsnAt(pages.index.find(page as PageNo, lsn));
      pages.old.forgetBelow(page, version);
    }
    pages.index.dropThrough(lsn);
    // Else the next checkpoint does, whose header replaces the old copy (PageFile I4).
    if (!pages.pageFile.hasOldCopy) {
      this.host.currentLog()!.release(lsn);
      // Nobody reads an older state; what a later commit puts behind the end is in the log.
      pages.pageFile.shorten();
    }
    this.completed++;
    this.pagesCopied += done.pageCount;
    this.abandon();
  }
}

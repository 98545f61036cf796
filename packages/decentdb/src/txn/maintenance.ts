/**
 * What an open database does from time to time without being asked: old readers, checkpoints by age.
 *
 * I1  A tick never throws and never blocks longer than one slice of a checkpoint; the next slice waits its turn. Its syncs run
 *     off the event loop.
 * I2  The timer runs only while there is something to look after (commits since the last checkpoint, or readers), and never
 *     keeps the process alive. Nothing relies on it: without a tick, the next commit or close does the same.
 * I3  A reader over `readerWarnMs` is told of once.
 */
import type { Checkpointer } from './checkpointer.ts';
import type { ResolvedOptions } from './engine-options.ts';
import type { ReaderInfo, ReaderRegistry } from './reader-registry.ts';

/** Pages a tick copies before it gives way. */
const TICK_PAGES = 256;
const TICK_MS_MAX = 10_000;

export interface MaintenanceHost {
  readonly options: ResolvedOptions;
  readonly readers: ReaderRegistry;
  readonly checkpointer: Checkpointer;
  readonly isOpen: boolean;
  readonly failureCause: unknown;
  /** Whether a write transaction or a log batch is in the way of a checkpoint step. */
  readonly isBusy: boolean;
  expireReaders(): number;
}

export type ReaderWarning = (reader: ReaderInfo) => void;

export class Maintenance {
  /** Told of readers over `readerWarnMs`. */
  readonly listeners: Set<ReaderWarning> = new Set();
  /** Readers warned of since the database was opened. */
  warnings = 0;
  private readonly host: MaintenanceHost;
  private readonly warned: Set<number> = new Set();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private commitsSince = 0;
  private checkpointedMs: number;

  constructor(host: MaintenanceHost) {
    this.host = host;
    this.checkpointedMs = host.options.now();
  }

  /** A commit happened: from now on there is something to look after. */
  noteCommit(): void {
    if (this.commitsSince++ === 0) this.checkpointedMs = this.host.options.now();
    if (this.timer === undefined) this.arm(this.intervalMs);
  }

  /** One round. Returns true when a checkpoint has more to do. */
  tick(): boolean {
    const { host } = this;
    if (!host.isOpen || host.failureCause !== undefined) return false;
    host.expireReaders();
    this.warnOfReaders();
    try {
      return this.driveCheckpoint();
    } catch (error) {
      host.checkpointer.lastFailure = error; // I1: kept for statistics; a failed sync has ended writing by itself.
      return false;
    }
  }

  close(): void {
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = undefined;
    this.listeners.clear();
  }

  private get intervalMs(): number {
    const { checkpointIntervalMs, readerWarnMs } = this.host.options;
    const wanted = checkpointIntervalMs === 0 ? readerWarnMs : Math.min(checkpointIntervalMs, readerWarnMs);
    return Math.max(10, Math.min(TICK_MS_MAX, wanted / 2));
  }

  private driveCheckpoint(): boolean {
    const { checkpointer, options, isBusy } = this.host;
    const { checkpointIntervalMs } = options;
    if (checkpointIntervalMs === 0 || isBusy) return false;
    if (!checkpointer.isRunning) {
      const isDue = this.commitsSince > 0 && options.now() - this.checkpointedMs >= checkpointIntervalMs;
      if (!isDue || !checkpointer.offLoop.start()) return false;
      this.commitsSince = 0;
      this.checkpointedMs = options.now();
    }
    return checkpointer.offLoop.advance(TICK_PAGES) && !checkpointer.offLoop.isWaiting;
  }

  private warnOfReaders(): void {
    const { readers, options } = this.host;
    if (readers.count === 0) {
      this.warned.clear();
      return;
    }
    for (const reader of readers.list(options.now(), options.readerWarnMs)) {
      if (!reader.isOverWarning || this.warned.has(reader.id)) continue;
      this.warned.add(reader.id);
      this.warnings++;
      for (const listener of this.listeners) listener(reader);
    }
  }

  private arm(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      const hasMore = this.tick();
      if (!this.host.isOpen) return;
      if (hasMore) this.arm(0);
      else if (this.commitsSince > 0 || this.host.readers.count > 0) this.arm(this.intervalMs);
    }, delayMs);
    this.timer.unref?.();
  }
}

/**
 * Reads a log generation on from where the last look stopped: how another thread keeps up with the writer.
 *
 * I1  Reads up to a commit that is known to be complete, and not one frame further: what lies behind may be half written.
 * I2  `offset`, `chain` and `lastLsn` always stand behind a whole batch.
 */
import type { Lsn } from '../base/ids.ts';
import type { DatabaseMeta } from '../pager/meta.ts';
import type { LogFile } from './log-file.ts';
import { FrameType, LOG_FIRST_FRAME } from './log-layout.ts';
import { FileWindow, readCommit, readFrame, type ScannedFrame } from './log-scan.ts';

/** Steps are small: a follower looks often. */
const WINDOW_BYTES: number = 64 * 1024;

export type BatchReader = (frames: readonly ScannedFrame[], meta: DatabaseMeta) => void;

export class LogTail {
  readonly log: LogFile;
  lastLsn: Lsn;
  private readonly window: FileWindow;
  private offset: number = LOG_FIRST_FRAME;
  private chain: number;

  constructor(log: LogFile) {
    this.log = log;
    this.lastLsn = log.header.startLsn;
    this.chain = log.header.chainSeed;
    this.window = new FileWindow(log.file, WINDOW_BYTES);
  }

  get generation(): number {
    return this.log.header.generation;
  }

  /** Reads batches through commit `until`, or to the end of the generation. */
  readThrough(until: Lsn, onBatch: BatchReader): void {
    this.window.forget();
    let frames: ScannedFrame[] = [];
    let at = this.offset;
    let { chain } = this;
    while (this.lastLsn < until) {
      const frame = readFrame(this.window, at, chain, this.log.header);
      if (frame === undefined || frame.lsn <= this.lastLsn || frame.lsn > until) return;
      if (frame.type !== FrameType.commit) frames.push({ page: frame.page, lsn: frame.lsn, offset: at });
      else {
        const meta = readCommit(frame, frames, this.log.header.pageBytes);
        if (meta === undefined) return;
        onBatch(
          frames.filter(({ page }) => page < meta.pageCount),
          meta,
        );
        frames = [];
        this.offset = frame.end;
        this.log.end = frame.end;
        this.chain = frame.chain;
        this.lastLsn = frame.lsn;
      }
      at = frame.end;
      chain = frame.chain;
    }
  }
}

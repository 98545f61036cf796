/**
 * When commits make a checkpoint run: log bytes, index memory, and the pace of its slices.
 *
 * I1  A commit that triggers or drives a checkpoint is acknowledged whatever becomes of the checkpoint: a failure is
 *     kept for statistics, retried with a later commit, and final only if a sync failed (D7).
 * I2  The slices keep ahead of the writer: each commit pays for twice the bytes it appended, so a checkpoint ends
 *     before the other log file is full.
 */

import type { Log } from '../wal/log.ts';
import type { Checkpointer } from './checkpointer.ts';
import type { CommittedPages } from './committed-pages.ts';
import type { ResolvedOptions } from './engine-options.ts';

const SLICE_PAGES_MIN = 16;

export interface TriggerHost {
  readonly options: ResolvedOptions;
  readonly pages: CommittedPages;
  readonly checkpointer: Checkpointer;
  currentLog(): Log | undefined;
  expireReaders(): number;
}

/**
 * Called after a commit; `logBytesBefore` is what the active log file held before it. `isOffLoop`: whoever committed goes on
 * without waiting, so the checkpoint does not sync on this thread.
 */
export function autoCheckpoint(host: TriggerHost, logBytesBefore: number, isOffLoop: boolean): void {
  const log = host.currentLog();
  if (log === undefined) return;
  const { options, pages, checkpointer } = host;
  const isDue = log.activeBytes >= options.walBytesMax || pages.index.memoryBytes > options.indexBytesMax;
  if (!isDue && !checkpointer.isRunning) return;
  host.expireReaders();
  try {
    const driver = isOffLoop ? checkpointer.offLoop : checkpointer;
    if (!checkpointer.isRunning && !driver.start()) return;
    const appended = Math.max(0, log.activeBytes - logBytesBefore);
    driver.advance(Math.max(SLICE_PAGES_MIN, Math.ceil((2 * appended) / pages.pageFile.pageBytes)));
  } catch (error) {
    checkpointer.lastFailure = error;
  }
}

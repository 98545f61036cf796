/**
 * Checkpoints whose syncs do not hold up the event loop.
 *
 *     commits, ticks ---> copy slices ---> sync off the loop ---> header ---> sync off the loop ---> ... ---> done
 *                         (as before)      |<----------- goes on by itself as each sync ends ---------->|
 *
 * I1  Nothing here syncs on this thread, unless the system gives no second descriptor.
 * I2  While a sync runs, whoever cannot wait for it takes over: `Checkpointer.advance` syncs and goes on. What the other sync
 *     says then counts only if it failed, for then everything it covered is in doubt.
 * I3  A failure is kept for statistics and for whoever waits in `runToEnd`, and is final if a sync failed (D6, D7).
 */

import type { VfsFile } from '../vfs/vfs.ts';
import type { Checkpoint, CheckpointStep } from '../wal/checkpoint.ts';
import type { Log } from '../wal/log.ts';
import type { Checkpointer } from './checkpointer.ts';
import type { CommittedPages } from './committed-pages.ts';

export interface OffLoopHost {
  readonly pages: CommittedPages;
  readonly isOpen: boolean;
  currentLog(): Log | undefined;
  /** Makes everything committed so far durable, off the event loop. */
  flushAsync(): Promise<void>;
  /** The page file under another descriptor. */
  openPageFile(): VfsFile;
}

/** Times that a start waits for the log; then it syncs by itself, for commits come faster than they can be synced. */
const START_TRIES_MAX = 8;

export class OffLoopCheckpoints {
  private readonly host: OffLoopHost;
  private readonly checkpointer: Checkpointer;
  /** Settles, never failing, when the sync that runs has ended and what follows it is done. */
  private waiting: Promise<void> | undefined;
  private failure: unknown;

  constructor(host: OffLoopHost, checkpointer: Checkpointer) {
    this.host = host;
    this.checkpointer = checkpointer;
  }

  /** A sync runs. */
  get isWaiting(): boolean {
    return this.waiting !== undefined;
  }

  /** Starts a checkpoint if there is anything it could copy, now or when the log is synced. False: there is nothing to do. */
  start(): boolean {
    const { checkpointer, host } = this;
    if (checkpointer.isRunning || this.isWaiting) return true;
    const log = host.currentLog();
    if (log === undefined || !checkpointer.hasWork) return false;
    if (this.isDurable(log)) return checkpointer.begin();
    this.wait(host.flushAsync(), 'copy', () => {
      // Commits that came meanwhile leave it to the next call.
      if (!checkpointer.isRunning && checkpointer.hasWork && this.isDurable(log)) checkpointer.begin();
    });
    return true;
  }

  /** One slice, or what comes after the last. Returns true while there is more to do. */
  advance(pagesMax: number): boolean {
    const { checkpointer } = this;
    while (!this.isWaiting) {
      const running = checkpointer.current;
      if (running === undefined) return false;
      checkpointer.checkWritable();
      const { step } = running;
      if (this.waitForSync(running)) break;
      checkpointer.advance(pagesMax);
      if (step === 'copy') break; // The other steps are short.
      if (checkpointer.current?.step === step) break; // Called from inside one.
    }
    return checkpointer.isRunning || this.isWaiting;
  }

  /** The rest of the running checkpoint, and then a whole one. False: there was nothing more to do. */
  async runToEnd(pagesMax: number, giveWay: () => Promise<void>): Promise<boolean> {
    const { checkpointer } = this;
    await this.follow(pagesMax, giveWay);
    for (let tries = 0; !checkpointer.isRunning; tries++) {
      if (!checkpointer.hasWork) return false;
      if (tries < START_TRIES_MAX) this.start();
      else if (!checkpointer.start()) return false;
      await this.waiting;
      this.throwFailure();
    }
    await this.follow(pagesMax, giveWay);
    return true;
  }

  /** Goes through with the checkpoint that runs now. */
  private async follow(pagesMax: number, giveWay: () => Promise<void>): Promise<void> {
    const running = this.checkpointer.current;
    while (running !== undefined && this.checkpointer.current === running) {
      this.advance(pagesMax);
      await (this.waiting ?? giveWay());
    }
    if (running !== undefined && running.step !== 'done') this.throwFailure();
  }

  /** The state to copy is in the log and on disk, and so is all that a switch of log files would sync. */
  private isDurable(log: Log): boolean {
    return log.isSettled && this.checkpointer.safeState().lsn <= log.durableLsn;
  }

  /** Begins the sync that the next step needs, if it needs one and there is a way to do it here. */
  private waitForSync(running: Checkpoint): boolean {
    const { checkpointer, host } = this;
    const { pageFile } = host.pages;
    const { step } = running;
    const isCurrent = (): boolean => checkpointer.current === running && running.step === step;
    if (running.isSyncNext && pageFile.canSyncAsync(() => host.openPageFile())) {
      checkpointer.onStep?.(step);
      if (!isCurrent() || this.isWaiting) return true;
      this.wait(pageFile.syncAsync(), step, () => {
        if (!isCurrent()) return; // I2
        checkpointer.perform(running, () => running.noteSynced());
        this.advance(0);
      });
      return true;
    }
    const log = host.currentLog()!;
    if (step !== 'header' || log.isGenerationDurable(checkpointer.namedGeneration)) return false;
    this.wait(log.syncAsync(), step, () => {
      if (isCurrent()) this.advance(0);
    });
    return true;
  }

  /** Waits for a sync, then goes on. Nobody would hear what either throws. */
  private wait(sync: Promise<void>, step: CheckpointStep, goOn: () => void): void {
    const running = this.checkpointer.current;
    this.failure = undefined;
    this.waiting = sync.then(
      () => {
        this.waiting = undefined;
        if (!this.host.isOpen) return;
        try {
          goOn();
        } catch (error) {
          this.noteFailure(error);
        }
      },
      (error: unknown) => {
        this.waiting = undefined;
        this.checkpointer.giveUp(running, step, error);
        this.noteFailure(error);
      },
    );
  }

  private noteFailure(error: unknown): void {
    this.checkpointer.lastFailure = error;
    this.failure = error;
  }

  private throwFailure(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }
}

/**
 * Who writes next: asynchronous writers in order of arrival, one at a time.
 *
 * I1  A job starts only when no write transaction is open, in the order the jobs came; a job that returns a promise holds
 *     its turn until the promise settles.
 * I2  A job that was cancelled, or waited too long, never starts. One that has started is not taken back here.
 * I3  Jobs of one connection that say so join one transaction (`batch`): it is ended before a job that does not join, or
 *     joins another connection's, and before the event loop turns.
 * I4  The queue is bounded: one more writer than allowed is refused at once (53300).
 */
import { DecentDbError } from '../base/errors.ts';

export interface WriteQueueHost {
  hasWriter(): boolean;
  /** Commits that wait to be written take too much memory; `whenRoom` resolves when they are. */
  isFull(): boolean;
  whenRoom(): Promise<unknown>;
}

export interface QueueOptions {
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the turn; 0 waits for ever. */
  readonly timeoutMs?: number | undefined;
  /** The connection whose batch the job may run in. It waits for others of its kind that are about to come. */
  readonly joins?: object | undefined;
}

interface Entry {
  /** Undefined once it has started or was given up. */
  start: (() => void) | undefined;
  giveUp: (error: unknown) => void;
  readonly joins: object | null;
}

export interface WriteQueueStats {
  readonly waiting: number;
  readonly waitingMax: number;
  readonly isBusy: boolean;
  readonly timeouts: number;
  readonly refused: number;
  /** Jobs that ran in a shared transaction. */
  readonly joined: number;
}

/** Longest the queue goes on without letting the event loop turn. */
const SLICE_MS = 10;

export class WriteQueue {
  /** Ends the transaction that joining jobs have begun; set by the first of them. Must not throw. */
  batch: (() => void) | null = null;
  /** Whose batch the job started last joined. */
  private joinedLast: object | null = null;
  private readonly host: WriteQueueHost;
  private readonly waitingMax: number;
  private readonly defer: (action: () => void) => void;
  private readonly now: () => number;
  private entries: Entry[] = [];
  private head = 0;
  private waiting = 0;
  private isBusy = false;
  private isDraining = false;
  private isScheduled = false;
  private timeouts = 0;
  private refused = 0;
  private joined = 0;

  constructor(
    host: WriteQueueHost,
    options: { waitingMax: number; defer: (action: () => void) => void; now: () => number },
  ) {
    this.host = host;
    this.waitingMax = options.waitingMax;
    this.defer = options.defer;
    this.now = options.now;
  }

  /** Runs `job` when it is its turn. */
  run<T>(job: () => T | Promise<T>, options: QueueOptions = {}): Promise<T> {
    const { signal } = options;
    if (signal?.aborted === true) return Promise.reject(abortError(signal));
    if (this.waiting >= this.waitingMax) {
      this.refused++;
      return Promise.reject(fullError(this.waiting));
    }
    return new Promise<T>((resolve, reject) => {
      const entry: Entry = { start: undefined, giveUp: noop, joins: options.joins ?? null };
      const forget = this.watch(entry, reject, options);
      entry.start = () => {
        forget();
        this.start(job, resolve, reject);
      };
      this.entries.push(entry);
      this.waiting++;
      if (entry.joins !== null) this.schedule();
      else this.drain();
    });
  }

  /** Starts what can start now: somebody is about to write, or to close, who came later. */
  startWaiting(): void {
    if (this.waiting > 0) this.drain();
  }

  /** Called when a write transaction has ended. */
  wake(): void {
    if (this.waiting > 0 && !this.isDraining && !this.isBusy) this.schedule();
  }

  /** The database closes: nobody who waits will have a turn. */
  close(): void {
    for (const entry of this.entries.slice(this.head)) {
      entry.giveUp(new DecentDbError('08003', 'the database was closed while the write waited for its turn'));
    }
  }

  stats(): WriteQueueStats {
    const { waiting, waitingMax, isBusy, timeouts, refused, joined } = this;
    return { waiting, waitingMax, isBusy, timeouts, refused, joined };
  }

  /** Gives up on the wait after a time or a signal; returns how to stop watching. */
  private watch(entry: Entry, reject: (error: unknown) => void, options: QueueOptions): () => void {
    const { signal, timeoutMs = 0 } = options;
    let forget: (() => void) | undefined;
    const giveUp = (error: unknown): void => {
      if (entry.start === undefined) return;
      entry.start = undefined;
      this.waiting--;
      forget?.();
      reject(error);
    };
    entry.giveUp = giveUp;
    if (signal === undefined && timeoutMs === 0) return noop;
    const onAbort = (): void => giveUp(abortError(signal!));
    const timer =
      timeoutMs === 0
        ? undefined
        : setTimeout(() => {
            this.timeouts++;
            giveUp(timeoutError(timeoutMs));
          }, timeoutMs);
    forget = (): void => {
      if (timer !== undefined) clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort);
    return forget;
  }

  private start<T>(
    job: () => T | Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ): void {
    let result: T | Promise<T>;
    try {
      result = job();
    } catch (error) {
      reject(error);
      return;
    }
    if (!(result instanceof Promise)) {
      resolve(result);
      return;
    }
    this.isBusy = true;
    const next = (): void => {
      this.isBusy = false;
      this.drain();
    };
    result.then(
      (value) => {
        resolve(value);
        next();
      },
      (error: unknown) => {
        reject(error);
        next();
      },
    );
  }

  private drain(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    const deadline = this.now() + SLICE_MS;
    try {
      while (this.waiting > 0 && this.mayStart()) {
        const entry = this.entries[this.head++]!;
        const { start } = entry;
        if (start === undefined) continue;
        entry.start = undefined;
        this.waiting--;
        if (entry.joins === null || entry.joins !== this.joinedLast) this.endBatch();
        if (entry.joins !== null) this.joined++;
        this.joinedLast = entry.joins;
        start();
        if (this.waiting > 0 && this.now() > deadline) {
          this.schedule();
          break;
        }
      }
    } finally {
      this.endBatch();
      this.isDraining = false;
      if (this.head > 1000 || this.waiting === 0) {
        this.entries = this.waiting === 0 ? [] : this.entries.slice(this.head);
        this.head = 0;
      }
    }
  }

  private mayStart(): boolean {
    const { host } = this;
    if (this.isBusy || (this.batch === null && host.hasWriter())) return false;
    if (!host.isFull()) return true;
    this.isBusy = true;
    const next = (): void => {
      this.isBusy = false;
      this.drain();
    };
    host.whenRoom().then(next, next);
    return false;
  }

  /** Ends the shared transaction, if one is open. */
  endBatch(): void {
    const end = this.batch;
    this.batch = null;
    end?.();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.defer(() => {
      this.isScheduled = false;
      this.drain();
    });
  }
}

function noop(): void {}

function abortError(signal: AbortSignal): DecentDbError {
  return new DecentDbError('57014', 'canceling statement due to user request', { cause: signal.reason });
}

function timeoutError(timeoutMs: number): DecentDbError {
  return new DecentDbError('55P03', 'canceling statement due to lock timeout', {
    detail: `Another transaction kept the writer for more than ${timeoutMs} ms.`,
    hint: 'Keep write transactions short, or raise lockTimeoutMs.',
  });
}

function fullError(waiting: number): DecentDbError {
  return new DecentDbError('53300', `too many writers are waiting (${waiting})`, {
    hint: 'Await writes before starting more, gather them in one transaction, or raise writeQueueMax.',
  });
}

/**
 * Threads that read: queries go to the one that has the least to do.
 *
 * I1  A thread that ends, however it ends, gives its slot back, fails what it was doing (57P01), and is replaced.
 * I2  A thread sees every commit that was acknowledged before its query was sent.
 * I3  Threads never keep the process alive while they have nothing to do.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import type { AsyncDatabase, AsyncQueryOptions, ReadPool } from '../api/async-database.ts';
import type { OpenOptions } from '../api/options.ts';
import type { Result } from '../api/result.ts';
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { SLOTS_MAX } from '../txn/shared-state.ts';
import { type QueryMessage, type Reply, received, sendableOptions, type ThreadData } from './messages.ts';
import type { PeerMessage } from './peers.ts';

/** Queries of one thread that can be told apart when they are to stop. */
const INTERRUPTS = 64;

interface Waiting {
  resolve(result: Result<unknown>): void;
  reject(error: unknown): void;
}

interface Thread {
  readonly worker: Worker;
  readonly slot: number;
  /** Its number in the pool, which a thread that replaces it takes over. */
  readonly place: number;
  readonly waiting: Map<number, Waiting>;
  /** The settings it was last told. */
  settings: ReadonlyMap<string, string> | null;
  /** See {@link ThreadData.interrupts}. */
  readonly stopped: Int32Array;
  /** It is being terminated, and somebody waits for that. */
  isEnding: boolean;
}

/** The thread's module: beside this one, or where the bundle has it. */
function threadUrl(): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL('./reader-thread.ts', here);
  return new URL(/\/worker\/[^/]+$/.test(here) ? './reader-thread.js' : './worker/reader-thread.js', here);
}

export class ReaderPool implements ReadPool {
  readonly size: number;
  private readonly db: AsyncDatabase;
  private readonly options: OpenOptions;
  private threads: Thread[] = [];
  /** Of each thread, by its place, how many queries it has to answer. */
  private readonly loads: Int32Array;
  private readonly underway = new Set<Promise<unknown>>();
  private ids = 0;
  private isClosed = false;
  /** Why a thread ended by itself. */
  private lastCause: unknown;

  constructor(db: AsyncDatabase, size: number, options: OpenOptions) {
    if (!Number.isInteger(size) || size < 1 || size > SLOTS_MAX)
      throw invalidUse(`readers() takes a number from 1 to ${SLOTS_MAX}, not ${String(size)}`);
    this.db = db;
    this.size = size;
    this.options = sendableOptions(options);
    this.loads = new Int32Array(new SharedArrayBuffer(4 * size));
    for (let i = 0; i < size; i++) this.threads.push(this.spawn(i));
  }

  query<R>(
    sql: string,
    params: readonly unknown[],
    options: AsyncQueryOptions,
    settings: ReadonlyMap<string, string>,
  ): Promise<Result<R>> {
    this.db.engine.announceAll();
    const { signal, ...sent } = options;
    let thread = this.threads[0];
    if (thread === undefined) return Promise.reject(endedError(this.lastCause));
    for (const other of this.threads) if (other.waiting.size < thread.waiting.size) thread = other;
    const { stopped } = thread;
    const done = this.send(thread, { sql, params, options: sent }, settings) as Promise<Result<R>>;
    const id = this.ids;
    // The thread is told to stop, and nobody waits until it has.
    const stop = (): void => void Atomics.store(stopped, id % stopped.length, id);
    return signal === undefined ? done : Promise.race([done, abortOf(signal, done, stop)]);
  }

  async retire(): Promise<void> {
    await Promise.allSettled(this.underway);
    await this.close();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.threads.map(end));
  }

  /** Ends a thread as an operating system would: for tests. */
  async kill(index: number): Promise<void> {
    const thread = this.threads[index];
    if (thread !== undefined) await end(thread);
  }

  private send(
    thread: Thread,
    query: Pick<QueryMessage, 'sql' | 'params' | 'options'>,
    settings: ReadonlyMap<string, string>,
  ): Promise<Result<unknown>> {
    const id = ++this.ids;
    const isNews = thread.settings !== settings;
    thread.worker.postMessage({ id, ...query, ...(isNews && { settings }) } satisfies QueryMessage);
    thread.settings = settings;
    if (thread.waiting.size === 0) thread.worker.ref();
    const done = new Promise<Result<unknown>>((resolve, reject) => {
      thread.waiting.set(id, { resolve, reject });
    });
    this.noteLoad(thread);
    const forget = (): void => void this.underway.delete(done);
    this.underway.add(done);
    done.then(forget, forget);
    return done;
  }

  private noteLoad({ place, waiting }: Thread): void {
    Atomics.store(this.loads, place, waiting.size);
  }

  private spawn(place: number): Thread {
    const sharing = this.db.engine.share();
    const slot = sharing.takeSlot();
    const ticket = { path: this.db.engine.path, buffer: sharing.state.buffer, slot };
    const interrupts = new SharedArrayBuffer(4 * INTERRUPTS);
    // Not by its address: Node lets no file be a thread's beginning where the program itself came as a text (--input-type).
    const worker = new Worker(`import(${JSON.stringify(threadUrl().href)})`, {
      eval: true,
      workerData: {
        ticket,
        options: this.options,
        interrupts,
        loads: this.loads.buffer as SharedArrayBuffer,
        self: place,
        helpers: this.size - 1,
      } satisfies ThreadData,
      name: 'decentdb reader',
    });
    const thread: Thread = {
      worker,
      slot,
      place,
      waiting: new Map(),
      settings: null,
      stopped: new Int32Array(interrupts),
      isEnding: false,
    };
    let cause: unknown;
    worker.on('message', (reply: Reply) => this.take(thread, reply));
    worker.on('error', (error) => {
      cause = error;
    });
    worker.once('exit', () => this.lose(thread, cause));
    worker.unref();
    for (const other of this.threads) if (other.place !== place) introduce(thread, other);
    this.noteLoad(thread);
    return thread;
  }

  private take(thread: Thread, reply: Reply): void {
    const waiting = thread.waiting.get(reply.id);
    thread.waiting.delete(reply.id);
    this.noteLoad(thread);
    if (thread.waiting.size === 0 && !thread.isEnding) thread.worker.unref();
    if ('result' in reply) waiting?.resolve(reply.result);
    else waiting?.reject(received(reply.error));
  }

  private lose(thread: Thread, cause: unknown): void {
    this.db.engine.sharing?.freeSlot(thread.slot);
    const error = endedError(cause);
    for (const waiting of thread.waiting.values()) waiting.reject(error);
    thread.waiting.clear();
    this.noteLoad(thread);
    const at = this.threads.indexOf(thread);
    if (at < 0 || this.isClosed || !this.db.open) return;
    if (cause !== undefined) {
      // A thread that failed by itself, perhaps before it had begun, would fail again.
      this.lastCause = cause;
      this.threads.splice(at, 1);
      return;
    }
    this.threads[at] = this.spawn(thread.place);
  }
}

function endedError(cause: unknown): DecentDbError {
  return new DecentDbError('57P01', 'the reader thread has ended', {
    hint: 'Run the query again; readers() starts new threads.',
    cause,
  });
}

/** Terminates a thread; the wait for it keeps the process alive. */
function end(thread: Thread): Promise<number> {
  thread.isEnding = true;
  thread.worker.ref();
  return thread.worker.terminate();
}

function abortOf(signal: AbortSignal, done: Promise<unknown>, stop: () => void): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => {
      stop();
      reject(new DecentDbError('57014', 'canceling statement due to user request', { cause: signal.reason }));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const forget = (): void => signal.removeEventListener('abort', onAbort);
    done.then(forget, forget);
  });
}

/** Gives two threads channels to lead and to help each other. */
function introduce(one: Thread, other: Thread): void {
  const first = new MessageChannel();
  const second = new MessageChannel();
  const toOne: PeerMessage = { peer: other.place, lead: first.port1, help: second.port2 };
  const toOther: PeerMessage = { peer: one.place, lead: second.port1, help: first.port2 };
  one.worker.postMessage(toOne, [toOne.lead, toOne.help]);
  other.worker.postMessage(toOther, [toOther.lead, toOther.help]);
}

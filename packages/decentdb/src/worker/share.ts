/**
 * A database in a thread of your own: reads happen there, from the same files; writes are sent to the owner's queue.
 *
 *     owner:   shareWith(db, worker)          thread:  const db = await openShared()
 *
 * I1  The owner frees what a thread held when the thread has ended, however it ended.
 * I2  A write's promise resolves after the commit is durable and visible to this thread's next read; so is what it SET,
 *     which is set for the owner and everybody else whose writes go there.
 */
import { MessageChannel, type MessagePort, parentPort, type Worker } from 'node:worker_threads';
import { AsyncCalls } from '../api/async-calls.ts';
import type { AsyncDatabase, AsyncQueryOptions } from '../api/async-database.ts';
import { Database } from '../api/database.ts';
import type { OpenOptions } from '../api/options.ts';
import type { Result, Row } from '../api/result.ts';
import { DecentDbError, invalidUse } from '../base/errors.ts';
import type { ShareTicket } from '../txn/log-follower.ts';
import { openFollower } from '../txn/open-storage.ts';
import { type QueryMessage, type Reply, received, sendable } from './messages.ts';

interface Invitation {
  readonly decentdb: ShareTicket;
  readonly port: MessagePort;
}

/**
 * Lets a thread open the database with `openShared`.
 *
 * @example
 * const worker = new Worker(new URL('./job.js', import.meta.url));
 * shareWith(db, worker);
 */
export function shareWith(db: AsyncDatabase, worker: Worker): void {
  const { engine } = db;
  const sharing = engine.share();
  const slot = sharing.takeSlot();
  const { port1, port2 } = new MessageChannel();
  worker.once('exit', () => {
    sharing.freeSlot(slot);
    port1.close();
  });
  let told: ReadonlyMap<string, string> = new Map();
  const news = (): { readonly settings?: ReadonlyMap<string, string> } => {
    const settings = db.sessionSettings;
    if (settings === told) return {};
    told = settings;
    return { settings };
  };
  port1.on('message', ({ id, sql, params, options }: QueryMessage) => {
    db.query<unknown>(sql, params, options).then(
      (result) => reply(port1, { id, result, ...news() }),
      (error: unknown) => reply(port1, { id, error: sendable(error), ...news() }),
    );
  });
  port1.unref();
  const decentdb = { path: engine.path, buffer: sharing.state.buffer, slot };
  worker.postMessage({ decentdb, port: port2 } satisfies Invitation, [port2]);
}

function reply(port: MessagePort, message: Reply): void {
  try {
    port.postMessage(message);
  } catch (error) {
    port.postMessage({ id: message.id, error: sendable(error) } satisfies Reply);
  }
}

/** A database that another thread owns. */
export class SharedDatabase {
  /** Synchronous reads on this thread. */
  readonly reads: Database;
  private readonly port: MessagePort;
  private readonly calls: AsyncCalls;
  private readonly waiting: Map<number, { resolve(r: Result<unknown>): void; reject(e: unknown): void }> =
    new Map();
  private ids = 0;

  constructor(reads: Database, port: MessagePort) {
    this.reads = reads;
    this.port = port;
    this.calls = new AsyncCalls(this, reads, reads, 0);
    port.on('message', (message: Reply) => {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (this.waiting.size === 0) port.unref();
      if (message.settings !== undefined) reads.session.settings.adopt(message.settings);
      if ('result' in message) waiting?.resolve(message.result);
      else waiting?.reject(received(message.error));
    });
    port.on('close', () => {
      const error = new DecentDbError('08003', 'the thread that owns the database has closed it');
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    });
    port.unref();
  }

  /** Reads here, writes at the owner. */
  async query<R = Row>(
    sql: string,
    params: readonly unknown[] = [],
    options: Omit<AsyncQueryOptions, 'signal'> = {},
  ): Promise<Result<R>> {
    if (this.calls.targetOf(sql) === 'read') {
      const { rowMode, format } = options;
      return this.reads.query<R>(sql, params, { ...(rowMode && { rowMode }), ...(format && { format }) });
    }
    return new Promise((resolve, reject) => {
      const id = ++this.ids;
      this.port.postMessage({ id, sql, params, options } satisfies QueryMessage);
      if (this.waiting.size === 0) this.port.ref();
      this.waiting.set(id, { resolve: resolve as (r: Result<unknown>) => void, reject });
    });
  }

  close(): void {
    this.reads.close();
    this.port.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** In a thread: waits for `shareWith` and opens the database it offers. */
export function openShared(options: OpenOptions = {}): Promise<SharedDatabase> {
  const parent = parentPort;
  if (parent === null)
    throw invalidUse('openShared() is for worker threads', 'Use open() on the main thread.');
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      if (typeof message !== 'object' || message === null || !('decentdb' in message)) return;
      parent.off('message', onMessage);
      const { decentdb, port } = message as Invitation;
      try {
        const { cacheBytes } = options;
        const storage = openFollower(decentdb, { cacheBytes });
        resolve(
          new SharedDatabase(new Database(decentdb.path, options, { storage, groupCommits: false }), port),
        );
      } catch (error) {
        reject(error);
      }
    };
    parent.on('message', onMessage);
  });
}

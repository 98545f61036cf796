/**
 * A reader thread of the pool: opens the shared database and answers queries, one after the other.
 *
 * I2  A query whose number stands among the stopped ones ends at its next check (57014).
 * I1  Reads only. It may be killed at any instant: all it leaves is a number in its slot, which the owner frees.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Database } from '../api/database.ts';
import { assert } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import { openFollower } from '../txn/open-storage.ts';
import { type QueryMessage, type Reply, sendable, type ThreadData } from './messages.ts';

const { ticket, options, interrupts } = workerData as ThreadData;
const stopped = new Int32Array(interrupts);
const { cacheBytes } = options;
const storage = openFollower(ticket, { cacheBytes });
const db = new Database(ticket.path, options, { storage, groupCommits: false });

function answer(message: QueryMessage): Reply {
  const { id, sql, params, options: given } = message;
  const { rowMode, format, timeoutMs } = given;
  const isStopped = (): boolean => Atomics.load(stopped, id % stopped.length) === id;
  db.session.timeoutMs = timeoutMs ?? 0;
  db.session.interruptCheck = isStopped;
  try {
    if (isStopped()) throw new DecentDbError('57014', 'canceling statement due to user request');
    const result = db.query<unknown>(sql, params, { ...(rowMode && { rowMode }), ...(format && { format }) });
    return { id, result };
  } catch (error) {
    return { id, error: sendable(error) };
  }
}

assert(parentPort !== null, 'reader-thread.ts runs in a thread of its own');
const port = parentPort;
port.on('message', (message: QueryMessage) => {
  const reply = answer(message);
  try {
    port.postMessage(reply);
  } catch (error) {
    port.postMessage({ id: message.id, error: sendable(error) } satisfies Reply);
  }
});

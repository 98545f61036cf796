/**
 * A reader thread of the pool: opens the shared database and answers queries, one after the other.
 *
 * I1  Reads only. It may be killed at any instant: all it leaves is a number in its slot, which the owner frees.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Database } from '../api/database.ts';
import { assert } from '../base/assert.ts';
import { openFollower } from '../txn/open-storage.ts';
import { type QueryMessage, type Reply, sendable, type ThreadData } from './messages.ts';

const { ticket, options } = workerData as ThreadData;
const { cacheBytes } = options;
const storage = openFollower(ticket, { cacheBytes });
const db = new Database(ticket.path, options, { storage, groupCommits: false });

function answer(message: QueryMessage): Reply {
  const { id, sql, params, options: given } = message;
  const { rowMode, format, timeoutMs } = given;
  db.session.timeoutMs = timeoutMs ?? 0;
  try {
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

/**
 * A reader thread of the pool: opens the shared database and answers queries, one after the other.
 *
 * I1  Reads only. It may be killed at any instant: all it leaves is a number in its slot, which the owner frees.
 * I2  A query whose number stands among the stopped ones ends at its next check (57014).
 * I3  Between its queries it helps other threads of the pool with theirs (peers.ts), as long as none of its own waits.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Database } from '../api/database.ts';
import { paramSource, understand } from '../api/statement-text.ts';
import { assert } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import { helpWith } from '../session/run/help.ts';
import { openFollower } from '../txn/open-storage.ts';
import { type QueryMessage, type Reply, sendable, type ThreadData } from './messages.ts';
import { helpHost, type JobMessage, type PeerMessage, PeerService } from './peers.ts';

const { ticket, options, interrupts, self, helpers, ...shared } = workerData as ThreadData;
const loads = new Int32Array(shared.loads);
const stopped = new Int32Array(interrupts);
const { cacheBytes } = options;
const storage = openFollower(ticket, { cacheBytes });
const db = new Database(ticket.path, options, { storage, groupCommits: false });
const { settings: ours } = db.session;
const peers = new PeerService(helpers, loads, ours);
if (helpers > 0) db.session.parallel = peers;
/** What this thread's own queries run under, and what it last helped under: the same maps, so that plans stay. */
let told = ours.ofSession;
let helped: { readonly digest: string; readonly ofSession: typeof told } | null = null;

function answer(message: QueryMessage): Reply {
  const { id, sql, params, options: given, settings } = message;
  const { rowMode, format, timeoutMs } = given;
  const isStopped = (): boolean => Atomics.load(stopped, id % stopped.length) === id;
  db.session.timeoutMs = timeoutMs ?? 0;
  db.session.interruptCheck = isStopped;
  if (settings !== undefined) told = settings;
  ours.adopt(told);
  try {
    peers.query = message;
    if (isStopped()) throw new DecentDbError('57014', 'canceling statement due to user request');
    const result = db.query<unknown>(sql, params, { ...(rowMode && { rowMode }), ...(format && { format }) });
    return { id, result };
  } catch (error) {
    return { id, error: sendable(error) };
  } finally {
    peers.query = null;
  }
}

/** Pieces of a query that another thread answers. Whatever goes wrong, that thread does without. */
function help(message: JobMessage, port: MessagePort): void {
  const { sql, params, settings: digest, ofSession } = message;
  if (ours.digest !== digest) {
    if (helped?.digest !== digest) helped = { digest, ofSession };
    ours.adopt(helped.ofSession);
  }
  const host = helpHost(
    message,
    port,
    () => Atomics.load(loads, self) > 0,
    (use) =>
      understand(db.session, sql, (understood) =>
        use(understood.prepared, paramSource(db.session, understood, params)),
      ),
  );
  db.session.timeoutMs = 0;
  db.session.interruptCheck = null;
  try {
    helpWith(db.session, message, host);
  } catch {
    // Nothing was promised.
  }
}

function meet({ peer, lead, help: port }: PeerMessage): void {
  peers.meet(peer, lead);
  port.on('message', (message: JobMessage) => help(message, port));
  port.unref();
}

assert(parentPort !== null, 'reader-thread.ts runs in a thread of its own');
const port = parentPort;
port.on('message', (message: QueryMessage | PeerMessage) => {
  if ('peer' in message) {
    meet(message);
    return;
  }
  const reply = answer(message);
  try {
    port.postMessage(reply);
  } catch (error) {
    port.postMessage({ id: message.id, error: sendable(error) } satisfies Reply);
  }
});

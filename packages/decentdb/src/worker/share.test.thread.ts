/** The thread of reader-pool.test.ts: twenty writes and a setting through the owner, each read back here. */
import assert from 'node:assert/strict';
import { parentPort, threadId } from 'node:worker_threads';
import { openShared } from './share.ts';

const db = await openShared();
for (let i = 0; i < 20; i++) {
  const id = 10_000 + threadId * 100 + i;
  await db.query('INSERT INTO t (id, v) VALUES ($1, $2)', [id, i]);
  assert.deepEqual(db.reads.query('SELECT v FROM t WHERE id = $1', [id]).rows, [{ v: i }]);
}
const set = `set by ${threadId}`;
await db.query(`SET worker.test = '${set}'`);
assert.deepEqual(db.reads.query("SELECT current_setting('worker.test') AS s").rows, [{ s: set }]);
const error = await db.query('INSERT INTO t (id) VALUES (1)').catch((e: { code: string }) => e);
db.close();
parentPort?.postMessage('code' in error ? error.code : 'no error');

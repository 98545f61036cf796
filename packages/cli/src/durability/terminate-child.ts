/**
 * The victim of terminate.test.ts: a thread that owns a database and commits for ever, telling each commit after it was acknowledged.
 *
 * I1  As kill-child.ts: ids without gaps, and the row of `tally` counts them in the same transaction.
 * I2  The number goes into shared memory after the commit returned: what the parent reads there was acknowledged.
 */
import { workerData } from 'node:worker_threads';
import { openSync } from 'decentdb';

const { path, told } = workerData as { readonly path: string; readonly told: SharedArrayBuffer };
const acknowledged = new Int32Array(told);

const db = openSync(path);
db.exec('CREATE TABLE IF NOT EXISTS entry (id integer PRIMARY KEY, words text NOT NULL)');
db.exec('CREATE TABLE IF NOT EXISTS tally (id integer PRIMARY KEY, entries integer NOT NULL)');
const insert = db.prepare('INSERT INTO entry VALUES ($1, $2)');
const count = db.prepare('UPDATE tally SET entries = $1 WHERE id = 1');
if (db.query('SELECT 1 FROM tally').rows.length === 0) db.exec('INSERT INTO tally VALUES (1, 0)');

let last = Number(db.query('SELECT coalesce(max(id), 0) AS last FROM entry').rows[0]?.['last']);
const commitRows = db.transaction((rows: number) => {
  for (let row = 0; row < rows; row++) {
    last++;
    insert.run(last, `entry ${last} ${'x'.repeat((last * 37) % 400)}`);
  }
  count.run(last);
});

for (let commit = 1; ; commit++) {
  commitRows(1 + (commit % 5));
  Atomics.store(acknowledged, 0, last);
  Atomics.add(acknowledged, 1, 1);
  if (commit % 20 === 0) db.checkpoint();
}

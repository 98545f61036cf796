/**
 * The victim of kill.test.ts: opens a database and commits for ever, telling each commit on stdout after it was acknowledged.
 *
 * I1  Row ids run without gaps; the row of `tally` counts the rows of `entry` in the same transaction. So any state that
 *     is a prefix of the commits has `count(*) = max(id) = tally.entries`, and nothing else has.
 * I2  A line goes out by `writeSync` after the commit returned: what the parent has read was acknowledged.
 */
import { writeSync } from 'node:fs';
import { openSync } from 'decentdb';

const path = process.argv[2];
if (path === undefined) throw new Error('usage: kill-child PATH');

const db = openSync(path);
writeSync(1, 'open\n');
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
  writeSync(1, `${last}\n`);
  if (commit % 40 === 0) db.checkpoint();
}

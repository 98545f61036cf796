/**
 * Commits a second: one synchronous writer against many asynchronous ones, full durability.
 *
 *     npx tsx packages/decentdb/src/api/group-commit.bench.ts [writers] [seconds]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from './async-database.ts';

const writers = Number(process.argv[2] ?? 64);
const milliseconds = Number(process.argv[3] ?? 3) * 1000;
const directory = mkdtempSync(join(tmpdir(), 'decentdb-bench-'));
const db = await open(join(directory, 'b.ddb'));
await db.exec('CREATE TABLE t (id int PRIMARY KEY, v text)');
let id = 0;

const insert = db.sync.prepare('INSERT INTO t VALUES ($1, $2)');
let from = performance.now();
let alone = 0;
while (performance.now() - from < milliseconds) {
  insert.run(++id, 'some text of a row');
  alone++;
}
const aloneRate = (alone * 1000) / (performance.now() - from);

from = performance.now();
let together = 0;
await Promise.all(
  Array.from({ length: writers }, async () => {
    while (performance.now() - from < milliseconds) {
      await db.query('INSERT INTO t VALUES ($1, $2)', [++id, 'some text of a row']);
      together++;
    }
  }),
);
const togetherRate = (together * 1000) / (performance.now() - from);
const { groups } = db.stats().writeQueue;
console.log(`1 synchronous writer      ${aloneRate.toFixed(0)} commits/s`);
console.log(
  `${writers} asynchronous writers   ${togetherRate.toFixed(0)} commits/s, ${(together / groups).toFixed(1)} a sync`,
);
console.log(`ratio                     ${(togetherRate / aloneRate).toFixed(1)}`);
await db.close();
rmSync(directory, { recursive: true });

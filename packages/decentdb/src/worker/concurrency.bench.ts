/**
 * How much readers, writers and checkpoints cost each other. Runs compiled code:
 *
 *     npm run build && node packages/decentdb/dist/worker/concurrency.bench.js [seconds a measurement]
 *
 * A with B is measured in turns with A beside the same work on another database, so that what is shared (cores, disk) slows
 * both down alike, and what remains is what the database itself costs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AsyncDatabase } from '../api/async-database.ts';
import { open } from './open.ts';

const milliseconds = Number(process.argv[2] ?? 2) * 1000;
const ROUNDS = 4;
const directory = mkdtempSync(join(tmpdir(), 'decentdb-bench-'));
let id = 0;

const elapsed = (from: number): number => performance.now() - from;

/** Runs `work` again and again for a while; returns how often a second. */
async function rate(work: () => Promise<unknown>, forMs: number): Promise<number> {
  const from = performance.now();
  let count = 0;
  while (elapsed(from) < forMs) {
    await work();
    count++;
  }
  return (count * 1000) / elapsed(from);
}

/** Runs `work` until told to stop. */
function endless(work: () => Promise<unknown>): () => Promise<void> {
  let isOn = true;
  const done = (async () => {
    while (isOn) await work();
  })();
  return () => {
    isOn = false;
    return done;
  };
}

/** A beside B, and A beside the same on another database, in turns. */
async function compare(
  name: string,
  a: () => Promise<unknown>,
  b: readonly (() => Promise<unknown>)[],
  elsewhere: readonly (() => Promise<unknown>)[],
): Promise<void> {
  let apart = 0;
  let beside = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const others of [elsewhere, b]) {
      const stops = others.map(endless);
      const reached = await rate(a, milliseconds / ROUNDS);
      await Promise.all(stops.map((stop) => stop()));
      if (others === b) beside += reached;
      else apart += reached;
    }
  }
  const share = ((100 * beside) / apart).toFixed(0);
  console.log(
    `${name.padEnd(40)} apart ${(apart / ROUNDS).toFixed(0)}/s, on one database ${(beside / ROUNDS).toFixed(0)}/s: ${share}%`,
  );
}

async function latencies(db: AsyncDatabase, isCheckpointing: boolean): Promise<number[]> {
  const insert = db.sync.prepare('INSERT INTO t VALUES ($1, $2)');
  const times: number[] = [];
  const from = performance.now();
  while (elapsed(from) < milliseconds) {
    const start = performance.now();
    insert.run(++id, 'some text of a row');
    times.push(performance.now() - start);
    if (isCheckpointing) db.engine.checkpointStep(64);
  }
  return times.sort((x, y) => x - y);
}

async function openFilled(name: string): Promise<AsyncDatabase> {
  const filled = await open(join(directory, name), { walBytesMax: 4 << 20 });
  await filled.exec(
    'CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE facts (id int PRIMARY KEY, v int, w int)',
  );
  await filled.exec('INSERT INTO facts SELECT i, i % 1000, i % 7 FROM generate_series(1, 200000) i');
  return filled;
}

const db = await openFilled('a.ddb');
const other = await openFilled('b.ddb');
const reading = (one: AsyncDatabase) => (): Promise<unknown> =>
  one.query('SELECT w, count(*), sum(v) FROM facts GROUP BY w');
const writing = (one: AsyncDatabase) => (): Promise<unknown> =>
  one.query('INSERT INTO t VALUES ($1, $2)', [++id, 'some text of a row']);
const four = (one: AsyncDatabase): (() => Promise<unknown>)[] => [1, 2, 3, 4].map(() => reading(one));

await db.readers(1);
await reading(db)();
await compare('a reader thread beside a busy writer', reading(db), [writing(db)], [writing(other)]);
await db.readers(4);
await other.readers(4);
await Promise.all([...four(db), ...four(other)].map((read) => read()));
await compare('a writer beside 4 reader threads', writing(db), four(db), four(other));
await db.readers(0);
await other.close();

const without = await latencies(db, false);
const withCheckpoints = await latencies(db, true);
const p99 = (times: number[]): number => times[Math.floor(times.length * 0.99)]!;
console.log(
  `p99 of a commit: ${p99(without).toFixed(2)} ms, with checkpoints all the time ${p99(withCheckpoints).toFixed(2)} ms: x${(p99(withCheckpoints) / p99(without)).toFixed(2)}`,
);

let snapshot = db.sync.snapshot();
let reopened = performance.now();
let largest = 0;
let written = 0;
const from = performance.now();
while (elapsed(from) < 2 * milliseconds) {
  await db.query("INSERT INTO t SELECT $1 + i, 'text of a row ' || i FROM generate_series(1, 500) i", [id]);
  id += 500;
  written += 500;
  if (elapsed(reopened) > 500) {
    snapshot.close();
    snapshot = db.sync.snapshot();
    reopened = performance.now();
  }
  largest = Math.max(largest, db.stats().log?.fileBytes ?? 0);
}
snapshot.close();
console.log(
  `${written} rows written beside a snapshot renewed every half second: log at most ${(largest / 2 ** 20).toFixed(1)} MiB (checkpoint at 4 MiB)`,
);
await db.close();
rmSync(directory, { recursive: true });

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as testCase } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { AsyncDatabase } from '../api/async-database.ts';
import type { OpenOptions } from '../api/options.ts';
import { Prng } from '../base/prng.ts';
import { open } from './open.ts';
import type { ReaderPool } from './reader-pool.ts';
import { shareWith } from './share.ts';

/** Node loads the modules of a thread by itself: there is no TypeScript there. `npm test` runs the compiled tests. */
const skip = import.meta.url.endsWith('.ts') ? 'threads run compiled code' : false;
const test = (name: string, run: () => Promise<void>): void => void testCase(name, { skip }, run);

const SEED = Number(process.env['SEED'] ?? 20264);

async function withDatabase(
  run: (db: AsyncDatabase) => Promise<void>,
  options: OpenOptions = {},
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'decentdb-pool-'));
  const db = await open(join(directory, 'p.ddb'), options);
  try {
    await db.exec('CREATE TABLE t (id int PRIMARY KEY, v int, at timestamptz, b bytea)');
    await db.exec("INSERT INTO t SELECT i, i % 10, '2024-01-01', 'abc' FROM generate_series(1, 2000) i");
    await run(db);
    assert.deepEqual(db.stats().locksHeld, []);
    assert.deepEqual((await db.check()).findings, []);
  } finally {
    await db.close();
    rmSync(directory, { recursive: true });
  }
}

const total = 'SELECT count(*)::int AS n, sum(v)::int AS s FROM t';

test('readers: threads answer as this thread does, values of every kind, errors with their fields', async () => {
  await withDatabase(async (db) => {
    const queries = [
      total,
      'SELECT * FROM t WHERE v = 3 ORDER BY id DESC LIMIT 3',
      "SELECT 9007199254740993 AS big, 1.50::numeric AS num, '{1,2}'::int[] AS list, '{\"a\":1}'::jsonb AS doc, NULL AS nothing",
    ];
    const here = await Promise.all(queries.map((sql) => db.query(sql)));
    await db.readers(2);
    const there = await Promise.all(queries.map((sql) => db.query(sql)));
    assert.deepEqual(there, here);
    await assert.rejects(db.query('SELECT v / (v - v) FROM t'), { code: '22012', name: 'DecentDbError' });
    await assert.rejects(db.query('SELECT nothing FROM t'), { code: '42703' });
    await db.exec("SET TimeZone = 'Asia/Kolkata'; SET TimeZone = 'Asia/Tokyo'");
    const zones = await Promise.all(
      [1, 2, 3].map(() => db.query("SELECT current_setting('TimeZone') AS z FROM t LIMIT 1")),
    );
    for (const { rows } of zones) assert.deepEqual(rows, [{ z: 'Asia/Tokyo' }]);
    // Threads that begin later are told too; what is underway when they are exchanged is answered.
    const underway = queries.map((sql) => db.query(sql));
    await Promise.all([db.readers(1), db.readers(2)]);
    assert.equal((await Promise.all(underway)).length, queries.length);
    const zone = await db.query("SELECT current_setting('TimeZone') AS z FROM t LIMIT 1");
    assert.deepEqual(zone.rows, [{ z: 'Asia/Tokyo' }]);
    await db.readers(0);
    assert.deepEqual((await db.query(total)).rows, here[0]?.rows);
  });
});

for (const durability of ['full', 'deferred'] as const) {
  test(`readers (${durability}): a thread sees what was acknowledged, through checkpoints and log switches`, async () => {
    await withDatabase(
      async (db) => {
        await db.readers(2);
        // The checkpointer works between statements, when its thread is free: on a busy machine it takes more of them.
        for (let i = 1; i <= 40 || (db.stats().checkpoint.completed === 0 && i <= 2000); i++) {
          await db.query('UPDATE t SET v = $1 WHERE id <= 1500', [i]);
          const { rows } = await db.query(
            'SELECT min(v)::int AS low, max(v)::int AS high FROM t WHERE id <= 1500',
          );
          assert.deepEqual(rows, [{ low: i, high: i }], 'all of the newest commit, nothing of another');
        }
        const { checkpoint, log } = db.stats();
        const failure = db.engine.checkpointer.lastFailure;
        assert.ok(
          checkpoint.completed > 0,
          `checkpoints ran (log of ${log?.activeBytes} bytes, ${String(failure)})`,
        );
      },
      { durability, walBytesMax: 40_000, cacheBytes: 200_000 },
    );
  });
}

test(`readers: threads killed at random moments leave no slot, no lock, and wrong answers never (SEED=${SEED})`, async () => {
  await withDatabase(
    async (db) => {
      const random = new Prng(SEED);
      await db.readers(2);
      let sum = Number((await db.query<{ s: number }>(total)).rows[0]?.s);
      let lost = 0;
      for (let round = 0; round < 4; round++) {
        const pool = db.pool as ReaderPool;
        const reads = Array.from({ length: 6 }, () => db.query<{ n: number; s: number }>(total));
        const write = db.query('UPDATE t SET v = v + 1');
        const turns = random.below(4);
        for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
        const kill = pool.kill(random.below(2));
        for (const result of await Promise.allSettled(reads)) {
          if (result.status === 'rejected') {
            assert.equal(result.reason.code, '57P01');
            lost++;
          } else assert.ok([sum, sum + 2000].includes(result.value.rows[0]!.s), 'one state or the next');
        }
        await Promise.all([write, kill]);
        sum += 2000;
        assert.equal((await db.query<{ s: number }>(total)).rows[0]?.s, sum);
      }
      assert.ok(lost > 0, 'some queries were hit');
      await db.readers(0);
      assert.deepEqual(db.stats().readers, []);
      while (await db.checkpoint());
      const { checkpoint, publishedLsn } = db.stats();
      assert.equal(checkpoint.checkpointedLsn, publishedLsn, 'nothing holds the checkpoint back');
    },
    { walBytesMax: 40_000 },
  );
});

test("a thread of one's own reads there and writes through the owner", async () => {
  await withDatabase(async (db) => {
    const source = import.meta.url.endsWith('.ts') ? './share.test.thread.ts' : './share.test.thread.js';
    const workers = [0, 1].map(() => new Worker(new URL(source, import.meta.url)));
    const done = workers.map(
      (worker) =>
        new Promise((resolve, reject) => {
          worker.once('error', reject);
          worker.once('message', resolve);
        }),
    );
    for (const worker of workers) shareWith(db, worker);
    assert.deepEqual(await Promise.all(done), ['23505', '23505']);
    assert.deepEqual((await db.query('SELECT count(*)::int AS n FROM t WHERE id > 10000')).rows, [{ n: 40 }]);
    await Promise.all(workers.map((worker) => worker.terminate()));
    assert.deepEqual(db.stats().readers, []);
  });
});

test('what cannot be read by threads is refused with a reason', async () => {
  const memory = await open(':memory:');
  await assert.rejects(memory.readers(1), { code: '0A000' });
  await memory.close();
  await withDatabase(
    async (db) => {
      await assert.rejects(db.readers(1), { code: '0A000' });
      await assert.rejects(db.readers(0.5), { code: '22023' });
    },
    { numeric: (text) => text },
  );
});

test('an aborted query stops in its thread, others go on', async () => {
  await withDatabase(async (db) => {
    await db.readers(1);
    const stop = new AbortController();
    const long = db.query('SELECT count(*) FROM generate_series(1, 400000000)', [], { signal: stop.signal });
    const waiting = db.query(total);
    stop.abort();
    await assert.rejects(long, { code: '57014' });
    assert.deepEqual((await waiting).rows, [{ n: 2000, s: 9000 }]);
  });
});

/** Scans that threads share: the answers of one thread, whatever is written, killed or stopped meanwhile. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test as testCase } from 'node:test';
import type { AsyncDatabase } from '../api/async-database.ts';
import { Prng } from '../base/prng.ts';
import { open } from './open.ts';
import type { ReaderPool } from './reader-pool.ts';

/** Node loads the modules of a thread by itself: there is no TypeScript there. `npm test` runs the compiled tests. */
const skip = import.meta.url.endsWith('.ts') ? 'threads run compiled code' : false;
const test = (name: string, run: () => Promise<void>): void => void testCase(name, { skip }, run);

const SEED = Number(process.env['SEED'] ?? 4711);
const ROUNDS = Number(process.env['ROUNDS'] ?? 2);
/** Enough for three pieces. */
const ROWS = 140_000;
const directory = mkdtempSync(join(tmpdir(), 'decentdb-scans-'));
const path = join(directory, 'p.ddb');
const settings = { parallel_setup_cost: '0', parallel_tuple_cost: '0', min_parallel_table_scan_size: '0' };

let opened: Promise<AsyncDatabase> | null = null;

async function build(): Promise<AsyncDatabase> {
  const db = await open(path, { settings, walBytesMax: 1_000_000 });
  await db.exec('CREATE TABLE t (id int PRIMARY KEY, g int, v int, s text)');
  await db.exec(`INSERT INTO t SELECT i, CASE WHEN i % 1000 = 0 THEN NULL ELSE i % 97 END, i % 1009, 'row ' || i % 5000
    FROM generate_series(1, ${ROWS}) i`);
  return db;
}

/** One database for all tests of the file; each has threads of its own. */
async function withDatabase(run: (db: AsyncDatabase) => Promise<void>): Promise<void> {
  opened ??= build();
  const db = await opened;
  await run(db);
  assert.deepEqual(db.stats().locksHeld, []);
  await released(db);
  await db.readers(0);
}

after(async () => {
  await (await opened)?.close();
  rmSync(directory, { recursive: true });
});

const total = 'SELECT count(*)::int AS n, sum(v)::int AS s FROM t';
const queries: readonly string[] = [
  total,
  'SELECT g, count(*), sum(v), avg(v), min(s), max(s) FROM t GROUP BY g',
  "SELECT id, s FROM t WHERE s LIKE '%499_'",
  'SELECT id, v, s FROM t ORDER BY v DESC, s LIMIT 25 OFFSET 3',
  'SELECT id, s FROM t WHERE v < 900 ORDER BY s, id LIMIT $1::text::int',
  'SELECT DISTINCT g, v % 3 AS r FROM t WHERE id % 2 = 0',
  'SELECT g, count(*), sum(v) FROM t WHERE id BETWEEN 2000 AND 139000 GROUP BY g',
  "SELECT count(*) FROM t WHERE now() > '2020-01-01' AND s < $1",
];
const params = (sql: string): unknown[] =>
  sql.includes('LIMIT $1') ? ['40'] : sql.includes('$1') ? ['row 3'] : [];

/** A helper gives its snapshot back a moment after the leader has its answer. */
async function released(db: AsyncDatabase): Promise<void> {
  const isHeld = (): boolean => db.stats().readers.length > 0;
  for (let i = 0; i < 200_000 && isHeld(); i++) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(db.stats().readers, []);
}

async function launched(db: AsyncDatabase, sql: string): Promise<number> {
  const text = await db.explain(sql, params(sql), { analyze: true });
  return Number(/Workers Launched: (\d+)/.exec(text)?.[1] ?? -1);
}

/** The query's own answer by one thread, and by several. */
async function bothWays(db: AsyncDatabase, sql: string): Promise<void> {
  await db.query('SET max_parallel_workers_per_gather = 0');
  const alone = await db.query(sql, params(sql));
  await db.query('SET max_parallel_workers_per_gather = 2');
  assert.deepEqual(await db.query(sql, params(sql)), alone, sql);
}

test('threads that share a scan give what one gives, after commits, checkpoints, new columns and in a copy', async () => {
  await withDatabase(async (db) => {
    await db.readers(3);
    for (const sql of queries) await bothWays(db, sql);
    for (const sql of queries) assert.ok((await launched(db, sql)) > 0, sql);
    await db.query('UPDATE t SET v = v + 1 WHERE id % 7 = 0');
    await db.query('ALTER TABLE t ADD COLUMN later text');
    await db.query("INSERT INTO t SELECT i, NULL, NULL, NULL, 'new' FROM generate_series(500000, 501000) i");
    await bothWays(db, 'SELECT later, count(*), sum(v) FROM t GROUP BY later');
    while (await db.checkpoint());
    for (const sql of queries.slice(0, 2)) await bothWays(db, sql);
    await db.backup(`${path}.copy`);
    const copy = await open(`${path}.copy`, { settings, cacheBytes: 2_000_000 });
    await copy.readers(2);
    for (const sql of queries.slice(0, 2)) await bothWays(copy, sql);
    assert.ok((await launched(copy, total)) > 0);
    await copy.close();
  });
});

test('a thread that was told nothing of a setting helps under it, and asks its own queries under what it was told', async () => {
  await withDatabase(async (db) => {
    await db.readers(2);
    const slow = "SELECT count(*) FROM t WHERE md5(s || id) LIKE '%0abc%'";
    for (const zone of ['Asia/Tokyo', 'Africa/Cairo', 'Asia/Tokyo', 'UTC']) {
      await db.query(`SET TimeZone = '${zone}'`);
      let helped = false;
      // Long enough for a thread to come in, however busy the machine is.
      for (let i = 0; i < 20 && !helped; i++)
        helped = (await db.explain(slow, [], { analyze: true })).includes('Pieces by Workers');
      assert.ok(helped, `nobody helps under ${zone}`);
      const shown =
        'SELECT g::text FROM generate_series(1, 3) g CROSS JOIN pg_settings WHERE name = $1 AND setting = $2';
      const both = await Promise.all([1, 2].map(() => db.query(shown, ['TimeZone', zone])));
      for (const { rows } of both) assert.equal(rows.length, 3, zone);
    }
  });
});

test('a shared scan sees one state while others write', async () => {
  await withDatabase(async (db) => {
    await db.readers(2);
    const moved =
      'SELECT count(*)::int AS n, sum(v)::int AS s, sum(CASE WHEN id % 2 = 0 THEN v ELSE 0 END)::int AS e FROM t';
    const before = (await db.query<{ n: number; s: number; e: number }>(moved)).rows[0]!;
    for (let round = 1; round <= 4; round++) {
      // Each commit takes from one row what it gives to another, at the two ends of the table.
      const reads = Array.from({ length: 3 }, () => db.query<{ n: number; s: number; e: number }>(moved));
      const writes = Array.from({ length: 10 }, (_, i) =>
        db.query('UPDATE t SET v = v + CASE WHEN id = $1 THEN 1 ELSE -1 END WHERE id IN ($1, $2)', [
          2 * (i + 1),
          ROWS - 1 - 2 * i,
        ]),
      );
      for (const { rows } of await Promise.all(reads)) {
        assert.deepEqual([rows[0]?.n, rows[0]?.s], [before.n, before.s]);
        assert.ok(rows[0]!.e >= before.e + (round - 1) * 10 && rows[0]!.e <= before.e + round * 10);
      }
      await Promise.all(writes);
    }
  });
});

test(`threads killed at random moments leave right answers or 57P01 (SEED=${SEED})`, async () => {
  await withDatabase(async (db) => {
    const random = new Prng(SEED);
    await db.readers(3);
    const wanted = await Promise.all(queries.map((sql) => db.query(sql, params(sql))));
    let lost = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const at = random.below(queries.length);
      const reads = [at, (at + 1) % queries.length].map((i) => ({
        i,
        done: db.query(queries[i]!, params(queries[i]!)),
      }));
      const turns = random.below(30);
      for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
      const kill = (db.pool as ReaderPool).kill(random.below(3));
      const results = await Promise.allSettled(reads.map(({ done }) => done));
      for (const [k, result] of results.entries()) {
        if (result.status === 'fulfilled') assert.deepEqual(result.value, wanted[reads[k]!.i]);
        else {
          assert.equal(result.reason.code, '57P01');
          lost++;
        }
      }
      await kill;
    }
    assert.ok(lost < 2 * ROUNDS);
    for (const [i, sql] of queries.entries()) assert.deepEqual(await db.query(sql, params(sql)), wanted[i]);
    // Threads that replaced others are helped, and help.
    assert.ok((await launched(db, total)) > 0);
  });
});

test('a shared scan stops when told to, fails as one thread does, and leaves threads that have work of their own alone', async () => {
  await withDatabase(async (db) => {
    await db.readers(2);
    await db.query(total);
    const slow = "SELECT count(*) FROM t WHERE repeat(s, 40) ~ '(a|b|row 1+)+x'";
    const stop = new AbortController();
    const aborted = db.query(slow, [], { signal: stop.signal });
    setImmediate(() => stop.abort());
    await assert.rejects(aborted, { code: '57014' });
    await assert.rejects(db.query(slow, [], { timeoutMs: 20 }), { code: '57014' });
    await assert.rejects(db.query('SELECT sum(1 / (id - 130000)) FROM t WHERE s IS NOT NULL'), {
      code: '22012',
    });
    const { rows } = await db.query<{ n: number }>(total);
    assert.ok(rows[0]!.n >= ROWS);
    const many = await Promise.all(Array.from({ length: 12 }, (_, i) => db.query(queries[i % 3]!)));
    for (const [i, result] of many.entries()) assert.deepEqual(result, many[i % 3]);
    // A setting changes for all threads: none answers under the old one.
    await db.query("SET TimeZone = 'Asia/Tokyo'");
    const zoned =
      "SELECT (timestamptz '2024-01-01 00:00Z' + v * interval '1 hour')::date::text AS d, count(*) FROM t GROUP BY 1";
    await bothWays(db, zoned);
  });
});

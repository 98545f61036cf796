/** Operators under a tiny memory budget give the answers they give without one, and leave no temporary file behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../index.ts';

const ROWS = 7000;

function filled(): Database {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, k int, name text, amount numeric, big bigint, at timestamp, flag bool, j jsonb, f float8);
    INSERT INTO t SELECT g, CASE WHEN g % 11 = 0 THEN NULL ELSE (g * 7919) % 5003 END,
      CASE WHEN g % 13 = 0 THEN NULL ELSE 'name ' || md5((g % 4000)::text) || repeat('é', g % 5) END,
      CASE g % 3 WHEN 0 THEN g::numeric / 100 WHEN 1 THEN (g % 50)::numeric ELSE 12345678901234567890.5 END,
      CASE WHEN g % 17 = 0 THEN 9007199254740993 + g ELSE g % 999 END,
      timestamp '2024-01-01' + (g % 700) * interval '1 hour', g % 2 = 0,
      jsonb_build_object('a', g % 7), CASE WHEN g % 29 = 0 THEN 'NaN'::float8 ELSE g / 7.0 END
    FROM generate_series(1, ${ROWS}) g`);
  return db;
}

const ORDERED = [
  'SELECT id, name, k FROM t ORDER BY name, id LIMIT 6000 OFFSET 100',
  'SELECT id, at FROM t ORDER BY at DESC, id LIMIT 5000',
  'SELECT * FROM t ORDER BY name DESC NULLS LAST, id',
  'SELECT * FROM t ORDER BY k',
  'SELECT id, amount FROM t ORDER BY amount, big DESC NULLS FIRST, id DESC',
  'SELECT id FROM t ORDER BY f DESC, length(name), id',
  'SELECT id, j FROM t ORDER BY j, at, flag, id',
];

const KEPT = [
  'WITH m AS MATERIALIZED (SELECT * FROM t) SELECT a.*, b.name FROM m a JOIN m b ON a.id = b.id + 1 ORDER BY a.id',
  'WITH RECURSIVE r AS (SELECT id, name FROM t UNION ALL SELECT id - 2000, name FROM r WHERE id > 2000) SELECT id, name FROM r ORDER BY 1, 2',
];

const GROUPED = [
  'SELECT k, count(*), sum(amount), min(name), avg(f) FROM t GROUP BY k',
  'SELECT name, k, count(*), max(at) FROM t GROUP BY name, k',
  'SELECT name, count(DISTINCT k), array_agg(id ORDER BY id DESC) FILTER (WHERE flag) FROM t GROUP BY name',
  'SELECT amount, count(*) FROM t GROUP BY amount',
  'SELECT big, j, bool_or(flag) FROM t GROUP BY big, j',
  'SELECT name, k, GROUPING(name, k), count(*), sum(amount) FROM t GROUP BY CUBE (name, k)',
  'SELECT k % 7, name, max(f), count(DISTINCT id) FROM t GROUP BY GROUPING SETS ((1), (2), ())',
  'SELECT count(DISTINCT name), sum(DISTINCT amount), count(DISTINCT (k, id)), count(DISTINCT k) FILTER (WHERE flag) FROM t',
  "SELECT flag, string_agg(name, ',' ORDER BY amount DESC, id), array_agg(DISTINCT f ORDER BY f DESC) FROM t GROUP BY flag",
  'SELECT array_agg(DISTINCT name), avg(DISTINCT f), string_agg(DISTINCT name, name) FROM t',
  'SELECT percentile_disc(0.3) WITHIN GROUP (ORDER BY name), mode() WITHIN GROUP (ORDER BY k) FROM t',
];

const DISTINCT = [
  'SELECT DISTINCT name, k FROM t',
  'SELECT DISTINCT ON (k, name) k, name FROM t ORDER BY k, name, id',
  'SELECT count(*), sum(n) FROM (SELECT DISTINCT amount, name, length(name) AS n FROM t) q',
  'SELECT name, k FROM t WHERE flag UNION SELECT name, k FROM t WHERE id % 3 = 0',
  'SELECT name, big FROM t WHERE id % 3 < 2 INTERSECT SELECT name, big FROM t WHERE id % 3 > 0',
  'SELECT name, k FROM t INTERSECT ALL SELECT name, k FROM t WHERE id % 5 < 3',
  'SELECT name, k FROM t WHERE id % 5 < 4 EXCEPT SELECT name, k FROM t WHERE id % 5 = 3',
  'SELECT name FROM t EXCEPT ALL SELECT name FROM t WHERE id % 4 = 1',
];

const WINDOWS = [
  'SELECT id, row_number() OVER (ORDER BY name, id), sum(amount) OVER (ORDER BY name, id) FROM t',
  'SELECT id, sum(k) OVER w, count(*) FILTER (WHERE flag) OVER w, rank() OVER w, dense_rank() OVER w FROM t WINDOW w AS (ORDER BY k)',
  'SELECT id, lag(name) OVER w, first_value(id) OVER w, max(f) OVER w, row_number() OVER w FROM t WINDOW w AS (PARTITION BY flag ORDER BY at, id)',
  'SELECT id, avg(big) OVER (PARTITION BY k % 3 ORDER BY id ROWS UNBOUNDED PRECEDING), rank() OVER (PARTITION BY k % 3 ORDER BY id) FROM t',
  'SELECT id, rank() OVER (PARTITION BY k ORDER BY amount, id), sum(f) OVER (PARTITION BY k ORDER BY id) FROM t',
  'SELECT id, lag(name) OVER (PARTITION BY name ORDER BY id DESC), count(*) FILTER (WHERE flag) OVER (PARTITION BY name) FROM t',
  'SELECT id, row_number() OVER (PARTITION BY k % 40 ORDER BY name, id) AS r FROM t ORDER BY r, id',
  'SELECT id, sum(big) OVER (PARTITION BY flag ORDER BY at, id ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING) FROM t',
];

const text = (rows: unknown[][]): string[] =>
  rows.map((row) =>
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  );

function spilled(db: Database, sql: string): number {
  const lines = db
    .prepare(`EXPLAIN (ANALYZE) ${sql}`)
    .values()
    .map((row) => String(row[0]));
  const line = lines.find((one) => one.startsWith('Spilled: '));
  return line === undefined ? 0 : Number.parseInt(line.slice(9), 10);
}

test('sorts and groupings beyond the budget', () => {
  using db = filled();
  const run = (sql: string): string[] => text(db.prepare(sql).values());
  for (const sql of [...ORDERED, ...KEPT, ...GROUPED, ...DISTINCT, ...WINDOWS]) {
    db.exec("SET work_mem = '256MB'");
    const want = run(sql);
    if (ORDERED.includes(sql)) assert.equal(spilled(db, sql), 0, sql);
    db.exec("SET work_mem = '64kB'");
    const got = run(sql);
    if (!/ORDER BY [^()]*$/.test(sql)) assert.deepEqual(got.sort(), want.sort(), sql);
    else assert.deepEqual(got, want, sql);
    assert.ok(spilled(db, sql) > 0, `${sql} spills`);
  }
});

test('many runs are merged in several passes', () => {
  using db = openSync(':memory:');
  db.exec("SET work_mem = '64kB'");
  const rows = db
    .prepare('SELECT (g::bigint * 48271) % 200003 v FROM generate_series(1, 200000) g ORDER BY v')
    .values();
  assert.equal(rows.length, 200_000);
  for (let i = 1; i < rows.length; i++) assert.ok((rows[i - 1]![0] as number) <= (rows[i]![0] as number));
});

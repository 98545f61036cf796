/** Skip scans give what whole scans give, and are taken where groups are few. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../index.ts';

const SKIPPED = [
  'SELECT DISTINCT city FROM t',
  'SELECT DISTINCT city AS a, city AS b FROM t',
  'SELECT DISTINCT city FROM t ORDER BY city DESC NULLS LAST LIMIT 3',
  "SELECT DISTINCT city FROM t WHERE city > 'city 3' OR city IS NULL",
  'SELECT DISTINCT kind, city FROM t',
  'SELECT city FROM t GROUP BY city',
  'SELECT city, max(v) FROM t GROUP BY city',
  'SELECT city, min(v), max(v), min(city) FROM t GROUP BY city HAVING min(v) > 3',
  'SELECT city, kind, min(v) FROM t GROUP BY kind, city',
  'SELECT count(DISTINCT city) FROM t',
  'SELECT count(DISTINCT city), min(city), max(city) FROM t WHERE city IS NOT NULL',
  'SELECT count(*), sum(m) FROM (SELECT city, max(v) m FROM t GROUP BY city) q',
  'SELECT grade, min(v), max(v) FROM t GROUP BY grade',
  'SELECT DISTINCT big FROM t',
];

/** Rows count, or columns that are not asked about whole groups. */
const NOT_SKIPPED = [
  'SELECT city, count(*) FROM t GROUP BY city',
  'SELECT city, sum(v) FROM t GROUP BY city',
  'SELECT DISTINCT city FROM t WHERE v > 5',
  'SELECT city, max(v) FILTER (WHERE v < 50) FROM t GROUP BY city',
  'SELECT DISTINCT city FROM t WHERE random() < 2',
  'SELECT DISTINCT v FROM t',
  'SELECT DISTINCT id FROM t',
  'SELECT downs, max(v) FROM t GROUP BY downs',
  'SELECT city, kind, count(DISTINCT v) FROM t GROUP BY city, kind',
];

function filled(): Database {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, city text, kind int, v int, grade int, downs int, big numeric);
    INSERT INTO t SELECT g, CASE WHEN g % 9 = 0 THEN NULL ELSE 'city ' || g % 9 END, g % 4,
      CASE WHEN g % 9 = 1 OR g % 5 = 0 THEN NULL ELSE (g * 7919) % 1000 END, g / 4000, g % 3, (g % 5) / 2.0
      FROM generate_series(1, 20000) g;
    CREATE INDEX ON t (city, v); CREATE INDEX ON t (kind DESC, city, v); CREATE INDEX ON t (grade, v) INCLUDE (city);
    CREATE INDEX ON t (downs, v DESC); CREATE INDEX ON t (big); ANALYZE t`);
  return db;
}

const sorted = (db: Database, sql: string): string[] =>
  db
    .prepare(sql)
    .values()
    .map((row) => JSON.stringify(row))
    .sort();

const isSkipping = (db: Database, sql: string): boolean =>
  db.prepare(`EXPLAIN ${sql}`).values().flat().join('\n').includes('Index Skip Scan');

test('with and without skipping', () => {
  using db = filled();
  for (const sql of SKIPPED) {
    assert.ok(isSkipping(db, sql), sql);
    const got = sorted(db, sql);
    db.exec('SET optimizer.rule.skip_scan = off');
    assert.ok(!isSkipping(db, sql), sql);
    assert.deepEqual(got, sorted(db, sql), sql);
    db.exec('SET optimizer.rule.skip_scan = on');
  }
  for (const sql of NOT_SKIPPED) assert.ok(!isSkipping(db, sql), sql);
});

/** Whether they are sorted or hashed again above the scan. */
const ORDERED: readonly (readonly [string, boolean])[] = [
  ['SELECT DISTINCT city FROM t ORDER BY city', false],
  ['SELECT DISTINCT city AS a, city AS b FROM t ORDER BY b', false],
  ['SELECT DISTINCT kind, city FROM t ORDER BY kind DESC, city', false],
  ['SELECT city, kind, min(v) FROM t GROUP BY kind, city ORDER BY kind DESC, city LIMIT 9', false],
  ['SELECT city, max(v) FROM t GROUP BY city HAVING max(v) > 3 ORDER BY city', false],
  ["SELECT DISTINCT city FROM t WHERE city > 'city 3' OR city IS NULL ORDER BY city OFFSET 2", false],
  ['SELECT DISTINCT city FROM t ORDER BY city DESC', true],
  ['SELECT DISTINCT city FROM t ORDER BY city NULLS FIRST', true],
  ['SELECT DISTINCT kind, city FROM t ORDER BY city, kind', true],
  ['SELECT kind FROM (SELECT DISTINCT city, kind FROM t) q ORDER BY city, kind', true],
];

test('groups come in the order of the index', () => {
  using db = filled();
  for (const [sql, isSorted] of ORDERED) {
    assert.ok(isSkipping(db, sql), sql);
    const plan = db.prepare(`EXPLAIN ${sql}`).values().flat().join('\n');
    assert.equal(/Sort|Hash/.test(plan), isSorted, plan);
    const got = db.prepare(sql).values();
    db.exec('SET optimizer.rule.skip_scan = off');
    assert.deepEqual(got, db.prepare(sql).values(), sql);
    db.exec('SET optimizer.rule.skip_scan = on');
  }
});

test('DISTINCT over a skip scan is left out where the index tells values apart as it does', () => {
  using db = filled();
  db.exec(`CREATE TABLE c (id int PRIMARY KEY, padded char(4), ok bool, day date, u uuid, part int);
    INSERT INTO c SELECT g, CASE WHEN g % 7 > 0 THEN 'a' || g % 7 END, g % 3 = 0, date '2024-01-01' + g % 5,
      ('00000000-0000-0000-0000-00000000000' || g % 6)::uuid, g % 4 FROM generate_series(1, 4000) g;
    CREATE INDEX ON c (padded); CREATE INDEX ON c (day, part); CREATE INDEX ON c (u); ANALYZE c`);
  const cases: readonly (readonly [string, boolean])[] = [
    ['SELECT DISTINCT city FROM t', true],
    ['SELECT DISTINCT city AS a, city AS b FROM t ORDER BY b', true],
    ['SELECT DISTINCT kind, city FROM t WHERE kind IN (1, 3)', true],
    ['SELECT DISTINCT day FROM c', true],
    ['SELECT DISTINCT part, day FROM c', true],
    ['SELECT DISTINCT u FROM c', true],
    ['SELECT count(*) FROM (SELECT DISTINCT u FROM c) q', true],
    [
      'SELECT * FROM (SELECT DISTINCT city FROM t) a JOIN (SELECT DISTINCT kind, city FROM t) b USING (city)',
      true,
    ],
    [
      'SELECT a.day, b.day FROM (SELECT DISTINCT day FROM c) a LEFT JOIN (SELECT DISTINCT day FROM c) b ON a.day < b.day',
      true,
    ],
    [
      'WITH w AS MATERIALIZED (SELECT DISTINCT city FROM t) SELECT * FROM w a JOIN w b USING (city) ORDER BY 1 DESC LIMIT 3',
      true,
    ],
    ['SELECT DISTINCT big FROM t', false],
    ['SELECT DISTINCT padded FROM c', false],
  ];
  for (const [sql, isLeftOut] of cases) {
    const plan = db.prepare(`EXPLAIN ${sql}`).values().flat().join('\n');
    assert.ok(isSkipping(db, sql), sql);
    assert.equal(!/Unique|HashAggregate/.test(plan), isLeftOut, plan);
    const got = sorted(db, sql);
    db.exec('SET optimizer.rule.skip_scan = off');
    assert.deepEqual(got, sorted(db, sql), sql);
    db.exec('SET optimizer.rule.skip_scan = on');
  }
});

test('what a transaction changed itself', () => {
  using db = filled();
  db.exec(
    "BEGIN; DELETE FROM t WHERE city = 'city 4'; INSERT INTO t (id, city, v) VALUES (30000, 'city 0', 99999), (30001, 'city 8', -1)",
  );
  const sql = 'SELECT city, min(v), max(v) FROM t GROUP BY city ORDER BY city';
  assert.ok(isSkipping(db, sql));
  const got = db.prepare(sql).values();
  db.exec('SET optimizer.rule.skip_scan = off');
  assert.deepEqual(got, db.prepare(sql).values());
  assert.deepEqual(got[0], ['city 0', 99999, 99999]);
  assert.equal(got.length, 9);
});

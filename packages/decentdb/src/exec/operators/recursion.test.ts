/** Recursions row by row give what they give by operators (EXPLAIN ANALYZE and larger rounds use those), in the same order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../index.ts';

const FORMS: readonly (readonly [sql: string, rows: number])[] = [
  ['WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 1000) SELECT n FROM t', 1000],
  ['WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT (n * 7) % 101 FROM t) SELECT n FROM t', 100],
  [
    "WITH RECURSIVE t(n, s) AS (SELECT 1, 'a'::text UNION ALL SELECT n + 1, left(s || n, 9) FROM t WHERE n < 50 AND s <> 'zz') SELECT n, s FROM t",
    50,
  ],
  // Rounds that grow beyond what goes row by row, and shrink again.
  [
    'WITH RECURSIVE t(n, k) AS (SELECT 1, 9 UNION ALL SELECT n * 2 + 1, k - 1 FROM t WHERE k > 0) SELECT n, k FROM t',
    10,
  ],
  [
    'WITH RECURSIVE t(n) AS (SELECT g FROM generate_series(1, 300) g UNION ALL SELECT n / 2 FROM t WHERE n > 1) SELECT n FROM t',
    2198,
  ],
  [
    'WITH RECURSIVE t(n, m) AS (SELECT NULL::int, 1 UNION SELECT n, (m + 1) % 5 FROM t) SELECT n, m FROM t',
    5,
  ],
  [
    'WITH RECURSIVE f(i, a, b) AS (SELECT 1, 0::numeric, 1::numeric UNION ALL SELECT i + 1, b, a + b FROM f WHERE i < 60) SELECT i, b FROM f',
    60,
  ],
  [
    'WITH RECURSIVE t(n) AS (SELECT 9007199254740990 UNION ALL SELECT n + 1 FROM t WHERE n < 9007199254740996) SELECT n FROM t',
    7,
  ],
  [
    'SELECT g, (WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < g) SELECT sum(n) FROM t) FROM generate_series(1, 20) g',
    20,
  ],
  [
    'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < (SELECT max(g) FROM generate_series(1, 30) g)) SELECT n FROM t',
    30,
  ],
];

/** Through the operators: what a term with a pointless join gives, which looks at more than one row. */
function byOperators(sql: string): string {
  return sql.replace(/ FROM (t|f)(?= WHERE|\)| \))/, ' FROM $1 CROSS JOIN (SELECT 1 OFFSET 0) AS one_row');
}

const valuesOf = (db: Database, sql: string): unknown[][] => db.prepare(sql).values();

test('row by row and by operators', () => {
  using db = openSync(':memory:');
  for (const [sql, rows] of FORMS) {
    const got = valuesOf(db, sql);
    assert.equal(got.length, rows, sql);
    const other = byOperators(sql);
    assert.notEqual(other, sql);
    assert.deepEqual(valuesOf(db, other), got, sql);
  }
});

test('a recursion goes no further than it is read', () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE n (id int); INSERT INTO n SELECT generate_series(1, 40)');
  const endless = 'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t)';
  assert.deepEqual(valuesOf(db, `${endless} SELECT n FROM t LIMIT 3`), [[1], [2], [3]]);
  assert.deepEqual(valuesOf(db, `${endless} SELECT EXISTS (SELECT FROM t WHERE n = 5000)`), [[true]]);
  const failing = 'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n * 100000 FROM t)';
  assert.deepEqual(valuesOf(db, `${failing} SELECT n FROM t LIMIT 2`), [[1], [100000]]);
  const walk =
    'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n.id FROM t JOIN n ON n.id = t.n % 40 + 1) SELECT count(*), sum(n) FROM (SELECT n FROM t LIMIT 80) q';
  assert.deepEqual(valuesOf(db, walk), [[80, 1640]]);
  // Two readers, one ahead of the other.
  const both = `${endless.replace('FROM t)', 'FROM t WHERE n < 5000)')} SELECT a.n FROM t a, (SELECT n FROM t WHERE n % 2000 = 0) b WHERE a.n = b.n + 1 ORDER BY 1`;
  assert.deepEqual(valuesOf(db, both), [[2001], [4001]]);
});

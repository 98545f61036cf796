/** Scans whose pages pass by the cache give what other scans give, and leave the cache as it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../../base/assert.ts';
import { type Database, openSync } from '../../index.ts';
import { random, testSeed } from '../expr.test.kit.ts';

const ROWS = 3000;
const QUERIES = process.env['DECENTDB_LONG_TESTS'] === '1' ? 25 : 5;
/** Few of some hundred pages. */
const CACHE_BYTES = 64 * 1024;

function filled(): Database {
  const db = openSync(':memory:', { cacheBytes: CACHE_BYTES });
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, n int, big int8, f float8, d numeric, p numeric(9, 2), s text, w text,
      code text COLLATE "C", b bytea, j jsonb, a int[], u uuid, ok bool, at timestamp);
    INSERT INTO t SELECT g, CASE WHEN g % 11 <> 0 THEN (g * 7919) % 1000 END, CASE WHEN g % 97 = 0 THEN 9007199254740993 ELSE g END,
      (g * 31 % 1000) / 8.0, CASE WHEN g % 3 = 0 THEN g / 7.0 END, g / 100.0, 'text ' || (g * 131) % 5000, 'wörd ' || chr(300 + g % 50) || g,
      'c' || g % 40, decode(md5(g::text), 'hex'), jsonb_build_object('k', g % 10, 'of', 'value ' || g), ARRAY[g, g % 5],
      md5(g::text)::uuid, g % 7 = 0, timestamp '2020-01-01' + g * interval '1 minute' FROM generate_series(1, ${ROWS}) g;
    CREATE INDEX t_n ON t (n, id); CREATE INDEX t_code ON t (code, p);
    ALTER TABLE t ADD COLUMN later text DEFAULT 'since then'; ANALYZE t`);
  db.checkpoint();
  return db;
}

const AGGREGATES = [
  'count(*)',
  'sum(n)',
  'sum(big)',
  'max(big)',
  'avg(f)',
  'min(f)',
  'sum(d)',
  'max(d)',
  'min(p)',
  'min(s)',
  'max(w)',
  'max(s COLLATE "C")',
  'min(b)',
  'max(b)',
  'max(at)',
  'min(later)',
  'bool_or(ok)',
  'count(DISTINCT s)',
  'count(DISTINCT code)',
  'count(DISTINCT b)',
  'max(a)',
  'min(u::text)',
  "string_agg(w, '' ORDER BY id)",
  '(array_agg(b ORDER BY f DESC, id))[1:5]',
  '(array_agg(j ORDER BY n, id))[1:5]',
  '(array_agg(a ORDER BY s, id))[1:5]',
  "max(j ->> 'of')",
  'percentile_disc(0.3) WITHIN GROUP (ORDER BY s)',
  'mode() WITHIN GROUP (ORDER BY p)',
];
const KEYS = [
  'n % 20',
  'code',
  'ok, code',
  "j -> 'k'",
  'f',
  'd',
  'a[2]',
  'later',
  's',
  'b',
  'substr(w, 6, 1)',
  'big % 10',
];
const FILTERS = [
  'true',
  'n > 500',
  "s LIKE '%99%'",
  "w LIKE '%ĭ%'",
  'n = 17',
  "code IN ('c1', 'c5')",
  'id BETWEEN 100 AND 2500',
  'b IS NOT NULL AND f > 3',
  'n BETWEEN 3 AND 900',
  "later = 'since then' AND d IS NULL",
  'id % 500 = 3',
];

const SORTS = ['n', 'f DESC', 's', 'w DESC', 'b', 'd DESC', 'code', 'length(w) + n', 'p DESC', 'a DESC'];

/** Rows of a chunk come from leaves so far apart that the first would have passed by when the last is met. */
const FAR_APART = "SELECT j -> 'k', count(*), min(b) FROM t WHERE s LIKE '%99%' GROUP BY 1";

/** A random aggregation or sort of the whole table, or much of it. */
function query(next: () => number): string {
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const aggregates = Array.from({ length: 1 + Math.floor(next() * 3) }, () => one(AGGREGATES));
  const where = next() < 0.6 ? `WHERE ${one(FILTERS)}` : '';
  if (next() < 0.3) {
    const order = `${one(SORTS)}, id`;
    return `SELECT id, s, b, d, j FROM t ${where} ORDER BY ${order} ${next() < 0.7 ? 'LIMIT 9 OFFSET 2' : ''}`;
  }
  if (next() < 0.3) return `SELECT ${aggregates.join(', ')} FROM t ${where}`;
  const keys = one(KEYS);
  return `SELECT ${keys}, ${aggregates.join(', ')} FROM t ${where} GROUP BY ${keys}`;
}

function answer(db: Database, sql: string, isPassing: boolean): string {
  db.exec(`SET optimizer.rule.passing_scan = ${isPassing ? 'on' : 'off'}`);
  const rows = db.prepare(sql).values();
  return rows
    .map((row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)))
    .sort()
    .join('\n');
}

for (const isChecked of [true, false])
  test(`with and without pages that pass by, ${isChecked ? 'what has passed poisoned' : 'unchecked'}`, () => {
    using db = filled();
    const next = random(testSeed());
    const was = setVerify(isChecked);
    try {
      for (let i = 0; i <= QUERIES; i++) {
        const sql = i === 0 ? FAR_APART : query(next);
        const expected = answer(db, sql, false);
        assert.equal(answer(db, sql, true), expected, sql);
      }
    } finally {
      setVerify(was);
    }
  });

test('leaves of a chunk stay while ranges without rows are walked to', () => {
  using db = openSync(':memory:', { cacheBytes: CACHE_BYTES });
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, a int, b int, w text);
    INSERT INTO t SELECT g * 2, g * 7919 % 100003, g * 104729 % 1000003, md5(g::text) FROM generate_series(1, ${ROWS}) g; ANALYZE`);
  db.checkpoint();
  const missing = Array.from({ length: 40 }, (_, i) => 4001 + i * 50);
  const sql = `SELECT a % 3, sum(a), sum(b) FROM t WHERE id BETWEEN 2 AND 2600 OR id IN (${missing}) GROUP BY 1`;
  const was = setVerify(true);
  try {
    const expected = answer(db, sql, false);
    assert.equal(answer(db, sql, true), expected);
  } finally {
    setVerify(was);
  }
});

test('pages that pass by move few others out', () => {
  using db = filled();
  const was = setVerify(false);
  try {
    const evictions = (isPassing: boolean): number => {
      const before = db.stats().cache.evictions;
      answer(db, 'SELECT sum(n), max(f) FROM t', isPassing);
      return db.stats().cache.evictions - before;
    };
    const usual = evictions(false);
    const passing = evictions(true);
    assert.ok(usual > 20, `${usual}`);
    assert.ok(passing * 4 < usual, `${passing} of ${usual}`);
  } finally {
    setVerify(was);
  }
});

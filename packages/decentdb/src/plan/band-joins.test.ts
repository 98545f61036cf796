/** How many rows a join by a band (`BETWEEN x AND x + 1`) is guessed to give. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../index.ts';

test('bounds that are a distance apart let as many values through as lie in it', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE a (id int PRIMARY KEY, at int, day date); CREATE TABLE b (id int PRIMARY KEY, at int, day date);
    INSERT INTO a SELECT g, g * 3 % 3000, date '2024-01-01' + g % 900 FROM generate_series(1, 1000) g;
    INSERT INTO b SELECT g, g % 3000, date '2024-01-01' + g % 900 FROM generate_series(1, 3000) g; ANALYZE`);
  for (const [on, least, most] of [
    ['b.at BETWEEN a.at AND a.at + 1', 500, 6000],
    ['b.at BETWEEN a.at - 30 AND a.at + 29', 30_000, 120_000],
    ['b.at > a.at AND b.at < a.at + 300', 150_000, 600_000],
    ['b.day BETWEEN a.day AND a.day + 9', 15_000, 70_000],
    ['b.at BETWEEN a.at AND a.id', 10_000, 400_000],
  ] as const) {
    const plan = db.explain(`SELECT * FROM a JOIN b ON ${on}`);
    const rows = Number(/rows=(\d+)/.exec(plan)?.[1]);
    assert.ok(rows >= least && rows <= most, `${on}: ${rows}\n${plan}`);
  }
});

test('where the greatest value is NaN or a distance is infinite, a guess is a number all the same', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t (k float8, n int, v text); CREATE INDEX ON t (n, k); CREATE INDEX ON t (k);
    INSERT INTO t SELECT CASE WHEN g % 9 = 0 THEN 'NaN' ELSE g::float8 END, g % 7, g FROM generate_series(1, 300) g; ANALYZE`);
  const rows = db.query(
    'SELECT DISTINCT k FROM t WHERE k BETWEEN $1 AND $1 OR n = $2 ORDER BY k DESC LIMIT 2',
    [5, 1],
  ).rows;
  assert.deepEqual(rows, [{ k: Number.NaN }, { k: 295 }]);
  for (const bounds of ['$1 AND $1', "$1 AND $1 + 'Infinity'::float8", "$1 - 'NaN'::float8 AND $1"])
    assert.doesNotMatch(db.explain(`SELECT v FROM t WHERE k BETWEEN ${bounds}`, [5]), /NaN width/);
});

/** How many rows a join of columns with common values is thought to give. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../index.ts';

/** Distributions of a column over 4000 rows, as SQL. */
const KINDS = {
  'nine of ten the same': 'CASE WHEN g % 10 > 0 THEN 7 ELSE g END',
  'the same nine of ten, other rest': 'CASE WHEN g % 10 > 0 THEN 7 ELSE -g END',
  'another value nine of ten': 'CASE WHEN g % 10 > 0 THEN 8 ELSE g END',
  'three common ones and NULLs':
    'CASE g % 8 WHEN 0 THEN NULL WHEN 1 THEN 1 WHEN 2 THEN 7 WHEN 3 THEN 8 ELSE g END',
  even: 'g % 50',
  unique: 'g',
};

test('a join of skewed columns is guessed within a factor of five, or both are under a thousandth of the pairs', () => {
  using db = openSync(':memory:');
  const names = Object.keys(KINDS);
  const columns = Object.values(KINDS).map((sql, i) => `${sql} AS c${i}`);
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, ${names.map((_, i) => `c${i} int`).join(', ')});
    INSERT INTO t SELECT g, ${columns.join(', ')} FROM generate_series(1, 4000) g; ANALYZE;
    CREATE TABLE u AS SELECT * FROM t; ANALYZE`);
  for (let a = 0; a < names.length; a++)
    for (let b = a; b < names.length; b++) {
      const sql = `SELECT 1 FROM t JOIN u ON t.c${a} = u.c${b}`;
      const [text] = db.prepare(`EXPLAIN (FORMAT JSON) ${sql}`).values()[0] ?? [];
      const guessed =
        (JSON.parse(String(text)) as { Plan: { 'Plan Rows': number } }[])[0]?.Plan['Plan Rows'] ?? 0;
      const rows = Number(db.prepare(`SELECT count(*) FROM (${sql}) q`).values()[0]?.[0]);
      const ratio = Math.max(guessed / rows, rows / guessed);
      assert.ok(
        ratio < 5 || Math.max(guessed, rows) < 16_000,
        `${names[a]} / ${names[b]}: ${guessed}, are ${rows}`,
      );
    }
});

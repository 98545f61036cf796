/** What aggregates hold on to is counted, so that a statement fails before one value fills the memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

test('values that grow are counted', () => {
  using db = openSync(':memory:');
  db.exec("SET work_mem = '64kB'");
  const kilobytes = (sql: string): number => {
    const lines = db.prepare(`EXPLAIN (ANALYZE) ${sql}`).values().flat().map(String);
    return Number(/^Memory: (\d+) kB/m.exec(lines.join('\n'))?.[1] ?? 0);
  };
  const from = 'FROM generate_series(1, 20000) g';
  for (const sql of [
    `SELECT string_agg(repeat('x', 90), ',') ${from}`,
    `SELECT array_agg(repeat('x', 90)) ${from}`,
    `SELECT json_agg(repeat('x', 90)) ${from}`,
    `SELECT jsonb_object_agg(g, repeat('x', 90)) ${from}`,
  ])
    assert.ok(kilobytes(sql) > 1800, `${sql}: ${kilobytes(sql)} kB`);
});

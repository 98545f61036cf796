/** Aggregates over many chunks made in the same memory give what JavaScript makes of the rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';
import { random, testSeed } from '../expr.test.kit.ts';

test('what aggregates keep of a chunk is still right after the next one', () => {
  const next = random(testSeed());
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, a int, f float8, n numeric(8, 2), s text)');
  const rows: { id: number; a: number; f: number; s: string }[] = [];
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3, $4, $5)');
  db.exec('BEGIN');
  for (let id = 0; id < 12_000; id++) {
    const row = {
      id,
      a: Math.floor(next() * 50),
      f: Math.floor(next() * 1000) / 8,
      s: `s${Math.floor(next() * 3000)}`,
    };
    rows.push(row);
    insert.run(row.id, row.a, row.f, (row.a / 100).toFixed(2), row.s);
  }
  db.exec('COMMIT; ANALYZE');
  for (const least of [0, 25, 49]) {
    const kept = rows.filter((row) => row.a >= least);
    const groups = grouped(kept);
    const wanted = [...groups]
      .sort(([a], [b]) => a - b)
      .map(([a, of]) => [
        a,
        of.length,
        of.reduce((sum, row) => sum + row.f, 0),
        Math.min(...of.map((row) => row.f)),
        of.map((row) => row.s).reduce((x, y) => (x > y ? x : y)),
        new Set(of.map((row) => row.f)).size,
        of.map((row) => row.id).slice(0, 4),
      ]);
    const found = db
      .prepare(
        `SELECT a, count(*), sum(f), min(f), max(s COLLATE "C"), count(DISTINCT f), (array_agg(id ORDER BY id))[1:4]
         FROM t WHERE a >= $1 GROUP BY a ORDER BY a`,
      )
      .values(least);
    assert.deepEqual(found, wanted);
    const total = db
      .prepare('SELECT count(*), sum(id), sum(n) * 100 = sum(a) FROM t WHERE a >= $1')
      .values(least);
    assert.deepEqual(total, [[kept.length, kept.reduce((sum, row) => sum + row.id, 0), true]]);
  }
});

function grouped<T extends { a: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.a);
    if (group === undefined) groups.set(row.a, [row]);
    else group.push(row);
  }
  return groups;
}

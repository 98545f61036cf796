/** Lateral joins and correlated subqueries over many rows: results kept by outer values, or not when values hardly repeat. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

test('outer values that repeat, and that do not', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE u (id int, k int); INSERT INTO u SELECT g, CASE WHEN g < 6000 THEN g ELSE g % 7 END FROM generate_series(1, 9000) g;
    CREATE TABLE o (u int, v int); INSERT INTO o SELECT g % 3000, g FROM generate_series(1, 9000) g; CREATE INDEX ON o (u)`);
  const kept = new Map<number, number[]>();
  for (const [u, v] of db.prepare('SELECT u, v FROM o ORDER BY v').values() as [number, number][]) {
    const list = kept.get(u) ?? [];
    kept.set(u, list);
    list.push(v);
  }
  const rows = db.prepare('SELECT id, k FROM u ORDER BY id').values() as [number, number][];
  const two = rows.flatMap(([id, k]) => (kept.get(k) ?? []).slice(0, 2).map((v) => [id, v]));
  const lateral = 'CROSS JOIN LATERAL (SELECT v FROM o WHERE o.u = u.k ORDER BY v LIMIT 2) l';
  assert.deepEqual(db.prepare(`SELECT id, v FROM u ${lateral}`).values(), two);
  assert.deepEqual(db.prepare(`SELECT id, v FROM u ${lateral} LIMIT 3`).values(), two.slice(0, 3));
  const left = rows.flatMap(([id, k]) => {
    const found = (kept.get(k) ?? []).filter((v) => v % 2 === 0).slice(0, 1);
    return found.length === 0 ? [[id, null]] : found.map((v) => [id, v]);
  });
  const leftSql =
    'SELECT id, v FROM u LEFT JOIN LATERAL (SELECT v FROM o WHERE o.u = u.k AND v % 2 = 0 ORDER BY v LIMIT 1) l ON true';
  assert.deepEqual(db.prepare(leftSql).values(), left);
  const scalar = rows.map(([id, k]) => [id, (kept.get(k) ?? []).filter((v) => v > id).length]);
  const scalarSql = 'SELECT id, (SELECT count(*) FROM o WHERE o.u = u.k AND o.v > u.id) FROM u';
  assert.deepEqual(db.prepare(scalarSql).values(), scalar);
  const first = rows.map(([id, k]) => [id, kept.get(k)?.[0] ?? null]);
  const firstSql = 'SELECT id, (SELECT v FROM o WHERE o.u = u.k ORDER BY v LIMIT 1) FROM u';
  assert.deepEqual(db.prepare(firstSql).values(), first);
});

/** Scalar subqueries that show columns of the enclosing row are NULL where they find nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

test('what a subquery makes of the outer row alone is NULL without a match', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, k int);
    INSERT INTO t SELECT g, g % 4 FROM generate_series(1, 8) g;
    CREATE TABLE u (id int, w int);
    INSERT INTO u VALUES (1, 1), (3, NULL), (5, 7)`);
  const values: readonly (readonly [string, readonly unknown[]])[] = [
    ['SELECT t.k WHERE t.k > 1', [null, 2, 3, null, null, 2, 3, null]],
    ['SELECT t.k FROM u WHERE u.id = t.id', [1, null, 3, null, 1, null, null, null]],
    ['SELECT coalesce(u.w, t.k) FROM u WHERE u.id = t.id', [1, null, 3, null, 7, null, null, null]],
    [
      'SELECT u.w IS DISTINCT FROM t.k FROM u WHERE u.id = t.id',
      [false, null, true, null, true, null, null, null],
    ],
    ['SELECT u.w + t.k FROM u WHERE u.id = t.id', [2, null, null, null, 8, null, null, null]],
    ['SELECT z FROM (SELECT t.k * 2 AS z) q WHERE z > 4', [null, null, 6, null, null, null, 6, null]],
    ['SELECT count(*) + t.k FROM u WHERE u.id = t.id', [2, 2, 4, 0, 2, 2, 3, 0]],
  ];
  for (const rule of ['on', 'off']) {
    db.exec(`SET optimizer.rule.unnest_subqueries = ${rule}`);
    for (const [sql, wanted] of values)
      assert.deepEqual(
        db.prepare(`SELECT (${sql}) FROM t ORDER BY t.id`).values().flat(),
        wanted,
        `${sql} ${rule}`,
      );
  }
  db.close();
});

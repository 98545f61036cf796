/** Extremes of values that are equal and yet told apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

test('of 0 and -0 the last one met is the extreme, in groups and windows alike', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int, f float8, s real);
    INSERT INTO t VALUES (1, -0.0::float8, -0.0::real), (1, 0, 0), (2, 0, 0), (2, -0.0::float8, -0.0::real), (2, NULL, NULL), (3, 'NaN', 'NaN'), (3, 1, 1)`);
  const extremes = 'min(f)::text AS a, max(f)::text AS b, min(s)::text AS c, max(s)::text AS d';
  const { rows } = db.query(`SELECT id, ${extremes} FROM t GROUP BY id ORDER BY id`);
  assert.deepEqual(rows, [
    { id: 1, a: '0', b: '0', c: '0', d: '0' },
    { id: 2, a: '-0', b: '-0', c: '-0', d: '-0' },
    { id: 3, a: '1', b: 'NaN', c: '1', d: 'NaN' },
  ]);
  const moving =
    'SELECT DISTINCT id, (min(f) OVER w)::text AS a, (max(f) OVER w)::text AS b FROM t WINDOW w AS (PARTITION BY id) ORDER BY id';
  assert.deepEqual(
    db.query(moving).rows,
    rows.map(({ id, a, b }) => ({ id, a, b })),
  );
  db.close();
});

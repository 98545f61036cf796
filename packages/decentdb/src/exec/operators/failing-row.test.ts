/** A row that fails is no error where nobody asks for it; where somebody does, the rows before it have come. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';

/** Row 5 of t divides by zero, row 5000 is no number. */
function filled(): ReturnType<typeof openSync> {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, x int, g int, s text);
    INSERT INTO t SELECT i, CASE WHEN i = 5 THEN 0 ELSE i END, i % 3, CASE WHEN i = 5000 THEN 'none' ELSE i::text END
      FROM generate_series(1, 6000) i;
    CREATE INDEX t_g ON t (g, id);
    CREATE TABLE few (id int PRIMARY KEY, x int);
    INSERT INTO few VALUES (1, 2), (2, 1), (3, 0)`);
  return db;
}

const answered: readonly (readonly [sql: string, rows: readonly (readonly unknown[])[]])[] = [
  ['SELECT 10/x FROM t ORDER BY id LIMIT 2', [[10], [5]]],
  ['SELECT 10/x FROM t WHERE g = 2 ORDER BY id LIMIT 1', [[5]]],
  ['SELECT 10/x FROM t WHERE id > 3 ORDER BY id LIMIT 1', [[2]]],
  ['SELECT 10/x FROM t ORDER BY id OFFSET 1 LIMIT 2', [[5], [3]]],
  ['SELECT q FROM (SELECT 10/x AS q FROM t ORDER BY id) s LIMIT 4', [[10], [5], [3], [2]]],
  ['SELECT a.id, 10/a.x FROM t a JOIN t b ON a.id = b.id ORDER BY a.id LIMIT 1', [[1, 10]]],
  ['SELECT id FROM t WHERE 10/x > 2 ORDER BY id LIMIT 3', [[1], [2], [3]]],
  ['SELECT id FROM t WHERE 10/x > 1 AND g = 1 ORDER BY id LIMIT 1', [[1]]],
  ['SELECT EXISTS (SELECT 10/x FROM t)', [[true]]],
  ['SELECT 10/x FROM t UNION ALL SELECT 1 LIMIT 2', [[10], [5]]],
  ['SELECT s::int FROM t ORDER BY id OFFSET 4997 LIMIT 2', [[4998], [4999]]],
  ['SELECT id FROM t WHERE s::int > 4998 ORDER BY id LIMIT 1', [[4999]]],
  ['SELECT 10/x FROM few ORDER BY id LIMIT 2', [[5], [10]]],
  ['SELECT 10/x FROM few WHERE id IN (1, 2, 3) ORDER BY id LIMIT 2', [[5], [10]]],
];

const failing: readonly (readonly [sql: string, code: string])[] = [
  ['SELECT 10/x FROM t ORDER BY id LIMIT 5', '22012'],
  ['SELECT id FROM t WHERE 10/x > 1 ORDER BY id LIMIT 5', '22012'],
  ['SELECT id FROM t WHERE 10/x < 0 LIMIT 1', '22012'],
  ['SELECT s::int FROM t ORDER BY id OFFSET 4998 LIMIT 2', '22P02'],
  ['SELECT sum(10/x) FROM t', '22012'],
  ['SELECT 10/x FROM few WHERE id IN (1, 2, 3) ORDER BY id', '22012'],
  ['SELECT 10/x, s::int FROM t WHERE id IN (5, 5000) ORDER BY id', '22012'],
];

test('rows that a limit leaves out do not fail', () => {
  const db = filled();
  for (const [sql, rows] of answered)
    assert.deepEqual(db.query(sql, [], { rowMode: 'array' }).rows, rows, sql);
  db.close();
});

test('rows that are wanted fail with the error of the first', () => {
  const db = filled();
  for (const [sql, code] of failing) assert.throws(() => db.query(sql), { code }, sql);
  assert.equal(db.query('SELECT count(*) AS n FROM t').rows[0]?.['n'], 6000);
  db.close();
});

test('rows before the one that fails come out one by one', () => {
  const db = filled();
  const seen: unknown[] = [];
  const read = (): void => {
    for (const row of db.prepare('SELECT id, 10/x AS q FROM t ORDER BY id').iterate()) seen.push(row);
  };
  assert.throws(read, { code: '22012' });
  assert.equal(seen.length, 4);
  db.close();
});

test('what does something besides is evaluated once', () => {
  const db = filled();
  db.exec('CREATE SEQUENCE q');
  assert.throws(() => db.query("SELECT nextval('q'), 10/x FROM t WHERE id < 9"), { code: '22012' });
  assert.equal(db.query("SELECT nextval('q') AS n").rows[0]?.['n'], 6);
  db.close();
});

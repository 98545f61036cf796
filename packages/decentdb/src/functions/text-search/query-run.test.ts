/** ts_stat and ts_rewrite: what their queries give, and what they refuse. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';

test('ts_stat counts the vectors of a query, as they are within the transaction', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE d (id integer, v tsvector);
    INSERT INTO d VALUES (1, 'a:1A b:2,3'), (2, 'a:1'), (3, NULL), (4, ''), (5, 'c b')`);
  const rows = (call: string): unknown[][] =>
    db.query<unknown[]>(`SELECT * FROM ${call}`, [], { rowMode: 'array' }).rows;
  assert.deepEqual(rows(`ts_stat('SELECT v FROM d')`), [
    ['a', 2, 2],
    ['b', 2, 3],
    ['c', 1, 1],
  ]);
  assert.deepEqual(rows(`ts_stat('SELECT v FROM d', 'ab')`), [['a', 1, 1]]);
  db.exec(`BEGIN; INSERT INTO d VALUES (6, 'new:1')`);
  assert.equal(rows(`ts_stat('SELECT v FROM d') WHERE word = 'new'`).length, 1);
  db.exec('ROLLBACK');
  assert.equal(rows(`ts_stat('SELECT v FROM d') WHERE word = 'new'`).length, 0);
  for (const [sql, code] of [
    ['SELECT id FROM d', '22023'],
    ['SELECT v, v FROM d', '22023'],
    ['SELECT v FROM nowhere', '42P01'],
    ['SELEC', '42601'],
    ['', '42P11'],
    ['SELECT v FROM d; SELECT v FROM d', '42P11'],
    ['DELETE FROM d', '0A000'],
  ] as const)
    assert.throws(() => rows(`ts_stat('${sql}')`), { code }, sql);
  assert.deepEqual(rows(`unnest('cat:3 fat:2A,4'::tsvector)`), [
    ['cat', [3], ['D']],
    ['fat', [2, 4], ['A', 'D']],
  ]);
  db.close();
});

test('ts_rewrite replaces parts of queries, in the order PostgreSQL gives them', () => {
  const db = openSync(':memory:');
  db.exec(
    `CREATE TABLE alias (t tsquery, s tsquery); INSERT INTO alias VALUES ('a', 'c'), ('c & d', 'e | f')`,
  );
  for (const [call, wanted] of [
    [`ts_rewrite('a & b'::tsquery, 'a'::tsquery, 'c|d'::tsquery)`, `'b' & ( 'c' | 'd' )`],
    [`ts_rewrite('a & b & c'::tsquery, 'c & a'::tsquery, 'x <-> y'::tsquery)`, `'b' & 'x' <-> 'y'`],
    [`ts_rewrite('a & b'::tsquery, 'b'::tsquery, ''::tsquery)`, `'a'`],
    [`ts_rewrite('a'::tsquery, 'a'::tsquery, ''::tsquery)`, ''],
    [`ts_rewrite('a & b'::tsquery, ''::tsquery, 'c'::tsquery)`, `'a' & 'b'`],
    [`ts_rewrite('a & b'::tsquery, 'SELECT t, s FROM alias WHERE false')`, `'b' & 'a'`],
    [
      `ts_rewrite('b & a & c'::tsquery, 'SELECT ''a''::tsquery, ''c & d''::tsquery')`,
      `'c' & 'b' & 'c' & 'd'`,
    ],
    [`ts_rewrite('a & d'::tsquery, 'SELECT t, s FROM alias')`, `'c' & 'd'`],
    [`ts_rewrite('c & d'::tsquery, 'SELECT t, s FROM alias')`, `'f' | 'e'`],
  ] as const)
    assert.equal(
      db.query<[string]>(`SELECT ${call}::text`, [], { rowMode: 'array' }).rows[0]?.[0],
      wanted,
      call,
    );
  assert.throws(() => db.query(`SELECT ts_rewrite('a'::tsquery, 'SELECT 1, 2')`), { code: '22023' });
  db.close();
});

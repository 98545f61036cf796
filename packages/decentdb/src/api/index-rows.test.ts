/** The short path of reads by an index key against the same statement run by operators. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../index.ts';

const sorted = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

test('rows of an index key are the same on the short path', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer, name text, big text);
    CREATE INDEX t_a ON t (a); CREATE INDEX t_ba ON t (b, a);
    CREATE TABLE h (a bigint, note text); CREATE INDEX h_a ON h (a)`);
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3, $4, $5)');
  db.exec('BEGIN');
  for (let i = 1; i <= 4000; i++)
    insert.run(
      i,
      i % 17 === 0 ? null : (i * 7919) % 300,
      i % 40,
      `name ${i % 9}`,
      i % 500 === 0 ? 'x'.repeat(9000) : `${i}`,
    );
  const hidden = db.prepare('INSERT INTO h VALUES ($1, $2)');
  for (let i = 1; i <= 900; i++) hidden.run(i % 50 === 0 ? 2n ** 60n : i % 90, `note ${i}`);
  db.exec('COMMIT; ANALYZE');
  const byA = db.prepare('SELECT * FROM t WHERE a = $1');
  const some = db.prepare('SELECT big, id FROM t WHERE a = $1');
  const byB = db.prepare('SELECT id, a FROM t WHERE b = $1');
  const both = db.prepare('SELECT name FROM t WHERE b = $1 AND a = $2');
  const inHidden = db.prepare('SELECT note, a FROM h WHERE a = $1');
  const check = (): void => {
    for (const key of [0, 1, 7, 150, 299, 300, -1, null]) {
      for (const statement of [byA, some, byB, inHidden])
        assert.deepEqual(
          sorted(statement.all(key)),
          sorted([...statement.iterate(key)]),
          `${statement} ${key}`,
        );
      assert.deepEqual(db.query('SELECT * FROM t WHERE a = $1', [key]).rows, byA.all(key));
      assert.deepEqual(sorted(both.all(key, 20)), sorted([...both.iterate(key, 20)]));
    }
    assert.deepEqual(inHidden.all(2n ** 60n), [...inHidden.iterate(2n ** 60n)]);
  };
  check();
  assert.equal(byA.all(7).length > 5, true);
  assert.deepEqual(byA.raw().all(7), [...byA.iterate(7)]);
  assert.deepEqual(some.pluck().all(7), [...some.iterate(7)]);
  byA.raw(false);
  some.pluck(false);
  // A transaction sees its own rows, and not those it rolled back.
  db.exec(
    'BEGIN; INSERT INTO t SELECT 5000 + i, 7, 3, $$n$$, $$b$$ FROM generate_series(1, 100) i; SAVEPOINT s',
  );
  db.exec('DELETE FROM t WHERE a = 150; UPDATE t SET a = 299 WHERE a = 1');
  check();
  assert.equal(byA.all(150).length, 0);
  db.exec('ROLLBACK TO s');
  check();
  db.exec('ROLLBACK');
  check();
  db.exec('DROP INDEX t_a');
  check();
  db.close();
});

/** Data-modifying WITH: all parts read the state before the statement; answers as PostgreSQL gives them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

const SETUP = `CREATE TABLE t(id int primary key, x int); INSERT INTO t VALUES (1,10),(2,20),(3,30);
  CREATE TABLE u(id int primary key, t int REFERENCES t ON DELETE CASCADE); INSERT INTO u VALUES (1,1),(2,2);
  CREATE TABLE log(id int);`;

function check(sql: string, rows: readonly (readonly unknown[])[] | string, t?: string): void {
  using db = openSync(':memory:');
  db.exec(SETUP);
  if (typeof rows === 'string') {
    assert.throws(() => db.prepare(sql).values(), { code: rows }, sql);
  } else {
    assert.deepEqual(db.prepare(sql).values(), rows, sql);
  }
  if (t === undefined) return;
  const left = db.prepare('SELECT id, x FROM t ORDER BY id').values();
  assert.equal(left.map((row) => row.join(':')).join(' '), t, sql);
}

test('the body reads the state before, RETURNING passes rows', () => {
  check(
    'WITH a AS (UPDATE t SET x = x + 1 RETURNING x) SELECT (SELECT sum(x) FROM t) s, (SELECT sum(x) FROM a) n',
    [[60, 63]],
    '1:11 2:21 3:31',
  );
  check(
    'WITH i AS (INSERT INTO t VALUES (4, 40) RETURNING *) SELECT * FROM t UNION ALL SELECT * FROM i ORDER BY 1',
    [
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
    ],
  );
  check('WITH i AS (INSERT INTO t VALUES (4, 40)) DELETE FROM t RETURNING id', [[1], [2], [3]], '4:40');
  check('WITH d AS (DELETE FROM t) SELECT count(*) FROM u', [[2]], '');
});

test('parts read each other, and run once whether read or not', () => {
  check(
    'WITH a AS (INSERT INTO log VALUES (1) RETURNING id), b AS (INSERT INTO log SELECT id + 1 FROM a RETURNING id) ' +
      'SELECT (SELECT count(*) FROM log) c, (SELECT id FROM b) b',
    [[0, 2]],
  );
  check(
    'WITH a AS (INSERT INTO log SELECT g FROM generate_series(1, 5) g RETURNING id) SELECT id FROM a LIMIT 2',
    [[1], [2]],
  );
});

test('a row is changed by one part only', () => {
  check(
    'WITH a AS (UPDATE t SET x = 1 WHERE id = 1 RETURNING x), b AS (UPDATE t SET x = 2 WHERE id = 1 RETURNING x) SELECT 1',
    [[1]],
    '1:2 2:20 3:30',
  );
  check(
    'WITH d AS (DELETE FROM t WHERE id < 3 RETURNING id) UPDATE t SET x = x + (SELECT count(*) FROM d) RETURNING id',
    [[3]],
    '3:32',
  );
  check(
    'WITH i AS (INSERT INTO t VALUES (5, 5) RETURNING id) INSERT INTO t SELECT id, 6 FROM i ON CONFLICT (id) DO UPDATE SET x = 0',
    '21000',
    '1:10 2:20 3:30',
  );
});

test('constraints see what the other parts did', () => {
  check('WITH d AS (DELETE FROM t WHERE id = 1 RETURNING *) INSERT INTO t SELECT * FROM d RETURNING id', [
    [1],
  ]);
  check('WITH i AS (INSERT INTO t VALUES (4, 40)) INSERT INTO t VALUES (4, 41)', '23505', '1:10 2:20 3:30');
});

test('inside a transaction, an error takes all parts back', () => {
  using db = openSync(':memory:');
  db.exec(SETUP);
  db.exec('BEGIN; INSERT INTO t VALUES (9, 9)');
  assert.throws(() => db.exec('WITH i AS (INSERT INTO t VALUES (8, 8)) UPDATE t SET x = x / (id - 9)'), {
    code: '22012',
  });
  db.exec('WITH i AS (INSERT INTO t VALUES (7, 7)) UPDATE t SET x = 0 WHERE id = 9');
  db.exec('COMMIT');
  assert.deepEqual(db.prepare('SELECT id, x FROM t WHERE id > 3 ORDER BY id').values(), [
    [7, 7],
    [9, 0],
  ]);
});

/** Subqueries of a select list computed for the rows that LIMIT left: those rows are in the order asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

test('rows under LIMIT keep their order when their subqueries are joined', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, a int, n int);
    CREATE TABLE u (id int PRIMARY KEY, a int, v int);
    INSERT INTO t SELECT g, g * 7919 % 1003, g * 31 % 801 FROM generate_series(1, 1000) g;
    INSERT INTO u SELECT g, g % 1500, g % 10 FROM generate_series(1, 8000) g;
    ANALYZE`);
  const order = db.prepare('SELECT id FROM t ORDER BY n, id LIMIT 200 OFFSET 3').values();
  for (const value of [
    '(SELECT count(*) FROM u WHERE u.a = t.a)',
    '(SELECT max(v) FROM u WHERE u.a = t.a)',
    'EXISTS (SELECT 1 FROM u WHERE u.a = t.a AND u.v > t.id % 7)',
    '(SELECT v FROM u WHERE u.id = t.a)',
  ]) {
    const sql = `SELECT id, ${value} FROM t ORDER BY n, id LIMIT 200 OFFSET 3`;
    for (const memory of ['256MB', '64kB']) {
      db.exec(`SET work_mem = '${memory}'`);
      assert.deepEqual(
        db
          .prepare(sql)
          .values()
          .map((row) => row.slice(0, 1)),
        order,
        sql,
      );
    }
  }
});

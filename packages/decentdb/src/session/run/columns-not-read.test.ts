/**
 * Corpus: definitions of a table are compared with a query that does not read every column they speak of. The number of such a column
 * in the definition was taken for that of another column of the query, and a partial index that lacks rows was used.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';

const count = (db: Database, sql: string, params: unknown[] = []): number =>
  (db.query(sql, params).rows[0] as { n: number }).n;

const LAYOUTS = ['lack int, x float8, a int', 'a int, lack int, x float8', 'x float8, a int, lack int'];

test('a partial index is not used for rows it lacks, whatever columns were dropped before', () => {
  for (const layout of LAYOUTS)
    for (const dropped of [0, 1, 2, 3]) {
      const db = openSync(':memory:');
      const gone = Array.from({ length: dropped }, (_, i) => `d${i} int`);
      db.exec(`CREATE TABLE t (${[...gone, ...layout.split(', ')].join(', ')})`);
      for (let i = 0; i < dropped; i++) db.exec(`ALTER TABLE t DROP COLUMN d${i}`);
      db.exec(`INSERT INTO t (lack, x, a) SELECT CASE WHEN g % 9 > 0 THEN g END, g / 10.0, g % 5 FROM generate_series(1, 2000) g;
        CREATE INDEX t_x ON t (x) WHERE lack IS NOT NULL; CREATE INDEX t_e ON t ((lack + 0), a);
        CREATE TABLE o (k float8, l int, m int); INSERT INTO o SELECT g / 10.0, g, g FROM generate_series(1, 300) g; ANALYZE`);
      assert.equal(count(db, 'SELECT count(*)::int AS n FROM t WHERE x > 13.25'), 1868);
      assert.equal(count(db, 'SELECT count(*)::int AS n FROM t WHERE x > 13.25 AND lack IS NOT NULL'), 1660);
      assert.equal(count(db, 'SELECT count(*)::int AS n FROM t WHERE a + 0 = 3 AND x < 100'), 200);
      for (const join of ['o JOIN t ON t.x = o.k', 't JOIN o ON o.k = t.x'])
        assert.equal(
          count(db, `SELECT count(*)::int AS n FROM ${join} WHERE o.l > 0 AND o.m IS NOT NULL`),
          300,
        );
      db.exec('UPDATE t SET x = -1 WHERE x > 13.25');
      assert.equal(count(db, 'SELECT count(*)::int AS n FROM t WHERE x + 0 = -1'), 1868);
      db.close();
    }
});

test('a partition is not passed over for a condition on another column', () => {
  for (const layout of LAYOUTS)
    for (const dropped of [0, 1, 2, 3]) {
      const db = openSync(':memory:');
      const gone = Array.from({ length: dropped }, (_, i) => `d${i} int`);
      db.exec(`CREATE TABLE t (${[...gone, ...layout.split(', ')].join(', ')}) PARTITION BY LIST (lack);
        CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1, 2, 3); CREATE TABLE t2 PARTITION OF t DEFAULT`);
      for (let i = 0; i < dropped; i++) db.exec(`ALTER TABLE t DROP COLUMN d${i}`);
      db.exec('INSERT INTO t (lack, x, a) SELECT g % 9, g, g % 5 FROM generate_series(1, 90) g');
      for (const a of [0, 1, 2, 4]) {
        assert.equal(count(db, 'SELECT count(*)::int AS n FROM t WHERE a = $1', [a]), 18);
        assert.equal(count(db, 'SELECT count(*)::int AS n FROM t WHERE a < $1', [a]), 18 * a);
        assert.equal(count(db, 'SELECT count(*)::int AS n FROM t WHERE lack = $1', [a]), 10);
      }
      db.close();
    }
});

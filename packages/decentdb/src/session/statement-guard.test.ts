/** A statement that fails inside a transaction leaves nothing behind, with a savepoint or without one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../api/database.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';

function open(rows: number): Database {
  const db = new Database('/g.ddb', { vfs: new MemoryVfs() });
  db.exec(
    'CREATE TABLE t (id int PRIMARY KEY, k int, n int CHECK (n < 1000000), u int UNIQUE); CREATE INDEX ON t (k)',
  );
  db.exec(`INSERT INTO t SELECT i, i % 10, i, i FROM generate_series(1, ${rows}) i`);
  return db;
}

function sums(db: Database): unknown {
  return db.query('SELECT count(*), sum(n), sum(u), sum(k) FROM t').rows[0];
}

for (const rows of [200, 30_000]) {
  const failing = [
    [
      'a CHECK in the middle',
      'UPDATE t SET n = CASE WHEN id = 77 THEN 2000000 ELSE -1 END WHERE k = 7',
      '23514',
    ],
    ['a division', 'UPDATE t SET n = 1 / (id - 77) WHERE k = 7', '22012'],
    ['NOT NULL of the key', 'UPDATE t SET id = NULL WHERE k = 7', '23502'],
    ['a unique key', 'UPDATE t SET u = 1 WHERE k = 7', '23505'],
    ['a moved row', 'UPDATE t SET id = 1 WHERE k = 7', '23505'],
    ['a value too long for its column', 'DELETE FROM t WHERE k = 7 AND 1 / (id - 77) >= 0', '22012'],
  ] as const;
  for (const [name, sql, code] of failing) {
    test(`${name}, ${rows} rows: undone alone`, () => {
      const db = open(rows);
      db.exec('BEGIN; UPDATE t SET n = n + 1 WHERE k = 3');
      const before = sums(db);
      assert.throws(() => db.exec(sql), { code });
      assert.deepEqual(sums(db), before);
      db.exec('DELETE FROM t WHERE k = 2');
      db.exec('COMMIT');
      assert.deepEqual(db.check().findings, []);
      db.close();
    });
  }
}

test('what a function wrote goes with the query that called it', () => {
  const db = open(50);
  db.exec(
    `CREATE FUNCTION bump() RETURNS int LANGUAGE sql AS 'UPDATE t SET n = n + 1 WHERE id = 1 RETURNING n'`,
  );
  db.exec('BEGIN; UPDATE t SET n = 10 WHERE id = 1');
  assert.throws(() => db.query('SELECT bump(), 1 / (n - 10) FROM t WHERE id = 1'), { code: '22012' });
  assert.throws(() => db.exec('DELETE FROM t WHERE k = 1 AND bump() / (id - 1) >= 0'), { code: '22012' });
  assert.deepEqual(db.query('SELECT n FROM t WHERE id = 1').rows, [{ n: 10 }]);
  db.exec('COMMIT');
  db.close();
});

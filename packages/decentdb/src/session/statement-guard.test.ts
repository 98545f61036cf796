/** A statement that fails inside a transaction leaves nothing behind, with a savepoint or without one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../api/database.ts';
import { DecentDbError } from '../base/errors.ts';
import { WriteTxn } from '../txn/write-txn.ts';
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

const ONE_ROW = [
  'INSERT INTO t VALUES (100000, 7, 1, 100000)',
  'INSERT INTO t VALUES (5, 7, 1, 5) ON CONFLICT (id) DO UPDATE SET k = t.k + 1',
  'UPDATE t SET k = k + 1, u = -id WHERE id = 9',
  'DELETE FROM t WHERE id = 11',
  'UPDATE t SET n = 0, k = 5 WHERE k = 3',
  'DELETE FROM t WHERE k = 3',
  'INSERT INTO t SELECT id + 200000, k, n, NULL FROM t WHERE k = 4',
];

for (const sql of ONE_ROW)
  for (const isPrepared of [false, true])
    test(`a disk that fails at any page: ${sql}${isPrepared ? ', prepared' : ''}`, () => {
      const { edit } = WriteTxn.prototype;
      let [failed, isThrough] = [0, false];
      try {
        for (let at = 1; !isThrough; at++) {
          const db = open(300);
          const before = sums(db);
          const statement = db.prepare(sql);
          db.exec('BEGIN; UPDATE t SET n = n + 1 WHERE id = 1');
          const within = sums(db);
          let left = at;
          WriteTxn.prototype.edit = function (...args) {
            if (--left === 0) throw new DecentDbError('58030', 'input/output error (injected)');
            return edit.apply(this, args);
          };
          let code = '';
          try {
            if (isPrepared) statement.run();
            else db.exec(sql);
          } catch (error) {
            code = (error as DecentDbError).code;
          } finally {
            WriteTxn.prototype.edit = edit;
          }
          isThrough = code === '';
          if (isThrough) db.exec('COMMIT');
          else {
            failed++;
            assert.equal(code, '58030');
            // All of the statement is gone, or the transaction can only be rolled back.
            let isDoomed = false;
            try {
              assert.deepEqual(sums(db), within);
            } catch (error) {
              assert.equal((error as DecentDbError).code, '25P02');
              isDoomed = true;
            }
            db.exec(isDoomed ? 'ROLLBACK' : 'COMMIT');
            if (isDoomed) assert.deepEqual(sums(db), before);
          }
          assert.deepEqual(db.check().findings, []);
          db.close();
        }
      } finally {
        WriteTxn.prototype.edit = edit;
      }
      assert.ok(failed > 0, 'the statement edits pages');
    });

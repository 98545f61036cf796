/** Sequences: values taken do not come back; resets belong to their transaction. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../api/database.ts';
import { DecentDbError } from '../base/errors.ts';
import { WriteTxn } from '../txn/write-txn.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';

function openIn(vfs: MemoryVfs): Database {
  return new Database('/s.ddb', { vfs });
}

function one(db: Database, sql: string): unknown {
  return db.query<unknown[]>(sql, [], { rowMode: 'array' }).rows[0]?.[0];
}

test('a rolled back transaction leaves a gap, as PostgreSQL does', () => {
  const vfs = new MemoryVfs();
  const db = openIn(vfs);
  db.exec('CREATE TABLE t (id serial PRIMARY KEY, n int CHECK (n > 0))');
  db.exec('INSERT INTO t (n) VALUES (1)');
  assert.throws(() => db.exec('INSERT INTO t (n) VALUES (1), (-1)'));
  assert.equal(one(db, 'INSERT INTO t (n) VALUES (1) RETURNING id'), 4);
  db.exec('BEGIN; INSERT INTO t (n) VALUES (1); ROLLBACK');
  assert.equal(one(db, "SELECT nextval('t_id_seq')"), 6);
  db.exec("BEGIN; SAVEPOINT s; SELECT nextval('t_id_seq'); ROLLBACK TO s");
  assert.equal(one(db, "SELECT nextval('t_id_seq')"), 8);
  db.exec('COMMIT');
  db.close();
  const again = openIn(vfs);
  assert.equal(one(again, "SELECT nextval('t_id_seq')"), 9);
  again.close();
});

test('setval stays after a rollback; restarts and drops do not', () => {
  const db = openIn(new MemoryVfs());
  db.exec('CREATE SEQUENCE s');
  db.exec("BEGIN; SELECT setval('s', 50); ROLLBACK");
  assert.equal(one(db, "SELECT nextval('s')"), 51);
  db.exec('ALTER SEQUENCE s RESTART');
  assert.equal(one(db, "SELECT nextval('s')"), 1);
  db.exec('CREATE TABLE t (id serial, n int)');
  db.exec('INSERT INTO t (n) VALUES (1), (2)');
  db.exec('TRUNCATE t RESTART IDENTITY');
  assert.equal(one(db, 'INSERT INTO t (n) VALUES (3) RETURNING id'), 1);
  db.exec('BEGIN; DROP SEQUENCE s; CREATE SEQUENCE s START 7');
  assert.equal(one(db, "SELECT nextval('s')"), 7);
  db.exec('ROLLBACK');
  const after = one(db, "SELECT nextval('s')") as number;
  assert.ok(after >= 2 && after < 7, `the old sequence goes on: ${after}`);
  db.close();
});

test('a sequence made again under the same number in one transaction starts afresh', () => {
  const db = openIn(new MemoryVfs());
  db.exec('BEGIN; SAVEPOINT a; CREATE SEQUENCE s');
  for (let i = 1; i <= 3; i++) assert.equal(one(db, "SELECT nextval('s')"), i);
  db.exec('ROLLBACK TO a; CREATE SEQUENCE other START 100');
  assert.equal(one(db, "SELECT nextval('other')"), 100);
  db.exec('COMMIT');
  assert.equal(one(db, "SELECT nextval('other')"), 101);
  db.close();
});

test('two connections to one database never take the same value', () => {
  const vfs = new MemoryVfs();
  const db = openIn(vfs);
  db.exec('CREATE SEQUENCE s');
  const storage = { engine: db.session.engine, close: () => {} };
  const other = new Database('/s.ddb', { vfs }, { storage, groupCommits: false });
  const seen = new Set<unknown>();
  for (let i = 0; i < 20; i++) {
    for (const each of [db, other]) {
      const value = one(each, "SELECT nextval('s')");
      assert.ok(!seen.has(value), `value ${String(value)} came twice`);
      seen.add(value);
      if (i % 3 === 0) each.exec("BEGIN; SELECT nextval('s'); ROLLBACK");
    }
  }
  other.close();
  db.close();
});

test('values of a commit that fails do not come back either', () => {
  const db = openIn(new MemoryVfs());
  db.exec("CREATE SEQUENCE s; SELECT nextval('s')");
  const { commit } = WriteTxn.prototype;
  WriteTxn.prototype.commit = () => {
    throw new DecentDbError('53100', 'no space left (injected)');
  };
  try {
    assert.throws(() => one(db, "SELECT nextval('s')"), { code: '53100' });
  } finally {
    WriteTxn.prototype.commit = commit;
  }
  assert.equal(one(db, "SELECT nextval('s')"), 3);
  db.exec('ALTER SEQUENCE s RESTART');
  assert.equal(one(db, "SELECT nextval('s')"), 1);
  db.close();
});

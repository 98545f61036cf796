/** Transaction modes: defaults, SET TRANSACTION, AND CHAIN, savepoints; codes and values are PostgreSQL's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

type Db = ReturnType<typeof openSync>;

function show(db: Db, mode: string): unknown {
  return db.query(`SHOW transaction_${mode}`, [], { rowMode: 'array', format: 'text' }).rows[0];
}

test('AND CHAIN keeps the modes, a plain COMMIT brings the defaults back', () => {
  const db = openSync(':memory:');
  db.exec('BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE');
  for (const end of ['COMMIT AND CHAIN', 'ROLLBACK AND CHAIN', 'COMMIT AND NO CHAIN']) {
    assert.deepEqual(show(db, 'isolation'), ['serializable'], end);
    assert.deepEqual(show(db, 'read_only'), ['on'], end);
    assert.deepEqual(show(db, 'deferrable'), ['on'], end);
    db.exec(end);
  }
  assert.deepEqual(show(db, 'read_only'), ['off']);
  assert.deepEqual(show(db, 'deferrable'), ['off']);
  assert.throws(() => db.exec('COMMIT AND CHAIN'), { code: '25P01' });
  db.close();
});

test('the access mode of a savepoint ends with it and cannot widen', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int)');
  db.exec('BEGIN');
  db.exec('SAVEPOINT a');
  db.exec('SET TRANSACTION READ ONLY');
  assert.throws(() => db.exec('INSERT INTO t VALUES (1)'), { code: '25006' });
  db.exec('ROLLBACK TO a');
  assert.deepEqual(show(db, 'read_only'), ['off']);
  db.exec('SET TRANSACTION READ ONLY');
  db.exec('RELEASE a');
  assert.deepEqual(show(db, 'read_only'), ['off']);
  db.exec('INSERT INTO t VALUES (1)');
  db.exec('SET TRANSACTION READ ONLY');
  db.exec('SAVEPOINT b');
  assert.throws(() => db.exec('SET TRANSACTION READ WRITE'), { code: '25001' });
  db.exec('ROLLBACK');
  db.close();
});

test('what holds for the whole transaction is said before its first query', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int)');
  db.exec('BEGIN ISOLATION LEVEL REPEATABLE READ');
  db.query('SELECT * FROM t');
  db.exec('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  assert.throws(() => db.exec('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE'), { code: '25001' });
  db.exec('ROLLBACK');
  db.exec('BEGIN');
  db.exec('SAVEPOINT s');
  assert.throws(() => db.exec('SET TRANSACTION DEFERRABLE'), { code: '25001' });
  db.exec('ROLLBACK');
  db.close();
});

test('default_transaction_read_only holds for single statements too', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int)');
  db.exec('SET default_transaction_read_only = on');
  assert.throws(() => db.exec('INSERT INTO t VALUES (1)'), { code: '25006' });
  assert.throws(() => db.exec('DROP TABLE t'), { code: '25006' });
  db.exec('BEGIN READ WRITE');
  db.exec('INSERT INTO t VALUES (1)');
  db.exec('COMMIT');
  db.exec('SET default_transaction_read_only = off');
  db.exec('INSERT INTO t VALUES (2)');
  db.close();
});

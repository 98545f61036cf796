/** Temporary tables: where they are found, what COMMIT does to them, that none outlives its session. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSync } from '../api/database.ts';

test('a temporary table hides a permanent one of its name', () => {
  const db = openSync(':memory:');
  db.exec("CREATE TABLE t (a text); INSERT INTO t VALUES ('permanent')");
  db.exec("CREATE TEMP TABLE t (a text); INSERT INTO t VALUES ('temporary')");
  assert.equal(db.query('SELECT a FROM t').rows[0]?.['a'], 'temporary');
  assert.equal(db.query('SELECT a FROM public.t').rows[0]?.['a'], 'permanent');
  assert.equal(db.query('SELECT a FROM pg_temp.t').rows[0]?.['a'], 'temporary');
  db.exec('CREATE TABLE u (a int)');
  assert.equal(
    db.query("SELECT schemaname FROM pg_tables WHERE tablename = 'u'").rows[0]?.['schemaname'],
    'public',
  );
  db.exec('DROP TABLE t');
  assert.equal(db.query('SELECT a FROM t').rows[0]?.['a'], 'permanent');
  db.close();
});

test('ON COMMIT DELETE ROWS, DROP and PRESERVE', () => {
  const db = openSync(':memory:');
  db.exec(`BEGIN;
    CREATE TEMP TABLE d (a int PRIMARY KEY, b int UNIQUE) ON COMMIT DELETE ROWS;
    CREATE TEMP TABLE g (a serial) ON COMMIT DROP;
    CREATE TEMP TABLE p ON COMMIT PRESERVE ROWS AS SELECT 1 AS a;
    INSERT INTO d VALUES (1, 1); INSERT INTO g DEFAULT VALUES`);
  assert.equal(db.query('SELECT a FROM d').rows.length, 1);
  db.exec('COMMIT');
  assert.equal(db.query('SELECT a FROM d').rows.length, 0);
  assert.equal(db.query('SELECT a FROM p').rows.length, 1);
  assert.throws(() => db.query('SELECT a FROM g'), { code: '42P01' });
  db.exec('BEGIN; INSERT INTO d VALUES (1, 1); COMMIT; BEGIN; INSERT INTO d VALUES (1, 1); ROLLBACK');
  assert.equal(db.query('SELECT a FROM d').rows.length, 0);
  assert.throws(() => db.exec('CREATE TABLE x (a int) ON COMMIT DROP'), { code: '42P16' });
  assert.equal(db.check().ok, true);
  db.exec('DISCARD TEMP');
  assert.throws(() => db.query('SELECT a FROM p'), { code: '42P01' });
  db.close();
});

test('temporary tables end with the session', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-temp-'));
  try {
    const path = join(folder, 'a.ddb');
    const db = openSync(path);
    db.exec('CREATE TEMP TABLE t (a serial); INSERT INTO t DEFAULT VALUES; CREATE TABLE kept (a int)');
    db.close();
    const again = openSync(path);
    assert.throws(() => again.query('SELECT a FROM t'), { code: '42P01' });
    assert.equal(
      again.query('SELECT * FROM pg_class WHERE oid >= 16384 AND relname LIKE $1', ['t%']).rows.length,
      0,
    );
    assert.equal(again.query('SELECT a FROM kept').rows.length, 0);
    assert.equal(again.check().ok, true);
    again.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what a crash left of temporary tables is dropped at the next opening', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-temp-'));
  try {
    const path = join(folder, 'a.ddb');
    const db = openSync(path);
    db.exec('CREATE TEMP TABLE t (a int)');
    // A session that never closes: the files are let go without it.
    db.session.shared.sessionCount++;
    db.close();
    const again = openSync(path);
    assert.equal(again.query("SELECT 1 FROM pg_namespace WHERE nspname = 'pg_temp'").rows.length, 0);
    assert.throws(() => again.query('SELECT a FROM t'), { code: '42P01' });
    again.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Defaults, checks, generated columns and domains mean the same whatever the search path is when they are used. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';

function row(db: Database, sql: string): readonly (string | null)[] {
  const options = { rowMode: 'array', format: 'text' } as const;
  return db.query<readonly (string | null)[]>(sql, [], options).rows[0] ?? [];
}

function code(db: Database, sql: string): string {
  try {
    db.exec(sql);
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  }
  return 'none';
}

function made(vfs: MemoryVfs): Database {
  const db = openSync('p.ddb', { vfs });
  db.exec(`CREATE SCHEMA s; CREATE SEQUENCE s.sq START 5; CREATE TYPE s.mood AS ENUM ('a');
    CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';
    CREATE FUNCTION s.g(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 10';
    SET search_path = s, public;
    CREATE DOMAIN public.d AS int DEFAULT f() + 1 CHECK (VALUE > f());
    CREATE TABLE public.t (a int DEFAULT f(), b int CHECK (b >= f()), m mood DEFAULT 'a', n int DEFAULT nextval('sq'),
      c int GENERATED ALWAYS AS (g(1)) STORED, d d);
    CREATE INDEX t_g ON public.t (g(a)) WHERE g(b) > 0;
    SET search_path = public`);
  return db;
}

test('what was found along the path when it was written stays what is meant', () => {
  const vfs = new MemoryVfs();
  const db = made(vfs);
  db.exec('INSERT INTO t (b) VALUES (1)');
  assert.deepEqual(row(db, 'SELECT * FROM t'), ['1', '1', 'a', '5', '10', '2']);
  assert.equal(code(db, 'INSERT INTO t (b) VALUES (0)'), '23514');
  assert.equal(code(db, 'INSERT INTO t (d) VALUES (1)'), '23514');
  db.close();
  const again = openSync('p.ddb', { vfs });
  again.exec('INSERT INTO t (b) VALUES (1)');
  assert.deepEqual(row(again, 'SELECT count(*), min(n), sum(a) FROM t WHERE s.g(b) > 0'), ['2', '5', '2']);
  assert.deepEqual(again.check().findings, []);
});

test('what is in public means public, whatever comes first on the path', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE TABLE t (a int DEFAULT f())`);
  db.exec(
    `CREATE SCHEMA s; CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; SET search_path = s`,
  );
  db.exec('INSERT INTO public.t DEFAULT VALUES');
  assert.deepEqual(row(db, 'SELECT a FROM public.t'), ['2']);
});

test('a default that is the next value of a sequence follows it when it is renamed', () => {
  const db = openSync(':memory:');
  db.exec(
    `CREATE SEQUENCE q; CREATE TABLE t (a int, b int DEFAULT nextval('q')); ALTER SEQUENCE q RENAME TO r`,
  );
  db.exec('INSERT INTO t VALUES (1)');
  assert.deepEqual(row(db, `SELECT b, pg_get_serial_sequence('t', 'b') FROM t`), ['1', null]);
  assert.equal(code(db, 'DROP SEQUENCE r'), '2BP01');
  assert.equal(code(db, 'ALTER VIEW t RENAME TO u'), '42809');
});

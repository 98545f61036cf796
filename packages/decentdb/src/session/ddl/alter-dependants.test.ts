/**
 * What stands on a column when it goes or changes: foreign keys, generated columns, expressions of indexes, checks; and names of keys.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';

function code(db: Database, sql: string): string {
  try {
    db.exec(sql);
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  }
  return 'none';
}

function list(db: Database, sql: string): unknown[] {
  return db.query<unknown[]>(sql, [], { rowMode: 'array', format: 'text' }).rows.flat();
}

test('corpus: a column other tables refer to is not dropped from under them', () => {
  const db = openSync(':memory:');
  db.exec(
    'CREATE TABLE p (a int PRIMARY KEY, b int UNIQUE); CREATE TABLE c (x int REFERENCES p, y int REFERENCES p (b))',
  );
  assert.equal(code(db, 'ALTER TABLE p DROP COLUMN a'), '2BP01');
  db.exec('ALTER TABLE p DROP COLUMN b CASCADE');
  assert.deepEqual(list(db, `SELECT conname FROM pg_constraint WHERE conrelid = 'c'::regclass`), [
    'c_x_fkey',
  ]);
  db.exec('INSERT INTO c VALUES (NULL, 5)');
  assert.deepEqual(db.check().findings, []);
});

test('corpus: indexes and checks on expressions, and generated columns, go with their column', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED, c int CHECK (c > a), d int)');
  db.exec(
    'CREATE INDEX ia ON t (lower(a::text)); CREATE INDEX id1 ON t (d) WHERE a IS NOT NULL; CREATE INDEX id2 ON t (d)',
  );
  assert.equal(code(db, 'ALTER TABLE t DROP COLUMN a'), '2BP01');
  db.exec('ALTER TABLE t DROP COLUMN a CASCADE');
  assert.deepEqual(list(db, `SELECT indexname FROM pg_indexes WHERE tablename = 't'`), ['id2']);
  db.exec('INSERT INTO t VALUES (1, 2)');
  assert.deepEqual(list(db, 'SELECT * FROM t'), ['1', '2']);
});

test('corpus: a changed type must still suit foreign keys, and rows their references', () => {
  const db = openSync(':memory:');
  db.exec(
    'CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (x int REFERENCES p); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)',
  );
  assert.equal(code(db, 'ALTER TABLE c ALTER COLUMN x TYPE text'), '42804');
  assert.equal(code(db, 'ALTER TABLE p ALTER COLUMN a TYPE text'), '42804');
  assert.equal(code(db, 'ALTER TABLE c ALTER COLUMN x TYPE bigint USING x + 1'), '23503');
  assert.equal(code(db, 'ALTER TABLE p ALTER COLUMN a TYPE bigint USING a + 1'), '23503');
  db.exec('ALTER TABLE p ALTER COLUMN a TYPE bigint');
  assert.deepEqual(db.check().findings, []);
});

test('an integer primary key may become one of another type', () => {
  const db = openSync(':memory:');
  db.exec(
    `CREATE TABLE t (a int PRIMARY KEY, b text); INSERT INTO t SELECT i, 'x' || i FROM generate_series(1, 500) AS i`,
  );
  db.exec('ALTER TABLE t ALTER COLUMN a TYPE text');
  assert.equal(code(db, `INSERT INTO t VALUES ('7')`), '23505');
  assert.equal(code(db, `INSERT INTO t (b) VALUES ('y')`), '23502');
  assert.deepEqual(list(db, `SELECT b FROM t WHERE a = '77'`), ['x77']);
  assert.deepEqual(db.check().findings, []);
});

test('the name of an integer primary key is taken, like the name of an index', () => {
  const db = openSync(':memory:');
  db.exec(
    'CREATE TABLE t (a int PRIMARY KEY); ALTER TABLE t RENAME TO u; CREATE TABLE t (a int PRIMARY KEY)',
  );
  assert.deepEqual(list(db, `SELECT conname FROM pg_constraint WHERE conrelid = 't'::regclass`), ['t_pkey1']);
  assert.equal(code(db, 'CREATE TABLE t_pkey (a int)'), '42P07');
  assert.equal(code(db, 'CREATE INDEX t_pkey ON t (a)'), '42P07');
  assert.equal(code(db, 'DROP INDEX t_pkey'), '2BP01');
  db.exec('ALTER INDEX t_pkey RENAME TO k');
  assert.deepEqual(list(db, `SELECT conname FROM pg_constraint WHERE conrelid = 'u'::regclass`), ['k']);
});

test('a key added where there is one is another; a name of a constraint of a domain is used once', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int UNIQUE, UNIQUE (a)); ALTER TABLE t ADD UNIQUE (a)');
  assert.deepEqual(list(db, 'SELECT conname FROM pg_constraint ORDER BY 1'), ['t_a_key', 't_a_key1']);
  db.exec('CREATE DOMAIN d AS int CONSTRAINT n CHECK (VALUE > 0)');
  assert.equal(code(db, 'ALTER DOMAIN d ADD CONSTRAINT n CHECK (VALUE < 9)'), '42710');
});

test('a unique index becomes the constraint of a key', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, NULL)');
  db.exec('CREATE UNIQUE INDEX ia ON t (a); CREATE UNIQUE INDEX ib ON t (b); CREATE INDEX ic ON t (b)');
  db.exec('CREATE UNIQUE INDEX id1 ON t (a) WHERE a > 0; CREATE UNIQUE INDEX id2 ON t (a DESC)');
  assert.equal(code(db, 'ALTER TABLE t ADD PRIMARY KEY USING INDEX ib'), '23502');
  for (const name of ['ic', 'id1', 'id2'])
    assert.equal(code(db, `ALTER TABLE t ADD UNIQUE USING INDEX ${name}`), '42809');
  assert.equal(code(db, 'ALTER TABLE t ADD UNIQUE USING INDEX nothing'), '42704');
  db.exec('ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX ia, ADD UNIQUE USING INDEX ib');
  assert.deepEqual(list(db, `SELECT conname FROM pg_constraint ORDER BY 1`), ['ib', 'k']);
  assert.equal(code(db, 'ALTER TABLE t ADD UNIQUE USING INDEX k'), '55000');
  assert.equal(code(db, 'INSERT INTO t VALUES (1)'), '23505');
  assert.equal(code(db, 'INSERT INTO t VALUES (NULL)'), '23502');
  assert.equal(code(db, 'DROP INDEX k'), '2BP01');
  db.exec('CREATE TABLE c (x int REFERENCES t); INSERT INTO c VALUES (1); ALTER TABLE t DROP CONSTRAINT ib');
  assert.deepEqual(db.check().findings, []);
});

test('when a foreign key is checked, and what a generated column is made of, can change', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (x int REFERENCES p, y int CHECK (y < 100))');
  db.exec('ALTER TABLE c ALTER CONSTRAINT c_x_fkey DEFERRABLE INITIALLY DEFERRED');
  db.exec('BEGIN; INSERT INTO c VALUES (1, 1); INSERT INTO p VALUES (1); COMMIT');
  assert.equal(code(db, 'ALTER TABLE c ALTER CONSTRAINT c_y_check DEFERRABLE'), '42809');
  db.exec('ALTER TABLE c ADD COLUMN g int GENERATED ALWAYS AS (y) STORED CHECK (g < 50)');
  db.exec('ALTER TABLE c ALTER COLUMN g SET EXPRESSION AS (y + 40)');
  assert.deepEqual(list(db, 'SELECT g FROM c'), ['41']);
  assert.equal(code(db, 'ALTER TABLE c ALTER COLUMN g SET EXPRESSION AS (y + 60)'), '23514');
  assert.equal(code(db, 'ALTER TABLE c ALTER COLUMN y SET EXPRESSION AS (1)'), '55000');
  assert.deepEqual(list(db, 'SELECT g FROM c'), ['41']);
  assert.deepEqual(db.check().findings, []);
});

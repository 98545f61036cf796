/**
 * Schema statements as users meet them: transactional, durable, visible to the right snapshot.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';

function rows(db: Database, sql: string): unknown[] {
  return db.query(sql).rows;
}

function code(db: Database, sql: string): string {
  try {
    db.query(sql);
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  }
  return 'none';
}

/** Runs `make` on a new file, then `check` on it live and again after a reopen (LESSONS 25). */
function liveAndReopened(make: (db: Database) => void, check: (db: Database) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-ddl-'));
  try {
    const path = join(folder, 'test.ddb');
    const db = openSync(path);
    make(db);
    check(db);
    db.close();
    const again = openSync(path);
    check(again);
    again.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('every kind of object survives a reopen', () => {
  liveAndReopened(
    (db) => {
      db.exec(`
        CREATE SCHEMA s;
        CREATE TYPE s.mood AS ENUM ('sad', 'ok', 'happy');
        ALTER TYPE s.mood ADD VALUE 'fine' AFTER 'ok';
        CREATE TYPE addr AS (street text, zip int);
        CREATE DOMAIN pos AS int DEFAULT 7 CHECK (value > 0);
        CREATE TABLE s.t (
          id serial PRIMARY KEY,
          m s.mood NOT NULL DEFAULT 'ok',
          a addr,
          n pos,
          g int GENERATED ALWAYS AS (id * 2) STORED,
          u text UNIQUE,
          CONSTRAINT small CHECK (id < 100)
        );
        CREATE TABLE c (t int REFERENCES s.t ON DELETE CASCADE, w varchar(3));
        CREATE INDEX ON s.t (lower(u) DESC NULLS LAST) WHERE id > 1;
        CREATE VIEW v AS SELECT t.*, (a).zip AS z FROM s.t;
        CREATE MATERIALIZED VIEW mv AS SELECT count(*) AS n FROM s.t;
        CREATE SEQUENCE sq START 5 INCREMENT 5;
        COMMENT ON COLUMN s.t.u IS 'unique';
        INSERT INTO s.t (m, a, u) VALUES ('fine', ROW('x', 1), 'A'), ('sad', NULL, 'B');
        INSERT INTO c VALUES (1, 'abc');
        SELECT nextval('sq');
      `);
    },
    (db) => {
      assert.deepEqual(rows(db, 'SELECT id, m, n, g, u, z FROM v ORDER BY m'), [
        { id: 2, m: 'sad', n: 7, g: 4, u: 'B', z: null },
        { id: 1, m: 'fine', n: 7, g: 2, u: 'A', z: 1 },
      ]);
      assert.deepEqual(rows(db, 'SELECT n FROM mv'), [{ n: 0 }]);
      assert.deepEqual(rows(db, "SELECT u FROM s.t WHERE lower(u) = 'b' AND id > 1"), [{ u: 'B' }]);
      assert.equal(code(db, "INSERT INTO s.t (u) VALUES ('A')"), '23505');
      assert.equal(code(db, 'INSERT INTO s.t (n) VALUES (0)'), '23514');
      assert.equal(code(db, 'INSERT INTO s.t (id) VALUES (100)'), '23514');
      assert.equal(code(db, 'INSERT INTO c VALUES (77)'), '23503');
      assert.equal(code(db, "INSERT INTO c VALUES (1, 'abcd')"), '22001');
      assert.equal(code(db, "INSERT INTO s.t (m) VALUES ('meh')"), '22P02');
      assert.equal(code(db, 'DROP TABLE s.t'), '2BP01');
      db.exec('BEGIN');
      const next = rows(db, "SELECT nextval('sq') AS x");
      assert.deepEqual(next, [{ x: 10 }]);
      db.exec('ROLLBACK');
    },
  );
});

test('schema changes roll back with their transaction and savepoints', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int); INSERT INTO t VALUES (1)');
  db.exec('BEGIN; CREATE TABLE u (a int); ALTER TABLE t ADD COLUMN b int DEFAULT 2; SAVEPOINT s');
  assert.deepEqual(rows(db, 'SELECT * FROM t'), [{ a: 1, b: 2 }]);
  db.exec('DROP TABLE u; ALTER TABLE t DROP COLUMN a; CREATE INDEX i ON t (b); INSERT INTO t VALUES (5)');
  assert.deepEqual(rows(db, 'SELECT * FROM t ORDER BY b'), [{ b: 2 }, { b: 5 }]);
  assert.equal(code(db, 'SELECT * FROM u'), '42P01');
  db.exec('ROLLBACK TO s');
  assert.deepEqual(rows(db, 'SELECT * FROM t'), [{ a: 1, b: 2 }]);
  assert.deepEqual(rows(db, 'SELECT * FROM u'), []);
  db.exec('ROLLBACK');
  assert.deepEqual(rows(db, 'SELECT * FROM t'), [{ a: 1 }]);
  assert.equal(code(db, 'SELECT * FROM u'), '42P01');
  db.exec('CREATE TABLE u (b text)');
  assert.deepEqual(rows(db, 'SELECT * FROM u'), []);
  db.close();
});

test('a failed schema statement leaves nothing behind', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 1), (1, 2), (NULL, 3)');
  assert.equal(code(db, 'CREATE UNIQUE INDEX i ON t (a)'), '23505');
  assert.equal(code(db, 'ALTER TABLE t ADD PRIMARY KEY (a)'), '23502');
  assert.equal(code(db, 'ALTER TABLE t ADD COLUMN c int NOT NULL'), '23502');
  assert.equal(code(db, 'ALTER TABLE t ADD CHECK (b < 3)'), '23514');
  assert.equal(code(db, 'ALTER TABLE t ADD COLUMN d int, ADD COLUMN b int'), '42701');
  assert.deepEqual(rows(db, 'SELECT * FROM t ORDER BY b'), [
    { a: 1, b: 1 },
    { a: 1, b: 2 },
    { a: null, b: 3 },
  ]);
  db.exec('CREATE INDEX i ON t (a); ALTER TABLE t ADD PRIMARY KEY (b); INSERT INTO t (a) VALUES (9)');
  assert.deepEqual(rows(db, 'SELECT b FROM t WHERE a = 9'), [{ b: 4 }]);
  db.close();
});

test('a domain gets constraints its columns satisfy', () => {
  const db = openSync(':memory:');
  db.exec('CREATE DOMAIN d AS int; CREATE TABLE t (a d); INSERT INTO t VALUES (-1), (NULL)');
  assert.equal(code(db, 'ALTER DOMAIN d ADD CONSTRAINT pos CHECK (VALUE > 0)'), '23514');
  assert.equal(code(db, 'ALTER DOMAIN d SET NOT NULL'), '23502');
  db.exec('ALTER DOMAIN d ADD CONSTRAINT pos CHECK (VALUE > 0) NOT VALID');
  assert.equal(code(db, 'INSERT INTO t VALUES (-2)'), '23514');
  assert.equal(code(db, 'ALTER DOMAIN d VALIDATE CONSTRAINT pos'), '23514');
  db.exec('UPDATE t SET a = 1; ALTER DOMAIN d VALIDATE CONSTRAINT pos; ALTER DOMAIN d SET NOT NULL');
  assert.equal(code(db, 'INSERT INTO t VALUES (NULL)'), '23502');
  db.close();
});

test('triggers follow a renamed column and hold on to one that is dropped', () => {
  const db = openSync(':memory:');
  let fired = 0;
  db.function('f', { returns: 'trigger' }, () => void fired++);
  db.exec(`CREATE TABLE w (a int, b int); INSERT INTO w VALUES (1, 1);
    CREATE TRIGGER x AFTER UPDATE OF b ON w FOR EACH ROW WHEN (OLD.a > 0) EXECUTE FUNCTION f();
    ALTER TABLE w RENAME COLUMN a TO c; UPDATE w SET b = 2`);
  assert.equal(fired, 1);
  assert.equal(code(db, 'ALTER TABLE w DROP COLUMN c'), '2BP01');
  assert.equal(code(db, 'ALTER TABLE w DROP COLUMN b'), '2BP01');
  db.exec('ALTER TABLE w DROP COLUMN c CASCADE; UPDATE w SET b = 3');
  assert.equal(fired, 1);
  db.close();
});

test('a reader keeps the schema of its snapshot', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-ddl-'));
  try {
    const db = openSync(join(folder, 'test.ddb'));
    db.exec('CREATE TABLE t (a int); INSERT INTO t VALUES (1)');
    const snapshot = db.snapshot();
    db.exec('ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t ADD COLUMN c text');
    assert.deepEqual(snapshot.query('SELECT a FROM t').rows, [{ a: 1 }]);
    assert.deepEqual(rows(db, 'SELECT * FROM t'), [{ b: 1, c: null }]);
    snapshot.close();
    db.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the type of the arrays of a type goes by both of its names', () => {
  using db = openSync(':memory:');
  db.exec("CREATE TYPE mood AS ENUM ('a')");
  const names = db.query<{ names: string[] }>(
    `SELECT ARRAY['"public"."_mood"'::regtype::text, '_mood'::regtype::text, 'mood[]'::regtype::text] AS names`,
  );
  assert.deepEqual(names.rows[0]?.names, ['mood[]', 'mood[]', 'mood[]']);
});

test('only blanks of ASCII put quotes around elements and fields', () => {
  using db = openSync(':memory:');
  const { rows } = db.query<[string, string]>(
    "SELECT ARRAY[E'a\\u00a0b', E'\\u2028', 'a b']::text, ROW(E'a\\u00a0b', E'c\\td')::text",
    [],
    { rowMode: 'array' },
  );
  assert.deepEqual(rows[0], ['{a\u00a0b,\u2028,"a b"}', '(a\u00a0b,"c\td")']);
});

test('corpus: DEFAULT of an integer primary key beside rows that give it', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int PRIMARY KEY, b int)');
  assert.equal(code(db, 'INSERT INTO t VALUES (DEFAULT, 1), (2, 2)'), '23502');
  db.exec('INSERT INTO t VALUES (DEFAULT, 1), (DEFAULT, 2); INSERT INTO t (b) VALUES (3)');
  assert.deepEqual(rows(db, 'SELECT count(DISTINCT a)::int AS n FROM t'), [{ n: 3 }]);
});

test('a schema script reads views as they were meant, whatever columns came since', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t1 (a int, x int); CREATE TABLE t2 (b int, y int); CREATE TABLE t3 (x int, w int);
    CREATE VIEW v1 AS SELECT a, y, (SELECT max(w) FROM t3 WHERE w > a) AS m FROM t1, t2;
    CREATE VIEW v2 AS SELECT * FROM t1 JOIN t3 USING (x);
    CREATE VIEW v3 AS SELECT a + 1 AS z, count(*) FROM t1 GROUP BY z;
    CREATE VIEW v4 AS SELECT a, b FROM t1 NATURAL LEFT JOIN t2;
    ALTER TABLE t1 ADD COLUMN b int, ADD COLUMN y int, ADD COLUMN w int, ADD COLUMN z int;
    ALTER TABLE t2 ADD COLUMN a int; ALTER TABLE t3 ADD COLUMN a int`);
  const { before, after } = db.schemaScript();
  const again = openSync(':memory:');
  again.exec([...before, ...after].join(';\n'));
  for (const one of [db, again]) {
    one.exec(
      'INSERT INTO t1 VALUES (1, 2, 3, 4, 5, 6); INSERT INTO t2 VALUES (7, 8, 9); INSERT INTO t3 VALUES (2, 10, 11)',
    );
    const rows = (view: string): unknown => one.query(`SELECT * FROM ${view}`, [], { rowMode: 'array' }).rows;
    assert.deepEqual(rows('v1'), [[1, 8, 10]]);
    assert.deepEqual(rows('v2'), [[2, 1, 10]]);
    assert.deepEqual(rows('v3'), [[2, 1]]);
    assert.deepEqual(rows('v4'), [[1, 7]]);
    one.close();
  }
});

/**
 * ADD COLUMN without writing rows, types changed without writing rows, and what outlives a dropped column.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';

const ROWS = 5000;

function filled(vfs: MemoryVfs = new MemoryVfs()): Database {
  const db = openSync('t.ddb', { vfs, pageSize: 4096 });
  db.exec('CREATE TABLE t (id int PRIMARY KEY, v varchar(20), n numeric(9,2))');
  db.exec(`INSERT INTO t SELECT i, 'value ' || i, i / 4.0 FROM generate_series(1, ${ROWS}) AS i`);
  return db;
}

function row(db: Database, sql: string): readonly (string | null)[] {
  const options = { rowMode: 'array', format: 'text' } as const;
  return db.query<readonly (string | null)[]>(sql, [], options).rows[0] ?? [];
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

/** Whether a statement wrote no more than a few pages of a table of a hundred. */
function isShort(db: Database, sql: string): boolean {
  const before = db.check();
  db.exec(sql);
  const after = db.check();
  assert.deepEqual(after.findings, []);
  return after.pages - before.pages < 10 && after.freePages - before.freePages < 10;
}

test('a column that is one value for all rows writes none of them', () => {
  const db = filled();
  for (const column of [
    'a int',
    'b int NOT NULL DEFAULT 7',
    `c text DEFAULT 'hello'`,
    'd timestamptz DEFAULT now()',
    `e jsonb DEFAULT '{"k": [1]}'`,
    'f bigint DEFAULT 9007199254740993',
    'g int CHECK (g > 0) DEFAULT 3',
  ])
    assert.equal(isShort(db, `ALTER TABLE t ADD COLUMN ${column}`), true, column);
  db.exec('ALTER TABLE t ALTER COLUMN b SET DEFAULT 8, ALTER COLUMN c DROP DEFAULT');
  db.exec(`INSERT INTO t (id) VALUES (${ROWS + 1})`);
  const sql = `SELECT a, b, c, e, f, g, d IS NULL, (SELECT count(DISTINCT d) FROM t) FROM t WHERE id = `;
  assert.deepEqual(row(db, sql + 17), [null, '7', 'hello', '{"k": [1]}', '9007199254740993', '3', 'f', '2']);
  assert.deepEqual(row(db, sql + (ROWS + 1)).slice(0, 3), [null, '8', null]);
});

test('a column that differs from row to row, or is large, is written to all rows', () => {
  const db = filled();
  for (const column of [
    'a double precision DEFAULT random()',
    'b serial',
    'c int GENERATED ALWAYS AS (id * 2) STORED',
    `d text DEFAULT '${'long '.repeat(400)}'`,
  ])
    db.exec(`ALTER TABLE t ADD COLUMN ${column}`);
  const sql = 'SELECT count(DISTINCT a) > 4000, count(DISTINCT b), sum(c - 2 * id), min(length(d)) FROM t';
  assert.deepEqual(row(db, sql), ['t', String(ROWS), '0', '2000']);
});

test('NOT NULL, keys, checks and references of a new column hold for the rows that are there', () => {
  const db = filled();
  assert.equal(code(db, 'ALTER TABLE t ADD COLUMN a int NOT NULL'), '23502');
  assert.equal(code(db, 'ALTER TABLE t ADD COLUMN a int UNIQUE DEFAULT 1'), '23505');
  assert.equal(code(db, 'ALTER TABLE t ADD COLUMN a int CHECK (a > 1) DEFAULT 1'), '23514');
  assert.equal(code(db, 'ALTER TABLE t ADD COLUMN a int REFERENCES t DEFAULT -1'), '23503');
  db.exec('CREATE DOMAIN d AS int NOT NULL');
  assert.equal(code(db, 'ALTER TABLE t ADD COLUMN a d'), '23502');
  db.exec('ALTER TABLE t ADD COLUMN a int UNIQUE, ADD COLUMN b int REFERENCES t DEFAULT 1');
  assert.equal(code(db, 'UPDATE t SET a = 1'), '23505');
  assert.equal(code(db, 'DELETE FROM t WHERE id = 1'), '23503');
  assert.deepEqual(db.check().findings, []);
});

test('rows of a full leaf get the column with their next change, and the leaf splits', () => {
  const db = filled();
  db.exec(`ALTER TABLE t ADD COLUMN c text DEFAULT 'forty characters, more or less, of text..'`);
  db.exec('UPDATE t SET v = v WHERE id % 7 = 0; DELETE FROM t WHERE id % 3 = 0');
  db.exec(`UPDATE t SET c = id::text || c WHERE id % 2 = 0`);
  assert.deepEqual(db.check().findings, []);
  const sql = `SELECT count(*), count(*) FILTER (WHERE c LIKE 'forty%'), count(DISTINCT c) FROM t`;
  assert.deepEqual(row(db, sql), ['3334', '1667', '1668']);
});

test('a wider type writes no rows, another one does and its checks are tried again', () => {
  const db = filled();
  db.exec('CREATE INDEX t_v ON t (v)');
  for (const type of [
    'v TYPE varchar(30)',
    'v TYPE text',
    'v TYPE varchar',
    'n TYPE numeric(12,2)',
    'n TYPE numeric',
  ])
    assert.equal(isShort(db, `ALTER TABLE t ALTER COLUMN ${type}`), true, type);
  assert.deepEqual(row(db, `SELECT id, n FROM t WHERE v = 'value 77'`), ['77', '19.25']);
  db.exec('ALTER TABLE t ALTER COLUMN n TYPE numeric(12,1)');
  assert.deepEqual(row(db, 'SELECT n FROM t WHERE id = 77'), ['19.3']);
  db.exec('ALTER TABLE t ADD CHECK (id > 0), ADD COLUMN g int GENERATED ALWAYS AS (length(v)) STORED');
  assert.equal(code(db, 'ALTER TABLE t ALTER COLUMN id TYPE bigint USING -id'), '23514');
  assert.equal(code(db, 'ALTER TABLE t ALTER COLUMN v TYPE varchar(50)'), '0A000');
});

test('corpus: a type may be dropped after the column that used it', () => {
  const vfs = new MemoryVfs();
  const db = openSync('t.ddb', { vfs });
  db.exec(`CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE c AS (x int, y e); CREATE DOMAIN d AS text`);
  db.exec(
    `CREATE TABLE t (e e, c c, ee e[], d d, k int); INSERT INTO t VALUES ('a', '(1,b)', '{a,b}', 'd', 1)`,
  );
  db.exec('ALTER TABLE t DROP COLUMN e, DROP COLUMN c, DROP COLUMN ee, DROP COLUMN d');
  db.exec('DROP DOMAIN d; DROP TYPE c; DROP TYPE e');
  db.exec('UPDATE t SET k = 2');
  db.close();
  const again = openSync('t.ddb', { vfs });
  again.exec('INSERT INTO t VALUES (3); UPDATE t SET k = k + 1');
  assert.deepEqual(row(again, 'SELECT sum(k) FROM t'), ['7']);
  assert.deepEqual(again.check().findings, []);
});

test('corpus: a renamed label of an enum is the new one in every table at once', () => {
  const vfs = new MemoryVfs();
  const db = openSync('t.ddb', { vfs });
  db.exec(
    `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (id int, m mood); INSERT INTO t VALUES (1, 'ok')`,
  );
  db.exec(`CREATE VIEW v AS SELECT m FROM t; ALTER TABLE t ADD COLUMN n mood DEFAULT 'ok'`);
  assert.deepEqual(row(db, 'SELECT m, n FROM t'), ['ok', 'ok']);
  db.exec(`ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'`);
  const check = (one: Database): void => {
    assert.deepEqual(row(one, 'SELECT m, n FROM t'), ['fine', 'fine']);
    assert.deepEqual(row(one, `SELECT count(*) FROM v WHERE m = 'fine'`), ['1']);
    assert.equal(code(one, `SELECT * FROM t WHERE m = 'ok'`), '22P02');
  };
  check(db);
  db.close();
  check(openSync('t.ddb', { vfs }));
});

test('corpus: a renamed label of an enum inside rows and arrays', () => {
  const vfs = new MemoryVfs();
  const db = openSync('t.ddb', { vfs });
  db.exec(
    `CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE c AS (x int, y e, z e[]); CREATE TYPE cc AS (c c, d date)`,
  );
  db.exec(`CREATE TABLE t (c c, cs c[], cc cc)`);
  db.exec(
    `INSERT INTO t VALUES ('(1,a,"{a,b}")', ARRAY['(2,b,)'::c], ROW(ROW(3, 'a', NULL)::c, '2024-01-02'))`,
  );
  db.exec(`ALTER TYPE e RENAME VALUE 'a' TO 'z'`);
  const want = ['(1,z,"{z,b}")', '{"(2,b,)"}', '("(3,z,)",2024-01-02)'];
  assert.deepEqual(row(db, 'SELECT * FROM t'), want);
  db.close();
  assert.deepEqual(row(openSync('t.ddb', { vfs }), 'SELECT * FROM t'), want);
});

test('attributes of a composite type change, their types while no column holds one', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TYPE c AS (x int, y text); ALTER TYPE c ADD ATTRIBUTE z int, DROP ATTRIBUTE y');
  db.exec('ALTER TYPE c ALTER ATTRIBUTE x TYPE text; ALTER TYPE c RENAME ATTRIBUTE z TO w');
  assert.deepEqual(row(db, `SELECT (ROW('q', 2)::c).*`), ['q', '2']);
  assert.deepEqual(row(db, `SELECT (ROW('q', 2)::c).w`), ['2']);
  assert.equal(code(db, 'ALTER TYPE c ADD ATTRIBUTE v c'), '42P16');
  db.exec('CREATE TABLE t (cs c[])');
  assert.equal(code(db, 'ALTER TYPE c ALTER ATTRIBUTE w TYPE text'), '0A000');
  db.exec('ALTER TYPE c DROP ATTRIBUTE w');
});

test('corpus: after an addition was undone, one of another type is read from the leaves that were read for the first', () => {
  for (const [first, second, value] of [
    ['bytea', 'uuid', '320cc6fb-f1dd-48f8-a12b-a1b2fad05851'],
    ['int', 'text', 'x'],
    ['jsonb', 'int[]', '{1,2}'],
    ['int[]', 'jsonb', '{"k": [1]}'],
  ] as const) {
    const vfs = new MemoryVfs();
    filled(vfs).close();
    for (const undo of ['ROLLBACK', 'ROLLBACK TO s; COMMIT']) {
      const db = openSync('t.ddb', { vfs });
      db.exec(`BEGIN; SAVEPOINT s; ALTER TABLE t ADD COLUMN a ${first}, ADD COLUMN b int DEFAULT 3`);
      assert.deepEqual(row(db, 'SELECT count(a), sum(b) FROM t'), ['0', String(3 * ROWS)]);
      db.exec(undo);
      db.exec(`ALTER TABLE t ADD COLUMN a ${second}`);
      assert.deepEqual(row(db, 'SELECT count(*), count(a) FROM t'), [String(ROWS), '0']);
      db.exec(`UPDATE t SET a = '${value}' WHERE id = 17`);
      assert.deepEqual(row(db, 'SELECT v, a FROM t WHERE id = 17'), ['value 17', value]);
      db.exec('ALTER TABLE t DROP COLUMN a');
      assert.deepEqual(db.check().findings, []);
      db.close();
    }
  }
});

test('copies and compaction store what was missing', () => {
  const vfs = new MemoryVfs();
  const db = filled(vfs);
  db.exec(`ALTER TABLE t ADD COLUMN c text DEFAULT 'kept'; ALTER TABLE t ALTER COLUMN c SET DEFAULT 'new'`);
  db.exec('ALTER TABLE t ADD COLUMN d int');
  db.backupSync('copy.ddb');
  db.vacuumInto('small.ddb');
  db.exec('VACUUM FULL t');
  db.exec('ALTER TABLE t DROP COLUMN n');
  db.close();
  for (const name of ['t.ddb', 'copy.ddb', 'small.ddb']) {
    const one = openSync(name, { vfs });
    one.exec(`INSERT INTO t (id) VALUES (0); ALTER TABLE t ADD COLUMN e int DEFAULT 5`);
    assert.deepEqual(row(one, 'SELECT c, d, e FROM t WHERE id = 9'), ['kept', null, '5'], name);
    assert.deepEqual(row(one, 'SELECT c, d, e FROM t WHERE id = 0'), ['new', null, '5'], name);
    assert.deepEqual(one.check().findings, [], name);
    one.close();
  }
});

test('missing values of every kind of type are the same from another reading of the catalogue, and when stored', () => {
  const vfs = new MemoryVfs();
  const db = openSync('t.ddb', { vfs });
  db.exec(
    `CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TYPE c AS (x int, m mood); CREATE TYPE r AS RANGE (subtype = float8)`,
  );
  db.exec(
    'CREATE DOMAIN d AS numeric(9,3); CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)',
  );
  const columns = [
    'bigint DEFAULT 9007199254740993',
    `float8 DEFAULT '-0'`,
    `float8 DEFAULT 'NaN'`,
    'real DEFAULT 1.1',
    'numeric DEFAULT 1e40',
    `numeric DEFAULT 'NaN'`,
    'd DEFAULT 2.5',
    `text DEFAULT 'é''x'`,
    `bytea DEFAULT '\\x00ff'`,
    `uuid DEFAULT '00000000-0000-0000-0000-00000000000a'`,
    `timestamp DEFAULT 'infinity'`,
    `timetz DEFAULT '10:00+02'`,
    `interval DEFAULT '1 mon 2 days 3.5 s'`,
    `jsonb DEFAULT '{"a": [1, null]}'`,
    `text[] DEFAULT '{a,"b c",NULL}'`,
    `mood[] DEFAULT '{a,b}'`,
    `c DEFAULT '(1,a)'`,
    `r DEFAULT '[1,2)'`,
    'boolean DEFAULT true',
    `bit(3) DEFAULT B'101'`,
    `inet DEFAULT '10.0.0.1/8'`,
    `char(4) DEFAULT 'z'`,
    `tsvector DEFAULT 'a b'`,
  ];
  for (const [i, column] of columns.entries()) db.exec(`ALTER TABLE t ADD COLUMN c${i} ${column}`);
  const before = row(db, 'SELECT * FROM t WHERE id = 1');
  assert.equal(before.length, columns.length + 1);
  db.close();
  const again = openSync('t.ddb', { vfs });
  assert.deepEqual(row(again, 'SELECT * FROM t WHERE id = 1'), before);
  again.exec('INSERT INTO t (id) VALUES (4); DELETE FROM t WHERE id = 2');
  const rest = before.slice(1);
  for (const id of [1, 3, 4]) assert.deepEqual(row(again, `SELECT * FROM t WHERE id = ${id}`).slice(1), rest);
  assert.deepEqual(again.check().findings, []);
});

test('corpus: an integer primary key is added as a column, where there are no rows without one', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN id int PRIMARY KEY; INSERT INTO t VALUES (1, 7)');
  assert.deepEqual(row(db, 'SELECT a FROM t WHERE id = 7'), ['1']);
  db.exec('CREATE TABLE u (a int); INSERT INTO u VALUES (1)');
  assert.equal(code(db, 'ALTER TABLE u ADD COLUMN id int PRIMARY KEY'), '23502');
  db.exec('ALTER TABLE u ADD COLUMN id int PRIMARY KEY DEFAULT 3');
  assert.deepEqual(row(db, 'SELECT a FROM u WHERE id = 3'), ['1']);
  db.exec(
    'CREATE TABLE p (a int); CREATE TABLE c (d int) INHERITS (p); ALTER TABLE p ADD COLUMN d int PRIMARY KEY',
  );
  assert.equal(code(db, 'INSERT INTO c VALUES (1, NULL)'), '23502');
  assert.deepEqual(db.check().findings, []);
});

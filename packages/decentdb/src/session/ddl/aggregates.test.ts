/** CREATE AGGREGATE where golden scripts do not reach: files, dumps, functions of the application, memory, other connections. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';

const SCHEMA = `
  CREATE SCHEMA s;
  CREATE FUNCTION s.joined(text, text) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 WHEN $1 IS NULL THEN $2 ELSE $1 || ', ' || $2 END $$;
  CREATE FUNCTION s.bracketed(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '[' || $1 || ']' $$;
  CREATE AGGREGATE s.listed(text) (sfunc = s.joined, stype = text, finalfunc = s.bracketed, parallel = safe);
  CREATE AGGREGATE counted(*) (sfunc = int8inc, stype = int8, initcond = '0');
  CREATE AGGREGATE most(int4) (
    sfunc = int4larger, stype = int4, sortop = >, mstype = int4, msfunc = int4pl, minvfunc = int4mi, minitcond = 0
  );
  CREATE TABLE t (a int, b text);
  INSERT INTO t VALUES (1, 'x'), (2, NULL), (3, 'y');
  CREATE VIEW v AS SELECT s.listed(b ORDER BY a DESC) AS l, counted(*) AS n FROM t;
  COMMENT ON AGGREGATE counted(*) IS 'rows';
  CREATE ROLE amy;
  ALTER AGGREGATE s.listed(text) OWNER TO amy;
  GRANT EXECUTE ON FUNCTION s.listed(text) TO amy WITH GRANT OPTION`;

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  }
  return 'none';
}

const value = (db: Database, sql: string): unknown =>
  db.query<unknown[]>(sql, [], { rowMode: 'array' }).rows[0]?.[0];

const facts = (db: Database): unknown => [
  db.query('SELECT * FROM v').rows,
  db.query('SELECT most(a) FROM t').rows,
  db.query(
    "SELECT proname, proowner::regrole::text, proacl::text, obj_description(oid) FROM pg_proc WHERE prokind = 'a' AND oid >= 16384 ORDER BY 1",
  ).rows,
  db.query(
    'SELECT aggfnoid::text, aggtransfn::text, aggfinalfn::text, aggsortop::regoperator::text, agginitval, aggminitval FROM pg_aggregate WHERE aggfnoid::oid >= 16384 ORDER BY 1',
  ).rows,
];

test('an aggregate survives reopening, and a dump makes it again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-aggregates-'));
  try {
    const path = join(folder, 'a.ddb');
    const first = openSync(path);
    first.exec(SCHEMA);
    const before = facts(first);
    assert.deepEqual(first.query('SELECT * FROM v').rows, [{ l: '[y, x]', n: 3 }]);
    first.close();
    const db = openSync(path);
    assert.deepEqual(facts(db), before);
    const copy = openSync(':memory:');
    const script = db.schemaScript();
    for (const sql of script.before) copy.exec(sql);
    copy.exec("INSERT INTO t VALUES (1, 'x'), (2, NULL), (3, 'y')");
    for (const sql of script.after) copy.exec(sql);
    // The script sets a path of its own, and names go by the path.
    copy.exec('RESET search_path');
    assert.deepEqual(facts(copy), before);
    assert.equal(db.check().ok, true);
    copy.close();
    db.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('functions of the application are called only if they are for stored expressions', () => {
  const db = openSync(':memory:');
  db.function('direct', { args: ['int4', 'int4'], returns: 'int4' }, (a: number, b: number) => a + b);
  assert.equal(
    code(() => db.exec('CREATE AGGREGATE d(int4) (sfunc = direct, stype = int4, initcond = 0)')),
    '42501',
  );
  const options = { args: ['int4', 'int4'], returns: 'int4', directOnly: false } as const;
  db.function('stored', options, (a: number, b: number) => a + b);
  db.exec('CREATE AGGREGATE summed(int4) (sfunc = stored, stype = int4, initcond = 0)');
  assert.equal(value(db, 'SELECT summed(i) FROM generate_series(1, 10) i'), 55);
  db.function('stored', options, (a: number, b: number) => a + 2 * b);
  assert.equal(value(db, 'SELECT summed(i) FROM generate_series(1, 10) i'), 110, 'registered anew');
  db.function('stored', { ...options, directOnly: true }, (a: number, b: number) => a + b);
  assert.equal(
    code(() => db.query('SELECT summed(i) FROM generate_series(1, 10) i')),
    '42501',
  );
  db.close();
});

test('a state that grows is counted: 53200 in time', () => {
  const db = openSync(':memory:');
  db.exec("CREATE AGGREGATE glued(text) (sfunc = textcat, stype = text, initcond = '')");
  db.exec("SET work_mem = '1MB'");
  assert.equal(value(db, "SELECT length(glued(repeat('x', 100))) FROM generate_series(1, 100)"), 10_000);
  // What is kept is a longest text at most, however many there are.
  db.exec('CREATE AGGREGATE longest(text) (sfunc = text_larger, stype = text)');
  assert.equal(value(db, "SELECT length(longest(repeat('x', 1000))) FROM generate_series(1, 20000)"), 1000);
  db.close();
});

test('replacing a function changes the aggregates made of it; a plan is made anew', () => {
  const db = openSync(':memory:');
  db.exec("CREATE FUNCTION st(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2'");
  db.exec('CREATE AGGREGATE ag(int) (sfunc = st, stype = int, initcond = 0)');
  const statement = db.prepare('SELECT ag(i) FROM generate_series(1, 4) i');
  assert.deepEqual(statement.all(), [{ ag: 10 }]);
  db.exec(
    "CREATE OR REPLACE FUNCTION st(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2 + $2'",
  );
  assert.deepEqual(statement.all(), [{ ag: 26 }]);
  assert.equal(
    code(() => db.exec('DROP FUNCTION st(int, int)')),
    '2BP01',
  );
  db.exec('BEGIN; DROP AGGREGATE ag(int); ROLLBACK');
  assert.deepEqual(statement.all(), [{ ag: 26 }]);
  db.exec('DROP FUNCTION st(int, int) CASCADE');
  assert.equal(
    code(() => statement.all()),
    '42883',
  );
  db.close();
});

test('two schemas have aggregates of one name, and a query of both computes both', () => {
  const db = openSync(':memory:');
  db.exec('CREATE SCHEMA one; CREATE SCHEMA two');
  db.exec('CREATE AGGREGATE one.x(int) (sfunc = int4pl, stype = int, initcond = 0)');
  db.exec('CREATE AGGREGATE two.x(int) (sfunc = int4larger, stype = int)');
  const { rows } = db.query(
    'SELECT one.x(i) AS a, two.x(i) AS b, one.x(i) AS c FROM generate_series(1, 4) i',
  );
  assert.deepEqual(rows, [{ a: 10, b: 4, c: 10 }]);
  db.close();
});

test('functions that write make the statement a writing one', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE log (i int)');
  db.exec(
    "CREATE FUNCTION noted(int, int) RETURNS int LANGUAGE sql AS 'INSERT INTO log VALUES ($2); SELECT $1 + $2'",
  );
  db.exec('CREATE AGGREGATE noted(int) (sfunc = noted, stype = int, initcond = 0)');
  assert.equal(value(db, 'SELECT noted(i) FROM generate_series(1, 3) i'), 6);
  assert.equal(value(db, 'SELECT sum(i) FROM log'), 6);
  db.close();
});

test('a dump quotes names of types in signatures of functions', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE SCHEMA s; CREATE TYPE s."e n" AS ENUM ('a');
    CREATE FUNCTION s.f(a s."e n"[] DEFAULT NULL, b s."e n" DEFAULT 'a') RETURNS s."e n" LANGUAGE sql AS 'SELECT $2'`);
  const copy = openSync(':memory:');
  const { before, after } = db.schemaScript();
  for (const sql of [...before, ...after]) copy.exec(sql);
  copy.exec('RESET search_path');
  assert.equal(value(copy, 'SELECT s.f()'), 'a');
  copy.close();
  db.close();
});

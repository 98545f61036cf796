/** DO blocks as migration scripts write them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';

const count = (db: Database, sql: string): unknown => Object.values(db.query(sql).rows[0] ?? {})[0];
const code =
  (expected: string) =>
  (error: { code: string }): boolean =>
    error.code === expected;

test('an exception is handled, and what its block did is undone', () => {
  using db = openSync(':memory:');
  const create = `DO $$ BEGIN
    CREATE TYPE "public"."mood" AS ENUM ('a', 'b'); -- and no more
   EXCEPTION WHEN duplicate_object THEN null; END $$;`;
  db.exec(create);
  db.exec(create);
  db.exec('CREATE TABLE t (v int PRIMARY KEY); INSERT INTO t VALUES (1)');
  db.exec(
    "DO 'BEGIN INSERT INTO t VALUES (2); INSERT INTO t VALUES (1); EXCEPTION WHEN unique_violation OR check_violation THEN INSERT INTO t VALUES (9); END'",
  );
  assert.deepEqual(db.query('SELECT v FROM t ORDER BY v', [], { rowMode: 'array' }).rows, [[1], [9]]);
  assert.throws(
    () =>
      db.exec(
        'DO $$ BEGIN INSERT INTO t VALUES (3); INSERT INTO t VALUES (1); EXCEPTION WHEN undefined_table THEN NULL; END $$',
      ),
    code('23505'),
  );
  assert.equal(count(db, 'SELECT count(*)::int FROM t'), 2, 'nothing of a block that fails');
  db.exec(
    "BEGIN; INSERT INTO t VALUES (4); DO $$ BEGIN CREATE TABLE u (a int); INSERT INTO t VALUES (4); EXCEPTION WHEN SQLSTATE '23505' THEN NULL; WHEN OTHERS THEN CREATE TABLE w (a int); END $$; COMMIT",
  );
  assert.equal(count(db, 'SELECT count(*)::int FROM t'), 3);
  assert.equal(count(db, "SELECT to_regclass('u') IS NULL AND to_regclass('w') IS NULL"), true);
  assert.deepEqual(db.check().findings, []);
});

test('conditions, PERFORM, RAISE, blocks within blocks', () => {
  const notices: string[] = [];
  using db = openSync(':memory:', { onNotice: ({ message }) => notices.push(message) });
  const script = `DO $do$
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'kind') THEN
        CREATE TYPE kind AS ENUM ('x');
        RAISE NOTICE 'made 100%%; it''s new';
      ELSIF (CASE WHEN true THEN 1 ELSE 2 END) = 2 THEN
        RAISE EXCEPTION 'never';
      ELSE
        BEGIN
          CREATE TYPE kind AS ENUM ('y');
        EXCEPTION WHEN duplicate_object THEN RAISE WARNING 'there already';
        END;
      END IF;
      PERFORM set_config('decentdb_test.a', 'b', false);
    END $do$ LANGUAGE plpgsql`;
  db.exec(script);
  db.exec(script);
  assert.deepEqual(notices, ["made 100%; it's new", 'there already']);
  assert.throws(() => db.exec("DO $$ BEGIN RAISE 'stop'; END $$"), code('P0001'));
});

test('what is not understood is refused before anything runs', () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (v int)');
  for (const [body, expected] of [
    ['DECLARE r record; BEGIN NULL; END', '0A000'],
    ['BEGIN INSERT INTO t VALUES (1); FOR i IN 1..3 LOOP NULL; END LOOP; END', '0A000'],
    ["BEGIN INSERT INTO t VALUES (1); EXECUTE 'x'; END", '0A000'],
    ['BEGIN INSERT INTO t VALUES (1); COMMIT; END', '0A000'],
    ["BEGIN INSERT INTO t VALUES (1); RAISE NOTICE 'n %', 1; END", '0A000'],
    ['BEGIN INSERT INTO t VALUES (1); EXCEPTION WHEN no_such_condition THEN NULL; END', '42704'],
    ['BEGIN INSERT INTO t VALUES (1) END', '42601'],
    ['INSERT INTO t VALUES (1)', '42601'],
    ['BEGIN IF true THEN INSERT INTO t VALUES (1); END; END', '42601'],
  ] as const)
    assert.throws(() => db.exec(`DO $$ ${body} $$`), code(expected), body);
  assert.throws(() => db.exec("DO LANGUAGE plperl 'x'"), code('0A000'));
  assert.equal(count(db, 'SELECT count(*)::int FROM t'), 0);
});

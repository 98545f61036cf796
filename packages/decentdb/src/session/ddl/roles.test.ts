/** Roles and privileges: recorded, checked as PostgreSQL checks them (codes verified against it), never enforced. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

type Db = ReturnType<typeof openSync>;

function codeOf(db: Db, sql: string): string {
  try {
    db.exec(sql);
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

function one(db: Db, sql: string): unknown {
  return db.query(sql, [], { rowMode: 'array', format: 'text' }).rows;
}

test('what is granted keeps a role from being dropped until it is revoked', () => {
  const db = openSync(':memory:');
  db.exec('CREATE ROLE reader; CREATE TABLE t (a int, b int); GRANT SELECT, INSERT (a) ON t TO reader');
  assert.equal(codeOf(db, 'DROP ROLE reader'), '2BP01');
  db.exec('REVOKE ALL ON t FROM reader');
  assert.equal(codeOf(db, 'DROP ROLE reader'), 'ok');
  assert.equal(codeOf(db, 'DROP ROLE reader'), '42704');
  assert.equal(codeOf(db, 'DROP ROLE IF EXISTS reader'), 'ok');
  db.close();
});

test('dropping the object takes owner and grants with it', () => {
  const db = openSync(':memory:');
  db.exec('CREATE USER u; CREATE TABLE t (a int); ALTER TABLE t OWNER TO u');
  assert.equal(codeOf(db, 'DROP USER u'), '2BP01');
  db.exec('DROP TABLE t; DROP USER u');
  db.close();
});

test('names, privileges and objects are checked', () => {
  const db = openSync(':memory:');
  db.exec('CREATE ROLE r; CREATE TABLE t (a int); CREATE SEQUENCE s; CREATE INDEX i ON t (a)');
  const cases: readonly (readonly [string, string])[] = [
    ['CREATE ROLE r', '42710'],
    ['CREATE ROLE public', '42939'],
    ['CREATE ROLE pg_mine', '42939'],
    ['CREATE ROLE x LOGIN NOLOGIN', '42601'],
    ['CREATE ROLE x IN ROLE nobody', '42704'],
    ['GRANT UNDER ON t TO r', '42601'],
    ['GRANT EXECUTE ON t TO r', '0LP01'],
    ['GRANT USAGE ON t TO r', '0LP01'],
    ['GRANT DELETE (a) ON t TO r', '0LP01'],
    ['GRANT SELECT (z) ON t TO r', '42703'],
    ['GRANT SELECT ON nowhere TO r', '42P01'],
    ['GRANT SELECT ON i TO r', '42809'],
    ['GRANT USAGE ON SEQUENCE t TO r', '42809'],
    ['GRANT USAGE ON SEQUENCE s TO r', 'ok'],
    ['GRANT SELECT ON t TO nobody', '42704'],
    ['GRANT SELECT ON t TO PUBLIC WITH GRANT OPTION', '0LP01'],
    ['GRANT USAGE ON SCHEMA nowhere TO r', '3F000'],
    ['GRANT USAGE ON TYPE nothing TO r', '42704'],
    ['GRANT SELECT ON t TO r GRANTED BY r', '0A000'],
    ['GRANT SELECT ON t TO r GRANTED BY CURRENT_USER', 'ok'],
    ['GRANT r TO r', '0LP01'],
    ['ALTER TABLE t OWNER TO nobody', '42704'],
    ['SET ROLE nobody', '22023'],
    ['DROP ROLE CURRENT_USER', '22023'],
  ];
  for (const [sql, code] of cases) assert.equal(codeOf(db, sql), code, sql);
  db.close();
});

test('membership is listed and cannot go in circles', () => {
  const db = openSync(':memory:');
  db.exec('CREATE ROLE a; CREATE ROLE b; GRANT a TO b WITH ADMIN OPTION');
  assert.equal(codeOf(db, 'GRANT b TO a'), '0LP01');
  assert.deepEqual(one(db, 'SELECT roleid::regrole, member::regrole, admin_option FROM pg_auth_members'), [
    ['a', 'b', 't'],
  ]);
  db.exec('REVOKE a FROM b');
  assert.deepEqual(one(db, 'SELECT count(*) FROM pg_auth_members'), [['0']]);
  db.close();
});

test('SET ROLE and SET SESSION AUTHORIZATION change who one is', () => {
  const db = openSync(':memory:');
  db.exec('CREATE ROLE a; SET ROLE a');
  assert.deepEqual(one(db, 'SELECT current_user, session_user'), [['a', 'decentdb']]);
  db.exec('SET SESSION AUTHORIZATION a; RESET ROLE');
  assert.deepEqual(one(db, 'SELECT current_user, session_user'), [['a', 'a']]);
  db.exec('RESET SESSION AUTHORIZATION');
  db.exec('BEGIN; SET LOCAL ROLE a; ROLLBACK');
  assert.deepEqual(one(db, 'SELECT current_user'), [['decentdb']]);
  db.close();
});

/** ALTER DEFAULT PRIVILEGES: what objects get as they are made. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';

function code(db: Database, sql: string): string {
  try {
    db.exec(sql);
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  }
  return 'none';
}

function granted(db: Database, table: string): string {
  const sql = `SELECT string_agg(privilege_type, ' ' ORDER BY privilege_type) AS p FROM information_schema.role_table_grants
    WHERE grantee = 'r' AND table_name = $1`;
  return String(db.query<{ p: string | null }>(sql, [table]).rows[0]?.p);
}

test('new objects get the defaults of their maker and schema, old ones do not', () => {
  const vfs = new MemoryVfs();
  const db = openSync('p.ddb', { vfs });
  db.exec('CREATE ROLE r; CREATE ROLE o; CREATE SCHEMA s; CREATE TABLE old (a int)');
  db.exec('ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO r');
  db.exec('ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT UPDATE ON TABLES TO r');
  db.exec('ALTER DEFAULT PRIVILEGES FOR ROLE o GRANT DELETE ON TABLES TO r');
  db.close();
  const again = openSync('p.ddb', { vfs });
  again.exec('CREATE TABLE t (a int); CREATE VIEW v AS SELECT 1 AS x; CREATE TABLE s.u (a int)');
  assert.deepEqual(
    ['old', 't', 'v', 'u'].map((name) => granted(again, name)),
    ['null', 'INSERT SELECT', 'INSERT SELECT', 'INSERT SELECT UPDATE'],
  );
  again.exec('ALTER DEFAULT PRIVILEGES REVOKE INSERT ON TABLES FROM r; CREATE TABLE t2 (a int)');
  assert.equal(granted(again, 't2'), 'SELECT');
  assert.equal(code(again, 'DROP ROLE r'), '2BP01');
  assert.equal(code(again, 'DROP ROLE o'), '2BP01');
  again.exec('DROP SCHEMA s CASCADE; CREATE SCHEMA s; CREATE TABLE s.u2 (a int)');
  assert.equal(granted(again, 'u2'), 'SELECT');
  assert.deepEqual(again.check().findings, []);
});

test('defaults are refused as PostgreSQL refuses them', () => {
  const db = openSync(':memory:');
  db.exec('CREATE ROLE r');
  const refused: readonly (readonly [string, string])[] = [
    ['GRANT SELECT (a) ON TABLES TO r', '0LP01'],
    ['GRANT USAGE ON TABLES TO r', '0LP01'],
    ['GRANT SELECT ON TABLES TO nobody', '42704'],
    ['IN SCHEMA nowhere GRANT SELECT ON TABLES TO r', '3F000'],
    ['IN SCHEMA public GRANT USAGE ON SCHEMAS TO r', '0LP01'],
    ['GRANT ALL ON TABLES TO PUBLIC WITH GRANT OPTION', '0LP01'],
  ];
  for (const [sql, state] of refused) assert.equal(code(db, `ALTER DEFAULT PRIVILEGES ${sql}`), state, sql);
});

test('a script of the schema gives the same access lists and defaults again', () => {
  const lists = `SELECT relname, relowner::regrole, relacl FROM pg_class WHERE relkind = 'r' AND relname LIKE 't_'
    UNION ALL SELECT proname, proowner::regrole, proacl FROM pg_proc WHERE proname = 'f'
    UNION ALL SELECT defaclobjtype::text || defaclnamespace, defaclrole::regrole, defaclacl FROM pg_default_acl ORDER BY 1, 2`;
  const db = openSync(':memory:');
  db.exec(`CREATE ROLE amy; CREATE ROLE bob; CREATE ROLE cat; CREATE TABLE t1 (a int); CREATE TABLE t2 (a int);
    CREATE FUNCTION f() RETURNS int RETURN 1;
    REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC; GRANT SELECT ON t1 TO amy WITH GRANT OPTION;
    SET ROLE amy; GRANT SELECT ON t1 TO cat; CREATE TABLE t3 (a int); RESET ROLE;
    ALTER TABLE t2 OWNER TO bob; REVOKE INSERT ON t2 FROM bob; GRANT UPDATE (a) ON t2 TO cat;
    ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
    ALTER DEFAULT PRIVILEGES FOR ROLE bob IN SCHEMA public GRANT SELECT ON TABLES TO cat WITH GRANT OPTION`);
  const copy = openSync(':memory:');
  const { before, after } = db.schemaScript();
  for (const sql of [...before, ...after]) copy.exec(sql);
  const rowsOf = (one: typeof db): unknown => one.query(lists, [], { rowMode: 'array', format: 'text' }).rows;
  assert.deepEqual(rowsOf(copy), rowsOf(db));
  assert.match(JSON.stringify(rowsOf(db)), /cat=r\/amy/);
  copy.close();
  db.close();
});

/** A dump holds everything: read by DecentDB and by PostgreSQL it gives the schema and the rows it was made from. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Database, openSync } from 'decentdb';
import { startServer } from '../postgres/server.test.kit.ts';
import { run } from '../program.test.kit.ts';
import { CATALOGUE_QUERIES, EVERY_RELATION, EVERYTHING } from './everything.test.kit.ts';
import { type DumpChoices, dumpScript } from './write-dump.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-dump-'));
const server = startServer();
after(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ALL: DumpChoices = { schemaOnly: false, dataOnly: false, inserts: false, roles: true, tables: [] };

function dumpOf(db: Database, choices: Partial<DumpChoices> = {}, omitted: string[] = []): string {
  return [...dumpScript(db, { ...ALL, ...choices }, omitted)].join('');
}

/** The script read into a new database by the command line, strictly. */
async function restored(script: string, name: string): Promise<Database> {
  const path = join(folder, `${name}.ddb`);
  writeFileSync(join(folder, `${name}.sql`), script);
  const { code, err } = await run('restore', path, join(folder, `${name}.sql`), '--strict');
  assert.equal(code, 0, err);
  assert.equal(err, `restored ${path}\n`, 'nothing was passed over');
  return openSync(path);
}

/** Statements and rows without their order; a cast may be written either way. */
const sortedLines = (script: string): string[] =>
  script
    .replace(/CAST\(('\w*') AS (\w+)\)/g, '$1::$2')
    .split('\n')
    .sort();

const answers = (db: Database, sql: string): string[] =>
  db
    .query<(string | null)[]>(sql, [], { rowMode: 'array', format: 'text' })
    .rows.map((row) => row.map((value) => value ?? '').join('|'))
    .sort();

test('read by DecentDB: the same schema, rows and dump', async () => {
  using db = openSync(':memory:');
  db.exec(EVERYTHING);
  const omitted: string[] = [];
  const script = dumpOf(db, {}, omitted);
  assert.deepEqual(omitted, []);
  for (const inserts of [false, true]) {
    using copy = await restored(dumpOf(db, { inserts }), `own-${inserts}`);
    assert.deepEqual(sortedLines(dumpOf(copy)), sortedLines(script));
    for (const sql of CATALOGUE_QUERIES) assert.deepEqual(answers(copy, sql), answers(db, sql), sql);
    for (const name of EVERY_RELATION)
      assert.deepEqual(answers(copy, `SELECT * FROM ${name}`), answers(db, `SELECT * FROM ${name}`), name);
    assert.equal(copy.query('SELECT 1 FROM nocols').rows.length, 1);
    assert.deepEqual(copy.check().findings, []);
    assert.throws(
      () => copy.exec('INSERT INTO b (x, y) VALUES (1, 2)'),
      (error: { constraint?: string }) => error.constraint === 'u_xy',
    );
  }
});

test('read by PostgreSQL: the same schema and rows', { skip: server === null && 'no server' }, () => {
  using db = openSync(':memory:');
  db.exec(EVERYTHING);
  server?.psql('postgres', 'CREATE DATABASE everything');
  server?.psql('everything', dumpOf(db));
  const theirs = (sql: string): string[] =>
    (server?.psql('everything', `SET DateStyle = 'ISO, MDY'; SET TimeZone = 'UTC'; ${sql}`) ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  // Texts of expressions and sizes of sequences are PostgreSQL's own business.
  for (const sql of CATALOGUE_QUERIES.filter((one) => !/indexdef|typname, typtype/.test(one)))
    assert.deepEqual(theirs(`${sql};`), answers(db, sql), sql);
  for (const name of EVERY_RELATION) {
    const sql = `SELECT replace(whole::text, E'\\n', '') FROM ${name} whole`;
    assert.deepEqual(theirs(`${sql};`), answers(db, sql), name);
  }
});

test('roles can be left out', () => {
  using db = openSync(':memory:');
  db.exec(EVERYTHING);
  assert.doesNotMatch(dumpOf(db, { roles: false }), /GRANT|ROLE|OWNER TO/);
});

test('grants on a column that was dropped are not there any more', async () => {
  using db = openSync(':memory:');
  db.exec(
    'CREATE ROLE r; CREATE TABLE t (a int, b int); GRANT UPDATE (a, b) ON t TO r; ALTER TABLE t DROP COLUMN a',
  );
  const script = dumpOf(db);
  assert.match(script, /GRANT UPDATE \(b\) ON TABLE public\.t TO r;/);
  assert.doesNotMatch(script, /dropped/);
  using copy = await restored(script, 'dropped');
  assert.equal(dumpOf(copy), script);
});

test('triggers in JavaScript come along and wait for their functions', async () => {
  using db = openSync(':memory:');
  db.function('log_it', { returns: 'trigger' }, () => undefined);
  db.exec(
    "CREATE TABLE t (v int); CREATE TRIGGER one AFTER UPDATE OF v ON t FOR EACH ROW WHEN (new.v > 1) EXECUTE FUNCTION log_it('x')",
  );
  const omitted: string[] = [];
  const script = dumpOf(db, {}, omitted);
  assert.deepEqual(omitted, ['function "log_it" of trigger "one" on "t": it is JavaScript']);
  using copy = await restored(script, 'triggers');
  assert.equal(dumpOf(copy), script);
  const calls: unknown[] = [];
  copy.function('log_it', { returns: 'trigger' }, (event: { args: readonly string[] }) => {
    calls.push(event.args);
  });
  copy.exec('INSERT INTO t VALUES (1); UPDATE t SET v = 2');
  assert.deepEqual(calls, [['x']]);
});

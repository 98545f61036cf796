/** Tools that only migrate: node-pg-migrate and postgrator, up and down again, and what readers of schemas see in between. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'decentdb/pg';
import { runner } from 'node-pg-migrate';
import { makeIntrospectionQuery, parseIntrospectionResults } from 'pg-introspection';
import Postgrator from 'postgrator';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-migrations-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function connect() {
  const client = new pg.Client({ database: ':memory:' });
  await client.connect();
  return client;
}

const tables = async (client) => {
  const { rows } = await client.query(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
  );
  return rows.map(({ table_name }) => table_name);
};

test('node-pg-migrate', async () => {
  const dir = mkdtempSync(join(folder, 'npm-'));
  writeFileSync(
    join(dir, '1700000000000_first.cjs'),
    `exports.up = (m) => {
      m.createType('kind', ['a', 'b']);
      m.createTable('things', {
        id: 'id',
        name: { type: 'varchar(100)', notNull: true, unique: true, comment: 'what it is called' },
        kind: { type: 'kind', default: 'a' },
        at: { type: 'timestamp', notNull: true, default: m.func('current_timestamp') },
      }, { comment: 'all of them' });
      m.createIndex('things', ['kind', { name: 'name', sort: 'DESC' }], { where: "kind = 'a'" });
      m.addColumns('things', { parent: { type: 'int', references: 'things', onDelete: 'CASCADE' } });
      m.addConstraint('things', 'other_parent', { check: 'parent <> id' });
      m.createView('names', {}, 'SELECT id, name FROM things');
      m.createFunction('twice', [{ name: 'a', type: 'int' }], { returns: 'int', language: 'sql' }, 'SELECT a * 2');
    };
    exports.down = (m) => {
      m.dropFunction('twice', [{ name: 'a', type: 'int' }]);
      m.dropView('names');
      m.dropTable('things');
      m.dropType('kind');
    };`,
  );
  const client = await connect();
  const options = { dbClient: client, dir, migrationsTable: 'done', log() {} };
  await runner({ ...options, direction: 'up', count: Number.POSITIVE_INFINITY });
  await client.query(
    `INSERT INTO things (name) VALUES ('x'); INSERT INTO things (name, parent) VALUES ('y', 1)`,
  );
  assert.deepEqual(await tables(client), ['done', 'names', 'things']);
  const { rows } = await client.query(makeIntrospectionQuery());
  const seen = parseIntrospectionResults(rows[0].introspection, true);
  const things = seen.classes.find(({ relname }) => relname === 'things');
  assert.deepEqual(
    things.getAttributes().map(({ attname }) => attname),
    ['id', 'name', 'kind', 'at', 'parent'],
  );
  assert.deepEqual(
    things
      .getConstraints()
      .map(({ conname }) => conname)
      .sort(),
    ['other_parent', 'things_name_key', 'things_parent_fkey', 'things_pkey'],
  );
  await runner({ ...options, direction: 'up', count: Number.POSITIVE_INFINITY });
  await runner({ ...options, direction: 'down', count: 1 });
  assert.deepEqual(await tables(client), ['done']);
  await client.end();
});

test('Postgrator', async () => {
  const dir = mkdtempSync(join(folder, 'pgr-'));
  writeFileSync(join(dir, '001.do.first.sql'), 'CREATE TABLE one (a int); INSERT INTO one VALUES (1);');
  writeFileSync(join(dir, '001.undo.first.sql'), 'DROP TABLE one;');
  writeFileSync(join(dir, '002.do.second.sql'), 'ALTER TABLE one ADD COLUMN b text;');
  writeFileSync(join(dir, '002.undo.second.sql'), 'ALTER TABLE one DROP COLUMN b;');
  const client = await connect();
  const postgrator = new Postgrator({
    migrationPattern: join(dir, '*'),
    driver: 'pg',
    database: 'decentdb',
    schemaTable: 'versions',
    execQuery: (query) => client.query(query),
  });
  assert.equal((await postgrator.migrate()).length, 2);
  assert.equal(await postgrator.getDatabaseVersion(), 2);
  assert.deepEqual((await client.query('SELECT a, b FROM one')).rows, [{ a: 1, b: null }]);
  assert.equal((await postgrator.migrate('000')).length, 2);
  assert.deepEqual(await tables(client), ['versions']);
  await client.end();
});

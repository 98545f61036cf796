/**
 * Databases to and from a real PostgreSQL server: pg_dump scripts in, dumps out, a live server read; compared table by table.
 * Skipped where no server is installed.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSync } from 'decentdb';
import { runProgram } from '../program.ts';
import { EVERY_FEATURE } from './every-feature.test.kit.ts';
import { startServer } from './server.test.kit.ts';

const server = startServer();
const folder = mkdtempSync(join(tmpdir(), 'decentdb-postgres-'));
after(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
const file = (name: string): string => join(folder, name);
const skip = server === null ? 'no PostgreSQL server here' : false;

async function run(...args: string[]): Promise<{ code: number; err: string }> {
  let err = '';
  const code = await runProgram(args, {
    isInteractive: false,
    canDraw: false,
    columns: 80,
    out: () => {},
    err: (text) => {
      err += text;
    },
    paint: (_, text) => text,
    paintErr: (_, text) => text,
  });
  return { code, err };
}

/** What must be equal on both sides, as queries. */
const CATALOGUE = [
  'SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2',
  "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('shop', 'public') ORDER BY 1",
  'SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2',
  "SELECT c.relname, objsubid, description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass WHERE relnamespace = 'shop'::regnamespace ORDER BY 1, 2",
  "SELECT viewname, definition FROM pg_views WHERE schemaname = 'shop' ORDER BY 1",
  "SELECT table_name, column_name, data_type, column_default, is_identity, identity_generation, is_nullable FROM information_schema.columns WHERE table_schema = 'shop' ORDER BY table_name, ordinal_position",
  "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'shop'::regnamespace AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql') ORDER BY 1",
];
const TABLES = [
  'shop.customer',
  'shop.item',
  'shop.sale',
  'shop.totals',
  'shop.vv',
  'shop.mv',
  'public.plain',
  'public.empty',
];

function compare(one: string, other: string): void {
  const queries = [...TABLES.map((name) => `SELECT * FROM ${name} t ORDER BY t::text`), ...CATALOGUE];
  for (const query of queries) assert.equal(server?.psql(other, query), server?.psql(one, query), query);
}

test('pg_dump script in, our dump out, equal on the server', { skip }, async () => {
  assert.ok(server !== null);
  server.psql(
    'postgres',
    'CREATE ROLE app_reader; CREATE ROLE app_owner LOGIN; CREATE DATABASE every; CREATE DATABASE back',
  );
  server.psql('every', EVERY_FEATURE);
  writeFileSync(file('every.sql'), server.dump('every'));
  const restored = await run('restore', file('e.ddb'), file('every.sql'));
  assert.equal(restored.code, 0, restored.err);
  assert.deepEqual(
    restored.err
      .split('\n')
      .filter((line) => line.includes('WARNING'))
      .map((line) => /left out: (\w+ \w+)/.exec(line)?.[1]),
    ['CREATE FUNCTION', 'CREATE TRIGGER'],
  );
  assert.equal((await run('dump', file('e.ddb'), '-o', file('back.sql'))).code, 0);
  server.psql('back', readFileSync(file('back.sql'), 'utf8'));
  compare('every', 'back');
  const strict = await run('restore', file('s.ddb'), file('every.sql'), '--strict');
  assert.equal(strict.code, 1);
});

test('a live server read, and back', { skip }, async () => {
  assert.ok(server !== null);
  const url = `postgres://postgres@localhost/every?host=${encodeURIComponent(server.socket)}`;
  const imported = await run('import', file('live.ddb'), url);
  assert.equal(imported.code, 0, imported.err);
  server.psql('postgres', 'CREATE DATABASE live');
  assert.equal((await run('dump', file('live.ddb'), '-o', file('live.sql'))).code, 0);
  server.psql('live', readFileSync(file('live.sql'), 'utf8'));
  compare('every', 'live');
  const db = openSync(file('live.ddb'), { mode: 'readOnly' });
  assert.deepEqual(db.check().findings, []);
  db.close();
  assert.equal((await run('import', file('one.ddb'), url, '--table', 'shop.sale')).code, 1);
  assert.equal((await run('import', file('one.ddb'), url, '--table', 'public.plain')).code, 0);
  assert.equal((await run('import', file('one.ddb'), 'postgres://nobody@127.0.0.1:1/x')).code, 4);
});

test('migrate: from a server and to one, whole or not at all', { skip }, async () => {
  assert.ok(server !== null);
  const url = (name: string): string =>
    `postgres://postgres@localhost/${name}?host=${encodeURIComponent(server.socket)}`;
  assert.equal((await run('migrate', 'from-postgres', url('every'), file('moved.ddb'))).code, 0);
  server.psql('postgres', 'CREATE DATABASE moved');
  const moved = await run('migrate', 'to-postgres', file('moved.ddb'), url('moved'));
  assert.equal(moved.code, 0, moved.err);
  compare('every', 'moved');
  const again = await run('migrate', 'to-postgres', file('moved.ddb'), url('moved'));
  assert.equal(again.code, 1);
  assert.match(again.err, /ERROR: {2}the server says: .* already exists\nDETAIL: {2}Statement: CREATE /);
  compare('every', 'moved');
  const taken = await run('migrate', 'from-postgres', url('every'), file('moved.ddb'));
  assert.deepEqual([taken.code, /is there already/.test(taken.err)], [4, true]);
  server.psql('postgres', 'CREATE DATABASE bare');
  assert.equal((await run('migrate', 'from-postgres', url('bare'), file('bare.ddb'))).code, 4);
  assert.ok(!existsSync(file('bare.ddb')), 'nothing is left of what failed');
  assert.equal((await run('migrate', 'to-postgres', file('moved.ddb'), 'moved')).code, 2);
  assert.equal(
    (await run('migrate', 'to-postgres', file('moved.ddb'), 'postgres://nobody@127.0.0.1:1/x')).code,
    4,
  );
});

const FAMILIES = `
CREATE TABLE bare (); INSERT INTO bare DEFAULT VALUES; INSERT INTO bare DEFAULT VALUES;
CREATE TABLE sale (id int NOT NULL, at date NOT NULL, what text, PRIMARY KEY (id, at, what)) PARTITION BY RANGE (at);
CREATE TABLE sale_old PARTITION OF sale FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE sale_new PARTITION OF sale FOR VALUES FROM ('2020-01-01') TO (MAXVALUE) PARTITION BY LIST (what);
CREATE TABLE sale_new_a PARTITION OF sale_new FOR VALUES IN ('a'); CREATE TABLE sale_new_rest PARTITION OF sale_new DEFAULT;
CREATE INDEX sale_what ON sale (what); ALTER TABLE sale ADD CHECK (id > 0);
INSERT INTO sale SELECT i, date '2018-01-01' + i, chr(97 + i % 3) FROM generate_series(1, 1500) i;
CREATE TABLE part_of (id int PRIMARY KEY, sale int, at date, what text, FOREIGN KEY (sale, at, what) REFERENCES sale);
INSERT INTO part_of SELECT i, id, at, what FROM (SELECT row_number() OVER () AS i, * FROM sale WHERE id % 500 = 7) s;
CREATE TABLE parent (a int, b text); CREATE TABLE child (c int) INHERITS (parent);
INSERT INTO parent VALUES (1, 'p'); INSERT INTO child VALUES (2, 'c', 3);
`;

test('partitioned tables and children arrive as such, and go back', { skip }, async () => {
  assert.ok(server !== null);
  server.psql('postgres', 'CREATE DATABASE families; CREATE DATABASE returned');
  server.psql('families', FAMILIES);
  const url = (name: string): string =>
    `postgres://postgres@localhost/${name}?host=${encodeURIComponent(server.socket)}`;
  const moved = await run('migrate', 'from-postgres', url('families'), file('families.ddb'));
  assert.deepEqual([moved.code, moved.err], [0, '']);
  assert.deepEqual(await run('migrate', 'to-postgres', file('families.ddb'), url('returned')), {
    code: 0,
    err: '',
  });
  for (const query of [
    'SELECT * FROM sale ORDER BY 1, 2',
    'SELECT count(*) FROM bare',
    'SELECT tableoid::regclass, count(*) FROM sale GROUP BY tableoid ORDER BY tableoid::regclass::text',
    'SELECT tableoid::regclass, * FROM parent ORDER BY 2',
    'SELECT inhrelid::regclass, inhparent::regclass FROM pg_inherits ORDER BY inhrelid::regclass::text',
    "SELECT conrelid::regclass, conname, contype FROM pg_constraint WHERE contype IN ('p', 'c', 'f') AND conparentid = 0 ORDER BY conrelid::regclass::text, 2",
  ])
    assert.equal(server.psql('returned', query), server.psql('families', query), query);
  writeFileSync(file('families.sql'), server.dump('families'));
  const restored = await run('restore', file('restored.ddb'), file('families.sql'));
  assert.ok(!restored.err.includes('left out'), restored.err);
  assert.equal(restored.code, 0, restored.err);
  assert.equal((await run('diff', file('restored.ddb'), file('families.ddb'), '--no-roles')).code, 0);
  assert.equal((await run('restore', file('strict.ddb'), file('families.sql'), '--strict')).code, 0);
});

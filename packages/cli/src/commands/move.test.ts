/** dump, restore, export, backup, vacuum, schema, types, doctor: run as the program runs them. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openSync } from 'decentdb';
import { run } from '../program.test.kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-move-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);
const source = file('source.ddb');

async function output(...args: string[]): Promise<string> {
  const { code, out, err } = await run(...args);
  assert.equal(code, 0, err);
  return out;
}

before(() => {
  using db = openSync(source);
  db.exec(`
    CREATE SCHEMA s; CREATE TYPE mood AS ENUM ('ok', 'it''s'); CREATE DOMAIN pos AS int CHECK (VALUE > 0);
    CREATE TYPE pair AS (a int, b text); CREATE SEQUENCE sq START 5 INCREMENT 2; SELECT nextval('sq');
    CREATE TABLE "Big T" (id serial PRIMARY KEY, i2 int GENERATED ALWAYS AS IDENTITY, n numeric(10,2) DEFAULT 1.5 NOT NULL,
      m mood, p pos, t text UNIQUE, g int GENERATED ALWAYS AS (id * 2) STORED, arr text[], x pair, CHECK (n > 0));
    CREATE TABLE s.c (a int REFERENCES "Big T"(id) ON DELETE CASCADE DEFERRABLE, b text, z timestamptz, y bytea, j jsonb,
      iv interval, f float8, bo boolean, u uuid, ch char(4));
    CREATE INDEX c_b ON s.c (lower(b)) WHERE a > 1; CREATE INDEX tri ON s.c USING trigram (b);
    CREATE TABLE padded (id int PRIMARY KEY, c bpchar, d char(3)); INSERT INTO padded VALUES (1, 'x ', 'y'), (2, NULL, NULL);
    CREATE VIEW v AS SELECT a + 1 AS x FROM s.c; CREATE MATERIALIZED VIEW mv AS SELECT 1 AS one;
    COMMENT ON TABLE s.c IS 'hello'; COMMENT ON COLUMN s.c.b IS 'it''s';
    INSERT INTO "Big T" (n, m, p, t, arr, x)
      SELECT i, 'it''s', i, 't' || i, ARRAY['a,b', NULL, 'q"' || i], ROW(i, 'x y')::pair FROM generate_series(1, 300) i;
    INSERT INTO s.c VALUES
      (1, E'tab\\there\\nnew\\\\line', '2020-01-01 00:00+00', '\\xdeadbeef', '{"a":"\\\\n"}', '1 day 02:03', 0.1, true, NULL, 'ab'),
      (NULL, '', 'infinity', '', 'null', '-1 mon', 'NaN', false, '00000000-0000-0000-0000-000000000001', NULL);
  `);
});

test('a dump restored dumps to the same script, as COPY and as INSERT', async () => {
  const dump = await output('dump', source);
  assert.match(dump, /COPY "s"\."c" \(/);
  for (const [name, flags] of [
    ['copy', []],
    ['inserts', ['--inserts']],
  ] as const) {
    const script = file(`${name}.sql`);
    await output('dump', source, '-o', script, ...flags);
    await output('restore', file(`${name}.ddb`), script);
    assert.equal(await output('dump', file(`${name}.ddb`)), dump);
    await output('check', file(`${name}.ddb`));
  }
  using db = openSync(file('copy.ddb'));
  assert.deepEqual(
    db.query('SELECT octet_length(c) AS c, octet_length(d) AS d FROM padded ORDER BY id').rows,
    [
      { c: 2, d: 3 },
      { c: null, d: null },
    ],
  );
  db.exec(`INSERT INTO "Big T" (m) VALUES ('ok')`);
  assert.deepEqual(db.query('SELECT id, i2, g FROM "Big T" ORDER BY id DESC LIMIT 1').rows, [
    { id: 301, i2: 301, g: 602 },
  ]);
  assert.throws(() => db.exec('INSERT INTO s.c (a) VALUES (999)'), { code: '23503' });
  const [next] = db.query<{ n: number }>("SELECT nextval('sq') AS n").rows;
  assert.equal(next?.n, 7);
});

test('parts of a dump; a restore that fails leaves nothing', async () => {
  const schema = await output('dump', source, '--schema-only');
  assert.ok(!schema.includes('COPY') && !schema.includes('setval'));
  const data = await output('dump', source, '--data-only', '--table', 's.c');
  assert.ok(!data.includes('CREATE TABLE') && data.includes('COPY "s"."c"') && !data.includes('Big T'));
  const script = file('bad.sql');
  writeFileSync(
    script,
    'CREATE TABLE a (b int);\nINSERT INTO a VALUES (1), (2);\nINSERT INTO a VALUES (1/0);\n',
  );
  const { code, err } = await run('restore', file('bad.ddb'), script);
  assert.equal(code, 1);
  assert.match(err, /bad\.sql:3: ERROR: +division by zero/);
  assert.deepEqual(filesBeside('bad.ddb'), [], 'no database is made for it');
  await output('exec', file('bad.ddb'), 'CREATE TABLE kept (v int)');
  assert.equal((await run('restore', file('bad.ddb'), script)).code, 1);
  const tables = JSON.parse(await output('tables', file('bad.ddb'), '--json')) as { name: string }[];
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['kept'],
  );
});

const filesBeside = (name: string): string[] => readdirSync(folder).filter((one) => one.startsWith(name));

test('a restore that is interrupted leaves nothing; what it did, as JSON', async () => {
  const script = file('long.sql');
  const rows = Array.from({ length: 60_000 }, (_, i) => `${i}\trow ${i}\n`).join('');
  writeFileSync(script, `CREATE TABLE a (b int, c text);\nCOPY a FROM stdin;\n${rows}\\.\n`);
  const stopped = run('restore', file('long.ddb'), script);
  setImmediate(() => process.emit('SIGINT'));
  const { code, err } = await stopped;
  assert.deepEqual([code, err], [130, 'interrupted: nothing of it stays\n']);
  assert.deepEqual(filesBeside('long.ddb'), []);
  const told = JSON.parse(await output('restore', file('long.ddb'), script, '--json'));
  assert.deepEqual(told, { path: file('long.ddb'), leftOut: 0 });
  assert.equal(await output('exec', file('long.ddb'), 'SELECT count(*) FROM a'), 'count\n60000\n');
});

test('a reference of a kind unknown here is left out, whatever its name; one to a partitioned table is not', async () => {
  const script = file('parts.sql');
  writeFileSync(
    script,
    `CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE c (a int);
    ALTER TABLE ONLY c ADD CONSTRAINT "to ""p" FOREIGN KEY (a) REFERENCES p (a);
    ALTER TABLE ONLY c ADD CONSTRAINT "of ""p" FOREIGN KEY (a, PERIOD a) REFERENCES p (a, PERIOD a);`,
  );
  const told = JSON.parse(await output('restore', file('parts.ddb'), script, '--json'));
  assert.deepEqual(told, { path: file('parts.ddb'), leftOut: 1 });
});

test('an import that fails leaves no database that it made, but what it had loaded', async () => {
  writeFileSync(file('one.csv'), 'a,b\n1,2\n');
  for (const [name, text] of [
    ['ragged.csv', 'a,b\n1,2\n3\n'],
    ['empty.csv', ''],
    ['cut.json', '[{"a": 1}, {'],
    ['cut.parquet', 'PAR1'],
    ['cut.csv.gz', 'no gzip'],
  ] as const) {
    writeFileSync(file(name), text);
    const { code, err } = await run('import', file('filled.ddb'), file(name));
    assert.ok(code !== 0 && err !== '', name);
    assert.deepEqual(filesBeside('filled.ddb'), [], `${name}: ${err}`);
  }
  assert.notEqual((await run('import', file('filled.ddb'), file('one.csv'), file('ragged.csv'))).code, 0);
  assert.equal(await output('exec', file('filled.ddb'), 'TABLE one'), 'a,b\n1,2\n');
  assert.notEqual((await run('import', file('filled.ddb'), file('empty.csv'))).code, 0);
  assert.equal(await output('exec', file('filled.ddb'), 'TABLE one'), 'a,b\n1,2\n');
});

test('export by name and by query', async () => {
  assert.match(await output('export', source, 's.c'), /^a,b,z,y,j,iv,f,bo,u,ch\n1,"tab\there\nnew\\line",/);
  const path = file('rows.ndjson');
  await output(
    'export',
    source,
    'SELECT id, t FROM "Big T" WHERE id <= $1 ORDER BY id',
    '--param',
    '2',
    '-o',
    path,
  );
  assert.equal(readFileSync(path, 'utf8'), '{"id":1,"t":"t1"}\n{"id":2,"t":"t2"}\n');
  assert.equal(
    await output('export', source, "SELECT 1 AS a, 'it''s' AS b", '-f', 'sql', '--into', 'z'),
    `INSERT INTO "z" ("a", "b") VALUES ('1', 'it''s');\n`,
  );
  assert.equal((await run('export', source, 'nosuch')).code, 2);
});

test('backup, vacuum', async () => {
  assert.match(await output('backup', source, file('backup.ddb')), /verified/);
  assert.equal((await run('backup', source, file('backup.ddb'))).code, 1);
  await output('vacuum', source, '--into', file('short.ddb'));
  await output('vacuum', file('backup.ddb'));
  const dump = await output('dump', source);
  assert.equal(await output('dump', file('backup.ddb')), dump);
  assert.equal(await output('dump', file('short.ddb')), dump);
});

test('schema, types, doctor', async () => {
  const schema = await output('schema', source, 's.c');
  assert.match(schema, /CREATE TABLE s\.c \(/);
  assert.ok(!schema.includes('CREATE TABLE public'));
  const types = await output('types', source);
  for (const line of [
    'id: Generated<number>;',
    'm: "ok" | "it\'s" | null;',
    'arr: (string | null)[] | null;',
    '"Big T": BigT;',
    '  x: number | null;',
  ])
    assert.ok(types.includes(line), line);
  const findings = JSON.parse(await output('doctor', source, '--json')) as { code: string; title: string }[];
  assert.deepEqual(
    findings.map(({ code, title }) => [code, title]),
    [
      ['no-primary-key', 'table s.c has no primary key'],
      ['reference-without-index', 'no index for foreign key c_a_fkey of s.c'],
    ],
  );
});

test('dump --no-roles: nothing of roles, and everything else', async () => {
  using db = openSync(file('roles.ddb'));
  db.exec(`
    CREATE ROLE boss; CREATE SCHEMA s AUTHORIZATION boss;
    CREATE TABLE s.t (a text CONSTRAINT odd CHECK (a <> ' OWNER TO x')); ALTER TABLE s.t OWNER TO boss;
    GRANT SELECT ON s.t TO boss;`);
  db.close();
  const script = await output('dump', file('roles.ddb'), '--no-roles');
  assert.doesNotMatch(script, /boss/);
  assert.match(script, /CONSTRAINT odd CHECK/);
  writeFileSync(file('roles.sql'), script);
  await output('restore', file('roles-2.ddb'), file('roles.sql'), '--strict');
});

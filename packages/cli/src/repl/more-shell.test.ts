/** The shell's commands beyond asking: patterns, parameters, formats, advice, copies, summaries. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Database, openSync } from 'decentdb';
import { unindexedReferences } from '../doctor/unindexed-references.ts';
import { adviseIndexes } from './index-advice.ts';
import { Shell } from './shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-shell-'));
const db = openSync(':memory:');
after(() => {
  db.close();
  rmSync(folder, { recursive: true });
});
let out = '';
let err = '';

function shellOn(on: Database): (...lines: string[]) => Promise<string> {
  const terminal = {
    isInteractive: false,
    canDraw: false,
    columns: 60,
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    paint: (_: unknown, text: string) => text,
    paintErr: (_: unknown, text: string) => text,
  };
  const shell = new Shell(on, 'app.ddb', { terminal, setExitCode: () => {} });
  shell.settings.format = 'csv';
  return async (...lines) => {
    out = '';
    err = '';
    for (const line of lines) await shell.line(line);
    return out;
  };
}

before(() => {
  db.exec(`CREATE TABLE parent (id int PRIMARY KEY, name text);
    CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent, "Weight" numeric);
    INSERT INTO parent SELECT i, 'name ' || i FROM generate_series(1, 50) i;
    INSERT INTO child SELECT i, i % 50 + 1, i / 4.0 FROM generate_series(1, 5000) i;
    CREATE TABLE split (k int) PARTITION BY LIST (k); CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1);
    CREATE VIEW seen AS SELECT name FROM parent;
    CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN positive AS int CHECK (VALUE > 0);
    CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql AS 'SELECT a * 2'`);
});

test('lists hold names against patterns; row types of tables are no types', async () => {
  const say = shellOn(db);
  assert.equal(
    await say('\\dt'),
    'Schema,Name,Type\npublic,child,table\npublic,parent,table\npublic,split,partitioned table\npublic,split_1,table\n',
  );
  assert.equal(await say('\\dt public.SPLIT*'), (await say('\\dt split*')) as string);
  assert.match(out, /split,.*\n.*split_1,table\n$/);
  assert.equal(await say('\\dt "SPLIT"'), 'Schema,Name,Type\n');
  assert.equal(await say('\\dT'), 'Schema,Name,Kind\npublic,mood,enum\npublic,positive,domain\n');
  assert.match(await say('\\dD'), /public,positive,integer/);
  assert.match(await say('\\df tw?ce'), /public,twice,integer,a integer,func/);
  assert.match(await say('\\df abs'), /pg_catalog,abs,integer,integer,func/);
  for (const command of ['\\da', '\\dp', '\\z', '\\dx', '\\dd', '\\l', '\\du', '\\dg', '\\dP', '\\dm x*']) {
    await say(command);
    assert.equal(err, '', command);
  }
  assert.match(await say('\\sf twice'), /CREATE OR REPLACE FUNCTION public\.twice/);
  assert.match(await say('\\sv seen'), /CREATE OR REPLACE VIEW seen AS/);
  await say('\\tming', '.tabels');
  assert.match(err, /did you mean \\timing\?[\s\S]*did you mean \.tables\?/);
});

test('help with syntax', async () => {
  const say = shellOn(db);
  assert.match(await say('\\h create tab'), /^CREATE TABLE: [\s\S]*CREATE TABLE AS: /);
  assert.match(await say('\\h'), /Help is there for:\n {2}ALTER TABLE/);
  assert.match(await say('\\h nonsense'), /No help for "NONSENSE"/);
});

test('values for parameters: of one statement, or of all', async () => {
  const say = shellOn(db);
  assert.equal(await say('\\bind 2', 'SELECT name FROM parent WHERE id = $1;'), 'name\nname 2\n');
  assert.equal(await say("SELECT $1::int + $2 AS n, $3 AS t \\bind 1 2 'it''s' \\g"), "n,t\n3,it's\n");
  await say('SELECT $1;');
  assert.match(err, /08P01/);
  await say("SELECT '\\bind' AS t;");
  assert.equal(out, 't\n\\bind\n');
  await say('.parameter set $1 40 + 1', ".parameter set name 'x''y'");
  assert.equal(await say('SELECT $1::int AS n, :name AS t;'), "n,t\n41,x'y\n");
  assert.equal(await say('.parameter list'), "$1 41\n:name 'x''y'\n");
  await say('.parameter clear', 'SELECT $1;');
  assert.match(err, /08P01/);
  assert.equal((await say('SELECT 1 AS n \\watch i=0 c=3')).length, 'n\n1\n'.length * 3);
});

test('formats of sqlite3 and psql', async () => {
  const say = shellOn(db);
  const sql = `SELECT 1 AS n, 'a''b <c>' AS "T", NULL AS x;`;
  const shown: Record<string, string> = {
    column: "n  T        x\n-  -------  ----\n1  a'b <c>  NULL\n",
    line: "n = 1\nT = a'b <c>\nx = \n",
    list: "n|T|x\n1|a'b <c>|\n",
    quote: "'n','T','x'\n1,'a''b <c>',NULL\n",
    insert: `INSERT INTO table_name ("n", "T", "x") VALUES (1, 'a''b <c>', NULL);\n`,
    html: `<table>\n  <tr><th>n</th><th>T</th><th>x</th></tr>\n  <tr><td align="right">1</td><td>a'b &lt;c&gt;</td><td></td></tr>\n</table>\n`,
    latex:
      "\\begin{tabular}{r | l | l}\n\\textit{n} & \\textit{T} & \\textit{x} \\\\\n\\hline\n1 & a'b <c> &  \\\\\n\\end{tabular}\n",
  };
  for (const [format, text] of Object.entries(shown)) assert.equal(await say(`.mode ${format}`, sql), text);
  assert.match(await say('.mode insert t2', 'SELECT 1 AS n;'), /INSERT INTO "t2"/);
  assert.match(await say('.mode column', '.width 1 3', sql), /1 {2}a'… {2}NULL/);
});

test('advice: indexes a statement would use, foreign keys without one; nothing stays', async () => {
  const sql = 'SELECT count(*) FROM child WHERE parent_id = 7 AND "Weight" > 100';
  const before = db.query("SELECT count(*) AS n FROM pg_class WHERE relkind = 'i'").rows;
  const [best] = adviseIndexes(db, sql);
  assert.equal(best?.statement, 'CREATE INDEX ON public.child (parent_id, "Weight");');
  assert.ok(best !== undefined && best.cost < best.costBefore);
  assert.deepEqual(adviseIndexes(db, 'SELECT * FROM parent WHERE id = 3'), []);
  assert.deepEqual(db.query("SELECT count(*) AS n FROM pg_class WHERE relkind = 'i'").rows, before);
  const say = shellOn(db);
  assert.equal(
    await say('.lint'),
    'CREATE INDEX ON public.child (parent_id);  -- child_parent_id_fkey to parent\n',
  );
  db.exec('CREATE INDEX by_parent ON child (parent_id, id)');
  assert.deepEqual(unindexedReferences(db), []);
  assert.equal(await say(`${sql};`, '.expert').then((text) => /CREATE INDEX|No index/.test(text)), true);
});

test('SUMMARIZE tells of each column of a table or a query', async () => {
  const say = shellOn(db);
  const lines = (await say('SUMMARIZE child;')).trimEnd().split('\n');
  assert.equal(
    lines[0],
    'column_name,column_type,min,max,distinct,avg,std,q25,q50,q75,count,null_percentage',
  );
  assert.match(
    lines[1] ?? '',
    /^id,integer,1,5000,5000,2500\.5,[\d.]+,1250\.75,2500\.5,3750\.25,5000,0(\.00)?$/,
  );
  assert.match(
    await say("SUMMARIZE SELECT NULL::text AS a, '{}'::json AS j, true AS b FROM parent -- a comment", ';'),
    /a,text,,,0,,,,,,50,100[\s\S]*j,json,,,,,,,,,50,0[\s\S]*b,boolean,,,1,/,
  );
});

test('a clone is restored into an empty database, and only there; statements are logged', async () => {
  const path = join(folder, 'clone.ddb');
  const log = join(folder, 'statements.log');
  const say = shellOn(db);
  assert.match(await say(`.clone ${path}`), /^5050 rows, \d+ bytes\n$/);
  await say(`.restore ${path}`);
  assert.match(err, /not empty/);
  using empty = openSync(':memory:');
  const there = shellOn(empty);
  await there(`.log ${log}`, `.restore ${path}`, 'SELECT count(*) AS n FROM child;', '.log off', 'SELECT 2;');
  assert.equal(err, '');
  assert.match(out, /n\n5000\n/);
  assert.match(readFileSync(log, 'utf8'), /^[\d.]+ ms {2}SELECT count\(\*\) AS n FROM child\n$/);
});

test('charts of many rows', async () => {
  const say = shellOn(db);
  assert.match(await say('SELECT i FROM generate_series(1, 200000) i \\plot hist'), /^i\n1 \.\. /);
  assert.equal(
    (await say('SELECT i FROM generate_series(1, 8) i \\g /dev/null', '\\spark')).trim(),
    '▁▂▃▄▅▆▇█',
  );
});

test('advice passes over what cannot be indexed; quoted names are taken as they are; a database is no place for output', async () => {
  const path = join(folder, 'other.ddb');
  const own = openSync(path);
  own.exec(`CREATE TABLE t (id int PRIMARY KEY, j json, v text); CREATE VIEW "Odd ""View" AS SELECT v FROM t;
    INSERT INTO t SELECT i, '{}', 'v' || i FROM generate_series(1, 2000) i`);
  const advice = adviseIndexes(own, "SELECT * FROM t WHERE j::text = 'a' AND v = 'v7'");
  assert.deepEqual(
    advice.map(({ statement }) => statement),
    ['CREATE INDEX ON public.t (v);'],
  );
  const say = shellOn(own);
  assert.match(await say('\\sv "Odd ""View"'), /VIEW "Odd ""View" AS/);
  await say(`\\o ${path}`, `\\w ${path}`, `\\s ${path}`, `\\copy t to '${path}'`);
  assert.equal(err.match(/is a database/g)?.length, 4, err);
  assert.equal(own.check().ok, true);
  own.close();
  assert.equal(readFileSync(path, 'latin1').slice(0, 8), 'DecentDB');
});

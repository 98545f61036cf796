/** The real `decentdb` command, spawned as a user would: results, exit codes, errors with a caret, files and pipes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../bin/decentdb.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'decentdb-cli-'));
const db = join(folder, 'app.ddb');
after(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], input = ''): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    encoding: 'utf8',
    input,
    env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '' },
  });
  return { code: status, out: stdout, err: stderr };
}

/** Runs what has to succeed and returns its output. */
function output(args: readonly string[], input = ''): string {
  const { code, out, err } = run(args, input);
  assert.equal(code, 0, err);
  return out;
}

before(() => {
  output(
    ['exec', db],
    `
    CREATE TABLE city (id integer PRIMARY KEY, name text NOT NULL, people bigint, founded date);
    INSERT INTO city VALUES (1, 'Utrecht', 374411, '0050-01-01'), (2, 'Gent', NULL, '0630-06-01'), (3, 'Köln, am Rhein', 9007199254740993, NULL);
  `,
  );
});

test('exec prints csv to a pipe, other formats when asked', () => {
  const sql = 'SELECT id, name, people FROM city ORDER BY id';
  assert.equal(
    output(['exec', db, sql]),
    'id,name,people\n1,Utrecht,374411\n2,Gent,\n3,"Köln, am Rhein",9007199254740993\n',
  );
  assert.deepEqual(JSON.parse(output(['exec', db, sql, '--json']).replace(/9007199254740993/, '"$&"')), [
    { id: 1, name: 'Utrecht', people: 374411 },
    { id: 2, name: 'Gent', people: null },
    { id: 3, name: 'Köln, am Rhein', people: '9007199254740993' },
  ]);
  const table = output(['exec', db, sql, '--format', 'table']);
  assert.match(table, /│ Utrecht +│ +374411 │/);
  assert.match(table, /\(3 rows\)\n$/);
});

test('parameters, several statements, timing and an output file', () => {
  assert.equal(
    output(['exec', db, 'SELECT name FROM city WHERE id = $1', '-p', '2', '--format', 'tsv']),
    'name\nGent\n',
  );
  const file = join(folder, 'out.ndjson');
  const { out, err } = run([
    'exec',
    db,
    'SELECT 1 AS a; SELECT 2 AS a',
    '--format',
    'ndjson',
    '-o',
    file,
    '--timing',
  ]);
  assert.equal(out, '');
  assert.equal(readFileSync(file, 'utf8'), '{"a":1}\n{"a":2}\n');
  assert.equal(err.match(/Time: [\d.]+ ms/g)?.length, 2);
});

test('an error shows SQLSTATE, line and caret, and stops', () => {
  const { code, out, err } = run(['exec', db, 'SELECT 1 AS one; SELECT nme FROM city; SELECT 3 AS three']);
  assert.equal(code, 1);
  assert.equal(out, 'one\n1\n');
  assert.match(err, /ERROR: {2}column "nme" does not exist/);
  assert.match(err, /LINE 1: SELECT nme FROM city\n {15}\^/);
  assert.match(err, /SQLSTATE: 42703/);
});

test('a script names file and line; --keep-going goes on and still tells; a transaction is whole', () => {
  const script = join(folder, 'bad.sql');
  writeFileSync(
    script,
    'CREATE TABLE half (id integer);\nINSERT INTO half VALUES (1);\n\nINSERT INTO nowhere VALUES (1);\nINSERT INTO half VALUES (2);\n',
  );
  const stopped = run(['exec', db, '-f', script, '--single-transaction']);
  assert.equal(stopped.code, 1);
  assert.match(stopped.err, /bad\.sql:4: ERROR/);
  assert.equal(run(['exec', db, 'SELECT * FROM half']).code, 1, 'the table was rolled back');
  assert.equal(run(['exec', db, '-f', script, '--keep-going']).code, 1);
  assert.equal(output(['exec', db, 'SELECT count(*) AS n FROM half']), 'n\n2\n');
});

test('psql scripts: what concerns a server is passed over with a notice, COPY data is loaded', () => {
  const script =
    'SET no_such_setting = 0;\n\\connect app\nCREATE TABLE copied (a integer, b text);\nCOPY copied (a, b) FROM stdin;\n1\tone\\ttab\n2\t\\N\n\\.\nALTER TABLE copied OWNER TO me;\nALTER DEFAULT PRIVILEGES FOR ROLE me GRANT SELECT ON TABLES TO PUBLIC;\n';
  const { code, err } = run(['exec', db, '--psql'], script);
  assert.equal(code, 0, err);
  assert.match(err, /NOTICE: {2}skipped, a psql command: \\connect app/);
  assert.equal(output(['exec', db, 'SELECT * FROM copied ORDER BY a']), 'a,b\n1,one\ttab\n2,\n');
  assert.equal(run(['exec', db], '\\connect app\n').code, 2);
});

test('import chooses types, keeps zeros, tells NULL from the empty text', () => {
  const file = join(folder, 'People 2024.csv');
  writeFileSync(
    file,
    '\ufeffId,Full Name,zip,born,note\n1,"Lovelace, ""Ada""",01234,1815-12-10,""\n2,Grace Hopper,20500,1906-12-09,\n',
  );
  const loaded = output(['import', db, file]);
  assert.match(
    loaded,
    /created table people_2024 \(id integer, full_name text, zip text, born date, note text\)/,
  );
  assert.match(loaded, /2 rows into people_2024/);
  assert.equal(
    output(['exec', db, 'SELECT *, note IS NULL AS empty FROM people_2024 ORDER BY id']),
    'id,full_name,zip,born,note,empty\n1,"Lovelace, ""Ada""",01234,1815-12-10,"",f\n2,Grace Hopper,20500,1906-12-09,,t\n',
  );
  assert.match(
    output(['import', db, '-', '--table', 'people_2024'], 'id,full_name\n3,Alan Turing\n'),
    /1 rows/,
  );
});

test('import loads a file whole or not at all, and names the line', () => {
  const rows = Array.from({ length: 50 }, (_, i) => `${i},x`).join('\n');
  const bad = run(
    ['import', db, '-', '--table', 'whole', '--sniff-rows', '10'],
    `id,name\n${rows}\nfifty,x\n`,
  );
  assert.equal(bad.code, 1);
  assert.match(bad.err, /Line 52 of -, row 51\. Column id/);
  assert.equal(run(['exec', db, 'SELECT * FROM whole']).code, 1);
  const ragged = run(['import', db, '-', '--table', 'whole'], 'id,name\n1,a\n2\n');
  assert.equal(ragged.code, 1);
  assert.match(ragged.err, /Line 3/);
});

test('tables, describe, info, explain', () => {
  const tables = JSON.parse(output(['tables', db, '--json'])) as { name: string; rows: number }[];
  assert.equal(tables.find((table) => table.name === 'city')?.rows, 3);
  const city = JSON.parse(output(['describe', db, 'city', '--json'])) as { columns: unknown[] };
  assert.deepEqual(city.columns.slice(0, 2), [
    { name: 'id', type: 'integer', nullable: false, default: null },
    { name: 'name', type: 'text', nullable: false, default: null },
  ]);
  assert.equal(run(['describe', db, 'nowhere']).code, 1);
  assert.match(output(['info', db]), /pages/);
  assert.match(output(['explain', db, 'SELECT * FROM city WHERE id = 1']), /city/);
});

test('check finds nothing in a sound file, and exits with 3 for a damaged one', () => {
  assert.match(output(['check', db]), /^ok/);
  output(['checkpoint', db]);
  const broken = join(folder, 'broken.ddb');
  const bytes = readFileSync(db);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(broken, bytes);
  const { code, out, err } = run(['check', broken]);
  assert.equal(code, 3, out + err);
  assert.match(out + err, /page \d+/);
  assert.deepEqual(readFileSync(broken), bytes, 'a check changes nothing');
});

test('what cannot be opened leaves with 4 and is left alone', () => {
  assert.equal(run(['tables', join(folder, 'nowhere.ddb')]).code, 4);
  assert.equal(existsSync(join(folder, 'nowhere.ddb')), false);
  const foreign = join(folder, 'notes.txt');
  writeFileSync(foreign, 'not a database, but precious\n'.repeat(400));
  const before = readFileSync(foreign);
  const { code, err } = run(['exec', foreign, 'SELECT 1']);
  assert.equal(code, 4, err);
  assert.match(err, /notes\.txt/);
  assert.deepEqual(readFileSync(foreign), before);
  assert.equal(run(['exec', db, '-f', join(folder, 'nowhere.sql')]).code, 4);
});

test('usage: help, version, suggestions, completion', () => {
  assert.match(output(['help']), /exec.*\n[\s\S]*Exit codes/);
  assert.match(output(['--version']), /^\d+\.\d+\.\d+/);
  const misspelt = run(['exce', db]);
  assert.equal(misspelt.code, 2);
  assert.match(misspelt.err, /Did you mean exec\?/);
  assert.equal(run(['exec', db, 'SELECT 1', '--format', 'xml']).code, 2);
  assert.equal(run([]).code, 2);
  for (const shell of ['bash', 'zsh', 'fish']) assert.match(output(['completion', shell]), /checkpoint/);
});

test('the demo runs and finds all well', () => {
  const said = output(['demo', '--tracks', '2000']);
  assert.match(said, /check found nothing wrong/);
  assert.match(said, /All is well/);
});

/** Where results go: whole or as before, with exit codes that say what failed; and commands that read open for reading. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openSync } from 'decentdb';
import { withOutput } from './output.ts';
import { run } from './program.test.kit.ts';
import { processTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-output-'));
const path = join(folder, 'a.ddb');
after(() => rmSync(folder, { recursive: true }));

before(() => {
  const db = openSync(path);
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'one');
    CREATE TABLE other (id int PRIMARY KEY); CREATE VIEW seen AS SELECT v FROM t`);
  db.close();
});

const context = { terminal: processTerminal(), setExitCode: () => {} };
const drafts = (): string[] => readdirSync(folder).filter((name) => name.includes('-new-'));

test('a file that is written anew stays as it was when the work fails, and is replaced when it ends well', async () => {
  for (const name of ['kept.sql', 'kept.sql.gz']) {
    const file = join(folder, name);
    writeFileSync(file, 'of yesterday');
    const failing = withOutput(file, context, (output) => {
      output.write('half of ');
      throw new Error('stop');
    });
    await assert.rejects(failing, /stop/);
    assert.equal(readFileSync(file, 'utf8'), 'of yesterday');
    await withOutput(file, context, (output) => output.write('of today'));
    const bytes = readFileSync(file);
    assert.equal((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString(), 'of today');
  }
  assert.deepEqual(drafts(), []);
});

test('a full disk is exit code 5, not a bug', { skip: !existsSync('/dev/full') }, async () => {
  for (const args of [
    ['dump', path, '-o', '/dev/full'],
    ['export', path, 't', '-o', '/dev/full'],
    ['types', path, '-o', '/dev/full'],
    ['exec', path, 'SELECT * FROM t', '-o', '/dev/full'],
  ]) {
    const { code, err } = await run(...args);
    assert.equal(code, 5, `${args[0]}: ${err}`);
    assert.equal(err, 'error: cannot write "/dev/full": no space is left on the disk\n');
  }
});

test('names of no table are refused before anything is written; views count', async () => {
  const file = join(folder, 'named.sql');
  for (const args of [
    ['schema', path, 'nope'],
    ['schema', path, 't', 'nope', '--json'],
    ['dump', path, '-t', 'nope', '-o', file],
  ]) {
    const { code, err } = await run(...args);
    assert.equal(code, 1);
    assert.match(err, /there is no table "nope"\n.*There are other, seen, t\./);
  }
  assert.equal(existsSync(file), false);
  const view = await run('schema', path, 'seen');
  assert.match(view.out, /CREATE VIEW public\.seen/);
  assert.doesNotMatch(view.out, /CREATE TABLE/);
  const { tables } = JSON.parse((await run('schema', path, 'public.t', '--json')).out) as {
    tables: { name: string }[];
  };
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['t'],
  );
});

test('commands that only read leave the file alone', async () => {
  const { mtimeMs } = statSync(path);
  for (const args of [
    ['tables'],
    ['info'],
    ['describe', 't'],
    ['explain', 'SELECT * FROM t'],
    ['backup', join(folder, 'b.ddb')],
    ['vacuum', '--into', join(folder, 'c.ddb')],
    ['check'],
    ['doctor'],
  ]) {
    const [name = '', ...rest] = args;
    const { code, err } = await run(name, path, ...rest);
    assert.equal(code, 0, err);
    assert.equal(statSync(path).mtimeMs, mtimeMs, name);
  }
});

test('what is not a database is exit code 4, whatever was to be done with it', async () => {
  const text = join(folder, 'text.ddb');
  writeFileSync(text, 'hello');
  for (const [name, ...rest] of [
    ['vacuum'],
    ['recover', join(folder, 'r.ddb')],
    ['tables'],
    ['backup', 'x.ddb'],
  ])
    for (const file of [text, folder]) assert.equal((await run(name as string, file, ...rest)).code, 4, name);
});

test('a database is never written over by what -o names', async () => {
  const bytes = readFileSync(path);
  for (const args of [
    ['dump', path, '-o', path],
    ['export', path, 't', '-o', path],
    ['types', path, '-o', path],
    ['exec', path, 'SELECT * FROM t', '-o', path],
  ]) {
    const { code, err } = await run(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, /is a database: give the output another name/);
  }
  assert.deepEqual(readFileSync(path), bytes);
  assert.deepEqual(drafts(), []);
});

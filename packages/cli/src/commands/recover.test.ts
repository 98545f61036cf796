/** `decentdb recover`, run as the program runs it: exit codes, the report, the file it leaves. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSync, type RecoverReport } from 'decentdb';
import { run } from '../program.test.kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-recover-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

function makeDatabase(name: string): string {
  const db = openSync(file(name));
  db.exec('CREATE TABLE t (id int PRIMARY KEY, words text)');
  db.exec("INSERT INTO t SELECT i, repeat('word ' || i, 20) FROM generate_series(1, 2000) AS g(i)");
  db.close();
  return file(name);
}

test('a sound database comes out whole: exit code 0', async () => {
  const source = makeDatabase('sound.ddb');
  const { code, out } = await run('recover', source, file('copy.ddb'));
  assert.equal(code, 0);
  assert.match(out, /public\.t: 2000 rows\n/);
  assert.match(out, /complete: nothing is missing/);
});

test('a destroyed page costs its rows: exit code 3, and a report that says so', async () => {
  const source = makeDatabase('broken.ddb');
  const bytes = readFileSync(source);
  bytes.fill(7, bytes.length - 8192);
  writeFileSync(source, bytes);
  const { code, out } = await run('recover', source, file('rescued.ddb'), '--json');
  assert.equal(code, 3);
  const report = JSON.parse(out) as RecoverReport;
  const [table] = report.tables;
  assert.ok((table?.rows ?? 0) > 1900 && (table?.rows ?? 0) < 2000);
  assert.ok((table?.rowsLost ?? 0) > 0);
  assert.equal(table?.pagesLost.length, 1);
  using db = openSync(file('rescued.ddb'));
  assert.equal(db.query('SELECT 1 FROM t').rowCount, table?.rows);
  assert.deepEqual(readFileSync(source), bytes);
});

test('what is no database, or not there, is exit code 4; a target that is there is refused', async () => {
  writeFileSync(file('notes.txt'), 'just some words '.repeat(2000));
  assert.equal((await run('recover', file('notes.txt'), file('x.ddb'))).code, 4);
  assert.equal((await run('recover', file('none.ddb'), file('x.ddb'))).code, 4);
  assert.ok(!existsSync(file('x.ddb')));
  const source = makeDatabase('again.ddb');
  writeFileSync(file('taken.ddb'), 'mine');
  assert.equal((await run('recover', source, file('taken.ddb'))).code, 1);
  assert.equal(readFileSync(file('taken.ddb'), 'utf8'), 'mine');
});

/** Measurements of a query and of the machine: figures that fit together, nothing left behind. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { run } from '../program.test.kit.ts';
import { type Measured, measure } from './measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-measure-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('the first run does not count, at least three do', async () => {
  const runs: number[] = [];
  const found = await measure('nothing', 'things', 0, (one) => {
    runs.push(one);
    return 2;
  });
  assert.deepEqual(runs, [0, 1, 2, 3]);
  assert.equal(found.count, 6);
  assert.ok(found.medianMs <= found.p95Ms && found.p95Ms <= found.slowestMs && found.perSecond > 0);
});

test('the machine: every kind of work, and the file is gone', async () => {
  const { code, out } = await run('bench', '--seconds', '0.01', '--folder', folder, '--json');
  assert.equal(code, 0);
  const results = JSON.parse(out) as Measured[];
  assert.deepEqual(
    results.map(({ unit }) => unit),
    ['rows', 'commits', 'rows', 'rows'],
  );
  for (const one of results) assert.ok(one.perSecond > 0 && one.medianMs <= one.slowestMs, one.name);
  assert.deepEqual(readdirSync(folder), []);
});

test('Ctrl-C ends it, and the file is gone', async () => {
  setImmediate(() => process.emit('SIGINT'));
  const { code, err } = await run('bench', '--seconds', '2', '--folder', folder);
  assert.equal(code, 130);
  assert.match(err, /^interrupted/);
  assert.deepEqual(readdirSync(folder), []);
});

test('a query, and what is refused', async () => {
  const path = join(folder, 'a.ddb');
  await run('exec', path, 'CREATE TABLE t AS SELECT i AS a FROM generate_series(1, 100) i');
  const shown = await run('bench', path, 'SELECT * FROM t WHERE a = $1', '-p', '5', '--seconds', '0.01');
  assert.match(shown.out, /^SELECT \* FROM t WHERE a = \$1\n {4}[\d,]+ runs\/s; a run takes .* ms/);
  assert.equal((await run('bench', path, 'DELETE FROM t')).code, 1);
  assert.equal((await run('exec', path, 'SELECT count(*) FROM t')).out, 'count\n100\n');
  assert.equal((await run('bench', path)).code, 2);
  assert.equal((await run('bench', '--seconds', '0')).code, 2);
  assert.equal((await run('bench', '--folder', join(folder, 'none'))).code, 4);
  assert.equal((await run('bench', join(folder, 'none.ddb'), 'SELECT 1')).code, 4);
});

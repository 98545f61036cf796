/** `decentdb sim`, run as the program runs it: counts, exit codes, JSON, scripts that fail. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CrashReport } from 'decentdb/testing';
import { type ProgramResult, run } from '../program.test.kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-sim-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function sim(script: string, ...args: string[]): Promise<ProgramResult> {
  const path = join(folder, 'script.sql');
  writeFileSync(path, script);
  return run('sim', path, ...args);
}

const SCRIPT = `
CREATE TABLE account (id int PRIMARY KEY, balance int CHECK (balance >= 0));
INSERT INTO account VALUES (1, 100), (2, 0);
BEGIN;
UPDATE account SET balance = balance - 40 WHERE id = 1;
UPDATE account SET balance = balance + 40 WHERE id = 2;
COMMIT;
CHECKPOINT;
DELETE FROM account WHERE id = 2;
`;

test('a script is crashed at its moments; nothing is lost', async () => {
  const { code, out } = await sim(SCRIPT, '--states', '150', '--seed', '3');
  assert.equal(code, 0, out);
  assert.match(out, /8 statements, \d+ file operations; \d+ moments, \d+ crash states, \d+ different ones/);
  const json = await sim(
    SCRIPT,
    '--states',
    '60',
    '--json',
    '--durability',
    'deferred',
    '--kills',
    '--depth',
    '1',
  );
  assert.equal(json.code, 0, json.out);
  const report = JSON.parse(json.out) as CrashReport & { readonly operations: number };
  assert.deepEqual(report.failures, []);
  assert.ok(report.distinct >= 60 && report.operations > 10);
});

test('a statement that fails, options that are wrong, a script that is not there', async () => {
  const failed = await sim('SELECT 1; SELEC 2');
  assert.equal(failed.code, 1);
  assert.match(failed.err, /syntax error/);
  assert.equal((await sim(SCRIPT, '--states', 'many')).code, 2);
  assert.equal((await sim(SCRIPT, '--durability', 'none')).code, 2);
});

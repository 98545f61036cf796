/** A round of each kind on each run; CI and `changes-run` do many more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PostgresEngine } from '../differential/postgres-engine.ts';
import { runChanges } from './changes-run.ts';

const seed = Number(process.env['SEED'] ?? 1) % 1_000_000;

test('random changes of rows do what PostgreSQL does', async (t) => {
  t.diagnostic(`seed ${seed}`);
  const theirs = await PostgresEngine.open();
  const report = await runChanges(theirs, { changes: 1500, seed });
  await theirs.close();
  assert.equal(report.difference, null);
  assert.equal(report.changes, 1500);
});

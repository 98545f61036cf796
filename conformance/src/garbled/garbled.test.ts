/** A few hundred torn statements at every run; `run.ts` tears as many as one likes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runGarbled } from './garble.ts';

test('torn statements get answers or errors, and leave the database whole', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  const { statements, failures } = runGarbled(600, seed);
  assert.ok(statements >= 600);
  assert.deepEqual(failures, [], `SEED=${seed}`);
});

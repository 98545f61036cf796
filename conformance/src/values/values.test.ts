/** A few hundred expressions over values, the same at every run unless SEED says otherwise; `run.ts` asks as many as one likes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareValues, FAMILIES } from './run.ts';

test('expressions over JSON, arrays, moments, texts and numbers give what PostgreSQL gives', async () => {
  const seed = Number(process.env['SEED'] ?? 1);
  console.log(`SEED=${seed}`);
  const { asked, differences } = await compareValues(FAMILIES, 80, seed);
  assert.ok(asked > 300, `only ${asked} asked`);
  assert.deepEqual(differences, [], `SEED=${seed}`);
});

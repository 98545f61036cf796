/** A few hundred random queries on each run; `npm run differential` asks many more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbEngine } from './decentdb-engine.ts';
import { runMetamorphic } from './metamorphic.ts';
import { PostgresEngine } from './postgres-engine.ts';
import { runDifferential } from './run.ts';

const seed = Number(process.env['SEED'] ?? 1) % 1_000_000;

test('random queries give what PostgreSQL gives', async (t) => {
  t.diagnostic(`seed ${seed}`);
  const [ours, theirs] = [new DecentDbEngine(), await PostgresEngine.open()];
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const report = await runDifferential(ours, theirs, { queries: 400, seed, differencesMax: 5, log });
  await ours.close();
  await theirs.close();
  assert.equal(report.asked, 400);
  assert.deepEqual(lines, []);
});

test('rules, indexes and partitions do not change an answer', async (t) => {
  t.diagnostic(`seed ${seed}`);
  const lines: string[] = [];
  const report = await runMetamorphic({ queries: 100, seed, log: (line) => void lines.push(line) });
  assert.equal(report.checks, 400);
  assert.deepEqual(lines, []);
});

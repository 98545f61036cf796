/** A sample of PostgreSQL's functions, operators, casts and inputs, drawn by SEED, gives what PostgreSQL gives; so do the documented examples. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Prng } from 'decentdb/testing';
import { documentedExamples } from './documented.ts';
import { PostgresBatch } from './postgres-batch.ts';
import { compareFunctions } from './run.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** One signature in so many is asked. */
const SAMPLE = 12;

test('a sample of signatures with edge values', async () => {
  console.log(`SEED=${seed}`);
  const prng = new Prng(seed);
  const report = await compareFunctions(() => prng.below(SAMPLE) === 0);
  const shown = report.unexplained
    .slice(0, 10)
    .map(({ call, ours, theirs }) => `${call}\n  ${theirs}\n  ${ours}`);
  assert.equal(report.unexplained.length, 0, `SEED=${seed}\n${shown.join('\n')}`);
  assert.ok(report.asked > 500, `only ${report.asked} asked`);
});

test('the examples of docs/functions.md are true of PostgreSQL', async () => {
  const page = new URL('../../../docs/functions.md', import.meta.url);
  assert.ok(existsSync(page));
  const examples = documentedExamples(readFileSync(page, 'utf8'));
  assert.ok(examples.length > 400, `only ${examples.length} examples`);
  const postgres = await PostgresBatch.open();
  const wrong: string[] = [];
  for (const { sql, result } of examples) {
    const answer = await postgres.rows(sql).then(
      (rows) => rows.map((row) => row.map((value) => value ?? 'NULL').join(' ')).join(', '),
      (error: Error) => `ERROR ${error.message}`,
    );
    if (answer !== result) wrong.push(`${sql}: ${answer}, not ${result}`);
  }
  await postgres.close();
  assert.deepEqual(wrong, []);
});

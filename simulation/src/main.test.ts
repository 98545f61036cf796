import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashPart, replayCrash } from './crash-part.ts';
import { historiesPart, ordersPart } from './isolation-part.ts';
import { randomPart } from './random-part.ts';
import { damagePart } from './sweep-part.ts';

const SEED = Number(process.env['SEED'] ?? 1) % 10_000;

test('every part of the gate runs, counts and finds nothing', async () => {
  const crash = await crashPart({ seed: SEED, minutes: 0.05, distinctMax: 100, depth: 1 });
  assert.deepEqual(crash.failures, []);
  assert.ok((crash.counts['distinct states'] ?? 0) >= 100, JSON.stringify(crash.counts));
  const random = randomPart({ seed: SEED, minutes: 0.05, runsMax: 4, actions: 100 });
  assert.deepEqual(random.failures, []);
  assert.equal(random.counts['runs'], 4);
  const damage = damagePart(SEED, 1999, 20);
  assert.deepEqual(damage.failures, []);
});

test('the parts of a soak run for isolation run, count and find nothing', async () => {
  const histories = await historiesPart({ seed: SEED, minutes: 1, runsMax: 5 });
  assert.deepEqual(histories.failures, []);
  assert.equal(histories.counts['histories'], 5);
  const orders = ordersPart({ seed: SEED, minutes: 0.01, runsMax: 20 });
  assert.deepEqual(orders.failures, []);
});

test('a state can be shown again by its id', async () => {
  const { counts, failures } = await replayCrash(1, 1, 'one commit', '20: all kept');
  assert.deepEqual(failures, []);
  assert.equal(counts['states'], 1);
});

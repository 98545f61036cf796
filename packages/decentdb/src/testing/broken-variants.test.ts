import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BrokenVariant, brokenVariants } from './broken-variants.test.kit.ts';
import type { CrashWorkload } from './crash-run.ts';
import { crashTest, crashTestAsync } from './crash-test.ts';
import { profileOf, randomActions } from './simulation/actions.ts';
import { simulate } from './simulation/simulator.ts';
import { faultSweep, readFlipSweep } from './simulation/sweep.ts';
import { filesOf, flipBits, specimen } from './storage/damage.ts';
import { storageWorkloads } from './storage/workloads.ts';
import { groupWorkloads, mixedGroupWorkload } from './storage/workloads-groups.ts';

/** What caught a variant, or null. */
async function hunt({ hunt }: BrokenVariant): Promise<string | null> {
  if (hunt === 'simulate') return huntBySimulation();
  if (hunt === 'flips') return huntByFlips();
  if (hunt === 'readFlips') return huntByReadFlips();
  if ('groups' in hunt) return huntByGroups(hunt.groups);
  const name = 'crash' in hunt ? hunt.crash : hunt.nested;
  for (const workload of storageWorkloads) {
    if (!workload.name.includes(name)) continue;
    const caught = huntByCrash(workload, 'nested' in hunt ? 1 : 0);
    if (caught !== null) return caught;
  }
  return null;
}

async function huntByGroups(name: string): Promise<string | null> {
  for (const workload of [...groupWorkloads, mixedGroupWorkload(1)]) {
    if (!workload.name.includes(name)) continue;
    try {
      const options = { seed: 1, randomSubsets: 8, failuresMax: 1, statesMax: 2500 };
      const [failure] = (await crashTestAsync(workload, options)).failures;
      if (failure !== undefined) return `${failure.oracle} in "${workload.name}"`;
    } catch (error) {
      return `the model in "${workload.name}": ${(error as Error).message.slice(0, 60)}`;
    }
  }
  return null;
}

function huntByCrash(workload: CrashWorkload, nestedDepth: number): string | null {
  try {
    const options = {
      seed: 1,
      randomSubsets: 8,
      failuresMax: 1,
      statesMax: nestedDepth > 0 ? 40_000 : 2500,
      nestedDepth,
    };
    const [failure = crashTest(workload, { ...options, killStride: 2 }).failures[0]] = crashTest(
      workload,
      options,
    ).failures;
    return failure === undefined ? null : `${failure.oracle} in "${workload.name}"`;
  } catch (error) {
    return `the model in "${workload.name}": ${(error as Error).message.slice(0, 60)}`;
  }
}

function huntBySimulation(): string | null {
  for (let seed = 1; seed <= 60; seed++) {
    const failure = simulate(randomActions(seed, 250), profileOf(seed));
    if (failure !== null) return `simulation, seed ${seed}: ${failure.message.split('\n')[0]!.slice(0, 60)}`;
  }
  return null;
}

function huntByFlips(): string | null {
  for (const how of ['closed', 'killed'] as const) {
    const on = specimen(how, 1);
    for (const path of filesOf(on)) {
      const [failure] = flipBits(on, path, 61).failures;
      if (failure !== undefined) return failure.slice(0, 80);
    }
  }
  return null;
}

function huntByReadFlips(): string | null {
  for (let seed = 1; seed <= 20; seed++) {
    const { failures } = faultSweep(seed, readFlipSweep(400 + 37 * seed));
    const [failure] = failures;
    if (failure !== undefined)
      return `a flipped bit in read ${failure.call}: ${failure.message.split('\n')[0]!.slice(0, 60)}`;
  }
  return null;
}

test('there are enough broken variants', () => {
  assert.ok(brokenVariants.length >= 25, `${brokenVariants.length}`);
});

/** Which of them this run hunts: a quarter, another one with each seed; ALL=1 takes them all. */
const QUARTER = process.env['ALL'] === '1' ? -1 : Number(process.env['SEED'] ?? 0) % 4;

for (const [number, variant] of brokenVariants.entries()) {
  if (QUARTER >= 0 && number % 4 !== QUARTER) continue;
  test(`the machine bites: ${variant.name}`, async () => {
    const restore = variant.breakIt();
    let caught: string | null;
    try {
      caught = await hunt(variant);
    } finally {
      restore();
    }
    assert.notEqual(caught, null, 'nothing caught it');
    if (process.env['SHOW_CAUGHT'] === '1') console.log(`| ${variant.name} | ${caught} |`);
  });
}

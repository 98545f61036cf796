/**
 * Crash states of every workload, until the time or the number asked for is reached.
 *
 * I1  Round 0 takes each workload once with seed S; later rounds take other seeds and other mixtures.
 */
import {
  type CrashTestOptions,
  type CrashWorkload,
  crashTest,
  mixedWorkload,
  sqlWorkloads,
  storageWorkloads,
} from 'decentdb/testing';
import { Budget } from './budget.ts';
import type { PartFailure, PartReport } from './report.ts';

export interface CrashPartOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Different images to judge; stops when there are so many. */
  readonly distinctMax: number;
  /** Depth of crashes inside recovery. */
  readonly depth: number;
  readonly only?: { readonly workload: string; readonly id: string } | undefined;
}

/** Mixtures of a round. */
const MIXTURES = 12;

/** Storage states cost a good half of a millisecond, SQL states several: their sampling differs. */
function optionsFor(workload: CrashWorkload, seed: number, depth: number): CrashTestOptions {
  const isSql = workload.name.startsWith('SQL');
  return {
    seed,
    randomSubsets: isSql ? 4 : 12,
    nestedDepth: depth,
    nestedStride: isSql ? 24 : 10,
    nestedSubsets: 2,
    killStride: isSql ? 9 : 4,
    statesMax: isSql ? 600 : 2600,
  };
}

function workloadsOf(seed: number): readonly CrashWorkload[] {
  const mixtures = Array.from({ length: MIXTURES }, (_, i) => mixedWorkload(seed * MIXTURES + i));
  return [...storageWorkloads, ...sqlWorkloads, ...mixtures];
}

export function crashPart(options: CrashPartOptions): PartReport {
  const budget = new Budget(options.minutes);
  const counts = { workloads: 0, points: 0, states: 0, 'distinct states': 0 };
  const failures: PartFailure[] = [];
  const isDone = (): boolean =>
    budget.isSpent || counts['distinct states'] >= options.distinctMax || failures.length >= 10;
  for (let seed = options.seed; !isDone(); seed++) {
    for (const workload of workloadsOf(seed)) {
      if (isDone()) break;
      const report = crashTest(workload, optionsFor(workload, seed, options.depth));
      counts.workloads++;
      counts.points += report.points;
      counts.states += report.states;
      counts['distinct states'] += report.distinct;
      for (const { id, oracle, detail } of report.failures.slice(0, 3)) {
        const replay = `crash --seed ${seed} --workload ${JSON.stringify(workload.name)} --id ${JSON.stringify(id)}`;
        failures.push({ message: `${oracle} in "${workload.name}" at ${id}: ${detail}`, replay });
      }
    }
  }
  return { part: 'crash', counts: { ...counts, 's CPU': budget.cpuSeconds }, failures };
}

/** Shows one crash state again. */
export function replayCrash(seed: number, depth: number, name: string, id: string): PartReport {
  const workload = workloadsOf(seed).find((each) => each.name === name);
  if (workload === undefined) throw new RangeError(`there is no workload "${name}" in round ${seed}`);
  const report = crashTest(workload, {
    ...optionsFor(workload, seed, depth),
    nestedStride: 1,
    killStride: 1,
    only: id,
  });
  const failures = report.failures.map(({ oracle, detail }) => ({
    message: `${oracle}: ${detail}`,
    replay: `crash --seed ${seed} --workload ${JSON.stringify(name)} --id ${JSON.stringify(id)}`,
  }));
  return { part: 'crash', counts: { states: report.states }, failures };
}

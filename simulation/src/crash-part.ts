/**
 * Crash states of every workload, until the time or the number asked for is reached.
 *
 * I1  The first round takes each workload once with seed S, however many states there are by then; later rounds take other seeds
 *     and other mixtures.
 */
import {
  type AsyncCrashWorkload,
  backupWhileWriting,
  type CrashReport,
  type CrashTestOptions,
  type CrashWorkload,
  crashTest,
  crashTestAsync,
  groupWorkloads,
  mixedGroupWorkload,
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
}

/** Mixtures of a round: of writers who wait, and of those who do not. */
const MIXTURES = 12;

/** Storage states cost a good half of a millisecond, SQL states several: their sampling differs. */
function optionsFor({ name }: { readonly name: string }, seed: number, depth: number): CrashTestOptions {
  const isSql = name.startsWith('SQL');
  return {
    seed,
    randomSubsets: isSql ? 4 : 12,
    nestedDepth: depth,
    nestedStride: isSql ? 24 : 10,
    nestedSubsets: 2,
    killStride: isSql ? 9 : 4,
    statesMax: isSql ? 600 : 1300,
  };
}

type Judge = (options: CrashTestOptions) => CrashReport | Promise<CrashReport>;

interface NamedJudge {
  readonly name: string;
  readonly judge: Judge;
}

const waiting = (workload: CrashWorkload): NamedJudge => ({
  name: workload.name,
  judge: (options) => crashTest(workload, options),
});
const grouped = (workload: AsyncCrashWorkload): NamedJudge => ({
  name: workload.name,
  judge: (options) => crashTestAsync(workload, options),
});

function workloadsOf(seed: number): readonly NamedJudge[] {
  const seeds = Array.from({ length: MIXTURES }, (_, i) => seed * MIXTURES + i);
  return [
    ...storageWorkloads.map(waiting),
    ...groupWorkloads.map(grouped),
    ...sqlWorkloads.map(waiting),
    grouped(backupWhileWriting),
    ...seeds.map((each) => waiting(mixedWorkload(each))),
    ...seeds.map((each) => grouped(mixedGroupWorkload(each))),
  ];
}

export async function crashPart(options: CrashPartOptions): Promise<PartReport> {
  const budget = new Budget(options.minutes);
  const counts = { workloads: 0, points: 0, states: 0, 'distinct states': 0 };
  const failures: PartFailure[] = [];
  const isOver = (): boolean => budget.isSpent || failures.length >= 10;
  const isEnough = (): boolean => counts['distinct states'] >= options.distinctMax;
  for (let seed = options.seed; !isOver() && !isEnough(); seed++) {
    for (const workload of workloadsOf(seed)) {
      if (isOver() || (isEnough() && seed > options.seed)) break;
      const report = await workload.judge(optionsFor(workload, seed, options.depth));
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
export async function replayCrash(
  seed: number,
  depth: number,
  name: string,
  id: string,
): Promise<PartReport> {
  const workload = workloadsOf(seed).find((each) => each.name === name);
  if (workload === undefined) throw new RangeError(`there is no workload "${name}" in round ${seed}`);
  const report = await workload.judge({
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

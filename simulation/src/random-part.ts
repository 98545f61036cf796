/**
 * Random simulated runs, shrunk when they fail.
 */
import {
  type Action,
  noCounts,
  type Profile,
  profileOf,
  randomActions,
  type SimulationFailure,
  shrink,
  simulate,
} from 'decentdb/testing';
import { Budget } from './budget.ts';
import type { PartFailure, PartReport } from './report.ts';

export interface RandomPartOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly runsMax: number;
  readonly actions: number;
}

export function randomPart(options: RandomPartOptions): PartReport {
  const budget = new Budget(options.minutes);
  const counts = noCounts();
  const failures: PartFailure[] = [];
  let runs = 0;
  for (
    let seed = options.seed;
    runs < options.runsMax && !budget.isSpent && failures.length < 5;
    seed++, runs++
  ) {
    const profile = profileOf(seed);
    const actions = randomActions(seed, options.actions, profile);
    const failure = simulate(actions, profile, counts);
    if (failure !== null) failures.push(describeRun(seed, options.actions, actions, profile, failure));
  }
  return { part: 'random', counts: { runs, ...counts, 's CPU': budget.cpuSeconds }, failures };
}

function describeRun(
  seed: number,
  count: number,
  actions: readonly Action[],
  profile: Profile,
  failure: SimulationFailure,
): PartFailure {
  const kind = failure.message.slice(0, 24);
  const fails = (some: readonly Action[]): boolean =>
    simulate(some, profile)?.message.startsWith(kind) === true;
  const small = shrink(actions.slice(0, failure.at + 1), fails);
  const script = small.map((action) => JSON.stringify(action)).join('\n');
  return {
    message: `seed ${seed}, action ${failure.at}: ${failure.message}\n${JSON.stringify(profile)}\n${script}`,
    replay: `random --seed ${seed} --runs 1 --actions ${count}`,
  };
}

/**
 * Histories of snapshot isolation and orders of steps, for as long as is asked for.
 */
import { exploreOrders, randomOrders, runRandomHistory } from 'decentdb/testing';
import { Budget } from './budget.ts';
import type { PartFailure, PartReport } from './report.ts';

export interface IsolationPartOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Histories, or random orders. */
  readonly runsMax: number;
}

/** Steps of a history: long ones meet more of each other. */
const HISTORY_STEPS = 200;

/** Random histories, each checked for an order that explains all that was read. */
export async function historiesPart(options: IsolationPartOptions): Promise<PartReport> {
  const budget = new Budget(options.minutes);
  const failures: PartFailure[] = [];
  let histories = 0;
  for (let seed = options.seed; histories < options.runsMax && !budget.isSpent; seed++, histories++) {
    const replay = `histories --seed ${seed} --runs 1`;
    try {
      const problems = await runRandomHistory(seed, HISTORY_STEPS);
      if (problems.length > 0) failures.push({ message: problems.join('; '), replay });
    } catch (error) {
      failures.push({ message: (error as Error).stack ?? String(error), replay });
    }
    if (failures.length >= 5) break;
  }
  const counts = { histories, steps: histories * HISTORY_STEPS, 's CPU': budget.cpuSeconds };
  return { part: 'histories', counts, failures };
}

/** Orders gone through in one piece: all of them are done or none, so that the count says what was covered. */
const EVERY_ORDER: readonly { readonly counts: readonly number[]; readonly followed: boolean }[] = [
  { counts: [4, 4, 3], followed: false },
  { counts: [4, 4, 3], followed: true },
  { counts: [2, 8, 2], followed: true },
];
const RANDOM_ORDERS = 500;

/** Every order of small numbers of steps, then random orders of eight steps of each of three actors. */
export function ordersPart(options: IsolationPartOptions): PartReport {
  const budget = new Budget(options.minutes);
  const failures: PartFailure[] = [];
  const counts = { 'exhaustive orders': 0, 'random orders': 0, crashes: 0 };
  const attempt = (replay: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      const { message, cause } = error as Error;
      failures.push({ message: `${message}: ${(cause as Error | undefined)?.stack ?? ''}`, replay });
    }
  };
  for (const { counts: steps, followed } of EVERY_ORDER) {
    if (budget.isSpent) break;
    attempt('orders', () => {
      const { orders, crashes } = exploreOrders(steps, followed);
      counts['exhaustive orders'] += orders;
      counts.crashes += crashes;
    });
  }
  for (let seed = options.seed; counts['random orders'] < options.runsMax && !budget.isSpent; seed++) {
    attempt(`orders --seed ${seed} --runs ${RANDOM_ORDERS}`, () => {
      const { orders, crashes } = randomOrders(seed, Math.min(RANDOM_ORDERS, options.runsMax));
      counts['random orders'] += orders;
      counts.crashes += crashes;
    });
    if (failures.length >= 5) break;
  }
  return { part: 'orders', counts: { ...counts, 's CPU': budget.cpuSeconds }, failures };
}

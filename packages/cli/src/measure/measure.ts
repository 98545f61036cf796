/** Runs work again and again for a while, and says how long it takes. */

export interface Measured {
  readonly name: string;
  /** What is counted: 'rows', 'commits', ... */
  readonly unit: string;
  readonly count: number;
  readonly perSecond: number;
  /** Of one run. */
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly slowestMs: number;
}

/** Runs kept for the percentiles; of more, each new one takes the place of an old one in turn. */
const RUNS_KEPT = 100_000;

/** `work` is told which run it is, and returns how much it did. It runs once more than is measured: what is made at first does not count. */
export function measure(
  name: string,
  unit: string,
  secondsMin: number,
  work: (run: number) => number,
): Measured {
  work(0);
  const times: number[] = [];
  let count = 0;
  let total = 0;
  for (let run = 1; total < secondsMin * 1000 || run <= 3; run++) {
    const started = performance.now();
    count += work(run);
    const ms = performance.now() - started;
    total += ms;
    times[(run - 1) % RUNS_KEPT] = ms;
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    name,
    unit,
    count,
    perSecond: count / (total / 1000),
    medianMs: at(0.5),
    p95Ms: at(0.95),
    slowestMs: times.at(-1) ?? 0,
  };
}

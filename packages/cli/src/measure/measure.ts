/**
 * Runs work again and again for a while, and says how long it takes.
 *
 * I1  Between runs the event loop turns now and then, outside what is measured: so a signal is heard and ends it.
 */

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
/** How long runs go on before the event loop turns. */
const TURN_MS = 25;

/** `work` is told which run it is, and returns how much it did. It runs once more than is measured: what is made at first does not count. */
export async function measure(
  name: string,
  unit: string,
  secondsMin: number,
  work: (run: number) => number,
  signal?: AbortSignal,
): Promise<Measured> {
  work(0);
  const times: number[] = [];
  let count = 0;
  let total = 0;
  let turned = Number.NEGATIVE_INFINITY;
  for (let run = 1; total < secondsMin * 1000 || run <= 3; run++) {
    if (performance.now() - turned > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      turned = performance.now();
    }
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

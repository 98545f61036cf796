/** Times of many short operations, for people. */

export interface Spread {
  readonly count: number;
  readonly perSecond: number;
  readonly medianMicros: number;
  readonly p95Micros: number;
}

/** Runs `operation(0..count-1)` and returns how long the calls took. */
export function measure(count: number, operation: (at: number) => void): Spread {
  const micros = new Float64Array(count);
  const begin = performance.now();
  let before = begin;
  for (let at = 0; at < count; at++) {
    operation(at);
    const now = performance.now();
    micros[at] = (now - before) * 1000;
    before = now;
  }
  micros.sort();
  return {
    count,
    perSecond: Math.round(count / ((before - begin) / 1000)),
    medianMicros: micros[count >> 1] ?? 0,
    p95Micros: micros[Math.floor(count * 0.95)] ?? 0,
  };
}

/** A duration for people: 840 ns, 12 us, 3.4 ms, 1.25 s. */
export function durationText(ms: number): string {
  if (ms < 0.001) return `${Math.round(ms * 1e6)} ns`;
  if (ms < 1) return `${(ms * 1000).toFixed(ms < 0.01 ? 1 : 0)} us`;
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

/**
 * How many of some posting lists each row is in, rows with the most first: what a search for the nearest texts goes by.
 */
import type { RowSet } from './row-set.ts';

/** Counted in an array while the rows lie no further apart than this many times their number. */
const DENSE_FACTOR = 64;

/** `groups[n]`: the rows, ascending, that are in exactly `n` of the sets (0 is left empty). */
export function sharedCounts(sets: readonly RowSet[]): readonly RowSet[] {
  let total = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = -1;
  for (const set of sets) {
    if (set.length === 0) continue;
    total += set.length;
    low = Math.min(low, set[0]!);
    high = Math.max(high, set[set.length - 1]!);
  }
  return high - low < total * DENSE_FACTOR ? denseGroups(sets, low, high) : sparseGroups(sets, total);
}

function denseGroups(sets: readonly RowSet[], low: number, high: number): readonly RowSet[] {
  const counts = new Uint16Array(Math.max(0, high - low + 1));
  for (const set of sets) for (let i = 0; i < set.length; i++) counts[set[i]! - low]!++;
  const sizes = new Int32Array(sets.length + 1);
  for (let i = 0; i < counts.length; i++) sizes[counts[i]!]!++;
  const groups = Array.from(sizes, (size, n) => new Float64Array(n === 0 ? 0 : size));
  const next = new Int32Array(sets.length + 1);
  for (let i = 0; i < counts.length; i++) {
    const n = counts[i]!;
    if (n > 0) groups[n]![next[n]!++] = low + i;
  }
  return groups;
}

function sparseGroups(sets: readonly RowSet[], total: number): readonly RowSet[] {
  const all = new Float64Array(total);
  let at = 0;
  for (const set of sets) {
    all.set(set, at);
    at += set.length;
  }
  all.sort();
  const groups = Array.from({ length: sets.length + 1 }, (): number[] => []);
  for (let i = 0; i < total; ) {
    let end = i + 1;
    while (end < total && all[end] === all[i]) end++;
    groups[end - i]!.push(all[i]!);
    i = end;
  }
  return groups.map((rows) => Float64Array.from(rows));
}

/**
 * Sets of row ids as ascending arrays: what posting lists are and what queries combine.
 *
 * I1  A set is strictly ascending and holds safe integers (row ids beyond 2^53 do not exist in tables with a search index).
 */

export type RowSet = Float64Array;

export const NO_ROWS: RowSet = new Float64Array(0);

/** Rows of both sets. */
export function intersect(a: RowSet, b: RowSet): RowSet {
  const [small, large] = a.length <= b.length ? [a, b] : [b, a];
  if (large.length > small.length * 16) return intersectBySearch(small, large);
  const result = new Float64Array(small.length);
  let count = 0;
  for (let i = 0, j = 0; i < small.length && j < large.length; ) {
    const x = small[i]!;
    const y = large[j]!;
    if (x === y) {
      result[count++] = x;
      i++;
      j++;
    } else if (x < y) i++;
    else j++;
  }
  return result.subarray(0, count);
}

/** For sets of very different size: each row of the small one is searched in the rest of the large one. */
function intersectBySearch(small: RowSet, large: RowSet): RowSet {
  const result = new Float64Array(small.length);
  let count = 0;
  let from = 0;
  for (let i = 0; i < small.length; i++) {
    const x = small[i]!;
    let low = from;
    let high = large.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (large[middle]! < x) low = middle + 1;
      else high = middle;
    }
    from = low;
    if (large[low] === x) result[count++] = x;
  }
  return result.subarray(0, count);
}

/** Rows of either set. */
export function union(a: RowSet, b: RowSet): RowSet {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const result = new Float64Array(a.length + b.length);
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = i < a.length ? a[i]! : Number.POSITIVE_INFINITY;
    const y = j < b.length ? b[j]! : Number.POSITIVE_INFINITY;
    result[count++] = x < y ? x : y;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return result.subarray(0, count);
}

/** Counted in an array while the rows lie no further apart than this many times their number. */
const DENSE_FACTOR = 64;

/** Rows that are in at least `count` of the sets. */
export function atLeast(sets: readonly RowSet[], count: number): RowSet {
  if (count <= 1) return sets.reduce(union, NO_ROWS);
  let total = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = -1;
  for (const set of sets) {
    if (set.length === 0) continue;
    total += set.length;
    low = Math.min(low, set[0]!);
    high = Math.max(high, set[set.length - 1]!);
  }
  if (total < count || sets.length < count) return NO_ROWS;
  const found = new Float64Array(Math.floor(total / count));
  let kept = 0;
  if (high - low < total * DENSE_FACTOR) {
    const counts = new Uint16Array(high - low + 1);
    for (const set of sets) for (let i = 0; i < set.length; i++) counts[set[i]! - low]!++;
    for (let i = 0; i < counts.length; i++) if (counts[i]! >= count) found[kept++] = low + i;
    return found.subarray(0, kept);
  }
  const all = new Float64Array(total);
  let at = 0;
  for (const set of sets) {
    all.set(set, at);
    at += set.length;
  }
  all.sort();
  for (let i = 0; i + count <= total; ) {
    let end = i + 1;
    while (end < total && all[end] === all[i]) end++;
    if (end - i >= count) found[kept++] = all[i]!;
    i = end;
  }
  return found.subarray(0, kept);
}

/** The set of rows in any order, sorted in place; none is there twice. */
export function sortedSet(rows: RowSet): RowSet {
  for (let i = 1; i < rows.length; i++) if (rows[i]! <= rows[i - 1]!) return rows.sort();
  return rows;
}

/** Rows of `a` that are not in `b`. */
export function minus(a: RowSet, b: RowSet): RowSet {
  if (a.length === 0 || b.length === 0) return a;
  const result = new Float64Array(a.length);
  let count = 0;
  for (let i = 0, j = 0; i < a.length; i++) {
    const x = a[i]!;
    while (j < b.length && b[j]! < x) j++;
    if (b[j] !== x) result[count++] = x;
  }
  return result.subarray(0, count);
}

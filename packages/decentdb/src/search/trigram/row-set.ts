/**
 * Sets of row ids as ascending arrays: what posting lists are and what queries combine.
 *
 * I1  A set is strictly ascending and holds safe integers (row ids beyond 2^53 do not exist in tables with a search index).
 */

export type RowSet = Float64Array;

export const NO_ROWS: RowSet = new Float64Array(0);

/** A set this many times longer than the other is searched instead of being walked through. */
const SEARCH_RATIO = 8;

/** Rows of both sets. */
export function intersect(a: RowSet, b: RowSet): RowSet {
  const result = new Float64Array(Math.min(a.length, b.length));
  return result.subarray(0, addShared(a, b, result, 0));
}

/** Writes rows of both sets behind the `count` there are; returns how many there are then. */
export function addShared(a: RowSet, b: RowSet, into: RowSet, count: number): number {
  if (b.length > a.length * SEARCH_RATIO) return addFound(a, b, into, count);
  if (a.length > b.length * SEARCH_RATIO) return addFound(b, a, into, count);
  let to = count;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i]!;
    const y = b[j]!;
    if (x === y) into[to++] = x;
    // Without branches: which of two unrelated lists is ahead cannot be foreseen.
    i += +(x <= y);
    j += +(y <= x);
  }
  return to;
}

/** For sets of very different size: each row of the small one is searched in the rest of the large one. */
function addFound(small: RowSet, large: RowSet, into: RowSet, count: number): number {
  let to = count;
  let from = 0;
  for (let i = 0; i < small.length; i++) {
    const x = small[i]!;
    from = lowerPlace(large, x, from);
    if (large[from] === x) into[to++] = x;
  }
  return to;
}

/** Where the first row that is not below `x` stands, from a place on; the steps grow, for it is seldom far. */
export function lowerPlace(rows: RowSet, x: number, from: number): number {
  const { length } = rows;
  let step = 1;
  let low = from;
  let high = from;
  while (high < length && rows[high]! < x) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  if (high > length) high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
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

/** Rows of several sets one behind the other, put in order in place; each once. */
export function distinctRows(rows: RowSet): RowSet {
  if (rows.length === 0) return rows;
  let low = rows[0]!;
  let high = low;
  for (let i = 1; i < rows.length; i++) {
    const row = rows[i]!;
    if (row < low) low = row;
    else if (row > high) high = row;
  }
  let kept = 0;
  if (high - low < rows.length * DENSE_FACTOR) {
    const isThere = new Uint8Array(high - low + 1);
    for (let i = 0; i < rows.length; i++) isThere[rows[i]! - low] = 1;
    for (let i = 0; i < isThere.length; i++) if (isThere[i] === 1) rows[kept++] = low + i;
    return rows.subarray(0, kept);
  }
  rows.sort();
  for (let i = 0; i < rows.length; i++) if (i === 0 || rows[i] !== rows[i - 1]) rows[kept++] = rows[i]!;
  return rows.subarray(0, kept);
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

/**
 * Binary search in a node.
 *
 * I1  A search of n rows makes at most ceil(log2(n + 1)) comparisons, one more where a guess is tried first; of texts, some more
 *     numbers are compared (text-heads.ts). Where the integers of an inner node lie near a line it makes fewer (key-line.ts).
 * I2  A key may be a prefix of the node's key: rows that agree on the prefix are equal to it.
 * I3  `comparisons` counts them for the tests that prove I1.
 * I4  JavaScript's own order of two texts is code point order where one of them has no unit from U+D800 up (text-order.ts):
 *     it is much the fastest, and used where the key is such a text.
 */
import { type Datum, Physical } from '../types/vector.ts';
import { ArrayColumn } from './array-column.ts';
import { IntColumn } from './int-column.ts';
import { compareDatums, isEqualDatum } from './key-order.ts';
import { findSearchForm, SearchForm } from './search-form.ts';
import type { TreeNode } from './tree-node.ts';

/** Row comparisons made by searches since the counter was last set; for tests and EXPLAIN. */
export const searchCount: { comparisons: number } = { comparisons: 0 };

/** First row in [from, node.count) that is not before `key` (its first `length` columns). */
export function lowerBound(node: TreeNode, key: readonly Datum[], length: number, from: number): number {
  return search(node, key, length, from, false);
}

/** First row in [from, node.count) that is after `key` (its first `length` columns). */
export function upperBound(node: TreeNode, key: readonly Datum[], length: number, from: number): number {
  return search(node, key, length, from, true);
}

/** The order of a row against a key, on columns [column, length). */
export function compareRow(
  node: TreeNode,
  row: number,
  key: readonly Datum[],
  column: number,
  length: number,
): number {
  const { specs } = node;
  for (let i = column; i < length; i++) {
    // Key columns hold no overflow markers.
    const order = compareDatums(specs[i]!, node.cells(i).cell(row) as Datum, key[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** Whether row `at` exists and equals the key. */
export function isRow(node: TreeNode, at: number, key: readonly Datum[], length: number): boolean {
  if (length === 1 && !node.isPrivate && typeof key[0] === 'number' && at < node.count) {
    if (node.searchForm === SearchForm.dense) return node.keyBase + at === key[0];
    if (node.searchForm === SearchForm.ints) return node.keyInts![at] === key[0];
  }
  return at < node.count && isEqualRow(node, at, key, length);
}

/** Whether a row has the first `length` columns of a key. */
export function isEqualRow(node: TreeNode, row: number, key: readonly Datum[], length: number): boolean {
  const { specs } = node;
  for (let i = 0; i < length; i++)
    if (!isEqualDatum(specs[i]!, node.cells(i).cell(row) as Datum, key[i]!)) return false;
  return true;
}

function search(
  node: TreeNode,
  key: readonly Datum[],
  length: number,
  from: number,
  isUpper: boolean,
): number {
  const first = key[0];
  if (typeof first !== 'number') {
    const texts = typeof first === 'string' ? plainTexts(node) : null;
    return texts !== null && isLow(first as string)
      ? searchTextsThenRest(node, texts, first as string, key, length, from, isUpper)
      : searchRows(node, key, length, from, isUpper);
  }
  if (node.isPrivate) return searchPrivate(node, first, key, length, from, isUpper);
  const form = node.searchForm === SearchForm.unknown ? findSearchForm(node) : node.searchForm;
  if (form === SearchForm.dense) return denseRow(node, first, from, isUpper);
  if (form === SearchForm.rows) return searchRows(node, key, length, from, isUpper);
  const { keyLine } = node;
  let low = from;
  let high = node.count;
  if (keyLine !== null && from > 0) {
    low = keyLine.lowest(first, from, node.count);
    high = keyLine.highest(first, from, node.count);
  }
  if (length > 1) return searchIntsThenRest(node, node.keyInts!, first, key, length, low, high, isUpper);
  return searchInts(node.keyInts!, first, low, high, isUpper);
}

/** Consecutive keys: the row is a difference; rows are small integers to the engine too, whatever keys are. */
function denseRow(node: TreeNode, key: number, from: number, isUpper: boolean): number {
  const row = isUpper ? Math.floor(key) - node.keyBase + 1 : Math.ceil(key) - node.keyBase;
  return row > from ? (row < node.count ? row | 0 : node.count) : from;
}

function searchPrivate(
  node: TreeNode,
  first: number,
  key: readonly Datum[],
  length: number,
  from: number,
  isUpper: boolean,
): number {
  const column = node.column(0);
  if (column instanceof IntColumn && column.nullCount === 0 && node.specs[0]!.descending !== true) {
    const { values } = column;
    if (values instanceof Float64Array || values instanceof Int32Array) {
      if (length > 1) return searchIntsThenRest(node, values, first, key, length, from, node.count, isUpper);
      // Row ids are often consecutive: one guess.
      const guess = first - values[0]!;
      if (node.schema.keyCount === 1 && guess >= from && guess < node.count && values[guess] === first)
        return isUpper ? (guess + 1) | 0 : guess | 0;
      return searchInts(values, first, from, node.count, isUpper);
    }
  }
  return searchRows(node, key, length, from, isUpper);
}

/** A search by one integer column: the hot loop of primary key lookups. */
export function searchInts(
  values: Int32Array | Float64Array,
  key: number,
  from: number,
  count: number,
  isUpper: boolean,
): number {
  let low = from;
  let high = count;
  let steps = 0;
  if (isUpper) {
    for (; low < high; steps++) {
      const middle = (low + high) >>> 1;
      if (values[middle]! > key) high = middle;
      else low = middle + 1;
    }
  } else {
    for (; low < high; steps++) {
      const middle = (low + high) >>> 1;
      if (values[middle]! >= key) high = middle;
      else low = middle + 1;
    }
  }
  searchCount.comparisons += steps;
  return low;
}

/**
 * Leading columns that have one value in all rows (a leaf of one customer's lines) are passed over; then integers are compared in two
 * columns where they lie, and only rows equal in both column by column.
 */
function searchIntsThenRest(
  node: TreeNode,
  values: Int32Array | Float64Array,
  first: number,
  key: readonly Datum[],
  length: number,
  from: number,
  to: number,
  isUpper: boolean,
): number {
  let low = from;
  let high = to;
  let ints = values;
  let wanted = first;
  let next = 1;
  let nextInts = intsOf(node, 1, key[1]!);
  while (nextInts !== null && low < high && ints[low] === wanted && ints[high - 1] === wanted) {
    ints = nextInts;
    wanted = key[next] as number;
    next++;
    if (next === length) return searchInts(ints, wanted, low, high, isUpper);
    nextInts = intsOf(node, next, key[next]!);
  }
  const then = nextInts === null ? 0 : (key[next] as number);
  const rest = nextInts === null ? next : next + 1;
  let steps = 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = ints[middle]!;
    steps++;
    let order = value - wanted;
    if (order === 0 && nextInts !== null) order = nextInts[middle]! - then;
    if (order === 0) order = rest < length ? compareRow(node, middle, key, rest, length) : 0;
    if (order < 0 || (isUpper && order === 0)) low = middle + 1;
    else high = middle;
  }
  searchCount.comparisons += steps;
  return low;
}

/** A key column of ascending integers, where an integer is looked for in it; else null. */
function intsOf(node: TreeNode, index: number, wanted: Datum): Int32Array | Float64Array | null {
  if (typeof wanted !== 'number') return null;
  const column = node.column(index);
  if (!(column instanceof IntColumn) || column.nullCount > 0 || node.specs[index]!.descending === true)
    return null;
  const { values } = column;
  return values instanceof Float64Array || values instanceof Int32Array ? values : null;
}

/** Among rows low..high, which are equal before key column `column`. */
function searchRest(
  node: TreeNode,
  key: readonly Datum[],
  column: number,
  length: number,
  from: number,
  to: number,
  isUpper: boolean,
): number {
  let low = from;
  let high = to;
  let steps = 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareRow(node, middle, key, column, length);
    steps++;
    if (order < 0 || (isUpper && order === 0)) low = middle + 1;
    else high = middle;
  }
  searchCount.comparisons += steps;
  return low;
}

/** The first key column where it is ascending texts (uuids are such) without NULLs, else null. */
function plainTexts(node: TreeNode): ArrayColumn<string> | null {
  const spec = node.specs[0]!;
  const isText = spec.physical === Physical.text || spec.physical === Physical.uuid;
  if (!isText || spec.descending === true) return null;
  const column = node.cells(0);
  return column.nullCount > 0 || !(column instanceof ArrayColumn) ? null : column;
}

/** I4. */
function isLow(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0xd800) return false;
  return true;
}

function searchTextsThenRest(
  node: TreeNode,
  column: ArrayColumn<string>,
  first: string,
  key: readonly Datum[],
  length: number,
  from: number,
  isUpper: boolean,
): number {
  let low = from;
  let high = node.count;
  if (low < high) {
    const { hasHeads } = column;
    // What an inner node says of its first child may be behind the others: smaller keys have come into it since.
    const heads = column.headsOf(node.level > 0 ? 1 : 0, high);
    if (heads !== null) {
      if (!hasHeads) node.hasGrown = true;
      const side = heads.sideOf(first);
      if (side !== 0) return side < 0 ? low : high;
      low = heads.lowerRow(first, low);
      high = heads.endRow(first, low);
    }
  }
  let steps = 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // Key columns hold no overflow markers.
    const value = column.at(middle) as string;
    steps++;
    let isBefore = value < first;
    if (!isBefore && value === first) {
      const order = length > 1 ? compareRow(node, middle, key, 1, length) : 0;
      isBefore = order < 0 || (isUpper && order === 0);
    }
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  searchCount.comparisons += steps;
  return low;
}

function searchRows(
  node: TreeNode,
  key: readonly Datum[],
  length: number,
  from: number,
  isUpper: boolean,
): number {
  return searchRest(node, key, 0, length, from, node.count, isUpper);
}

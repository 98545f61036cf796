/**
 * Sorted entries put into a tree of integer and text keys, or taken out of it: each leaf is found once and changed once.
 *
 * I1  The input ascends; equal entries stand side by side. What is there already, or is not there, is passed over.
 * I2  Every column is an ascending key column of integers or texts (held-entries.ts I2); rows of the tree may have NULLs and large
 *     integers.
 */

import { NO_PAGE } from '../base/ids.ts';
import { keepShape } from '../base/kept-shapes.ts';
import type { WriteView } from '../txn/page-view.ts';
import { datumList } from '../types/datum-list.ts';
import { type Datum, Physical, type Vector } from '../types/vector.ts';
import { compareKeys } from './key-order.ts';
import { isRow, lowerBound } from './node-search.ts';
import { Tree } from './tree.ts';
import { TreeNode } from './tree-node.ts';

/** Entries put into a leaf before it is looked at again. */
const STEP_ROWS_MAX = 1024;

const rowsAt = new Int32Array(STEP_ROWS_MAX);

/** By column of the tree; numbers of an integer column, texts of a text column. */
export type SortedEntries = readonly (Float64Array | readonly string[])[];

function keyAt(columns: SortedEntries, row: number): Datum[] {
  const key = datumList(columns.length);
  for (let i = 0; i < key.length; i++) key[i] = columns[i]![row]!;
  return key;
}

/** End of the entries from `row` on that are below `upper`, at most `end`. */
function endBelow(
  tree: Tree,
  columns: SortedEntries,
  row: number,
  end: number,
  upper: readonly Datum[] | null,
): number {
  if (upper === null) return end;
  const { leaf: specs, keyCount } = tree.schema;
  let low = row + 1;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(specs, keyAt(columns, middle), upper, keyCount) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Inserts entries 0..count. */
export function insertSorted(tree: Tree, view: WriteView, columns: SortedEntries, count: number): void {
  const vectors = vectorsOf(tree, columns);
  let row = 0;
  while (row < count) {
    const key = keyAt(columns, row);
    const place = tree.placeForInsert(view, key);
    if (place === null) {
      row++;
      continue;
    }
    const { leaf, index, upper } = place;
    const most = Math.min(count, row + Math.min(STEP_ROWS_MAX, Math.max(64, leaf.count)));
    const end = endBelow(tree, columns, row, most, upper);
    const taken = findPlaces(tree, leaf, index, columns, row, end);
    const isAppend = upper === null && index === leaf.count;
    leaf.insertSpread(rowsAt, taken, vectors, row);
    row += taken;
    tree.settleInserted(view, leaf, key, isAppend);
  }
}

/**
 * Where entries from..end belong in the leaf, into `rowsAt`; stops before one that is there already, or that equals the one
 * before it. Returns how many.
 */
function findPlaces(
  tree: Tree,
  leaf: TreeNode,
  index: number,
  columns: SortedEntries,
  from: number,
  end: number,
): number {
  const walk = new LeafWalk(tree, leaf, columns, index);
  for (let row = from; row < end; row++) {
    if (row > from && isSameRow(columns, row - 1, row)) return row - from;
    if (walk.moveTo(row)) return row - from;
    rowsAt[row - from] = walk.at;
  }
  return end - from;
}

/** Walks a leaf's rows along with ascending entries. */
class LeafWalk {
  /** First row not before the entry moved to last. */
  at: number;
  private readonly leaf: TreeNode;
  private readonly columns: SortedEntries;
  private readonly keyCount: number;
  /** The first column, where it is plain integers. */
  private readonly first: Int32Array | Float64Array | null;
  /** The second and last column, where there are two of plain integers. */
  private readonly second: Int32Array | Float64Array | null;

  constructor(tree: Tree, leaf: TreeNode, columns: SortedEntries, at: number) {
    const { keyCount } = tree.schema;
    this.leaf = leaf;
    this.columns = columns;
    this.keyCount = keyCount;
    this.at = at;
    this.first = columns[0] instanceof Float64Array ? leaf.plainInts(0) : null;
    const hasSecond = keyCount === 2 && this.first !== null && columns[1] instanceof Float64Array;
    this.second = hasSecond ? leaf.plainInts(1) : null;
  }

  /** Moves to the entry's place; whether the entry is there. */
  moveTo(row: number): boolean {
    const { leaf, columns, first, second, keyCount } = this;
    const { count } = leaf;
    let { at } = this;
    if (first !== null) {
      const value = columns[0]![row] as number;
      while (at < count && first[at]! < value) at++;
      if (second !== null) {
        const then = columns[1]![row] as number;
        while (at < count && first[at] === value && second[at]! < then) at++;
        this.at = at;
        return at < count && first[at] === value && second[at] === then;
      }
    }
    const key = keyAt(columns, row);
    this.at = lowerBound(leaf, key, keyCount, at);
    return isRow(leaf, this.at, key, keyCount);
  }
}

{
  const tree = new Tree(NO_PAGE, { columns: [{ physical: Physical.int64 }], keyCount: 1 }, '');
  const leaf = TreeNode.empty(NO_PAGE, tree.schema, 0, 16);
  keepShape(new LeafWalk(tree, leaf, [new Float64Array(0)], 0));
}

function isSameRow(columns: SortedEntries, a: number, b: number): boolean {
  for (let i = 0; i < columns.length; i++) if (columns[i]![a] !== columns[i]![b]) return false;
  return true;
}

function vectorsOf(tree: Tree, columns: SortedEntries): Vector[] {
  return columns.map((values, i): Vector => {
    const { physical } = tree.schema.leaf[i]!;
    if (!(values instanceof Float64Array))
      return { physical: Physical.text, values: values as string[], nulls: null };
    return physical === Physical.int32
      ? { physical, values: Int32Array.from(values), nulls: null }
      : { physical: Physical.int64, values, nulls: null };
  });
}

/** Deletes entries 0..count. */
export function deleteSorted(tree: Tree, view: WriteView, columns: SortedEntries, count: number): void {
  let row = 0;
  while (row < count) {
    const key = keyAt(columns, row);
    const place = tree.placeForDelete(view, key);
    if (place === null) {
      row++;
      continue;
    }
    const { leaf, upper } = place;
    const end = endBelow(tree, columns, row, Math.min(count, row + STEP_ROWS_MAX), upper);
    const walk = new LeafWalk(tree, leaf, columns, place.index);
    let found = 0;
    for (; row < end && walk.at < leaf.count; row++) if (walk.moveTo(row)) rowsAt[found++] = walk.at++;
    // Behind the leaf's last row nothing below its upper end exists.
    row = end;
    leaf.removeSpread(rowsAt, found);
    tree.settleRemoved(view, leaf, key);
  }
}

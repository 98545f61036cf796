/**
 * Inserts sorted rows that come as vectors: whole runs at once where they fall between two neighbours of the tree, and short ones
 * of a leaf together (spread-insert.ts).
 *
 * I1  The input ascends strictly by key. A row that does not ascend is a bug of the caller, but an equal neighbour is a
 *     duplicate like any other.
 * I2  On a duplicate the rows before it are in, it and those behind are not: the statement above rolls back or goes on.
 * I3  Who says that the rows ascend strictly (they come out of a sort, with a row id at the end of the key) is believed;
 *     tests look.
 */

import { assert, verifyEnabled } from '../base/assert.ts';
import type { WriteView } from '../txn/page-view.ts';
import { datumList } from '../types/datum-list.ts';
import type { Datum, Vector } from '../types/vector.ts';
import { appendLeaves } from './append-leaves.ts';
import { compareKeys } from './key-order.ts';
import { compareRow } from './node-search.ts';
import { firstLarge } from './row-fit.ts';
import { SpreadInsert } from './spread-insert.ts';
import type { InsertPlace, Tree } from './tree.ts';
import type { TreeNode } from './tree-node.ts';
import { vectorDatum } from './vector-datum.ts';

/** Rows moved into a leaf in one step: a few pages' worth, so that a split copies little. */
const RUN_ROWS_MAX = 1024;

/** Rows moved where the room is not known yet, or nearly used up. */
const STEP_ROWS = 16;

/** Leaves that there must be rows for at the right end before they are written whole. */
const APPEND_LEAVES_MIN = 4;
/** A last leaf that is filled less than this takes more rows first. */
const LAST_FILL_MIN = 0.75;

/** A shorter run between two rows of a leaf goes into it together with those that follow. */
const SHORT_RUN = 16;

/** Inserts rows 0..rowCount of the vectors; returns the first row that was a duplicate, or rowCount. */
export function insertBatch(
  tree: Tree,
  view: WriteView,
  vectors: readonly Vector[],
  rowCount: number,
  isAscending: boolean,
): number {
  view.held?.applyTo(tree.root);
  const { keyCount, leaf: specs } = tree.schema;
  const isBelieved = isAscending && !verifyEnabled();
  const batch = new SortedBatch(tree, vectors);
  const spread = new SpreadInsert(tree, view, vectors, rowCount);
  let row = 0;
  while (row < rowCount) {
    const key = batch.key(row);
    const place = tree.placeForInsert(view, key);
    if (place === null) return row;
    const rowsMin = place.leaf.count * APPEND_LEAVES_MIN;
    if (rowCount - row >= rowsMin && isFullEdge(tree, place, view.payloadBytes)) {
      const next = appendBatch(batch, view, row, rowCount, rowsMin, isBelieved);
      if (next > row) {
        row = next;
        continue;
      }
    }
    const end = Math.min(rowCount, row + rowsAtOnce(place, view.payloadBytes));
    const limit = batch.endOfRun(row, end, place.leaf, place.index, place.upper);
    if (limit - row < SHORT_RUN && place.index < place.leaf.count) {
      const next = spread.insert(place, row, key);
      if (next > row) {
        row = next;
        continue;
      }
    }
    const run = isBelieved ? limit : batch.ascending(row, limit, specs, keyCount);
    if (run === row) return row;
    tree.insertRun(view, place, vectors, row, run, key);
    if (run < limit) return run;
    row = run;
  }
  return rowCount;
}

/** Whether the place is the right end of a tree of several leaves, the last of which has little room. */
function isFullEdge(tree: Tree, { leaf, index, upper }: InsertPlace, payloadBytes: number): boolean {
  if (upper !== null || index < leaf.count || leaf.pageNo === tree.root) return false;
  return leaf.bound() >= payloadBytes * LAST_FILL_MIN;
}

/** Appends the rows from `row` on, at least `rowsMin`, that ascend and fit as they are, leaf by leaf; returns the first that is left. */
function appendBatch(
  batch: SortedBatch,
  view: WriteView,
  row: number,
  rowCount: number,
  rowsMin: number,
  isBelieved: boolean,
): number {
  const { tree, vectors } = batch;
  const { leaf: specs, keyCount } = tree.schema;
  const fitting = firstLarge(tree.schema, view, vectors, row, rowCount);
  if (fitting - row < rowsMin) return row;
  const end = isBelieved ? fitting : batch.ascending(row, fitting, specs, keyCount);
  if (end - row < rowsMin) return row;
  appendLeaves(tree, view, vectors, row, end);
  return end;
}

/** At a leaf's end, about as many rows as it still has room for, so that a split has little to move. */
function rowsAtOnce(place: InsertPlace, payloadBytes: number): number {
  const { leaf, index } = place;
  if (index < leaf.count) return RUN_ROWS_MAX;
  if (leaf.count < STEP_ROWS) return STEP_ROWS;
  const bytes = leaf.bound();
  const rows = Math.floor(((payloadBytes - bytes) * leaf.count * 0.9) / bytes);
  return Math.max(STEP_ROWS, Math.min(rows, RUN_ROWS_MAX));
}

class SortedBatch {
  readonly tree: Tree;
  readonly vectors: readonly Vector[];

  constructor(tree: Tree, vectors: readonly Vector[]) {
    this.tree = tree;
    this.vectors = vectors;
  }

  key(row: number): Datum[] {
    const key = datumList(this.tree.schema.keyCount);
    for (let i = 0; i < key.length; i++) key[i] = vectorDatum(this.vectors[i]!, row);
    return key;
  }

  /** First row in (row, end) that lies behind the leaf's row `index`, or behind the leaf's range. */
  endOfRun(row: number, end: number, leaf: TreeNode, index: number, upper: readonly Datum[] | null): number {
    const { keyCount, leaf: specs } = this.tree.schema;
    const isInside = index < leaf.count;
    if (!isInside && upper === null) return end;
    let low = row + 1;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = this.key(middle);
      const isBefore = isInside
        ? compareRow(leaf, index, key, 0, keyCount) > 0
        : compareKeys(specs, key, upper!, keyCount) < 0;
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** End of the strictly ascending run from `row` on, at most `end`. */
  ascending(row: number, end: number, specs: Tree['schema']['leaf'], keyCount: number): number {
    const plain = this.plainKeys(specs, keyCount);
    if (plain !== null) {
      for (let i = row + 1; i < end; i++) {
        if (ascends(plain, i)) continue;
        // Infinities and NaN have no difference: the order of keys decides.
        if (compareKeys(specs, this.key(i - 1), this.key(i), keyCount) >= 0)
          return this.stop(i, specs, keyCount);
      }
      return end;
    }
    for (let i = row + 1; i < end; i++) {
      if (compareKeys(specs, this.key(i - 1), this.key(i), keyCount) >= 0)
        return this.stop(i, specs, keyCount);
    }
    return end;
  }

  /** The key's columns when all of them are plain numbers in ascending order, else null. */
  private plainKeys(specs: Tree['schema']['leaf'], keyCount: number): (Int32Array | Float64Array)[] | null {
    const keys: (Int32Array | Float64Array)[] = [];
    for (let k = 0; k < keyCount; k++) {
      const { values, nulls } = this.vectors[k]!;
      if (nulls !== null || specs[k]!.descending === true) return null;
      if (!(values instanceof Int32Array || values instanceof Float64Array)) return null;
      keys.push(values);
    }
    return keys;
  }

  private stop(row: number, specs: Tree['schema']['leaf'], keyCount: number): number {
    const order = compareKeys(specs, this.key(row - 1), this.key(row), keyCount);
    assert(order === 0, 'a batch for insertion is sorted by key');
    return row;
  }
}

/** Whether row i is greater than the one before it. */
function ascends(keys: readonly (Int32Array | Float64Array)[], i: number): boolean {
  for (let k = 0; k < keys.length; k++) {
    const values = keys[k]!;
    const gap = values[i]! - values[i - 1]!;
    if (gap !== 0) return gap > 0;
  }
  return false;
}

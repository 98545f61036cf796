/**
 * Sorted rows that fall between the rows of one leaf, put into it together: the leaf is found once, and each of its columns moved
 * once. One by one each of them would move half the leaf.
 *
 * I1  Rows are as batch-insert.ts I1 says; the first one is not in the tree, and belongs at the place given.
 * I2  What comes before a row that is there already, or equals the one before it, is in; the caller meets that row next.
 */

import { assert } from '../base/assert.ts';
import type { WriteView } from '../txn/page-view.ts';
import { datumList } from '../types/datum-list.ts';
import type { Datum, Vector } from '../types/vector.ts';
import { compareKeys } from './key-order.ts';
import { isRow, lowerBound } from './node-search.ts';
import { firstLarge } from './row-fit.ts';
import type { InsertPlace, Tree } from './tree.ts';
import { vectorDatum } from './vector-datum.ts';

/** Rows put into a leaf before it is looked at again: as many as it has, or some more where it has few. */
const STEP_ROWS_MIN = 64;
const STEP_ROWS_MAX = 1024;

const rowsAt = new Int32Array(STEP_ROWS_MAX);

export class SpreadInsert {
  private readonly tree: Tree;
  private readonly view: WriteView;
  private readonly vectors: readonly Vector[];
  private readonly rowCount: number;
  /** Rows before this one are known to fit as they are. */
  private fitting = 0;

  constructor(tree: Tree, view: WriteView, vectors: readonly Vector[], rowCount: number) {
    this.tree = tree;
    this.view = view;
    this.vectors = vectors;
    this.rowCount = rowCount;
  }

  /** Inserts rows from `row` on that belong into the leaf of the place; returns the first that is left: `row` where it is of no use. */
  insert(place: InsertPlace, row: number, key: readonly Datum[]): number {
    const { tree, view, vectors } = this;
    const { leaf } = place;
    const most = row + Math.min(STEP_ROWS_MAX, Math.max(STEP_ROWS_MIN, leaf.count));
    const end = this.endOfFitting(row, this.endBelow(row, Math.min(this.rowCount, most), place.upper));
    if (end - row < 2) return row;
    const taken = this.findPlaces(place, row, end, key);
    leaf.insertSpread(rowsAt, taken, vectors, row);
    tree.settleInserted(view, leaf, key, false);
    return row + taken;
  }

  /** Where rows from..end belong in the leaf, into `rowsAt`; returns how many there are up to one that is of I2. */
  private findPlaces(
    { leaf, index }: InsertPlace,
    from: number,
    end: number,
    first: readonly Datum[],
  ): number {
    const { keyCount, leaf: specs } = this.tree.schema;
    let at = index;
    let before = first;
    rowsAt[0] = at;
    for (let row = from + 1; row < end; row++) {
      const key = this.key(row);
      const order = compareKeys(specs, before, key, keyCount);
      assert(order <= 0, 'a batch for insertion is sorted by key');
      if (order === 0) return row - from;
      at = lowerBound(leaf, key, keyCount, at);
      if (isRow(leaf, at, key, keyCount)) return row - from;
      rowsAt[row - from] = at;
      before = key;
    }
    return end - from;
  }

  /** End of the rows from `row` on that are below `upper`, at most `end`. */
  private endBelow(row: number, end: number, upper: readonly Datum[] | null): number {
    if (upper === null) return end;
    const { keyCount, leaf: specs } = this.tree.schema;
    let low = row + 1;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(specs, this.key(middle), upper, keyCount) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** End of the rows from `row` on that fit as they are, at most `end`. */
  private endOfFitting(row: number, end: number): number {
    if (end <= this.fitting) return end;
    const fitting = firstLarge(this.tree.schema, this.view, this.vectors, Math.max(row, this.fitting), end);
    this.fitting = fitting;
    return fitting;
  }

  private key(row: number): Datum[] {
    const key = datumList(this.tree.schema.keyCount);
    for (let i = 0; i < key.length; i++) key[i] = vectorDatum(this.vectors[i]!, row);
    return key;
  }
}

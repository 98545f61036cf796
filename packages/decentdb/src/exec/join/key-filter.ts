/**
 * Keys a join has on its build side, handed to the operators below its probe side: rows with other keys need not come up.
 *
 * I1  Only for joins that output nothing for probe rows without a partner. Leaving rows in is always right.
 * I2  Where few rows are left out, looking stops.
 * I3  In a leaf whose tree is ordered by the column, rows are found from the keys: by subtraction where they follow each other, else
 *     by a search for each key, if these are few. A leaf without one is passed over.
 */
import { findSearchForm, SearchForm } from '../../tree/search-form.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import type { CodeSet, PlainKeys } from './code-map.ts';

/** Rows after which looking must have left out enough to go on. */
const TRIAL_ROWS = 8192;
const SHARE_MAX = 0.7;
/** One row in so many at most is few. */
export const FEW_SHARE = 4;
/** Keys within a leaf that are searched for one by one at most. */
const CODES_MAX = 256;
/** Filled and read within one call. */
const codesFound = new Int32Array(CODES_MAX);

export class KeyFilter {
  private readonly keys: CodeSet;
  private looked = 0;
  private kept = 0;

  constructor(keys: CodeSet) {
    this.keys = keys;
  }

  /** Whether it has left out so many rows so far that it is worth asking before what takes longer. */
  get isSelective(): boolean {
    return this.kept * FEW_SHARE <= this.looked;
  }

  /**
   * Rows whose column `slot` may have a partner, their positions in `room` where that is large enough; null when none may. Rows that
   * came in `room` may go.
   */
  run(batch: Batch, slot: number, room: Int32Array | null = null): Batch | null {
    if (this.looked > TRIAL_ROWS && this.kept > this.looked * SHARE_MAX) return batch;
    const vector = batch.column(slot);
    const values = plainKeys(vector);
    if (values === null) return batch;
    const { count } = batch;
    const out = room !== null && room.length >= count ? room : new Int32Array(count);
    const kept = this.keys.select(values, vector.nulls, batch.selection, count, out);
    this.looked += count;
    this.kept += kept;
    return kept === count ? batch : kept === 0 ? null : batch.select(out, kept);
  }

  /** As {@link run} of all rows of a leaf, `batch`, whose tree's first key column is at `slot`. I3. */
  runLeaf(batch: Batch, leaf: TreeNode, slot: number, room: Int32Array | null): Batch | null {
    const { count } = batch;
    if (this.looked > TRIAL_ROWS && this.kept > this.looked * SHARE_MAX) return batch;
    if (leaf.isPrivate || !keyFilters.byLeaves) return this.run(batch, slot, room);
    const form = leaf.searchForm === SearchForm.unknown ? findSearchForm(leaf) : leaf.searchForm;
    if (form === SearchForm.rows) return this.run(batch, slot, room);
    const out = room !== null && room.length >= count ? room : new Int32Array(count);
    const kept =
      form === SearchForm.dense
        ? this.keys.among(leaf.keyBase, leaf.keyBase + count - 1, out, count)
        : this.placesOf(leaf.keyInts!, count, out);
    if (kept < 0) return this.run(batch, slot, room);
    this.looked += count;
    this.kept += kept;
    return kept === count ? batch : kept === 0 ? null : batch.select(out, kept);
  }

  /** Where keys stand among ascending ones, into `out`; -1: too many of them to be searched for one by one. */
  private placesOf(ascending: PlainKeys, count: number, out: Int32Array): number {
    const first = ascending[0]!;
    const wanted = this.keys.among(first, ascending[count - 1]!, codesFound, Math.min(CODES_MAX, count >> 3));
    let kept = wanted < 0 ? -1 : 0;
    for (let i = 0, at = 0; i < wanted; i++) {
      const code = codesFound[i]! + first;
      at = placeFrom(ascending, at, count, code);
      for (; at < count && ascending[at] === code; at++) out[kept++] = at;
    }
    return kept;
  }
}

/** The first place from `from` on that is not below `code`. */
function placeFrom(ascending: PlainKeys, from: number, count: number, code: number): number {
  let low = from;
  let step = 8;
  while (low + step < count && ascending[low + step]! < code) {
    low += step + 1;
    step *= 2;
  }
  let high = Math.min(low + step, count);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < code) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** For tests and measurements: `byLeaves` false looks at every row's key (I3). */
export const keyFilters: { byLeaves: boolean } = { byLeaves: true };

/** The array of a vector whose integers are their own key codes; else null. */
export function plainKeys(vector: Vector): PlainKeys | null {
  if (vector.physical !== Physical.int32 && vector.physical !== Physical.int64) return null;
  const { values } = vector;
  return values instanceof BigInt64Array ? null : values;
}

export interface SlotFilter {
  readonly slot: number;
  readonly keys: KeyFilter;
}

/** The rows that pass all filters, as {@link KeyFilter.run}; null when none do. */
export function runFilters(
  filters: readonly SlotFilter[],
  batch: Batch,
  room: Int32Array | null = null,
): Batch | null {
  let rows: Batch | null = batch;
  for (let i = 0; i < filters.length && rows !== null; i++)
    rows = filters[i]!.keys.run(rows, filters[i]!.slot, room);
  return rows;
}

/** As {@link runFilters} of the first rows of a leaf, all of them in order; the tree's first key column is at `keySlot`. */
export function runLeafFilters(
  filters: readonly SlotFilter[],
  batch: Batch,
  leaf: TreeNode,
  keySlot: number,
  room: Int32Array | null,
): Batch | null {
  const own = filters.find((filter) => filter.slot === keySlot);
  if (own === undefined) return runFilters(filters, batch, room);
  let rows = own.keys.runLeaf(batch, leaf, keySlot, room);
  for (let i = 0; i < filters.length && rows !== null; i++)
    if (filters[i] !== own) rows = filters[i]!.keys.run(rows, filters[i]!.slot, room);
  return rows;
}

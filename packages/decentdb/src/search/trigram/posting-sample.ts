/**
 * How many rows several posting lists share, from a look at a few places of the rarest.
 *
 * The trigrams of one word come together far more often than chance says, and far less often than the rarest of them alone: neither
 * product nor minimum is near. So the rows of two windows of the rarest list are looked for in the others. Neighbouring trigrams
 * of one word say the same thing again and again, so those that overlap others come last.
 *
 * I1  A guess, for costs alone. Lists very much longer than the rarest are left out: reading their part of a window is dear.
 */

import type { Tree } from '../../tree/tree.ts';
import { type KeyRange, TreeCursor } from '../../tree/tree-cursor.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Int64Vector } from '../../types/vector.ts';
import { rowIdsOf, rowsMet } from '../tree-reading.ts';
import type { RowSet } from './row-set.ts';

/** Lists, rarest first, with about how many rows they have. */
export interface RankedList {
  readonly code: number;
  readonly estimate: number;
}

/** Rows of the rarest list in one window. */
const WINDOW_ROWS = 256;
/** Below this the rarest list itself is good enough. */
const SAMPLED_LEAST = 16;
const LISTS_MAX = 10;
/** Lists this many times longer are left out. */
const LENGTH_RATIO_MAX = 128;

export function sampleShared(
  postings: Tree,
  view: ReadView,
  column: number,
  lists: readonly RankedList[],
): number {
  const [rarest, ...others] = apartFirst(lists);
  if (rarest === undefined) return Number.POSITIVE_INFINITY;
  if (rarest.estimate < SAMPLED_LEAST || others.length === 0) return rarest.estimate;
  const used = others
    .filter(({ estimate }) => estimate <= rarest.estimate * LENGTH_RATIO_MAX)
    .slice(0, LISTS_MAX);
  const cursor = new TreeCursor(postings, view);
  const read = (from: number | null): RowSet => firstRows(cursor, windowOf(column, rarest.code, from, null));
  const first = read(null);
  const last = lastRow(postings, view, column, rarest.code);
  const windows = [first];
  if (first.length > 0 && last > first[first.length - 1]!) {
    const middle = Math.floor((first[first.length - 1]! + last) / 2);
    windows.push(read(middle));
  }
  let seen = 0;
  let shared = 0;
  for (const window of windows) {
    if (window.length === 0) continue;
    seen += window.length;
    let rows = window;
    for (const { code } of used) {
      if (rows.length === 0) break;
      cursor.seek(windowOf(column, code, rows[0]!, rows[rows.length - 1]!));
      rows = rowsMet(rows, cursor, 2);
    }
    shared += rows.length;
  }
  return seen === 0 ? rarest.estimate : (rarest.estimate * (shared + 0.5)) / (seen + 0.5);
}

/** Lists whose trigrams overlap none of those before by two characters, then the others. */
function apartFirst(lists: readonly RankedList[]): RankedList[] {
  const apart: RankedList[] = [];
  const others: RankedList[] = [];
  for (const list of lists) (apart.some(({ code }) => overlap(code, list.code)) ? others : apart).push(list);
  return [...apart, ...others];
}

/** Of codes that are exact (trigram-code.ts); others seem to overlap by chance alone. */
function overlap(a: number, b: number): boolean {
  return (a & 0xfffff) === b >>> 10 || (b & 0xfffff) === a >>> 10;
}

function windowOf(column: number, code: number, from: number | null, to: number | null): KeyRange {
  const end = (row: number | null): readonly number[] =>
    row === null ? [column, code] : [column, code, row];
  return { lower: end(from), lowerInclusive: true, upper: end(to), upperInclusive: true };
}

/** The first rows of a range, a window of them. */
function firstRows(cursor: TreeCursor, range: KeyRange): RowSet {
  cursor.seek(range);
  const rows = new Float64Array(WINDOW_ROWS);
  let count = 0;
  while (count < WINDOW_ROWS && cursor.next()) {
    const slice = rowIdsOf(cursor, 2).subarray(0, WINDOW_ROWS - count);
    rows.set(slice, count);
    count += slice.length;
  }
  return rows.subarray(0, count);
}

function lastRow(postings: Tree, view: ReadView, column: number, code: number): number {
  const cursor = new TreeCursor(postings, view);
  cursor.seekPrefix([column, code], true);
  if (!cursor.next()) return -1;
  return Number((cursor.vector(2) as Int64Vector).values[cursor.to - 1]);
}

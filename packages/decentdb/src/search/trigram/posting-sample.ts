/**
 * How many rows several posting lists share, from a look at a few places of the rarest.
 *
 * The trigrams of one word come together far more often than chance says, and far less often than the rarest of them alone: neither
 * product nor minimum is near. So the rows of a window of the rarest list, or two, are looked for in the others. Neighbouring trigrams
 * of one word say the same thing again and again, so those that overlap others come last.
 *
 * I1  A guess, for costs alone. Lists very much longer than the rarest are left out: reading their part of a window is dear.
 */

import type { Tree } from '../../tree/tree.ts';
import { type KeyRange, TreeCursor } from '../../tree/tree-cursor.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Int64Vector } from '../../types/vector.ts';
import { rowIdsOf, rowsMet } from '../tree-reading.ts';
import { NO_ROWS, type RowSet } from './row-set.ts';

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
/** Rows shared in the first window that make another one unnecessary. */
const SHARED_ENOUGH = 16;
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
  const used = tellingOf(
    rarest,
    others.filter(({ estimate }) => estimate <= rarest.estimate * LENGTH_RATIO_MAX),
  );
  const cursor = new TreeCursor(postings, view);
  const read = (from: number | null): RowSet => firstRows(cursor, windowOf(column, rarest.code, from, null));
  const sharedIn = (window: RowSet): number => {
    let rows = window;
    for (const { code } of used) {
      if (rows.length === 0) break;
      cursor.seek(windowOf(column, code, rows[0]!, rows[rows.length - 1]!));
      rows = rowsMet(rows, cursor, 2);
    }
    return rows.length;
  };
  const first = read(null);
  let seen = first.length;
  let shared = sharedIn(first);
  if (seen === WINDOW_ROWS && shared < SHARED_ENOUGH) {
    const middle = fromMiddle(rarest, first, read, () => lastRow(postings, view, column, rarest.code));
    seen += middle.length;
    shared += sharedIn(middle);
  }
  return seen === 0 ? rarest.estimate : (rarest.estimate * (shared + 0.5)) / (seen + 0.5);
}

/** A window from about the middle of the rarest list on: where that is, were all of it as dense as its first window, else halfway to its end. */
function fromMiddle(
  rarest: RankedList,
  first: RowSet,
  read: (from: number) => RowSet,
  last: () => number,
): RowSet {
  const end = first[first.length - 1]!;
  const span = ((end - first[0]!) * rarest.estimate) / first.length;
  const guessed = read(Math.max(end + 1, Math.floor(first[0]! + span / 2)));
  if (guessed.length === WINDOW_ROWS) return guessed;
  const halfway = Math.floor((end + last()) / 2);
  return halfway > end ? read(halfway) : NO_ROWS;
}

/**
 * Of lists in order those that say most: a trigram between two others of its word, which share two characters with it each, is in
 * nearly all texts that have these.
 */
function tellingOf(rarest: RankedList, others: readonly RankedList[]): readonly RankedList[] {
  const told = [rarest];
  const used: RankedList[] = [];
  for (const list of others) {
    const isBetween =
      told.some(({ code }) => follows(code, list.code)) && told.some(({ code }) => follows(list.code, code));
    if (isBetween || used.length === LISTS_MAX) continue;
    told.push(list);
    used.push(list);
  }
  return used;
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
  return follows(a, b) || follows(b, a);
}

/** Whether the second begins with the last two characters of the first. */
function follows(a: number, b: number): boolean {
  return (a & 0xfffff) === b >>> 10;
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

/**
 * Rows that several posting lists share, a window at a time: whoever wants the first few need not read the lists to their ends.
 *
 * The rarest list is read in windows, as large as whoever reads them says; of the other lists only what lies between the ends of a window.
 *
 * I1  Together the windows hold every row that all lists have, ascending, each once. They may hold others: lists that are not worth
 *     being read are left out.
 */

import type { Tree } from '../../tree/tree.ts';
import { TreeCursor } from '../../tree/tree-cursor.ts';
import { isWriteView, type ReadView } from '../../txn/page-view.ts';
import { rowIdsOf, rowsMet } from '../tree-reading.ts';
import type { RankedList } from './posting-sample.ts';
import { NO_ROWS, type RowSet } from './row-set.ts';

/** A list this many times longer than the candidates in hand is not worth reading: testing them is cheaper. */
const SKIP_RATIO = 32;

export class PostingWindows {
  private readonly column: number;
  /** Rarest first. */
  private readonly lists: readonly RankedList[];
  private readonly first: TreeCursor;
  private readonly other: TreeCursor;
  /** The rarest list's slice in hand, and how many of its rows were taken. */
  private slice: RowSet = NO_ROWS;
  private sliceAt = 0;
  /** Leaves stay as they are: rows need no copy. */
  private readonly isStill: boolean;
  /** The end of the last window: all rows to come are behind it. */
  upTo = -1;
  /** Rows of the rarest list that were read. */
  listed = 0;

  /** `lists`: one at least, rarest first. */
  constructor(postings: Tree, view: ReadView, column: number, lists: readonly RankedList[]) {
    this.column = column;
    this.lists = lists;
    this.isStill = !isWriteView(view);
    this.first = new TreeCursor(postings, view);
    this.other = new TreeCursor(postings, view);
    this.first.seekPrefix([column, lists[0]!.code]);
  }

  /**
   * Candidates of the next window, of so many rows of the rarest list (one at least), none of them among those before; null at the end.
   */
  next(wanted: number): RowSet | null {
    let rows = this.window(wanted);
    if (rows === null) return null;
    this.listed += rows.length;
    const [from, to] = [rows[0]!, rows[rows.length - 1]!];
    this.upTo = to;
    const part = rows.length / Math.max(rows.length, this.lists[0]!.estimate);
    for (const { code, estimate } of this.lists.slice(1)) {
      if (rows.length === 0 || estimate * part > rows.length * SKIP_RATIO) break;
      this.other.seek({
        lower: [this.column, code, from],
        lowerInclusive: true,
        upper: [this.column, code, to],
        upperInclusive: true,
      });
      rows = rowsMet(rows, this.other, 2);
    }
    return rows;
  }

  /** The next rows of the rarest list. */
  private window(wanted: number): RowSet | null {
    let taken = this.taken(wanted);
    if (taken.length === wanted && this.isStill) return taken;
    const parts: RowSet[] = [];
    let count = 0;
    for (; taken.length > 0; taken = this.taken(wanted - count)) {
      parts.push(taken);
      count += taken.length;
    }
    return count === 0 ? null : joined(parts, count);
  }

  /** The next rows of the rarest list's leaf in hand, `wanted` at most; none only where none are wanted, or at the list's end. */
  private taken(wanted: number): RowSet {
    if (wanted > 0 && this.sliceAt >= this.slice.length) {
      this.slice = this.first.next() ? rowIdsOf(this.first, 2) : NO_ROWS;
      this.sliceAt = 0;
    }
    const rows = this.slice.subarray(this.sliceAt, this.sliceAt + wanted);
    this.sliceAt += rows.length;
    return rows;
  }
}

/** A copy: no more room than there are rows, which often are fewer than wanted. */
function joined(parts: readonly RowSet[], count: number): RowSet {
  const rows = new Float64Array(count);
  let at = 0;
  for (const part of parts) {
    rows.set(part, at);
    at += part.length;
  }
  return rows;
}

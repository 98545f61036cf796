/**
 * What a merge does to postings: collected row by row, sorted once, then applied in pieces.
 *
 * I1  Changes ascend by the key of their posting. Whoever applied them up to some key goes on behind it, in this process or another:
 *     the same rows give the same changes.
 */
import type { WriteView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import type { PostingKey, RowTexts } from './note-tree.ts';

export interface PostingChanges {
  /** Changes so far. */
  readonly count: number;
  /** How many of them are applied. */
  readonly applied: number;
  /** No more rows should be added. */
  readonly isFull: boolean;
  /** Rows come in ascending order. `now`: what the index has for the row from now on; null for one that is not in it. */
  addRow(rowId: number, before: RowTexts, now: readonly Datum[] | null): void;
  /** All rows are there. */
  sort(): void;
  /** Applies some more, all there are at most. */
  apply(view: WriteView, most: number): void;
  /** Key of the last change that is applied; null before the first. */
  readonly after: PostingKey | null;
  /** Goes to behind a key. */
  skipTo(after: PostingKey | null): void;
}

/** Values of the indexed columns of rows as they are now, in the order asked for; null for rows that are not in the index. */
export type ValuesOf = (rowIds: Float64Array) => readonly (readonly Datum[] | null)[];

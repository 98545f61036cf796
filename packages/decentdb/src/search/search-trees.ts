/**
 * The two trees every search index has: postings, and notes of rows that changed since the last merge (note-tree.ts).
 *
 * I1  What postings say of rows that are not noted is exact; noted rows are for the caller to test.
 * I2  Both trees belong to the transaction that changes them: rollback, crash and snapshots are the trees'.
 * I3  Once all notes are merged, postings equal those of a fresh build.
 */
import { DecentDbError } from '../base/errors.ts';
import { estimateRows } from '../tree/range-estimate.ts';
import type { Tree } from '../tree/tree.ts';
import type { ReadView, WriteView } from '../txn/page-view.ts';
import { type Note, NoteTree, type PostingKey, type RowTexts } from './note-tree.ts';
import type { PostingChanges, ValuesOf } from './posting-changes.ts';
import { RunMerge } from './run-merge.ts';
import { leafCount } from './tree-reading.ts';
import type { RowSet } from './trigram/row-set.ts';

/** What the postings say of a noted row; null texts: what the table says now. */
export interface NotedTexts {
  /** Of postings up to where the merge is, and behind it. */
  readonly merged: RowTexts | null;
  readonly behind: RowTexts;
}

/** What postings hold instead of the table's texts. */
export interface NotedState {
  readonly rows: ReadonlyMap<number, NotedTexts>;
  readonly isMerged: (key: PostingKey) => boolean;
}

export abstract class SearchTrees {
  readonly postings: Tree;
  readonly notes: NoteTree;
  readonly merging: RunMerge;

  constructor(postings: Tree, pending: Tree) {
    this.postings = postings;
    this.notes = new NoteTree(pending);
    this.merging = new RunMerge(
      this.notes,
      () => this.newChanges(),
      (view) => leafCount(this.postings, view),
    );
  }

  get pending(): Tree {
    return this.notes.tree;
  }

  /** An empty collection of changes of the postings. */
  protected abstract newChanges(): PostingChanges;

  /** Order of two postings' keys. */
  protected abstract compareKeys(a: PostingKey, b: PostingKey): number;

  /** Notes that a row is about to change. `before` are its texts now, all null when the row is new. */
  noteChange(view: WriteView, rowId: number, before: RowTexts): void {
    this.notes.add(view, rowId, before);
  }

  /** About how many rows changed since the last merge. */
  pendingRows(view: ReadView): number {
    return this.notes.count(view);
  }

  /** Room the notes take: whole leaves. */
  pendingBytes(view: ReadView): number {
    return this.notes.bytes(view);
  }

  /** Room the postings take: whole leaves. */
  postingBytes(view: ReadView): number {
    return leafCount(this.postings, view) * view.payloadBytes;
  }

  /** About how many postings there are. */
  postingRows(view: ReadView): number {
    return estimateRows(this.postings, view);
  }

  /** Rows changed since the last merge, ascending. Some of them may be gone. */
  pendingIds(view: ReadView): RowSet {
    return this.notes.ids(view);
  }

  /** Merges up to `rowsMax` noted rows, see RunMerge.mergeLive; whatever was being merged is merged to its end. */
  merge(view: WriteView, valuesOf: ValuesOf, rowsMax: number): number {
    if (this.notes.state(view).isMerging) this.merging.advance(view, valuesOf, 1);
    return this.merging.mergeLive(view, valuesOf, rowsMax);
  }

  /** What `check` has to know of noted rows. */
  notedState(view: ReadView): NotedState {
    const { notes } = this;
    const { run, isMerging, upTo, after, isApplied } = notes.state(view);
    const all = (of: number): Note[] => notes.take(view, of, null, Number.POSITIVE_INFINITY);
    const rows = new Map<number, NotedTexts>();
    for (const { rowId, before } of all(run + 1)) rows.set(rowId, { merged: before, behind: before });
    if (isMerging)
      for (const { rowId, before } of all(run)) {
        const isInHand = upTo !== null && rowId <= upTo;
        rows.set(rowId, { merged: isInHand ? (rows.get(rowId)?.merged ?? null) : before, behind: before });
      }
    const isMerged = (key: PostingKey): boolean =>
      isApplied || (after !== null && this.compareKeys(key, after) <= 0);
    return { rows, isMerged };
  }

  truncate(view: WriteView): void {
    this.postings.truncate(view);
    this.notes.truncate(view);
  }

  drop(view: WriteView): void {
    this.postings.drop(view);
    this.pending.drop(view);
  }
}

/** The trees of an index of an older kind: kept, never read or merged. */
export class UnreadTrees extends SearchTrees {
  protected override newChanges(): PostingChanges {
    throw new DecentDbError('XX002', `index "${this.postings.name}" is to be built anew`, {
      hint: 'REINDEX it.',
    });
  }

  protected override compareKeys(): number {
    return 0;
  }
}

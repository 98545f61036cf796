/**
 * The two trees every search index has: postings, and notes of rows that changed since the last merge.
 *
 *     pending    (row id, old text of each column)        rows changed since, with the texts the postings still speak of
 *
 * A change to a row costs one small row in `pending`, whatever the length of its texts.
 *
 * I1  `pending` keeps the texts as of the last merge (NULL for rows that were not there), so that a merge removes exactly the
 *     postings that are stale.
 * I2  Both trees belong to the transaction that changes them: rollback, crash and snapshots are the trees'.
 */
import type { TreeSchema } from '../tree/node-schema.ts';
import { estimateRows } from '../tree/range-estimate.ts';
import type { Tree } from '../tree/tree.ts';
import { TreeCursor, WHOLE_TREE } from '../tree/tree-cursor.ts';
import { fetchChild, fetchRoot } from '../tree/tree-descent.ts';
import type { TreeNode } from '../tree/tree-node.ts';
import { TreePosition } from '../tree/tree-position.ts';
import type { ReadView, WriteView } from '../txn/page-view.ts';
import { type Int64Vector, Physical, type TextVector } from '../types/vector.ts';
import type { RowSet } from './trigram/row-set.ts';

/** A note copies its leaf: small ones keep commits cheap. */
const PENDING_LEAF_ROWS = 128;

/** Schema of the pending tree of an index on so many columns. */
export function pendingSchema(columnCount: number): TreeSchema {
  const texts = Array.from({ length: columnCount }, () => ({ physical: Physical.text }));
  return { columns: [{ physical: Physical.int64 }, ...texts], keyCount: 1, rowsMax: PENDING_LEAF_ROWS };
}

/** Texts of the indexed columns of one row. */
export type RowTexts = readonly (string | null)[];

/** A noted row with its texts as the postings have them. */
export interface Note {
  readonly rowId: number;
  readonly before: RowTexts;
}

export class SearchTrees {
  readonly postings: Tree;
  readonly pending: Tree;
  private readonly position: TreePosition = new TreePosition();

  constructor(postings: Tree, pending: Tree) {
    this.postings = postings;
    this.pending = pending;
  }

  /**
   * Notes that a row is about to change. `before` are its texts now, all null when the row is new.
   * The first note since a merge counts: it holds what the postings speak of.
   */
  noteChange(view: WriteView, rowId: number, before: RowTexts): void {
    if (this.pending.get(view, [rowId], this.position)) return;
    this.pending.insert(view, [rowId, ...before]);
  }

  /** About how many rows changed since the last merge. */
  pendingRows(view: ReadView): number {
    return estimateRows(this.pending, view);
  }

  /** Room the notes take: whole leaves. */
  pendingBytes(view: ReadView): number {
    return this.pendingRows(view) === 0 ? 0 : leafCount(this.pending, view) * view.payloadBytes;
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
    const cursor = new TreeCursor(this.pending, view);
    cursor.seek(WHOLE_TREE);
    return collectRowIds(cursor, 0);
  }

  /** The first notes, in order of their rows. */
  protected takePending(view: ReadView, rowsMax: number): Note[] {
    const columnCount = this.pending.schema.leaf.length - 1;
    const cursor = new TreeCursor(this.pending, view);
    cursor.seek(WHOLE_TREE);
    const batch: Note[] = [];
    while (batch.length < rowsMax && cursor.next()) {
      const ids = cursor.vector(0) as Int64Vector;
      const texts = Array.from({ length: columnCount }, (_, i) => cursor.vector(i + 1) as TextVector);
      for (let row = cursor.from; row < cursor.to && batch.length < rowsMax; row++) {
        const before = texts.map(({ values, nulls }) => (nulls?.[row] === 1 ? null : values[row]!));
        batch.push({ rowId: Number(ids.values[row]), before });
      }
    }
    return batch;
  }

  /** Texts of changed rows as the postings still have them. */
  pendingTexts(view: ReadView): Map<number, RowTexts> {
    return new Map(
      this.takePending(view, Number.POSITIVE_INFINITY).map(({ rowId, before }) => [rowId, before]),
    );
  }

  truncate(view: WriteView): void {
    this.postings.truncate(view);
    this.pending.truncate(view);
  }

  drop(view: WriteView): void {
    this.postings.drop(view);
    this.pending.drop(view);
  }
}

/** The row ids in a column of all rows the cursor comes to. */
export function collectRowIds(cursor: TreeCursor, column: number): RowSet {
  let rows = new Float64Array(256);
  let count = 0;
  while (cursor.next()) {
    const { values } = cursor.vector(column) as Int64Vector;
    const more = cursor.to - cursor.from;
    if (count + more > rows.length) {
      const grown = new Float64Array(Math.max(rows.length * 2, count + more));
      grown.set(rows);
      rows = grown;
    }
    if (values instanceof Float64Array) {
      rows.set(values.subarray(cursor.from, cursor.to), count);
    } else {
      for (let i = 0; i < more; i++) rows[count + i] = Number(values[cursor.from + i]);
    }
    count += more;
  }
  return rows.subarray(0, count);
}

/** Leaves of a tree: looks at inner nodes only. */
function leafCount(tree: Tree, view: ReadView): number {
  const under = (node: TreeNode): number => {
    if (node.level === 0) return 1;
    if (node.level === 1) return node.count;
    let leaves = 0;
    for (let i = 0; i < node.count; i++) leaves += under(fetchChild(tree, view, node, i));
    return leaves;
  };
  return under(fetchRoot(tree, view));
}

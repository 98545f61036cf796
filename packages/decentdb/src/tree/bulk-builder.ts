/**
 * Fills a tree from sorted input: rows or vectors of rows, in strictly ascending key order, behind all keys present.
 *
 * It appends at the right edge, where a full leaf stays full, so pages come out filled to the last row that fits and
 * inner nodes change once a leaf. Unsorted input or a duplicate stops it (23505 is the caller's to word).
 *
 * @example
 * const builder = new BulkBuilder(tree, view);
 * for (const row of rows) if (!builder.add(row)) throw duplicateKey(row);
 */
import type { WriteView } from '../txn/page-view.ts';
import type { Datum, Vector } from '../types/vector.ts';
import type { Tree } from './tree.ts';

export class BulkBuilder {
  readonly tree: Tree;
  readonly view: WriteView;
  rowCount = 0;

  constructor(tree: Tree, view: WriteView) {
    this.tree = tree;
    this.view = view;
  }

  /** Adds a row; false when its key is there already. */
  add(row: readonly Datum[]): boolean {
    const isNew = this.tree.insert(this.view, row);
    if (isNew) this.rowCount++;
    return isNew;
  }

  /**
   * Adds rows 0..rowCount of the vectors; returns the first that was a duplicate, or rowCount. `isAscending`: the rows are
   * known to ascend strictly, across batches too.
   */
  addBatch(vectors: readonly Vector[], rowCount: number, isAscending = false): number {
    const added = this.tree.insertBatch(this.view, vectors, rowCount, isAscending);
    this.rowCount += added;
    return added;
  }
}

/**
 * Leaves as batches.
 *
 * I1  Columns come from the leaf as they are; a column nobody reads is not decoded.
 * I2  The leaf is captured, not the cursor: columns may be loaded after the cursor has moved on.
 */

import { resolvedVector } from '../../tree/resolved-vector.ts';
import type { Tree } from '../../tree/tree.ts';
import type { TreeCursor } from '../../tree/tree-cursor.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Datum, Physical, Vector } from '../../types/vector.ts';
import { Batch, type ColumnSource, identity } from '../batch.ts';
import { constantVector } from '../vectors.ts';

/** Where a scan's column comes from: a position in the tree, or a constant (the table's oid). */
export type LeafColumn =
  | { readonly position: number }
  | { readonly position: -1; readonly physical: Physical; readonly value: Datum };

class LeafSource implements ColumnSource {
  private readonly tree: Tree;
  private readonly view: ReadView;
  private readonly leaf: TreeNode;
  private readonly from: number;
  private readonly to: number;
  private readonly columns: readonly LeafColumn[];

  constructor(cursor: TreeCursor, columns: readonly LeafColumn[]) {
    this.tree = cursor.tree;
    this.view = cursor.view;
    this.leaf = cursor.leaf!;
    this.from = cursor.from;
    this.to = cursor.to;
    this.columns = columns;
  }

  load(index: number): Vector {
    const column = this.columns[index]!;
    if ('value' in column) return constantVector(column.physical, column.value, this.to);
    const { leaf } = this;
    if (!leaf.column(column.position).hasOverflow) return leaf.vector(column.position);
    return resolvedVector(this.tree, this.view, leaf, column.position, this.from, this.to);
  }
}

/** The rows of the cursor's slice, last first when `isReversed`. */
export function leafBatch(cursor: TreeCursor, columns: readonly LeafColumn[], isReversed: boolean): Batch {
  const { from, to } = cursor;
  const count = to - from;
  let selection: Int32Array | null = null;
  if (isReversed) {
    selection = new Int32Array(count);
    for (let i = 0; i < count; i++) selection[i] = to - 1 - i;
  } else if (from > 0) {
    selection = identity(from, to);
  }
  return Batch.lazy(columns.length, count, selection, new LeafSource(cursor, columns));
}

/** The rows of the cursor's slice at the first `count` of `places`, last first when `isReversed`. */
export function foundBatch(
  cursor: TreeCursor,
  columns: readonly LeafColumn[],
  places: Int32Array,
  count: number,
  isReversed: boolean,
): Batch {
  const selection = places.slice(0, count);
  if (isReversed) selection.reverse();
  return Batch.lazy(columns.length, count, selection, new LeafSource(cursor, columns));
}

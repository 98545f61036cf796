/** Reading the trees of search indexes: row ids of a walk, sizes. */
import type { Tree } from '../tree/tree.ts';
import type { TreeCursor } from '../tree/tree-cursor.ts';
import { childRows, fetchChild, fetchRoot } from '../tree/tree-descent.ts';
import type { TreeNode } from '../tree/tree-node.ts';
import type { ReadView } from '../txn/page-view.ts';
import type { Int64Vector } from '../types/vector.ts';
import { addShared, lowerPlace, NO_ROWS, type RowSet } from './trigram/row-set.ts';

/** The row ids in a column of all rows the cursor comes to. */
export function collectRowIds(cursor: TreeCursor, column: number): RowSet {
  const slices: RowSet[] = [];
  let count = 0;
  while (cursor.next()) {
    slices.push(rowIdsOf(cursor, column));
    count += cursor.to - cursor.from;
  }
  if (slices.length === 0) return NO_ROWS;
  const rows = new Float64Array(count);
  let at = 0;
  for (const slice of slices) {
    rows.set(slice, at);
    at += slice.length;
  }
  return rows;
}

/** The row ids of the cursor's slice. */
export function rowIdsOf(cursor: TreeCursor, column: number): RowSet {
  const { values } = cursor.vector(column) as Int64Vector;
  const own = values.subarray(cursor.from, cursor.to);
  return own instanceof Float64Array ? own : Float64Array.from(own, Number);
}

/** Those of the rows that the cursor comes to, whose row ids ascend: nothing of a long list is copied. */
export function rowsMet(rows: RowSet, cursor: TreeCursor, column: number): RowSet {
  const met = new Float64Array(rows.length);
  let count = 0;
  let at = 0;
  while (at < rows.length && cursor.next()) {
    const slice = rowIdsOf(cursor, column);
    const last = slice[slice.length - 1]!;
    if (rows[at]! > last) continue;
    const end = lowerPlace(rows, last + 1, at);
    count = addShared(rows.subarray(at, end), slice, met, count);
    at = end;
  }
  return met.subarray(0, count);
}

/** Whether a tree has so many rows, by the counts that inner nodes remember: looks at as few of them as it can. */
export function hasRows(tree: Tree, view: ReadView, least: number): boolean {
  const root = fetchRoot(tree, view);
  if (root.level === 0) return root.count >= least;
  let rows = 0;
  for (let i = 0; i < root.count && rows < least; i++) rows += childRows(root, i);
  return rows >= least;
}

/** Leaves of a tree: looks at inner nodes only. */
export function leafCount(tree: Tree, view: ReadView): number {
  const under = (node: TreeNode): number => {
    if (node.level === 0) return 1;
    if (node.level === 1) return node.count;
    let leaves = 0;
    for (let i = 0; i < node.count; i++) leaves += under(fetchChild(tree, view, node, i));
    return leaves;
  };
  return under(fetchRoot(tree, view));
}

/** Reading the trees of search indexes: row ids of a walk, sizes. */
import type { Tree } from '../tree/tree.ts';
import type { TreeCursor } from '../tree/tree-cursor.ts';
import { fetchChild, fetchRoot } from '../tree/tree-descent.ts';
import type { TreeNode } from '../tree/tree-node.ts';
import type { ReadView } from '../txn/page-view.ts';
import type { Int64Vector } from '../types/vector.ts';
import type { RowSet } from './trigram/row-set.ts';

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

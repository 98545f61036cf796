/**
 * Leaves of a tree whose key is one integer, for keys that ascend: the search goes on where the last one ended.
 *
 * I1  The view is one that nobody writes through, so the way down stays good; whoever holds a finder across calls of a program is to
 *     take a new one.
 * I2  Separators of the node above the leaves are looked at from the last child on, in steps that grow: its own first one is never
 *     compared (tree-descent.ts I2). Keys behind its last child are looked up from the root, for that child may end before them.
 */

import type { Tree } from '../../tree/tree.ts';
import { childAtOrBefore, fetchChild, fetchRoot } from '../../tree/tree-descent.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import type { ReadView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import type { Datum } from '../../types/vector.ts';

export class LeafFinder {
  private readonly tree: Tree;
  private readonly view: ReadView;
  private parent: TreeNode | null = null;
  private separators: Int32Array | Float64Array | null = null;
  private child = 0;
  private readonly key: Datum[] = datumList(1);

  constructor(tree: Tree, view: ReadView) {
    this.tree = tree;
    this.view = view;
  }

  /** The leaf a key belongs to, which is not below the one asked for last. */
  leafOf(key: number): TreeNode {
    const { separators, parent } = this;
    if (parent === null || separators === null || key >= separators[parent.count - 1]!)
      return this.descend(key);
    let low = this.child;
    let high = low + 1;
    for (let step = 1; high < parent.count && separators[high]! <= key; step *= 2) {
      low = high;
      high += step;
    }
    if (high > parent.count) high = parent.count;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (separators[middle]! <= key) low = middle;
      else high = middle;
    }
    this.child = low;
    return fetchChild(this.tree, this.view, parent, low);
  }

  private descend(key: number): TreeNode {
    const { tree, view } = this;
    this.key[0] = key;
    this.parent = null;
    let node = fetchRoot(tree, view);
    while (node.level > 0) {
      this.child = childAtOrBefore(node, this.key, 1);
      this.parent = node;
      // Known once the node was searched.
      this.separators = node.keyInts;
      node = fetchChild(tree, view, node, this.child);
    }
    return node;
  }
}

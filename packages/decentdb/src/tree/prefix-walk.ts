/**
 * Looks for rows that begin with given values, for many of them in the order of the tree: where the next one lies in the leaf of the
 * one before, no way leads down to it again.
 *
 * I1  Prefixes ascend, all of one length; the tree does not change meanwhile.
 */
import type { ReadView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import { compareRow, lowerBound } from './node-search.ts';
import type { Tree } from './tree.ts';
import { TreeCursor } from './tree-cursor.ts';
import type { TreeNode } from './tree-node.ts';

export class PrefixWalk {
  private readonly cursor: TreeCursor;
  private leaf: TreeNode | null = null;
  private at = 0;

  constructor(tree: Tree, view: ReadView) {
    this.cursor = new TreeCursor(tree, view);
  }

  /** Whether a row begins with the prefix. */
  has(prefix: readonly Datum[]): boolean {
    const { leaf, cursor } = this;
    const { length } = prefix;
    if (leaf !== null && compareRow(leaf, leaf.count - 1, prefix, 0, length) >= 0) {
      this.at = lowerBound(leaf, prefix, length, this.at);
      return compareRow(leaf, this.at, prefix, 0, length) === 0;
    }
    cursor.seekPrefix(prefix);
    const isThere = cursor.next();
    this.leaf = isThere ? cursor.leaf : null;
    this.at = cursor.from;
    return isThere;
  }
}

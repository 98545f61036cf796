/**
 * How many rows lie in a range, without walking it: what the planner asks.
 *
 * Exact within one leaf; else from the row counts inner nodes remember, which are those of the last time a child was split,
 * joined or built: typically within a factor of two in the middle of a tree under inserts, near exact after bulk loads.
 */
import type { ReadView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import { lowerBound, upperBound } from './node-search.ts';
import { rowsUnder } from './node-split.ts';
import type { Tree } from './tree.ts';
import type { KeyRange } from './tree-cursor.ts';
import { childAtOrBefore, childBefore, childRows, fetchChild, fetchRoot } from './tree-descent.ts';
import type { TreeNode } from './tree-node.ts';

/**
 * Rows of the whole tree, by the same counts, those of the right edge looked up: where rows come in the order of their keys, what lies
 * under the last child has grown since its parent was told.
 */
export function estimateRows(tree: Tree, view: ReadView): number {
  let node = fetchRoot(tree, view);
  let rows = 0;
  while (node.level > 1) {
    const last = node.count - 1;
    for (let i = 0; i < last; i++) rows += childRows(node, i);
    node = fetchChild(tree, view, node, last);
  }
  return rows + rowsUnder(node);
}

/**
 * Rows between the ends of a range: one way down while both ends are under the same child. `leavesEnough`: where so many leaves lie
 * between them, the ends are taken to be in the middle of theirs, which are not read.
 */
export function estimateRange(
  tree: Tree,
  view: ReadView,
  range: KeyRange,
  leavesEnough: number = Number.POSITIVE_INFINITY,
): number {
  const { lower, upper } = range;
  if (lower === null || upper === null) {
    const high = upper === null ? estimateRows(tree, view) : rank(tree, view, upper, range.upperInclusive);
    return Math.max(0, high - (lower === null ? 0 : rank(tree, view, lower, !range.lowerInclusive)));
  }
  let node = fetchRoot(tree, view);
  while (node.level > 0) {
    const from = childFor(node, lower, !range.lowerInclusive);
    const to = childFor(node, upper, range.upperInclusive);
    if (from > to) return 0;
    if (from < to) {
      let between = 0;
      for (let i = from; i < to; i++) between += childRows(node, i);
      if (node.level === 1 && to - from > leavesEnough)
        return between + (childRows(node, to) - childRows(node, from)) / 2;
      const below = (child: number, key: readonly Datum[], isAfter: boolean): number =>
        rankUnder(tree, view, fetchChild(tree, view, node, child), key, isAfter);
      return Math.max(
        0,
        between + below(to, upper, range.upperInclusive) - below(from, lower, !range.lowerInclusive),
      );
    }
    node = fetchChild(tree, view, node, from);
  }
  const high = placeIn(node, upper, range.upperInclusive);
  return Math.max(0, high - placeIn(node, lower, !range.lowerInclusive));
}

/** Rows before a key: those equal to it count when `isAfter`. */
function rank(tree: Tree, view: ReadView, key: readonly Datum[], isAfter: boolean): number {
  return rankUnder(tree, view, fetchRoot(tree, view), key, isAfter);
}

function rankUnder(
  tree: Tree,
  view: ReadView,
  top: TreeNode,
  key: readonly Datum[],
  isAfter: boolean,
): number {
  let node = top;
  let rows = 0;
  while (node.level > 0) {
    const index = childFor(node, key, isAfter);
    for (let i = 0; i < index; i++) rows += childRows(node, i);
    node = fetchChild(tree, view, node, index);
  }
  return rows + placeIn(node, key, isAfter);
}

function childFor(node: TreeNode, key: readonly Datum[], isAfter: boolean): number {
  return isAfter ? childAtOrBefore(node, key, key.length) : childBefore(node, key, key.length);
}

function placeIn(leaf: TreeNode, key: readonly Datum[], isAfter: boolean): number {
  return isAfter ? upperBound(leaf, key, key.length, 0) : lowerBound(leaf, key, key.length, 0);
}

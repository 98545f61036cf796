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

/** Rows of the whole tree, by the same counts. */
export function estimateRows(tree: Tree, view: ReadView): number {
  return rowsUnder(fetchRoot(tree, view));
}

/** Rows between the ends of a range. */
export function estimateRange(tree: Tree, view: ReadView, range: KeyRange): number {
  const high = range.upper === null ? null : rank(tree, view, range.upper, range.upperInclusive);
  const low = range.lower === null ? 0 : rank(tree, view, range.lower, !range.lowerInclusive);
  return Math.max(0, (high ?? estimateRows(tree, view)) - low);
}

/** Rows before a key: those equal to it count when `isAfter`. */
function rank(tree: Tree, view: ReadView, key: readonly Datum[], isAfter: boolean): number {
  let node = fetchRoot(tree, view);
  let rows = 0;
  while (node.level > 0) {
    const index = isAfter ? childAtOrBefore(node, key, key.length) : childBefore(node, key, key.length);
    for (let i = 0; i < index; i++) rows += childRows(node, i);
    node = fetchChild(tree, view, node, index);
  }
  return rows + (isAfter ? upperBound(node, key, key.length, 0) : lowerBound(node, key, key.length, 0));
}

/**
 * Whether any of many sorted keys is in a unique index already, or twice among themselves: one way down to each leaf, and a walk
 * through it.
 *
 * I1  Rows come in the order of the tree. Nothing is changed, no page made private.
 * I2  Where a neighbour of a key's place is in another leaf, the separator between them decides (key-probe.ts I2), and where it has
 *     the key itself, the rows do.
 */

import type { WriteView } from '../txn/page-view.ts';
import { datumList } from '../types/datum-list.ts';
import type { Datum, Vector } from '../types/vector.ts';
import { compareKeys } from './key-order.ts';
import { isAtSeparator } from './key-probe.ts';
import { compareRow, lowerBound } from './node-search.ts';
import type { Tree } from './tree.ts';
import { TreeCursor } from './tree-cursor.ts';
import { descend, TreePath } from './tree-descent.ts';
import type { TreeNode } from './tree-node.ts';
import { vectorDatum } from './vector-datum.ts';
import { WriteFinger } from './write-finger.ts';

/** Rows 0..count-1 are entries of the index; its first `width` columns are the key. `nullsEqual`: NULLs are equal to each other. */
export function hasTakenKey(
  tree: Tree,
  view: WriteView,
  vectors: readonly Vector[],
  count: number,
  { width, nullsEqual }: { readonly width: number; readonly nullsEqual: boolean },
): boolean {
  const { keyCount, leaf: specs } = tree.schema;
  const path = new TreePath();
  const place = new WriteFinger();
  let leaf: TreeNode | null = null;
  let upper: readonly Datum[] | null = null;
  let at = 0;
  let before: readonly Datum[] | null = null;
  for (let row = 0; row < count; row++) {
    const key = keyOf(vectors, row, keyCount);
    if (!nullsEqual && hasNull(key, width)) continue;
    if (before !== null && compareKeys(specs, before, key, width) === 0) return true;
    before = key;
    if (leaf === null || (upper !== null && compareKeys(specs, key, upper, keyCount) >= 0)) {
      descend(tree, view, key, path);
      leaf = path.leaf;
      at = path.indexes[path.depth - 1]!;
      place.place(view, path);
      upper = place.upperKey() ?? null;
    } else at = lowerBound(leaf, key, keyCount, at);
    if (at < leaf.count && compareRow(leaf, at, key, 0, width) === 0) return true;
    if (at > 0 && compareRow(leaf, at - 1, key, 0, width) === 0) return true;
    const isOpen =
      (at === leaf.count && isAtSeparator(path, 1, key, width)) ||
      (at === 0 && isAtSeparator(path, 0, key, width));
    if (isOpen && hasPrefix(tree, view, key.slice(0, width))) return true;
  }
  return false;
}

function hasPrefix(tree: Tree, view: WriteView, prefix: readonly Datum[]): boolean {
  const cursor = new TreeCursor(tree, view);
  cursor.seekPrefix(prefix);
  return cursor.next();
}

function keyOf(vectors: readonly Vector[], row: number, keyCount: number): Datum[] {
  const key = datumList(keyCount);
  for (let i = 0; i < key.length; i++) key[i] = vectorDatum(vectors[i]!, row);
  return key;
}

function hasNull(key: readonly Datum[], width: number): boolean {
  for (let i = 0; i < width; i++) if (key[i] === null) return true;
  return false;
}

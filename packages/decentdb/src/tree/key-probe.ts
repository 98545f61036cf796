/**
 * A look for rows that share the first columns of an entry (a unique key), made where the entry would go; the place is remembered
 * for the insert that usually follows.
 *
 * I1  Nothing is changed, no page made private.
 * I2  The neighbours of the entry's place decide. Where a neighbour is in another leaf, the separator between them does: it lies
 *     between entry and neighbour, so if both have the same first columns it has them too.
 * I3  The place is good for the same array, view, epoch and leaf version, and only once.
 */
import type { WriteView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import { compareKeys } from './key-order.ts';
import { isEqualRow } from './node-search.ts';
import type { TreePath } from './tree-descent.ts';
import type { TreeNode } from './tree-node.ts';
import type { WriteFinger } from './write-finger.ts';

/** What a look finds. */
export const Probe = {
  /** No row has these columns. */
  free: 0,
  /** The row at `index` has them, perhaps others beside it. */
  taken: 1,
  /** A row of a neighbouring leaf may. */
  unsure: 2,
} as const;
export type Probe = (typeof Probe)[keyof typeof Probe];

export class KeyProbe {
  leaf: TreeNode | null = null;
  /** Place of the entry; of the row found, where one is. */
  index = 0;
  isByFinger = false;
  private entry: readonly Datum[] | null = null;
  private view: WriteView | null = null;
  private epoch = 0;
  private version = 0;

  /** At the place the finger has located. */
  byFinger(view: WriteView, finger: WriteFinger, entry: readonly Datum[], length: number): Probe {
    const leaf = finger.leaf!;
    const { index } = finger;
    this.isByFinger = true;
    if (this.isTaken(leaf, index, entry, length)) return Probe.taken;
    // A located entry is never before the leaf's first row.
    if (index === leaf.count && !finger.isRightmost) {
      const upper = finger.upperKey() ?? null;
      if (upper === null || compareKeys(leaf.specs, entry, upper, length) === 0) return Probe.unsure;
    }
    this.remember(view, entry);
    return Probe.free;
  }

  /** At the end of the way down to it. */
  byPath(view: WriteView, path: TreePath, entry: readonly Datum[], length: number): Probe {
    const { leaf } = path;
    const index = path.indexes[path.depth - 1]!;
    this.isByFinger = false;
    if (this.isTaken(leaf, index, entry, length)) return Probe.taken;
    if (index === 0 && isAtSeparator(path, 0, entry, length)) return Probe.unsure;
    if (index === leaf.count && isAtSeparator(path, 1, entry, length)) return Probe.unsure;
    this.remember(view, entry);
    return Probe.free;
  }

  /** Whether the entry's place is known and still what it was (I3); it is forgotten. */
  claim(view: WriteView, entry: readonly Datum[]): boolean {
    if (this.entry !== entry) return false;
    this.entry = null;
    return this.view === view && this.epoch === view.epoch && this.leaf!.version === this.version;
  }

  private isTaken(leaf: TreeNode, index: number, entry: readonly Datum[], length: number): boolean {
    this.entry = null;
    this.leaf = leaf;
    this.index = index;
    if (index < leaf.count && isEqualRow(leaf, index, entry, length)) return true;
    if (index === 0 || !isEqualRow(leaf, index - 1, entry, length)) return false;
    this.index = index - 1;
    return true;
  }

  private remember(view: WriteView, entry: readonly Datum[]): void {
    this.entry = entry;
    this.view = view;
    this.epoch = view.epoch;
    this.version = this.leaf!.version;
  }
}

/** Whether the separator before (`side` 0) or behind (1) the path's leaf has the entry's first columns; false at the tree's end. */
export function isAtSeparator(path: TreePath, side: 0 | 1, entry: readonly Datum[], length: number): boolean {
  for (let depth = path.depth - 2; depth >= 0; depth--) {
    const node = path.nodes[depth]!;
    const at = path.indexes[depth]! + side;
    if (at > 0 && at < node.count) return isEqualRow(node, at, entry, length);
  }
  return false;
}

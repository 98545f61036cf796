/**
 * The finger: the leaf the last write went to and the keys it is responsible for, so that the next write nearby needs no
 * descent.
 *
 * I1  A finger is used only while its view, the view's epoch, and the leaf's key range are what they were.
 * I2  `upper` is at or below the leaf's true upper end (the ranges of neighbours may since have been joined to it):
 *     a key from the leaf's first row up to, not including, `upper` belongs to the leaf.
 */
import type { WriteView } from '../txn/page-view.ts';
import type { ColumnSpec, Datum } from '../types/vector.ts';
import { IntColumn } from './int-column.ts';
import { compareKeys } from './key-order.ts';
import { compareRow, lowerBound } from './node-search.ts';
import { keyOfRow } from './separator.ts';
import type { TreePath } from './tree-descent.ts';
import type { TreeNode } from './tree-node.ts';

export class WriteFinger {
  private view: WriteView | null = null;
  private epoch = 0;
  private rangeVersion = 0;
  /** First key behind the leaf, once somebody asked; see {@link upperKey}. */
  private upper: Datum[] | null = null;
  /** Where that key stands: entry `upperIndex` of a node above; null at the right end of the tree. */
  private upperNode: TreeNode | null = null;
  private upperIndex = 0;
  private upperVersion = 0;
  private specs: readonly ColumnSpec[] = [];
  leaf: TreeNode | null = null;
  /** Row the key belongs at, after {@link locate} said yes. */
  index = 0;
  /** Rows appended in a row at the leaf's end: sequential input. */
  run = 0;

  clear(): void {
    this.view = null;
    this.leaf = null;
    this.run = 0;
  }

  /** Remembers the private leaf at the end of the path. */
  place(view: WriteView, path: TreePath): void {
    const { leaf } = path;
    this.view = view;
    this.epoch = view.epoch;
    this.leaf = leaf;
    this.rangeVersion = leaf.rangeVersion;
    this.specs = leaf.specs;
    this.upper = null;
    this.upperNode = null;
    this.run = 0;
    for (let depth = path.depth - 2; depth >= 0; depth--) {
      const node = path.nodes[depth]!;
      const next = path.indexes[depth]! + 1;
      if (next < node.count) {
        this.upperNode = node;
        this.upperIndex = next;
        this.upperVersion = node.version;
        break;
      }
    }
  }

  /** First key behind the leaf, null when there is none; undefined when the node that knew has changed since. */
  upperKey(): Datum[] | null | undefined {
    if (this.upper !== null || this.upperNode === null) return this.upper;
    if (this.upperNode.version !== this.upperVersion) return undefined;
    this.upper = keyOfRow(this.upperNode, this.upperIndex);
    return this.upper;
  }

  /** Whether the leaf has no right neighbour. */
  get isRightmost(): boolean {
    return this.upperNode === null;
  }

  isValid(view: WriteView): boolean {
    const { leaf } = this;
    return (
      leaf !== null &&
      this.view === view &&
      this.epoch === view.epoch &&
      leaf.isPrivate &&
      leaf.rangeVersion === this.rangeVersion
    );
  }

  /** Whether the key belongs to the leaf; sets `index` to its lower bound there. */
  locate(view: WriteView, key: readonly Datum[], keyCount: number): boolean {
    if (!this.isValid(view)) return false;
    const leaf = this.leaf!;
    const { count } = leaf;
    if (count === 0) return false;
    const afterLast = compareLast(leaf, key, keyCount);
    if (afterLast < 0) {
      const upper = this.upperKey();
      if (upper === undefined) return false;
      if (upper !== null && compareKeys(this.specs, key, upper, keyCount) >= 0) return false;
      this.index = count;
      return true;
    }
    if (afterLast > 0 && compareRow(leaf, 0, key, 0, keyCount) > 0) return false;
    this.index = afterLast === 0 ? count - 1 : lowerBound(leaf, key, keyCount, 0);
    return true;
  }
}

/** Order of the leaf's last row against the key. */
function compareLast(leaf: TreeNode, key: readonly Datum[], keyCount: number): number {
  const first = key[0];
  const row = leaf.count - 1;
  if (typeof first === 'number') {
    const column = leaf.column(0);
    if (column instanceof IntColumn && column.nullCount === 0 && leaf.specs[0]!.descending !== true) {
      const value = column.values[row]!;
      if (value < first) return -1;
      if (value > first) return 1;
      if (keyCount === 1) return 0;
    }
  }
  return compareRow(leaf, row, key, 0, keyCount);
}

/**
 * A tree cut into ranges of about equal size, for several threads to walk over.
 *
 * I1  The pieces are disjoint, ascending and together the whole tree, whatever inner nodes believe of row counts.
 * I2  Equal states of a tree give equal pieces: threads at one snapshot need not tell each other where the cuts are.
 * I3  No leaf is read.
 */
import type { ReadView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import { keyOfRow } from './separator.ts';
import { type KeyRange, WHOLE_TREE } from './tree-cursor.ts';
import { childRows, fetchChild, fetchRoot, type TreeRoot } from './tree-descent.ts';
import type { TreeNode } from './tree-node.ts';

/** However small pieces are asked for, and whatever a damaged node says. */
const PIECES_MAX = 4096;

/** Ranges of about `rows` rows each. */
export function treePieces(tree: TreeRoot, view: ReadView, rows: number): readonly KeyRange[] {
  const cuts = new Cuts(tree, view, rows);
  const root = fetchRoot(tree, view);
  if (root.level > 0) cuts.walk(root, null);
  const { keys } = cuts;
  if (keys.length === 0) return [WHOLE_TREE];
  const pieces: KeyRange[] = [];
  for (let i = 0; i <= keys.length; i++) {
    const lower = keys[i - 1] ?? null;
    const upper = keys[i] ?? null;
    pieces.push({ lower, lowerInclusive: true, upper, upperInclusive: false });
  }
  return pieces;
}

class Cuts {
  readonly keys: (readonly Datum[])[] = [];
  private readonly tree: TreeRoot;
  private readonly view: ReadView;
  private readonly rowsWanted: number;
  /** Rows since the last cut. */
  private rows = 0;

  constructor(tree: TreeRoot, view: ReadView, rowsWanted: number) {
    this.tree = tree;
    this.view = view;
    this.rowsWanted = rowsWanted;
  }

  /** `low`: what separates the node from all before it; null at the left edge of the tree. */
  walk(node: TreeNode, low: readonly Datum[] | null): void {
    for (let i = 0; i < node.count && this.keys.length < PIECES_MAX - 1; i++) {
      const key = i === 0 ? low : keyOfRow(node, i);
      const rows = childRows(node, i);
      if (node.level > 1 && rows > this.rowsWanted) {
        this.walk(fetchChild(this.tree, this.view, node, i), key);
        continue;
      }
      if (this.rows > 0 && this.rows + rows > this.rowsWanted && key !== null) {
        this.keys.push(key);
        this.rows = 0;
      }
      this.rows += rows;
    }
  }
}

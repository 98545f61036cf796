/**
 * Checks every invariant of a stored tree, and says which pages it uses, so that a whole-file check can account for each.
 *
 * Checked: levels step down by one and no page is met twice; inner nodes have children and only an empty tree's root has no
 * rows; keys ascend strictly within and between leaves; every key lies between the separators above it; all columns
 * decode, with values their type allows; large values are readable and as long as their rows say; nodes fit their pages.
 */
import type { PageNo } from '../base/ids.ts';
import type { OverflowRef, ReadView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import { corruptedNode } from './byte-reader.ts';
import { compareKeys } from './key-order.ts';
import { OverflowValue } from './overflow-value.ts';
import { keyOfRow } from './separator.ts';
import type { Tree } from './tree.ts';
import { childPage, fetchChild, fetchRoot } from './tree-descent.ts';
import { TreeNode } from './tree-node.ts';

export interface TreeReport {
  readonly rows: number;
  /** Levels above the leaves. */
  readonly height: number;
  /** Tree pages, the root first. */
  readonly pages: readonly PageNo[];
  /** Overflow chains hanging off the rows. */
  readonly chains: readonly OverflowRef[];
}

/** Throws XX001 at the first thing wrong. */
export function verifyTree(tree: Tree, view: ReadView): TreeReport {
  const verifier = new Verifier(tree, view);
  const root = fetchRoot(tree, view);
  verifier.node(root, null, null);
  return { rows: verifier.rows, height: root.level, pages: [...verifier.pages], chains: verifier.chains };
}

class Verifier {
  readonly tree: Tree;
  readonly view: ReadView;
  readonly pages: Set<PageNo> = new Set();
  readonly chains: OverflowRef[] = [];
  rows = 0;
  private scratch: Uint8Array;

  constructor(tree: Tree, view: ReadView) {
    this.tree = tree;
    this.view = view;
    this.scratch = new Uint8Array(4 * view.payloadBytes);
  }

  node(node: TreeNode, lower: readonly Datum[] | null, upper: readonly Datum[] | null): void {
    const page = node.pageNo;
    if (this.pages.has(page)) throw corruptedNode(page, 'a tree page is linked twice');
    this.pages.add(page);
    if (node.count === 0 && page !== this.tree.root) throw corruptedNode(page, 'a tree page is empty');
    if (node.isPrivate) this.fits(node);
    this.order(node, lower, upper);
    if (node.level === 0) {
      this.values(node);
      this.rows += node.count;
      return;
    }
    for (let i = 0; i < node.count; i++) {
      if (this.pages.has(childPage(node, i))) throw corruptedNode(page, 'a tree page links to a page in use');
      const child = fetchChild(this.tree, this.view, node, i);
      const from = i === 0 ? lower : keyOfRow(node, i);
      const to = i + 1 === node.count ? upper : keyOfRow(node, i + 1);
      this.node(child, from, to);
    }
  }

  /** Rows ascend and lie within [lower, upper). The first separator of an inner node does not count. */
  private order(node: TreeNode, lower: readonly Datum[] | null, upper: readonly Datum[] | null): void {
    const { keyCount, leaf: specs } = this.tree.schema;
    const first = node.level === 0 ? 0 : 1;
    let last = lower;
    for (let row = first; row < node.count; row++) {
      const key = keyOfRow(node, row);
      if (last !== null) {
        const order = compareKeys(specs, last, key, keyCount);
        // The lower separator may equal the first key of a leaf; two rows may not be equal.
        if (order > 0 || (order === 0 && (row > first || node.level > 0)))
          throw corruptedNode(node.pageNo, `the keys of a tree page do not ascend at row ${row}`);
      }
      last = key;
    }
    if (node.count > first && upper !== null && compareKeys(specs, last!, upper, keyCount) >= 0)
      throw corruptedNode(node.pageNo, 'the keys of a tree page pass its separator');
  }

  private values(leaf: TreeNode): void {
    for (let column = 0; column < leaf.columnCount; column++) {
      const { hasOverflow } = leaf.column(column);
      if (!hasOverflow) continue;
      for (let row = 0; row < leaf.count; row++) {
        const cell = leaf.cell(column, row);
        if (!(cell instanceof OverflowValue)) continue;
        this.chains.push(cell.ref);
        this.tree.resolve(this.view, leaf, column, cell);
        if (this.view.readOverflow(cell.ref).length !== cell.ref.byteLength)
          throw corruptedNode(leaf.pageNo, 'a large value has another length than its row says');
      }
    }
  }

  private fits(node: TreeNode): void {
    const bounds: number[] = [];
    for (let column = 0; column < node.columnCount; column++) bounds.push(node.columnBound(column));
    const bytes = node.encode(this.scratch);
    const written = TreeNode.decode(node.schema, node.pageNo, node.lsn, this.scratch.slice(0, bytes));
    for (let column = 0; column < node.columnCount; column++) {
      const size = written.columnBound(column);
      if (size > bounds[column]!)
        throw corruptedNode(
          node.pageNo,
          `column ${column} takes ${size} bytes, more than its bound of ${bounds[column]}`,
        );
    }
    if (bytes > this.view.payloadBytes) throw corruptedNode(node.pageNo, 'a tree page outgrew its page');
  }
}

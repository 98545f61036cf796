/**
 * Checks every invariant of a stored tree, and says which pages it uses, so that a whole-file check can account for each.
 *
 * Checked: levels step down by one and no page is met twice; inner nodes have children and only an empty tree's root has no
 * rows; keys ascend strictly within and between leaves; every key lies between the separators above it; all columns
 * decode, with values their type allows; large values are readable and as long as their rows say; nodes fit their pages.
 *
 * I1  With `onProblem`, everything wrong is told and the rest of the tree is still checked; without, the first thing is thrown.
 */
import { DecentDbError } from '../base/errors.ts';
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

/** Takes what is wrong, one after the other. */
export type ProblemSink = (problem: DecentDbError) => void;

/** Throws XX001 at the first thing wrong, or hands everything wrong to `onProblem`. */
export function verifyTree(tree: Tree, view: ReadView, onProblem: ProblemSink | null = null): TreeReport {
  const verifier = new Verifier(tree, view, onProblem);
  let height = 0;
  verifier.attempt(() => {
    verifier.pages.add(tree.root); // Readable or not, it is the tree's.
    const root = fetchRoot(tree, view);
    verifier.pages.delete(tree.root);
    height = root.level;
    verifier.node(root, null, null);
  });
  return { rows: verifier.rows, height, pages: [...verifier.pages], chains: verifier.chains };
}

class Verifier {
  readonly tree: Tree;
  readonly view: ReadView;
  readonly pages: Set<PageNo> = new Set();
  readonly chains: OverflowRef[] = [];
  rows = 0;
  private readonly onProblem: ProblemSink | null;
  private scratch: Uint8Array;

  constructor(tree: Tree, view: ReadView, onProblem: ProblemSink | null) {
    this.tree = tree;
    this.view = view;
    this.onProblem = onProblem;
    this.scratch = new Uint8Array(4 * view.payloadBytes);
  }

  attempt(work: () => void): void {
    const { onProblem } = this;
    if (onProblem === null) return work();
    try {
      work();
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      onProblem(error);
    }
  }

  node(node: TreeNode, lower: readonly Datum[] | null, upper: readonly Datum[] | null): void {
    const page = node.pageNo;
    if (this.pages.has(page)) throw corruptedNode(page, 'a tree page is linked twice');
    this.pages.add(page);
    if (node.count === 0 && page !== this.tree.root)
      this.attempt(() => {
        throw corruptedNode(page, 'a tree page is empty');
      });
    if (node.isPrivate) this.fits(node);
    this.attempt(() => this.order(node, lower, upper));
    if (node.level === 0) {
      this.values(node);
      this.rows += node.count;
      return;
    }
    for (let i = 0; i < node.count; i++) this.attempt(() => this.child(node, i, lower, upper));
  }

  private child(
    node: TreeNode,
    i: number,
    lower: readonly Datum[] | null,
    upper: readonly Datum[] | null,
  ): void {
    if (this.pages.has(childPage(node, i)))
      throw corruptedNode(node.pageNo, 'a tree page links to a page in use');
    const child = this.fetch(node, i);
    const from = i === 0 ? lower : keyOfRow(node, i);
    const to = i + 1 === node.count ? upper : keyOfRow(node, i + 1);
    this.node(child, from, to);
  }

  /** A child that cannot be read still belongs to the tree. */
  private fetch(node: TreeNode, i: number): TreeNode {
    try {
      return fetchChild(this.tree, this.view, node, i);
    } catch (error) {
      this.pages.add(childPage(node, i));
      throw error;
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
    for (let column = 0; column < leaf.columnCount; column++)
      this.attempt(() => {
        if (!leaf.column(column).hasOverflow) return;
        for (let row = 0; row < leaf.count; row++) {
          const cell = leaf.cell(column, row);
          if (cell instanceof OverflowValue) this.attempt(() => this.large(leaf, column, cell));
        }
      });
  }

  private large(leaf: TreeNode, column: number, cell: OverflowValue): void {
    this.chains.push(cell.ref);
    this.tree.resolve(this.view, leaf, column, cell);
    if (this.view.readOverflow(cell.ref).length !== cell.ref.byteLength)
      throw corruptedNode(leaf.pageNo, 'a large value has another length than its row says');
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

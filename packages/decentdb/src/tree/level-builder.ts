/**
 * Builds the inner nodes of an empty tree from below, over leaves that come finished and in order.
 *
 * I1  The tree is whole only after `finish`; nothing of it may be read before. The root keeps its page number.
 * I2  Nodes are handed to the view when they are complete, so that the view may relieve itself of them.
 */
import { lsn } from '../base/ids.ts';
import type { WriteView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import { fits, rowsUnder } from './node-split.ts';
import type { Tree } from './tree.ts';
import { TreeNode } from './tree-node.ts';

/** Room of an inner node when it is begun; it grows. */
const FIRST_ROWS = 64;

/** A leaf that is written but has no page yet: it may turn out to be the root. */
interface FirstLeaf {
  readonly payload: Uint8Array;
  readonly key: readonly Datum[];
  readonly rows: number;
}

export class LevelBuilder {
  readonly tree: Tree;
  readonly view: WriteView;
  /** The nodes under construction, by level above the leaves. */
  private readonly inner: TreeNode[] = [];
  private first: FirstLeaf | null = null;
  private leafCount = 0;

  /** `tree` must be empty. */
  constructor(tree: Tree, view: WriteView) {
    this.tree = tree;
    this.view = view;
  }

  /** Adds a leaf by its bytes; `key` is behind every key of the leaf before it, and no greater than the leaf's first one. */
  addLeaf(payload: Uint8Array, key: readonly Datum[], rows: number): void {
    this.leafCount++;
    if (this.leafCount === 1) {
      this.first = { payload, key, rows };
      return;
    }
    const { first } = this;
    this.first = null;
    if (first !== null) this.placeLeaf(first);
    this.placeLeaf({ payload, key, rows });
  }

  finish(): void {
    const { tree, view, inner } = this;
    if (this.first !== null) {
      view.edit(tree.root, 'tree', tree.decode);
      view.install(this.leafNode(tree.root, this.first.payload));
      return;
    }
    // The last node of each level is complete; the topmost one is the root.
    for (let level = 0; level < inner.length; level++) {
      if (level < inner.length - 1) this.closeInner(level);
      else {
        view.edit(tree.root, 'tree', tree.decode);
        view.install(inner[level]!);
      }
    }
  }

  private placeLeaf({ payload, key, rows }: FirstLeaf): void {
    const page = this.view.allocate();
    this.view.install(this.leafNode(page, payload));
    this.addInner(0, [...key, page, rows]);
    this.view.relieve();
  }

  private leafNode(page: TreeNode['pageNo'], payload: Uint8Array): TreeNode {
    return TreeNode.decode(this.tree.schema, page, lsn(0), payload).thaw();
  }

  private addInner(level: number, row: readonly Datum[]): void {
    const { inner, view } = this;
    const node = inner[level];
    if (node === undefined) {
      inner[level] = this.newInner(level, row);
      return;
    }
    node.insertRow(node.count, row);
    if (fits(node, view.payloadBytes)) return;
    node.removeRows(node.count - 1, node.count);
    this.closeInner(level);
    inner[level] = this.newInner(level, row);
  }

  /** An inner node in the making; it gets its page number when it is complete. */
  private newInner(level: number, row: readonly Datum[]): TreeNode {
    const node = TreeNode.empty(this.tree.root, this.tree.schema, level + 1, FIRST_ROWS);
    node.insertRow(0, row);
    return node;
  }

  private closeInner(level: number): void {
    const node = this.inner[level]!;
    const page = this.view.allocate();
    const { keyCount } = this.tree.schema;
    const key: Datum[] = [];
    for (let c = 0; c < keyCount; c++) key.push(node.cell(c, 0) as Datum);
    this.view.install(TreeNode.ofRows(page, node, 0, node.count, node.count + 8));
    this.addInner(level + 1, [...key, page, rowsUnder(node)]);
  }
}

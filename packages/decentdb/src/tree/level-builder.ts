/**
 * Builds the inner nodes of an empty tree from below, over leaves that come finished and in order.
 *
 * I1  The tree is whole only after `finish`; nothing of it may be read before. The root keeps its page number.
 * I2  Nodes are handed to the view when they are complete, so that the view may relieve itself of them.
 */
import { assert } from '../base/assert.ts';
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
      if (level < inner.length - 1) this.closeLast(level);
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
    const behind = this.closeInner(level);
    inner[level] = this.newInner(level, behind[0] ?? row);
    for (let i = 1; i < behind.length; i++) this.addInner(level, behind[i]!);
    if (behind.length > 0) this.addInner(level, row);
  }

  /** Closes the last node of a level, and what did not go into it. */
  private closeLast(level: number): void {
    for (let behind = this.closeInner(level); behind.length > 0; behind = this.closeInner(level)) {
      this.inner[level] = this.newInner(level, behind[0]!);
      for (let i = 1; i < behind.length; i++) this.addInner(level, behind[i]!);
    }
  }

  /** An inner node in the making; it gets its page number when it is complete. */
  private newInner(level: number, row: readonly Datum[]): TreeNode {
    const node = TreeNode.empty(this.tree.root, this.tree.schema, level + 1, FIRST_ROWS);
    node.insertRow(0, row);
    return node;
  }

  /**
   * Hands on the complete node. Returns the entries that found no room in it: the copy is looked at anew, and a form that the node
   * had grown into may not be found again.
   */
  private closeInner(level: number): Datum[][] {
    const { view } = this;
    const node = this.inner[level]!;
    const page = view.allocate();
    const { keyCount } = this.tree.schema;
    const key: Datum[] = [];
    for (let c = 0; c < keyCount; c++) key.push(node.cell(c, 0) as Datum);
    const copy = TreeNode.ofRows(page, node, 0, node.count, node.count + 8);
    const behind: Datum[][] = [];
    for (copy.tighten(); copy.bound() > view.payloadBytes; copy.tighten()) {
      const last = copy.count - 1;
      assert(last > 0, 'an entry that fits no page reached an inner node');
      behind.unshift(Array.from({ length: copy.columnCount }, (_, c) => copy.cell(c, last) as Datum));
      copy.removeRows(last, copy.count);
    }
    view.install(copy);
    this.addInner(level + 1, [...key, page, rowsUnder(copy)]);
    return behind;
  }
}

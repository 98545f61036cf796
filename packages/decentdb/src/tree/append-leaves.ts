/**
 * Appends sorted rows that come as vectors behind all keys of a tree, a leaf at a time: its rows are measured column by column
 * where they lie, and each column is written once, straight into the bytes of the page.
 *
 * I1  The rows ascend strictly, the first one is behind the tree's last, and none has to be made to fit (row-fit.ts).
 * I2  A leaf takes as many rows as its bound allows, less what finding out exactly would cost more than it saves.
 * I3  After each leaf the tree is whole. The last rows of a call stay a leaf that is open to more of them.
 */

import { assert } from '../base/assert.ts';
import { lsn } from '../base/ids.ts';
import type { WriteView } from '../txn/page-view.ts';
import { datumList } from '../types/datum-list.ts';
import type { Datum, Vector } from '../types/vector.ts';
import { GrowingArena } from './array-arena.ts';
import type { LeafColumn } from './leaf-block.ts';
import { leafColumn } from './leaf-column.ts';
import { newLeafBytes } from './leaf-memory.ts';
import { leafOverhead, writeLeaf } from './leaf-payload.ts';
import { fits, splitNode } from './node-split.ts';
import { keyOfRow, separatorOf } from './separator.ts';
import { descend, editNode, TreePath, type TreeRoot } from './tree-descent.ts';
import { TreeNode } from './tree-node.ts';
import { vectorDatum } from './vector-datum.ts';

/** Share of a page that the next leaf is meant to fill, from what the last one took. */
const FILL_AIM = 0.993;
/** A leaf that fills less than this is given more rows. */
const FILL_MIN = 0.975;
/** Looks at one leaf, at most. */
const LOOKS_MAX = 6;

/** Appends rows from..to; the tree has inner nodes. */
export function appendLeaves(
  tree: TreeRoot,
  view: WriteView,
  vectors: readonly Vector[],
  from: number,
  to: number,
): void {
  const edge = new RightEdge(tree, view, keyAt(tree, vectors, from));
  const writer = new LeafWriter(tree, view, vectors, from, to, edge.lastRows);
  let before = edge.lastKey;
  let row = from;
  while (row < to) {
    const end = writer.endOfLeaf(row);
    const key = separatorOf(tree.schema.leaf, before, keyAt(tree, vectors, row));
    const page = view.allocate();
    // What is not full yet is begun as a leaf that takes more rows.
    const leaf = end === to ? openLeaf(tree, page, vectors, row, end) : writer.leaf(page, row, end);
    view.install(leaf);
    edge.addLeaf(leaf, key);
    before = keyAt(tree, vectors, end - 1);
    row = end;
  }
}

function keyAt({ schema }: TreeRoot, vectors: readonly Vector[], row: number): Datum[] {
  const key = datumList(schema.keyCount);
  for (let i = 0; i < key.length; i++) key[i] = vectorDatum(vectors[i]!, row);
  return key;
}

function openLeaf(
  { schema }: TreeRoot,
  page: TreeNode['pageNo'],
  vectors: readonly Vector[],
  from: number,
  to: number,
): TreeNode {
  const leaf = TreeNode.empty(page, schema, 0, to - from);
  leaf.insertRows(0, vectors, from, to);
  return leaf;
}

/** The way to the right end of the tree, kept while leaves are added there. */
class RightEdge {
  /** Key of the last row, and how many rows its leaf has. */
  readonly lastKey: Datum[];
  readonly lastRows: number;
  private readonly tree: TreeRoot;
  private readonly view: WriteView;
  private readonly path: TreePath = new TreePath();

  /** `key` is behind every key of the tree. */
  constructor(tree: TreeRoot, view: WriteView, key: readonly Datum[]) {
    this.tree = tree;
    this.view = view;
    descend(tree, view, key, this.path);
    const last = editNode(tree, view, this.path.leaf.pageNo);
    this.lastKey = keyOfRow(last, last.count - 1);
    this.lastRows = last.count;
    // Who has a finger on it must learn that it has a right neighbour now.
    last.rangeVersion++;
    const parent = this.parent();
    parent.setCell(tree.schema.keyCount + 1, parent.count - 1, last.count);
  }

  private parent(): TreeNode {
    const { tree, view, path } = this;
    const depth = path.depth - 2;
    const parent = editNode(tree, view, path.nodes[depth]!.pageNo);
    path.nodes[depth] = parent;
    return parent;
  }

  addLeaf(leaf: TreeNode, key: readonly Datum[]): void {
    const { tree, view, path } = this;
    const parent = this.parent();
    parent.insertRow(parent.count, [...key, leaf.pageNo, leaf.count]);
    if (fits(parent, view.payloadBytes)) return;
    splitNode(tree, view, path, path.depth - 2, true);
    descend(tree, view, keyOfRow(leaf, 0), path);
  }
}

/** What columns write before leaves copy it: of the writer at work, of which there is one at a time. */
const columnMemory = new GrowingArena(4 << 20);

/** Measures and writes leaves, from the first row on. */
class LeafWriter {
  private readonly schema: TreeRoot['schema'];
  private readonly payloadBytes: number;
  private readonly columns: readonly LeafColumn[];
  private readonly to: number;
  private readonly bytes: Uint8Array;
  private readonly rowsMax: number;
  private rowsAimed: number;

  /** `rowsAimed`: what the first leaf is tried with. */
  constructor(
    tree: TreeRoot,
    view: WriteView,
    vectors: readonly Vector[],
    from: number,
    to: number,
    rowsAimed: number,
  ) {
    const { schema } = tree;
    this.schema = schema;
    this.rowsAimed = rowsAimed;
    this.payloadBytes = view.payloadBytes;
    columnMemory.clear();
    this.columns = schema.leaf.map((_, i) => leafColumn(schema, i, vectors[i]!, from, to, columnMemory));
    this.to = to;
    this.bytes = new Uint8Array(view.payloadBytes);
    this.rowsMax = schema.rowsMax;
  }

  /** I2. Leaves the columns measured for the rows from..end. */
  endOfLeaf(from: number): number {
    const { to, payloadBytes } = this;
    const most = Math.min(to - from, this.rowsMax);
    let rows = Math.max(1, Math.min(this.rowsAimed, most));
    let fitting = 0;
    for (let look = 1; ; look++) {
      const bytes = this.measure(from, from + rows);
      assert(rows > 1 || bytes <= payloadBytes, 'a row that fits no page reached a leaf');
      const aim = Math.max(1, Math.floor((rows * payloadBytes * FILL_AIM) / bytes));
      if (bytes <= payloadBytes) {
        fitting = rows;
        this.rowsAimed = aim;
        const isFull = bytes >= payloadBytes * FILL_MIN || rows === most;
        if (isFull || look >= LOOKS_MAX || aim <= rows) break;
        rows = Math.min(aim, most);
      } else if (fitting > 0) {
        // One that was too much for a leaf after all: what fitted is measured again.
        rows = fitting;
        this.measure(from, from + rows);
        break;
      } else rows = Math.max(1, Math.min(aim, rows - 1));
    }
    return from + rows;
  }

  private measure(from: number, to: number): number {
    const { columns } = this;
    let bytes = leafOverhead(columns.length);
    for (const column of columns) bytes += column.measure(from, to);
    return bytes;
  }

  /** The leaf of the rows measured last. */
  leaf(page: TreeNode['pageNo'], from: number, to: number): TreeNode {
    const { columns } = this;
    const length = writeLeaf(this.bytes, columns.length, to - from, (c, writer) => columns[c]!.write(writer));
    const payload = newLeafBytes(length);
    payload.set(this.bytes.subarray(0, length));
    return TreeNode.decode(this.schema, page, lsn(0), payload).thaw();
  }
}

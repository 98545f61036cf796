/**
 * Splits: nodes that no longer fit their page become several, and their parent learns of the new ones.
 *
 * I1  The root keeps its page number: when it splits, its rows move to new pages and it becomes their parent.
 * I2  A node is split on facts: only when its tightened bound passes the page (or nearly nothing changed since it was
 *     last tightened, so that looking again cannot pay).
 * I3  Rows appended at the right end leave the left page full; otherwise the pages share the rows evenly.
 */
import { assert } from '../base/assert.ts';
import type { WriteView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import { ROWS_MAX } from './node-schema.ts';
import { keyOfRow, separatorBetween } from './separator.ts';
import { editNode, fetchRoot, type TreePath, type TreeRoot } from './tree-descent.ts';
import { TreeNode } from './tree-node.ts';

/** Whether a node's rows fit a page; looks closely only when the quick bound says no. */
export function fits(node: TreeNode, payloadBytes: number): boolean {
  if (node.count > rowsMax(node)) return false;
  if (node.bound() <= payloadBytes) return true;
  node.settle();
  if (node.bound() <= payloadBytes) return true;
  if (node.changes * 8 < node.count) return false;
  node.tighten();
  return node.bound() <= payloadBytes;
}

/** Most rows a node of this level holds. */
export function rowsMax(node: TreeNode): number {
  return node.level === 0 ? node.schema.rowsMax : ROWS_MAX;
}

/** As {@link fits}, always on facts. */
function fitsExactly(node: TreeNode, payloadBytes: number): boolean {
  if (node.count > rowsMax(node)) return false;
  if (node.bound() <= payloadBytes) return true;
  node.tighten();
  return node.bound() <= payloadBytes;
}

/** A new node between others, with the separator that leads to it. */
interface Piece {
  readonly node: TreeNode;
  readonly separator: Datum[];
}

/**
 * Splits the node at `depth` of the path until every part fits. `isAppend`: the rows that made it too large are its last.
 * The path is void afterwards.
 */
export function splitNode(
  tree: TreeRoot,
  view: WriteView,
  path: TreePath,
  depth: number,
  isAppend: boolean,
): void {
  let node = path.nodes[depth]!;
  let parentDepth = depth - 1;
  if (depth === 0) {
    node = pushRootDown(view, node);
    path.grow(fetchRoot(tree, view));
    parentDepth = 0;
  }
  const pieces = cut(view, node, isAppend);
  const page = path.nodes[parentDepth]!.pageNo;
  const parent = editNode(tree, view, page);
  path.nodes[parentDepth] = parent;
  const at = path.indexes[parentDepth]!;
  const { keyCount } = tree.schema;
  parent.setCell(keyCount + 1, at, rowsUnder(node));
  for (let i = 0; i < pieces.length; i++) {
    const { node: piece, separator } = pieces[i]!;
    parent.insertRow(at + 1 + i, [...separator, piece.pageNo, rowsUnder(piece)]);
  }
  if (!fits(parent, view.payloadBytes)) {
    splitNode(tree, view, path, parentDepth, isAppend && at + 1 + pieces.length === parent.count);
  }
}

/** Rows under a node, as far as the node knows. */
export function rowsUnder(node: TreeNode): number {
  if (node.level === 0) return node.count;
  const { values } = node.column(node.schema.keyCount + 1).vector as { values: Float64Array };
  let rows = 0;
  for (let i = 0; i < node.count; i++) rows += values[i]!;
  return rows;
}

/** I1: moves the root's rows to a new page and makes the root its parent. Returns the node with the rows. */
function pushRootDown(view: WriteView, root: TreeNode): TreeNode {
  const page = view.allocate();
  const moved = TreeNode.ofRows(page, root, 0, root.count, root.count + 8);
  view.install(moved);
  const top = TreeNode.empty(root.pageNo, root.schema, root.level + 1, 16);
  top.insertRow(0, [...keyOfRow(root, 0), page, rowsUnder(root)]);
  root.rangeVersion++;
  view.install(top);
  return moved;
}

/** Cuts a private node: it keeps its first rows, the rest goes to new pages, installed and returned in order. */
function cut(view: WriteView, node: TreeNode, isAppend: boolean): Piece[] {
  const at = cutRow(node, view.payloadBytes, isAppend);
  const capacity = isAppend ? node.count + 8 : node.count - at + (node.count >>> 2);
  const right = TreeNode.ofRows(view.allocate(), node, at, node.count, capacity);
  node.removeRows(at, node.count);
  node.rangeVersion++;
  // Appending: a left page a little too full sheds its last rows; halving it would leave two half-empty pages for good.
  while (isAppend && node.count > 1 && !fitsExactly(node, view.payloadBytes)) {
    const over = (node.count * (node.bound() - view.payloadBytes)) / node.bound();
    const from = node.count - Math.min(node.count - 1, Math.max(1, Math.ceil(over)));
    right.insertRows(0, node.vectors(), from, node.count);
    node.removeRows(from, node.count);
  }
  const separator = node.level === 0 ? separatorBetween(node, node.count - 1, right, 0) : keyOfRow(right, 0);
  view.install(right);
  const pieces = fitsExactly(node, view.payloadBytes) ? [] : cut(view, node, false);
  pieces.push({ node: right, separator });
  if (!fitsExactly(right, view.payloadBytes)) pieces.push(...cut(view, right, isAppend));
  return pieces;
}

/** Rows the left part keeps: as many as fit when appending, else an even share of the parts there must be. */
function cutRow(node: TreeNode, payloadBytes: number, isAppend: boolean): number {
  const { count } = node;
  assert(count > 1, 'a row that fits no page reached a node');
  const bytes = node.bound();
  const perPage = Math.floor((count * payloadBytes) / bytes);
  if (isAppend) {
    // Many rows at once: a little less than the average says, so that the left page surely fits.
    const most = perPage < count - 8 ? Math.floor(perPage * 0.98) : perPage;
    return Math.min(count - 1, Math.max(1, Math.min(most, rowsMax(node))));
  }
  const parts = Math.max(2, Math.ceil((count * 1.1) / Math.max(1, Math.min(perPage, rowsMax(node)))));
  return Math.max(1, Math.floor(count / parts));
}

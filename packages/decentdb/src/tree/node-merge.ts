/**
 * Shrinking: empty nodes are unlinked, sparse ones joined to a neighbour, a root with one child takes the child's place.
 *
 * I1  No node but a root leaf is empty.
 * I2  Nodes are joined only under the same parent, and only when the result leaves room, so that a row or two more do not
 *     split it again.
 */
import type { WriteView } from '../txn/page-view.ts';
import { fits, rowsMax, rowsUnder, splitNode } from './node-split.ts';
import { keyOfRow } from './separator.ts';
import { editNode, fetchChild, fetchRoot, type TreePath, type TreeRoot } from './tree-descent.ts';
import { TreeNode } from './tree-node.ts';

/** Nodes with more rows than this try to join only at multiples of it. */
const JOIN_TRY_ROWS = 64;

/** Looks after a node at `depth` of the path that has lost rows. The path is void afterwards. */
export function shrinkNode(tree: TreeRoot, view: WriteView, path: TreePath, depth: number): void {
  const node = path.nodes[depth]!;
  if (depth === 0) {
    collapseRoot(tree, view);
    return;
  }
  if (node.count === 0) {
    unlink(tree, view, path, depth);
    return;
  }
  if (node.bound() * 4 > view.payloadBytes) return;
  // Trying costs a copy of both nodes: a large node tries at every 64th row it loses, not at each.
  if (node.count > JOIN_TRY_ROWS && node.count % JOIN_TRY_ROWS !== 0) return;
  if (joinNeighbour(tree, view, path, depth)) settleParent(tree, view, path, depth - 1);
}

/** Losing an entry may even make an encoding larger, so the parent is looked at both ways. */
function settleParent(tree: TreeRoot, view: WriteView, path: TreePath, depth: number): void {
  if (fits(path.nodes[depth]!, view.payloadBytes)) shrinkNode(tree, view, path, depth);
  else splitNode(tree, view, path, depth, false);
}

function editParent(tree: TreeRoot, view: WriteView, path: TreePath, depth: number): TreeNode {
  const parent = editNode(tree, view, path.nodes[depth - 1]!.pageNo);
  path.nodes[depth - 1] = parent;
  return parent;
}

/** Takes an empty node out of its parent. */
function unlink(tree: TreeRoot, view: WriteView, path: TreePath, depth: number): void {
  const node = path.nodes[depth]!;
  const parent = editParent(tree, view, path, depth);
  const at = path.indexes[depth - 1]!;
  parent.removeRows(at, at + 1);
  node.rangeVersion++;
  view.free(node.pageNo);
  if (parent.count > 0 || depth > 1) settleParent(tree, view, path, depth - 1);
  else view.install(TreeNode.empty(tree.root, tree.schema, 0, 16));
}

/** Joins the node with its right or left neighbour when both fit one page with room to spare. */
function joinNeighbour(tree: TreeRoot, view: WriteView, path: TreePath, depth: number): boolean {
  const parent = path.nodes[depth - 1]!;
  const at = path.indexes[depth - 1]!;
  const room = (view.payloadBytes * 3) >>> 2;
  const mine = path.nodes[depth]!.bound();
  // Rows of a few bits fill a node long before they fill its page.
  const rowsRoom = (rowsMax(path.nodes[depth]!) * 3) >>> 2;
  for (const left of [at, at - 1]) {
    if (left < 0 || left + 1 >= parent.count) continue;
    const other = fetchChild(tree, view, parent, left === at ? at + 1 : left);
    if (other.bound() + mine > room || other.count + path.nodes[depth]!.count > rowsRoom) continue;
    if (join(tree, view, path, depth, left)) return true;
  }
  return false;
}

/** Moves the rows of entry left + 1 to entry left. */
function join(tree: TreeRoot, view: WriteView, path: TreePath, depth: number, leftIndex: number): boolean {
  const above = path.nodes[depth - 1]!;
  const old = fetchChild(tree, view, above, leftIndex);
  const right = fetchChild(tree, view, above, leftIndex + 1);
  const before = old.count;
  const left = TreeNode.ofRows(old.pageNo, old, 0, before, before + right.count + 8);
  left.insertRows(before, right.vectors(), 0, right.count);
  if (left.level > 0) {
    // The right node's first separator did not count; between others it does: it is the parent's.
    const separator = keyOfRow(above, leftIndex + 1);
    for (let i = 0; i < separator.length; i++) left.setCell(i, before, separator[i]!);
  }
  if (!fits(left, view.payloadBytes)) return false;
  const parent = editParent(tree, view, path, depth);
  view.edit(old.pageNo, 'tree', tree.decode);
  view.install(left);
  old.rangeVersion++;
  right.rangeVersion++;
  view.free(right.pageNo);
  parent.removeRows(leftIndex + 1, leftIndex + 2);
  parent.setCell(tree.schema.keyCount + 1, leftIndex, rowsUnder(left));
  return true;
}

/** A root with a single child takes over the child's rows; the tree is one level lower. */
function collapseRoot(tree: TreeRoot, view: WriteView): void {
  for (;;) {
    const root = fetchRoot(tree, view);
    if (root.level === 0 || root.count !== 1) return;
    const child = fetchChild(tree, view, root, 0);
    const moved = TreeNode.ofRows(tree.root, child, 0, child.count, child.count + 8);
    root.rangeVersion++;
    child.rangeVersion++;
    view.install(moved);
    view.free(child.pageNo);
  }
}

/**
 * From a tree's root to a leaf.
 *
 * I1  A child's level is one less than its parent's: links that lie are damage (XX001), and no cycle survives that.
 * I2  Entry i of an inner node leads to keys k with separator[i] <= k < separator[i + 1]; separator[0] counts as minus
 *     infinity whatever it holds.
 * I3  A node fetched or edited for a tree has the tree's columns: one read for another definition of it is as good, one read before
 *     columns were added is given them (tree-node.ts I6), one of another tree is damage.
 */
import type { PageNo } from '../base/ids.ts';
import { PAGE_NO_MAX } from '../base/ids.ts';
import { type PageDecoder, PageKind } from '../pager/page-node.ts';
import type { ReadView, WriteView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import { corruptedNode } from './byte-reader.ts';
import type { IntColumn } from './int-column.ts';
import type { NodeSchema } from './node-schema.ts';
import { lowerBound, upperBound } from './node-search.ts';
import { linkColumn } from './search-form.ts';
import { TreeNode } from './tree-node.ts';

/** Where a tree starts and how its pages are read. */
export interface TreeRoot {
  readonly root: PageNo;
  readonly schema: NodeSchema;
  readonly decode: PageDecoder;
}

export function fetchRoot(tree: TreeRoot, view: ReadView): TreeNode {
  const { held } = view;
  if (held !== null && held !== undefined) held.applyTo(tree.root);
  const node = view.fetch(tree.root, 'tree', tree.decode);
  if (!(node instanceof TreeNode))
    throw corruptedNode(tree.root, 'a page that is no tree page was linked as one');
  return node.schema === tree.schema ? node : shaped(node, tree);
}

/** I3: a page that two trees claim was read for the one that came first; its columns mean something else to the other. */
function shaped(node: TreeNode, tree: TreeRoot): TreeNode {
  const found = node.shapedFor(tree.schema);
  if (found === null) throw corruptedNode(node.pageNo, 'a tree page belongs to another tree');
  return found;
}

/** The private node of a page of the tree. */
export function editNode(tree: TreeRoot, view: WriteView, page: PageNo): TreeNode {
  const node = view.edit(page, 'tree', tree.decode) as TreeNode;
  return node.schema === tree.schema ? node : shaped(node, tree);
}

/** Page number of a child of an inner node. */
export function childPage(node: TreeNode, index: number): PageNo {
  const pages = node.isPrivate ? null : node.childPages;
  const page = (pages ?? linkColumn(node))[index]!;
  if (!(page >= 1 && page <= PAGE_NO_MAX))
    throw corruptedNode(node.pageNo, 'a link to a child page is out of range');
  return page as PageNo;
}

/** Page numbers of all children of an inner node, unchecked. */
export function childLinks(node: TreeNode): Float64Array {
  return node.childPages ?? linkColumn(node);
}

/** Rows believed under a child: exact when its parent was last changed for it, an estimate since. */
export function childRows(node: TreeNode, index: number): number {
  return (node.column(node.schema.keyCount + 1) as IntColumn).values[index] as number;
}

export function fetchChild(tree: TreeRoot, view: ReadView, parent: TreeNode, index: number): TreeNode {
  const page = childPage(parent, index);
  const kind = parent.level === 1 ? PageKind.leaf : PageKind.inner;
  const node = view.fetch(page, kind, tree.decode) as TreeNode;
  if (node.level !== parent.level - 1) throw corruptedNode(page, 'a tree page has the wrong level');
  return node.schema === tree.schema ? node : shaped(node, tree);
}

/** Entry of an inner node that leads to a whole key, or to the last row at or before a prefix's end. */
export function childAtOrBefore(node: TreeNode, key: readonly Datum[], length: number): number {
  return upperBound(node, key, length, 1) - 1;
}

/** Entry of an inner node that leads to the first row not before a prefix. */
export function childBefore(node: TreeNode, key: readonly Datum[], length: number): number {
  return lowerBound(node, key, length, 1) - 1;
}

/** The way from the root to a leaf: at each depth the node and the entry taken; of the leaf, the row. */
export class TreePath {
  /** May be longer than `depth`: what lies behind is left over from earlier ways. */
  readonly nodes: TreeNode[] = [];
  readonly indexes: number[] = [];
  depth = 0;

  get leaf(): TreeNode {
    return this.nodes[this.depth - 1]!;
  }

  clear(): void {
    this.depth = 0;
  }

  push(node: TreeNode, index: number): void {
    this.nodes[this.depth] = node;
    this.indexes[this.depth] = index;
    this.depth++;
  }

  /** Puts a new root on top. */
  grow(root: TreeNode): void {
    this.nodes.unshift(root);
    this.indexes.unshift(0);
    this.depth++;
  }
}

/** Fills `path` down to the leaf a whole key belongs to; the leaf's index is the key's lower bound in it. */
export function descend(tree: TreeRoot, view: ReadView, key: readonly Datum[], path: TreePath): void {
  const { keyCount } = tree.schema;
  path.clear();
  let node = fetchRoot(tree, view);
  while (node.level > 0) {
    const index = childAtOrBefore(node, key, keyCount);
    path.push(node, index);
    node = fetchChild(tree, view, node, index);
  }
  path.push(node, lowerBound(node, key, keyCount, 0));
}

/** The leaf a whole key belongs to. */
export function findLeaf(tree: TreeRoot, view: ReadView, key: readonly Datum[]): TreeNode {
  const { keyCount } = tree.schema;
  let node = fetchRoot(tree, view);
  while (node.level > 0) node = fetchChild(tree, view, node, childAtOrBefore(node, key, keyCount));
  return node;
}

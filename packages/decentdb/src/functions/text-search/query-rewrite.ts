/**
 * ts_rewrite: queries with parts replaced by others (PostgreSQL manual 12.4.2.1).
 *
 *     tree    AND and OR have any number of children, sorted as PostgreSQL sorts them: by it the order of what comes out is told.
 *             The children of a query's node come in its order: the right one first
 *
 * I1  What was put in is not looked at again for the same target.
 * I2  A tree keeps the signature of its words when parts of it are replaced: a later target with words that came in does not match
 *     around them. So it is in PostgreSQL.
 */

import { compareText } from '../../types/text-order.ts';
import { type TsNode, type TsOperand, TsQuery } from '../../types/tsquery.ts';
import { crc32Legacy } from '../hashes.ts';

interface Tree {
  readonly kind: TsNode['kind'];
  readonly distance: number;
  readonly operand: TsOperand | null;
  /** Of the lexeme. */
  readonly sum: number;
  /** A bit for each word below, by its sum. */
  readonly signature: number;
  children: Tree[];
  isNew: boolean;
}

const ranks = { value: 0, not: 1, and: 2, or: 3, phrase: 4 } as const;
const encoder = new TextEncoder();

function treeOf(node: TsNode): Tree {
  const tree = { kind: node.kind, distance: 0, operand: null, sum: 0, isNew: false };
  if (node.kind === 'value') {
    const sum = crc32Legacy(encoder.encode(node.lexeme));
    return { ...tree, operand: node, sum, signature: 1 << (sum & 31), children: [] };
  }
  if (node.kind === 'not') {
    const child = treeOf(node.child);
    return { ...tree, signature: child.signature, children: [child] };
  }
  const children = [treeOf(node.right), treeOf(node.left)];
  const signature = children[0]!.signature | children[1]!.signature;
  return { ...tree, distance: node.distance, signature, children };
}

function compareTrees(a: Tree, b: Tree): number {
  const isValue = a.kind === 'value';
  if (isValue !== (b.kind === 'value')) return isValue ? 1 : -1;
  if (isValue) return b.sum - a.sum || compareText(a.operand!.lexeme, b.operand!.lexeme);
  const order = ranks[b.kind] - ranks[a.kind] || b.children.length - a.children.length;
  if (order !== 0) return order;
  for (let i = 0; i < a.children.length; i++) {
    const found = compareTrees(a.children[i]!, b.children[i]!);
    if (found !== 0) return found;
  }
  return b.distance - a.distance;
}

const isGroup = (tree: Tree): boolean => tree.kind === 'and' || tree.kind === 'or';

/** AND under AND and OR under OR become one; then all are sorted. Marks of what is new go. */
function normalised(tree: Tree): Tree {
  const children = tree.children.map(normalised);
  const flat = children.flatMap((child) =>
    isGroup(tree) && child.kind === tree.kind ? child.children : [child],
  );
  if (isGroup(tree)) flat.sort(compareTrees);
  return { ...tree, children: flat, isNew: false };
}

const markedNew = (tree: Tree): Tree => ({ ...tree, isNew: true });

/** The tree with the target replaced; null: nothing is left of it. */
function replaced(tree: Tree, target: Tree, substitute: Tree | null): Tree | null {
  const found = replacedHere(tree, target, substitute);
  if (found === null || found.isNew || found.kind === 'value') return found;
  const children = found.children.map((child) => (child.isNew ? child : replaced(child, target, substitute)));
  const left = children.filter((child) => child !== null);
  if (left.length === 0) return null;
  if (left.length === 1 && found.kind !== 'not') return left[0]!;
  return { ...found, children: left };
}

function replacedHere(tree: Tree, target: Tree, substitute: Tree | null): Tree | null {
  if (tree.kind !== target.kind || (tree.signature & target.signature) !== target.signature) return tree;
  if (tree.children.length === target.children.length)
    return tree.signature !== target.signature || compareTrees(tree, target) !== 0
      ? tree
      : substitute === null
        ? null
        : markedNew(substitute);
  if (!isGroup(tree) || tree.children.length < target.children.length) return tree;
  // Some of the children together are the target; both are sorted.
  const rest: Tree[] = [];
  let found = 0;
  for (const child of tree.children) {
    if (found < target.children.length && compareTrees(child, target.children[found]!) === 0) found++;
    else rest.push(child);
  }
  if (found < target.children.length) return tree;
  if (substitute !== null) rest.push(markedNew(substitute));
  return { ...tree, children: rest.sort(compareTrees) };
}

function nodeOf(tree: Tree): TsNode {
  if (tree.operand !== null) return tree.operand;
  const nodes = tree.children.map(nodeOf);
  const { kind, distance } = tree;
  if (kind === 'value' || kind === 'not') return { kind: 'not', child: nodes[0]! };
  if (nodes.length === 1) return nodes[0]!;
  // The first two join until two are left; the last takes the free place.
  while (nodes.length > 2) {
    const joined: TsNode = { kind, left: nodes[1]!, right: nodes[0]!, distance };
    nodes[0] = joined;
    nodes[1] = nodes.pop()!;
  }
  return { kind, left: nodes[1]!, right: nodes[0]!, distance };
}

function rewritten(tree: Tree, target: TsNode, substitute: TsQuery): Tree | null {
  const put = substitute.root === null ? null : treeOf(substitute.root);
  return replaced(tree, normalised(treeOf(target)), put);
}

const queryOf = (tree: Tree | null): TsQuery => (tree === null ? TsQuery.empty : new TsQuery(nodeOf(tree)));

export function rewrite(query: TsQuery, target: TsQuery, substitute: TsQuery): TsQuery {
  if (query.root === null || target.root === null) return query;
  return queryOf(rewritten(normalised(treeOf(query.root)), target.root, substitute));
}

/** `pairs`: targets with what takes their places, one after the other; the tree is sorted behind each, and if there is none. */
export function rewriteByRows(query: TsQuery, pairs: readonly (readonly [TsQuery, TsQuery])[]): TsQuery {
  if (query.root === null) return query;
  let tree = normalised(treeOf(query.root));
  for (const [target, substitute] of pairs) {
    if (target.root === null) continue;
    const next = rewritten(tree, target.root, substitute);
    if (next === null) return TsQuery.empty;
    tree = normalised(next);
  }
  return queryOf(tree);
}

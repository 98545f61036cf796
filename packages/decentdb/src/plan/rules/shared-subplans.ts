/**
 * Parts of a statement that say the same are computed once.
 *
 *     SELECT ... FROM a JOIN b ON a.id = b.a GROUP BY ... HAVING sum(x) > (SELECT avg(x) FROM a JOIN b ON a.id = b.a)
 *     ->    WITH shared_1 AS (SELECT x, ... FROM a JOIN b ON a.id = b.a)
 *           SELECT ... FROM shared_1 GROUP BY ... HAVING sum(x) > (SELECT avg(x) FROM shared_1)
 *
 * The rows become a WITH definition: computed when they are first read, kept in the statement's memory or in temporary files beyond it.
 *
 * I1  Shared are joins, groups and the like that depend on nothing outside (no correlation), always give the same rows (nothing
 *     volatile), and are equal but for the ids of their columns (subtree-digest.ts).
 * I2  A part of which only the first rows may be asked for stays as it is: the definition would compute all of them.
 * I3  The rule runs only in one of two plans of a statement (plan-statement.ts); the cheaper plan is taken.
 * I4  Parts that are equal only for the values that parameters have this time are shared in plans for these values alone
 *     (ParamPeek.isBound).
 * I5  A definition has the columns that any of its readers looks at. One that only some look at must not fail (fallible-columns.ts): the
 *     others have an answer without it.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { columnRef, subqueriesOf } from '../expr-walk.ts';
import type { CteDefinition, CteScanNode, LogicalNode } from '../logical.ts';
import {
  addUsedColumns,
  forEachNodeExpr,
  freeColumns,
  inputsOf,
  mapNodeExprs,
  mapSubqueryPlans,
  nodeHoldsSubquery,
  withInputs,
} from '../node-walk.ts';
import { fallibleColumns } from './fallible-columns.ts';
import type { Rule, RuleContext } from './rule.ts';
import { subtreeDigest } from './subtree-digest.ts';
import { isCopied, TreeCopier } from './tree-copier.ts';

export const sharedSubplans: Rule = {
  name: 'shared_subplans',
  description: 'compute parts of a statement that are equal once, where that is cheaper',
  needs: ['repeatedTable'],
  apply: (root, context) => {
    const equal = equalParts(root, context);
    if (equal.length === 0 || isWrite(root)) return root;
    const used = usedOutside(root, equal);
    const groups = equal.filter((group) => !failsForSome(group, used));
    if (groups.length === 0) return root;
    context.hasSharedSubplans = true;
    return context.takesSharedSubplans ? shared(root, groups, used, context) : root;
  },
};

/** Read and written rows are told apart by when they are read. */
function isWrite(node: LogicalNode): boolean {
  if (['insert', 'update', 'delete', 'merge', 'lock'].includes(node.kind)) return true;
  return inputsOf(node).some(isWrite);
}

// --- what is equal --------------------------------------------------------------------------------------------------------

interface Part {
  readonly node: LogicalNode;
  readonly digest: string;
}

/** Parts that are equal, two or more in a group; none lies in another. The largest are taken. */
function equalParts(root: LogicalNode, context: RuleContext): readonly (readonly Part[])[] {
  const { peek } = context.env;
  const values = peek?.mayBind === true ? peek.values : [];
  const byDigest = new Map<string, Part[]>();
  for (const node of alikeNodes(root)) {
    if (freeColumns(node).size > 0 || !isCopied(node)) continue;
    const digest = subtreeDigest(node, (index) => values[index]);
    add(byDigest, digest, { node, digest });
  }
  const taken = new Set<LogicalNode>();
  const groups: (readonly Part[])[] = [];
  // Larger trees have longer digests than the trees in them.
  for (const same of [...byDigest.values()].sort((a, b) => lengthOf(b) - lengthOf(a))) {
    const free = same.filter(({ node }) => !taken.has(node));
    if (free.length < 2) continue;
    groups.push(free);
    for (const { node } of free) addTree(node, taken);
  }
  return groups;
}

/** Nodes that are of one kind over the same tables: few statements have any, and only these are looked at closely. */
function alikeNodes(root: LogicalNode): readonly LogicalNode[] {
  const byTables = new Map<string, LogicalNode[]>();
  collectNodes(root, false, byTables);
  return [...byTables.values()].filter((nodes) => nodes.length > 1).flat();
}

/** Returns the tables below. `isCut`: whether only the first rows of a node may be asked for (I2). */
function collectNodes(node: LogicalNode, isCut: boolean, into: Map<string, LogicalNode[]>): string {
  if (node.kind === 'scan') return `${node.table.id} `;
  const isCutBelow = node.kind === 'limit' || (isCut && !readsAll(node));
  let tables = '';
  for (const input of inputsOf(node)) tables += collectNodes(input, isCutBelow, into);
  if (nodeHoldsSubquery(node))
    forEachNodeExpr(node, (expr) => {
      for (const { plan, mode } of subqueriesOf(expr))
        collectNodes(plan as LogicalNode, mode !== 'scalar' && mode !== 'array', into);
    });
  if (!isCut && isWorthIt(node)) add(into, `${node.kind} ${tables}`, node);
  return tables;
}

function add<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

const lengthOf = (parts: readonly Part[]): number => (parts[0] as Part).digest.length;

function addTree(node: LogicalNode, into: Set<LogicalNode>): void {
  into.add(node);
  for (const input of inputsOf(node)) addTree(input, into);
}

function isWorthIt(node: LogicalNode): boolean {
  if (node.kind === 'join') return node.condition !== null;
  return node.kind === 'aggregate' || node.kind === 'distinct' || node.kind === 'window';
}

/** Whether a node reads its whole input before it gives its first row. */
function readsAll(node: LogicalNode): boolean {
  return node.kind === 'sort' || node.kind === 'aggregate' || node.kind === 'window';
}

// --- the statement over them ----------------------------------------------------------------------------------------------

function shared(
  root: LogicalNode,
  groups: readonly (readonly Part[])[],
  used: ReadonlySet<ColumnId>,
  context: RuleContext,
): LogicalNode {
  const readers = new Map<LogicalNode, LogicalNode>();
  const definitions = groups.map((group, i): CteDefinition => {
    if (!areEqualForAll(group)) context.bindsValues = true;
    const first = (group[0] as Part).node;
    const places = [...first.columns.keys()].filter((at) =>
      group.some(({ node }) => used.has((node.columns[at] as { id: ColumnId }).id)),
    );
    const cteId = context.newCteId();
    for (const { node } of group) readers.set(node, readerOf(node, cteId, places));
    return {
      cteId,
      name: `shared_${i + 1}`,
      plan: definitionOf(first, places, context),
      materialized: true,
      recursive: null,
      references: group.length,
    };
  });
  const body = replaced(root, readers);
  return { kind: 'with', definitions, body, columns: body.columns };
}

function areEqualForAll(group: readonly Part[]): boolean {
  const digests = new Set(group.map(({ node }) => subtreeDigest(node, () => undefined)));
  return digests.size === 1;
}

/** The columns that the statement outside of the parts looks at. */
function usedOutside(root: LogicalNode, groups: readonly (readonly Part[])[]): ReadonlySet<ColumnId> {
  const parts = new Set(groups.flatMap((group) => group.map(({ node }) => node)));
  const used = new Set<ColumnId>();
  for (const { id } of root.columns) used.add(id);
  addUses(root, parts, used);
  return used;
}

/** I5. */
function failsForSome(group: readonly Part[], used: ReadonlySet<ColumnId>): boolean {
  const first = (group[0] as Part).node;
  const isUsed = ({ node }: Part, at: number): boolean =>
    used.has((node.columns[at] as LogicalNode['columns'][number]).id);
  const odd = first.columns.filter(
    (_, at) => group.some((part) => isUsed(part, at)) && !group.every((part) => isUsed(part, at)),
  );
  if (odd.length === 0) return false;
  const fallible = fallibleColumns(first);
  return odd.some(({ id }) => fallible.has(id));
}

/** A copy: the original's columns are those of its reader from now on. */
function definitionOf(node: LogicalNode, places: readonly number[], context: RuleContext): LogicalNode {
  const copy = new TreeCopier(context).copy(node);
  const kept = places.map((at) => copy.columns[at] as LogicalNode['columns'][number]);
  return {
    kind: 'project',
    input: copy,
    exprs: kept.map((column): Expr => columnRef(column.id, column)),
    columns: kept.map((column) => ({ ...column, id: context.newColumnId() })),
  };
}

function readerOf(node: LogicalNode, cteId: number, places: readonly number[]): CteScanNode {
  const columns = places.map((at) => node.columns[at] as LogicalNode['columns'][number]);
  return { kind: 'cteScan', cteId, isWorkTable: false, columns };
}

function replaced(node: LogicalNode, readers: ReadonlyMap<LogicalNode, LogicalNode>): LogicalNode {
  const reader = readers.get(node);
  if (reader !== undefined) return reader;
  const over = withInputs(
    node,
    inputsOf(node).map((input) => replaced(input, readers)),
  );
  return mapNodeExprs(over, (expr) => mapSubqueryPlans(expr, (plan) => replaced(plan, readers)));
}

/** Adds the columns that anything outside of the parts looks at. */
function addUses(node: LogicalNode, parts: ReadonlySet<LogicalNode>, into: Set<ColumnId>): void {
  if (parts.has(node)) return;
  forEachNodeExpr(node, (expr) => {
    addUsedColumns(expr, into);
    for (const subquery of subqueriesOf(expr)) {
      const plan = subquery.plan as LogicalNode;
      for (const { id } of plan.columns) into.add(id);
      addUses(plan, parts, into);
    }
  });
  for (const input of inputsOf(node)) {
    if (countsPlaces(node)) for (const { id } of input.columns) into.add(id);
    addUses(input, parts, into);
  }
}

/** Whether what a node does depends on all columns of its input. */
function countsPlaces(node: LogicalNode): boolean {
  return node.kind === 'setOp' || node.kind === 'with' || (node.kind === 'distinct' && node.on === null);
}

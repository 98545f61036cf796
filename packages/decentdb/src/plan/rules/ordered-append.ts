/**
 * Partitions by range hold the rows of an order one after the other: the first rows are those of the first partition that has some.
 *
 *     limit 5 of sort by k of (p1 UNION ALL p2)    becomes    limit 5 of (limit 5 of sort by k of p1 UNION ALL the same of p2)
 *
 * and p2 is not read when p1 has five rows. For descending keys the partitions come in reverse.
 *
 * I1  All branches are partitions of one table, in the order of their bounds, and none takes what the others do not.
 * I2  The keys sorted by begin with the whole partition key, or are the beginning of it; all of it in one direction.
 */
import type { PartitionKey } from '../../catalog/partitioning.ts';
import type { Expr, SortKey } from '../../exec/expr.ts';
import { columnRef, mapSortKeys } from '../expr-walk.ts';
import type { LimitNode, LogicalNode, OutputColumn, ScanNode, SetOpNode, SortNode } from '../logical.ts';
import { inputsOf, mapTree, withInputs } from '../node-walk.ts';
import { hasSubquery, isVolatile, substitute } from '../predicates.ts';
import { limitBound } from './limit-pushdown.ts';
import type { Rule, RuleContext } from './rule.ts';

export const orderedAppend: Rule = {
  name: 'ordered_append',
  description: 'read partitions in the order of a sort under a LIMIT, as far as there are rows to find',
  needs: ['limit'],
  apply: (root, context) => mapTree(root, (node) => (node.kind === 'limit' ? ordered(node, context) : node)),
};

/** The other use: the first rows of any branches are the first of the first rows of each. */
export const branchLimit: Rule = {
  name: 'branch_limit',
  description: 'keep of each branch of UNION ALL no more rows than the LIMIT over its ORDER BY may show',
  needs: ['limit'],
  apply: (root) => mapTree(root, (node) => (node.kind === 'limit' ? withParts(node, limitedParts) : node)),
};

function ordered(node: LimitNode, context: RuleContext): LogicalNode {
  return withParts(node, (sort, bound) => sortedParts(sort, bound, context));
}

/** The limit over what `make` makes of the sort below it. */
function withParts(node: LimitNode, make: (sort: SortNode, bound: Expr) => LogicalNode | null): LogicalNode {
  const bound = limitBound(node);
  // Projections that nothing but the rows shown asks for may stand between.
  if (bound === null) return node;
  const over: LogicalNode[] = [];
  let at = node.input;
  while (at.kind === 'project' && !at.exprs.some((expr) => isVolatile(expr) || hasSubquery(expr))) {
    over.push(at);
    at = at.input;
  }
  if (at.kind !== 'sort') return node;
  const made = make(at, bound);
  if (made === null) return node;
  const input = over.reduceRight<LogicalNode>((below, project) => withInputs(project, [below]), made);
  return withInputs(node, [input]);
}

interface SortedUnion {
  readonly union: SetOpNode;
  /** By the columns of the union. */
  readonly keys: readonly SortKey[];
  /** The projection between, over something else. */
  readonly over: (made: LogicalNode) => LogicalNode;
}

/** What is sorted, where it is branches and the keys are worth sorting by twice. */
function sortedUnion(sort: SortNode): SortedUnion | null {
  const below = sort.input;
  const union = below.kind === 'project' ? below.input : below;
  if (union.kind !== 'setOp' || union.op !== 'union' || !union.all) return null;
  let { keys } = sort;
  if (below.kind === 'project') {
    if (below.exprs.some((expr) => isVolatile(expr) || hasSubquery(expr))) return null;
    const by = new Map(below.columns.map((c, i) => [c.id, below.exprs[i] as Expr] as const));
    keys = mapSortKeys(keys, (expr) => substitute(expr, by));
  }
  if (keys.some(({ expr }) => isVolatile(expr) || hasSubquery(expr))) return null;
  return { union, keys, over: (made) => (below === union ? made : withInputs(below, [made])) };
}

function sortedParts(sort: SortNode, bound: Expr, context: RuleContext): LogicalNode | null {
  const found = sortedUnion(sort);
  if (found === null) return null;
  const { union, keys, over } = found;
  const isReversed = directionOf(union, keys, context);
  if (isReversed === null) return null;
  const inputs = union.inputs.map((input) => firstRows(union, input, keys, bound));
  return over(withInputs(union, isReversed ? inputs.reverse() : inputs));
}

/** The sort over branches of which each has its own; null where that gains nothing: branches that one scan makes are sorted at once. */
function limitedParts(sort: SortNode, bound: Expr): LogicalNode | null {
  const found = sortedUnion(sort);
  if (found === null || !found.union.inputs.some(holdsJoin)) return null;
  const { union, keys, over } = found;
  const inputs = union.inputs.map((input) => firstRows(union, input, keys, bound));
  return withInputs(sort, [over(withInputs(union, inputs))]);
}

function holdsJoin(node: LogicalNode): boolean {
  return node.kind === 'join' || inputsOf(node).some(holdsJoin);
}

function firstRows(union: SetOpNode, input: LogicalNode, keys: readonly SortKey[], bound: Expr): LogicalNode {
  const by = new Map(
    union.columns.map((c, i) => {
      const own = input.columns[i] as OutputColumn;
      return [c.id, columnRef(own.id, own)] as const;
    }),
  );
  const { columns } = input;
  const own = mapSortKeys(keys, (expr) => substitute(expr, by));
  const sorted: LogicalNode = { kind: 'sort', input, keys: own, columns };
  return { kind: 'limit', input: sorted, count: bound, offset: null, ties: null, columns };
}

/** Whether the branches come in reverse; null when they do not follow the order (I1, I2). */
function directionOf(union: SetOpNode, keys: readonly SortKey[], context: RuleContext): boolean | null {
  const scans = union.inputs.map(scanOf);
  const [first] = scans;
  if (first === null || first === undefined) return null;
  const parent = first.table.parents?.[0];
  const routing = context.env.partitionKeyOf?.(first.table) ?? null;
  if (parent === undefined || routing === null || routing.strategy !== 'range') return null;
  const count = Math.min(routing.parts.length, keys.length);
  for (const scan of scans) {
    if (scan?.table.bound?.kind !== 'range' || scan.table.parents?.[0] !== parent) return null;
    if (!followsKey(union, scan, keys, routing, count)) return null;
  }
  const descending = keys[0]?.descending === true;
  return keys.slice(0, count).every((key) => key.descending === descending) ? descending : null;
}

function followsKey(
  union: SetOpNode,
  scan: ScanNode,
  keys: readonly SortKey[],
  partitionKey: PartitionKey & { readonly names: readonly string[] },
  count: number,
): boolean {
  return keys.slice(0, count).every(({ expr }, i) => {
    if (expr.kind !== 'column') return false;
    const at = union.columns.findIndex(({ id }) => id === expr.id);
    const own = union.inputs.find((input) => scanOf(input) === scan)?.columns[at];
    const position = scan.columns.findIndex(({ id }) => id === own?.id);
    const column = scan.table.columns[scan.stored[position] ?? -1];
    return column !== undefined && column.name === partitionKey.names[i];
  });
}

function scanOf(input: LogicalNode): ScanNode | null {
  let at = input;
  while (at.kind === 'filter') at = at.input;
  return at.kind === 'scan' ? at : null;
}

/**
 * Groups rows before they are joined.
 *
 *     SELECT c.name, sum(o.total) FROM c JOIN o ON o.c = c.id GROUP BY c.id, c.name
 *     ->    SELECT c.name, p.sum FROM c JOIN (SELECT c, sum(total) FROM o GROUP BY c) p ON p.c = c.id
 *
 * Rows of one relation that agree in all columns which anything above looks at are joined alike: they can be one row by then, with what
 * the aggregates make of them. Where the groups asked for have one such row each, nothing is left to group above (one-row-groups.ts);
 * elsewhere the parts are put together there (partial-aggregates.ts). After Yan and Larson, "Eager Aggregation and Lazy Aggregation".
 *
 * I1  Columns that become keys have types whose equal values are the same value: 1.0 and 1.00 stay rows of their own.
 * I2  What is computed for rows that no join keeps must not fail.
 * I3  The rule runs only in one of two plans of a statement (plan-statement.ts); the cheaper plan is taken.
 */
import type { AggregateCall, ColumnId, Expr } from '../../exec/expr.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Cardinality } from '../cardinality.ts';
import { Cost } from '../cost.ts';
import { columnRef } from '../expr-walk.ts';
import type { AggregateNode, JoinNode, LogicalNode, OutputColumn } from '../logical.ts';
import {
  addUsedColumns,
  intersects,
  isSubset,
  mapNodeExprs,
  mapTree,
  outputIds,
  usedColumns,
  withInputs,
} from '../node-walk.ts';
import { hasSubquery, isVolatile, substitute } from '../predicates.ts';
import { aggregateNeverFails, neverFails } from './never-fails.ts';
import { isOneRowFor } from './one-row-groups.ts';
import {
  ignoresDuplicates,
  isWholeCall,
  type SplitCall,
  skipsNullRow,
  splitCall,
  wholeValue,
} from './partial-aggregates.ts';
import type { Rule, RuleContext } from './rule.ts';

export const eagerAggregation: Rule = {
  name: 'eager_aggregation',
  description: 'group rows before they are joined, where that leaves few of them to join',
  needs: ['aggregate'],
  apply: (root, context) => {
    let known: Cardinality | null = null;
    const cardinality = (): Cardinality => {
      if (known === null) {
        known = context.cardinality(root);
        // From the top, so that what a WITH definition yields is known where it is read.
        known.rows(root);
      }
      return known;
    };
    return mapTree(root, (node) =>
      node.kind === 'aggregate' ? (groupEarly(node, cardinality, context) ?? node) : node,
    );
  },
};

/** Fewer rows than these are joined faster than a statement is planned twice. */
const ROWS_LEAST = 2000;
/** Grouped early, rows are grouped however few of them the joins keep, and guesses of how many that are tend to be too high. */
const KEPT_SHARE = 0.5;
const REDUCED_MARGIN = 1.25;
/** A part must stand for this many rows. */
const ROWS_EACH = 1.5;

/** The relation whose rows are grouped, and the nodes between it and the aggregate, topmost first. */
interface Target {
  readonly node: LogicalNode;
  readonly path: readonly { readonly node: LogicalNode; readonly at: number }[];
  /** An outer join above may make NULLs of its columns. */
  readonly isNullable: boolean;
}

function groupEarly(
  node: AggregateNode,
  cardinality: () => Cardinality,
  context: RuleContext,
): LogicalNode | null {
  const { input } = node;
  if (!holdsInput(input, 'join') || !isPlainGrouping(node)) return null;
  const target = findTarget(node, cardinality());
  if (target === null) return null;
  const early = earlyCalls(node, target);
  if (early === null) return null;
  const keys = keysOf(node, target, early.late, context);
  if (keys === null) return null;
  const plan = { node, target, keys, ...early };
  if (!mayPay(plan, cardinality())) return null;
  context.hasEarlyGroups = true;
  if (cardinality().rows(node.input) < cardinality().rows(target.node) * KEPT_SHARE)
    context.earlyMargin = REDUCED_MARGIN;
  return context.takesEarlyGroups ? (wholeGroups(plan, context) ?? splitGroups(plan, context)) : null;
}

function isPlainGrouping({ sets, groups, groupings, aggregates }: AggregateNode): boolean {
  if (sets.length !== 1 || groupings.length > 0 || sets[0]?.length !== groups.length) return false;
  return aggregates.length > 0 && !groups.some(({ expr }) => isVolatile(expr) || hasSubquery(expr));
}

/** Whether filters alone stand between a node and one of a kind. */
function holdsInput(node: LogicalNode, kind: LogicalNode['kind']): boolean {
  return node.kind === kind || (node.kind === 'filter' && holdsInput(node.input, kind));
}

// --- what is grouped early ------------------------------------------------------------------------------------------------

/** Goes down to the least relation that has all columns of the aggregates. */
function findTarget(node: AggregateNode, cardinality: Cardinality): Target | null {
  const wanted = new Set<ColumnId>();
  for (const call of node.aggregates) if (!ignoresDuplicates(call)) addCallColumns(call, wanted);
  const path: Target['path'][number][] = [];
  let at = node.input;
  let isNullable = false;
  for (;;) {
    if (at.kind === 'filter' && holdsInput(at, 'join')) {
      if (isVolatile(at.predicate)) return null;
      path.push({ node: at, at: 0 });
      at = at.input;
      continue;
    }
    const side = at.kind === 'join' ? sideOf(at, wanted, cardinality) : -1;
    if (side === -1 || at.kind !== 'join') break;
    path.push({ node: at, at: side });
    if (side === 1 && at.join === 'left') isNullable = true;
    at = side === 0 ? at.left : at.right;
  }
  return path.some((step) => step.node.kind === 'join') ? { node: at, path, isNullable } : null;
}

/** The side of a join to go on with: 0 left, 1 right, -1 neither. */
function sideOf(join: JoinNode, wanted: ReadonlySet<ColumnId>, cardinality: Cardinality): number {
  if (join.lateral || (join.condition !== null && isVolatile(join.condition))) return -1;
  const mayRight = join.join === 'inner' || join.join === 'left';
  if (!mayRight && join.join !== 'semi' && join.join !== 'anti') return -1;
  const inLeft = isSubset(wanted, outputIds(join.left));
  const inRight = mayRight && isSubset(wanted, outputIds(join.right));
  if (!inLeft) return inRight ? 1 : -1;
  return inRight && cardinality.rows(join.right) > cardinality.rows(join.left) ? 1 : 0;
}

function addCallColumns(call: AggregateCall, into: Set<ColumnId>): void {
  for (const arg of [...call.args, ...call.directArgs]) addUsedColumns(arg, into);
  for (const key of call.orderBy) addUsedColumns(key.expr, into);
  if (call.filter !== null) addUsedColumns(call.filter, into);
}

/** The calls that look at the relation alone, and those that stay above; null when one can do neither. */
function earlyCalls(
  node: AggregateNode,
  { node: relation, isNullable }: Target,
): { readonly early: readonly AggregateCall[]; readonly late: readonly AggregateCall[] } | null {
  const ids = outputIds(relation);
  const [early, late]: [AggregateCall[], AggregateCall[]] = [[], []];
  for (const call of node.aggregates) {
    const used = new Set<ColumnId>();
    addCallColumns(call, used);
    if (isWholeCall(call) && isSubset(used, ids)) {
      if (!isSafeCall(call) || (isNullable && !skipsNullRow(call, ids))) return null;
      early.push(call);
    } else if (ignoresDuplicates(call)) late.push(call);
    else return null;
  }
  return early.length === 0 ? null : { early, late };
}

/** I2. */
function isSafeCall(call: AggregateCall): boolean {
  const exprs = call.filter === null ? call.args : [...call.args, call.filter];
  return aggregateNeverFails(call) && exprs.every((expr) => neverFails(expr) && !hasSubquery(expr));
}

// --- by what it is grouped ------------------------------------------------------------------------------------------------

interface Keys {
  /** Groups of the relation: columns used above, and what the query groups by that the relation alone decides. */
  readonly groups: readonly { readonly output: ColumnId; readonly expr: Expr }[];
  /** The new columns in the place of the old. */
  readonly by: ReadonlyMap<ColumnId, Expr>;
  /** By group of the query: its column, where the relation computes it. */
  readonly computed: ReadonlyMap<number, Expr>;
}

const exactTypes: ReadonlySet<number> = new Set([
  Oid.bool,
  Oid.int2,
  Oid.int4,
  Oid.int8,
  Oid.oid,
  Oid.text,
  Oid.varchar,
  Oid.date,
  Oid.time,
  Oid.timestamp,
  Oid.timestamptz,
  Oid.uuid,
  Oid.bytea,
]);

function isExact(type: SqlType): boolean {
  return exactTypes.has(type.oid) || type.kind === 'enum';
}

function keysOf(
  node: AggregateNode,
  { node: relation, path, isNullable }: Target,
  late: readonly AggregateCall[],
  context: RuleContext,
): Keys | null {
  const ids = outputIds(relation);
  const used = new Set<ColumnId>();
  for (const step of path) {
    if (step.node.kind === 'filter') addUsedColumns(step.node.predicate, used);
    else if (step.node.kind === 'join' && step.node.condition !== null)
      addUsedColumns(step.node.condition, used);
  }
  for (const call of late) addCallColumns(call, used);
  const groups: { output: ColumnId; expr: Expr }[] = [];
  const computed = new Map<number, Expr>();
  node.groups.forEach(({ expr }, i) => {
    const isOwn = expr.kind !== 'column' && !isNullable && intersects(usedColumns(expr), ids);
    if (isOwn && isSubset(usedColumns(expr), ids) && neverFails(expr) && isExact(expr.type)) {
      const output = context.newColumnId();
      groups.push({ output, expr });
      computed.set(i, columnRef(output, expr));
    } else addUsedColumns(expr, used);
  });
  const by = new Map<ColumnId, Expr>();
  for (const column of relation.columns) {
    if (!used.has(column.id) || by.has(column.id)) continue;
    if (!isExact(column.type)) return null;
    const output = context.newColumnId();
    groups.push({ output, expr: columnRef(column.id, column) });
    by.set(column.id, columnRef(output, column));
  }
  // Without keys there would be a row of no rows, and partners for it.
  return groups.length === 0 ? null : { groups, by, computed };
}

// --- whether, and the result ----------------------------------------------------------------------------------------------

interface Plan {
  readonly node: AggregateNode;
  readonly target: Target;
  readonly keys: Keys;
  readonly early: readonly AggregateCall[];
  readonly late: readonly AggregateCall[];
}

/** Whether a second plan is worth making: a rough comparison of what is grouped late and early. */
function mayPay({ node, target, keys, early }: Plan, cardinality: Cardinality): boolean {
  const rows = cardinality.rows(target.node);
  if (rows < ROWS_LEAST) return false;
  const grouped = cardinality.rows(aggregateOver(target.node, keys, []));
  if (grouped * ROWS_EACH > rows) return false;
  const joined = cardinality.rows(node.input);
  const late =
    rows * Cost.hashProbeRow +
    joined * (Cost.outputRow + Cost.aggregateRow * (node.groups.length + node.aggregates.length));
  const first = rows * Cost.aggregateRow * (keys.groups.length + early.length);
  return first + grouped * Cost.hashProbeRow < late * 2;
}

function aggregateOver(input: LogicalNode, { groups }: Keys, calls: readonly AggregateCall[]): AggregateNode {
  const column = (id: ColumnId, { type, typmod }: { type: SqlType; typmod: number }): OutputColumn => ({
    id,
    name: '?',
    type,
    typmod,
    origin: null,
  });
  return {
    kind: 'aggregate',
    input,
    groups,
    sets: [groups.map((_, i) => i)],
    aggregates: calls,
    groupings: [],
    columns: [
      ...groups.map((group) => column(group.output, group.expr)),
      ...calls.map((call) => column(call.output, call)),
    ],
  };
}

/** The nodes between, over the grouped relation. */
function rebuilt({ target, keys }: Plan, grouped: LogicalNode): LogicalNode {
  let below = grouped;
  for (let i = target.path.length - 1; i >= 0; i--) {
    const step = target.path[i] as Target['path'][number];
    const over = mapNodeExprs(step.node, (expr) => substitute(expr, keys.by));
    const inputs = over.kind === 'join' ? [over.left, over.right] : [below];
    inputs[step.at] = below;
    below = withInputs(over, inputs);
  }
  return below;
}

function groupExpr({ node, keys }: Plan, i: number): Expr {
  return (
    keys.computed.get(i) ?? substitute((node.groups[i] as AggregateNode['groups'][number]).expr, keys.by)
  );
}

/** Every group asked for is one row of the join. */
function wholeGroups(plan: Plan, context: RuleContext): LogicalNode | null {
  const { node, target, keys, early, late } = plan;
  if (late.length > 0 || node.groups.length === 0) return null;
  const parts = early.map((call) => ({ ...call, output: context.newColumnId() }));
  const input = rebuilt(plan, aggregateOver(target.node, keys, parts));
  const exprs = node.groups.map((_, i) => groupExpr(plan, i));
  const fixed = new Set<ColumnId>();
  for (const expr of exprs) if (expr.kind === 'column') fixed.add(expr.id);
  if (!isOneRowFor(input, fixed)) return null;
  early.forEach((call, i) => {
    exprs.push(wholeValue(call, parts[i] as AggregateCall, target.isNullable));
  });
  return { kind: 'project', input, exprs, columns: node.columns };
}

/** Groups made of several rows of the join. */
function splitGroups(plan: Plan, context: RuleContext): LogicalNode | null {
  const { node, target, keys, early, late } = plan;
  const split = new Map<AggregateCall, SplitCall>();
  for (const call of early) {
    const one = splitCall(call, target.isNullable, context);
    if (one === null) return null;
    split.set(call, one);
  }
  const parts = [...split.values()].flatMap((one) => one.parts);
  const totals = [...split.values()].flatMap((one) => one.totals);
  const input = rebuilt(plan, aggregateOver(target.node, keys, parts));
  const above: Keys = {
    ...keys,
    groups: node.groups.map((group, i) => ({ output: group.output, expr: groupExpr(plan, i) })),
  };
  const kept = late.map((call) => substituteIn(call, keys.by));
  const grouped = aggregateOver(input, above, [...totals, ...kept]);
  const exprs = node.columns.map((column, i): Expr => {
    const call = node.aggregates[i - node.groups.length];
    return (call === undefined ? undefined : split.get(call)?.value) ?? columnRef(column.id, column);
  });
  return { kind: 'project', input: grouped, exprs, columns: node.columns };
}

function substituteIn(call: AggregateCall, by: ReadonlyMap<ColumnId, Expr>): AggregateCall {
  const args = call.args.map((arg) => substitute(arg, by));
  return { ...call, args, filter: call.filter === null ? null : substitute(call.filter, by) };
}

/**
 * Skip scans: groups that are a prefix of an index are read by hopping from one to the next.
 *
 * I1  What is above groups as it would all rows: the skip scan only leaves out rows that change nothing. A DISTINCT over values that
 *     an index tells apart as it would is not needed: each combination comes once (grouping.ts).
 * I2  Filters must be about the prefix alone, so that they keep or drop whole groups.
 * I3  Rows come in the order of the prefix's columns: groups need no hashing above, nor a sort that asks for that order.
 */
import type { IndexDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { ScanNode as PhysicalScan } from '../../exec/physical.ts';
import { Cost, estimates, lookUpCost } from '../cost.ts';
import type { AggregateNode, LogicalNode, ProjectNode, ScanNode } from '../logical.ts';
import { usedColumns } from '../node-walk.ts';
import { conjunction, hasSubquery, isVolatile } from '../predicates.ts';
import { type EmitContext, slotMapOf, slotsOf } from './context.ts';
import type { Emitted, OrderItem } from './frame.ts';
import { scanBelow } from './index-join.ts';

/** What is asked of the rows: one of each combination of `keys`, with the least and greatest of `extreme`. */
interface Question {
  readonly keys: readonly ColumnId[];
  readonly extreme: ColumnId | null;
}

/** A skip scan instead of the input of a DISTINCT on `keys`; null where there is none. */
export function skipForDistinct(
  context: EmitContext,
  input: LogicalNode,
  keys: readonly ColumnId[],
): Emitted | null {
  // Projections of plain columns give columns other names.
  const named = new Map(input.columns.map((column) => [column.id, column.id] as const));
  let at = input;
  while (at.kind === 'project') {
    const by = new Map(at.columns.map((column, i) => [column.id, (at as ProjectNode).exprs[i]] as const));
    for (const [id, inner] of named) {
      const expr = by.get(inner);
      if (expr?.kind !== 'column') return null;
      named.set(id, expr.id);
    }
    at = at.input;
  }
  const inner = [...new Set(keys.map((id) => named.get(id) as ColumnId))];
  const found = skipScan(context, at, { keys: inner, extreme: null });
  if (found === null) return null;
  const slots = new Map(found.slots);
  for (const [id, column] of named) slots.set(id, found.slots.get(column) as number);
  const outer = new Map([...named].map(([id, column]) => [column, id] as const));
  const order = found.order.map((item) => ({ ...item, id: outer.get(item.id) as ColumnId }));
  return { ...found, slots, order };
}

/** A skip scan instead of the input of an aggregation; null where there is none. */
export function skipForAggregate(context: EmitContext, node: AggregateNode): Emitted | null {
  const question = questionOf(node);
  return question === null ? null : skipScan(context, node.input, question);
}

function questionOf(node: AggregateNode): Question | null {
  if (node.sets.length !== 1 || node.groupings.length > 0) return null;
  const keys = new Set<ColumnId>();
  for (const { expr } of node.groups) {
    if (expr.kind !== 'column') return null;
    keys.add(expr.id);
  }
  const ends = new Set<ColumnId>();
  for (const { fn, args, distinct, filter, orderBy } of node.aggregates) {
    const [arg] = args;
    if (args.length !== 1 || arg?.kind !== 'column' || filter !== null || orderBy.length > 0) return null;
    // What sees each value once does not miss those that repeat.
    if (distinct) keys.add(arg.id);
    else if (fn.vectorized === 'min' || fn.vectorized === 'max') ends.add(arg.id);
    else return null;
  }
  const others = [...ends].filter((id) => !keys.has(id));
  if (keys.size === 0 || others.length > 1) return null;
  return { keys: [...keys], extreme: others[0] ?? null };
}

function skipScan(context: EmitContext, input: LogicalNode, asked: Question): Emitted | null {
  if (!context.env.isRuleOn('skip_scan') || asked.keys.length === 0) return null;
  const target = scanBelow(input);
  if (target === null) return null;
  const { scan, filters } = target;
  const keys = new Set(asked.keys);
  const isAboutKeys = (filter: Expr): boolean =>
    !isVolatile(filter) && !hasSubquery(filter) && [...usedColumns(filter)].every((id) => keys.has(id));
  if (!filters.every(isAboutKeys)) return null;
  const groups = groupsOf(context, asked.keys);
  const index = scan.table.indexes.find((one) => answers(one, scan, asked));
  if (groups === null || index === undefined) return null;
  const tableRows = context.cardinality.rows(scan);
  const looks = asked.extreme === null ? 1 : 2;
  const cost = groups * (lookUpCost(tableRows) * looks + Cost.indexRow);
  const slots = slotMapOf(scan.columns);
  const plan: PhysicalScan = {
    kind: 'scan',
    id: context.newId(),
    slots: slotsOf(scan.columns),
    estimate: estimates(Math.round(groups * looks), 0, cost),
    table: scan.table,
    alias: scan.alias,
    columns: scan.stored,
    path: 'indexOnly',
    index,
    ranges: null,
    direction: 'forward',
    ordered: true,
    skip: { prefix: asked.keys.length, last: asked.extreme !== null },
    filter: context.resolveMaybe(conjunction(filters), slots),
    sample: null,
  };
  return { plan, slots, order: orderOf(index, scan, asked) };
}

/** I3. */
function orderOf(index: IndexDef, scan: ScanNode, asked: Question): readonly OrderItem[] {
  return index.keys.slice(0, asked.keys.length).map(({ column, descending, nullsFirst }) => ({
    id: asked.keys.find((id) => storedColumn(scan, id) === column) as ColumnId,
    descending,
    nullsFirst,
  }));
}

function storedColumn(scan: ScanNode, id: ColumnId): number | undefined {
  return scan.stored[scan.columns.findIndex((column) => column.id === id)];
}

/** Combinations the keys have; null when nobody counted. */
function groupsOf(context: EmitContext, keys: readonly ColumnId[]): number | null {
  const { selectivity } = context.cardinality;
  const [only] = keys;
  return keys.length === 1 ? selectivity.distinct(only as ColumnId) : selectivity.combinations(keys);
}

/** Whether the index begins with the keys, goes on with the extreme, and has all columns of the scan. */
function answers(index: IndexDef, scan: ScanNode, asked: Question): boolean {
  if (index.method !== 'btree' || index.predicateSql !== null) return false;
  const columnOf = (id: ColumnId): number | undefined => storedColumn(scan, id);
  const leading = new Set(index.keys.slice(0, asked.keys.length).map((key) => key.column));
  if (leading.size !== asked.keys.length) return false;
  if (!asked.keys.every((id) => columnOf(id) !== undefined && leading.has(columnOf(id) as number)))
    return false;
  if (asked.extreme !== null) {
    const next = index.keys[asked.keys.length];
    if (next === undefined || next.column < 0 || next.column !== columnOf(asked.extreme)) return false;
    if (next.descending || next.nullsFirst) return false;
  }
  const has = new Set([...index.keys.map((key) => key.column), ...index.include, -1, scan.table.rowIdColumn]);
  return scan.stored.every((column) => column >= -1 && has.has(column));
}

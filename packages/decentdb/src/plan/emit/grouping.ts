/** Aggregation, DISTINCT and windows: streaming when the input comes ordered, hashing otherwise. */

import { exprKey } from '../../exec/compile/expr-key.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { Aggregate } from '../../exec/physical/grouping.ts';
import type { PhysicalNode } from '../../exec/physical.ts';
import { sortsAsStored } from '../../exec/type-traits.ts';
import { Cost, estimates, sortCost } from '../cost.ts';
import { mapExpr } from '../expr-walk.ts';
import type { AggregateNode, DistinctNode, WindowNode } from '../logical.ts';
import { isSubset } from '../node-walk.ts';
import { inChunks } from './chunks.ts';
import { type EmitContext, estimateOf, slotMapOf, slotsOf } from './context.ts';
import type { Emitted, OrderItem, Wish } from './frame.ts';
import { coveredItems, orderOf } from './order.ts';
import { skipForAggregate, skipForDistinct } from './skip-scan.ts';

const never = (): boolean => false;

/** An aggregate with direct arguments for each grouping set: keys that a set has not are NULL in its groups. */
function bySets(sets: AggregateNode['sets'], groups: readonly Expr[], aggregate: Aggregate): Aggregate {
  if (aggregate.directArgs.length === 0 || sets.every((set) => set.length === groups.length))
    return aggregate;
  const ofSet = (set: readonly number[]): Aggregate => {
    const missing = new Set(groups.filter((_, i) => !set.includes(i)).map(exprKey));
    const nulled = (at: Expr): Expr => {
      const key = exprKey(at);
      if (key === null || !missing.has(key)) return at;
      return { kind: 'const', value: null, type: at.type, typmod: at.typmod, location: at.location };
    };
    return { ...aggregate, directArgs: aggregate.directArgs.map((expr) => mapExpr(expr, nulled)) };
  };
  return { ...aggregate, bySet: new Map(sets.map((set) => [set, ofSet(set)])) };
}

export function emitAggregate(context: EmitContext, node: AggregateNode, wish: Wish): Emitted {
  const isSimple =
    node.sets.length === 1 && (node.sets[0] as readonly number[]).length === node.groups.length;
  const groupIds = node.groups.map((g) => (g.expr.kind === 'column' ? g.expr.id : null));
  const allColumns = isSimple && groupIds.length > 0 && groupIds.every((id) => id !== null);
  const wanted = allColumns ? groupOrder(node, groupIds as ColumnId[], wish) : null;
  const below = cheaper(
    context.emit(context, node.input, { order: wanted, rows: null }),
    skipForAggregate(context, node),
  );
  const given = new Set(below.order.slice(0, groupIds.length).map((o) => o.id));
  const isSorted =
    allColumns &&
    context.env.isRuleOn('sorted_aggregate') &&
    given.size === new Set(groupIds).size &&
    isSubset(given, new Set(groupIds as ColumnId[]));
  const base = estimateOf(below.plan);
  const rows = Math.round(context.cardinality.rows(node));
  const work = base.rows * Cost.aggregateRow * Math.max(1, node.aggregates.length + node.groups.length);
  const total = base.totalCost + work;
  const groups = context.resolveAll(
    node.groups.map((g) => g.expr),
    below.slots,
  );
  const plan: PhysicalNode = {
    kind: 'aggregate',
    id: context.newId(),
    slots: slotsOf(node.columns),
    estimate: estimates(rows, isSorted ? base.startupCost : total, total + rows * Cost.outputRow),
    strategy: isSorted ? 'sorted' : 'hash',
    input: inChunks(context, below.plan),
    groups,
    sets: node.sets,
    aggregates: node.aggregates.map((call) =>
      bySets(node.sets, groups, {
        fn: call.fn,
        args: context.resolveAll(call.args, below.slots),
        distinct: call.distinct,
        orderBy: context.resolveKeys(call.orderBy, below.slots),
        filter: context.resolveMaybe(call.filter, below.slots),
        directArgs: context.resolveAll(call.directArgs, below.slots),
        type: call.type,
        typmod: call.typmod,
      }),
    ),
    groupings: node.groupings.map((g) => g.groups),
  };
  const outputOf = new Map(node.groups.map((g, i) => [groupIds[i], g.output] as const));
  const order = isSorted
    ? below.order.slice(0, groupIds.length).map((o) => ({ ...o, id: outputOf.get(o.id) as ColumnId }))
    : [];
  return { plan, slots: slotMapOf(node.columns), order };
}

/** Whichever gives its rows, and has them grouped, at less cost. */
function cheaper(all: Emitted, skipped: Emitted | null): Emitted {
  if (skipped === null) return all;
  const costOf = ({ plan }: Emitted): number => {
    const { rows, totalCost } = estimateOf(plan);
    return totalCost + rows * Cost.aggregateRow;
  };
  return costOf(skipped) < costOf(all) ? skipped : all;
}

/** The order to ask the input for: the one wished for above if it is about the groups, else none that costs a sort. */
function groupOrder(node: AggregateNode, ids: readonly ColumnId[], wish: Wish): readonly OrderItem[] | null {
  const inputOf = new Map(node.groups.map((g, i) => [g.output, ids[i] as ColumnId] as const));
  if (wish.order === null || wish.order.length !== ids.length) return null;
  const items = wish.order.map((o) => ({ ...o, id: inputOf.get(o.id) as ColumnId }));
  return items.every((o) => o.id !== undefined) ? items : null;
}

export function emitDistinct(context: EmitContext, node: DistinctNode, wish: Wish): Emitted {
  const keys = node.on === null ? node.columns.map((c) => c.id) : [];
  const skipped = skipForDistinct(context, node.input, keys);
  const below = cheaper(
    // The first of distinct rows may be any number of rows: only order and share of them pass on.
    context.emit(context, node.input, {
      order: node.on === null ? wish.order : null,
      rows: node.on === null ? wish.rows : null,
    }),
    skipped,
  );
  // The index tells values apart as DISTINCT does: nothing is left to be done.
  if (below === skipped && node.columns.every(({ type }) => sortsAsStored(type))) return below;
  const base = estimateOf(below.plan);
  const rows = Math.round(context.cardinality.rows(node));
  const total = base.totalCost + base.rows * Cost.aggregateRow;
  // Only the node's own columns decide what is distinct: others may ride along in the slots below, and two may be one slot.
  const own = node.columns.map((c) =>
    context.resolve({ kind: 'column', id: c.id, type: c.type, typmod: c.typmod, location: -1 }, below.slots),
  );
  const places = new Set(own.map((expr) => (expr.kind === 'slot' ? expr.slot : expr)));
  const isWhole = places.size === below.plan.slots.length;
  const on = node.on !== null ? context.resolveAll(node.on, below.slots) : isWhole ? null : own;
  const plan: PhysicalNode = {
    kind: 'distinct',
    id: context.newId(),
    slots: below.plan.slots,
    estimate: estimates(rows, base.startupCost, total),
    strategy: comesTogether(context, below, on ?? own) ? 'sorted' : 'hash',
    isOrdered: below.order.length > 0,
    input: inChunks(context, below.plan),
    on,
  };
  return { plan, slots: below.slots, order: below.order };
}

/** Whether the leading columns of the input's order are the keys, all of them. */
function comesTogether(context: EmitContext, below: Emitted, keys: readonly Expr[]): boolean {
  if (!context.env.isRuleOn('sorted_aggregate')) return false;
  const slots = new Set(keys.map((key) => (key.kind === 'slot' ? key.slot : -1)));
  if (slots.has(-1) || below.order.length < slots.size) return false;
  const leading = new Set(below.order.slice(0, slots.size).map((item) => below.slots.get(item.id)));
  return leading.size === slots.size && [...leading].every((slot) => slot !== undefined && slots.has(slot));
}

export function emitWindow(context: EmitContext, node: WindowNode): Emitted {
  const partition = node.partitionBy.map((e): OrderItem | null =>
    e.kind === 'column' ? { id: e.id, descending: false, nullsFirst: false } : null,
  );
  const keys = orderOf(node.orderBy);
  const wanted =
    keys !== null && partition.every((p) => p !== null) ? [...(partition as OrderItem[]), ...keys] : null;
  const below = context.emit(context, node.input, { order: wanted, rows: null });
  const isSorted = wanted !== null && coveredItems(below.order, wanted, never, never) === wanted.length;
  const base = estimateOf(below.plan);
  const cost =
    base.totalCost + (isSorted ? 0 : sortCost(base.rows)) + base.rows * Cost.aggregateRow * node.calls.length;
  const outputs = node.columns.slice(node.columns.length - node.calls.length);
  const width = below.plan.slots.length;
  const slots = new Map(below.slots);
  outputs.forEach((c, i) => slots.set(c.id, width + i));
  const plan: PhysicalNode = {
    kind: 'window',
    id: context.newId(),
    slots: [...below.plan.slots, ...slotsOf(outputs)],
    estimate: estimates(base.rows, base.startupCost, cost),
    input: below.plan,
    partitionBy: context.resolveAll(node.partitionBy, below.slots),
    orderBy: context.resolveKeys(node.orderBy, below.slots),
    calls: node.calls.map((call) => ({
      fn: call.fn,
      args: context.resolveAll(call.args, below.slots),
      filter: context.resolveMaybe(call.filter, below.slots),
      frame: {
        ...call.frame,
        start: { ...call.frame.start, offset: context.resolveMaybe(call.frame.start.offset, below.slots) },
        end: { ...call.frame.end, offset: context.resolveMaybe(call.frame.end.offset, below.slots) },
      },
      type: call.type,
      typmod: call.typmod,
    })),
    isSorted,
  };
  // Rows leave in the window's order, whoever sorted them.
  return { plan, slots, order: isSorted ? below.order : (wanted ?? []) };
}

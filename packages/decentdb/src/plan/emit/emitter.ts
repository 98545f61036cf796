/**
 * From the rewritten algebra to the physical plan: one function a node kind, dispatched here.
 *
 * I1  Emitting never changes what a statement means: whatever a rule did not do, the emitter does the plain way.
 */
import { unreachable } from '../../base/assert.ts';
import type { Expr } from '../../exec/expr.ts';
import type { PhysicalNode, Subplan } from '../../exec/physical.ts';
import { Cost, type Estimates, estimates } from '../cost.ts';
import { forEachExpr, someExpr } from '../expr-walk.ts';
import type {
  FilterNode,
  LogicalNode,
  ProjectNode,
  ProjectSetNode,
  TableFunctionNode,
  ValuesNode,
} from '../logical.ts';
import { conjunction, conjunctsOf, isVolatile, isVolatilePlan, substitute } from '../predicates.ts';
import { type EmitContext, estimateOf, slotMapOf, slotsOf } from './context.ts';
import type { Emitted, FirstRows, SlotMap, Wish } from './frame.ts';
import { emitAggregate, emitDistinct, emitWindow } from './grouping.ts';
import { emitJoin } from './join.ts';
import { emitScan } from './scan.ts';
import { emitCteScan, emitLimit, emitSetOp, emitSort, emitVirtualScan, emitWith } from './set.ts';
import { emitDelete, emitInsert, emitMerge, emitUpdate } from './write.ts';

const noSlots: SlotMap = new Map();

export function emitNode(context: EmitContext, node: LogicalNode, wish: Wish): Emitted {
  switch (node.kind) {
    case 'scan':
      return emitScan(context, node, [], wish);
    case 'filter':
      return emitFilter(context, node, wish);
    case 'project':
      return emitProject(context, node, wish);
    case 'join':
      return emitJoin(context, node, wish);
    case 'values':
      return emitValues(context, node);
    case 'tableFunction':
      return emitTableFunction(context, node);
    case 'projectSet':
      return emitProjectSet(context, node);
    case 'aggregate':
      return emitAggregate(context, node, wish);
    case 'window':
      return emitWindow(context, node);
    case 'sort':
      return emitSort(context, node, wish);
    case 'limit':
      return emitLimit(context, node);
    case 'distinct':
      return emitDistinct(context, node, wish);
    case 'setOp':
      return emitSetOp(context, node);
    case 'with':
      return emitWith(context, node, wish);
    case 'cteScan':
      return emitCteScan(context, node);
    case 'virtualScan':
      return emitVirtualScan(context, node);
    case 'lock':
      return context.emit(context, node.input, wish);
    case 'insert':
      return emitInsert(context, node);
    case 'update':
      return emitUpdate(context, node);
    case 'delete':
      return emitDelete(context, node);
    case 'merge':
      return emitMerge(context, node);
    default:
      return unreachable(node, 'emitNode');
  }
}

function emitFilter(context: EmitContext, node: FilterNode, wish: Wish): Emitted {
  let conjuncts = conjunctsOf(node.predicate);
  let input = node.input;
  while (input.kind === 'filter') {
    conjuncts = [...conjunctsOf(input.predicate), ...conjuncts];
    input = input.input;
  }
  if (input.kind === 'scan') return emitScan(context, input, conjuncts, wish);
  const rows = context.cardinality.rows(node);
  const inputRows = context.cardinality.rows(input);
  const wanted = wish.rows === null ? null : (wish.rows * Math.max(1, inputRows)) / Math.max(1, rows);
  const below = context.emit(context, input, { order: wish.order, rows: wanted });
  const base = estimateOf(below.plan);
  const cost = base.totalCost + base.rows * Cost.filterRow * conjuncts.length;
  const resolved = context.resolveAll(conjuncts, below.slots);
  const isCheap = (gate: Expr): boolean => costOfSubplans(gate) < base.totalCost;
  const gates = isVolatilePlan(input)
    ? []
    : resolved.filter((made, i) => !isVolatile(conjuncts[i]!) && isOfNoRow(made) && isCheap(made));
  const plan: PhysicalNode = {
    kind: 'filter',
    id: context.newId(),
    slots: below.plan.slots,
    estimate: estimates(Math.max(1, Math.round(rows)), base.startupCost, cost),
    input: below.plan,
    predicate: conjunction(resolved) ?? context.resolve(node.predicate, below.slots),
    ...(gates.length === 0 ? {} : { gates }),
  };
  return { plan, slots: below.slots, order: below.order };
}

/** Whether a resolved expression reads nothing of the rows beneath: constants, parameters, outer values and subqueries over them. */
function isOfNoRow(expr: Expr): boolean {
  return !someExpr(expr, (e) => e.kind === 'slot' || e.kind === 'context');
}

function costOfSubplans(expr: Expr): number {
  let cost = 0;
  forEachExpr(expr, (e) => {
    if (e.kind === 'subquery') cost += (e.plan as Subplan).root.estimate?.totalCost ?? 0;
  });
  return cost;
}

/** Columns handed on need no node: the projection only renames slots. */
function emitProject(context: EmitContext, node: ProjectNode, wish: Wish): Emitted {
  const renamed = new Map(node.columns.map((c, i) => [c.id, node.exprs[i]] as const));
  let order = wish.order;
  if (order !== null) {
    const items = order.map((o) => {
      const expr = renamed.get(o.id);
      if (expr === undefined) return o;
      return expr.kind === 'column' ? { ...o, id: expr.id } : null;
    });
    order = items.every((o) => o !== null) ? (items as NonNullable<typeof order>) : null;
  }
  const below = context.emit(context, node.input, {
    order,
    // Few rows of an order that the input cannot give are all of its rows.
    rows: wish.order !== null && order === null ? null : wish.rows,
    nearest: firstBelow(node, wish.nearest),
    ranked: firstBelow(node, wish.ranked),
  });
  const belowIds = new Map(below.order.map((o) => [o.id, o] as const));
  const isRename = node.exprs.every((e) => e.kind === 'column' && below.slots.has(e.id));
  if (isRename) {
    const slots = new Map(below.slots);
    node.columns.forEach((c, i) => {
      const expr = node.exprs[i];
      if (expr?.kind === 'column') slots.set(c.id, below.slots.get(expr.id) as number);
    });
    return { plan: below.plan, slots, order: renamedOrder(node, below, belowIds.size) };
  }
  const base = estimateOf(below.plan);
  const cost = base.totalCost + base.rows * Cost.projectRow * node.exprs.length;
  const plan: PhysicalNode = {
    kind: 'project',
    id: context.newId(),
    slots: slotsOf(node.columns),
    estimate: estimates(base.rows, base.startupCost, cost),
    input: below.plan,
    exprs: context.resolveAll(node.exprs, below.slots),
  };
  return { plan, slots: slotMapOf(node.columns), order: renamedOrder(node, below, belowIds.size) };
}

/** What the first rows are by, in terms of the projection's input. */
function firstBelow(node: ProjectNode, first: FirstRows | undefined): FirstRows | undefined {
  if (first === undefined) return undefined;
  const by = new Map(node.columns.map((c, i) => [c.id, node.exprs[i] as Expr] as const));
  return { ...first, expr: substitute(first.expr, by) };
}

/** The input's order in terms of the projection's columns, as far as they are handed on. */
function renamedOrder(node: ProjectNode, below: Emitted, count: number): Emitted['order'] {
  if (count === 0) return [];
  const out = new Map<number, (typeof node.columns)[number]['id']>();
  node.exprs.forEach((expr, i) => {
    const column = node.columns[i];
    if (expr.kind === 'column' && column !== undefined && !out.has(expr.id)) out.set(expr.id, column.id);
  });
  const order: Emitted['order'][number][] = [];
  for (const item of below.order) {
    const id = out.get(item.id);
    if (id === undefined) break;
    order.push({ ...item, id });
  }
  return order;
}

function emitValues(context: EmitContext, node: ValuesNode): Emitted {
  const plan: PhysicalNode = {
    kind: 'values',
    id: context.newId(),
    slots: slotsOf(node.columns),
    estimate: estimates(node.rows.length, 0, node.rows.length * Cost.projectRow),
    rows: node.rows.map((row) => context.resolveAll(row, noSlots)),
  };
  return { plan, slots: slotMapOf(node.columns), order: [] };
}

function emitTableFunction(context: EmitContext, node: TableFunctionNode): Emitted {
  const rows = context.cardinality.rows(node);
  let at = 0;
  const plan: PhysicalNode = {
    kind: 'tableFunction',
    id: context.newId(),
    slots: slotsOf(node.columns),
    estimate: estimates(Math.round(rows), 0, rows * Cost.functionRow),
    functions: node.functions.map((f) => {
      const columnTypes = node.columns.slice(at, at + f.columnCount).map((c) => c.type);
      at += f.columnCount;
      return { fn: f.fn, args: context.resolveAll(f.args, noSlots), columnTypes };
    }),
    withOrdinality: node.withOrdinality,
  };
  return { plan, slots: slotMapOf(node.columns), order: [] };
}

function emitProjectSet(context: EmitContext, node: ProjectSetNode): Emitted {
  const below = context.emit(context, node.input, { order: null, rows: null });
  const base: Estimates = estimateOf(below.plan);
  const rows = context.cardinality.rows(node);
  const plan: PhysicalNode = {
    kind: 'projectSet',
    id: context.newId(),
    slots: slotsOf(node.columns),
    estimate: estimates(Math.round(rows), base.startupCost, base.totalCost + rows * Cost.functionRow),
    input: below.plan,
    exprs: node.exprs.map((e, i) =>
      e.set
        ? {
            set: true,
            fn: e.fn,
            args: context.resolveAll(e.args, below.slots),
            columnTypes: setColumnTypes(node, i),
          }
        : { set: false, expr: context.resolve(e.expr, below.slots) },
    ),
  };
  return { plan, slots: slotMapOf(node.columns), order: [] };
}

/** A set-returning function in a select list gives one value: its single column, or a row of its columns. */
function setColumnTypes(
  node: ProjectSetNode,
  at: number,
): readonly ProjectSetNode['columns'][number]['type'][] {
  const column = node.columns[at] as ProjectSetNode['columns'][number];
  const expr = node.exprs[at];
  if (expr?.set === true && expr.fn.columns.length > 1 && column.type.fields !== null)
    return column.type.fields.map((f) => f.type);
  return [column.type];
}

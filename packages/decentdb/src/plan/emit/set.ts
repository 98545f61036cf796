/** Order, limits, set operations, WITH, and system views. */
import type { Expr } from '../../exec/expr.ts';
import type { CteDefinition, PhysicalNode } from '../../exec/physical.ts';
import { constantNumber } from '../cardinality.ts';
import { Cost, estimates, sortCost, topNCost } from '../cost.ts';
import type {
  CteScanNode,
  LimitNode,
  LogicalNode,
  SetOpNode,
  SortNode,
  VirtualScanNode,
  WithNode,
} from '../logical.ts';
import { inputsOf } from '../node-walk.ts';
import { partitionGuard } from '../partition-guards.ts';
import { type EmitContext, estimateOf, exactColumns, slotMapOf, slotsOf } from './context.ts';
import { type Emitted, noWish, type SlotMap, type Wish } from './frame.ts';
import { coveredItems, orderOf } from './order.ts';

const noSlots: SlotMap = new Map();
const LIMIT_GUESS = 100;

export function emitSort(context: EmitContext, node: SortNode, wish: Wish): Emitted {
  const wanted = orderOf(node.keys);
  const below = context.emit(context, node.input, { order: wanted, rows: wish.rows });
  const presorted = wanted === null ? 0 : presortedKeys(context, node, below);
  if (wanted !== null && presorted === wanted.length) return below;
  const base = estimateOf(below.plan);
  const startup = base.totalCost + sortCost(base.rows);
  const plan: PhysicalNode = {
    kind: 'sort',
    id: context.newId(),
    slots: below.plan.slots,
    estimate: estimates(base.rows, startup, startup + base.rows * Cost.outputRow),
    input: below.plan,
    keys: context.resolveKeys(node.keys, below.slots),
    presorted,
  };
  return { plan, slots: below.slots, order: wanted ?? [] };
}

/** Leading sort keys the input comes ordered by. A scan that was asked for an order and gave one covers all of it. */
function presortedKeys(context: EmitContext, node: SortNode, below: Emitted): number {
  const wanted = orderOf(node.keys);
  if (wanted === null || !context.env.isRuleOn('order_from_index')) return 0;
  const { plan } = below;
  if (isOrderedScan(plan)) return wanted.length;
  const isNotNull = (id: (typeof wanted)[number]['id']): boolean => {
    const origin = context.origins.of(id);
    if (origin === undefined) return false;
    return origin.column < 0 || origin.table.columns[origin.column]?.notNull === true;
  };
  return coveredItems(below.order, wanted, () => false, isNotNull);
}

/** Only a wish for the whole order makes a scan `ordered` (but a skip scan, whose order says itself what it covers), and nothing between the scan and the sort disturbs rows. */
function isOrderedScan(plan: PhysicalNode): boolean {
  let at = plan;
  while (at.kind === 'filter' || at.kind === 'project') at = at.input;
  return at.kind === 'scan' && at.ordered && at.skip === undefined;
}

export function emitLimit(context: EmitContext, node: LimitNode): Emitted {
  const count = constantNumber(node.count) ?? (node.count === null ? null : LIMIT_GUESS);
  const offset = node.offset === null ? 0 : (constantNumber(node.offset) ?? LIMIT_GUESS);
  const wanted = count === null ? null : count + offset;
  const sort = topNSort(context, node);
  if (sort !== null) return emitTopN(context, node, sort, wanted ?? 1);
  const below = context.emit(context, node.input, { order: null, rows: wanted });
  const base = estimateOf(below.plan);
  const rows = Math.max(1, Math.min(base.rows, count ?? base.rows));
  const share = base.rows > 0 && wanted !== null ? Math.min(1, wanted / base.rows) : 1;
  const plan: PhysicalNode = {
    kind: 'limit',
    id: context.newId(),
    slots: below.plan.slots,
    estimate: estimates(
      rows,
      base.startupCost,
      base.startupCost + (base.totalCost - base.startupCost) * share,
    ),
    input: below.plan,
    count: context.resolveMaybe(node.count, noSlots),
    offset: context.resolveMaybe(node.offset, noSlots),
    ties: node.ties === null ? null : context.resolveKeys(node.ties, below.slots),
  };
  return { plan, slots: below.slots, order: below.order };
}

/** LIMIT directly over ORDER BY. */
function topNSort(context: EmitContext, node: LimitNode): SortNode | null {
  if (node.count === null || node.ties !== null || !context.env.isRuleOn('top_n')) return null;
  return node.input.kind === 'sort' ? node.input : null;
}

/** The first key, where the rows with its least values come first and NULLs last, or those with its greatest. */
function firstRowsOf({ count, offset }: LimitNode, sort: SortNode): Pick<Wish, 'nearest' | 'ranked'> {
  const [key] = sort.keys;
  if (key === undefined || count === null) return {};
  const first = { expr: key.expr, count, offset };
  if (key.descending) return { ranked: first };
  return key.nullsFirst ? {} : { nearest: first };
}

function emitTopN(context: EmitContext, node: LimitNode, sort: SortNode, kept: number): Emitted {
  const wanted = orderOf(sort.keys);
  const below = context.emit(context, sort.input, {
    order: wanted,
    rows: wanted === null ? null : kept,
    ...firstRowsOf(node, sort),
  });
  const presorted = wanted === null ? 0 : presortedKeys(context, sort, below);
  const base = estimateOf(below.plan);
  const count = node.count as Expr;
  const rows = Math.min(base.rows, kept);
  const common = {
    id: context.newId(),
    slots: below.plan.slots,
    input: below.plan,
    count: context.resolve(count, noSlots),
    offset: context.resolveMaybe(node.offset, noSlots),
  };
  if (wanted !== null && presorted === wanted.length) {
    const cost = base.startupCost + ((base.totalCost - base.startupCost) * rows) / Math.max(1, base.rows);
    const plan: PhysicalNode = {
      kind: 'limit',
      ...common,
      estimate: estimates(rows, base.startupCost, cost),
      ties: null,
    };
    return { plan, slots: below.slots, order: below.order };
  }
  const cost = base.totalCost + topNCost(base.rows, kept);
  const plan: PhysicalNode = {
    kind: 'topN',
    ...common,
    estimate: estimates(rows, cost, cost + rows * Cost.outputRow),
    keys: context.resolveKeys(sort.keys, below.slots),
  };
  return { plan, slots: below.slots, order: wanted ?? [] };
}

export function emitSetOp(context: EmitContext, node: SetOpNode): Emitted {
  const inputs = node.inputs.map((input) =>
    exactColumns(context, context.emit(context, input, noWish), input.columns),
  );
  const total = inputs.reduce((sum, input) => sum + estimateOf(input).totalCost, 0);
  const inputRows = inputs.reduce((sum, input) => sum + estimateOf(input).rows, 0);
  const rows = Math.round(context.cardinality.rows(node));
  const isStreaming = node.op === 'union' && node.all;
  const cost = total + (isStreaming ? 0 : inputRows * Cost.hashBuildRow);
  const plan: PhysicalNode = {
    kind: 'setOp',
    id: context.newId(),
    slots: slotsOf(node.columns),
    estimate: estimates(rows, isStreaming ? 0 : cost, cost + rows * Cost.outputRow),
    op: node.op,
    all: node.all,
    inputs,
    ...(isStreaming ? guardsOf(context, node) : {}),
  };
  return { plan, slots: slotMapOf(node.columns), order: [] };
}

/** What must be true for an input to be read. */
function guardsOf(context: EmitContext, node: SetOpNode): { readonly guards?: readonly (Expr | null)[] } {
  if (!context.env.isRuleOn('partition_skipping')) return {};
  const guards = node.inputs.map((input) =>
    context.resolveMaybe(partitionGuard(input, context.env), new Map()),
  );
  return guards.some((guard) => guard !== null) ? { guards } : {};
}

export function emitWith(context: EmitContext, node: WithNode, wish: Wish): Emitted {
  const exact = (part: LogicalNode, columns: LogicalNode['columns']): PhysicalNode =>
    exactColumns(context, context.emit(context, part, noWish), columns);
  context.cardinality.rows(node);
  const definitions = node.definitions.map(
    (d): CteDefinition => ({
      cteId: d.cteId,
      name: d.name,
      plan: exact(d.plan, d.plan.columns),
      recursive:
        d.recursive === null
          ? null
          : { term: exact(d.recursive.term, d.recursive.term.columns), all: d.recursive.all },
      run: changesData(d.plan) ? 'eager' : 'lazy',
    }),
  );
  const body = context.emit(context, node.body, wish);
  const base = estimateOf(body.plan);
  const cost = definitions.reduce((sum, d) => sum + estimateOf(d.plan).totalCost, 0);
  const plan: PhysicalNode = {
    kind: 'with',
    id: context.newId(),
    slots: body.plan.slots,
    estimate: estimates(base.rows, base.startupCost + cost, base.totalCost + cost),
    definitions,
    body: body.plan,
  };
  return { plan, slots: body.slots, order: body.order };
}

function changesData(node: LogicalNode): boolean {
  if (node.kind === 'insert' || node.kind === 'update' || node.kind === 'delete' || node.kind === 'merge')
    return true;
  return inputsOf(node).some(changesData);
}

export function emitCteScan(context: EmitContext, node: CteScanNode): Emitted {
  const rows = context.cardinality.rows(node);
  const plan: PhysicalNode = {
    kind: 'cteScan',
    id: context.newId(),
    slots: slotsOf(node.columns),
    estimate: estimates(Math.round(rows), 0, rows * Cost.scanRow),
    cteId: node.cteId,
    isWorkTable: node.isWorkTable,
    columns: node.columns.map((_, i) => i),
  };
  return { plan, slots: slotMapOf(node.columns), order: [] };
}

export function emitVirtualScan(context: EmitContext, node: VirtualScanNode): Emitted {
  const plan: PhysicalNode = {
    kind: 'virtualScan',
    id: context.newId(),
    slots: slotsOf(node.columns),
    estimate: estimates(100, 0, 1),
    view: node.view,
    columns: node.stored,
  };
  return { plan, slots: slotMapOf(node.columns), order: [] };
}

/**
 * Which way to join: hash, index look-ups, nested loop, merge, or running the right side again for each left row.
 *
 * I1  All methods give the same rows; cost chooses among those that the join's kind and condition allow.
 * I2  A right side with free columns that the left makes is an apply: nothing else may see it.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { HashJoinNode, PhysicalNode } from '../../exec/physical.ts';
import { Cost, type Estimates, estimates, sortCost } from '../cost.ts';
import type { JoinNode, LogicalNode } from '../logical.ts';
import { freeColumns, intersects, outputIds } from '../node-walk.ts';
import { conjunction, conjunctsOf, isVolatilePlan } from '../predicates.ts';
import { inChunks } from './chunks.ts';
import { type EmitContext, estimateOf, exactColumns, slotsOf } from './context.ts';
import { concatSlots, type Emitted, noWish, type SlotMap, type Wish } from './frame.ts';
import { indexJoinOption } from './index-join.ts';
import { type JoinKeys, splitKeys } from './join-keys.ts';
import { fetchesLate } from './late-columns.ts';
import { mergeJoinOption } from './merge-join.ts';
import { coveredItems } from './order.ts';
import { searchJoinOption } from './search-join.ts';

/** A way to join that was found possible: what it costs, and how to make it. */
export interface JoinOption {
  readonly estimate: Estimates;
  /** The order its rows come in. */
  readonly order: Emitted['order'];
  make(): Emitted;
}

export function emitJoin(context: EmitContext, node: JoinNode, wish: Wish): Emitted {
  if (intersects(freeColumns(node.right), outputIds(node.left))) return emitApply(context, node, wish);
  if (node.join === 'right') return emitRight(context, node);
  const rows = context.cardinality.rows(node);
  const leftWish = firstRowsOf(context, node, wish, rows);
  const keys = splitKeys(node.condition, outputIds(node.left), outputIds(node.right));
  const left = context.emit(context, node.left, leftWish);
  const options: JoinOption[] = [];
  // Of a mark only a hash join keeps ties apart from what may be unknown (unnest-mark.ts).
  const indexed = node.join === 'mark' ? null : indexJoinOption(context, node, left, keys, rows);
  if (indexed !== null) options.push(indexed);
  const merged = mergeJoinOption(context, node, keys, rows);
  if (merged !== null) options.push(merged);
  // The right side is emitted once for the methods that read it whole.
  let right: Emitted | null = null;
  const rightOnce = (): Emitted => {
    right ??= context.emit(context, node.right, noWish);
    return right;
  };
  const loops = nestedLoopOption(context, node, left, rightOnce(), rows);
  const hashed = hashOption(context, node, left, rightOnce(), keys, rows);
  if (hashed !== null) options.push(hashed);
  const searched =
    hashed === null && indexed === null && merged === null
      ? searchJoinOption(context, node, left, rightOnce(), rows, (one) => emitApply(context, one, wish))
      : null;
  if (searched !== null) options.push(searched);
  // Pairing everything with everything is for conditions nothing else can serve: small inputs do not stay small.
  if (hashed === null) options.push(loops);
  let best = options[0] as JoinOption;
  for (const option of options)
    if (costFor(context, option, wish) < costFor(context, best, wish)) best = option;
  return best.make();
}

function costFor(context: EmitContext, option: JoinOption, wish: Wish): number {
  const { rows, startupCost, totalCost } = option.estimate;
  const { order } = wish;
  const isNotNull = (id: ColumnId): boolean => isNotNullColumn(context, id);
  const isAsWished =
    order === null || coveredItems(option.order, order, () => false, isNotNull) === order.length;
  let cost = totalCost;
  if (wish.rows !== null && isAsWished && rows > wish.rows)
    cost = startupCost + ((totalCost - startupCost) * wish.rows) / rows;
  if (!isAsWished) cost += sortCost(rows);
  return cost;
}

function isNotNullColumn(context: EmitContext, id: ColumnId): boolean {
  const origin = context.origins.of(id);
  return origin !== undefined && (origin.column < 0 || origin.table.columns[origin.column]?.notNull === true);
}

/** What the left side is asked for: the order, and where rows come in it the rows that the first of the join need. */
function firstRowsOf(context: EmitContext, node: JoinNode, wish: Wish, rows: number): Wish {
  const order = wishFor(node.left, wish);
  const isInOrder = wish.order === null || order !== null;
  if (!context.isForFirstRows || !isInOrder || wish.rows === null) return { order, rows: null };
  return { order, rows: (wish.rows * Math.max(1, context.cardinality.rows(node.left))) / Math.max(1, rows) };
}

/** The order wished for, if the left side alone can give it. */
function wishFor(left: LogicalNode, wish: Wish): Wish['order'] {
  if (wish.order === null) return null;
  const ids = outputIds(left);
  return wish.order.every((o) => ids.has(o.id)) ? wish.order : null;
}

function emitRight(context: EmitContext, node: JoinNode): Emitted {
  const swapped: JoinNode = {
    ...node,
    join: 'left',
    left: node.right,
    right: node.left,
    columns: [...node.right.columns, ...node.left.columns],
  };
  return emitJoin(context, swapped, noWish);
}

/** Slots that a join outputs: by kind both sides, the left alone, or the left and a mark. */
export function joinOutput(
  node: JoinNode,
  left: Emitted,
  right: Emitted,
): { readonly slots: SlotMap; readonly types: PhysicalNode['slots'] } {
  if (node.join === 'semi' || node.join === 'anti') return { slots: left.slots, types: left.plan.slots };
  if (node.join === 'mark') {
    const mark = node.columns[node.columns.length - 1] as JoinNode['columns'][number];
    const slots = new Map(left.slots).set(mark.id, left.plan.slots.length);
    return { slots, types: [...left.plan.slots, ...slotsOf([mark])] };
  }
  return { slots: concatSlots(left, right), types: [...left.plan.slots, ...right.plan.slots] };
}

function hashOption(
  context: EmitContext,
  node: JoinNode,
  left: Emitted,
  right: Emitted,
  keys: JoinKeys,
  rows: number,
): JoinOption | null {
  if (keys.left.length === 0 || !context.env.isRuleOn('hash_join')) return null;
  const [l, r] = [estimateOf(left.plan), estimateOf(right.plan)];
  const mustBuildRight = node.join === 'mark' || node.join === 'single';
  // Rows pile up on the build side: the smaller one, with some preference for the right (left order is then kept).
  const build = mustBuildRight || r.rows <= l.rows * 1.2 ? 'right' : 'left';
  const [builtRows, probedRows] = build === 'right' ? [r.rows, l.rows] : [l.rows, r.rows];
  const startup = (build === 'right' ? r : l).totalCost + builtRows * Cost.hashBuildRow;
  const total =
    l.totalCost +
    r.totalCost +
    builtRows * Cost.hashBuildRow +
    probedRows * Cost.hashProbeRow +
    rows * Cost.outputRow;
  const estimate = estimates(Math.round(rows), startup, total);
  return {
    estimate,
    order: [],
    make: () => {
      const both = concatSlots(left, right);
      const output = joinOutput(node, left, right);
      // Fewer rows are fewer calls: a probe side that counts them gets all.
      const isPure = !isVolatilePlan(build === 'right' ? node.left : node.right);
      const pushesKeys = isPure && context.env.isRuleOn('join_filter') ? { pushesKeys: true } : {};
      const late = fetchesLate(context, build === 'right' ? right.plan : left.plan)
        ? { fetchesLate: true }
        : {};
      const nullSafe = keys.nullSafe.some(Boolean) ? { nullSafe: keys.nullSafe } : {};
      const plan: HashJoinNode = {
        kind: 'hashJoin',
        id: context.newId(),
        slots: output.types,
        estimate,
        join: node.join,
        left: inChunks(context, left.plan),
        right: inChunks(context, right.plan),
        leftKeys: context.resolveAll(keys.left, left.slots),
        rightKeys: context.resolveAll(keys.right, right.slots),
        ...nullSafe,
        ...pushesKeys,
        ...late,
        build,
        residual: context.resolveMaybe(conjunction(keys.residual), both),
      };
      return { plan, slots: output.slots, order: [] };
    },
  };
}

function nestedLoopOption(
  context: EmitContext,
  node: JoinNode,
  left: Emitted,
  right: Emitted,
  rows: number,
): JoinOption {
  const [l, r] = [estimateOf(left.plan), estimateOf(right.plan)];
  const conjuncts = conjunctsOf(node.condition).length;
  const pairs = l.rows * r.rows;
  const total =
    l.totalCost + r.totalCost + pairs * Cost.loopPair * Math.max(1, conjuncts) + rows * Cost.outputRow;
  const estimate = estimates(Math.round(rows), r.totalCost, total);
  const order = node.join === 'full' ? [] : left.order;
  return {
    estimate,
    order,
    make: () => {
      const output = joinOutput(node, left, right);
      const plan: PhysicalNode = {
        kind: 'nestedLoop',
        id: context.newId(),
        slots: output.types,
        estimate,
        join: node.join,
        left: left.plan,
        right: right.plan,
        condition: context.resolveMaybe(node.condition, concatSlots(left, right)),
      };
      return { plan, slots: output.slots, order };
    },
  };
}

function emitApply(context: EmitContext, node: JoinNode, wish: Wish): Emitted {
  const left = context.emit(context, node.left, { order: wishFor(node.left, wish), rows: null });
  const { made: right, frame } = context.inFrame(() => {
    const inner = context.emit(context, node.right, noWish);
    return { plan: exactColumns(context, inner, node.right.columns), inner };
  });
  const rightSlots = new Map<ColumnId, number>();
  node.right.columns.forEach((column, i) => rightSlots.set(column.id, i));
  const rightOut: Emitted = { plan: right.plan, slots: rightSlots, order: [] };
  const output = joinOutput(node, left, rightOut);
  const [l, r] = [estimateOf(left.plan), estimateOf(right.plan)];
  const rows = context.cardinality.rows(node);
  const outer: readonly Expr[] = context.resolveAll(frame.outerExprs, left.slots);
  const plan: PhysicalNode = {
    kind: 'apply',
    id: context.newId(),
    slots: output.types,
    estimate: estimates(Math.round(rows), l.startupCost, l.totalCost + l.rows * r.totalCost),
    join: node.join === 'right' || node.join === 'full' ? 'inner' : node.join,
    left: left.plan,
    right: right.plan,
    outer,
    condition: context.resolveMaybe(node.condition, concatSlots(left, rightOut)),
    memo: context.env.isRuleOn('subplan_memo') && !isVolatilePlan(node.right),
  };
  return { plan, slots: output.slots, order: left.order };
}

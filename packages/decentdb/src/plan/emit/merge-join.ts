/**
 * Merge join: both sides come out of their trees in the order of the keys, so nothing has to be kept.
 *
 * I1  Offered only when both sides give the order without sorting: a hash join beats a sort here.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { MergeJoinNode } from '../../exec/physical.ts';
import { Cost, estimates } from '../cost.ts';
import type { JoinNode } from '../logical.ts';
import { conjunction } from '../predicates.ts';
import { inChunks } from './chunks.ts';
import { type EmitContext, estimateOf } from './context.ts';
import { concatSlots, type Emitted, type OrderItem } from './frame.ts';
import { scanBelow } from './index-join.ts';
import { type JoinOption, joinOutput } from './join.ts';
import type { JoinKeys } from './join-keys.ts';

const LARGE_ROWS = 1000;

export function mergeJoinOption(
  context: EmitContext,
  node: JoinNode,
  keys: JoinKeys,
  rows: number,
): JoinOption | null {
  if (!context.env.isRuleOn('merge_join') || keys.left.length !== 1 || keys.nullSafe[0] === true) return null;
  if (node.join === 'mark' || node.join === 'single') return null;
  const [leftKey, rightKey] = [keys.left[0] as Expr, keys.right[0] as Expr];
  if (leftKey.kind !== 'column' || rightKey.kind !== 'column') return null;
  // Emitting is repeated for this option: only leaves are cheap enough.
  if (scanBelow(node.left) === null || scanBelow(node.right) === null) return null;
  if (context.cardinality.rows(node.left) < LARGE_ROWS || context.cardinality.rows(node.right) < LARGE_ROWS)
    return null;
  const left = context.emit(context, node.left, { order: [ascending(leftKey.id)], rows: null });
  const right = context.emit(context, node.right, { order: [ascending(rightKey.id)], rows: null });
  if (!isOrderedBy(left, leftKey.id) || !isOrderedBy(right, rightKey.id)) return null;
  const [l, r] = [estimateOf(left.plan), estimateOf(right.plan)];
  const total = l.totalCost + r.totalCost + (l.rows + r.rows) * Cost.mergeRow + rows * Cost.outputRow;
  const estimate = estimates(Math.round(rows), l.startupCost + r.startupCost, total);
  return {
    estimate,
    order: node.join === 'full' || node.join === 'right' ? [] : left.order,
    make: () => {
      const output = joinOutput(node, left, right);
      const plan: MergeJoinNode = {
        kind: 'mergeJoin',
        id: context.newId(),
        slots: output.types,
        estimate,
        join: node.join,
        left: inChunks(context, left.plan),
        right: inChunks(context, right.plan),
        leftKeys: context.resolveAll([leftKey], left.slots),
        rightKeys: context.resolveAll([rightKey], right.slots),
        order: [{ descending: false, nullsFirst: false }],
        residual: context.resolveMaybe(conjunction(keys.residual), concatSlots(left, right)),
      };
      return { plan, slots: output.slots, order: node.join === 'full' ? [] : left.order };
    },
  };
}

function ascending(id: ColumnId): OrderItem {
  return { id, descending: false, nullsFirst: false };
}

function isOrderedBy(side: Emitted, id: ColumnId): boolean {
  const first = side.order[0];
  return first !== undefined && first.id === id && !first.descending && !first.nullsFirst;
}

/**
 * Which table joins below a LIMIT should start from: the one that has its order.
 *
 *     SELECT ... FROM track JOIN album ... JOIN artist ... ORDER BY track.id LIMIT 20
 *
 * Joined one after the other to that table by look-ups, rows come in its order, and the first of them are enough. Where no order is
 * asked for they are enough in any: the table that its filters leave the smallest share of is the one to start from.
 *
 * I1  The sort keys are plain columns of one table, the first of them its row id or the first key of an index. Whether the rows
 *     do come in order is seen when the plan is made (emit/order.ts); here only the order of joins is proposed.
 */
import type { ColumnId } from '../../exec/expr.ts';
import { scanBelow } from '../emit/index-join.ts';
import type { JoinNode, LogicalNode } from '../logical.ts';
import { outputIds } from '../node-walk.ts';
import { stripRelabel } from '../ranges.ts';

/** Joins below a LIMIT, and the columns that their rows are wanted by; null: in any order. */
export interface OrderedStart {
  readonly joins: readonly JoinNode[];
  readonly ids: readonly ColumnId[] | null;
}

/** What a node asks of the joins below it; null when it does not ask for few rows. */
export function orderedStartBelow(
  node: LogicalNode,
  isClusterJoin: (node: LogicalNode) => node is JoinNode,
): OrderedStart | null {
  if (node.kind !== 'limit' || node.count === null) return null;
  if (node.input.kind !== 'sort') {
    const joins = streamedBelow(node.input).filter(isClusterJoin);
    return joins.length > 0 ? { joins, ids: null } : null;
  }
  let ids: ColumnId[] = [];
  for (const { expr } of node.input.keys) {
    if (expr.kind !== 'column') return null;
    ids.push(expr.id);
  }
  let at = node.input.input;
  while (at.kind === 'filter' || at.kind === 'project') {
    if (at.kind === 'project') {
      const { columns, exprs } = at;
      const below: ColumnId[] = [];
      for (const id of ids) {
        const expr = exprs[columns.findIndex((column) => column.id === id)];
        const inner = expr === undefined ? undefined : stripRelabel(expr);
        if (inner?.kind !== 'column') return null;
        below.push(inner.id);
      }
      ids = below;
    }
    at = at.input;
  }
  return isClusterJoin(at) ? { joins: [at], ids } : null;
}

/** What the rows of a node come from, one by one. */
function streamedBelow(node: LogicalNode): LogicalNode[] {
  if (node.kind === 'filter' || node.kind === 'project') return streamedBelow(node.input);
  return node.kind === 'setOp' && node.op === 'union' && node.all
    ? node.inputs.flatMap(streamedBelow)
    : [node];
}

/** The leaf whose filters leave the smallest share of its table. */
export function mostReducedAmong(
  leaves: readonly LogicalNode[],
  rowsOf: (node: LogicalNode) => number,
): number {
  const shares = leaves.map((leaf) => {
    const below = scanBelow(leaf);
    return below === null ? 1 : rowsOf(leaf) / Math.max(1, rowsOf(below.scan));
  });
  return shares.indexOf(Math.min(...shares));
}

/** The leaf that has the order; -1 when none has it. */
export function startAmong(leaves: readonly LogicalNode[], ids: readonly ColumnId[]): number {
  const at = leaves.findIndex((leaf) => {
    const own = outputIds(leaf);
    return ids.every((id) => own.has(id));
  });
  const below = at === -1 ? null : scanBelow(leaves[at] as LogicalNode);
  if (below === null) return -1;
  const { table, columns, stored } = below.scan;
  const column = stored[columns.findIndex(({ id }) => id === ids[0])];
  const hasOrder =
    column !== undefined &&
    column >= 0 &&
    (column === table.rowIdColumn ||
      table.indexes.some((index) => index.method === 'btree' && index.keys[0]?.column === column));
  return hasOrder ? at : -1;
}

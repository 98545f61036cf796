/**
 * Which table has the order that a LIMIT over joins asks for.
 *
 *     SELECT ... FROM track JOIN album ... JOIN artist ... ORDER BY track.id LIMIT 20
 *
 * Joined one after the other to that table by look-ups, rows come in its order, and the first of them are enough.
 *
 * I1  The sort keys are plain columns of one table, the first of them its row id or the first key of an index. Whether the rows
 *     do come in order is seen when the plan is made (emit/order.ts); here only the order of joins is proposed.
 */
import type { ColumnId } from '../../exec/expr.ts';
import { scanBelow } from '../emit/index-join.ts';
import type { JoinNode, LogicalNode } from '../logical.ts';
import { outputIds } from '../node-walk.ts';
import { stripRelabel } from '../ranges.ts';

/** Joins below a LIMIT, and the columns that their rows are wanted by. */
export interface OrderedStart {
  readonly join: JoinNode;
  readonly ids: readonly ColumnId[];
}

/** What a node asks of the joins below it; null when it asks for no order, or not for few rows. */
export function orderedStartBelow(
  node: LogicalNode,
  isClusterJoin: (node: LogicalNode) => node is JoinNode,
): OrderedStart | null {
  if (node.kind !== 'limit' || node.count === null || node.input.kind !== 'sort') return null;
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
  return isClusterJoin(at) ? { join: at, ids } : null;
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

/**
 * Whether a join partner can be found at most once: the condition fixes a unique key of the right side.
 */
import { isUniqueAlways } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { LogicalNode } from '../logical.ts';
import { intersects, outputIds, usedColumns } from '../node-walk.ts';
import { conjunctsOf } from '../predicates.ts';
import { stripRelabel } from '../ranges.ts';

/** At most one row of `right` satisfies `condition` for any one left row. Errs on the side of "no". */
export function isUniqueOn(
  right: LogicalNode,
  condition: Expr | null,
  leftIds: ReadonlySet<ColumnId>,
): boolean {
  const rightIds = outputIds(right);
  const fixed = new Set<ColumnId>();
  for (const c of conjunctsOf(condition)) {
    if (c.kind !== 'call' || c.fn.operator?.btree !== '=' || c.args.length !== 2) continue;
    const [a, b] = (c.args as readonly [Expr, Expr]).map(stripRelabel) as [Expr, Expr];
    for (const [column, value] of [
      [a, b],
      [b, a],
    ] as const) {
      if (column.kind !== 'column' || !rightIds.has(column.id)) continue;
      const used = usedColumns(value);
      if (!intersects(used, rightIds) && (used.size === 0 || intersects(used, leftIds))) fixed.add(column.id);
    }
  }
  return fixed.size > 0 && hasUniqueKey(right, fixed);
}

export function hasUniqueKey(node: LogicalNode, fixed: ReadonlySet<ColumnId>): boolean {
  switch (node.kind) {
    case 'filter':
    case 'sort':
    case 'limit':
    case 'lock':
      return hasUniqueKey(node.input, fixed);
    case 'aggregate':
      return node.sets.length === 1 && node.groups.every((g) => fixed.has(g.output));
    case 'scan': {
      const { table } = node;
      const columns = new Set<number>();
      node.columns.forEach((c, i) => {
        if (fixed.has(c.id)) columns.add(node.stored[i] as number);
      });
      if (columns.has(-1) || (table.rowIdColumn !== -1 && columns.has(table.rowIdColumn))) return true;
      return table.indexes.some(
        (index) =>
          isUniqueAlways(table, index) &&
          index.method === 'btree' &&
          index.predicateSql === null &&
          index.keys.every((key) => key.column >= 0 && columns.has(key.column)),
      );
    }
    default:
      return false;
  }
}

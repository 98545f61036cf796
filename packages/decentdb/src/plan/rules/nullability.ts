/**
 * Which expressions can never be NULL.
 *
 * I1  Errs on the side of "may be NULL".
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { LogicalNode } from '../logical.ts';

/** Whether the expression over the rows of `node` is never NULL. */
export function isKnownNotNull(expr: Expr, node: LogicalNode): boolean {
  switch (expr.kind) {
    case 'const':
      return expr.value !== null;
    case 'column':
      return isColumnNotNull(expr.id, node);
    case 'coalesce':
      return expr.args.some((arg) => isKnownNotNull(arg, node));
    case 'call':
      // Casts among the integer and text types keep what they are given.
      return (
        expr.args.length === 1 && keepsValue.has(expr.fn.name) && isKnownNotNull(expr.args[0] as Expr, node)
      );
    default:
      return false;
  }
}

const keepsValue = new Set(['int8', 'int4', 'text', 'varchar', 'float8', 'numeric']);

function isColumnNotNull(id: ColumnId, node: LogicalNode): boolean {
  switch (node.kind) {
    case 'scan': {
      const at = node.columns.findIndex((c) => c.id === id);
      const column = at === -1 ? undefined : node.stored[at];
      if (column === undefined) return false;
      return column < 0 || column === node.table.rowIdColumn || node.table.columns[column]?.notNull === true;
    }
    case 'project': {
      const at = node.columns.findIndex((c) => c.id === id);
      return at !== -1 && isKnownNotNull(node.exprs[at] as Expr, node.input);
    }
    case 'filter':
    case 'sort':
    case 'limit':
    case 'distinct':
    case 'lock':
    case 'window':
      return isColumnNotNull(id, node.input);
    case 'aggregate': {
      const group = node.groups.find((g) => g.output === id);
      if (group !== undefined) return node.sets.length === 1 && isKnownNotNull(group.expr, node.input);
      const call = node.aggregates.find((a) => a.output === id);
      return call?.fn.name === 'count';
    }
    case 'join': {
      const leftKept = node.join !== 'right' && node.join !== 'full';
      const rightKept = node.join === 'inner' || node.join === 'right';
      return (leftKept && isColumnNotNull(id, node.left)) || (rightKept && isColumnNotNull(id, node.right));
    }
    default:
      return false;
  }
}

/**
 * Column references in expressions: columns, whole rows, and `t.f` as the function call f(t).
 */

import { rowTypeOf } from '../../catalog/composite-type.ts';
import type { Expr } from '../../exec/expr.ts';
import type * as ast from '../ast/nodes.ts';
import { bindError } from './errors.ts';
import type { Level, NamespaceItem } from './level.ts';
import { noSuchAttribute, placed, resolveColumnRef } from './scope.ts';

export function bindColumnRef(level: Level, node: ast.ColumnRef): Expr {
  if (node.star) throw bindError('42601', 'row expansion via "*" is not supported here', node.location);
  const resolved = resolveColumnRef(level, node);
  switch (resolved.kind) {
    case 'column':
      return resolved.expr;
    case 'row':
      return wholeRow(level, resolved.item, node.location);
    default:
      throw noSuchAttribute(level, node, resolved.item, resolved.name);
  }
}

/** All columns of an item as one row value; a scalar function's item stands for its value. */
export function wholeRow(level: Level, item: NamespaceItem, location: number): Expr {
  const [only] = item.columns;
  if (item.isScalarFunction && only !== undefined) return placed(only.expr, location);
  const columns = item.columns.filter((column) => column.name !== '');
  for (const column of columns)
    if (column.relationId >= 0) level.state.uses(column.relationId, column.position);
  const fields = columns.map((column) => placed(column.expr, location));
  const type = rowTypeOf(columns.map(({ name, expr }) => ({ name, type: expr.type, typmod: expr.typmod })));
  return { kind: 'row', fields, type, typmod: -1, location };
}

/**
 * WHERE CURRENT OF: the row a cursor stands on, as a comparison of ctid with what the session's cursor says when the statement runs.
 *
 * I1  ctid names a row for life (system-columns.ts I1), so a row that was updated since is still the cursor's row.
 */
import { hasFamily } from '../../catalog/family.ts';
import type { Expr } from '../../exec/expr.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { tidType } from '../../types/hex-types.ts';
import { int8Type } from '../../types/integer-types.ts';
import { Oid } from '../../types/oids.ts';
import { textType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import { constant } from './constants.ts';
import { bindError, bindNotSupported } from './errors.ts';
import type { Level } from './level.ts';
import { operatorCall } from './operators.ts';

const cursorRow: ScalarFunction = {
  name: 'cursor_row',
  args: [Oid.text, Oid.int8, Oid.text],
  returns: Oid.tid,
  strict: true,
  volatility: 'stable',
  eval: (context, ...args) => context.service('cursor_row', args),
  description: 'The row of a table that a cursor stands on.',
};

export function bindCurrentOf(level: Level, node: ast.CurrentOfExpr): Expr {
  const [target] = level.namespace;
  if (level.kind !== 'where' || target === undefined)
    throw bindError('42601', 'WHERE CURRENT OF is allowed in UPDATE and DELETE only', node.location);
  if (target.table === null || target.table.id !== target.relationId)
    throw bindNotSupported('WHERE CURRENT OF on a view', node.location);
  // Row ids tell the rows of one table apart, not those of its relatives.
  if (hasFamily(level.state.env.catalog, target.table) || target.table.parents !== undefined)
    throw bindNotSupported('WHERE CURRENT OF on a table that inherits or is inherited from', node.location);
  const rowId = target.systemColumn?.('ctid');
  if (rowId == null) throw bindNotSupported('WHERE CURRENT OF on this relation', node.location);
  const args = [
    constant(node.cursor_name, textType, -1),
    constant(target.table.id, int8Type, -1),
    constant(target.table.name, textType, -1),
  ];
  const row: Expr = { kind: 'call', fn: cursorRow, args, type: tidType, typmod: -1, location: -1 };
  return operatorCall(level, ['='], rowId, row, -1);
}

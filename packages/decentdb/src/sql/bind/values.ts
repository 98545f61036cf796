/**
 * VALUES lists: columns named column1, column2, ...; each column's type is common to all rows.
 */
import type { Expr } from '../../exec/expr.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { Oid } from '../../types/oids.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceToCommon, commonTypeOf } from './coerce.ts';
import { commonTypmod } from './conditionals.ts';
import { bindError } from './errors.ts';
import { bindExpr } from './expressions.ts';
import { itemOf } from './from-items.ts';
import type { Level } from './level.ts';
import { applyLimit, bindLimit } from './limit.ts';
import { bindOrderBy } from './order-by.ts';
import type { SelectOptions } from './select.ts';
import { expandRowStar, isRowStar } from './stars.ts';
import { columnExpr } from './state.ts';
import type { Target } from './targets.ts';

export function bindValues(level: Level, stmt: ast.SelectStmt, options: SelectOptions): LogicalNode {
  if (stmt.lockingClause.length > 0) throw bindError('0A000', 'FOR UPDATE cannot be applied to VALUES', -1);
  const rows = bindValueRows(level, stmt.valuesLists);
  let node = valuesNode(level, rows, options);
  const items = itemOf(level, '*VALUES*', node.columns);
  level.namespace = [items];
  const targets: Target[] = node.columns.map((column) => ({
    expr: columnExpr(column, -1),
    name: column.name,
    isJunk: false,
  }));
  const width = targets.length;
  const sort = bindOrderBy(level, stmt.sortClause, targets);
  if (targets.length > width) throw bindError('0A000', 'ORDER BY on expressions over VALUES', -1);
  const keys = sort.map(({ target, descending, nullsFirst }) => ({
    expr: target.expr,
    descending,
    nullsFirst,
  }));
  if (keys.length > 0) node = { kind: 'sort', input: node, keys, columns: node.columns };
  return applyLimit(node, bindLimit(level, stmt), keys);
}

/** Rows as bound expressions, all of one length. */
export function bindValueRows(level: Level, lists: readonly (readonly ast.Expr[])[]): Expr[][] {
  let width = -1;
  return lists.map((list) => {
    const row = list.flatMap((node) => {
      level.kind = 'values';
      return (isRowStar(node) ? expandRowStar(level, node) : null) ?? [bindExpr(level, node, 'values')];
    });
    if (width >= 0 && row.length !== width)
      throw bindError('42601', 'VALUES lists must all be the same length', list[0]?.location ?? -1);
    width = row.length;
    return row;
  });
}

/** PostgreSQL's limit on columns of a result. */
const TARGETS_MAX = 1664;

function valuesNode(level: Level, rows: Expr[][], options: SelectOptions): LogicalNode {
  const width = rows[0]?.length ?? 0;
  if (width > TARGETS_MAX)
    throw bindError('54011', `target lists can have at most ${TARGETS_MAX} entries`, -1);
  const columns: OutputColumn[] = [];
  for (let i = 0; i < width; i++) {
    const column = rows.map((row) => row[i] as Expr);
    const keeps = options.keepUnknown === true && column.every((expr) => expr.type.oid === Oid.unknown);
    const common = commonTypeOf(level, column, 'VALUES');
    const coerced = keeps ? column : column.map((expr) => coerceToCommon(level, expr, common, 'VALUES'));
    rows.forEach((row, r) => {
      row[i] = coerced[r] as Expr;
    });
    const name = `column${i + 1}`;
    columns.push({
      id: level.state.newColumnId(level, '*VALUES*', name),
      name,
      type: coerced[0]?.type ?? common.type,
      typmod: commonTypmod(coerced),
      origin: null,
    });
  }
  return { kind: 'values', rows, columns };
}

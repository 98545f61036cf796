/**
 * Checking the expressions of definitions when they are made: types, allowed contents, immutability.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { ColumnDef, IndexDef, TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import type { ClauseKind } from '../../sql/bind/clauses.ts';
import { coerceAssignment, coerceToBoolean, resolveUnknown } from '../../sql/bind/coerce.ts';
import { bindError } from '../../sql/bind/errors.ts';
import { someDeep } from '../../sql/bind/expr-rewrite.ts';
import { bindExpr } from '../../sql/bind/expressions.ts';
import { Level } from '../../sql/bind/level.ts';
import { BindState } from '../../sql/bind/state.ts';
import { bindIndexExpressions, bindOverRow } from '../../sql/bind/stored-expressions.ts';
import { formattedType } from '../../types/format-type.ts';
import { Oid } from '../../types/oids.ts';
import type { DdlContext } from './context.ts';
import { envOf } from './work.ts';

/** An expression over a table's row, and what it uses. */
export interface BoundOverTable {
  readonly expr: Expr;
  readonly state: BindState;
  readonly row: readonly ColumnId[];
  /** Positions of the columns used. */
  readonly columns: readonly number[];
}

/** DEFAULT: no columns, no subqueries, and a type the column takes. Whether it is a plain NULL. */
export function checkDefault(ctx: DdlContext, column: ColumnDef, node: ast.Expr): boolean {
  const level = new Level(new BindState(envOf(ctx)), null);
  const expr = bindExpr(level, node, 'columnDefault');
  try {
    coerceAssignment(level, expr, column);
  } catch (error) {
    if (!(error instanceof DecentDbError) || error.code !== '42804') throw error;
    throw new DecentDbError(
      '42804',
      `column "${column.name}" is of type ${column.type.sqlName(-1)} but default expression is of type ${expr.type.sqlName(-1)}`,
      { hint: 'You will need to rewrite or cast the expression.' },
    );
  }
  const isOfColumn = expr.type.oid === Oid.unknown || expr.type.oid === column.type.oid;
  return expr.kind === 'const' && expr.value === null && isOfColumn;
}

/** How NULL stands as a default: as none, but where a value would be cut to length, as PostgreSQL has it. */
export function nullDefault({ type, typmod }: Pick<ColumnDef, 'type' | 'typmod'>): string | null {
  return typmod < 0 || type.oid === Oid.interval ? null : `NULL::${formattedType(type, -1)}`;
}

export function bindForTable(
  ctx: DdlContext,
  table: TableDef,
  node: ast.Expr,
  kind: ClauseKind,
): BoundOverTable {
  const state = new BindState(envOf(ctx));
  const row = table.columns.map((column) => state.newColumnId(null, table.name, column.name));
  const expr = bindOverRow(state, table, row, node, kind);
  const columns = [...(state.columnsUsed.get(table.id) ?? [])].sort((a, b) => a - b);
  return { expr, state, row, columns };
}

/** CHECK: a boolean over the row. */
export function bindCheck(ctx: DdlContext, table: TableDef, node: ast.Expr): BoundOverTable {
  const bound = bindForTable(ctx, table, node, 'check');
  const expr = coerceToBoolean(new Level(bound.state, null), bound.expr, 'CHECK');
  return { ...bound, expr };
}

/** GENERATED ALWAYS AS: immutable, no other generated column, of the column's type. */
export function checkGenerated(
  ctx: DdlContext,
  table: TableDef,
  position: number,
  node: ast.Expr,
): BoundOverTable {
  const column = table.columns[position] as ColumnDef;
  const bound = bindForTable(ctx, table, node, 'generated');
  const isGenerated = (at: Expr): boolean =>
    at.kind === 'column' && table.columns[bound.row.indexOf(at.id)]?.generated != null;
  someDeep(bound.expr, (at) => {
    if (isGenerated(at)) throw usesGenerated(table, bound.row, at);
    return false;
  });
  if (!isImmutable(bound.expr)) throw new DecentDbError('42P17', 'generation expression is not immutable');
  const level = new Level(bound.state, null);
  let expr: Expr;
  try {
    expr = coerceAssignment(level, bound.expr, column);
  } catch (error) {
    if (!(error instanceof DecentDbError) || error.code !== '42804') throw error;
    throw new DecentDbError(
      '42804',
      `column "${column.name}" is of type ${column.type.sqlName(-1)} but default expression is of type ${bound.expr.type.sqlName(-1)}`,
      { hint: 'You will need to rewrite or cast the expression.' },
    );
  }
  return { ...bound, expr };
}

function usesGenerated(table: TableDef, row: readonly ColumnId[], stray: Expr): DecentDbError {
  const position = stray.kind === 'column' ? row.indexOf(stray.id) : -1;
  return bindError(
    '42P17',
    `cannot use generated column "${table.columns[position]?.name}" in column generation expression`,
    stray.location,
    { detail: 'A generated column cannot reference another generated column.' },
  );
}

/** An index expression: immutable, of a storable type. */
export function bindIndexExpression(ctx: DdlContext, table: TableDef, node: ast.Expr): BoundOverTable {
  const bound = bindForTable(ctx, table, node, 'indexExpression');
  const expr = resolveUnknown(new Level(bound.state, null), bound.expr);
  requireImmutable(expr, 'index expression');
  if (expr.type.kind === 'pseudo')
    throw new DecentDbError('42P16', `column "expr" has pseudo-type ${expr.type.sqlName(-1)}`);
  return { ...bound, expr };
}

/** The predicate of a partial index. */
export function bindIndexPredicate(ctx: DdlContext, table: TableDef, node: ast.Expr): BoundOverTable {
  const bound = bindForTable(ctx, table, node, 'indexPredicate');
  const expr = coerceToBoolean(new Level(bound.state, null), bound.expr, 'WHERE');
  requireImmutable(expr, 'index predicate');
  return { ...bound, expr };
}

/** The expressions of an index whose columns have other types than when it was made, null for keys that are columns. */
export function boundKeysOf(ctx: DdlContext, table: TableDef, index: IndexDef): readonly (Expr | null)[] {
  const state = new BindState(envOf(ctx));
  const row = table.columns.map((column) => state.newColumnId(null, table.name, column.name));
  const { keys, predicate } = bindIndexExpressions(state, table, index, row);
  if (predicate !== null) requireImmutable(predicate, 'index predicate');
  for (const key of keys) if (key !== null) requireImmutable(key, 'index expression');
  return keys;
}

function requireImmutable(expr: Expr, where: string): void {
  if (!isImmutable(expr)) throw new DecentDbError('42P17', `functions in ${where} must be marked IMMUTABLE`);
}

export function isImmutable(expr: Expr): boolean {
  return !someDeep(
    expr,
    (at) => at.kind === 'context' || (at.kind === 'call' && at.fn.volatility !== 'immutable'),
  );
}

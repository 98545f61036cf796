/**
 * Column references in expressions: columns, whole rows, and `t.f` as the function call f(t).
 */

import { rowTypeOf } from '../../catalog/composite-type.ts';
import type { Expr } from '../../exec/expr.ts';
import { boolType } from '../../types/bool-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { bindError } from './errors.ts';
import { callOnRow } from './function-notation.ts';
import type { Level, NamespaceItem, ScopeColumn } from './level.ts';
import { missingRelation } from './missing-names.ts';
import { orParameter } from './routine-parameters.ts';
import { findRelation, noSuchAttribute, placed, resolveColumnRef } from './scope.ts';

export function bindColumnRef(level: Level, node: ast.ColumnRef): Expr {
  if (node.star) return starRow(level, node);
  return orParameter(
    level,
    node,
    () => boundRef(level, node),
    (expr) => expr,
  );
}

function boundRef(level: Level, node: ast.ColumnRef): Expr {
  const resolved = resolveColumnRef(level, node);
  switch (resolved.kind) {
    case 'column':
      return resolved.expr;
    case 'row':
      noteSole(level, node, resolved.item);
      return wholeRow(level, resolved.item, node.location);
    default:
      return (
        callOnRow(level, wholeRow(level, resolved.item, node.location), resolved.name, node.location) ??
        fail(noSuchAttribute(level, node, resolved.item, resolved.name))
      );
  }
}

function noteSole(level: Level, node: ast.ColumnRef, item: NamespaceItem): void {
  const [only] = item.columns;
  if (item.isScalarFunction && only !== undefined) level.state.recorder?.soleColumn?.(node, only.name);
}

function fail(error: Error): never {
  throw error;
}

/** `t.*` where no list can be made of it: the whole row. */
function starRow(level: Level, node: ast.ColumnRef): Expr {
  const [relation, schema = null] = [...node.fields].reverse();
  if (relation === undefined)
    throw bindError('42601', 'row expansion via "*" is not supported here', node.location);
  const item = findRelation(level, schema, relation, node.location);
  if (item === null) throw missingRelation(level, schema, relation, node.location);
  return wholeRow(level, item, node.location);
}

/** All columns of an item as one row value; a scalar function's item stands for its value. */
export function wholeRow(level: Level, item: NamespaceItem, location: number): Expr {
  const [only] = item.columns;
  if (item.isScalarFunction && only !== undefined) return placed(only.expr, location);
  const columns = item.columns.filter((column) => column.name !== '');
  for (const column of columns)
    if (column.relationId >= 0) level.state.uses(column.relationId, column.position);
  const fields = columns.map((column) => placed(column.expr, location));
  const type =
    relationType(level, item, columns.length) ??
    item.rowType ??
    rowTypeOf(columns.map(({ name, expr }) => ({ name, type: expr.type, typmod: expr.typmod })));
  const row: Expr = { kind: 'row', fields, type, typmod: -1, location };
  return item.isNullExtended ? orNull(level, item, row, fields) : row;
}

/**
 * The row, or NULL where an outer join found none. A column that is never NULL in its table tells; without one, a row of
 * nothing but NULLs counts as none.
 */
function orNull(level: Level, item: NamespaceItem, row: Expr, fields: readonly Expr[]): Expr {
  const base = { type: boolType, typmod: -1, location: row.location };
  const sure = item.columns.find((column) => isNeverNull(item, column));
  const isNull = (arg: Expr): Expr => ({ kind: 'isNull', arg, negated: false, isRow: false, ...base });
  if (sure !== undefined) level.state.uses(sure.relationId, sure.position);
  const tests = sure === undefined ? fields.map(isNull) : [isNull(placed(sure.expr, row.location))];
  const [only] = tests;
  if (only === undefined) return row;
  const when: Expr = tests.length === 1 ? only : { kind: 'and', args: tests, ...base };
  const { type, location } = row;
  const then: Expr = { kind: 'const', value: null, type, typmod: -1, location };
  return {
    kind: 'case',
    operand: null,
    branches: [{ when, then }],
    otherwise: row,
    type,
    typmod: -1,
    location,
  };
}

function isNeverNull(item: NamespaceItem, column: ScopeColumn): boolean {
  if (item.table === null || column.relationId !== item.table.id || column.position < 0) return false;
  return item.table.columns[column.position]?.notNull === true;
}

/** A whole row of a table or view has the relation's own type. */
function relationType(level: Level, item: NamespaceItem, width: number): SqlType | null {
  if (item.relationId < 0) return null;
  const type = level.state.env.catalog.userType(item.relationId);
  return type?.fields?.length === width ? type : null;
}

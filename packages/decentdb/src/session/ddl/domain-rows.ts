/** Rows that are there, against a constraint a domain is to get. */
import { DecentDbError } from '../../base/errors.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { filter } from '../../sql/bind/select.ts';
import { bindStoredCheck } from '../../sql/bind/stored-expressions.ts';
import { boolType } from '../../types/bool-type.ts';
import type { DdlContext } from './context.ts';
import { renameInExpression } from './renamed-texts.ts';
import { anyRow, columnOfRead, readTable, type TableRead } from './storage.ts';

/** 23514 when a column of the domain holds a value the check (over VALUE) refuses; 23502 for NULL when `checkSql` is null. */
export function checkDomainRows(
  ctx: DdlContext,
  domainId: number,
  checkSql: string | null,
  location: number,
): void {
  for (const table of ctx.catalog.tables.values())
    for (const [position, column] of table.columns.entries()) {
      if (column.isDropped) continue;
      if (column.type.elementType?.oid === domainId)
        throw bindNotSupported('a new constraint on a domain that columns use in arrays', location);
      if (column.type.oid === domainId) checkColumn(ctx, table, position, checkSql);
    }
}

function checkColumn(ctx: DdlContext, table: TableDef, position: number, checkSql: string | null): void {
  const read = readTable(ctx, table);
  const name = table.columns[position]?.name ?? '';
  const broken = checkSql === null ? isNull(read, table, position) : isFalse(read, table, name, checkSql);
  if (!anyRow(ctx, filter(read.node, broken))) return;
  throw checkSql === null
    ? new DecentDbError('23502', `column "${name}" of table "${table.name}" contains null values`)
    : new DecentDbError(
        '23514',
        `column "${name}" of table "${table.name}" contains values that violate the new constraint`,
      );
}

const bool = { type: boolType, typmod: -1, location: -1 } as const;

function isNull(read: TableRead, table: TableDef, position: number): Expr {
  return { kind: 'isNull', arg: columnOfRead(read, table, position), negated: false, isRow: false, ...bool };
}

function isFalse(read: TableRead, table: TableDef, name: string, checkSql: string): Expr {
  const arg = bindStoredCheck(read.state, table, renameInExpression(checkSql, 'value', name), read.row);
  return { kind: 'booleanTest', arg, test: 'false', negated: false, ...bool };
}

/** Rows that are there, against a constraint a domain is to get. */
import { DecentDbError } from '../../base/errors.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import { bindError } from '../../sql/bind/errors.ts';
import { filter } from '../../sql/bind/select.ts';
import { bindStoredCheck } from '../../sql/bind/stored-expressions.ts';
import { boolType } from '../../types/bool-type.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
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
      if (isOver(column.type, domainId)) checkColumn(ctx, table, position, checkSql);
      else if (holds(column.type, domainId)) throw inParts(ctx, table, column.name, domainId, location);
    }
}

/** Whether the type is the domain, or a domain over it. */
function isOver(type: SqlType, domainId: number): boolean {
  return type.oid === domainId || (type.kind === 'domain' && isOver(type.baseType as SqlType, domainId));
}

/** Whether values of the type have values of the domain in them: as elements, as fields. */
function holds(type: SqlType, domainId: number): boolean {
  const { elementType, fields } = domainBase(type);
  const isPart = (part: SqlType): boolean => isOver(part, domainId) || holds(part, domainId);
  return (
    (elementType !== null && isPart(elementType)) || (fields?.some((field) => isPart(field.type)) ?? false)
  );
}

function inParts(
  ctx: DdlContext,
  table: TableDef,
  column: string,
  domainId: number,
  location: number,
): Error {
  const domain = ctx.catalog.types.get(domainId)?.name ?? '';
  return bindError(
    '0A000',
    `cannot alter type "${domain}" because column "${table.name}.${column}" uses it`,
    location,
  );
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

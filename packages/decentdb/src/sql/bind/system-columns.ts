/**
 * System columns of stored tables: tableoid, and xmax, which is 0 for a row that no transaction is changing.
 *
 * The others (xmin, cmin, cmax, ctid) name places and transactions that do not exist here.
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { boolType } from '../../types/bool-type.ts';
import { Oid } from '../../types/oids.ts';
import { typeByOid } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { constant } from './constants.ts';
import { rowColumn } from './dml-target.ts';

const oidType = typeByOid(Oid.oid) as SqlType;
const xidType = typeByOid(Oid.xid) as SqlType;

/** The system column of a table (0: of a system view), or null when it has none of that name. */
export function systemColumn(tableId: number, name: string): Expr | null {
  if (name === 'tableoid') return constant(tableId, oidType, -1);
  return name === 'xmax' ? constant(0, xidType, -1) : null;
}

/**
 * The same in RETURNING of INSERT ... ON CONFLICT: xmax is 0 for an inserted row and 1 for one that was there and updated,
 * which is how statements ask what happened.
 */
export function upsertSystemColumn(table: TableDef, oldRow: readonly ColumnId[], name: string): Expr | null {
  if (name !== 'xmax') return systemColumn(table.id, name);
  const sure = table.columns.findIndex((column) => column.notNull && !column.isDropped);
  const positions = sure >= 0 ? [sure] : table.columns.flatMap((column, i) => (column.isDropped ? [] : [i]));
  const base = { type: boolType, typmod: -1, location: -1 };
  const tests = positions.map((position): Expr => {
    const arg = rowColumn(table, oldRow, position);
    return { kind: 'isNull', arg, negated: false, isRow: false, ...base };
  });
  const [only] = tests;
  if (only === undefined) return systemColumn(table.id, name);
  const when: Expr = tests.length === 1 ? only : { kind: 'and', args: tests, ...base };
  const branches = [{ when, then: constant(0, xidType, -1) }];
  return {
    kind: 'case',
    operand: null,
    branches,
    otherwise: constant(1, xidType, -1),
    type: xidType,
    typmod: -1,
    location: -1,
  };
}

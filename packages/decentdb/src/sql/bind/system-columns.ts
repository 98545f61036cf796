/**
 * System columns of stored tables: tableoid, ctid, and xmax, which is 0 for a row that no transaction is changing.
 *
 * I1  ctid is the row id, written as the pair (row id / 65536, row id % 65536): it names the same row for life, an UPDATE included
 *     (PostgreSQL's names a place, which an UPDATE leaves).
 * I2  A statement that asks for ctid is bound anew with the row id in each of its scans: all others are spared the column.
 *
 * The others (xmin, cmin, cmax) name transactions that do not exist here.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { fn } from '../../functions/define.ts';
import type { OutputColumn } from '../../plan/logical.ts';
import { boolType } from '../../types/bool-type.ts';
import { tidType } from '../../types/hex-types.ts';
import { Oid } from '../../types/oids.ts';
import { typeByOid } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { constant } from './constants.ts';
import { rowColumn } from './dml-target.ts';
import { columnExpr } from './state.ts';

const oidType = typeByOid(Oid.oid) as SqlType;
const xidType = typeByOid(Oid.xid) as SqlType;

/** Thrown when a statement turns out to need the row ids of its scans (I2). */
export class RowIdsNeeded extends Error {}

/**
 * The system column of a table (0: of a system view), or null when it has none of that name. `rowId`: the scan's row id, null when
 * it was left out, undefined where there is none.
 */
export function systemColumn(tableId: number, name: string, rowId?: OutputColumn | null): Expr | null {
  if (name === 'tableoid') return constant(tableId, oidType, -1);
  if (name === 'ctid' && rowId !== undefined) {
    if (rowId === null) throw new RowIdsNeeded();
    const args = [columnExpr(rowId, -1)];
    return { kind: 'call', fn: tidOfRow, args, type: tidType, typmod: -1, location: -1 };
  }
  return name === 'xmax' ? constant(0, xidType, -1) : null;
}

const TID_BITS = 48;

const tidOfRow = fn(
  'ctid',
  [Oid.int8],
  Oid.tid,
  (_context, rowId: number | bigint) => {
    const id = BigInt(rowId);
    if (id < 0n || id >> BigInt(TID_BITS) !== 0n)
      throw new DecentDbError('22003', `ctid of the row with key ${id} is out of range for type tid`, {
        hint: 'Use the key itself: it names the row.',
      });
    return id.toString(16).padStart(TID_BITS / 4, '0');
  },
  'Row id as a tid.',
  null,
);

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

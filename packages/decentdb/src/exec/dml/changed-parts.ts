/**
 * The rows an UPDATE or DELETE found, table by table: one part for a plain table, one for each descendant that has some.
 *
 * I1  Each row is in one part, once, however often a join found it; rows another part of the statement changed are left out.
 */
import { assert } from '../../base/assert.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import type { RowShape, WriteTarget } from '../physical.ts';
import { datumAt, gather } from '../vectors.ts';
import { aftermathOf } from './aftermath.ts';
import type { ForeignKeyEnforcer } from './foreign-keys.ts';
import { conformed, rowIdType } from './row-batch.ts';
import { shapeOf, withViewChecks } from './row-shape.ts';

export interface ChangedPart {
  readonly target: WriteTarget;
  readonly enforcer: ForeignKeyEnforcer | null;
  /** How its rows are rows of the table named; null: they are. */
  readonly shape: RowShape | null;
  /** Positions of its rows. */
  readonly rows: Int32Array;
}

/** A descendant as a target, with what its changes need. */
export function memberOf(
  named: WriteTarget,
  tableId: number,
  context: ExecContext,
): Omit<ChangedPart, 'rows'> {
  const { services } = context.statement;
  assert(services !== null, 'descendants are changed where the session gives write targets');
  const there = services.writeTarget(tableId);
  const shape = tableId === named.table.id ? null : shapeOf(named.table, there.table);
  const target = withViewChecks(named, there, shape);
  return { target, enforcer: aftermathOf(context).enforcerFor(target), shape };
}

/** `tableIds` null: all rows are the named table's. */
export function partsOf(
  named: WriteTarget,
  rowIds: Vector,
  tableIds: Vector | null,
  count: number,
  context: ExecContext,
): ChangedPart[] {
  if (tableIds === null) {
    const enforcer = aftermathOf(context).enforcerFor(named);
    return [
      { target: named, enforcer, shape: null, rows: unchanged(named.table, rowIds, null, count, context) },
    ];
  }
  const byTable = new Map<number, number[]>();
  for (let row = 0; row < count; row++) {
    const id = datumAt(tableIds, row);
    if (id === null) continue;
    const list = byTable.get(id as number);
    if (list === undefined) byTable.set(id as number, [row]);
    else list.push(row);
  }
  return [...byTable].map(([id, list]): ChangedPart => {
    const member = memberOf(named, id, context);
    const own = Int32Array.from(list);
    const ids = gather(rowIds, own, own.length);
    return { ...member, rows: unchanged(member.target.table, ids, own, own.length, context) };
  });
}

/** Positions of the first row of each row id, without rows another part of the statement has changed; those it takes. */
function unchanged(
  table: TableDef,
  given: Vector,
  positions: Int32Array | null,
  count: number,
  context: ExecContext,
): Int32Array {
  const rowIds = conformed(given, rowIdType(table).physical, count);
  let rows = firstOfEach(rowIds, count, table);
  const changed = context.statement.changedIn(table.id);
  if (changed !== null)
    rows = rows.filter((row) => {
      const id = datumAt(rowIds, row);
      return !changed.has(id) && changed.add(id);
    });
  return positions === null ? rows : rows.map((row) => positions[row]!);
}

/** Positions of the first row of each row id; NULL row ids are left out. */
function firstOfEach(rowIds: Vector, count: number, table: TableDef): Int32Array {
  const encoder = new KeyEncoder([rowIdType(table)]);
  const fresh = new Int32Array(count);
  const codes = encoder.encode([rowIds], null, count, true);
  const freshCount = new GroupTable(1).insert(codes, count, new Int32Array(count), fresh);
  return fresh.subarray(0, freshCount).filter((row) => datumAt(rowIds, row) !== null);
}

export function datumsOf(vector: Vector, count: number): Datum[] {
  return Array.from({ length: count }, (_, i) => datumAt(vector, i));
}

/**
 * The rows an UPDATE or DELETE found, table by table: one part for a plain table, one for each descendant that has some.
 *
 * I1  Each row is in one part; rows another part of the statement changed are left out.
 */
import { assert } from '../../base/assert.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import type { RowShape, WriteTarget } from '../physical.ts';
import { datumAt } from '../vectors.ts';
import { aftermathOf } from './aftermath.ts';
import type { ForeignKeyEnforcer } from './foreign-keys.ts';
import { shapeOf, withViewChecks } from './row-shape.ts';

/** Rows by number, ascending. */
export interface PartRows {
  readonly length: number;
  /** Their numbers, `size` at a time. */
  batches(size: number): Iterable<Int32Array>;
}

export interface ChangedPart {
  readonly target: WriteTarget;
  readonly enforcer: ForeignKeyEnforcer | null;
  /** How its rows are rows of the table named; null: they are. */
  readonly shape: RowShape | null;
  /** Its rows among those kept. */
  readonly rows: PartRows;
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

export function datumsOf(vector: Vector, count: number): Datum[] {
  return Array.from({ length: count }, (_, i) => datumAt(vector, i));
}

/**
 * Rows of a table in row layout (one column a table column, then the row id), as dense vectors.
 */
import type { TableDef } from '../../catalog/schema.ts';
import { int8Type } from '../../types/integer-types.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum, Physical, Vector } from '../../types/vector.ts';
import { ColumnStore } from '../column-store.ts';
import type { Slot } from '../physical.ts';
import { datumAt } from '../vectors.ts';

/** Type of a table's row ids. */
export function rowIdType(table: TableDef): SqlType {
  return table.columns[table.rowIdColumn]?.type ?? int8Type;
}

/** Slots of a table's row layout. */
export function layoutSlots(table: TableDef): Slot[] {
  const slots: Slot[] = table.columns.map((column) => ({ type: column.type, typmod: column.typmod }));
  slots.push({ type: rowIdType(table), typmod: -1 });
  return slots;
}

/** Table columns of the row layout for a fetch: every column, then the row id. */
export function layoutColumns(table: TableDef): number[] {
  return [...table.columns.map((_, i) => i), -1];
}

/** The vector with exactly this physical kind: expressions may hand over a narrower one (int4 for int8). */
export function conformed(vector: Vector, physical: Physical, count: number): Vector {
  if (vector.physical === physical) return vector;
  const store = new ColumnStore(physical, Math.max(count, 1));
  store.appendRows(vector, null, 0, count);
  return store.vector();
}

/** Reads row i of vectors column by column. */
export function rowReader(vectors: readonly Vector[], row: number): (column: number) => Datum {
  return (column) => datumAt(vectors[column]!, row);
}

/** Vectors of single datum rows. */
export function vectorsOfRows(slots: readonly Slot[], rows: readonly (readonly Datum[])[]): Vector[] {
  return slots.map((slot, k) => {
    const store = new ColumnStore(slot.type.physical, Math.max(rows.length, 1));
    for (const row of rows) store.append(row[k] ?? null);
    return store.vector();
  });
}

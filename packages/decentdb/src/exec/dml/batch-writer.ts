/**
 * New rows written a batch at a time: the table's tree takes them as a run, each index its entries in the order of the index.
 *
 * I1  Only where rows cannot meet each other: no unique index, no triggers, row ids that ascend. Otherwise row by row.
 * I2  A row id that is taken is found before anything is written to an index; the statement's savepoint takes the rows back.
 */

import type { WriteView } from '../../txn/page-view.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import type { WriteTarget } from '../physical.ts';
import type { OrderColumn } from '../sort/key-order.ts';
import { sortRows } from '../sort/sort-rows.ts';
import { isPlainText } from '../type-traits.ts';
import { dataOf, datumAt, gather, nullVector } from '../vectors.ts';
import type { IndexValues, IndexWriter } from './index-writer.ts';
import { conformed, rowIdType } from './row-batch.ts';
import { type PreparedRows, rowIdViolation, type TableWriter } from './table-writer.ts';

/** Batches smaller than this are not worth sorting. */
const BATCH_ROWS_MIN = 8;

/** Whether rows of this table may be written in batches at all. */
export function takesBatches(target: WriteTarget): boolean {
  return target.table.triggers.length === 0 && target.indexes.every(({ index }) => !index.unique);
}

/** Writes rows 0..count-1, if they ascend; false: nothing was done. Throws 23505 for a row id that is taken. */
export function writeBatch(writer: TableWriter, view: WriteView, rows: PreparedRows, count: number): boolean {
  const { table, tree } = writer;
  const rowIds = rows.vectors[table.columns.length]!;
  if (count < BATCH_ROWS_MIN || !ascends(rowIds, count)) return false;
  const stored: Vector[] = new Array<Vector>(tree.schema.leaf.length);
  stored[0] = conformed(rowIds, tree.schema.leaf[0]!.physical, count);
  for (let column = 0; column < table.columns.length; column++) {
    if (column === table.rowIdColumn) continue;
    const position = writer.positions[column]!;
    const { physical } = tree.schema.leaf[position]!;
    const isVirtual = table.columns[column]!.generated === 'virtual';
    stored[position] = isVirtual ? nullVector(physical, count) : rows.vectors[column]!;
  }
  const taken = tree.insertBatch(view, stored, count);
  if (taken < count) throw rowIdViolation(table, datumAt(rowIds, taken));
  if (rows.failure !== null) throw rows.failure;
  writer.indexes.forEach((index, k) => {
    writeEntries(writer, index, view, rows.entries[k]!, rowIds, count);
  });
  return true;
}

function writeEntries(
  writer: TableWriter,
  index: IndexWriter,
  view: WriteView,
  values: IndexValues,
  rowIds: Vector,
  count: number,
): void {
  const columns = index.tree === null ? null : entryOrder(writer, index, values, rowIds);
  if (columns === null || index.tree === null) {
    for (let i = 0; i < count; i++) {
      if (index.covers(values, i)) index.insert(index.entry(values, i, datumAt(rowIds, i)));
    }
    return;
  }
  const { covered } = values;
  let order = sortRows(columns, count);
  if (covered !== null) order = order.filter((row) => covered[row] === 1);
  const specs = index.tree.schema.leaf;
  const vectors = columns.map((column, i) =>
    conformed(gather(column.vector, order, order.length), specs[i]!.physical, order.length),
  );
  const done = index.tree.insertBatch(view, vectors, order.length);
  if (done < order.length) throw index.takenEntry();
}

/** The entries' columns as sort keys; null when sorting them is not known to give the order of the tree. */
function entryOrder(
  writer: TableWriter,
  index: IndexWriter,
  values: IndexValues,
  rowIds: Vector,
): OrderColumn[] | null {
  const { keys, include } = index.index;
  const types = [
    ...index.target.keys.map((key) => key.type),
    ...include.map((column) => writer.table.columns[column]!.type),
    rowIdType(writer.table),
  ];
  const vectors = [...values.vectors, rowIds];
  const columns: OrderColumn[] = [];
  for (let i = 0; i < types.length; i++) {
    const type = types[i]!;
    const { physical } = type;
    const isSimple =
      physical === Physical.int32 ||
      physical === Physical.int64 ||
      physical === Physical.uuid ||
      (physical === Physical.text && isPlainText(type));
    if (!isSimple) return null;
    columns.push({
      vector: vectors[i]!,
      type,
      descending: keys[i]?.descending ?? false,
      nullsFirst: keys[i]?.nullsFirst ?? false,
    });
  }
  return columns;
}

function ascends(rowIds: Vector, count: number): boolean {
  const values = dataOf(rowIds);
  if (rowIds.nulls !== null || !(values instanceof Int32Array || values instanceof Float64Array))
    return false;
  for (let i = 1; i < count; i++) if (!(values[i]! > values[i - 1]!)) return false;
  return true;
}

/**
 * New rows written a batch at a time: the table's tree takes them as a run, each index its entries in the order of the index.
 *
 * I1  Only where rows do not meet each other: no triggers, row ids that ascend, no key of a unique index that is taken or comes
 *     twice. Otherwise row by row, which finds the row to blame.
 * I2  A row id that is taken is found before anything is written to an index; the statement's savepoint takes the rows back.
 */

import { estimateRows } from '../../tree/range-estimate.ts';
import { hasTakenKey } from '../../tree/taken-keys.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Vector } from '../../types/vector.ts';
import type { WriteTarget } from '../physical.ts';
import type { OrderColumn } from '../sort/key-order.ts';
import { sortRows } from '../sort/sort-rows.ts';
import { sortsAsStored } from '../type-traits.ts';
import { dataOf, datumAt, gather, nullVector } from '../vectors.ts';
import type { IndexValues, IndexWriter } from './index-writer.ts';
import { conformed, rowIdType } from './row-batch.ts';
import { type PreparedRows, rowIdViolation, type TableWriter } from './table-writer.ts';

/** Batches smaller than this are not worth sorting. */
const BATCH_ROWS_MIN = 8;

/** Rows of a unique index for each new key, beyond which keys are looked for one by one, each together with its insert. */
const ROWS_PER_KEY_MAX = 128;

/** Whether rows of this table may be written in batches at all. */
export function takesBatches(target: WriteTarget): boolean {
  return target.table.triggers.length === 0;
}

/** Writes rows 0..count-1, if they ascend; false: nothing was done. Throws 23505 for a row id that is taken. */
export function writeBatch(writer: TableWriter, view: WriteView, rows: PreparedRows, count: number): boolean {
  const { table, tree } = writer;
  const rowIds = rows.vectors[table.columns.length]!;
  if (count < BATCH_ROWS_MIN || !ascends(rowIds, count)) return false;
  if (!isDense(writer, view, count)) return false;
  const entries = writer.indexes.map((index, k) =>
    sortedEntries(writer, index, rows.entries[k]!, rowIds, count),
  );
  for (const [k, index] of writer.indexes.entries())
    if (index.index.unique && mayConflict(index, view, entries[k]!)) return false;
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
    const sorted = entries[k]!;
    if (sorted === null) writeEach(index, rows.entries[k]!, rowIds, count);
    else writeSorted(index, view, sorted);
  });
  return true;
}

/** Whether keys that must be unique are many enough to be looked for together: in each leaf of the index there are some. */
function isDense(writer: TableWriter, view: WriteView, count: number): boolean {
  for (const { index, tree } of writer.indexes)
    if (index.unique && tree !== null && estimateRows(tree, view) > count * ROWS_PER_KEY_MAX) return false;
  return true;
}

/** Entries of a batch in the order of their index. */
interface SortedEntries {
  readonly vectors: readonly Vector[];
  readonly count: number;
}

/** Whether a key is taken, or comes twice; true also where that is not known. */
function mayConflict({ index, tree }: IndexWriter, view: WriteView, sorted: SortedEntries | null): boolean {
  if (sorted === null || tree === null) return true;
  const width = index.keys.length;
  const { nullsNotDistinct: nullsEqual } = index;
  return hasTakenKey(tree, view, sorted.vectors, sorted.count, { width, nullsEqual });
}

function writeEach(index: IndexWriter, values: IndexValues, rowIds: Vector, count: number): void {
  for (let i = 0; i < count; i++)
    if (index.covers(values, i)) index.insert(index.entry(values, i, datumAt(rowIds, i)));
}

function writeSorted(index: IndexWriter, view: WriteView, { vectors, count }: SortedEntries): void {
  const done = index.tree!.insertBatch(view, vectors, count);
  if (done < count) throw index.takenEntry();
}

/** Null: the order of the index is not known here. */
function sortedEntries(
  writer: TableWriter,
  index: IndexWriter,
  values: IndexValues,
  rowIds: Vector,
  count: number,
): SortedEntries | null {
  const columns = index.tree === null ? null : entryOrder(writer, index, values, rowIds);
  if (columns === null || index.tree === null) return null;
  const { covered } = values;
  let order = sortRows(columns, count);
  if (covered !== null) order = order.filter((row) => covered[row] === 1);
  const specs = index.tree.schema.leaf;
  const vectors = columns.map((column, i) =>
    conformed(gather(column.vector, order, order.length), specs[i]!.physical, order.length),
  );
  return { vectors, count: order.length };
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
    if (!sortsAsStored(type)) return null;
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

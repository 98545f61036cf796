/**
 * Building an index over integer columns straight from its table's leaves: values are taken column by column, sorted as numbers
 * and appended. What is not so plain (expressions, predicates, NULLs, other types, too many rows to sort in memory) is left to
 * the plan that every index can be built by.
 *
 * I1  The tree gets the same entries in the same order as from the plan, or nothing at all.
 */
import { assert } from '../../base/assert.ts';
import { type IndexDef, storedPosition, type TableDef } from '../../catalog/schema.ts';
import { BulkBuilder } from '../../tree/bulk-builder.ts';
import { sortKeyRows } from '../../tree/sort-key-rows.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { indexTree, tableTree } from '../storage/stored-trees.ts';

/** Rows sorted in memory: with three columns some 200 MB while it lasts. */
const ROWS_MAX = 4_000_000;
const ROWS_FIRST = 4096;
/** Rows appended between two chances for the view to give up memory. */
const ROWS_BETWEEN_RELIEF = 4096;

/** Fills the index's empty tree. False, and nothing done: the index is not of this kind, or breaks its uniqueness. */
export function buildIntIndex(view: WriteView, table: TableDef, index: IndexDef): boolean {
  const positions = plainPositions(table, index);
  if (positions === null) return false;
  const gathered = gather(view, table, positions);
  if (gathered === null) return false;
  const { columns, count } = gathered;
  const sorted = sortKeyRows(columns, count);
  if (index.unique && hasEqualKeys(sorted, index.keys.length, count)) return false;
  append(view, table, index, sorted, count);
  return true;
}

/** Tree positions of the index's columns, the row id last; null when they are not all plain integer columns. */
function plainPositions(table: TableDef, index: IndexDef): number[] | null {
  if (index.method !== 'btree' || index.predicateSql !== null || index.include.length > 0) return null;
  const specs = tableTree(table).schema.leaf;
  const positions: number[] = [];
  for (const { column, descending } of index.keys) {
    if (column < 0 || descending || table.columns[column]!.generated === 'virtual') return null;
    positions.push(column === table.rowIdColumn ? 0 : storedPosition(table, column));
  }
  positions.push(0);
  const isInt = (at: number): boolean =>
    specs[at]!.physical === Physical.int32 || specs[at]!.physical === Physical.int64;
  return positions.every(isInt) ? positions : null;
}

/** The columns' values; null when there is a NULL, an integer beyond 2^53, or a row too many. */
function gather(
  view: WriteView,
  table: TableDef,
  positions: readonly number[],
): { columns: Float64Array[]; count: number } | null {
  let columns: Float64Array[] = positions.map(() => new Float64Array(ROWS_FIRST));
  let count = 0;
  const cursor = new TreeCursor(tableTree(table), view);
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    const { from, to } = cursor;
    const rows = to - from;
    if (count + rows > ROWS_MAX) return null;
    if (count + rows > columns[0]!.length) columns = columns.map((values) => grown(values, count + rows));
    for (let c = 0; c < positions.length; c++) {
      const { values, nulls } = cursor.vector(positions[c]!);
      const firstNull = nulls === null ? -1 : nulls.indexOf(1, from);
      if (firstNull >= 0 && firstNull < to) return null;
      if (!(values instanceof Int32Array || values instanceof Float64Array)) return null;
      columns[c]!.set(values.subarray(from, to), count);
    }
    count += rows;
  }
  return { columns, count };
}

function grown(values: Float64Array, needed: number): Float64Array {
  const larger = new Float64Array(Math.max(needed, values.length * 2));
  larger.set(values);
  return larger;
}

function hasEqualKeys(columns: readonly Float64Array[], width: number, count: number): boolean {
  for (let i = 1; i < count; i++) {
    let isEqual = true;
    for (let c = 0; c < width && isEqual; c++) isEqual = columns[c]![i] === columns[c]![i - 1];
    if (isEqual) return true;
  }
  return false;
}

function append(
  view: WriteView,
  table: TableDef,
  index: IndexDef,
  columns: readonly Float64Array[],
  count: number,
): void {
  const tree = indexTree(table, index);
  const builder = new BulkBuilder(tree, view);
  for (let from = 0; from < count; from += ROWS_BETWEEN_RELIEF) {
    const to = Math.min(count, from + ROWS_BETWEEN_RELIEF);
    const vectors = columns.map((values, c): Vector => {
      const part = values.subarray(from, to);
      return tree.schema.leaf[c]!.physical === Physical.int32
        ? { physical: Physical.int32, values: Int32Array.from(part), nulls: null }
        : { physical: Physical.int64, values: part, nulls: null };
    });
    const added = builder.addBatch(vectors, to - from, true);
    assert(added === to - from, 'entries of an index that is built are sorted and different');
    view.relieve();
  }
}

/**
 * Building an index over integer columns straight from its table's leaves: values are taken column by column, sorted as numbers
 * and written into the index's leaves. What is not so plain (expressions, predicates, NULLs, other types) is left to the plan
 * that every index can be built by. A table too large to be sorted at once is read several times, part by part of the keys (int-parts.ts).
 *
 * I1  The tree gets the same entries in the same order as from the plan, or nothing at all.
 */
import { type IndexDef, storedPosition, type TableDef } from '../../catalog/schema.ts';
import { BuildMemory } from '../../tree/build-memory.ts';
import { sortKeyRows } from '../../tree/sort-key-rows.ts';
import { IntRun } from '../../tree/sorted-run.ts';
import { SortedTreeBuilder } from '../../tree/sorted-tree-builder.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { Physical } from '../../types/vector.ts';
import { indexTree, tableTree } from '../storage/stored-trees.ts';
import type { BuildWatch } from './build-watch.ts';
import { addDigits, CODE_MAX, type Ints, radixSort, rangeOf, takeDigits } from './int-codes.ts';
import { buildIntParts } from './int-parts.ts';

/** Rows sorted at once: with three columns some 200 MB while it lasts. */
const ROWS_MAX = 4_000_000;
/** Of a table of more: with the memory that builds share (build-memory.ts). */
const PART_ROWS = 3_000_000;
/** What sorting takes: code and row id of each row, both twice; the values of its keys. */
const BYTES_PER_ROW = 24;
const BYTES_PER_KEY = 8;

/** Fills the index's empty tree. False, and nothing done: the index is not of this kind, or breaks its uniqueness. */
export function buildIntIndex(
  view: WriteView,
  table: TableDef,
  index: IndexDef,
  watch: BuildWatch,
  rowsMax: number = ROWS_MAX,
): boolean {
  const { checkCancel } = watch;
  const positions = plainPositions(table, index);
  if (positions === null) return false;
  if (tableTree(table).rowCount(view) > rowsMax)
    return buildIntParts({ view, table, index, positions, watch, rowsMax: Math.min(rowsMax, PART_ROWS) });
  const parts = gather(view, table, positions, checkCancel);
  if (parts === null) return false;
  const count = parts[0]!.reduce((sum, values) => sum + values.length, 0);
  const memory = new BuildMemory(count * (BYTES_PER_ROW + BYTES_PER_KEY * index.keys.length));
  try {
    const sorted = sortByKey(parts, count, memory, checkCancel) ?? sortKeyRows(parts.map(doublesOf), count);
    checkCancel();
    if (index.unique && hasEqualKeys(sorted, index.keys.length, count)) return false;
    const builder = new SortedTreeBuilder(indexTree(table, index), view);
    const last = sorted.length - 1;
    builder.append(
      sorted.map((values, c) => new IntRun(values, c === last ? 1 : 0)),
      count,
    );
    builder.finish();
    return true;
  } finally {
    memory.release();
  }
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

/** The columns' values, leaf by leaf; null when there is a NULL, or an integer beyond 2^53. */
function gather(
  view: WriteView,
  table: TableDef,
  positions: readonly number[],
  checkCancel: () => void,
): Ints[][] | null {
  const parts: Ints[][] = positions.map(() => []);
  const cursor = new TreeCursor(tableTree(table), view);
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    checkCancel();
    const { from, to } = cursor;
    for (let c = 0; c < positions.length; c++) {
      const { values, nulls } = cursor.vector(positions[c]!);
      const firstNull = nulls === null ? -1 : nulls.indexOf(1, from);
      if (firstNull >= 0 && firstNull < to) return null;
      if (!(values instanceof Int32Array || values instanceof Float64Array)) return null;
      // No copy: nothing changes the table's leaves meanwhile.
      parts[c]!.push(values.subarray(from, to));
    }
  }
  return parts;
}

function doublesOf(parts: readonly Ints[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, values) => sum + values.length, 0));
  let at = 0;
  for (const values of parts) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}

function roomFor(parts: readonly Ints[], count: number, memory: BuildMemory): Ints {
  const isNarrow = parts.every((values) => values instanceof Int32Array);
  return isNarrow ? memory.int32s(count) : memory.float64s(count);
}

/**
 * The columns sorted by all but the last one, which ascends already: rows come in the order of their ids. Null where the leading
 * columns do not go into codes of 32 bits.
 */
function sortByKey(
  columns: readonly Ints[][],
  count: number,
  memory: BuildMemory,
  checkCancel: () => void,
): Ints[] | null {
  const last = columns.length - 1;
  const ranges = columns.slice(0, last).map(rangeOf);
  const codeMax = ranges.reduce((product, { span }) => product * span, 1);
  if (codeMax > CODE_MAX) return null;
  const unsorted = memory.uint32s(count).fill(0);
  for (const [c, { min, span }] of ranges.entries()) addDigits(unsorted, columns[c]!, min, span);
  const rowIds = roomFor(columns[last]!, count, memory);
  let at = 0;
  for (const values of columns[last]!) {
    rowIds.set(values, at);
    at += values.length;
  }
  const spare = { codes: memory.uint32s(count), rowIds: roomFor(columns[last]!, count, memory) };
  const sorted = radixSort({ codes: unsorted, rowIds }, spare, count, codeMax, checkCancel);
  const keys = ranges.map((_, c) => roomFor(columns[c]!, count, memory));
  for (let c = last - 1; c >= 0; c--) takeDigits(sorted.codes, keys[c]!, count, ranges[c]!);
  return [...keys, sorted.rowIds];
}

function hasEqualKeys(columns: readonly Ints[], width: number, count: number): boolean {
  for (let i = 1; i < count; i++) {
    let isEqual = true;
    for (let c = 0; c < width && isEqual; c++) isEqual = columns[c]![i] === columns[c]![i - 1];
    if (isEqual) return true;
  }
  return false;
}

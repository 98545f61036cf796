/**
 * Building an index over integer columns straight from its table's leaves: values are taken column by column, sorted as numbers
 * and written into the index's leaves. What is not so plain (expressions, predicates, NULLs, other types, too many rows to
 * sort in memory) is left to the plan that every index can be built by.
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

/** Rows sorted in memory: with three columns some 200 MB while it lasts. */
const ROWS_MAX = 4_000_000;
/** What sorting takes: code and two numbers of each row; each of its columns twice. */
const BYTES_PER_ROW = 12;
const BYTES_PER_CELL = 16;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const CODE_MAX = 2 ** 32;

type Ints = Int32Array | Float64Array;

/** Fills the index's empty tree. False, and nothing done: the index is not of this kind, or breaks its uniqueness. */
export function buildIntIndex(view: WriteView, table: TableDef, index: IndexDef): boolean {
  const positions = plainPositions(table, index);
  if (positions === null) return false;
  const parts = gather(view, table, positions);
  if (parts === null) return false;
  const count = parts[0]!.reduce((sum, values) => sum + values.length, 0);
  const memory = new BuildMemory(count * (BYTES_PER_ROW + BYTES_PER_CELL * positions.length));
  try {
    const columns = parts.map((values) => joined(values, count, memory));
    const sorted = sortByKey(columns, count, memory) ?? sortKeyRows(columns.map(doublesOf), count);
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

/** The columns' values, leaf by leaf; null when there is a NULL, an integer beyond 2^53, or a row too many. */
function gather(view: WriteView, table: TableDef, positions: readonly number[]): Ints[][] | null {
  const parts: Ints[][] = positions.map(() => []);
  let count = 0;
  const cursor = new TreeCursor(tableTree(table), view);
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    const { from, to } = cursor;
    count += to - from;
    if (count > ROWS_MAX) return null;
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

function joined(parts: readonly Ints[], count: number, memory: BuildMemory): Ints {
  const isNarrow = parts.every((values) => values instanceof Int32Array);
  const all = isNarrow ? memory.int32s(count) : memory.float64s(count);
  let at = 0;
  for (const values of parts) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}

function doublesOf(values: Ints): Float64Array {
  return values instanceof Float64Array ? values : Float64Array.from(values);
}

/**
 * The columns sorted by all but the last one, which ascends already: rows come in the order of their ids. Null where the leading
 * columns do not go into codes of 32 bits.
 */
function sortByKey(columns: readonly Ints[], count: number, memory: BuildMemory): Ints[] | null {
  const codes = memory.uint32s(count).fill(0);
  let codeMax = 1;
  for (let c = 0; c < columns.length - 1; c++) {
    const values = columns[c]!;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    const span = Math.max(1, max - min + 1);
    codeMax *= span;
    if (codeMax > CODE_MAX) return null;
    for (let i = 0; i < count; i++) codes[i] = codes[i]! * span + (values[i]! - min);
  }
  const order = radixOrder(codes, count, codeMax, memory);
  return columns.map((values) => {
    const sorted = values instanceof Int32Array ? memory.int32s(count) : memory.float64s(count);
    for (let i = 0; i < count; i++) sorted[i] = values[order[i]!]!;
    return sorted;
  });
}

/** Numbers of the rows in the order of their codes, all below `codeMax`; stable. */
function radixOrder(codes: Uint32Array, count: number, codeMax: number, memory: BuildMemory): Int32Array {
  let order = memory.int32s(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let next = memory.int32s(count);
  const counts = new Int32Array(DIGITS);
  for (let shift = 0; codeMax > 2 ** shift; shift += DIGIT_BITS) {
    counts.fill(0);
    for (let i = 0; i < count; i++) counts[(codes[i]! >>> shift) & (DIGITS - 1)]!++;
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const size = counts[digit]!;
      counts[digit] = start;
      start += size;
    }
    for (let i = 0; i < count; i++) {
      const row = order[i]!;
      next[counts[(codes[row]! >>> shift) & (DIGITS - 1)]!++] = row;
    }
    [order, next] = [next, order];
  }
  return order;
}

function hasEqualKeys(columns: readonly Ints[], width: number, count: number): boolean {
  for (let i = 1; i < count; i++) {
    let isEqual = true;
    for (let c = 0; c < width && isEqual; c++) isEqual = columns[c]![i] === columns[c]![i - 1];
    if (isEqual) return true;
  }
  return false;
}

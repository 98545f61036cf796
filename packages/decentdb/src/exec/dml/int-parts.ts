/**
 * Building an index over integer columns of a table that is too large to be sorted at once. The table is read several times: for the
 * ranges of its columns, for how many rows there are of each part of the keys' codes, and then for the rows of some parts at a time, which
 * are sorted and written behind those before.
 *
 * I1  The tree gets the same entries in the same order as from the plan. When this gives up nothing has been written.
 */
import { assert } from '../../base/assert.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import { BuildMemory } from '../../tree/build-memory.ts';
import { IntRun } from '../../tree/sorted-run.ts';
import { SortedTreeBuilder } from '../../tree/sorted-tree-builder.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { indexTree, tableTree } from '../storage/stored-trees.ts';
import type { BuildWatch } from './build-watch.ts';
import {
  addDigits,
  CODE_MAX,
  type Ints,
  joinedRange,
  radixSort,
  rangeOf,
  takeDigits,
  type ValueRange,
} from './int-codes.ts';

/** Parts that codes are counted by. */
const PARTS = 4096;
/** What rows of one part's code cannot be divided further may be as many times more. */
const LARGER_PARTS = 2;
/** The code of a row, twice. */
const CODE_BYTES = 8;

export interface IntBuild {
  readonly view: WriteView;
  readonly table: TableDef;
  readonly index: IndexDef;
  /** Tree positions of the index's columns, the row id last. */
  readonly positions: readonly number[];
  readonly watch: BuildWatch;
  /** Rows sorted at once. */
  readonly rowsMax: number;
}

/** Fills the index's empty tree. False, and nothing done: there are NULLs, large integers, or too many rows of like keys. */
export function buildIntParts(build: IntBuild): boolean {
  const { view, table, index } = build;
  const keyCount = index.keys.length;
  const ranges: ValueRange[] = [];
  const bytesOf = new Array<number>(keyCount + 1).fill(4);
  const isPlain = readLeaves(build, (columns) => {
    for (let c = 0; c < keyCount; c++) ranges[c] = joinedRange(ranges[c], rangeOf([columns[c]!]));
    for (let c = 0; c <= keyCount; c++) if (columns[c] instanceof Float64Array) bytesOf[c] = 8;
  });
  const codeMax = ranges.reduce((product, { span }) => product * span, 1);
  if (!isPlain || codeMax > CODE_MAX) return false;
  const parts = partsOf(build, ranges, codeMax);
  if (parts === null) return false;
  const rowsMost = Math.max(...parts.map(({ rows }) => rows));
  const rowBytes = bytesOf.reduce((sum, bytes) => sum + bytes, CODE_BYTES + bytesOf[keyCount]!);
  const memory = new BuildMemory(rowsMost * rowBytes);
  const builder = new SortedTreeBuilder(indexTree(table, index), view);
  try {
    for (const part of parts) {
      memory.clear();
      const newColumn = (c: number): Ints =>
        bytesOf[c] === 4 ? memory.int32s(part.rows) : memory.float64s(part.rows);
      const columns = sortedPart(build, ranges, part, { newColumn, memory });
      append(build, builder, columns, part.rows);
    }
  } finally {
    memory.release();
  }
  builder.finish();
  return true;
}

/** Codes from..to - 1. */
interface CodePart {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** Parts of at most so many rows that cover all codes; null where too many rows have like codes. */
function partsOf(build: IntBuild, ranges: readonly ValueRange[], codeMax: number): CodePart[] | null {
  const width = Math.ceil(codeMax / PARTS);
  const counts = new Float64Array(PARTS);
  const codes = new LeafCodes(ranges);
  readLeaves(build, (columns, count) => {
    const all = codes.of(columns, count);
    for (let i = 0; i < count; i++) counts[Math.floor(all[i]! / width)]!++;
  });
  const parts: CodePart[] = [];
  let from = 0;
  let rows = 0;
  for (let i = 0; i < PARTS; i++) {
    const more = counts[i]!;
    if (more > build.rowsMax * LARGER_PARTS) return null;
    if (rows > 0 && rows + more > build.rowsMax) {
      parts.push({ from, to: i * width, rows });
      from = i * width;
      rows = 0;
    }
    rows += more;
  }
  parts.push({ from, to: Math.max(codeMax, from + 1), rows });
  return parts;
}

/** The columns of a part's rows, in order. */
function sortedPart(
  build: IntBuild,
  ranges: readonly ValueRange[],
  { from, to, rows }: CodePart,
  { newColumn, memory }: { readonly newColumn: (c: number) => Ints; readonly memory: BuildMemory },
): Ints[] {
  const newIds = (): Ints => newColumn(ranges.length);
  const unsorted = { codes: memory.uint32s(rows), rowIds: newIds() };
  const spare = { codes: memory.uint32s(rows), rowIds: newIds() };
  const leafCodes = new LeafCodes(ranges);
  let at = 0;
  readLeaves(build, (columns, count) => {
    const all = leafCodes.of(columns, count);
    const ids = columns[columns.length - 1]!;
    for (let i = 0; i < count; i++) {
      const code = all[i]!;
      if (code < from || code >= to) continue;
      unsorted.codes[at] = code - from;
      unsorted.rowIds[at++] = ids[i]!;
    }
  });
  assert(at === rows, 'a table that is indexed stays as it was counted');
  const { codes, rowIds } = radixSort(unsorted, spare, rows, to - from, build.watch.checkCancel);
  for (let i = 0; i < rows; i++) codes[i] = codes[i]! + from;
  const keys = ranges.map((_, c) => newColumn(c));
  for (let c = ranges.length - 1; c >= 0; c--) takeDigits(codes, keys[c]!, rows, ranges[c]!);
  return [...keys, rowIds];
}

function append(
  { index, watch }: IntBuild,
  builder: SortedTreeBuilder,
  columns: readonly Ints[],
  rows: number,
): void {
  watch.checkCancel();
  const last = columns.length - 1;
  const runs = columns.map((values, c) => new IntRun(values, c === last ? 1 : 0));
  if (index.unique) {
    // Rows of equal keys have equal codes, and so are in one part.
    for (let i = 1; i < rows; i++) {
      let c = 0;
      while (c < last && runs[c]!.repeats(i)) c++;
      if (c === last) watch.onDuplicate(runs.slice(0, last).map((run) => run.datum(i)));
    }
  }
  builder.append(runs, rows);
}

/** Codes of a leaf's rows. */
class LeafCodes {
  private readonly ranges: readonly ValueRange[];
  private codes: Uint32Array = new Uint32Array(0);

  constructor(ranges: readonly ValueRange[]) {
    this.ranges = ranges;
  }

  /** Of the columns' first rows; good until the next call. */
  of(columns: readonly Ints[], count: number): Uint32Array {
    if (this.codes.length < count) this.codes = new Uint32Array(count * 2);
    this.codes.fill(0, 0, count);
    for (const [c, { min, span }] of this.ranges.entries()) addDigits(this.codes, [columns[c]!], min, span);
    return this.codes;
  }
}

/** Hands on the columns of each leaf. False, at the first leaf with a NULL or an integer beyond 2^53. */
function readLeaves(
  { view, table, positions, watch }: IntBuild,
  take: (columns: readonly Ints[], count: number) => void,
): boolean {
  const cursor = new TreeCursor(tableTree(table), view);
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    watch.checkCancel();
    const { from, to } = cursor;
    const columns: Ints[] = [];
    for (const position of positions) {
      const { values, nulls } = cursor.vector(position);
      const firstNull = nulls === null ? -1 : nulls.indexOf(1, from);
      if (firstNull >= 0 && firstNull < to) return false;
      if (!(values instanceof Int32Array || values instanceof Float64Array)) return false;
      columns.push(values.subarray(from, to));
    }
    take(columns, to - from);
  }
  return true;
}

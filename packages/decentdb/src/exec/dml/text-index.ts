/**
 * Building an index over one text column straight from its table's leaves: the column's bytes are taken as they lie in the pages,
 * sorted as bytes, and written into the index's leaves. What is not so plain (expressions, predicates, other orders, text
 * beyond Latin-1, texts too large for an index) is left to the plan that every index can be built by.
 *
 * Where the column is too large to be sorted at once, the table is read several times, each time for the texts that begin with
 * a range of two characters.
 *
 * I1  The tree gets the same entries in the same order as from the plan. When this gives up nothing has been written.
 */
import { type IndexDef, storedPosition, type TableDef } from '../../catalog/schema.ts';
import { BuildMemory } from '../../tree/build-memory.ts';
import { keyBytesMax } from '../../tree/row-fit.ts';
import { copyBytes, IntRun, TextRun, viewOf } from '../../tree/sorted-run.ts';
import { SortedTreeBuilder } from '../../tree/sorted-tree-builder.ts';
import { isLatin1, latin1Write } from '../../tree/text-bytes.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { TextSorter } from '../sort/text-sort.ts';
import { indexTree, tableTree } from '../storage/stored-trees.ts';
import { isPlainText } from '../type-traits.ts';
import type { BuildWatch } from './build-watch.ts';

/** What is sorted at once: with its codes some 60 bytes a row and the text itself. */
const ROWS_AT_ONCE = 3_000_000;
const BYTES_AT_ONCE = 96 << 20;
/** A part that shares its first two characters may be as many times larger. */
const LARGER_PARTS = 4;
const PREFIXES = 1 << 16;
const NULLS_AT_ONCE = 4096;

/** Limits of what is sorted at once; tests lower them. */
export interface TextIndexLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** Fills the index's empty tree. False, and nothing done: the index is not of this kind. */
export function buildTextIndex(
  view: WriteView,
  table: TableDef,
  index: IndexDef,
  watch: BuildWatch,
  limits: TextIndexLimits = { rows: ROWS_AT_ONCE, bytes: BYTES_AT_ONCE },
): boolean {
  const position = textPosition(table, index);
  if (position < 0) return false;
  const tree = indexTree(table, index);
  const rowIdKind = tree.schema.leaf[1]!.physical;
  if (rowIdKind !== Physical.int32 && rowIdKind !== Physical.int64) return false;
  const reader = new TextReader(view, table, position, watch.checkCancel);
  const census = new PrefixCensus(limits);
  if (!reader.read((leaf) => census.add(leaf)) || reader.longest * 2 + 16 > keyBytesMax(view.payloadBytes))
    return false;
  const parts = census.parts();
  if (parts === null || (index.unique && index.nullsNotDistinct && reader.nullRows.count > 1)) return false;
  const builder = new SortedTreeBuilder(tree, view);
  const memory = new BuildMemory(Math.max(0, ...parts.map(bytesOfPart)));
  try {
    for (const part of parts) {
      memory.clear();
      const texts = new TextPart(census, part, rowIdKind === Physical.int32, memory);
      reader.read((leaf) => texts.add(leaf));
      append(builder, texts, index.unique, watch, memory);
    }
  } finally {
    memory.release();
  }
  builder.finish();
  appendNulls(view, table, index, reader.nullRows);
  return true;
}

/** What a part takes: its texts, and of each where it lies, its row id twice, its place, what it shares with the one before. */
function bytesOfPart({ rows, bytes }: PrefixRange): number {
  return bytes + rows * (3 * 4 + 2 * 8) + 64;
}

/** Tree position of the index's only column, a text in the usual order; -1: it is another index. */
function textPosition(table: TableDef, index: IndexDef): number {
  const [key] = index.keys;
  if (index.method !== 'btree' || index.predicateSql !== null || index.include.length > 0) return -1;
  if (key === undefined || index.keys.length > 1 || key.column < 0 || key.column === table.rowIdColumn)
    return -1;
  const column = table.columns[key.column]!;
  if (key.descending || key.nullsFirst || column.generated === 'virtual') return -1;
  if (column.type.physical !== Physical.text || !isPlainText(column.type)) return -1;
  return storedPosition(table, key.column);
}

function append(
  builder: SortedTreeBuilder,
  texts: TextPart,
  isUnique: boolean,
  { onDuplicate, checkCancel }: BuildWatch,
  memory: BuildMemory,
): void {
  const { count } = texts;
  const order = texts.sorted(memory.int32s(count), checkCancel);
  const run = new TextRun(texts, order, memory.int32s(count));
  if (isUnique) {
    for (let i = 1; i < count; i++) if (run.repeats(i)) onDuplicate([run.datum(i)]);
  }
  const rowIds = texts.rowIds instanceof Int32Array ? memory.int32s(count) : memory.float64s(count);
  for (let i = 0; i < count; i++) rowIds[i] = texts.rowIds[order[i]!]!;
  builder.append([run, new IntRun(rowIds, 1)], count);
}

/** The rows whose text is NULL come behind all others, in the order they were met. */
function appendNulls(view: WriteView, table: TableDef, index: IndexDef, rows: NumberList): void {
  const tree = indexTree(table, index);
  const isNarrow = tree.schema.leaf[1]!.physical === Physical.int32;
  for (let from = 0; from < rows.count; from += NULLS_AT_ONCE) {
    const part = rows.values.slice(from, Math.min(rows.count, from + NULLS_AT_ONCE));
    const texts: Vector = {
      physical: Physical.text,
      values: new Array<string>(part.length).fill(''),
      nulls: new Uint8Array(part.length).fill(1),
    };
    const ids: Vector = isNarrow
      ? { physical: Physical.int32, values: Int32Array.from(part), nulls: null }
      : { physical: Physical.int64, values: part, nulls: null };
    tree.insertBatch(view, [texts, ids], part.length, true);
    view.relieve();
  }
}

class NumberList {
  values: Float64Array = new Float64Array(64);
  count = 0;

  push(value: number): void {
    if (this.count === this.values.length) {
      const larger = new Float64Array(this.count * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.count++] = value;
  }
}

/** Texts of one leaf as bytes, until the next one is read; text i is `offsets[i] .. offsets[i + 1]`, counted from `start`. */
interface TextLeaf {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly offsets: Int32Array;
  readonly rowIds: Int32Array | Float64Array;
  /** The slice: rows from..to, less the NULLs. */
  readonly from: number;
  readonly to: number;
  readonly nulls: Uint8Array | null;
}

/** Reads the column leaf by leaf, as often as asked. */
class TextReader {
  /** Found by the first reading. */
  longest = 0;
  readonly nullRows: NumberList = new NumberList();
  private readonly view: WriteView;
  private readonly table: TableDef;
  private readonly position: number;
  private readonly checkCancel: () => void;
  private isNoted = false;
  /** Of the leaf in hand, where its texts are not bytes already. */
  private bytes: Uint8Array = new Uint8Array(0);
  private offsets: Int32Array = new Int32Array(0);

  constructor(view: WriteView, table: TableDef, position: number, checkCancel: () => void) {
    this.view = view;
    this.table = table;
    this.position = position;
    this.checkCancel = checkCancel;
  }

  /** False when a leaf has what cannot be read so: only the first time. */
  read(take: (leaf: TextLeaf) => void): boolean {
    const isFirst = !this.isNoted;
    this.isNoted = true;
    const cursor = new TreeCursor(tableTree(this.table), this.view);
    cursor.seek(WHOLE_TREE);
    while (cursor.next()) {
      this.checkCancel();
      const leaf = this.leafOf(cursor);
      if (leaf === null) return false;
      if (isFirst) this.note(leaf);
      take(leaf);
    }
    return true;
  }

  private leafOf(cursor: TreeCursor): TextLeaf | null {
    const { from, to } = cursor;
    const leaf = cursor.leaf!;
    const { values: rowIds } = cursor.vector(0);
    if (!(rowIds instanceof Int32Array || rowIds instanceof Float64Array)) return null;
    const block = leaf.textBlock(this.position);
    if (block !== null) {
      const { bytes, start, offsets } = block;
      if (!block.isLatin1) return null;
      return { bytes, start, offsets, rowIds, from, to, nulls: block.nulls };
    }
    const { values, nulls } = cursor.vector(this.position) as Vector & { values: readonly string[] };
    const run = values.slice(from, to).join('');
    if (!isLatin1(run)) return null;
    if (this.bytes.length < run.length) this.bytes = new Uint8Array(run.length * 2);
    if (this.offsets.length <= to) this.offsets = new Int32Array(to * 2 + 1);
    const { bytes, offsets } = this;
    latin1Write(bytes, run, 0);
    offsets[from] = 0;
    for (let i = from; i < to; i++) offsets[i + 1] = offsets[i]! + values[i]!.length;
    return { bytes, start: 0, offsets, rowIds, from, to, nulls };
  }

  private note({ offsets, from, to, nulls, rowIds }: TextLeaf): void {
    let { longest } = this;
    for (let i = from; i < to; i++) {
      const length = offsets[i + 1]! - offsets[i]!;
      if (length > longest) longest = length;
      if (nulls !== null && nulls[i] !== 0) this.nullRows.push(rowIds[i]!);
    }
    this.longest = longest;
  }
}

/** The first two characters of a text, as a number that orders as they do. */
function prefixOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return 0;
  return (bytes[start]! << 8) | (length > 1 ? bytes[start + 1]! : 0);
}

/** Texts that begin with from..to - 1 (see `prefixOf`). */
interface PrefixRange {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly bytes: number;
}

/** Counts rows and bytes by how texts begin. */
class PrefixCensus {
  private readonly limits: TextIndexLimits;
  readonly rows: Float64Array = new Float64Array(PREFIXES);
  readonly bytes: Float64Array = new Float64Array(PREFIXES);

  constructor(limits: TextIndexLimits) {
    this.limits = limits;
  }

  add({ bytes, start, offsets, from, to, nulls }: TextLeaf): void {
    for (let i = from; i < to; i++) {
      if (nulls !== null && nulls[i] !== 0) continue;
      const begin = start + offsets[i]!;
      const end = start + offsets[i + 1]!;
      const prefix = prefixOf(bytes, begin, end);
      this.rows[prefix]!++;
      this.bytes[prefix]! += end - begin;
    }
  }

  /** Ranges within the limits that cover all texts; null when texts that begin alike are too many. */
  parts(): PrefixRange[] | null {
    const { limits } = this;
    const parts: PrefixRange[] = [];
    let from = 0;
    let rows = 0;
    let bytes = 0;
    for (let to = 0; to <= PREFIXES; to++) {
      const more = this.rows[to] ?? 0;
      const moreBytes = this.bytes[to] ?? 0;
      if (more > limits.rows * LARGER_PARTS || moreBytes > limits.bytes * LARGER_PARTS) return null;
      const isFull = rows > 0 && (rows + more > limits.rows || bytes + moreBytes > limits.bytes);
      if (isFull || to === PREFIXES) {
        if (rows > 0) parts.push({ from, to, rows, bytes });
        from = to;
        rows = 0;
        bytes = 0;
      }
      rows += more;
      bytes += moreBytes;
    }
    return parts;
  }
}

/**
 * The texts of one range of prefixes, and their row ids. Texts that begin alike lie together, so that sorting them and what
 * follows stays within a little memory.
 */
class TextPart {
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  readonly offsets: Int32Array;
  readonly rowIds: Int32Array | Float64Array;
  readonly count: number;
  private readonly range: PrefixRange;
  /** Per prefix, the number its next text gets. */
  private readonly next: Int32Array;
  /** Per prefix, where its texts begin; the last one is the end of all. */
  private readonly starts: Int32Array;

  constructor(census: PrefixCensus, range: PrefixRange, isNarrow: boolean, memory: BuildMemory) {
    const width = range.to - range.from;
    this.range = range;
    this.count = range.rows;
    this.bytes = memory.uint8s(range.bytes);
    this.view = viewOf(this.bytes);
    this.offsets = memory.int32s(range.rows + 1);
    this.rowIds = isNarrow ? memory.int32s(range.rows) : memory.float64s(range.rows);
    this.next = new Int32Array(width);
    this.starts = new Int32Array(width + 1);
    let row = 0;
    let at = 0;
    for (let i = 0; i < width; i++) {
      this.next[i] = row;
      this.starts[i] = row;
      if (row < range.rows) this.offsets[row] = at;
      row += census.rows[range.from + i]!;
      at += census.bytes[range.from + i]!;
    }
    this.starts[width] = row;
    this.offsets[row] = at;
  }

  /** Takes the texts of a leaf that are in the range. */
  add({ bytes, start, offsets, from, to, nulls, rowIds }: TextLeaf): void {
    const { range, next } = this;
    const view = viewOf(bytes);
    for (let i = from; i < to; i++) {
      if (nulls !== null && nulls[i] !== 0) continue;
      const first = start + offsets[i]!;
      const last = start + offsets[i + 1]!;
      const prefix = prefixOf(bytes, first, last);
      if (prefix < range.from || prefix >= range.to) continue;
      const row = next[prefix - range.from]!++;
      const at = copyBytes(view, first, last, this.view, this.offsets[row]!);
      this.rowIds[row] = rowIds[i]!;
      // The end of a prefix's last text is where the next prefix's first one begins.
      this.offsets[row + 1] = at;
    }
  }

  /** Fills `order` with the numbers of the texts in their order. */
  sorted(order: Int32Array, checkCancel: () => void): Int32Array {
    const { starts, range } = this;
    for (let i = 0; i < order.length; i++) order[i] = i;
    const sorter = new TextSorter(this, order, null, checkCancel);
    for (let i = 0; i < range.to - range.from; i++) {
      // Texts of less than two characters that begin alike are equal.
      if (((range.from + i) & 0xff) !== 0) sorter.sort(starts[i]!, starts[i + 1]!, 2);
    }
    return order;
  }
}

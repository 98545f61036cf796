/**
 * A node of a tree in memory: some rows of columns, each column packed, decoded, or being changed.
 *
 *     payload   level u8 | flags u8 (0) | columns u16 | rows u16 | starts u16 x (columns + 1) | blocks | 3 zero bytes
 *
 * starts[i] .. starts[i + 1] is the block of column i. Level 0 is a leaf; a node of level n links to nodes of level n - 1.
 *
 * I1  A committed node's columns may go from packed to decoded, nothing else changes.
 * I2  A private node changes a column only if it owns it (`owned`); `mutable` makes a copy of one it does not own.
 *     Columns it never touches stay shared with the committed node.
 * I5  While `blockStates[i]` is `whole`, the block of column i in `payload` says what the column means, and `encode` copies it;
 *     while it is `edited`, it says what the first and the last rows are (`rowsBefore`, `rowsAfter`, less what changed of the column
 *     alone: `cellsBefore`, `cellsAfter`), and `encode` puts the others between; `rowChanges` says it of rows in many places. A column that
 *     is not whole was changed once and keeps its own sizes (column.ts I3).
 * I3  `bound()` is an upper bound of the bytes `encode` writes; the tree splits a node before the bound could pass the page.
 * I4  `version` changes with every change of rows while private: fingers and cursors compare it.
 * I7  A column moves from a committed leaf to its private copy, uncopied, where it may (page-node.ts, Taking): the committed leaf has it
 *     in its bytes still, and decodes it again if the transaction is rolled back.
 * I6  Columns from `ownColumns` on are missing (node-schema.ts I3): they are made when asked for, take no bytes, and become the
 *     node's own with the first change of one of them. What was made of them is dropped when the number of rows changes.
 */
import { assert, verifyEnabled } from '../base/assert.ts';
import { type Lsn, lsn as lsnOf, type PageNo } from '../base/ids.ts';
import type { CopyTrace } from '../pager/page-change.ts';
import { type LoggedAt, PageKind, type PageNode, type Taking } from '../pager/page-node.ts';
import type { PassingMemory } from '../pager/passing-memory.ts';
import { type ColumnSpec, Physical, type Vector } from '../types/vector.ts';
import { BlobColumn } from './blob-column.ts';
import { spliceBlock } from './block-splice.ts';
import { ByteReader, corruptedNode, TAIL_BYTES } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { cellsAlone, numberAlone, textAlone } from './cell-alone.ts';
import type { Column } from './column.ts';
import { decodeColumn, newColumn, readHead } from './column-decoder.ts';
import { newUint8s } from './column-memory.ts';
import { BlockState, NO_CHANGES, statesAsRead } from './column-states.ts';
import { Encoding } from './encoding.ts';
import { IntColumn } from './int-column.ts';
import { KeptRows, PIECES_MAX } from './kept-rows.ts';
import type { KeyLine } from './key-line.ts';
import { missingColumn } from './missing-column.ts';
import { moved } from './moved-column.ts';
import { type NodeSchema, ROWS_MAX } from './node-schema.ts';
import type { Cell } from './overflow-value.ts';
import { dictionaryBytesMax, dictionaryCell, packedCell } from './packed-cell.ts';
import { type PlainCells, plainCells, plainNumbers } from './plain-cells.ts';
import { SearchForm } from './search-form.ts';
import { spliceSpread } from './spread-splice.ts';
import { TextBlock } from './text-block.ts';
import { TextColumn } from './text-column.ts';
import { verifyBlock } from './verify-block.ts';
import type { Zone } from './zone-map.ts';

const HEAD_BYTES = 6;
/** Numbers read alone before their columns are decoded, and one more in 32 rows: a few look-ups. */
const NUMBERS_ALONE_MAX = 24;
/** Texts read alone before it pays to work out where each of them begins. */
const TEXTS_ALONE_MAX = 4;
/** Fewer changes of rows are one, of all that lies between. */
const CHANGES_WORTH = 2;
/** Changes are followed up to one in so many rows: between more of them the pieces are too short to be copied. */
const CHANGED_SHARE = 48;
/** Of a text block: too small for its values to matter. */
const SMALL_BLOCK_BYTES = 256;

/** Deepest tree: with two children a node more pages than a file can have. */
export const LEVEL_MAX = 40;

export class TreeNode implements PageNode {
  readonly pageNo: PageNo;
  readonly kind: PageKind;
  lsn: Lsn;
  isPrivate: boolean;
  hasGrown = true;
  schema: NodeSchema;
  readonly level: number;
  count: number;
  /** I6. */
  ownColumns: number;
  version = 0;
  /** Changes of the node's key range (split, merge, removal): a finger on an older range is void. */
  rangeVersion = 0;
  /** Rows changed since the last `tighten`. */
  changes = 0;
  /** See search-form.ts; of a private leaf, what it is as long as its first column does not change. */
  searchForm: SearchForm = SearchForm.unknown;
  /** Set by the constructor, as `boundTotal`: a field that begins as a small integer and becomes another number changes its class. */
  keyBase: number;
  keyInts: Int32Array | Float64Array | null = null;
  /** Of a committed inner node with integers that lie near a line. */
  keyLine: KeyLine | null = null;
  /** Children's page numbers of a committed inner node, once its search form is known. */
  childPages: Float64Array | null = null;
  /**
   * Decoded columns of a committed node whose values are their cells: no NULLs, booleans, large values or BigInts. Filled as
   * `cell` meets them; what reads single cells looks here first.
   */
  plain: (PlainCells | null)[] | null = null;
  /** Zones found so far of a committed node; see zone-map.ts. */
  zones: (Zone | null | undefined)[] | null = null;
  /** The last bound, kept up to date by changes of single cells; negative when it must be added up anew. */
  private boundTotal: number;
  private columns: (Column | null)[];
  /** Of a committed node, this and the next two are shared with others (column-states.ts). */
  private owned: boolean[];
  private blockStates: BlockState[];
  /** The page's bytes this node came from, or was last encoded to. */
  private payload: Uint8Array | null;
  private payloadView: DataView | null = null;
  /** Where the log has `payload`, byte for byte. */
  logged: LoggedAt | null = null;
  passing: PassingMemory | null = null;
  /** Rows of the payload. */
  private payloadCount: number;
  /** No row came or went among the first and the last rows of the payload, so many of them. */
  private rowsBefore: number;
  private rowsAfter: number;
  /** The same, of every place, one after the other: row and rows added (removed: below 0). Null when there were too many. */
  private rowChanges: number[] | null;
  /** Of single columns: no cell changed among so many first and last rows. Null: none changed. */
  private cellsBefore: number[] | null = null;
  private cellsAfter: number[] | null = null;
  private blocks: (TextBlock | null | undefined)[] | null = null;
  /** Of columns that have their bytes what {@link textBytesMax} found; -1 where it was not asked. */
  private textMaxima: number[] | null = null;
  private touches = 0;
  private numberTouches = 0;
  /** This committed leaf as one of another schema; see {@link shapedFor}. */
  private sibling: TreeNode | null = null;
  /** Of a private leaf the committed one it is of, as long as columns may move from there (I7). */
  private origin: TreeNode | null = null;
  private taking: Taking | null = null;

  private constructor(
    pageNo: PageNo,
    lsn: Lsn,
    isPrivate: boolean,
    schema: NodeSchema,
    level: number,
    count: number,
    columns: (Column | null)[],
    ownColumns: number,
    payload: Uint8Array | null,
  ) {
    this.pageNo = pageNo;
    this.kind = level === 0 ? PageKind.leaf : PageKind.inner;
    this.lsn = lsn;
    this.isPrivate = isPrivate;
    this.schema = schema;
    this.level = level;
    this.count = count;
    this.columns = columns;
    this.ownColumns = ownColumns;
    if (isPrivate || ownColumns < columns.length) {
      this.owned = new Array<boolean>(columns.length).fill(payload === null && isPrivate);
      this.blockStates = new Array<BlockState>(columns.length).fill(
        payload === null ? BlockState.nothing : BlockState.whole,
      );
      for (let i = ownColumns; i < columns.length; i++) this.forgetMissing(i);
      this.rowChanges = [];
    } else {
      const { owned, blockStates } = statesAsRead(columns.length);
      this.owned = owned;
      this.blockStates = blockStates;
      this.rowChanges = NO_CHANGES;
    }
    this.payload = payload;
    this.payloadCount = payload === null ? 0 : count;
    this.rowsBefore = this.payloadCount;
    this.rowsAfter = this.payloadCount;
    this.keyBase = 0;
    this.boundTotal = -1;
  }

  /** An empty private node. */
  static empty(pageNo: PageNo, schema: NodeSchema, level: number, capacity: number): TreeNode {
    const specs = level === 0 ? schema.leaf : schema.inner;
    const columns = schema.unreadColumns(level);
    for (let i = 0; i < columns.length; i++) columns[i] = newColumn(specs[i]!, capacity, i === 0);
    return new TreeNode(pageNo, lsnOf(0), true, schema, level, 0, columns, columns.length, null);
  }

  /** A private node of rows from..to of `source`; what is missing there is missing here. */
  static ofRows(pageNo: PageNo, source: TreeNode, from: number, to: number, capacity: number): TreeNode {
    const { schema, level, ownColumns } = source;
    const columns = schema.unreadColumns(level);
    for (let i = 0; i < ownColumns; i++) columns[i] = source.column(i).copy(from, to, capacity);
    return new TreeNode(pageNo, lsnOf(0), true, schema, level, to - from, columns, ownColumns, null);
  }

  /** From the bytes of a page; see {@link PageDecoder}. */
  static decode(schema: NodeSchema, pageNo: PageNo, lsn: Lsn, payload: Uint8Array): TreeNode {
    if (payload.length < HEAD_BYTES) throw corruptedNode(pageNo, 'a tree page is cut short');
    const level = payload[0]!;
    const columnCount = payload[2]! | (payload[3]! << 8);
    const count = payload[4]! | (payload[5]! << 8);
    const specs = level === 0 ? schema.leaf : schema.inner;
    if (level > LEVEL_MAX || payload[1] !== 0) throw corruptedNode(pageNo, 'a tree page has an unknown head');
    if (columnCount > specs.length || columnCount < (level === 0 ? schema.columnsMin : specs.length))
      throw corruptedNode(pageNo, 'a tree page has another number of columns');
    if (count > ROWS_MAX || (level > 0 && count < 1))
      throw corruptedNode(pageNo, 'a tree page has an impossible row count');
    let last = HEAD_BYTES + 2 * (columnCount + 1);
    if (last > payload.length) throw corruptedNode(pageNo, 'a tree page is cut short');
    for (let i = 0; i <= columnCount; i++) {
      const start = startOf(payload, i);
      const isFirst = i === 0;
      if (isFirst ? start !== last : start < last)
        throw corruptedNode(pageNo, 'the columns of a tree page overlap');
      last = start;
    }
    if (last + TAIL_BYTES > payload.length) throw corruptedNode(pageNo, 'a tree page is cut short');
    const columns = schema.unreadColumns(level);
    return new TreeNode(pageNo, lsn, false, schema, level, count, columns, columnCount, payload);
  }

  /**
   * The node as one of a tree of that schema: itself, or where columns were added since it was decoded (or an addition was undone)
   * a node of the same page and bytes with the schema's columns. Null when it cannot be one of that tree.
   */
  shapedFor(schema: NodeSchema): TreeNode | null {
    const { sibling } = this;
    if (sibling !== null && sibling.schema === schema) return sibling;
    const { sharedColumns, isEqual } = schema.kinshipOf(this.schema);
    if (sharedColumns === 0) return null;
    if (isEqual || this.level > 0) return this;
    if (this.ownColumns < schema.columnsMin || this.ownColumns > sharedColumns) return null;
    if (this.isPrivate) {
      this.reshape(schema);
      return this;
    }
    const copy = this.thaw();
    copy.reshape(schema);
    copy.freeze(this.lsn);
    this.sibling = copy;
    this.hasGrown = true;
    return copy;
  }

  /** Only of nodes nobody else reads: nothing but what is missing changes. */
  private reshape(schema: NodeSchema): void {
    const columnCount = schema.leaf.length;
    this.schema = schema;
    for (const list of [this.columns, this.owned, this.blockStates]) list.length = columnCount;
    this.dropMissing();
    this.blocks = null;
    this.textMaxima = null;
  }

  /** Drops what was made of missing columns. */
  private dropMissing(): void {
    for (let i = this.ownColumns; i < this.columns.length; i++) this.forgetMissing(i);
  }

  private forgetMissing(index: number): void {
    this.columns[index] = null;
    this.owned[index] = false;
    this.blockStates[index] = BlockState.nothing;
  }

  /** Missing columns become the node's own. */
  private completeColumns(): void {
    for (let i = this.ownColumns; i < this.columns.length; i++) this.column(i);
    this.ownColumns = this.columns.length;
    this.boundTotal = -1;
  }

  get specs(): readonly ColumnSpec[] {
    return this.level === 0 ? this.schema.leaf : this.schema.inner;
  }

  get isLeaf(): boolean {
    return this.level === 0;
  }

  get columnCount(): number {
    return this.columns.length;
  }

  /** The column, decoded. Cells may be overflow markers where `hasOverflow` says so. */
  column(index: number): Column {
    const column = this.cells(index);
    if (column.isBehind) column.catchUp();
    return column;
  }

  /** As {@link column}, for single cells: it may be behind (column.ts). */
  cells(index: number): Column {
    return this.columns[index] ?? this.decodeColumn(index);
  }

  /** Whether the whole key of row `r` is known to be `keyBase + r`; said of committed nodes alone. */
  get hasConsecutiveKeys(): boolean {
    return this.searchForm === SearchForm.dense && !this.isPrivate;
  }

  isDecoded(index: number): boolean {
    return this.columns[index] !== null;
  }

  /** The column as a vector, as {@link column}. */
  vector(index: number): Vector {
    return this.column(index) as unknown as Vector;
  }

  /** One cell. Of an undecoded column it is read alone until so many cells were asked for that decoding pays. */
  cell(index: number, row: number): Cell {
    if (index === 0 && this.hasConsecutiveKeys) return this.keyBase + row;
    const column = this.columns[index];
    if (column !== null && column !== undefined) {
      if (!this.isPrivate) this.notePlain(index);
      return column.cell(row);
    }
    if (index >= this.ownColumns) return this.schema.missing[index - this.schema.columnsMin] as Cell;
    if (this.hasBytes(index)) {
      const value = this.cellAlone(index, row);
      if (value !== undefined) return value;
    }
    return this.decodeColumn(index).cell(row);
  }

  /** The cell of a column that has its bytes, undefined where it cannot be read alone or that has been done often enough. */
  private cellAlone(index: number, row: number): Cell | undefined {
    const spec = this.specs[index]!;
    const { physical } = spec;
    const payload = this.payload!;
    const at = startOf(payload, index);
    const end = startOf(payload, index + 1);
    if (physical !== Physical.text) {
      if (!this.mayTouch()) return undefined;
      const number = cellsAlone.isOn ? numberAlone(payload, at, end, physical, this.count, row) : Number.NaN;
      if (!Number.isNaN(number)) return number;
      return packedCell(this.reader(index), spec, this.count, row);
    }
    if (this.touches * 8 >= this.count) return undefined;
    if (this.touches++ < TEXTS_ALONE_MAX && this.blocks === null && cellsAlone.isOn) {
      const text = textAlone(payload, at, end, this.count, row);
      if (text !== null) return text;
    }
    const block = this.textBlock(index);
    if (block === null)
      return this.mayTouch() ? dictionaryCell(this.reader(index), this.count, row) : undefined;
    return block.nulls !== null && block.nulls[row] !== 0 ? null : block.cell(row);
  }

  private mayTouch(): boolean {
    return this.numberTouches++ < NUMBERS_ALONE_MAX + (this.count >>> 5);
  }

  /** As {@link textBlock}, for so many cells that are read alone; null also where decoding the column is about to pay. */
  textsAlone(index: number, cells: number): TextBlock | null {
    if (this.columns[index] !== null || (this.touches + cells) * 8 >= this.count) return null;
    this.touches += cells;
    return this.textBlock(index);
  }

  private notePlain(index: number): void {
    this.plain ??= new Array<PlainCells | null>(this.columns.length).fill(null);
    this.plain[index] = plainCells(this.column(index));
  }

  /** Leaves a buffer shared with other pages: this one is to stay when they go. */
  detach(): void {
    const { payload } = this;
    if (payload === null || payload.buffer.byteLength <= 2 * payload.length) return;
    this.payload = payload.slice();
    this.payloadView = null;
    this.blocks = null;
    // Byte strings are views of the bytes they came in; they are made again when asked for.
    for (let i = 0; i < this.ownColumns; i++)
      if (this.hasBytes(i) && this.columns[i] instanceof BlobColumn) this.columns[i] = null;
  }

  /** The bytes of a plain text column without large values that is as its page has it, else null. */
  textBlock(index: number): TextBlock | null {
    if (!this.hasBytes(index)) return null;
    this.blocks ??= new Array<TextBlock | null | undefined>(this.columns.length).fill(undefined);
    let block = this.blocks[index];
    if (block !== undefined) return block;
    this.hasGrown = true;
    const reader = this.reader(index);
    const head = readHead(reader, this.specs[index]!, this.count);
    const isPlain = head.encoding === Encoding.text && head.overflow === null;
    block = isPlain ? TextBlock.readLazily(reader, this.count, head.nulls) : null;
    this.blocks[index] = block;
    return block;
  }

  /** A reader over the block of a column that still has its bytes. */
  reader(index: number): ByteReader {
    const payload = this.payload;
    assert(payload !== null, 'a column without values has its page');
    this.payloadView ??= new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const reader = new ByteReader(payload, this.pageNo, this.payloadView);
    reader.passing = this.passing;
    reader.at = startOf(payload, index);
    reader.end = startOf(payload, index + 1);
    return reader;
  }

  /** Whether the page's bytes of the column are still what the column means. */
  hasBytes(index: number): boolean {
    return this.blockStates[index] === BlockState.whole;
  }

  /** The column, changeable; only of private nodes. `added`: rows about to come. */
  mutable(index: number, added = 0): Column {
    const column = this.columns[index];
    if (this.owned[index] === true) return column!;
    assert(this.isPrivate, 'only private nodes change');
    if (index >= this.ownColumns) this.completeColumns();
    this.boundTotal = -1;
    // All that changes rows changes the first column.
    if (index === 0) this.forgetSearchForm();
    const changeable =
      this.taken(index) ??
      this.column(index).clone(
        this.count,
        added === 0 ? this.count : this.count + added + (this.count >>> 4) + 8,
      );
    this.columns[index] = changeable;
    this.owned[index] = true;
    if (this.blockStates[index] === BlockState.whole) this.blockStates[index] = BlockState.edited;
    // What the page knew of the column's best form is lost: worth a close look before the node is split.
    this.changes += this.count;
    return changeable;
  }

  /** The column of the committed leaf, which is this node's alone from here on; null where it must be copied (I7). */
  private taken(index: number): Column | null {
    const { origin, taking } = this;
    if (origin === null || taking === null || !taking.mayTake) return null;
    const column = this.columns[index];
    return column === null || column === undefined ? null : origin.give(index, column);
  }

  private give(index: number, column: Column): Column | null {
    if (this.columns[index] !== column || !column.isMeasured) return null;
    if (index >= this.ownColumns || !this.hasBytes(index) || this.sibling !== null) return null;
    this.columns[index] = null;
    if (this.plain !== null) this.plain[index] = null;
    if (index === 0) this.forgetSearchForm();
    this.hasGrown = true;
    return verifyEnabled() ? moved(column, this.count) : column;
  }

  private forgetSearchForm(): void {
    this.searchForm = SearchForm.unknown;
    this.keyInts = null;
  }

  insertRow(at: number, row: readonly Cell[]): void {
    const { count } = this;
    for (let i = 0; i < this.columns.length; i++) this.mutable(i, 1).insert(at, count, row[i]!);
    this.noteRows(at, count - at);
    this.noteChange(at, 1);
    this.count = count + 1;
    this.boundTotal = -1;
    this.changes++;
    this.version++;
  }

  /** Inserts rows from..to of the vectors at row `at`. */
  insertRows(at: number, vectors: readonly Vector[], from: number, to: number): void {
    const { count } = this;
    for (let i = 0; i < this.columns.length; i++)
      this.mutable(i, to - from).insertRange(at, count, vectors[i]!, from, to);
    this.noteRows(at, count - at);
    this.noteChange(at, to - from);
    this.count = count + to - from;
    this.boundTotal = -1;
    this.changes += to - from;
    this.version++;
  }

  removeRows(from: number, to: number): void {
    const { count } = this;
    for (let i = 0; i < this.ownColumns; i++) this.mutable(i).remove(from, to, count);
    this.dropMissing();
    this.noteRows(from, count - to);
    this.noteChange(from, from - to);
    this.count = count - (to - from);
    this.boundTotal = -1;
    this.changes++;
    this.version++;
  }

  /** Inserts `added` rows of the vectors from row `from` on, each before the row named in `rows` (ascending). */
  insertSpread(rows: Int32Array, added: number, vectors: readonly Vector[], from: number): void {
    const { count } = this;
    for (let i = 0; i < this.columns.length; i++)
      this.mutable(i, added).insertSpread(rows, added, count, vectors[i]!, from);
    if (added > 0) this.noteRows(rows[0]!, count - rows[added - 1]!);
    // From the last: the others stay where they are named.
    for (let k = added - 1; k >= 0 && this.rowChanges !== null; k--) this.noteChange(rows[k]!, 1);
    this.count = count + added;
    this.boundTotal = -1;
    this.changes += added;
    this.version++;
  }

  /** Removes the `gone` rows named in `rows`, ascending. */
  removeSpread(rows: Int32Array, gone: number): void {
    const { count } = this;
    for (let i = 0; i < this.ownColumns; i++) this.mutable(i).removeSpread(rows, gone, count);
    this.dropMissing();
    if (gone > 0) this.noteRows(rows[0]!, count - rows[gone - 1]! - 1);
    for (let k = gone - 1; k >= 0 && this.rowChanges !== null; k--) this.noteChange(rows[k]!, -1);
    this.count = count - gone;
    this.boundTotal = -1;
    this.changes += gone;
    this.version++;
  }

  /** The values of a column of plain integers, all of them its cells; else null. */
  plainInts(index: number): Int32Array | Float64Array | null {
    return this.column(index).nullCount > 0 ? null : plainNumbers(this.column(index));
  }

  setCell(index: number, row: number, value: Cell): void {
    const column = this.mutable(index);
    const before = this.boundTotal < 0 ? 0 : column.bound(this.count);
    column.set(row, this.count, value);
    this.noteCell(index, row);
    if (this.boundTotal >= 0) this.boundTotal += column.bound(this.count) - before;
    this.changes++;
    this.version++;
  }

  /** Rows of another node of the same shape, as vectors for {@link insertRows}. */
  vectors(): Vector[] {
    return this.columns.map((_, i) => this.vector(i));
  }

  /** I3. */
  bound(): number {
    if (this.boundTotal >= 0) return this.boundTotal;
    let bytes = HEAD_BYTES + TAIL_BYTES + 2 * (this.ownColumns + 1);
    for (let i = 0; i < this.ownColumns; i++) bytes += this.columnBound(i);
    this.boundTotal = bytes;
    return bytes;
  }

  columnBound(index: number): number {
    if (index >= this.ownColumns) return 0;
    if (this.hasBytes(index)) return startOf(this.payload!, index + 1) - startOf(this.payload!, index);
    return this.columns[index]!.bound(this.count);
  }

  /** No inline text of the column takes more bytes in UTF-8; infinity where only its values could tell. */
  textBytesMax(index: number): number {
    if (!this.hasBytes(index)) {
      const column = this.columns[index];
      return column instanceof TextColumn && column.isMeasured
        ? column.valueBytesMax
        : Number.POSITIVE_INFINITY;
    }
    this.textMaxima ??= new Array<number>(this.columns.length).fill(-1);
    const known = this.textMaxima[index]!;
    if (known >= 0) return known;
    const most = this.blockBytesMax(index);
    this.textMaxima[index] = most;
    return most;
  }

  private blockBytesMax(index: number): number {
    // Each byte that a value is made of is in the block, a Latin-1 character as one.
    const ofBlock = 2 * this.columnBound(index);
    if (ofBlock < SMALL_BLOCK_BYTES) return ofBlock;
    const block = this.textBlock(index);
    if (block !== null) return Math.min(ofBlock, (block.isLatin1 ? 2 : 1) * block.longest);
    return Math.min(ofBlock, dictionaryBytesMax(this.reader(index), this.payloadCount) ?? ofBlock);
  }

  /** Lowers the bound where columns have put work off. */
  settle(): void {
    this.boundTotal = -1;
    for (let i = 0; i < this.columns.length; i++) if (this.owned[i] === true) this.columns[i]!.settle();
  }

  /** Looks at all values of changed columns, so that the bound is as low as the encodings allow. */
  tighten(): void {
    this.boundTotal = -1;
    for (let i = 0; i < this.ownColumns; i++) {
      if (!this.hasBytes(i)) this.columns[i]!.tighten(this.count);
    }
    this.changes = 0;
  }

  payloadBefore(): Uint8Array | null {
    return this.payload;
  }

  encode(target: Uint8Array, trace: CopyTrace | null = null): number {
    const { payload, ownColumns: columnCount } = this;
    const writer = new ByteWriter(target, trace);
    if (payload !== null && this.isAsWritten()) {
      writer.copy(payload);
      return writer.finish();
    }
    writer.u8(this.level);
    writer.u8(0);
    writer.u16(columnCount);
    writer.u16(this.count);
    const directory = writer.at;
    writer.at += 2 * (columnCount + 1);
    for (let i = 0; i < columnCount; i++) {
      writer.u16At(directory + 2 * i, writer.at);
      if (this.hasBytes(i)) writer.copy(payload!.subarray(startOf(payload!, i), startOf(payload!, i + 1)));
      else if (!this.spliceBlock(writer, i)) this.columns[i]!.write(writer, this.count);
    }
    this.boundTotal = -1;
    writer.u16At(directory + 2 * columnCount, writer.at);
    for (let i = 0; i < TAIL_BYTES; i++) writer.u8(0);
    const length = writer.finish();
    this.keepBytes(target, length);
    return length;
  }

  storedPayload(): Uint8Array | null {
    return this.payload !== null && this.isAsWritten() ? this.payload : null;
  }

  /** Whether the page's bytes say all there is to say. */
  private isAsWritten(): boolean {
    if (this.payloadCount !== this.count) return false;
    for (let i = 0; i < this.ownColumns; i++) if (!this.hasBytes(i)) return false;
    const { payload } = this;
    return (payload![2]! | (payload![3]! << 8)) === this.ownColumns;
  }

  /** Writes a column from the bytes it had, where it changed in one place, or integers in some; false when it changed more. */
  private spliceBlock(writer: ByteWriter, index: number): boolean {
    if (this.blockStates[index] !== BlockState.edited) return false;
    const begin = writer.at;
    if (!this.takeBlock(writer, index)) return false;
    if (verifyEnabled()) verifyBlock(writer, begin, this.columns[index]!, this.specs[index]!, this.count);
    return true;
  }

  private takeBlock(writer: ByteWriter, index: number): boolean {
    const { payloadCount: oldCount, count } = this;
    const kept = this.keptRows(index);
    if (kept !== null) {
      if (verifyEnabled()) kept.verify(oldCount, count);
      if (spliceSpread(writer, this.reader(index), this.columns[index]!, kept, oldCount, count)) return true;
    }
    const limit = Math.min(oldCount, count);
    const before = Math.min(this.rowsBefore, this.cellsBefore?.[index] ?? oldCount, limit);
    const after = Math.min(this.rowsAfter, this.cellsAfter?.[index] ?? oldCount, limit - before);
    return spliceBlock(writer, this.reader(index), this.columns[index]!, { oldCount, before, after, count });
  }

  /** Remembers what the node was encoded to, so that the next change encodes no more than itself. */
  private keepBytes(target: Uint8Array, length: number): void {
    const payload = newUint8s(length);
    payload.set(target.subarray(0, length));
    this.payload = payload;
    this.logged = null;
    this.payloadView = null;
    this.payloadCount = this.count;
    this.rowsBefore = this.count;
    this.rowsAfter = this.count;
    this.rowChanges = [];
    this.cellsBefore = null;
    this.cellsAfter = null;
    this.blockStates.fill(BlockState.whole, 0, this.ownColumns);
    this.blocks = null;
    this.textMaxima = null;
    // A private node may change further: its columns must then leave their blocks, as those of a thawed one do.
    this.owned.fill(false);
  }

  /** Rows came or went behind the first `before` ones and before the last `after`. */
  private noteRows(before: number, after: number): void {
    if (before < this.rowsBefore) this.rowsBefore = before;
    if (after < this.rowsAfter) this.rowsAfter = after;
  }

  /** `added` rows came in at row `at`; fewer than 0: that many left from there on. */
  private noteChange(at: number, added: number): void {
    const { rowChanges } = this;
    if (rowChanges === null) return;
    const last = rowChanges.length - 2;
    if (
      added > 0 &&
      last >= 0 &&
      rowChanges[last]! + rowChanges[last + 1]! === at &&
      rowChanges[last + 1]! > 0
    )
      rowChanges[last + 1]! += added;
    else if (last >= 2 * PIECES_MAX || last * CHANGED_SHARE > 2 * this.payloadCount) this.rowChanges = null;
    else rowChanges.push(at, added);
  }

  /** The pieces of the page that are kept, where it pays to copy them one by one for that column; else null. */
  private keptRows(index: number): KeptRows | null {
    const { rowChanges, payloadCount, cellsBefore, count } = this;
    if (rowChanges === null || rowChanges.length < 2 * CHANGES_WORTH) return null;
    if (cellsBefore !== null && cellsBefore[index] !== payloadCount) return null;
    const column = this.columns[index]!;
    if (!(column instanceof IntColumn) || column.wantsCloseLook(count)) return null;
    return KeptRows.after(payloadCount, rowChanges);
  }

  private noteCell(index: number, row: number): void {
    if (this.payloadCount === 0) return;
    this.cellsBefore ??= new Array<number>(this.columns.length).fill(this.payloadCount);
    this.cellsAfter ??= new Array<number>(this.columns.length).fill(this.payloadCount);
    const after = this.count - row - 1;
    // Never as many as the page has rows: that says that no cell changed, also of rows that others moved beyond.
    const before = Math.min(row, this.payloadCount - 1);
    if (before < (this.cellsBefore[index] ?? before + 1)) this.cellsBefore[index] = before;
    if (after < (this.cellsAfter[index] ?? after + 1)) this.cellsAfter[index] = after;
  }

  thaw(taking?: Taking): TreeNode {
    const copy = new TreeNode(
      this.pageNo,
      this.lsn,
      true,
      this.schema,
      this.level,
      this.count,
      this.columns.slice(),
      this.ownColumns,
      this.payload,
    );
    copy.owned.fill(false);
    copy.blockStates = this.blockStates.slice();
    copy.payloadCount = this.payloadCount;
    copy.logged = this.logged;
    copy.rowsBefore = this.rowsBefore;
    copy.rowsAfter = this.rowsAfter;
    copy.rowChanges = this.rowChanges === null ? null : this.rowChanges.slice();
    copy.cellsBefore = this.cellsBefore === null ? null : this.cellsBefore.slice();
    copy.cellsAfter = this.cellsAfter === null ? null : this.cellsAfter.slice();
    copy.blocks = this.blocks === null ? null : this.blocks.slice();
    copy.textMaxima = this.textMaxima === null ? null : this.textMaxima.slice();
    if (this.level === 0) {
      copy.searchForm = this.searchForm;
      copy.keyBase = this.keyBase;
      copy.keyInts = this.keyInts;
    }
    // Both sides share the columns from now on, so neither owns them, nor moves what it has not.
    if (this.isPrivate) {
      this.owned.fill(false);
      this.origin = null;
    } else if (taking !== undefined && this.level === 0) {
      copy.origin = this;
      copy.taking = taking;
    }
    return copy;
  }

  freeze(lsn: Lsn): void {
    this.lsn = lsn;
    this.isPrivate = false;
    this.owned.fill(false);
    this.origin = null;
    this.taking = null;
  }

  memoryBytes(): number {
    let bytes = 400 + (this.payload === null ? 0 : this.payload.length);
    for (const column of this.columns) if (column !== null) bytes += column.memoryBytes();
    if (this.plain !== null) bytes += 16 + 8 * this.plain.length;
    if (this.zones !== null) bytes += 16 + 64 * this.zones.length;
    if (this.blocks !== null) for (const block of this.blocks) if (block) bytes += block.memoryBytes();
    if (this.sibling !== null) bytes += this.sibling.memoryBytes();
    return bytes;
  }

  private decodeColumn(index: number): Column {
    if (index >= this.ownColumns) {
      const made = missingColumn(this.schema, index, this.count);
      this.columns[index] = made;
      this.hasGrown = true;
      return made;
    }
    const reader = this.reader(index);
    const spec = this.specs[index];
    assert(spec !== undefined, 'a column index is within its tree');
    const column = decodeColumn(reader, spec, this.count, index === 0);
    this.columns[index] = column;
    this.hasGrown = true;
    return column;
  }
}

function startOf(payload: Uint8Array, index: number): number {
  const at = HEAD_BYTES + 2 * index;
  return payload[at]! | (payload[at + 1]! << 8);
}

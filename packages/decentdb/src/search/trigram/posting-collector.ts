/**
 * Posting lists under construction: rows come in, lists by (column, code) come out in order. What index builds stand on.
 *
 * Each list is a chain of slices in one byte pool, and holds the distances between the rows it names, seven bits a byte:
 *
 *     slice    distance... | 0 | next slice u32      (the last slice of a list ends at the list's tail)
 *
 * When pool and row numbers pass the budget, all lists are written to a temporary file as one sorted run and collecting starts
 * anew; `writeTo` then merges the runs. Runs follow each other in row ids, so merging is putting lists one behind the other.
 *
 * I1  Rows come in ascending row id. Distances are at least 1 (0 ends a slice): a row counts once for a list.
 * I2  Memory is `bytesMax`, one row more, and one entry for each different code of a run.
 * I3  Temporary files are closed by `close`, whatever happened.
 */
import { APPENDED_ROWS_MAX, type IntTreeBuilder } from '../../tree/int-tree-builder.ts';
import type { VfsFile } from '../../vfs/vfs.ts';
import { ListTable } from './list-table.ts';
import { type PostingRun, RunWriter } from './posting-runs.ts';
import { appendLatin1TextCodes, appendTextCodes, textCodesMax } from './trigram-code.ts';

export interface CollectorOptions {
  readonly columnCount: number;
  readonly bytesMax: number;
  /** Makes a temporary file. */
  readonly temporary: () => VfsFile;
}

const CHUNK_ROWS = APPENDED_ROWS_MAX;
const POOL_SMALL = 1 << 22;
/** What a slice keeps free at its end: a distance (five bytes) or the link to the next slice. */
const SLICE_TAIL = 5;
const SLICE_BYTES_MAX_LOG = 9;
const SLICE_BYTES_MIN_LOG = 4;

/** Where reading a list is, and the part of it read last: `count` rows from number `first` to `last`. */
interface ListPiece {
  at: number;
  tail: number;
  count: number;
  first: number;
  last: number;
}

/** Reads on, `CHUNK_ROWS` at most: gaps[to + i] is what row i of the piece is more than the one before. */
type ReadPiece = (gaps: Int32Array, to: number) => boolean;

export class PostingCollector {
  private readonly options: CollectorOptions;
  private readonly tables: ListTable[];
  private pool: Uint8Array = new Uint8Array(1 << 16);
  private used = 0;
  /** Rows of this run: their numbers, and the ids of those numbers unless they follow each other without gaps. */
  private ordinal = -1;
  private firstRowId = 0;
  private rowIds: Float64Array | null = null;
  private codes: Int32Array = new Int32Array(1024);
  private readonly runs: PostingRun[] = [];
  private readonly piece: ListPiece = { at: 0, tail: 0, count: 0, first: 0, last: 0 };

  constructor(options: CollectorOptions) {
    this.options = options;
    this.tables = Array.from({ length: options.columnCount }, () => new ListTable());
  }

  /** Runs written to temporary files so far. */
  get runCount(): number {
    return this.runs.length;
  }

  /** Whatever is added next belongs to this row. */
  startRow(rowId: number): void {
    if (this.used + (this.rowIds === null ? 0 : this.rowIds.byteLength) > this.options.bytesMax) this.spill();
    const ordinal = ++this.ordinal;
    if (ordinal === 0) this.firstRowId = rowId;
    else if (this.rowIds === null && rowId === this.firstRowId + ordinal) return;
    this.noteRowId(ordinal, rowId);
  }

  private noteRowId(ordinal: number, rowId: number): void {
    let ids = this.rowIds;
    if (ids === null) {
      if (ordinal === 0) return;
      ids = new Float64Array(Math.max(1024, ordinal * 2));
      for (let i = 0; i < ordinal; i++) ids[i] = this.firstRowId + i;
    } else if (ordinal === ids.length) {
      const grown = new Float64Array(ordinal * 2);
      grown.set(ids);
      ids = grown;
    }
    this.rowIds = ids;
    ids[ordinal] = rowId;
  }

  /** Adds the row to the lists of a text's codes. */
  addText(column: number, text: string): void {
    this.makeRoom(text.length);
    this.addCodes(column, this.codes, appendTextCodes(text, this.codes));
  }

  /** The same for a text given as Latin-1 bytes. */
  addLatin1(column: number, bytes: Uint8Array, from: number, to: number): void {
    this.makeRoom(to - from);
    this.addCodes(column, this.codes, appendLatin1TextCodes(bytes, from, to, this.codes));
  }

  private makeRoom(length: number): void {
    const wanted = textCodesMax(length);
    if (wanted > this.codes.length) this.codes = new Int32Array(wanted * 2);
  }

  /** Adds the row to the lists of codes[0..count); repeats count once. Codes are not negative. */
  addCodes(column: number, codes: Int32Array, count: number): void {
    const table = this.tables[column]!;
    table.reserve(count);
    const { cells } = table;
    const { ordinal } = this;
    let { pool } = this;
    for (let i = 0; i < count; i++) {
      const at = table.find(codes[i]!);
      let delta = ordinal - cells[at]!;
      cells[at] = ordinal;
      let tail = cells[at + 1]!;
      if (tail + SLICE_TAIL > cells[at + 2]!) {
        if (delta === 0) continue;
        tail = this.nextSlice(table, at);
        pool = this.pool;
      }
      for (; delta >= 0x80; delta >>>= 7) pool[tail++] = delta | 0x80;
      pool[tail] = delta;
      // A repeat leaves the tail where it is; no branch, for nobody could foretell it.
      cells[at + 1] = tail + (-delta >>> 31);
    }
  }

  /** Opens the list's next slice, links it, and returns where it starts. */
  private nextSlice(table: ListTable, at: number): number {
    const { cells, levels, heads } = table;
    const slot = at >>> 2;
    const isFirst = cells[at + 2] === 0;
    const level = isFirst ? SLICE_BYTES_MIN_LOG : Math.min(SLICE_BYTES_MAX_LOG, levels[slot]! + 1);
    const start = this.used;
    this.used += 1 << level;
    // The link needs five bytes behind the tail as well.
    if (this.used > this.pool.length) this.growPool();
    const { pool } = this;
    if (isFirst) heads[slot] = start;
    else {
      const tail = cells[at + 1]!;
      pool[tail] = 0;
      pool[tail + 1] = start;
      pool[tail + 2] = start >>> 8;
      pool[tail + 3] = start >>> 16;
      pool[tail + 4] = start >>> 24;
    }
    levels[slot] = level;
    cells[at + 1] = start;
    cells[at + 2] = this.used - SLICE_TAIL;
    return start;
  }

  /** To the whole budget at once: memory never touched is never taken, and a large pool is copied at most once. */
  private growPool(): void {
    const wanted = this.pool.length < POOL_SMALL ? this.pool.length * 8 : this.options.bytesMax + POOL_SMALL;
    const grown = new Uint8Array(Math.max(wanted, this.used + (this.used >>> 2)));
    grown.set(this.pool);
    this.pool = grown;
  }

  /** Hands all lists to the builder. The collector is used up. */
  writeTo(builder: IntTreeBuilder): void {
    const { runs, rowIds, firstRowId, piece } = this;
    if (runs.length > 0) {
      this.spill();
      mergeRuns(runs, builder);
    } else if (rowIds === null) {
      this.forEachPiece((column, code, read) => {
        const leading = [column, code];
        while (read(builder.room(), builder.roomAt))
          builder.fill(leading, piece.count, firstRowId + piece.first, firstRowId + piece.last);
      });
    } else this.forEachList((column, code, rows, count) => builder.append([column, code], rows, count));
  }

  /** Tells of all lists in order by row ids, long ones in pieces. The array is reused. */
  private forEachList(tell: (column: number, code: number, rows: Float64Array, count: number) => void): void {
    const { rowIds, firstRowId, piece } = this;
    const gaps = new Int32Array(CHUNK_ROWS);
    const rows = new Float64Array(CHUNK_ROWS);
    this.forEachPiece((column, code, read) => {
      while (read(gaps, 0)) {
        let ordinal = piece.first;
        for (let i = 0; i < piece.count; i++) {
          if (i > 0) ordinal += gaps[i]!;
          rows[i] = rowIds === null ? firstRowId + ordinal : rowIds[ordinal]!;
        }
        tell(column, code, rows, piece.count);
      }
    });
  }

  /** Tells of all lists in order; `read` reads the next piece of the list, and says whether there was one. */
  private forEachPiece(tell: (column: number, code: number, read: ReadPiece) => void): void {
    const { piece } = this;
    const read: ReadPiece = (gaps, to) => piece.at !== piece.tail && this.readPiece(gaps, to);
    this.tables.forEach((table, column) => {
      for (const at of table.sorted()) {
        piece.last = -1;
        piece.at = table.heads[at >>> 2]!;
        piece.tail = table.cells[at + 1]!;
        tell(column, table.cells[at + 3]!, read);
      }
    });
  }

  private readPiece(gaps: Int32Array, to: number): boolean {
    const { pool, piece } = this;
    const { tail } = piece;
    const end = to + CHUNK_ROWS;
    let { at, last } = piece;
    let row = to;
    while (at !== tail && row < end) {
      let gap = pool[at++]!;
      if (gap === 0) {
        at = pool[at]! | (pool[at + 1]! << 8) | (pool[at + 2]! << 16) | (pool[at + 3]! << 24);
        continue;
      }
      if (gap >= 0x80) {
        let byte = gap;
        gap &= 0x7f;
        for (let shift = 7; byte >= 0x80; shift += 7) {
          byte = pool[at++]!;
          gap |= (byte & 0x7f) << shift;
        }
      }
      last += gap;
      if (row === to) piece.first = last;
      gaps[row++] = gap;
    }
    piece.at = at;
    piece.last = last;
    piece.count = row - to;
    return row > to;
  }

  private spill(): void {
    const writer = new RunWriter(this.options.temporary());
    try {
      this.forEachList((column, code, rows, count) => writer.add(column, code, rows, count));
    } catch (error) {
      writer.file.close();
      throw error;
    }
    this.runs.push(writer.finish());
    for (let i = 0; i < this.tables.length; i++) this.tables[i] = new ListTable();
    this.used = 0;
    this.ordinal = -1;
    this.rowIds = null;
  }

  close(): void {
    for (const run of this.runs) run.close();
    this.runs.length = 0;
  }
}

/** Runs follow each other in row ids: of equal lists the earlier run's comes first. */
function mergeRuns(runs: readonly PostingRun[], builder: IntTreeBuilder): void {
  for (const run of runs) run.advance();
  for (;;) {
    let least: PostingRun | null = null;
    for (const run of runs) {
      if (run.isDone) continue;
      if (
        least === null ||
        run.column < least.column ||
        (run.column === least.column && run.code < least.code)
      )
        least = run;
    }
    if (least === null) return;
    const { column, code } = least;
    for (const run of runs) {
      while (!run.isDone && run.column === column && run.code === code) {
        builder.append([column, code], run.rows, run.count);
        run.advance();
      }
    }
  }
}

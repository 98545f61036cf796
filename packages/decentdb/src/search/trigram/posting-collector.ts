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
import type { IntTreeBuilder } from '../../tree/int-tree-builder.ts';
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

const CHUNK_ROWS = 4096;
const POOL_SMALL = 1 << 22;
/** What a slice keeps free at its end: a distance (five bytes) or the link to the next slice. */
const SLICE_TAIL = 5;
const SLICE_BYTES_MAX_LOG = 9;
const SLICE_BYTES_MIN_LOG = 4;

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
    const { ordinal } = this;
    for (let i = 0; i < count; i++) {
      const at = table.find(codes[i]!);
      const { cells } = table;
      const delta = ordinal - cells[at + 1]!;
      if (delta === 0) continue;
      cells[at + 1] = ordinal;
      let tail = cells[at + 2]!;
      if (tail + SLICE_TAIL > cells[at + 3]!) tail = this.nextSlice(table, at);
      cells[at + 2] = this.put(tail, delta);
    }
  }

  private put(at: number, value: number): number {
    const { pool } = this;
    let rest = value;
    let to = at;
    while (rest >= 0x80) {
      pool[to++] = rest | 0x80;
      rest >>>= 7;
    }
    pool[to++] = rest;
    return to;
  }

  /** Opens the list's next slice, links it, and returns where it starts. */
  private nextSlice(table: ListTable, at: number): number {
    const { cells, levels, heads } = table;
    const slot = at >>> 2;
    const isFirst = cells[at + 3] === 0;
    const level = isFirst ? SLICE_BYTES_MIN_LOG : Math.min(SLICE_BYTES_MAX_LOG, levels[slot]! + 1);
    const start = this.used;
    this.used += 1 << level;
    // The link needs five bytes behind the tail as well.
    if (this.used > this.pool.length) this.growPool();
    const { pool } = this;
    if (isFirst) heads[slot] = start;
    else {
      const tail = cells[at + 2]!;
      pool[tail] = 0;
      pool[tail + 1] = start;
      pool[tail + 2] = start >>> 8;
      pool[tail + 3] = start >>> 16;
      pool[tail + 4] = start >>> 24;
    }
    levels[slot] = level;
    cells[at + 2] = start;
    cells[at + 3] = this.used - SLICE_TAIL;
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
    if (this.runs.length === 0) {
      this.forEachList((column, code, rows, count) => builder.append([column, code], rows, 0, count));
      return;
    }
    this.spill();
    mergeRuns(this.runs, builder);
  }

  /** Tells of all lists in order, long ones in pieces. The array is reused. */
  private forEachList(tell: (column: number, code: number, rows: Float64Array, count: number) => void): void {
    const chunk = new Float64Array(CHUNK_ROWS);
    const { pool, rowIds, firstRowId } = this;
    this.tables.forEach((table, column) => {
      for (const slot of table.sortedSlots()) {
        const code = table.cells[slot * 4]!;
        const tail = table.cells[slot * 4 + 2]!;
        let ordinal = -1;
        let count = 0;
        for (let at = table.heads[slot]!; at !== tail; ) {
          let byte = pool[at++]!;
          if (byte === 0) {
            at = pool[at]! | (pool[at + 1]! << 8) | (pool[at + 2]! << 16) | (pool[at + 3]! << 24);
            continue;
          }
          let delta = byte & 0x7f;
          for (let shift = 7; byte >= 0x80; shift += 7) {
            byte = pool[at++]!;
            delta |= (byte & 0x7f) << shift;
          }
          ordinal += delta;
          chunk[count++] = rowIds === null ? firstRowId + ordinal : rowIds[ordinal]!;
          if (count === CHUNK_ROWS) {
            tell(column, code, chunk, count);
            count = 0;
          }
        }
        if (count > 0) tell(column, code, chunk, count);
      }
    });
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
        builder.append([column, code], run.rows, 0, run.count);
        run.advance();
      }
    }
  }
}

/**
 * One column of a node in memory: a Vector that can also be changed, measured and written.
 *
 * A column decoded from a page and a column being built are the same classes, so batches, point reads and writers meet
 * the same shapes. Whether a column may be changed is the node's business (node.ts): columns of committed nodes are shared.
 *
 * I1  The number of rows is the node's; methods that need it are told (`count` is always the rows before the call).
 * I2  `nulls` is null when no cell is NULL, but may be an all-zero mask after the last NULL has gone.
 * I3  `bound(count)` is, at any time and in constant time, an upper bound of the bytes `write` produces.
 * I4  What a column knows of its sizes and its best form goes along with `clone`: a leaf changed by commit after commit is
 *     looked at closely once in CLOSE_LOOK_SHARE of its rows, not at each commit.
 *
 * Must never happen here: a change of a shared column.
 */
import type { NullMask, Physical, Vector } from '../types/vector.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Encoding, HAS_NULLS, HAS_OVERFLOW } from './encoding.ts';
import { ROWS_MAX } from './node-schema.ts';
import type { Cell } from './overflow-value.ts';

/** A column is looked at closely before it is written once more than one in so many of its rows have changed. */
const CLOSE_LOOK_SHARE = 8;

export abstract class Column {
  abstract readonly physical: Physical;
  nulls: NullMask = null;
  nullCount = 0;
  /** Whether some cell is an OverflowValue: consumers of the values must resolve it first. */
  hasOverflow = false;
  /** True when something changed since the last `tighten`. */
  isLoose = true;
  /** True when values left or were replaced since the last `tighten`: running extremes and totals may be too large. */
  isStale = true;
  /** Whether the values are behind the rows (late-edits.ts): single cells can be read, for all else {@link catchUp} comes first. */
  isBehind = false;
  /** Rows changed since the last `tighten`; of a column never looked at, more than a node holds. */
  drift: number = ROWS_MAX;

  /** One cell; NULL as null, an int64 as number where it is safe. */
  abstract cell(row: number): Cell;
  abstract insert(at: number, count: number, value: Cell): void;
  /** Inserts source[from..to) at row `at`. The source is of the same physical kind. */
  abstract insertRange(at: number, count: number, source: Vector, from: number, to: number): void;
  abstract remove(from: number, to: number, count: number): void;

  /** Inserts source[from..from + added) each before the row named in `rows` (ascending, as rows were before the call). */
  insertSpread(rows: Int32Array, added: number, count: number, source: Vector, from: number): void {
    for (let k = 0; k < added; k++) this.insertRange(rows[k]! + k, count + k, source, from + k, from + k + 1);
  }

  /** Removes the `gone` rows named in `rows`, ascending. */
  removeSpread(rows: Int32Array, gone: number, count: number): void {
    for (let k = gone - 1; k >= 0; k--) this.remove(rows[k]!, rows[k]! + 1, count - (gone - 1 - k));
  }

  abstract set(at: number, count: number, value: Cell): void;
  /** A column of its own with rows from..to, room for `capacity` and everything known about it. */
  abstract copy(from: number, to: number, capacity: number): Column;
  /** A changeable copy of all rows, with room for `capacity`. */
  clone(count: number, capacity: number): Column {
    return this.copy(0, count, capacity);
  }
  /** Whether `clone` would take everything it knows along: then the column can be moved instead (tree-node.ts I7). */
  get isMeasured(): boolean {
    return this.drift < ROWS_MAX;
  }
  /** Makes the changes of rows that were put off. */
  catchUp(): void {}
  abstract bound(count: number): number;
  /** Catches up on what was put off, so that `bound` is no looser than it has to be without a full look. */
  settle(): void {}
  abstract tighten(count: number): void;
  abstract write(writer: ByteWriter, count: number): void;

  /** Whether so much has changed that another form may be much shorter than the one in force. */
  wantsCloseLook(count: number): boolean {
    return this.isLoose && this.drift * CLOSE_LOOK_SHARE >= count;
  }

  /** Before writing: a close look where it can pay, else just what was put off. */
  prepare(count: number): void {
    if (this.wantsCloseLook(count)) this.tighten(count);
    else this.settle();
  }

  /** What the base class knows, for {@link clone}. */
  protected adopt(source: Column, count: number, capacity: number): void {
    this.adoptNulls(source, 0, count, capacity);
    this.isLoose = source.isLoose;
    this.isStale = source.isStale;
    this.drift = source.drift;
  }
  abstract memoryBytes(): number;

  isNull(row: number): boolean {
    return this.nulls !== null && this.nulls[row] !== 0;
  }

  /** As a vector for batches: the classes below have exactly the fields of their vector. */
  get vector(): Vector {
    return this as unknown as Vector;
  }

  /** Bytes of tag and null bitmap. */
  protected headBound(count: number): number {
    return this.nullCount > 0 ? 1 + ((count + 7) >>> 3) : 1;
  }

  /** Tag and null bitmap. */
  writeHead(writer: ByteWriter, encoding: Encoding, count: number): void {
    if (this.nullCount === 0 || encoding === Encoding.allNull) {
      writer.u8(encoding | (this.hasOverflow ? HAS_OVERFLOW : 0));
      return;
    }
    writer.u8(encoding | HAS_NULLS | (this.hasOverflow ? HAS_OVERFLOW : 0));
    writeBitmap(writer, this.nulls!, count);
  }

  /** Makes room in the mask for `added` rows at `at`, all marked `mark`. */
  protected openNulls(at: number, count: number, added: number, mark: 0 | 1): void {
    let nulls = this.nulls;
    if (nulls === null) {
      if (mark === 0) return;
      nulls = new Uint8Array(Math.max(16, (count + added) * 2));
      this.nulls = nulls;
    } else if (nulls.length < count + added) {
      const grown = new Uint8Array((count + added) * 2);
      grown.set(nulls);
      nulls = grown;
      this.nulls = grown;
    }
    if (at < count) nulls.copyWithin(at + added, at, count);
    nulls.fill(mark, at, at + added);
    if (mark === 1) this.nullCount += added;
  }

  /** Copies the marks of a source's rows into the gap opened by {@link openNulls}. */
  protected copyNulls(at: number, count: number, source: NullMask, from: number, to: number): void {
    let has = 0;
    if (source !== null) for (let i = from; i < to; i++) has += source[i]!;
    this.openNulls(at, count, to - from, has > 0 ? 1 : 0);
    if (has === 0) return;
    this.nulls!.set(source!.subarray(from, to), at);
    this.nullCount += has - (to - from);
  }

  protected closeNulls(from: number, to: number, count: number): void {
    const nulls = this.nulls;
    if (nulls === null) return;
    for (let i = from; i < to; i++) this.nullCount -= nulls[i]!;
    nulls.copyWithin(from, to, count);
  }

  protected setNull(at: number, count: number, mark: 0 | 1): void {
    if (this.nulls === null) {
      if (mark === 0) return;
      this.nulls = new Uint8Array(Math.max(16, count + (count >> 1)));
    }
    this.nullCount += mark - this.nulls[at]!;
    this.nulls[at] = mark;
  }

  /** The mask of rows from..to for a copy, with room for `capacity`. */
  protected adoptNulls(source: Column, from: number, to: number, capacity: number): void {
    if (source.nulls === null || source.nullCount === 0) return;
    const nulls = new Uint8Array(capacity);
    nulls.set(source.nulls.subarray(from, to));
    let count = 0;
    for (let i = 0; i < to - from; i++) count += nulls[i]!;
    this.nullCount = count;
    this.nulls = count === 0 ? null : nulls;
  }

  /** The mask as encoders want it: null when no cell is NULL. */
  protected get mask(): NullMask {
    return this.nullCount === 0 ? null : this.nulls;
  }
}

export function writeBitmap(writer: ByteWriter, mask: Uint8Array, count: number): void {
  for (let i = 0; i < count; i += 8) {
    let byte = 0;
    const end = Math.min(8, count - i);
    for (let bit = 0; bit < end; bit++) byte |= mask[i + bit]! << bit;
    writer.u8(byte);
  }
}

/** Room for `needed` rows, growing geometrically. */
export function grownCapacity(needed: number): number {
  return Math.max(16, needed + (needed >>> 1));
}

/**
 * The block of a column that only got rows at its end, made from the block before: old bytes are copied, new values follow at
 * the same base and width. A commit of one row then costs that row, not its leaf.
 *
 * I1  What comes out decodes to exactly the column's values; where that cannot be had in the old block's form nothing is written
 *     and the caller writes the column anew.
 * I2  The result is at most as long as the column's bound, so a node that fits its page still does.
 */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Column } from './column.ts';
import { Charset, ENCODING_MASK, Encoding } from './encoding.ts';
import { FloatColumn, wholeOver } from './float-column.ts';
import { IntForm } from './int-body.ts';
import { IntColumn } from './int-column.ts';
import { NumericColumn } from './numeric-column.ts';
import { type IntArray, packedAt, packedBytes, writePacked } from './packed-ints.ts';
import { isLatin1, latin1Write, utf8Size, utf8Write } from './text-bytes.ts';
import { TextColumn } from './text-column.ts';

/** Rows added at most; more are written as fast in one go. */
const ADDED_MAX = 64;
/** Exceptions of a delta body that are stepped over. */
const EXCEPTIONS_MAX = 32;
const added = new Float64Array(ADDED_MAX);
/** The integer of the last old row. */
let before = 0;
/** Values from the last whole byte of the old run on, and the added ones. */
const tail = new Float64Array(ADDED_MAX + 8);

/**
 * Writes the block of `column`, whose first `oldCount` of `count` rows are what the old block says. False, and nothing written,
 * when the old form does not take the new rows.
 */
export function appendToBlock(
  writer: ByteWriter,
  old: ByteReader,
  oldCount: number,
  column: Column,
  count: number,
): boolean {
  if (oldCount === 0 || count - oldCount > ADDED_MAX || column.wantsCloseLook(count)) return false;
  const begin = writer.at;
  const start = old.at;
  const tag = old.u8();
  // Rows with NULLs or large values have lists of rows before their values.
  if ((tag & ~ENCODING_MASK) !== 0 || column.hasOverflow) return false;
  if (tag === Encoding.allNull) {
    if (column.nullCount !== count) return false;
    writer.u8(tag);
    return true;
  }
  if (column.nullCount > 0) return false;
  const isDone =
    tag === Encoding.text
      ? column instanceof TextColumn && appendText(writer, old, start, oldCount, column, count)
      : takeAdded(old, tag, column, oldCount, count) && appendInts(writer, old, start, oldCount, count);
  if (isDone && writer.at - begin <= column.bound(count)) return true;
  writer.at = begin;
  return false;
}

/** The added rows as the integers their block stores, into `added`; reads what stands before the integer body. */
function takeAdded(old: ByteReader, tag: number, column: Column, oldCount: number, count: number): boolean {
  if (tag === Encoding.ints && column instanceof IntColumn && !column.isBig) {
    takeInts(column.values as IntArray, oldCount, count);
    return true;
  }
  if (tag === Encoding.scaledNumeric && column instanceof NumericColumn && column.scaled !== null) {
    if (old.unsigned() !== column.scale) return false;
    takeInts(column.scaled, oldCount, count);
    return true;
  }
  const isSingle = tag === Encoding.scaledSingles;
  if (!(isSingle || tag === Encoding.scaledDoubles) || !(column instanceof FloatColumn)) return false;
  const scale = old.u8();
  for (let i = oldCount; i < count; i++) {
    const whole = wholeOver(column.values[i]!, scale, isSingle);
    if (Number.isNaN(whole)) return false;
    added[i - oldCount] = whole;
  }
  before = wholeOver(column.values[oldCount - 1]!, scale, isSingle);
  return true;
}

function takeInts(values: IntArray, oldCount: number, count: number): void {
  before = values[oldCount - 1]!;
  for (let i = oldCount; i < count; i++) added[i - oldCount] = values[i]!;
}

/** An integer body with `added` behind its rows; `start` is where the bytes to be copied begin. */
function appendInts(
  writer: ByteWriter,
  old: ByteReader,
  start: number,
  oldCount: number,
  count: number,
): boolean {
  const form = old.u8();
  if (form === IntForm.packed) {
    const base = old.signed();
    const width = old.u8();
    if (!inRange(count - oldCount, base, width)) return false;
    copyRun(writer, old, start, oldCount, width);
    appendPacked(writer, old, oldCount, count - oldCount, base, width);
    return true;
  }
  return form === IntForm.delta && appendDeltas(writer, old, start, oldCount, count - oldCount);
}

function appendDeltas(
  writer: ByteWriter,
  old: ByteReader,
  start: number,
  oldCount: number,
  rows: number,
): boolean {
  old.signed();
  const step = old.signed();
  const width = old.u8();
  const exceptions = old.unsigned();
  if (exceptions > EXCEPTIONS_MAX) return false;
  for (let i = 0; i < 2 * exceptions; i++) old.signed();
  for (let i = 0; i < rows; i++) {
    const value = added[i]!;
    added[i] = value - before - step;
    before = value;
  }
  if (!inRange(rows, 0, width)) return false;
  copyRun(writer, old, start, oldCount - 1, width);
  appendPacked(writer, old, oldCount - 1, rows, 0, width);
  return true;
}

function inRange(rows: number, base: number, width: number): boolean {
  const limit = 2 ** width;
  for (let i = 0; i < rows; i++) {
    const rest = added[i]! - base;
    if (!(rest >= 0 && rest < limit)) return false;
  }
  return true;
}

/** Copies a block from `start` to the last whole byte of eight rows of the packed run at `old.at`. */
function copyRun(writer: ByteWriter, old: ByteReader, start: number, oldCount: number, width: number): void {
  writer.copy(old.bytes.subarray(start, old.at + (oldCount >>> 3) * width));
}

/** Writes the rows behind the last whole eight of a packed run, then the added ones; leaves `old` behind the run. */
function appendPacked(
  writer: ByteWriter,
  old: ByteReader,
  oldCount: number,
  rows: number,
  base: number,
  width: number,
): void {
  const at = old.take(packedBytes(oldCount, width));
  const kept = oldCount & 7;
  for (let i = 0; i < kept; i++) tail[i] = base + packedAt(old.view, at, width, oldCount - kept + i);
  for (let i = 0; i < rows; i++) tail[kept + i] = added[i]!;
  writePacked(writer, tail, 0, kept + rows, base, width, null);
}

/** Plain text: lengths with the added ones, the run with the added characters. */
function appendText(
  writer: ByteWriter,
  old: ByteReader,
  start: number,
  oldCount: number,
  column: TextColumn,
  count: number,
): boolean {
  const charset = old.u8();
  const isNarrow = charset === Charset.latin1;
  for (let i = oldCount; i < count; i++) {
    const value = column.values[i] as string;
    if (isNarrow && !isLatin1(value)) return false;
    added[i - oldCount] = isNarrow ? value.length : utf8Size(value);
  }
  if (old.u8() !== IntForm.packed) return false;
  const base = old.signed();
  const width = old.u8();
  if (!inRange(count - oldCount, base, width)) return false;
  copyRun(writer, old, start, oldCount, width);
  appendPacked(writer, old, oldCount, count - oldCount, base, width);
  writer.copy(old.bytes.subarray(old.at, old.end));
  for (let i = oldCount; i < count; i++) {
    const value = column.values[i] as string;
    const size = added[i - oldCount]!;
    if (writer.at + size <= writer.bytes.length) {
      if (isNarrow) latin1Write(writer.bytes, value, writer.at);
      else utf8Write(writer.bytes, value, writer.at);
    }
    writer.at += size;
  }
  return true;
}

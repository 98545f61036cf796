/**
 * The block of a column that changed in one place, made from the block before: what stands before and behind the place is copied
 * byte by byte, new values go between at the same base and width. A commit of one row then costs that row, not its leaf.
 *
 * I1  What comes out decodes to exactly the column's values; where that cannot be had in the old block's form nothing is written
 *     and the caller writes the column anew.
 * I2  The result is at most as long as the column's bound, so a node that fits its page still does.
 */
import { BlobColumn } from './blob-column.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Column } from './column.ts';
import { Charset, ENCODING_MASK, Encoding, HAS_NULLS } from './encoding.ts';
import { FloatColumn, wholeOver } from './float-column.ts';
import { IntBody, IntForm } from './int-body.ts';
import { IntColumn } from './int-column.ts';
import { NumericColumn } from './numeric-column.ts';
import { packedBytes, takePacked } from './packed-ints.ts';
import { spliceDeltas, spliceRun, spliceWidth } from './run-splice.ts';
import { readOffsets } from './text-block.ts';
import { isLatin1, latin1Slice, latin1Write, utf8Size, utf8Write } from './text-bytes.ts';
import { sharedPrefix, TextColumn } from './text-column.ts';
import { packUuid, UUID_BYTES } from './uuid-bytes.ts';
import { UuidColumn } from './uuid-column.ts';

/** New rows at most; more are written as fast in one go. */
const ADDED_MAX = 256;
/** Texts of a dictionary that are looked through. */
const DICTIONARY_MAX = 256;
/** The integers of the new rows, NaN for a NULL; before them the one of the row before, behind them the one of the row behind. */
const ints = new Float64Array(ADDED_MAX + 2);
/** The new rows as stored: distances, codes, lengths. */
const codes = new Float64Array(ADDED_MAX + 1);

/** Of the rows of the old block the first `before` and the last `after` are as they were, first and last of now `count` rows. */
export interface Splice {
  readonly oldCount: number;
  readonly before: number;
  readonly after: number;
  readonly count: number;
}

/** Writes the block of `column` from its old one. False, and nothing written, when the old form does not take the new rows. */
export function spliceBlock(writer: ByteWriter, old: ByteReader, column: Column, splice: Splice): boolean {
  const { oldCount, before, after, count } = splice;
  if (before + after === 0 || count - before - after > ADDED_MAX) return false;
  if (column.hasOverflow || column.wantsCloseLook(count)) return false;
  column.catchUp();
  const begin = writer.at;
  const tag = old.u8();
  // Large values have a list of rows before the values.
  if ((tag & ~(ENCODING_MASK | HAS_NULLS)) !== 0) return false;
  const encoding = (tag & ENCODING_MASK) as Encoding;
  if ((encoding === Encoding.allNull) !== (column.nullCount === count)) return false;
  if ((tag & HAS_NULLS) !== 0) old.take((oldCount + 7) >>> 3);
  column.writeHead(writer, encoding, count);
  if (spliceBody(writer, old, column, encoding, splice) && writer.at - begin <= column.bound(count))
    return true;
  writer.rewind(begin);
  return false;
}

function spliceBody(
  writer: ByteWriter,
  old: ByteReader,
  column: Column,
  encoding: Encoding,
  splice: Splice,
): boolean {
  switch (encoding) {
    case Encoding.allNull:
      return true;
    case Encoding.text:
      return column instanceof TextColumn && spliceText(writer, old, column, splice);
    case Encoding.textDictionary:
      return column instanceof TextColumn && spliceTextCodes(writer, old, column, splice);
    case Encoding.frontCoded:
      return column instanceof TextColumn && spliceFrontCoded(writer, old, column, splice);
    case Encoding.blobs:
      return column instanceof BlobColumn && spliceBlobs(writer, old, column, splice);
    case Encoding.uuids:
      return column instanceof UuidColumn && spliceUuids(writer, old, column, splice);
    case Encoding.doubles:
    case Encoding.singles:
      return column instanceof FloatColumn && spliceFloats(writer, old, column, encoding, splice);
    default: {
      const start = old.at;
      return takeInts(old, column, encoding, splice) && spliceInts(writer, old, start, column, splice);
    }
  }
}

/** Fills `ints`; reads what stands before the integer body. */
function takeInts(old: ByteReader, column: Column, encoding: Encoding, splice: Splice): boolean {
  const from = Math.max(splice.before - 1, 0);
  const to = Math.min(splice.count - splice.after + 1, splice.count);
  const shift = 1 - splice.before;
  const { nulls } = column;
  if (encoding === Encoding.scaledDoubles || encoding === Encoding.scaledSingles) {
    if (!(column instanceof FloatColumn)) return false;
    const scale = old.u8();
    for (let i = from; i < to; i++) {
      const isNull = nulls !== null && nulls[i] !== 0;
      const whole = isNull ? 0 : wholeOver(column.values[i]!, scale, encoding === Encoding.scaledSingles);
      if (Number.isNaN(whole)) return false;
      ints[i + shift] = isNull ? Number.NaN : whole;
    }
    return true;
  }
  let values: ArrayLike<number>;
  if (encoding === Encoding.ints && column instanceof IntColumn && !column.isBig)
    values = column.values as Float64Array;
  else if (encoding === Encoding.scaledNumeric && column instanceof NumericColumn && column.scaled !== null) {
    if (old.unsigned() !== column.scale) return false;
    values = column.scaled;
  } else return false;
  for (let i = from; i < to; i++)
    ints[i + shift] = nulls !== null && nulls[i] !== 0 ? Number.NaN : values[i]!;
  return true;
}

/** An integer body, the last of its block; `start` is where the bytes to be copied begin. */
function spliceInts(
  writer: ByteWriter,
  old: ByteReader,
  start: number,
  column: Column,
  splice: Splice,
): boolean {
  const { oldCount, before, after, count } = splice;
  const body = old.at;
  const form = old.u8();
  if (form === IntForm.packed) return splicePacked(writer, old, start, splice);
  if (form === IntForm.delta) {
    if (column.nullCount > 0) return false;
    writer.copy(old.bytes.subarray(start, old.at));
    return spliceDeltas(writer, old, ints, splice);
  }
  if (form !== IntForm.dictionary) return false;
  old.at = body;
  const { dictionary, width, offset } = new IntBody(old, oldCount);
  const added = count - before - after;
  for (let i = 0; i < added; i++) {
    const code = Number.isNaN(ints[i + 1]!) ? 0 : codeOf(dictionary!, ints[i + 1]!);
    if (code < 0) return false;
    codes[i] = code;
  }
  writer.copy(old.bytes.subarray(start, offset));
  spliceRun(writer, old, offset, oldCount, before, after, codes, added, width);
  return true;
}

/** Place of a value in an ascending dictionary, -1 where it is not. */
function codeOf(dictionary: Float64Array, value: number): number {
  let low = 0;
  let high = dictionary.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (dictionary[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return dictionary[low] === value ? low : -1;
}

/** The rest of a packed body whose form is read. Leaves `old` behind it. */
function splicePacked(
  writer: ByteWriter,
  old: ByteReader,
  start: number,
  { oldCount, before, after, count }: Splice,
): boolean {
  const base = old.signed();
  const width = old.u8();
  // Distances beyond 2^53 are not exact.
  const limit = Math.min(2 ** width, 2 ** 53);
  const added = count - before - after;
  for (let i = 0; i < added; i++) {
    const value = ints[i + 1]!;
    const code = Number.isNaN(value) ? 0 : value - base;
    if (!(code >= 0 && code < limit)) return false;
    codes[i] = code;
  }
  writer.copy(old.bytes.subarray(start, old.at));
  const offset = old.take(packedBytes(oldCount, width));
  spliceRun(writer, old, offset, oldCount, before, after, codes, added, width);
  return true;
}

function spliceFloats(
  writer: ByteWriter,
  old: ByteReader,
  column: FloatColumn,
  encoding: Encoding,
  splice: Splice,
): boolean {
  const { before, after, count } = splice;
  const isSingle = encoding === Encoding.singles;
  const values = column.values.subarray(before, count - after);
  const given = isSingle ? Float32Array.from(values) : values.slice();
  if (isSingle) for (let i = 0; i < given.length; i++) if (!Object.is(given[i], values[i])) return false;
  const added = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  spliceWidth(writer, old, added, isSingle ? 4 : 8, splice);
  return true;
}

function spliceUuids(writer: ByteWriter, old: ByteReader, column: UuidColumn, splice: Splice): boolean {
  const { before, after, count } = splice;
  const added = new Uint8Array((count - before - after) * UUID_BYTES);
  for (let i = before; i < count - after; i++)
    packUuid(column.values[i] as string, added, (i - before) * UUID_BYTES);
  spliceWidth(writer, old, added, UUID_BYTES, splice);
  return true;
}

/** Plain text: lengths with the new ones, the run with the new characters. */
function spliceText(writer: ByteWriter, old: ByteReader, column: TextColumn, splice: Splice): boolean {
  const { before, after, count } = splice;
  const start = old.at;
  const isNarrow = old.u8() === Charset.latin1;
  let size = 0;
  for (let i = before; i < count - after; i++) {
    const value = column.values[i] as string;
    if (isNarrow && !isLatin1(value)) return false;
    ints[i - before + 1] = isNarrow ? value.length : utf8Size(value);
    size += ints[i - before + 1]!;
  }
  const behind = spliceLengths(writer, old, start, splice);
  if (behind < 0) return false;
  if (writer.at + size <= writer.bytes.length) {
    const added = (column.values as string[]).slice(before, count - after).join('');
    if (isNarrow) latin1Write(writer.bytes, added, writer.at);
    else utf8Write(writer.bytes, added, writer.at);
  }
  writer.at += size;
  writer.copy(old.bytes.subarray(behind, old.end));
  return true;
}

/** Codes of a dictionary that has all new values; Latin-1 only. */
function spliceTextCodes(writer: ByteWriter, old: ByteReader, column: TextColumn, splice: Splice): boolean {
  const { oldCount, before, after, count } = splice;
  const start = old.at;
  if (old.u8() !== Charset.latin1) return false;
  const size = old.unsigned();
  if (size > DICTIONARY_MAX) return false;
  const offsets = readOffsets(old, size);
  const at = old.take(offsets[size]!);
  const run = latin1Slice(old.bytes, at, at + offsets[size]!);
  const added = count - before - after;
  for (let i = 0; i < added; i++) {
    const code = column.isNull(before + i) ? 0 : entryOf(run, offsets, column.values[before + i] as string);
    if (code < 0) return false;
    codes[i] = code;
  }
  const width = old.u8();
  writer.copy(old.bytes.subarray(start, old.at));
  spliceRun(writer, old, takePacked(old, oldCount, width), oldCount, before, after, codes, added, width);
  return true;
}

/** Place of a text among those that `run` consists of, -1 where it is not. */
function entryOf(run: string, offsets: Int32Array, value: string): number {
  for (let i = 0; i + 1 < offsets.length; i++) {
    const from = offsets[i]!;
    if (offsets[i + 1]! - from === value.length && run.startsWith(value, from)) return i;
  }
  return -1;
}

/** Shared prefixes and rests: the row behind the new ones has another before it, so its own are new as well. */
function spliceFrontCoded(writer: ByteWriter, old: ByteReader, column: TextColumn, splice: Splice): boolean {
  const { before, count } = splice;
  const inner = { ...splice, after: Math.max(splice.after - 1, 0) };
  const values = column.values as readonly string[];
  const start = old.at;
  if (column.nullCount > 0 || old.u8() !== Charset.latin1) return false;
  const rests: string[] = [];
  for (let i = before; i < count - inner.after; i++) {
    const value = values[i]!;
    if (!isLatin1(value)) return false;
    const shared = i === 0 ? 0 : sharedPrefix(values[i - 1]!, value);
    ints[i - before + 1] = shared;
    rests.push(value.slice(shared));
  }
  if (old.u8() !== IntForm.packed || !splicePacked(writer, old, start, inner)) return false;
  for (let i = 0; i < rests.length; i++) ints[i + 1] = rests[i]!.length;
  const behind = spliceLengths(writer, old, old.at, inner);
  if (behind < 0) return false;
  const added = rests.join('');
  if (writer.at + added.length <= writer.bytes.length) latin1Write(writer.bytes, added, writer.at);
  writer.at += added.length;
  writer.copy(old.bytes.subarray(behind, old.end));
  return true;
}

function spliceBlobs(writer: ByteWriter, old: ByteReader, column: BlobColumn, splice: Splice): boolean {
  const { before, after, count } = splice;
  const start = old.at;
  const added: Uint8Array[] = [];
  for (let i = before; i < count - after; i++) {
    const bytes = column.bytesAt(i);
    added.push(bytes);
    ints[i - before + 1] = bytes.length;
  }
  const behind = spliceLengths(writer, old, start, splice);
  if (behind < 0) return false;
  for (const bytes of added) writer.copy(bytes);
  writer.copy(old.bytes.subarray(behind, old.end));
  return true;
}

/**
 * The body of lengths, new ones in `ints`, and what stands before it from `start` on; then the run up to the new values. Where the
 * run goes on behind them; -1 when the form does not take the lengths.
 */
function spliceLengths(writer: ByteWriter, old: ByteReader, start: number, splice: Splice): number {
  const { oldCount, before, after } = splice;
  const at = old.at;
  const body = new IntBody(old, oldCount);
  if (!body.isPackedFrom(0)) return -1;
  const run = old.at;
  old.at = at + 1;
  if (!splicePacked(writer, old, start, splice)) return -1;
  const from = run + body.sumOfPacked(before);
  writer.copy(old.bytes.subarray(run, from));
  let behind = from;
  for (let i = before; i < oldCount - after; i++) behind += body.at(i);
  return behind;
}

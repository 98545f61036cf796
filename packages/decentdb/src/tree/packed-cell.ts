/**
 * One number, or one of few different texts, of a column that is not decoded: what a look-up reads of a leaf it will not come back to.
 *
 * I1  The answer is the cell of the decoded column, or undefined where that takes a look at other rows, or at all of them to
 *     see whether they are right. Whoever gets undefined decodes the column, which reports what is wrong with it.
 */
import { Decimal } from '../types/decimal.ts';
import { type ColumnSpec, Physical } from '../types/vector.ts';
import type { ByteReader } from './byte-reader.ts';
import { Charset, ENCODING_MASK, Encoding, HAS_NULLS, HAS_OVERFLOW } from './encoding.ts';
import { POWERS_OF_TEN, quotientOf } from './float-column.ts';
import { IntBody, IntForm } from './int-body.ts';
import { packedAt, takePacked } from './packed-ints.ts';
import { readCharset, TextBlock } from './text-block.ts';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
/** Digits behind the point that a number may have. */
const SCALE_MAX = 16383;
/** A dictionary is looked into where it has an entry for so many rows. */
const DICTIONARY_SHARE = 8;

/** The cell at `row` of a block of `count` rows; NULL is null. */
export function packedCell(
  reader: ByteReader,
  spec: ColumnSpec,
  count: number,
  row: number,
): number | Decimal | null | undefined {
  const { physical } = spec;
  if (!isNumeric(physical)) return undefined;
  const tag = reader.u8();
  if ((tag & HAS_OVERFLOW) !== 0) return undefined;
  if (isNullAt(reader, tag, count, row)) return null;
  const encoding = tag & ENCODING_MASK;
  if (physical === Physical.float64) return floatAt(reader, encoding, count, row);
  if (physical === Physical.numeric) return numericAt(reader, encoding, count, row);
  if (encoding !== Encoding.ints) return undefined;
  const body = alone(reader, count);
  const isIn32 = physical === Physical.int32;
  const min = isIn32 ? INT32_MIN : -Number.MAX_SAFE_INTEGER;
  const max = isIn32 ? INT32_MAX : Number.MAX_SAFE_INTEGER;
  return body?.isWithin(min, max) === true ? body.at(row) : undefined;
}

/**
 * The text at `row` of a block that keeps each of its texts once; undefined where the block is no such one, or has too many different
 * texts for that to be worth it.
 */
export function dictionaryCell(reader: ByteReader, count: number, row: number): string | null | undefined {
  const tag = reader.u8();
  if ((tag & HAS_OVERFLOW) !== 0 || (tag & ENCODING_MASK) !== Encoding.textDictionary) return undefined;
  if (isNullAt(reader, tag, count, row)) return null;
  const charset = readCharset(reader);
  const size = reader.unsigned();
  if (size < 1 || size * DICTIONARY_SHARE > count) return undefined;
  const entries = TextBlock.readRun(reader, size, charset);
  const width = reader.u8();
  const code = packedAt(reader.view, takePacked(reader, count, width), width, row);
  return code < size ? entries.cell(code) : undefined;
}

/** No text of a block that keeps each of its texts once takes more bytes in UTF-8; undefined where the block is no such one. */
export function dictionaryBytesMax(reader: ByteReader, count: number): number | undefined {
  const tag = reader.u8();
  if ((tag & HAS_OVERFLOW) !== 0 || (tag & ENCODING_MASK) !== Encoding.textDictionary) return undefined;
  if ((tag & HAS_NULLS) !== 0) reader.take((count + 7) >>> 3);
  const isLatin1 = readCharset(reader) === Charset.latin1;
  const size = reader.unsigned();
  if (size < 1 || size > count) return undefined;
  return new IntBody(reader, size).packedMax * (isLatin1 ? 2 : 1);
}

function isNullAt(reader: ByteReader, tag: number, count: number, row: number): boolean {
  if ((tag & HAS_NULLS) === 0) return false;
  const at = reader.take((count + 7) >>> 3);
  return ((reader.bytes[at + (row >>> 3)]! >>> (row & 7)) & 1) !== 0;
}

function isNumeric(physical: Physical): boolean {
  return (
    physical === Physical.int32 ||
    physical === Physical.int64 ||
    physical === Physical.float64 ||
    physical === Physical.numeric
  );
}

function numericAt(reader: ByteReader, encoding: number, count: number, row: number): Decimal | undefined {
  if (encoding !== Encoding.scaledNumeric) return undefined;
  const scale = reader.unsigned();
  const body = scale > SCALE_MAX ? null : alone(reader, count);
  if (body?.isWithin(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) !== true) return undefined;
  return new Decimal(body.at(row), scale);
}

function floatAt(reader: ByteReader, encoding: number, count: number, row: number): number | undefined {
  if (encoding === Encoding.doubles) return reader.view.getFloat64(reader.take(8 * count) + 8 * row, true);
  if (encoding === Encoding.singles) return reader.view.getFloat32(reader.take(4 * count) + 4 * row, true);
  if (encoding !== Encoding.scaledDoubles && encoding !== Encoding.scaledSingles) return undefined;
  const scale = reader.u8();
  const body = POWERS_OF_TEN[scale] === undefined ? null : alone(reader, count);
  if (body === null) return undefined;
  const value = quotientOf(body.at(row), scale);
  return encoding === Encoding.scaledDoubles ? value : Math.fround(value);
}

/** A body whose values stand by themselves; null for others. */
function alone(reader: ByteReader, count: number): IntBody | null {
  const form = reader.bytes[reader.at];
  if (form !== IntForm.packed && form !== IntForm.delta) return null;
  const body = new IntBody(reader, count);
  return body.isRandomAccess ? body : null;
}

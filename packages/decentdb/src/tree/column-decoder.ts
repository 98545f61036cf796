/**
 * From a column block to a column.
 *
 * I1  Nothing read is trusted: tags must fit the column's kind, lengths their block, values their type; else XX001.
 * I2  Counts are bounded before memory is taken for them (a node has at most {@link ROWS_MAX} rows).
 */

import type { PageNo } from '../base/ids.ts';
import { Decimal } from '../types/decimal.ts';
import { type ColumnSpec, type Datum, type NullMask, Physical } from '../types/vector.ts';
import type { ArrayColumn } from './array-column.ts';
import { BlobColumn } from './blob-column.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Column } from './column.ts';
import { newFloat64s, newInt32s, newUint8s } from './column-memory.ts';
import { DecimalListColumn } from './decimal-list-column.ts';
import { Charset, ENCODING_MASK, Encoding, HAS_NULLS, HAS_OVERFLOW } from './encoding.ts';
import { FloatColumn, POWERS_OF_TEN, quotientOf, WHOLE_MAX } from './float-column.ts';
import { IntBody } from './int-body.ts';
import { IntColumn, type IntPhysical } from './int-column.ts';
import { ROWS_MAX } from './node-schema.ts';
import { NumericColumn } from './numeric-column.ts';
import { canOverflow, OverflowValue } from './overflow-value.ts';
import { type IntArray, readPacked, takePacked } from './packed-ints.ts';
import { readCharset, readOffsets, TextBlock } from './text-block.ts';
import { TextColumn } from './text-column.ts';
import { UUID_BYTES, uuidTexts } from './uuid-bytes.ts';
import { UuidColumn } from './uuid-column.ts';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
/** Largest value in an overflow chain: PostgreSQL's 1 GiB less one byte. */
const OVERFLOW_BYTES_MAX = 2 ** 30;
/** Integers on the way to a narrower array. */
const wideScratch = new Float64Array(ROWS_MAX);

/** What every block starts with. */
export interface BlockHead {
  readonly encoding: number;
  readonly nulls: NullMask;
  readonly nullCount: number;
  readonly overflow: readonly { row: number; value: OverflowValue }[] | null;
}

export function readHead(reader: ByteReader, spec: ColumnSpec, count: number): BlockHead {
  const tag = reader.u8();
  let nulls: Uint8Array | null = null;
  let nullCount = 0;
  if ((tag & HAS_NULLS) !== 0) {
    nulls = new Uint8Array(count);
    const at = reader.take((count + 7) >>> 3);
    for (let i = 0; i < count; i++) {
      const mark = (reader.bytes[at + (i >>> 3)]! >>> (i & 7)) & 1;
      nulls[i] = mark;
      nullCount += mark;
    }
    if (nullCount === 0) nulls = null;
  }
  const overflow = (tag & HAS_OVERFLOW) !== 0 ? readOverflow(reader, spec, count) : null;
  return { encoding: tag & ENCODING_MASK, nulls, nullCount, overflow };
}

function readOverflow(
  reader: ByteReader,
  spec: ColumnSpec,
  count: number,
): { row: number; value: OverflowValue }[] {
  if (!canOverflow(spec)) throw reader.fail('a column that cannot has large values');
  const size = reader.unsigned();
  if (size > count) throw reader.fail('a column has more large values than rows');
  const list: { row: number; value: OverflowValue }[] = [];
  let row = 0;
  for (let i = 0; i < size; i++) {
    const gap = reader.unsigned();
    row += gap;
    const firstPage = reader.unsigned();
    const byteLength = reader.unsigned();
    if (row >= count || (i > 0 && gap === 0)) throw reader.fail('large values are out of order');
    if (firstPage < 1 || firstPage > 2 ** 32 - 2 || byteLength > OVERFLOW_BYTES_MAX)
      throw reader.fail('a large value has an impossible place');
    list.push({ row, value: new OverflowValue({ firstPage: firstPage as PageNo, byteLength }) });
  }
  return list;
}

/** Decodes the block between reader.at and reader.end. */
export function decodeColumn(reader: ByteReader, spec: ColumnSpec, count: number, isSorted: boolean): Column {
  const head = readHead(reader, spec, count);
  if (head.encoding === Encoding.allNull) return allNull(spec, count, isSorted);
  const column = decodeBody(reader, spec, count, isSorted, head);
  if (!(column instanceof NumericColumn)) {
    column.nulls = head.nulls;
    column.nullCount = head.nullCount;
  }
  return column;
}

function allNull(spec: ColumnSpec, count: number, isSorted: boolean): Column {
  return filled(newColumn(spec, count, isSorted), null, count);
}

/** A column of its own, `count` times one value. */
export function constantColumn(spec: ColumnSpec, value: Datum, count: number): Column {
  return filled(newColumn(spec, count, false), value, count);
}

function filled(column: Column, value: Datum, count: number): Column {
  for (let i = 0; i < count; i++) column.insert(i, i, value);
  return column;
}

/** An empty column of its own. */
export function newColumn(spec: ColumnSpec, capacity: number, isSorted: boolean): Column {
  const column = emptyColumn(spec, capacity, isSorted);
  column.isStale = false;
  column.drift = 0;
  return column;
}

function emptyColumn(spec: ColumnSpec, capacity: number, isSorted: boolean): Column {
  switch (spec.physical) {
    case Physical.bool:
    case Physical.int32:
    case Physical.int64:
      return IntColumn.empty(spec.physical, capacity);
    case Physical.float64:
      return new FloatColumn(newFloat64s(capacity));
    case Physical.text:
      return new TextColumn([], isSorted);
    case Physical.uuid:
      return new UuidColumn([]);
    case Physical.numeric:
      return NumericColumn.empty(capacity);
    case Physical.bytes:
      return new BlobColumn([], null);
    default:
      return new BlobColumn([], spec.codec!);
  }
}

function decodeBody(
  reader: ByteReader,
  spec: ColumnSpec,
  count: number,
  isSorted: boolean,
  head: BlockHead,
): Column {
  switch (spec.physical) {
    case Physical.bool:
    case Physical.int32:
    case Physical.int64:
      return decodeInts(reader, spec.physical, count, head);
    case Physical.float64:
      return new FloatColumn(decodeFloats(reader, count, head));
    case Physical.text: {
      const runBytes = reader.end - reader.at;
      const column = new TextColumn(decodeTexts(reader, count, head), isSorted);
      column.runBytes = runBytes;
      return withOverflow(column, head);
    }
    case Physical.uuid:
      return new UuidColumn(decodeUuids(reader, count, head));
    case Physical.numeric:
      return decodeNumerics(reader, count, head);
    default:
      return withOverflow(decodeBlobs(reader, spec, count, head), head);
  }
}

function wrongEncoding(reader: ByteReader): never {
  throw reader.fail('a column has an encoding its type does not know');
}

function withOverflow<T extends string | object>(column: ArrayColumn<T>, head: BlockHead): ArrayColumn<T> {
  if (head.overflow === null) return column;
  for (const { row, value } of head.overflow) column.values[row] = value;
  column.overflowCount = head.overflow.length;
  column.hasOverflow = column.overflowCount > 0;
  return column;
}

function decodeInts(reader: ByteReader, physical: IntPhysical, count: number, head: BlockHead): IntColumn {
  if (head.encoding === Encoding.ints) {
    const body = new IntBody(reader, count);
    const values =
      physical === Physical.int32
        ? newInt32s(count, reader.passing)
        : physical === Physical.bool
          ? newUint8s(count, reader.passing)
          : newFloat64s(count, reader.passing);
    if (physical === Physical.int64) unpackSafe(reader, body, values, head.nulls);
    else unpackChecked(reader, body, values, physical);
    return new IntColumn(physical, values);
  }
  if (physical !== Physical.int64) wrongEncoding(reader);
  return new IntColumn(physical, decodeBigs(reader, count, head));
}

/** Unpacks into a narrow array; only a body whose range may pass the type's is looked at value by value. */
function unpackChecked(reader: ByteReader, body: IntBody, values: IntArray, physical: IntPhysical): void {
  const min = physical === Physical.bool ? 0 : INT32_MIN;
  const max = physical === Physical.bool ? 1 : INT32_MAX;
  if (body.isWithin(min, max)) {
    body.unpack(values);
    return;
  }
  if (values instanceof Int32Array && body.unpackAscending(values)) return;
  body.unpack(wideScratch);
  for (let i = 0; i < body.count; i++) {
    const value = wideScratch[i]!;
    if (!(value >= min && value <= max && Number.isInteger(value)))
      throw reader.fail('a stored integer is out of range');
    values[i] = value;
  }
}

function unpackSafe(reader: ByteReader, body: IntBody, values: IntArray, nulls: NullMask): void {
  body.unpack(values);
  if (!body.isWithin(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER))
    checkInts(reader, values, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, nulls);
}

function checkInts(reader: ByteReader, values: IntArray, min: number, max: number, nulls: NullMask): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= min && value <= max && Number.isInteger(value)) continue;
    if (nulls !== null && nulls[i] !== 0) values[i] = 0;
    else throw reader.fail('a stored integer is out of range');
  }
}

function decodeBigs(reader: ByteReader, count: number, head: BlockHead): BigInt64Array {
  const values = new BigInt64Array(count);
  if (head.encoding === Encoding.bigInts) {
    const base = reader.int64();
    const distances = new Float64Array(count);
    new IntBody(reader, count).unpack(distances);
    for (let i = 0; i < count; i++) {
      const distance = distances[i]!;
      if (!(distance >= 0 && distance <= Number.MAX_SAFE_INTEGER))
        throw reader.fail('a stored integer is out of range');
      values[i] = base + BigInt(distance);
    }
    return values;
  }
  if (head.encoding !== Encoding.rawBigInts) wrongEncoding(reader);
  const at = reader.take(8 * count);
  for (let i = 0; i < count; i++) values[i] = reader.view.getBigInt64(at + 8 * i, true);
  return values;
}

function decodeFloats(reader: ByteReader, count: number, head: BlockHead): Float64Array {
  const values = newFloat64s(count, reader.passing);
  const { view } = reader;
  switch (head.encoding) {
    case Encoding.doubles: {
      const at = reader.take(8 * count);
      for (let i = 0; i < count; i++) values[i] = view.getFloat64(at + 8 * i, true);
      return values;
    }
    case Encoding.singles: {
      const at = reader.take(4 * count);
      for (let i = 0; i < count; i++) values[i] = view.getFloat32(at + 4 * i, true);
      return values;
    }
    case Encoding.scaledDoubles:
    case Encoding.scaledSingles: {
      const scale = reader.u8();
      const power = POWERS_OF_TEN[scale];
      if (power === undefined) throw reader.fail('a stored scale is out of range');
      const body = new IntBody(reader, count);
      body.unpack(values);
      if (head.encoding === Encoding.scaledDoubles) {
        // What dividing is exact for needs no look at each.
        if (body.isWithin(-WHOLE_MAX, WHOLE_MAX))
          for (let i = 0; i < count; i++) values[i] = values[i]! / power;
        else for (let i = 0; i < count; i++) values[i] = quotientOf(values[i]!, scale);
      } else for (let i = 0; i < count; i++) values[i] = Math.fround(values[i]! / power);
      return values;
    }
    default:
      return wrongEncoding(reader);
  }
}

function decodeTexts(reader: ByteReader, count: number, head: BlockHead): string[] {
  switch (head.encoding) {
    case Encoding.text:
      return TextBlock.read(reader, count).strings();
    case Encoding.textDictionary: {
      const charset = readCharset(reader);
      const size = reader.unsigned();
      if (size < 1 || size > count) throw reader.fail('a dictionary has an impossible size');
      const entries = TextBlock.readRun(reader, size, charset).strings();
      return pick(reader, entries, count, head.nulls, '');
    }
    case Encoding.frontCoded:
      return decodeFrontCoded(reader, count);
    default:
      return wrongEncoding(reader);
  }
}

/** Codes into a dictionary, then the entries in row order. */
function pick(
  reader: ByteReader,
  entries: string[],
  count: number,
  nulls: NullMask,
  blank: string,
): string[] {
  const width = reader.u8();
  const at = takePacked(reader, count, width);
  const codes = new Float64Array(count);
  readPacked(reader.view, at, count, width, 0, codes, 0);
  const values = new Array<string>(count);
  for (let i = 0; i < count; i++) {
    const entry = entries[codes[i]!];
    if (entry === undefined) throw reader.fail('a dictionary code is out of range');
    values[i] = nulls !== null && nulls[i] !== 0 ? blank : entry;
  }
  return values;
}

function decodeFrontCoded(reader: ByteReader, count: number): string[] {
  if (readCharset(reader) !== Charset.latin1) throw reader.fail('front-coded text is not Latin-1');
  const body = new IntBody(reader, count);
  const shared = new Float64Array(count);
  body.unpack(shared);
  const rests = TextBlock.readRun(reader, count, Charset.latin1);
  return rebuildFrontCoded(reader, shared, rests).strings();
}

/** The full run of front-coded text, as a block. */
export function rebuildFrontCoded(reader: ByteReader, shared: Float64Array, rests: TextBlock): TextBlock {
  const { count, offsets, start, bytes } = rests;
  const full = new Int32Array(count + 1);
  let total = 0;
  let last = 0;
  for (let i = 0; i < count; i++) {
    const prefix = shared[i]!;
    if (!(prefix >= 0 && prefix <= last)) throw reader.fail('front-coded text repeats more than there is');
    last = prefix + offsets[i + 1]! - offsets[i]!;
    total += last;
    full[i + 1] = total;
  }
  if (total > 2 ** 26) throw reader.fail('front-coded text grows beyond reason');
  const run = new Uint8Array(total);
  for (let i = 0; i < count; i++) {
    const at = full[i]!;
    const prefix = shared[i]!;
    if (prefix > 0) run.copyWithin(at, full[i - 1]!, full[i - 1]! + prefix);
    run.set(bytes.subarray(start + offsets[i]!, start + offsets[i + 1]!), at + prefix);
  }
  return TextBlock.ofRun(reader, run, full);
}

function decodeUuids(reader: ByteReader, count: number, head: BlockHead): string[] {
  if (head.encoding === Encoding.uuids) return readUuids(reader, count);
  if (head.encoding !== Encoding.uuidDictionary) wrongEncoding(reader);
  const size = reader.unsigned();
  if (size < 1 || size > count) throw reader.fail('a dictionary has an impossible size');
  const entries = readUuids(reader, size);
  return pick(reader, entries, count, null, '');
}

function readUuids(reader: ByteReader, count: number): string[] {
  return uuidTexts(reader.bytes, reader.take(UUID_BYTES * count), count);
}

function decodeNumerics(reader: ByteReader, count: number, head: BlockHead): NumericColumn {
  if (head.encoding === Encoding.scaledNumeric) {
    const scale = reader.unsigned();
    if (scale > 16383) throw reader.fail('a stored scale is out of range');
    const values = newFloat64s(count, reader.passing);
    unpackSafe(reader, new IntBody(reader, count), values, head.nulls);
    const ints = new IntColumn(Physical.int64, values);
    ints.nulls = head.nulls;
    ints.nullCount = head.nullCount;
    return new NumericColumn(ints, scale, null);
  }
  const list = new DecimalListColumn(decodeDecimals(reader, count, head));
  list.nulls = head.nulls;
  list.nullCount = head.nullCount;
  return new NumericColumn(null, 0, withOverflow(list, head) as DecimalListColumn);
}

function decodeDecimals(reader: ByteReader, count: number, head: BlockHead): Decimal[] {
  if (head.encoding === Encoding.numericPairs) {
    const scales = new Float64Array(count);
    const coefficients = new Float64Array(count);
    new IntBody(reader, count).unpack(scales);
    new IntBody(reader, count).unpack(coefficients);
    checkInts(reader, scales, 0, 16383, head.nulls);
    checkInts(reader, coefficients, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, head.nulls);
    return Array.from(coefficients, (coefficient, i) => new Decimal(coefficient, scales[i]!));
  }
  if (head.encoding !== Encoding.text) wrongEncoding(reader);
  const texts = TextBlock.read(reader, count).strings();
  return texts.map((text) => {
    if (text === '') return Decimal.zero;
    const value = parseDecimal(text);
    if (value === null) throw reader.fail('a stored number cannot be read');
    return value;
  });
}

function parseDecimal(text: string): Decimal | null {
  try {
    return Decimal.parse(text);
  } catch {
    return null;
  }
}

function decodeBlobs(reader: ByteReader, spec: ColumnSpec, count: number, head: BlockHead): BlobColumn {
  if (head.encoding !== Encoding.blobs) wrongEncoding(reader);
  const offsets = readOffsets(reader, count);
  const start = reader.take(offsets[count]!);
  // Values are views of these bytes, and may stay when the page has passed by.
  const stored = reader.bytes.subarray(start, start + offsets[count]!);
  const run = reader.passing === null ? stored : stored.slice();
  const codec = spec.codec ?? null;
  const isMarked = new Uint8Array(count);
  if (head.overflow !== null) for (const { row } of head.overflow) isMarked[row] = 1;
  const values: object[] = [];
  for (let i = 0; i < count; i++) {
    const value = run.subarray(offsets[i]!, offsets[i + 1]!);
    const isBlank = isMarked[i] === 1 || (head.nulls !== null && head.nulls[i] !== 0);
    values.push(codec === null || isBlank ? value : decodeObject(reader, spec, value));
  }
  return new BlobColumn(values, codec);
}

function decodeObject(reader: ByteReader, spec: ColumnSpec, bytes: Uint8Array): object {
  try {
    return spec.codec!.fromBytes(bytes);
  } catch (error) {
    throw reader.fail(`a stored value cannot be read: ${String(error)}`);
  }
}

/**
 * The byte form of a run of safe integers; `int-sizer.ts` chooses among the forms.
 *
 *     packed      form 0 | base signed | width u8 | packed(count)
 *     delta       form 1 | first signed | step signed | width u8 | exceptions unsigned |
 *                        { row gap unsigned, delta signed }... | packed(count - 1)
 *     dictionary  form 2 | size unsigned | body of the distinct values, ascending | width u8 | packed codes(count)
 *     raw         form 3 | doubles(count)
 *
 * A delta is value[i] - value[i-1] = step + packed[i-1], or an exception's delta. Width 0 without exceptions is a
 * sequence (row ids), width 0 with exceptions is run-length coding of a sorted column.
 *
 * I1  Row gaps are at least 1: exceptions ascend strictly (the first gap counts from row 0).
 * I2  Unpacking leaves the reader where it was: what follows the body can be read before or after.
 */
import { assert } from '../base/assert.ts';
import { NO_PAGE } from '../base/ids.ts';
import { keepShape } from '../base/kept-shapes.ts';
import type { NullMask } from '../types/vector.ts';
import { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { ROWS_MAX } from './node-schema.ts';
import {
  type IntArray,
  PACKED_BITS_MAX,
  packedAt,
  packedBytes,
  packedWidth,
  readPacked,
  takePacked,
  writePacked,
} from './packed-ints.ts';

export const IntForm = { packed: 0, delta: 1, dictionary: 2, raw: 3 } as const;
export type IntForm = (typeof IntForm)[keyof typeof IntForm];

export function writePackedBody(
  writer: ByteWriter,
  values: IntArray,
  count: number,
  min: number,
  max: number,
  nulls: NullMask,
): void {
  const width = packedWidth(max - min);
  writer.u8(IntForm.packed);
  writer.signed(min);
  writer.u8(width);
  writePacked(writer, values, 0, count, min, width, nulls);
}

export function writeRawBody(writer: ByteWriter, values: IntArray, count: number): void {
  writer.u8(IntForm.raw);
  for (let i = 0; i < count; i++) writer.double(values[i]!);
}

/** Deltas less the step, and the rows that are exceptions, of the body being written. */
const restScratch = new Int32Array(ROWS_MAX);
const exceptionScratch = new Int32Array(ROWS_MAX);

/** Deltas outside step .. step + 2^width - 1 become exceptions, `exceptionCountMax` at most. */
export function writeDeltaBody(
  writer: ByteWriter,
  values: IntArray,
  count: number,
  step: number,
  width: number,
  exceptionCountMax: number,
): void {
  assert(width <= PACKED_BITS_MAX, 'deltas this wide are exceptions');
  const exceptionCount =
    values instanceof Float64Array
      ? deltasOfFloat64s(values, count, step, 2 ** width)
      : deltasOf(values, count, step, 2 ** width);
  assert(exceptionCount <= exceptionCountMax, 'more deltas are exceptions than were counted');
  writer.u8(IntForm.delta);
  writer.signed(values[0]!);
  writer.signed(step);
  writer.u8(width);
  writer.unsigned(exceptionCount);
  let last = 0;
  for (let k = 0; k < exceptionCount; k++) {
    const row = exceptionScratch[k]!;
    writer.unsigned(row - last);
    writer.signed(values[row]! - values[row - 1]!);
    last = row;
  }
  writePacked(writer, restScratch, 0, count - 1, 0, width, null);
}

/** Fills the scratch arrays; how many rows are exceptions. */
function deltasOf(values: IntArray, count: number, step: number, limit: number): number {
  let exceptionCount = 0;
  let last = values[0]!;
  for (let i = 1; i < count; i++) {
    const value = values[i]!;
    const rest = value - last - step;
    last = value;
    if (rest >= 0 && rest < limit) restScratch[i - 1] = rest;
    else {
      restScratch[i - 1] = 0;
      exceptionScratch[exceptionCount++] = i;
    }
  }
  return exceptionCount;
}

/** As {@link deltasOf}, seeing one kind of array only. */
function deltasOfFloat64s(values: Float64Array, count: number, step: number, limit: number): number {
  let exceptionCount = 0;
  let last = values[0]!;
  for (let i = 1; i < count; i++) {
    const value = values[i]!;
    const rest = value - last - step;
    last = value;
    if (rest >= 0 && rest < limit) restScratch[i - 1] = rest;
    else {
      restScratch[i - 1] = 0;
      exceptionScratch[exceptionCount++] = i;
    }
  }
  return exceptionCount;
}

export function writeDictionaryBody(
  writer: ByteWriter,
  values: IntArray,
  count: number,
  distinct: Iterable<number>,
  nulls: NullMask,
): void {
  const sorted = Float64Array.from(distinct).sort();
  const codes = new Map<number, number>();
  for (let i = 0; i < sorted.length; i++) codes.set(sorted[i]!, i);
  writer.u8(IntForm.dictionary);
  writer.unsigned(sorted.length);
  writePackedBody(writer, sorted, sorted.length, sorted[0]!, sorted[sorted.length - 1]!, null);
  const width = packedWidth(sorted.length - 1);
  writer.u8(width);
  const coded = new Int32Array(count);
  for (let i = 0; i < count; i++) coded[i] = codes.get(values[i]!) ?? 0;
  writePacked(writer, coded, 0, count, 0, width, nulls);
}

/** Bytes of a packed body. */
export function packedBodyBytes(count: number, baseBytes: number, range: number): number {
  return 2 + baseBytes + packedBytes(count, packedWidth(range));
}

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const codeScratch = new Int32Array(ROWS_MAX);

/** A parsed body: ready to unpack, or to give single values where its form allows. */
export class IntBody {
  readonly form: IntForm;
  readonly count: number;
  readonly reader: ByteReader;
  readonly base: number;
  readonly step: number;
  readonly width: number;
  readonly offset: number;
  readonly exceptionCount: number;
  readonly exceptionsAt: number;
  readonly dictionary: Float64Array | null;

  /** Reads and checks everything but the values themselves; leaves `reader.at` behind the body. */
  constructor(reader: ByteReader, count: number) {
    const form = reader.u8();
    let base = 0;
    let step = 0;
    let width = 0;
    let exceptionCount = 0;
    let exceptionsAt = 0;
    let dictionary: Float64Array | null = null;
    let offset = 0;
    if (form === IntForm.packed) {
      base = reader.signed();
      width = reader.u8();
      offset = takePacked(reader, count, width);
    } else if (form === IntForm.delta) {
      base = reader.signed();
      step = reader.signed();
      width = reader.u8();
      exceptionCount = reader.unsigned();
      exceptionsAt = reader.at;
      skipExceptions(reader, exceptionCount, count);
      offset = takePacked(reader, count - 1, width);
    } else if (form === IntForm.dictionary) {
      dictionary = readDictionary(reader, count);
      width = reader.u8();
      offset = takePacked(reader, count, width);
    } else if (form === IntForm.raw) {
      offset = reader.take(count * 8);
    } else throw reader.fail('an integer column has an unknown form');
    this.form = form;
    this.count = count;
    this.reader = reader;
    this.base = base;
    this.step = step;
    this.width = width;
    this.offset = offset;
    this.exceptionCount = exceptionCount;
    this.exceptionsAt = exceptionsAt;
    this.dictionary = dictionary;
  }

  /** Whether {@link at} works: every form but delta with a width or exceptions. */
  get isRandomAccess(): boolean {
    return this.form !== IntForm.delta || (this.width === 0 && this.exceptionCount === 0);
  }

  /** One value; only where {@link isRandomAccess}. */
  at(row: number): number {
    const { view } = this.reader;
    if (this.form === IntForm.packed) return this.base + packedAt(view, this.offset, this.width, row);
    if (this.form === IntForm.delta) return this.base + row * this.step;
    if (this.form === IntForm.raw) return view.getFloat64(this.offset + row * 8, true);
    return this.dictionary![packedAt(view, this.offset, this.width, row)] ?? this.failCode();
  }

  /** Whether the values are packed side by side, none of them below `min`, and less than 2^25 apart. */
  isPackedFrom(min: number): boolean {
    return this.form === IntForm.packed && this.base >= min && this.width <= PACKED_BITS_MAX;
  }

  /** No value of a packed body is larger; infinity for other forms. */
  get packedMax(): number {
    return this.form === IntForm.packed ? this.base + (2 ** this.width - 1) : Number.POSITIVE_INFINITY;
  }

  /** Sum of the first `count` values, where {@link isPackedFrom}. */
  sumOfPacked(count: number): number {
    readPacked(this.reader.view, this.offset, count, this.width, 0, codeScratch, 0);
    let sum = count * this.base;
    for (let i = 0; i < count; i++) sum += codeScratch[i]!;
    return sum;
  }

  unpack(out: IntArray): void {
    const { view } = this.reader;
    if (this.form === IntForm.packed)
      readPacked(view, this.offset, this.count, this.width, this.base, out, 0);
    else if (this.form === IntForm.delta) this.unpackDeltas(out);
    else if (this.form === IntForm.raw) {
      for (let i = 0; i < this.count; i++) out[i] = view.getFloat64(this.offset + i * 8, true);
    } else this.unpackCodes(this.dictionary!, out);
  }

  /** Whether every value is sure to be an integer in [min, max]; false also where only a look at all of them could tell. */
  isWithin(min: number, max: number): boolean {
    if (this.form === IntForm.packed) return this.base >= min && this.packedMax <= max;
    if (this.form === IntForm.dictionary)
      return this.dictionary!.every((value) => value >= min && value <= max && Number.isInteger(value));
    if (this.form !== IntForm.delta || !this.isRandomAccess) return false;
    const last = this.base + (this.count - 1) * this.step;
    return Math.min(this.base, last) >= min && Math.max(this.base, last) <= max;
  }

  /** Unpacks deltas where none descends. False, and the array means nothing: some may, or a value may be none of 32 bits. */
  unpackAscending(out: Int32Array): boolean {
    const { step, width } = this;
    if (this.form !== IntForm.delta || !(this.base >= INT32_MIN && step >= 0)) return false;
    // The array holds the deltas first.
    if (width > PACKED_BITS_MAX || step > INT32_MAX - 2 ** width) return false;
    return this.unpackDeltas(out) <= INT32_MAX;
  }

  private unpackCodes(dictionary: Float64Array, out: IntArray): void {
    const { count } = this;
    const size = dictionary.length;
    readPacked(this.reader.view, this.offset, count, this.width, 0, codeScratch, 0);
    // Codes of more than 31 bits, which nobody writes, arrive cut short and may be negative.
    if (2 ** this.width > size)
      for (let i = 0; i < count; i++) if (codeScratch[i]! >>> 0 >= size) this.failCode();
    for (let i = 0; i < count; i++) out[i] = dictionary[codeScratch[i]!]!;
  }

  /** The first `count` values of a body of deltas: what is behind them is not added up. */
  firstOfDeltas(count: number): Float64Array {
    const out = new Float64Array(count);
    this.unpackDeltas(out, count);
    return out;
  }

  /** The last value; NaN where some delta is negative. */
  private unpackDeltas(out: IntArray, count: number = this.count): number {
    const { reader, step } = this;
    let value = this.base;
    out[0] = value;
    if (this.isRandomAccess) {
      // Adding up is exact: all values are safe integers.
      for (let i = 1; i < count; i++) out[i] = value += step;
      return value;
    }
    readPacked(reader.view, this.offset, count - 1, this.width, step, out, 1);
    const { at, end } = reader;
    reader.at = this.exceptionsAt;
    reader.end = this.offset;
    let row = 0;
    let isAscending = step >= 0;
    for (let e = 0; e < this.exceptionCount; e++) {
      const next = row + reader.unsigned();
      const delta = reader.signed();
      if (next >= count) break;
      for (row++; row < next; row++) out[row] = value += out[row]!;
      out[row] = value += delta;
      if (delta < 0) isAscending = false;
    }
    for (row++; row < count; row++) out[row] = value += out[row]!;
    reader.at = at;
    reader.end = end;
    return isAscending ? value : Number.NaN;
  }

  /** Rows and deltas of the exceptions of a delta body; how many there are. */
  readExceptions(rows: Int32Array, deltas: Float64Array): number {
    const { reader, exceptionCount } = this;
    const { at, end } = reader;
    reader.at = this.exceptionsAt;
    reader.end = this.offset;
    let row = 0;
    for (let e = 0; e < exceptionCount; e++) {
      row += reader.unsigned();
      rows[e] = row;
      deltas[e] = reader.signed();
    }
    reader.at = at;
    reader.end = end;
    return exceptionCount;
  }

  private failCode(): never {
    throw this.reader.fail('a dictionary code is out of range');
  }
}

function skipExceptions(reader: ByteReader, exceptionCount: number, count: number): void {
  if (count < 1) throw reader.fail('an empty column has deltas');
  let row = 0;
  for (let i = 0; i < exceptionCount; i++) {
    const gap = reader.unsigned();
    if (gap < 1) throw reader.fail('delta exceptions do not ascend');
    row += gap;
    if (row >= count) throw reader.fail('a delta exception lies behind its column');
    reader.signed();
  }
}

function readDictionary(reader: ByteReader, count: number): Float64Array {
  const size = reader.unsigned();
  if (size < 1 || size > count) throw reader.fail('a dictionary has an impossible size');
  if (reader.bytes[reader.at] === IntForm.dictionary) throw reader.fail('a dictionary lies in a dictionary');
  const values = new Float64Array(size);
  new IntBody(reader, size).unpack(values);
  return values;
}

// Packed in no bits.
keepShape(new IntBody(new ByteReader(new Uint8Array([IntForm.packed, 0, 0]), NO_PAGE), 0));

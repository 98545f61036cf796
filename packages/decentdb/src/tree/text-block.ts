/**
 * An undecoded text column: where each value lies in the page's bytes, so that one value can be cut out alone and a scan
 * can search the run as it is.
 *
 * I2  Rows that `nulls` marks are NULL, whatever their bytes.
 * I1  offsets[i] .. offsets[i + 1] are the bytes of row i, relative to `start`; they ascend and end within the block.
 */
import { NO_PAGE } from '../base/ids.ts';
import { keepShape } from '../base/kept-shapes.ts';
import type { NullMask } from '../types/vector.ts';
import { ByteReader } from './byte-reader.ts';
import { newInt32s } from './column-memory.ts';
import { Charset } from './encoding.ts';
import { IntBody } from './int-body.ts';
import { ROWS_MAX } from './node-schema.ts';
import { latin1Slice, utf8Slice } from './text-bytes.ts';

const CUTS_MAX = 4;

/** The bytes of a plain text column. */
export class TextBlock {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  /** The run ends here or before. */
  readonly end: number;
  readonly isLatin1: boolean;
  readonly nulls: NullMask;
  private readonly reader: ByteReader;
  private places: Int32Array | null;
  /** Lengths not looked at yet, and how many values were cut out without all of them. */
  private lengths: IntBody | null;
  private cuts = 0;
  /** No value has more bytes in the page. */
  readonly longest: number;

  private constructor(
    reader: ByteReader,
    run: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
    places: Int32Array | IntBody,
    isLatin1: boolean,
    nulls: NullMask = null,
  ) {
    this.reader = reader;
    this.nulls = nulls;
    this.bytes = run.bytes;
    this.start = run.start;
    this.end = run.end;
    this.isLatin1 = isLatin1;
    this.count = places instanceof Int32Array ? places.length - 1 : places.count;
    this.places = places instanceof Int32Array ? places : null;
    this.lengths = places instanceof Int32Array ? null : places;
    this.longest = places instanceof Int32Array ? run.end - run.start : places.packedMax;
  }

  /** Reads lengths and claims the run; the charset byte comes first. */
  static read(reader: ByteReader, count: number): TextBlock {
    return TextBlock.readRun(reader, count, readCharset(reader));
  }

  /** As {@link read} of a block that ends where the reader does. Its lengths are read when first asked for. */
  static readLazily(reader: ByteReader, count: number, nulls: NullMask): TextBlock {
    const charset = readCharset(reader);
    const lengths = new IntBody(reader, count);
    const { bytes, at: start, end } = reader;
    return new TextBlock(reader, { bytes, start, end }, lengths, charset === Charset.latin1, nulls);
  }

  static readRun(reader: ByteReader, count: number, charset: Charset): TextBlock {
    const offsets = readOffsets(reader, count);
    const start = reader.take(offsets[count]!);
    const { bytes, at: end } = reader;
    return new TextBlock(reader, { bytes, start, end }, offsets, charset === Charset.latin1);
  }

  /** A block over a run that was rebuilt in memory. */
  static ofRun(reader: ByteReader, run: Uint8Array, offsets: Int32Array): TextBlock {
    return new TextBlock(reader, { bytes: run, start: 0, end: run.length }, offsets, true);
  }

  /** I1. */
  get offsets(): Int32Array {
    return this.places ?? this.readPlaces();
  }

  private readPlaces(): Int32Array {
    const places = offsetsOf(this.lengths!, this.reader, this.end - this.start);
    this.places = places;
    this.lengths = null;
    return places;
  }

  memoryBytes(): number {
    // Places are counted before they are there: nobody is told when they come.
    return 240 + 4 * (this.count + 1) + (this.nulls === null ? 0 : this.nulls.length);
  }

  /** The value of a row that is not NULL. */
  cell(row: number): string {
    const { lengths } = this;
    // Adding up the lengths before one row, or a few, is less than working out all places.
    if (lengths?.isPackedFrom(0) && this.cuts++ < CUTS_MAX) {
      const from = lengths.sumOfPacked(row);
      return this.slice(from, from + lengths.at(row));
    }
    const { offsets } = this;
    return this.slice(offsets[row]!, offsets[row + 1]!);
  }

  private slice(from: number, to: number): string {
    const { start, end } = this;
    if (start + to > end) throw this.reader.fail('stored lengths pass the end of their column');
    return this.isLatin1
      ? latin1Slice(this.bytes, start + from, start + to)
      : this.strict(start + from, start + to);
  }

  /** All values: one slice of the run and a substring each. */
  strings(): string[] {
    const { count, offsets, start } = this;
    const end = start + offsets[count]!;
    const values = new Array<string>(count);
    if (this.isLatin1) {
      const run = latin1Slice(this.bytes, start, end);
      for (let i = 0; i < count; i++) values[i] = run.substring(offsets[i]!, offsets[i + 1]!);
      return values;
    }
    const run = this.strict(start, end);
    let unit = 0;
    for (let i = 0; i < count; i++) {
      const from = unit;
      const to = start + offsets[i + 1]!;
      for (let at = start + offsets[i]!; at < to; at++) {
        const byte = this.bytes[at]!;
        if ((byte & 0xc0) !== 0x80) unit += byte >= 0xf0 ? 2 : 1;
      }
      values[i] = run.substring(from, unit);
    }
    return values;
  }

  private strict(from: number, to: number): string {
    try {
      return utf8Slice(this.bytes, from, to);
    } catch {
      throw this.reader.fail('stored text is not UTF-8');
    }
  }
}

export function readCharset(reader: ByteReader): Charset {
  const charset = reader.u8();
  if (charset !== Charset.latin1 && charset !== Charset.utf8)
    throw reader.fail('stored text has an unknown charset');
  return charset;
}

/** Running sums of a body of lengths: count + 1 offsets from 0, none beyond the reader's end. */
export function readOffsets(reader: ByteReader, count: number): Int32Array {
  const body = new IntBody(reader, count);
  return offsetsOf(body, reader, reader.end - reader.at);
}

const lengthScratch = new Float64Array(ROWS_MAX);

function offsetsOf(body: IntBody, reader: ByteReader, room: number): Int32Array {
  const { count } = body;
  const offsets = newInt32s(count + 1, reader.passing);
  body.unpack(lengthScratch);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const length = lengthScratch[i]!;
    sum += length;
    if (!(length >= 0 && sum <= room)) throw reader.fail('stored lengths pass the end of their column');
    offsets[i + 1] = sum;
  }
  return offsets;
}

keepShape(TextBlock.ofRun(new ByteReader(new Uint8Array(0), NO_PAGE), new Uint8Array(0), new Int32Array(1)));

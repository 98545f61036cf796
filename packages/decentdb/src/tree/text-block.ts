/**
 * An undecoded text column: where each value lies in the page's bytes, so that one value can be cut out alone and a scan
 * can search the run as it is.
 *
 * I1  offsets[i] .. offsets[i + 1] are the bytes of row i, relative to `start`; they ascend and end within the block.
 */
import type { ByteReader } from './byte-reader.ts';
import { Charset } from './encoding.ts';
import { IntBody } from './int-body.ts';
import { latin1Slice, utf8Slice } from './text-bytes.ts';

/** The bytes of a plain text column. */
export class TextBlock {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly offsets: Int32Array;
  readonly isLatin1: boolean;
  private readonly reader: ByteReader;

  private constructor(
    reader: ByteReader,
    start: number,
    offsets: Int32Array,
    isLatin1: boolean,
    bytes: Uint8Array,
  ) {
    this.reader = reader;
    this.bytes = bytes;
    this.start = start;
    this.offsets = offsets;
    this.isLatin1 = isLatin1;
  }

  /** Reads lengths and claims the run; the charset byte comes first. */
  static read(reader: ByteReader, count: number): TextBlock {
    return TextBlock.readRun(reader, count, readCharset(reader));
  }

  static readRun(reader: ByteReader, count: number, charset: Charset): TextBlock {
    const offsets = readOffsets(reader, count);
    const start = reader.take(offsets[count]!);
    return new TextBlock(reader, start, offsets, charset === Charset.latin1, reader.bytes);
  }

  /** A block over a run that was rebuilt in memory. */
  static ofRun(reader: ByteReader, run: Uint8Array, offsets: Int32Array): TextBlock {
    return new TextBlock(reader, 0, offsets, true, run);
  }

  get count(): number {
    return this.offsets.length - 1;
  }

  cell(row: number): string {
    const from = this.start + this.offsets[row]!;
    const to = this.start + this.offsets[row + 1]!;
    return this.isLatin1 ? latin1Slice(this.bytes, from, to) : this.strict(from, to);
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
  const offsets = new Int32Array(count + 1);
  const room = reader.end - reader.at;
  const lengths = new Float64Array(count);
  body.unpack(lengths);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const length = lengths[i]!;
    sum += length;
    if (!(length >= 0 && sum <= room)) throw reader.fail('stored lengths pass the end of their column');
    offsets[i + 1] = sum;
  }
  return offsets;
}

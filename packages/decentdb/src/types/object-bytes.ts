/**
 * Bytes of compound values: what the codecs of `object` types (arrays, composites, ranges, intervals, jsonb) are built from.
 *
 * I1  Readers check every length against what is left and throw; damaged bytes never cause a long loop or a huge allocation.
 * I2  The forms here are stored in database files: a change needs a new format version.
 *
 *     unsigned   LEB128, at most 10 bytes          text     unsigned length, UTF-8
 *     signed     zigzag of the above               bytes    unsigned length, bytes
 *     datum      presence byte 0 / 1, then by physical kind: bool byte; int32, int64 signed; float64 8 bytes little endian;
 *                text, uuid text; bytes; numeric as its text; object: unsigned length and its codec's bytes
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal, narrow } from './decimal.ts';
import type { SqlType } from './sql-type.ts';
import { type Datum, Physical } from './vector.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Appends values to a growing buffer. */
export class ByteWriter {
  private buffer = new Uint8Array(64);
  private used = 0;

  private reserve(count: number): void {
    if (this.used + count <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.used + count));
    grown.set(this.buffer);
    this.buffer = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.used++] = value;
  }

  unsigned(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest >= 128) {
      this.buffer[this.used++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.used++] = rest;
  }

  signed(value: number | bigint): void {
    if (typeof value === 'number' && Math.abs(value) < 2 ** 51) {
      this.unsigned(value < 0 ? -value * 2 - 1 : value * 2);
      return;
    }
    this.reserve(10);
    const big = BigInt(value);
    let rest = big < 0n ? -big * 2n - 1n : big * 2n;
    while (rest >= 128n) {
      this.buffer[this.used++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.buffer[this.used++] = Number(rest);
  }

  double(value: number): void {
    this.reserve(8);
    new DataView(this.buffer.buffer).setFloat64(this.used, value, true);
    this.used += 8;
  }

  bytes(value: Uint8Array): void {
    this.unsigned(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.used);
    this.used += value.length;
  }

  text(value: string): void {
    this.bytes(encoder.encode(value));
  }

  datum(value: Datum, type: SqlType): void {
    if (value === null) {
      this.byte(0);
      return;
    }
    this.byte(1);
    switch (type.physical) {
      case Physical.bool:
        this.byte(value ? 1 : 0);
        return;
      case Physical.int32:
      case Physical.int64:
        this.signed(value as number | bigint);
        return;
      case Physical.float64:
        this.double(value as number);
        return;
      case Physical.bytes:
        this.bytes(value as Uint8Array);
        return;
      case Physical.numeric:
        this.text((value as Decimal).toString());
        return;
      case Physical.object:
        this.bytes(type.codec!.toBytes(value as object));
        return;
      default:
        this.text(value as string);
    }
  }

  finish(): Uint8Array {
    return this.buffer.slice(0, this.used);
  }
}

function damaged(): DecentDbError {
  return new DecentDbError('XX001', 'stored value is damaged');
}

/** Reads what {@link ByteWriter} wrote. */
export class ByteReader {
  private readonly source: Uint8Array;
  private at = 0;

  constructor(source: Uint8Array) {
    this.source = source;
  }

  get left(): number {
    return this.source.length - this.at;
  }

  byte(): number {
    const value = this.source[this.at++];
    if (value === undefined) throw damaged();
    return value;
  }

  unsigned(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) break;
      factor *= 128;
      if (factor > 2 ** 49) throw damaged();
    }
    return value;
  }

  signed(): number | bigint {
    const start = this.at;
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 7; count++) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        const half = Math.floor(value / 2);
        if (value <= Number.MAX_SAFE_INTEGER) return value % 2 === 0 ? half : -half - 1;
        break;
      }
      factor *= 128;
    }
    this.at = start;
    return this.signedBig();
  }

  private signedBig(): number | bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return narrow(value & 1n ? -(value >> 1n) - 1n : value >> 1n);
      if (shift > 63n) throw damaged();
    }
  }

  double(): number {
    if (this.left < 8) throw damaged();
    const value = new DataView(this.source.buffer, this.source.byteOffset + this.at, 8).getFloat64(0, true);
    this.at += 8;
    return value;
  }

  bytes(): Uint8Array {
    const length = this.unsigned();
    if (length > this.left) throw damaged();
    this.at += length;
    return this.source.slice(this.at - length, this.at);
  }

  text(): string {
    try {
      return decoder.decode(this.bytes());
    } catch (cause) {
      if (cause instanceof DecentDbError) throw cause;
      throw new DecentDbError('XX001', 'stored text is not valid UTF-8', { cause });
    }
  }

  datum(type: SqlType): Datum {
    if (this.byte() === 0) return null;
    switch (type.physical) {
      case Physical.bool:
        return this.byte() === 1;
      case Physical.int32:
      case Physical.int64:
        return this.signed();
      case Physical.float64:
        return this.double();
      case Physical.bytes:
        return this.bytes();
      case Physical.numeric: {
        const value = Decimal.parse(this.text());
        if (value === null) throw damaged();
        return value;
      }
      case Physical.object:
        return type.codec!.fromBytes(this.bytes());
      default:
        return this.text();
    }
  }
}

/** Rough bytes a datum takes in memory. */
export function datumBytes(value: Datum, type: SqlType): number {
  if (value === null) return 8;
  switch (type.physical) {
    case Physical.text:
    case Physical.uuid:
      return 24 + (value as string).length;
    case Physical.bytes:
      return 80 + (value as Uint8Array).length;
    case Physical.numeric:
      return 48;
    case Physical.object:
      return type.codec!.memoryBytes(value as object);
    default:
      return 8;
  }
}

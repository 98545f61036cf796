/**
 * Appends numbers and bytes to a page payload.
 *
 * I1  Little-endian everywhere.
 * I2  Writing past the end drops the bytes but keeps counting in `at`, so the caller checks once, at the end
 *     ({@link ByteWriter.finish}), and never ships a cut page.
 *
 *     unsigned   7 bits a byte, low first, bit 7 = more
 *     signed     first byte: bit 7 = more, bit 6 = sign, 6 bits of magnitude; then as unsigned
 */
import { assert } from '../base/assert.ts';

const DOUBLE = new Float64Array(1);
const DOUBLE_BYTES = new Uint8Array(DOUBLE.buffer);
const BIG = new BigInt64Array(1);
const BIG_BYTES = new Uint8Array(BIG.buffer);

export class ByteWriter {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.at = 0;
  }

  u8(value: number): void {
    this.bytes[this.at++] = value;
  }

  u16(value: number): void {
    this.u16At(this.at, value);
    this.at += 2;
  }

  u16At(at: number, value: number): void {
    this.bytes[at] = value;
    this.bytes[at + 1] = value >>> 8;
  }

  double(value: number): void {
    DOUBLE[0] = value;
    this.copy(DOUBLE_BYTES);
  }

  int64(value: bigint): void {
    BIG[0] = value;
    this.copy(BIG_BYTES);
  }

  /** An integer in [0, 2^53). */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.at++] = rest;
  }

  /** A safe integer; the sign of zero is not kept. */
  signed(value: number): void {
    const magnitude = Math.abs(value);
    const low = (magnitude % 0x40) | (value < 0 ? 0x40 : 0);
    if (magnitude < 0x40) {
      this.bytes[this.at++] = low;
      return;
    }
    this.bytes[this.at++] = low | 0x80;
    this.unsigned(Math.floor(magnitude / 0x40));
  }

  copy(source: Uint8Array): void {
    if (this.at + source.length <= this.bytes.length) this.bytes.set(source, this.at);
    this.at += source.length;
  }

  /** Bytes written; they must have fitted (I2). */
  finish(): number {
    assert(this.at <= this.bytes.length, 'an encoded node outgrew its page');
    return this.at;
  }
}

/** Bytes {@link ByteWriter.unsigned} takes. */
export function unsignedSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

/** Bytes {@link ByteWriter.signed} takes. */
export function signedSize(value: number): number {
  const magnitude = Math.abs(value);
  return magnitude < 0x40 ? 1 : 1 + unsignedSize(Math.floor(magnitude / 0x40));
}

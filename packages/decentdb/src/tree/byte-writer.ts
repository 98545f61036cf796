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
import { keepShape } from '../base/kept-shapes.ts';
import type { CopyTrace } from '../pager/page-change.ts';

const DOUBLE = new Float64Array(1);
const DOUBLE_BYTES = new Uint8Array(DOUBLE.buffer);
const BIG = new BigInt64Array(1);
const BIG_BYTES = new Uint8Array(BIG.buffer);

export class ByteWriter {
  readonly bytes: Uint8Array;
  at: number;
  /** Is told what is copied from the page before. */
  readonly trace: CopyTrace | null;
  private words: DataView | null = null;

  constructor(bytes: Uint8Array, trace: CopyTrace | null = null) {
    this.bytes = bytes;
    this.at = 0;
    this.trace = trace;
  }

  /** The same bytes, for what writes several at once. */
  get view(): DataView {
    this.words ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
    return this.words;
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
    if (this.trace !== null) this.trace.noteBytes(this.at, source);
    if (this.at + source.length <= this.bytes.length) this.bytes.set(source, this.at);
    this.at += source.length;
  }

  /** Goes back: what was written from there on is written anew. */
  rewind(at: number): void {
    this.at = at;
    if (this.trace !== null) this.trace.rewind(at);
  }

  /** Bytes written; they must have fitted (I2). */
  finish(): number {
    assert(this.at <= this.bytes.length, 'an encoded node outgrew its page');
    return this.at;
  }
}

/** Bytes {@link ByteWriter.unsigned} takes. */
export function unsignedSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 2 ** 28) return 4;
  if (value < 2 ** 35) return 5;
  if (value < 2 ** 42) return 6;
  return value < 2 ** 49 ? 7 : 8;
}

/** Bytes {@link ByteWriter.signed} takes. */
export function signedSize(value: number): number {
  const magnitude = value < 0 ? -value : value;
  if (magnitude < 0x40) return 1;
  if (magnitude < 0x2000) return 2;
  if (magnitude < 0x100000) return 3;
  if (magnitude < 2 ** 27) return 4;
  if (magnitude < 2 ** 34) return 5;
  if (magnitude < 2 ** 41) return 6;
  return magnitude < 2 ** 48 ? 7 : 8;
}

keepShape(new ByteWriter(new Uint8Array(0)));

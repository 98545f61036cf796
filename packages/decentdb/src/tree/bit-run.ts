/**
 * A run of packed values (packed-ints.ts) written piece by piece: values of its own, and bits copied from another run.
 *
 * I1  The caller has made sure of room: no byte behind the run is touched.
 * I2  What lies behind the last value, up to a whole byte, is zero.
 */
import type { CopyTrace } from '../pager/page-change.ts';
import { PACKED_BITS_MAX } from './packed-ints.ts';

export class BitRun {
  private readonly view: DataView;
  private readonly trace: CopyTrace | null;
  private at: number;
  private pending = 0;
  private bits = 0;

  constructor(view: DataView, at: number, trace: CopyTrace | null = null) {
    this.view = view;
    this.trace = trace;
    this.at = at;
  }

  /** A value of `width` bits. */
  put(value: number, width: number): void {
    if (width > PACKED_BITS_MAX) {
      // Whole bytes, the low ones first.
      for (let bit = 0, rest = value; bit < width; bit += 8, rest = Math.floor(rest / 256))
        this.putBits(rest % 256, 8);
    } else if (width > 0) this.putBits(value, width);
  }

  private putBits(value: number, width: number): void {
    this.pending |= value << this.bits;
    this.bits += width;
    if (this.bits < 32) return;
    this.view.setInt32(this.at, this.pending, true);
    this.at += 4;
    this.bits -= 32;
    // A shift by all of 32 bits is none to the engine: with no bits left none are taken.
    this.pending = this.bits === 0 ? 0 : value >>> (width - this.bits);
  }

  /** `bitCount` bits of `source` from `fromBit` on. */
  copy(source: DataView, fromBit: number, bitCount: number): void {
    if (this.trace !== null) this.trace.noteBits(8 * this.at + this.bits, source, fromBit, bitCount);
    let from = Math.floor(fromBit / 8);
    const shift = fromBit & 7;
    let left = bitCount;
    const { view, bits } = this;
    let { at, pending } = this;
    const last = source.byteLength - 5;
    for (; left >= 32 && from <= last; left -= 32, from += 4, at += 4) {
      let word = source.getInt32(from, true);
      if (shift > 0) word = (word >>> shift) | (source.getUint8(from + 4) << (32 - shift));
      if (bits === 0) view.setInt32(at, word, true);
      else {
        view.setInt32(at, pending | (word << bits), true);
        pending = word >>> (32 - bits);
      }
    }
    this.at = at;
    this.pending = pending;
    for (; left > 0; from++) {
      const size = Math.min(left, 8);
      const behind = from + 1 < source.byteLength ? source.getUint8(from + 1) : 0;
      const byte = ((source.getUint8(from) | (behind << 8)) >>> shift) & ((1 << size) - 1);
      this.putBits(byte, size);
      left -= size;
    }
  }

  /** Where the run ends, in bytes. */
  finish(): number {
    for (; this.bits > 0; this.bits -= 8, this.pending >>>= 8) this.view.setUint8(this.at++, this.pending);
    this.bits = 0;
    return this.at;
  }
}

/**
 * Runs of non-negative integers at a fixed number of bits: the one primitive under every integer encoding.
 *
 * Widths: 0 (nothing stored), 1 to 25 bits packed without gaps, low bits first, or 32, 40, 48, 56 bits as whole bytes.
 * Up to 25 bits a value is one unaligned four-byte load and a shift, so any cell can be read alone; a decode loop costs
 * about 2 ns a value.
 *
 * I1  value = base + stored; base and every value are safe integers.
 */
import type { NullMask } from '../types/vector.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** Arrays integers come from and go to. */
export type IntArray = Uint8Array | Int32Array | Float64Array;

export const PACKED_BITS_MAX = 25;
const TWO_32 = 2 ** 32;
/** Fewer values are written byte by byte. */
const WORDS_ROWS_MIN = 24;

/** Smallest width that holds 0..range; `range` is a non-negative integer below 2^53. */
export function packedWidth(range: number): number {
  if (range < 0x2000000) return 32 - Math.clz32(range);
  if (range < TWO_32) return 32;
  if (range < 2 ** 40) return 40;
  return range < 2 ** 48 ? 48 : 56;
}

export function packedBytes(count: number, width: number): number {
  return Math.ceil((count * width) / 8);
}

export function isPackedWidth(width: number): boolean {
  return width <= PACKED_BITS_MAX || width === 32 || width === 40 || width === 48 || width === 56;
}

/** Writes `values[from..to)` less `base`; a NULL is stored as 0. */
export function writePacked(
  writer: ByteWriter,
  values: IntArray,
  from: number,
  to: number,
  base: number,
  width: number,
  nulls: NullMask,
): void {
  if (width === 0) return;
  if (width > PACKED_BITS_MAX) {
    writeWide(writer, values, from, to, base, width, nulls);
    return;
  }
  const { bytes } = writer;
  const end = writer.at + packedBytes(to - from, width);
  if (nulls === null && to - from >= WORDS_ROWS_MIN && end <= bytes.length) {
    // One copy of the loop for each kind of array, so that each sees one kind only.
    if (values instanceof Int32Array) packInt32s(writer.view, writer.at, values, from, to, base, width);
    else if (values instanceof Float64Array)
      packFloat64s(writer.view, writer.at, values, from, to, base, width);
    if (!(values instanceof Uint8Array)) {
      writer.at = end;
      return;
    }
  }
  let at = writer.at;
  let pending = 0;
  let bits = 0;
  for (let i = from; i < to; i++) {
    const value = nulls !== null && nulls[i] !== 0 ? 0 : values[i]! - base;
    pending |= value << bits;
    bits += width;
    while (bits >= 8) {
      bytes[at++] = pending;
      pending >>>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) bytes[at++] = pending;
  writer.at = at;
}

/** Words of 32 bits, then the bytes that are left. */
function packInt32s(
  view: DataView,
  offset: number,
  values: Int32Array,
  from: number,
  to: number,
  base: number,
  width: number,
): void {
  let at = offset;
  let pending = 0;
  let bits = 0;
  for (let i = from; i < to; i++) {
    const value = (values[i]! - base) | 0;
    pending |= value << bits;
    bits += width;
    if (bits >= 32) {
      view.setInt32(at, pending, true);
      at += 4;
      bits -= 32;
      pending = value >>> (width - bits);
    }
  }
  for (; bits > 0; bits -= 8, pending >>>= 8) view.setUint8(at++, pending);
}

/** As {@link packInt32s}. */
function packFloat64s(
  view: DataView,
  offset: number,
  values: Float64Array,
  from: number,
  to: number,
  base: number,
  width: number,
): void {
  let at = offset;
  let pending = 0;
  let bits = 0;
  for (let i = from; i < to; i++) {
    const value = (values[i]! - base) | 0;
    pending |= value << bits;
    bits += width;
    if (bits >= 32) {
      view.setInt32(at, pending, true);
      at += 4;
      bits -= 32;
      pending = value >>> (width - bits);
    }
  }
  for (; bits > 0; bits -= 8, pending >>>= 8) view.setUint8(at++, pending);
}

function writeWide(
  writer: ByteWriter,
  values: IntArray,
  from: number,
  to: number,
  base: number,
  width: number,
  nulls: NullMask,
): void {
  for (let i = from; i < to; i++) {
    const value = nulls !== null && nulls[i] !== 0 ? 0 : values[i]! - base;
    const low = value % TWO_32;
    writer.u8(low);
    writer.u8(low >>> 8);
    writer.u8(low >>> 16);
    writer.u8(low >>> 24);
    const high = Math.floor(value / TWO_32);
    if (width > 32) writer.u8(high);
    if (width > 40) writer.u8(high >>> 8);
    if (width > 48) writer.u8(high >>> 16);
  }
}

/** Claims a packed run in the reader and returns its offset. */
export function takePacked(reader: ByteReader, count: number, width: number): number {
  if (!isPackedWidth(width)) throw reader.fail('a packed column has an unknown width');
  return reader.take(packedBytes(count, width));
}

/** One value of a run, without its base. */
export function packedAt(view: DataView, offset: number, width: number, index: number): number {
  if (width <= PACKED_BITS_MAX) {
    if (width === 0) return 0;
    const bit = index * width;
    return (view.getUint32(offset + (bit >>> 3), true) >>> (bit & 7)) & ((1 << width) - 1);
  }
  const at = offset + (index * width) / 8;
  const low = view.getUint32(at, true);
  if (width === 32) return low;
  if (width === 40) return low + view.getUint8(at + 4) * TWO_32;
  if (width === 48) return low + view.getUint16(at + 4, true) * TWO_32;
  return low + (view.getUint16(at + 4, true) + view.getUint8(at + 6) * 0x10000) * TWO_32;
}

/** Unpacks `count` values, plus `base`, into `out` from index `to` on. */
export function readPacked(
  view: DataView,
  offset: number,
  count: number,
  width: number,
  base: number,
  out: IntArray,
  to: number,
): void {
  if (width === 0) {
    out.fill(base, to, to + count);
    return;
  }
  if (width > PACKED_BITS_MAX) {
    for (let i = 0; i < count; i++) out[to + i] = base + packedAt(view, offset, width, i);
    return;
  }
  // One copy of the loop for each kind of array, so that each sees one kind only.
  if (out instanceof Int32Array) unpackInt32s(view, offset, count, width, base, out, to);
  else if (out instanceof Float64Array) unpackFloat64s(view, offset, count, width, base, out, to);
  else {
    const mask = (1 << width) - 1;
    for (let i = 0, bit = 0; i < count; i++, bit += width)
      out[to + i] = base + ((view.getUint32(offset + (bit >>> 3), true) >>> (bit & 7)) & mask);
  }
}

/** Eight values take exactly `width` bytes: their places within are worked out once. */
function unpackInt32s(
  view: DataView,
  offset: number,
  count: number,
  width: number,
  base: number,
  out: Int32Array,
  to: number,
): void {
  const mask = (1 << width) - 1;
  const at1 = width >>> 3;
  const at2 = (2 * width) >>> 3;
  const at3 = (3 * width) >>> 3;
  const at4 = (4 * width) >>> 3;
  const at5 = (5 * width) >>> 3;
  const at6 = (6 * width) >>> 3;
  const at7 = (7 * width) >>> 3;
  const end = to + count;
  const endOfEights = to + (count & ~7);
  let at = offset;
  let i = to;
  for (; i < endOfEights; i += 8) {
    out[i] = base + (view.getUint32(at, true) & mask);
    out[i + 1] = base + ((view.getUint32(at + at1, true) >>> (width & 7)) & mask);
    out[i + 2] = base + ((view.getUint32(at + at2, true) >>> ((2 * width) & 7)) & mask);
    out[i + 3] = base + ((view.getUint32(at + at3, true) >>> ((3 * width) & 7)) & mask);
    out[i + 4] = base + ((view.getUint32(at + at4, true) >>> ((4 * width) & 7)) & mask);
    out[i + 5] = base + ((view.getUint32(at + at5, true) >>> ((5 * width) & 7)) & mask);
    out[i + 6] = base + ((view.getUint32(at + at6, true) >>> ((6 * width) & 7)) & mask);
    out[i + 7] = base + ((view.getUint32(at + at7, true) >>> ((7 * width) & 7)) & mask);
    at += width;
  }
  for (let bit = 0; i < end; i++, bit += width)
    out[i] = base + ((view.getUint32(at + (bit >>> 3), true) >>> (bit & 7)) & mask);
}

/** As {@link unpackInt32s}. */
function unpackFloat64s(
  view: DataView,
  offset: number,
  count: number,
  width: number,
  base: number,
  out: Float64Array,
  to: number,
): void {
  const mask = (1 << width) - 1;
  const at1 = width >>> 3;
  const at2 = (2 * width) >>> 3;
  const at3 = (3 * width) >>> 3;
  const at4 = (4 * width) >>> 3;
  const at5 = (5 * width) >>> 3;
  const at6 = (6 * width) >>> 3;
  const at7 = (7 * width) >>> 3;
  const end = to + count;
  const endOfEights = to + (count & ~7);
  let at = offset;
  let i = to;
  for (; i < endOfEights; i += 8) {
    out[i] = base + (view.getUint32(at, true) & mask);
    out[i + 1] = base + ((view.getUint32(at + at1, true) >>> (width & 7)) & mask);
    out[i + 2] = base + ((view.getUint32(at + at2, true) >>> ((2 * width) & 7)) & mask);
    out[i + 3] = base + ((view.getUint32(at + at3, true) >>> ((3 * width) & 7)) & mask);
    out[i + 4] = base + ((view.getUint32(at + at4, true) >>> ((4 * width) & 7)) & mask);
    out[i + 5] = base + ((view.getUint32(at + at5, true) >>> ((5 * width) & 7)) & mask);
    out[i + 6] = base + ((view.getUint32(at + at6, true) >>> ((6 * width) & 7)) & mask);
    out[i + 7] = base + ((view.getUint32(at + at7, true) >>> ((7 * width) & 7)) & mask);
    at += width;
  }
  for (let bit = 0; i < end; i++, bit += width)
    out[i] = base + ((view.getUint32(at + (bit >>> 3), true) >>> (bit & 7)) & mask);
}

/**
 * One number or text of a column in its page's bytes, for the commonest encodings, without making any object on the way: of a leaf that
 * is looked into once, readers and parsed heads cost more than the cell, and lie in memory of their own.
 *
 * I1  The answer is the cell of the decoded column. Whatever is not certain at a glance (NULLs, other forms, numbers that might be out
 *     of range, blocks that are cut short) is left to packed-cell.ts: NaN, or null for a text.
 * I2  Four bytes may be fetched from the last byte of a block on (byte-reader.ts I2).
 */
import { Physical } from '../types/vector.ts';
import { Charset, Encoding } from './encoding.ts';
import { POWERS_OF_TEN, quotientOf } from './float-column.ts';
import { IntForm } from './int-body.ts';
import { latin1Slice } from './text-bytes.ts';

/** For tests and measurements: whether cells are read this way. */
export const cellsAlone: { isOn: boolean } = { isOn: true };

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
/** Packed values that one fetch of four bytes holds, wherever they begin. */
const WIDTH_MAX = 25;
/** A base takes so many bytes at most, or is left to others. */
const BASE_BYTES_MAX = 5;

/** What {@link findPacked} found of a packed run. */
let base = 0;
let width = 0;
let runAt = 0;

/** Finds a packed body of `count` values at `at`; false where it is another or does not end before `end`. */
function findPacked(bytes: Uint8Array, at: number, end: number, count: number): boolean {
  // Damaged lengths may point anywhere: beyond the payload there are no bytes, and no comparison holds.
  if (bytes[at] !== IntForm.packed) return false;
  const first = bytes[at + 1]!;
  let next = at + 2;
  let magnitude = first & 0x3f;
  if (first >= 0x80) {
    let factor = 0x40;
    for (let byte = 0x80; byte >= 0x80; factor *= 0x80) {
      if (next > at + BASE_BYTES_MAX) return false;
      byte = bytes[next++]!;
      magnitude += (byte & 0x7f) * factor;
    }
  }
  base = (first & 0x40) !== 0 && magnitude !== 0 ? -magnitude : magnitude;
  width = bytes[next]!;
  runAt = next + 1;
  return width <= WIDTH_MAX && runAt + ((count * width + 7) >>> 3) <= end;
}

function packedValue(bytes: Uint8Array, row: number): number {
  const bit = row * width;
  const at = runAt + (bit >>> 3);
  const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  return base + ((word >>> (bit & 7)) & ((1 << width) - 1));
}

/** The number at `row` of a block at [at, end) of `count` rows; NaN: look otherwise. */
export function numberAlone(
  bytes: Uint8Array,
  at: number,
  end: number,
  physical: Physical,
  count: number,
  row: number,
): number {
  const tag = bytes[at]!;
  if (tag === Encoding.ints) {
    if (!findPacked(bytes, at + 1, end, count)) return Number.NaN;
    if (physical === Physical.int64) return packedValue(bytes, row);
    if (physical !== Physical.int32 || base < INT32_MIN || base + 2 ** width - 1 > INT32_MAX)
      return Number.NaN;
    return packedValue(bytes, row);
  }
  if (tag !== Encoding.scaledDoubles || physical !== Physical.float64) return Number.NaN;
  const scale = bytes[at + 1]!;
  if (POWERS_OF_TEN[scale] === undefined || !findPacked(bytes, at + 2, end, count)) return Number.NaN;
  return quotientOf(packedValue(bytes, row), scale);
}

/** The text at `row` of a block at [at, end) of `count` rows; null: look otherwise. */
export function textAlone(
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number,
  row: number,
): string | null {
  if (bytes[at] !== Encoding.text || bytes[at + 1] !== Charset.latin1) return null;
  if (!findPacked(bytes, at + 2, end, count) || base < 0) return null;
  let from = runAt + ((count * width + 7) >>> 3);
  for (let before = 0; before < row; before++) from += packedValue(bytes, before);
  const to = from + packedValue(bytes, row);
  return to <= end ? latin1Slice(bytes, from, to) : null;
}

/**
 * Radix sort of row numbers by 64-bit codes.
 *
 * I1  Stable: rows of equal codes keep their order.
 * I2  Codes compare as unsigned (high, low) pairs.
 */
import { mergeSort } from './merge-sort.ts';

/** Codes of rows `rows[from..to-1]`, at index i - from. */
export interface RadixCodes {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** 3 digits of 11 bits cover 32 bits (the last has 10). */
const SHIFTS = [0, 11, 22];

/** Fewer rows are merge-sorted by their codes. */
const RADIX_ROWS_MIN = 512;

/** Sorts `rows[from..to-1]` by their codes; codes are permuted along. */
export function radixSort(rows: Int32Array, from: number, to: number, codes: RadixCodes): RadixCodes {
  const count = to - from;
  let order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let next = new Int32Array(count);
  if (count < RADIX_ROWS_MIN) {
    const { high, low } = codes;
    mergeSort(order, 0, count, (a, b) => high[a]! - high[b]! || low[a]! - low[b]!, next);
    return permute(rows, from, count, codes, order);
  }
  const counts = new Int32Array(DIGITS);
  for (const word of [codes.low, codes.high]) {
    for (const shift of SHIFTS) {
      if (!countDigits(word, count, shift, counts)) continue;
      scatter(word, order, next, count, shift, counts);
      const swap = order;
      order = next;
      next = swap;
    }
  }
  return permute(rows, from, count, codes, order);
}

/** Start of each digit's run; false when all rows have the same digit. */
function countDigits(word: Uint32Array, count: number, shift: number, counts: Int32Array): boolean {
  counts.fill(0);
  for (let i = 0; i < count; i++) {
    const digit = (word[i]! >>> shift) & (DIGITS - 1);
    counts[digit]!++;
  }
  if (counts[(word[0]! >>> shift) & (DIGITS - 1)] === count) return false;
  let start = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const size = counts[digit]!;
    counts[digit] = start;
    start += size;
  }
  return true;
}

function scatter(
  word: Uint32Array,
  order: Int32Array,
  next: Int32Array,
  count: number,
  shift: number,
  starts: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    const row = order[i]!;
    const digit = (word[row]! >>> shift) & (DIGITS - 1);
    next[starts[digit]!++] = row;
  }
}

function permute(
  rows: Int32Array,
  from: number,
  count: number,
  codes: RadixCodes,
  order: Int32Array,
): RadixCodes {
  const sorted = new Int32Array(count);
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = order[i]!;
    sorted[i] = rows[from + at]!;
    high[i] = codes.high[at]!;
    low[i] = codes.low[at]!;
  }
  rows.set(sorted, from);
  return { high, low };
}

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);

/** Codes whose order is that of the numbers (NaN last), inverted when `descending`. */
export function numberCodes(
  values: Float64Array | Int32Array | Uint8Array,
  rows: Int32Array,
  from: number,
  to: number,
  descending: boolean,
): RadixCodes {
  const count = to - from;
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  const flip = descending ? -1 : 0;
  for (let i = 0; i < count; i++) {
    const value = values[rows[from + i]!]!;
    DOUBLE[0] = value === 0 ? 0 : value !== value ? Number.NaN : value;
    const sign = WORDS[1]! >> 31;
    high[i] = WORDS[1]! ^ (sign | 0x80000000) ^ flip;
    low[i] = WORDS[0]! ^ sign ^ flip;
  }
  return { high, low };
}

/** Codes of text from an offset, and how many characters they cover. */
export interface TextCodes extends RadixCodes {
  readonly width: number;
}

/** Codes of the text from `offset`, in code point order: eight characters where all are Latin-1, else four units. */
export function textCodes(
  values: readonly string[],
  rows: Int32Array,
  from: number,
  to: number,
  offset: number,
  descending: boolean,
): TextCodes {
  const count = to - from;
  const codes = { high: new Uint32Array(count), low: new Uint32Array(count) };
  const flip = descending ? -1 : 0;
  if (latinCodes(values, rows, from, count, offset, flip, codes)) return { ...codes, width: 8 };
  unitCodes(values, rows, from, count, offset, flip, codes);
  return { ...codes, width: 4 };
}

/** False when a character is beyond Latin-1. Text holds no U+0000, so 0 is "ended". */
function latinCodes(
  values: readonly string[],
  rows: Int32Array,
  from: number,
  count: number,
  offset: number,
  flip: number,
  codes: RadixCodes,
): boolean {
  const { high, low } = codes;
  let seen = 0;
  for (let i = 0; i < count; i++) {
    const text = values[rows[from + i]!]!;
    let first = 0;
    let second = 0;
    const { length } = text;
    if (length >= offset + 8) {
      const a = text.charCodeAt(offset);
      const b = text.charCodeAt(offset + 1);
      const c = text.charCodeAt(offset + 2);
      const d = text.charCodeAt(offset + 3);
      const e = text.charCodeAt(offset + 4);
      const f = text.charCodeAt(offset + 5);
      const g = text.charCodeAt(offset + 6);
      const h = text.charCodeAt(offset + 7);
      seen |= a | b | c | d | e | f | g | h;
      first = (a << 24) | (b << 16) | (c << 8) | d;
      second = (e << 24) | (f << 16) | (g << 8) | h;
    } else {
      for (let k = 0; k < 8; k++) {
        const unit = offset + k < length ? text.charCodeAt(offset + k) : 0;
        seen |= unit;
        if (k < 4) first = (first << 8) | unit;
        else second = (second << 8) | unit;
      }
    }
    if (seen > 255) return false;
    high[i] = first ^ flip;
    low[i] = second ^ flip;
  }
  return true;
}

function unitCodes(
  values: readonly string[],
  rows: Int32Array,
  from: number,
  count: number,
  offset: number,
  flip: number,
  codes: RadixCodes,
): void {
  const { high, low } = codes;
  for (let i = 0; i < count; i++) {
    const text = values[rows[from + i]!]!;
    high[i] = ((unitCode(text, offset) << 16) | unitCode(text, offset + 1)) ^ flip;
    low[i] = ((unitCode(text, offset + 2) << 16) | unitCode(text, offset + 3)) ^ flip;
  }
}

/** A unit's rank: surrogates (code points above U+FFFF) after all other units. */
function unitCode(text: string, at: number): number {
  if (at >= text.length) return 0;
  const unit = text.charCodeAt(at);
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/**
 * Radix sort of row numbers by 64-bit codes.
 *
 * I1  Stable: rows of equal codes keep their order.
 * I2  Codes compare as unsigned (high, low) pairs.
 */

/** Codes of rows `rows[from..to-1]`, at index i - from. */
export interface RadixCodes {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** 3 digits of 11 bits cover 32 bits (the last has 10). */
const SHIFTS = [0, 11, 22];

/** Sorts `rows[from..to-1]` by their codes; codes are permuted along. */
export function radixSort(rows: Int32Array, from: number, to: number, codes: RadixCodes): RadixCodes {
  const count = to - from;
  let order = new Int32Array(count);
  let next = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
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

/** Codes of the four UTF-16 units from `offset`, in code point order; a missing unit is 0. */
export function textCodes(
  values: readonly string[],
  rows: Int32Array,
  from: number,
  to: number,
  offset: number,
  descending: boolean,
): RadixCodes {
  const count = to - from;
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  const flip = descending ? -1 : 0;
  for (let i = 0; i < count; i++) {
    const text = values[rows[from + i]!]!;
    high[i] = ((unitCode(text, offset) << 16) | unitCode(text, offset + 1)) ^ flip;
    low[i] = ((unitCode(text, offset + 2) << 16) | unitCode(text, offset + 3)) ^ flip;
  }
  return { high, low };
}

/** A unit's rank: surrogates (code points above U+FFFF) after all other units. Text holds no U+0000, so 0 is "ended". */
function unitCode(text: string, at: number): number {
  if (at >= text.length) return 0;
  const unit = text.charCodeAt(at);
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

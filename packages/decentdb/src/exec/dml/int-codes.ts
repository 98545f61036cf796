/**
 * Rows of integer keys as codes of 32 bits that order as the keys do, and their sorting: codes and row ids move together, and the codes
 * tell the keys again.
 */

/** Codes are below this. */
export const CODE_MAX: number = 2 ** 32;
const DIGIT_BITS_MAX = 11;

export type Ints = Int32Array | Float64Array;

/** A column's smallest value, and how many there are from it to the largest. */
export interface ValueRange {
  readonly min: number;
  readonly span: number;
}

export function rangeOf(parts: readonly Ints[]): ValueRange {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const values of parts)
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  return { min, span: Math.max(1, max - min + 1) };
}

/** The range of both, where there is one already. */
export function joinedRange(one: ValueRange | undefined, other: ValueRange): ValueRange {
  if (one === undefined) return other;
  const min = Math.min(one.min, other.min);
  return { min, span: Math.max(one.min + one.span, other.min + other.span) - min };
}

export function addDigits(codes: Uint32Array, parts: readonly Ints[], min: number, span: number): void {
  let at = 0;
  for (const values of parts) {
    for (let i = 0; i < values.length; i++) codes[at + i] = codes[at + i]! * span + (values[i]! - min);
    at += values.length;
  }
}

/** Takes the last column that `addDigits` added from the codes. */
export function takeDigits(codes: Uint32Array, values: Ints, count: number, { min, span }: ValueRange): void {
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    const rest = Math.floor(code / span);
    values[i] = min + (code - rest * span);
    codes[i] = rest;
  }
}

export interface CodedRows {
  readonly codes: Uint32Array;
  readonly rowIds: Ints;
}

/** Rows in the order of their codes, all below `codeMax`, in one of the two pairs of arrays; stable. */
export function radixSort(
  rows: CodedRows,
  spare: CodedRows,
  count: number,
  codeMax: number,
  checkCancel: () => void,
): CodedRows {
  const bits = Math.ceil(Math.log2(codeMax));
  const passes = Math.ceil(bits / DIGIT_BITS_MAX);
  const digitBits = Math.ceil(bits / passes);
  let [from, to] = [rows, spare];
  for (let i = 0; i < passes; i++) {
    checkCancel();
    scatter(from, to, count, i * digitBits, 1 << digitBits);
    [from, to] = [to, from];
  }
  return from;
}

function scatter(from: CodedRows, to: CodedRows, count: number, shift: number, digits: number): void {
  const { codes, rowIds } = from;
  const { codes: nextCodes, rowIds: nextIds } = to;
  const counts = new Int32Array(digits);
  const mask = digits - 1;
  for (let i = 0; i < count; i++) counts[(codes[i]! >>> shift) & mask]!++;
  let start = 0;
  for (let digit = 0; digit < digits; digit++) {
    const size = counts[digit]!;
    counts[digit] = start;
    start += size;
  }
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    const at = counts[(code >>> shift) & mask]!++;
    nextCodes[at] = code;
    nextIds[at] = rowIds[i]!;
  }
}

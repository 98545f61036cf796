/**
 * Numbers in a small range, looked up in an array: the first build row of a key, or whether a key occurs at all.
 *
 * I1  Only columns whose values are their own key codes (integers in typed arrays) are looked up here; NULL has no place.
 */
import { NULL_CODE } from '../keys/key-column.ts';

const RANGE_MAX = 1 << 22;

export type PlainKeys = Int32Array | Float64Array;

/**
 * Range of the integers among `codes`; null when there are others, or none, or they lie further apart than `places` for each
 * of them and a start, and than `least`.
 */
function rangeOf(
  codes: Float64Array,
  count: number,
  places: number,
  least = 0,
): { readonly base: number; readonly length: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    if (code === NULL_CODE) continue;
    if ((code | 0) !== code) return null;
    if (code < low) low = code;
    if (code > high) high = code;
  }
  const length = high - low + 1;
  return length >= 1 && length <= Math.min(RANGE_MAX, Math.max(least, (64 + count) * places))
    ? { base: low, length }
    : null;
}

/** Code to build row. */
export class RowOfCode {
  private readonly base: number;
  private readonly rows: Int32Array;

  private constructor(base: number, rows: Int32Array) {
    this.base = base;
    this.rows = rows;
  }

  /** `head[group]` is the row of the code `codes[group]`, -1 for none. */
  static of(codes: Float64Array, head: Int32Array): RowOfCode | null {
    const range = rangeOf(codes, head.length, 64);
    if (range === null) return null;
    const rows = new Int32Array(range.length).fill(-1);
    for (let group = 0; group < head.length; group++)
      if (codes[group] !== NULL_CODE) rows[codes[group]! - range.base] = head[group]!;
    return new RowOfCode(range.base, rows);
  }

  get byteLength(): number {
    return this.rows.byteLength;
  }

  /** The row of each value into `out`; -1 for none, -2 for NULL. */
  find(
    values: PlainKeys,
    nulls: Uint8Array | null,
    selection: Int32Array | null,
    count: number,
    out: Int32Array,
  ): void {
    const { base, rows } = this;
    const { length } = rows;
    if (selection === null) {
      for (let i = 0; i < count; i++) {
        const at = values[i]! - base;
        out[i] = at >= 0 && at < length ? rows[at]! : -1;
      }
    } else {
      for (let i = 0; i < count; i++) {
        const at = values[selection[i]!]! - base;
        out[i] = at >= 0 && at < length ? rows[at]! : -1;
      }
    }
    if (nulls === null) return;
    for (let i = 0; i < count; i++) if (nulls[selection === null ? i : selection[i]!] === 1) out[i] = -2;
  }
}

/** Which codes occur. */
export class CodeSet {
  private readonly base: number;
  private readonly marks: Uint8Array;

  private constructor(base: number, marks: Uint8Array) {
    this.base = base;
    this.marks = marks;
  }

  /** `looks`: how often the set is to be asked about; so many places are worth their while. */
  static of(codes: Float64Array, count: number, looks = 0): CodeSet | null {
    const range = rangeOf(codes, count, 1024, looks);
    if (range === null) return null;
    const marks = new Uint8Array(range.length);
    for (let i = 0; i < count; i++) if (codes[i] !== NULL_CODE) marks[codes[i]! - range.base] = 1;
    return new CodeSet(range.base, marks);
  }

  get byteLength(): number {
    return this.marks.byteLength;
  }

  /** Positions whose value occurs, of those at `selection` (null: 0..count-1), into `out`; returns how many. */
  select(
    values: PlainKeys,
    nulls: Uint8Array | null,
    selection: Int32Array | null,
    count: number,
    out: Int32Array,
  ): number {
    const { base, marks } = this;
    const { length } = marks;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const position = selection === null ? i : selection[i]!;
      const at = values[position]! - base;
      out[kept] = position;
      if (at >= 0 && at < length && marks[at] === 1 && (nulls === null || nulls[position] !== 1)) kept++;
    }
    return kept;
  }
}

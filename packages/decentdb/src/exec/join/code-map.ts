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

/** Which codes occur: a bit for each of a range. */
export class CodeSet {
  private readonly base: number;
  private readonly length: number;
  private readonly bits: Int32Array;

  private constructor(base: number, length: number) {
    this.base = base;
    this.length = length;
    this.bits = new Int32Array((length + 31) >> 5);
  }

  /** `looks`: how often the set is to be asked about; so many places are worth their while. */
  static of(codes: Float64Array, count: number, looks = 0): CodeSet | null {
    const range = rangeOf(codes, count, 1024, looks);
    if (range === null) return null;
    const set = new CodeSet(range.base, range.length);
    for (let i = 0; i < count; i++) if (codes[i] !== NULL_CODE) set.add(codes[i]! - range.base);
    return set;
  }

  private add(at: number): void {
    this.bits[at >> 5]! |= 1 << (at & 31);
  }

  get byteLength(): number {
    return this.bits.byteLength;
  }

  /** Positions whose value occurs, of those at `selection` (null: 0..count-1), into `out`; returns how many. */
  select(
    values: PlainKeys,
    nulls: Uint8Array | null,
    selection: Int32Array | null,
    count: number,
    out: Int32Array,
  ): number {
    if (values instanceof Int32Array && nulls === null && selection === null)
      return this.selectInts(values, count, out);
    const { base, length, bits } = this;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const position = selection === null ? i : selection[i]!;
      const at = values[position]! - base;
      out[kept] = position;
      if (at < 0 || at >= length || ((bits[at >> 5]! >> (at & 31)) & 1) === 0) continue;
      if (nulls === null || nulls[position] !== 1) kept++;
    }
    return kept;
  }

  /** The same for the first `count` of plain integers: each is written down, and stays where its bit is set. */
  private selectInts(values: Int32Array, count: number, out: Int32Array): number {
    const { base, length, bits } = this;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const at = values[i]! - base;
      out[kept] = i;
      if (at >= 0 && at < length) kept += (bits[at >> 5]! >>> (at & 31)) & 1;
    }
    return kept;
  }

  /** Of the codes `first` to `last` those that occur, less `first`, ascending into `out`; returns how many, -1: more than `most`. */
  among(first: number, last: number, out: Int32Array, most: number): number {
    const { base, bits } = this;
    const low = Math.max(first - base, 0);
    const high = Math.min(last - base, this.length - 1);
    const shift = base - first;
    let kept = 0;
    for (let word = low >> 5; low <= high && word <= high >> 5; word++) {
      let rest = bits[word]!;
      while (rest !== 0) {
        const lowest = rest & -rest;
        rest ^= lowest;
        const at = word * 32 + 31 - Math.clz32(lowest);
        if (at < low) continue;
        if (at > high) return kept;
        if (kept === most) return -1;
        out[kept++] = at + shift;
      }
    }
    return kept;
  }
}

/**
 * Several small integer key codes as one: (a - baseA + 1) * sizeB + (b - baseB + 1), and so on. 0 stands for NULL.
 *
 * I1  Packed codes of one `generation` are equal exactly when all their parts are. Widening a range begins a new one.
 * I2  Packed codes are integers below 2^52. `pack` gives null, for ever, once codes are no integers or lie too far apart.
 */
import { batchRoom } from '../batch.ts';
import { NULL_CODE } from './key-column.ts';

const PACKED_MAX = 2 ** 52;
/** Places a range begins with: dictionaries and small numbers soon have their final size. */
const SIZE_LEAST = 16;

export class KeyPacker {
  generation = 0;
  private readonly bases: number[];
  private readonly sizes: number[];
  private isEmpty = true;
  private isOff = false;
  private packed: Float64Array = new Float64Array(0);

  constructor(width: number) {
    this.bases = new Array<number>(width).fill(0);
    this.sizes = new Array<number>(width).fill(0);
  }

  /** Number of packed codes there can be now. */
  get extent(): number {
    let extent = 1;
    for (const size of this.sizes) extent *= size;
    return extent;
  }

  /**
   * Packed codes of `count` rows, widening the ranges as need be; valid until the next call. `limits`: by key, codes are from 0 to
   * less than it; -1: they may be any.
   */
  pack(
    keys: readonly Float64Array[],
    count: number,
    limits: readonly number[] | null = null,
  ): Float64Array | null {
    if (this.isOff) return null;
    for (let k = 0; k < keys.length; k++) {
      const limit = limits === null ? -1 : limits[k]!;
      const isCovered = limit >= 0 && this.bases[k]! <= 0 && limit < this.bases[k]! + this.sizes[k]!;
      if (isCovered || this.cover(k, keys[k]!, count)) continue;
      this.isOff = true;
      return null;
    }
    this.isEmpty = false;
    const out = this.room(count);
    firstPart(out, keys[0]!, count, this.bases[0]!);
    for (let k = 1; k < keys.length; k++) addPart(out, keys[k]!, count, this.bases[k]!, this.sizes[k]!);
    return out;
  }

  /** Packed codes of rows looked up; -1 where a part is outside its range. */
  packKnown(keys: readonly Float64Array[], count: number): Float64Array {
    const out = this.room(count);
    for (let k = 0; k < keys.length; k++)
      addKnownPart(out, keys[k]!, count, this.bases[k]!, this.sizes[k]!, k === 0);
    return out;
  }

  private room(count: number): Float64Array {
    if (this.packed.length < count) this.packed = new Float64Array(batchRoom(count));
    return this.packed;
  }

  /** Makes the range of a key cover its codes; false when I2 no longer holds. */
  private cover(k: number, codes: Float64Array, count: number): boolean {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < count; i++) {
      const code = codes[i]!;
      if (code === NULL_CODE) continue;
      if ((code | 0) !== code) return false;
      if (code < low) low = code;
      if (code > high) high = code;
    }
    const [base, size] = [this.bases[k]!, this.sizes[k]!];
    // Place 0 is for NULL.
    if (size > 0 && (low > high || (low >= base && high < base + size - 1))) return true;
    if (low > high) low = high = 0;
    const isFirst = size === 0;
    const from = isFirst ? low : Math.min(low, base);
    const to = isFirst ? high : Math.max(high, base + size - 2);
    // Room above, the usual direction of growth, and below where it grew there.
    const grown = Math.max(SIZE_LEAST, (to - from + 2) * (this.isEmpty ? 1 : 2));
    this.bases[k] = isFirst || low >= base ? from : to + 2 - grown;
    this.sizes[k] = grown;
    this.generation++;
    return this.extent <= PACKED_MAX;
  }
}

function firstPart(out: Float64Array, codes: Float64Array, count: number, base: number): void {
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    out[i] = code === NULL_CODE ? 0 : code - base + 1;
  }
}

function addPart(out: Float64Array, codes: Float64Array, count: number, base: number, size: number): void {
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    out[i] = out[i]! * size + (code === NULL_CODE ? 0 : code - base + 1);
  }
}

function addKnownPart(
  out: Float64Array,
  codes: Float64Array,
  count: number,
  base: number,
  size: number,
  isFirst: boolean,
): void {
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    const before = isFirst ? 0 : out[i]!;
    let part = code === NULL_CODE ? 0 : code - base + 1;
    if (!(part >= 0 && part < size && Math.floor(part) === part) || (part === 0 && code !== NULL_CODE))
      part = -1;
    out[i] = before < 0 || part < 0 ? -1 : before * size + part;
  }
}

/**
 * What a set of index entries adds up to, whatever their order: two sets with the same count and sums are the same set (but for one
 * chance in 2^64 and more).
 *
 * I1  Equal entries add the same, whichever vectors they stand in: int64 as doubles or as bigints, numeric scaled or not.
 * I2  Values that are equal but written differently (numeric 1.0 and 1.00) may add different things: sums that differ ask for a
 *     closer look, they prove nothing.
 */
import { datumAt } from '../exec/vectors.ts';
import type { Decimal } from '../types/decimal.ts';
import { type ColumnSpec, Physical, type Vector } from '../types/vector.ts';

const NULL_WORD = 0x51ed27;
const FIRST_FACTOR = 0x85ebca6b;
const SECOND_FACTOR = 0x9e3779b1;
const SUM_LIMIT = 2 ** 48;

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

export class EntrySums {
  count = 0;
  #first = 0;
  #second = 0;
  readonly #specs: readonly ColumnSpec[];
  /** Two hashes of each row of a batch, column after column. */
  #low: Int32Array = new Int32Array(0);
  #high: Int32Array = new Int32Array(0);

  /** `specs`: the columns of an entry. */
  constructor(specs: readonly ColumnSpec[]) {
    this.#specs = specs;
  }

  /** Adds the rows at `positions` (null: from .. from + count - 1) of the columns. */
  add(columnAt: (index: number) => Vector, positions: Int32Array | null, from: number, count: number): void {
    if (this.#low.length < count) {
      this.#low = new Int32Array(count);
      this.#high = new Int32Array(count);
    }
    this.#low.fill(0, 0, count);
    this.#high.fill(0, 0, count);
    for (let c = 0; c < this.#specs.length; c++) this.#column(columnAt(c), c, positions, from, count);
    let first = this.#first;
    let second = this.#second;
    for (let i = 0; i < count; i++) {
      const low = this.#low[i]!;
      const high = this.#high[i]!;
      first += Math.imul(low ^ (low >>> 15), 0x2c1b3c6d) >>> 0;
      second += Math.imul(high ^ (high >>> 13), 0x297a2d39) >>> 0;
    }
    // Sums of some thousands of words are exact: no batch has 2^20 rows.
    this.#first = first % SUM_LIMIT;
    this.#second = second % SUM_LIMIT;
    this.count += count;
  }

  equals(other: EntrySums): boolean {
    return this.count === other.count && this.#first === other.#first && this.#second === other.#second;
  }

  #column(vector: Vector, index: number, positions: Int32Array | null, from: number, count: number): void {
    const { nulls } = vector;
    for (let i = 0; i < count; i++) {
      const at = positions === null ? from + i : positions[i]!;
      if (nulls !== null && nulls[at] === 1) {
        this.#mix(i, NULL_WORD, NULL_WORD);
        continue;
      }
      this.#value(i, vector, at, index);
    }
  }

  #value(row: number, vector: Vector, at: number, index: number): void {
    switch (vector.physical) {
      case Physical.bool:
      case Physical.int32:
        this.#mix(row, vector.values[at]!, 0);
        break;
      case Physical.int64:
        this.#integer(row, vector.values[at]!);
        break;
      case Physical.float64:
        this.#double(row, vector.values[at]!);
        break;
      case Physical.text:
      case Physical.uuid:
        this.#text(row, vector.values[at]!);
        break;
      case Physical.bytes:
        this.#bytes(row, vector.values[at]!);
        break;
      case Physical.numeric: {
        const { coefficient, scale } = datumAt(vector, at) as Decimal;
        this.#mix(row, scale, 0);
        if (typeof coefficient === 'bigint') this.#text(row, coefficient.toString(16));
        else this.#double(row, coefficient);
        break;
      }
      default:
        this.#bytes(row, this.#specs[index]!.codec!.toBytes(vector.values[at]!));
    }
  }

  /** The low half and the high half, of a double as of a bigint. */
  #integer(row: number, value: number | bigint): void {
    if (typeof value === 'bigint')
      this.#mix(row, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
    else this.#mix(row, value | 0, Math.floor(value / 2 ** 32) | 0);
  }

  #double(row: number, value: number): void {
    double[0] = Number.isNaN(value) ? Number.NaN : value + 0;
    this.#mix(row, halves[0]!, halves[1]!);
  }

  #text(row: number, text: string): void {
    let a = 0x811c9dc5;
    let b = text.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = (Math.imul(b, 31) + code) | 0;
    }
    this.#mix(row, a, b);
  }

  #bytes(row: number, bytes: Uint8Array): void {
    let a = 0x811c9dc5;
    let b = bytes.length;
    for (let i = 0; i < bytes.length; i++) {
      a = Math.imul(a ^ bytes[i]!, 0x01000193);
      b = (Math.imul(b, 31) + bytes[i]!) | 0;
    }
    this.#mix(row, a, b);
  }

  #mix(row: number, a: number, b: number): void {
    let low = Math.imul(this.#low[row]! ^ a, FIRST_FACTOR);
    low = Math.imul((low ^ (low >>> 15)) + b, 0xc2b2ae35);
    this.#low[row] = low ^ (low >>> 13);
    let high = Math.imul(this.#high[row]! ^ b, SECOND_FACTOR);
    high = Math.imul((high ^ (high >>> 16)) + a, 0x7feb352d);
    this.#high[row] = high ^ (high >>> 15);
  }
}

/**
 * Columns of float64 (float8, and float4 as rounded doubles).
 *
 * Most stored floats are short decimals (3.7), so the column follows two guesses: every value is an integer over 10^scale
 * (`doubles`), or is that rounded to four bytes (`singles`). A guess that still holds gives integers, which pack well;
 * one that fails is dropped until the next `tighten`.
 *
 * I1  A guess holds for a value only if dividing gives back the same bits; -0, NaN and infinities fail every guess.
 * I2  Integers written are within WHOLE_MAX. Early builds wrote larger ones: {@link quotientOf} reads them.
 */
import { assert } from '../base/assert.ts';
import { type NullMask, Physical, type Vector } from '../types/vector.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Column, grownCapacity } from './column.ts';
import { newFloat64s } from './column-memory.ts';
import { Encoding } from './encoding.ts';
import { packedBodyBytes, writePackedBody } from './int-body.ts';
import { IntSizer } from './int-sizer.ts';
import { ROWS_MAX } from './node-schema.ts';

const SCALE_MAX = 9;
/** Largest integer over a power of ten: the quotient is then the number it was made of, whatever the scale. */
export const WHOLE_MAX = 1e15;
/** Powers of ten that division by is exact for. */
export const POWERS_OF_TEN: readonly number[] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** The integer that, over 10^scale (rounded to four bytes for singles), is exactly the value; NaN when there is none. */
export function wholeOver(value: number, scale: number, isSingle: boolean): number {
  const power = POWERS_OF_TEN[scale]!;
  const whole = Math.round(value * power);
  const back = whole / power;
  const isExact = (isSingle ? Math.fround(back) : back) === value && !Object.is(whole, -0);
  return isExact && Math.abs(whole) <= WHOLE_MAX ? whole : Number.NaN;
}

/** The double that was stored as an integer over 10^scale. */
export function quotientOf(whole: number, scale: number): number {
  const isExact = whole <= WHOLE_MAX && whole >= -WHOLE_MAX;
  return isExact ? whole / POWERS_OF_TEN[scale]! : fewerPlaces(whole, scale);
}

/**
 * A number of fewer places, multiplied to a larger scale than it has digits for: dividing may give its neighbour. There is one number of
 * at most 15 digits with that product: two of them are further apart than both roundings come to.
 */
function fewerPlaces(whole: number, scale: number): number {
  const power = POWERS_OF_TEN[scale]!;
  for (let places = 0; places < scale; places++) {
    const less = Math.round(whole / POWERS_OF_TEN[scale - places]!);
    const value = less / POWERS_OF_TEN[places]!;
    if (Math.abs(less) <= WHOLE_MAX && Math.round(value * power) === whole) return value;
  }
  return whole / power;
}

/** The guess "integer over 10^scale": what it needs so far. */
class ScaleGuess {
  readonly isSingle: boolean;
  /** -1: does not hold. */
  scale = 0;
  min: number = Number.POSITIVE_INFINITY;
  max: number = Number.NEGATIVE_INFINITY;
  /** Whether minimum and maximum are estimates since the scale grew. */
  isWidened = false;

  constructor(isSingle: boolean) {
    this.isSingle = isSingle;
  }

  clone(): ScaleGuess {
    const copy = new ScaleGuess(this.isSingle);
    copy.scale = this.scale;
    copy.min = this.min;
    copy.max = this.max;
    copy.isWidened = this.isWidened;
    return copy;
  }

  add(value: number): void {
    let scale = this.scale;
    if (scale < 0) return;
    for (; scale <= SCALE_MAX; scale++) {
      const whole = Math.round(value * POWERS_OF_TEN[scale]!);
      const back = whole / POWERS_OF_TEN[scale]!;
      if ((this.isSingle ? Math.fround(back) : back) !== value || Object.is(whole, -0)) continue;
      if (!(Math.abs(whole) <= WHOLE_MAX)) break;
      if (scale > this.scale) {
        this.rescale(scale);
        if (this.scale < 0) return;
      }
      if (whole < this.min) this.min = whole;
      if (whole > this.max) this.max = whole;
      return;
    }
    this.scale = -1;
  }

  private rescale(scale: number): void {
    const factor = POWERS_OF_TEN[scale - this.scale]!;
    this.scale = scale;
    this.min *= factor;
    this.max *= factor;
    if (this.isSingle && this.min <= this.max) {
      // A single's digits beyond its own scale are not zeros: its integer at the new scale may differ a little.
      this.min -= 1 + Math.ceil(Math.abs(this.min) * 1e-7);
      this.isWidened = true;
      this.max += 1 + Math.ceil(Math.abs(this.max) * 1e-7);
    }
    // Beyond it integers are not exact, and what they are divided to is another number than was stored.
    if (this.min < -WHOLE_MAX || this.max > WHOLE_MAX) this.scale = -1;
  }

  bound(count: number): number {
    if (this.scale < 0) return Number.POSITIVE_INFINITY;
    return 1 + packedBodyBytes(count, 8, Math.max(0, this.max - this.min));
  }
}

export class FloatColumn extends Column {
  readonly physical: typeof Physical.float64 = Physical.float64;
  values: Float64Array;
  /** Whether the last close look found a form of the scaled integers that is shorter than plain packing. */
  private hasScaledPlan = false;
  /** Whether there was a close look since the integers' form was last chosen. */
  private wantsPlan = true;
  private madeDoubles: ScaleGuess | null = null;
  private madeSingles: ScaleGuess | null = null;
  private isSingle = true;

  constructor(values: Float64Array) {
    super();
    this.values = values;
  }

  /** Guesses are made when first asked for: a column that is only read has none. */
  private get doubles(): ScaleGuess {
    this.madeDoubles ??= new ScaleGuess(false);
    return this.madeDoubles;
  }

  private get singles(): ScaleGuess {
    this.madeSingles ??= new ScaleGuess(true);
    return this.madeSingles;
  }

  cell(row: number): number | null {
    return this.nulls !== null && this.nulls[row] !== 0 ? null : this.values[row]!;
  }

  insert(at: number, count: number, value: unknown): void {
    this.isLoose = true;
    this.drift++;
    if (count >= this.values.length) this.grow(count, grownCapacity(count + 1));
    if (at < count) this.values.copyWithin(at + 1, at, count);
    if (this.nulls !== null || value === null) this.openNulls(at, count, 1, value === null ? 1 : 0);
    this.put(at, value);
  }

  insertRange(at: number, count: number, source: Vector, from: number, to: number): void {
    const added = to - from;
    this.isLoose = true;
    this.drift += added;
    if (count + added > this.values.length) this.grow(count, grownCapacity(count + added));
    if (at < count) this.values.copyWithin(at + added, at, count);
    this.copyNulls(at, count, source.nulls, from, to);
    this.values.set((source.values as Float64Array).subarray(from, to), at);
    this.noteRange(at, at + added);
  }

  remove(from: number, to: number, count: number): void {
    this.isLoose = true;
    this.isStale = true;
    this.drift += to - from;
    this.values.copyWithin(from, to, count);
    this.closeNulls(from, to, count);
  }

  set(at: number, count: number, value: unknown): void {
    this.isLoose = true;
    this.isStale = true;
    this.drift++;
    this.setNull(at, count, value === null ? 1 : 0);
    this.put(at, value);
  }

  copy(from: number, to: number, capacity: number): FloatColumn {
    const values = newFloat64s(capacity);
    values.set(this.values.subarray(from, to));
    const copy = new FloatColumn(values);
    copy.adoptNulls(this, from, to, capacity);
    copy.noteRange(0, to - from);
    copy.isStale = false;
    return copy;
  }

  override clone(count: number, capacity: number): FloatColumn {
    // A decoded column was never measured.
    if (this.drift >= ROWS_MAX) return this.copy(0, count, capacity);
    const values = newFloat64s(capacity);
    values.set(this.values.length === count ? this.values : this.values.subarray(0, count));
    const clone = new FloatColumn(values);
    clone.adopt(this, count, capacity);
    clone.madeDoubles = this.doubles.clone();
    clone.madeSingles = this.singles.clone();
    clone.isSingle = this.isSingle;
    clone.hasScaledPlan = this.hasScaledPlan;
    clone.wantsPlan = this.wantsPlan;
    return clone;
  }

  bound(count: number): number {
    if (this.nullCount === count) return 1;
    const plain = (this.isSingle ? 4 : 8) * count;
    return this.headBound(count) + Math.min(plain, this.singles.bound(count), this.doubles.bound(count));
  }

  tighten(count: number): void {
    if (!this.isLoose) return;
    this.isLoose = false;
    this.drift = 0;
    this.wantsPlan = true;
    if (!this.isStale && !this.singles.isWidened) return;
    this.isStale = false;
    this.madeDoubles = new ScaleGuess(false);
    this.madeSingles = new ScaleGuess(true);
    this.isSingle = true;
    this.noteRange(0, count);
    if (this.singles.scale > 0) {
      // A second look at the final scale, so that minimum and maximum are exact.
      this.singles.min = Number.POSITIVE_INFINITY;
      this.singles.max = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < count; i++) if (!this.isNull(i)) this.singles.add(this.values[i]!);
      this.singles.isWidened = false;
    }
  }

  write(writer: ByteWriter, count: number): void {
    this.prepare(count);
    if (this.nullCount === count) {
      this.writeHead(writer, Encoding.allNull, count);
      return;
    }
    const { doubles, singles } = this;
    const scaled = Math.min(doubles.bound(count), singles.bound(count));
    if (scaled <= (this.isSingle ? 4 : 8) * count) {
      this.writeScaled(writer, count, doubles.bound(count) === scaled ? doubles : singles);
    } else if (this.isSingle) {
      this.writeHead(writer, Encoding.singles, count);
      const singles32 = new Float32Array(count);
      singles32.set(this.values.subarray(0, count));
      writer.copy(new Uint8Array(singles32.buffer));
    } else {
      this.writeHead(writer, Encoding.doubles, count);
      writer.copy(new Uint8Array(this.values.buffer, this.values.byteOffset, count * 8));
    }
  }

  memoryBytes(): number {
    return 320 + this.values.byteLength + (this.nulls === null ? 0 : this.nulls.length);
  }

  private writeScaled(writer: ByteWriter, count: number, guess: ScaleGuess): void {
    const power = POWERS_OF_TEN[guess.scale]!;
    const whole = new Float64Array(count);
    const mask: NullMask = this.mask;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      if (mask !== null && mask[i] !== 0) continue;
      const value = Math.round(this.values[i]! * power);
      if (value < min) min = value;
      if (value > max) max = value;
      whole[i] = value;
    }
    this.writeHead(writer, guess.isSingle ? Encoding.scaledSingles : Encoding.scaledDoubles, count);
    writer.u8(guess.scale);
    if (!this.wantsPlan && !this.hasScaledPlan) {
      writePackedBody(writer, whole, count, min, max, mask);
      return;
    }
    const sizer = new IntSizer();
    sizer.tighten(whole, count, mask, true);
    this.hasScaledPlan = sizer.plan !== null;
    this.wantsPlan = false;
    sizer.write(writer, whole, count, mask);
  }

  private put(at: number, value: unknown): void {
    if (value === null) {
      this.values[at] = 0;
      return;
    }
    assert(typeof value === 'number', 'a float column was given another datum');
    this.values[at] = value;
    this.note(value);
  }

  private note(value: number): void {
    if (this.doubles.scale >= 0) this.doubles.add(value);
    if (this.isSingle) {
      if (!Object.is(Math.fround(value), value)) {
        this.isSingle = false;
        this.singles.scale = -1;
      } else if (this.singles.scale >= 0) this.singles.add(value);
    }
  }

  private noteRange(from: number, to: number): void {
    for (let i = from; i < to; i++) if (!this.isNull(i)) this.note(this.values[i]!);
  }

  private grow(count: number, capacity: number): void {
    const grown = newFloat64s(capacity);
    grown.set(this.values.subarray(0, count));
    this.values = grown;
  }
}

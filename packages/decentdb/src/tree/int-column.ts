/**
 * Columns of bool, int32 and int64.
 *
 * I1  int64 lives in a Float64Array until a value beyond 2^53 - 1 arrives, then in a BigInt64Array for the node's life.
 * I2  -0 is stored as 0.
 * I3  While big, the sizer is not used: the block is distances from `bigMin` while the spread allows, else raw.
 */
import { assert } from '../base/assert.ts';
import { Physical, type Vector } from '../types/vector.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Column, grownCapacity } from './column.ts';
import { newFloat64s, newInt32s, newUint8s } from './column-memory.ts';
import { Encoding } from './encoding.ts';
import { packedBodyBytes, writePackedBody } from './int-body.ts';
import { IntSizer } from './int-sizer.ts';
import type { IntArray } from './packed-ints.ts';

export type IntPhysical = typeof Physical.bool | typeof Physical.int32 | typeof Physical.int64;

/** Rows from which on moving them is left to the engine's own copy. */
const NATIVE_MOVE_ROWS = 40;
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

export class IntColumn extends Column {
  readonly physical: IntPhysical;
  values: IntArray | BigInt64Array;
  private madeSizer: IntSizer | null = null;
  bigMin = 0n;
  bigMax = 0n;

  constructor(physical: IntPhysical, values: IntArray | BigInt64Array) {
    super();
    this.physical = physical;
    this.values = values;
  }

  /** Made when first asked for: a column that is only read has none. */
  get sizer(): IntSizer {
    this.madeSizer ??= new IntSizer();
    return this.madeSizer;
  }

  static empty(physical: IntPhysical, capacity: number): IntColumn {
    const column = new IntColumn(physical, newInts(physical, capacity));
    column.isStale = false;
    return column;
  }

  get isBig(): boolean {
    return this.values instanceof BigInt64Array;
  }

  cell(row: number): null | boolean | number | bigint {
    if (this.nulls !== null && this.nulls[row] !== 0) return null;
    const value = this.values[row]!;
    if (typeof value === 'bigint') return narrowed(value);
    return this.physical === Physical.bool ? value !== 0 : value;
  }

  insert(at: number, count: number, value: unknown): void {
    this.isLoose = true;
    this.drift++;
    if (count >= this.values.length) this.grow(count, grownCapacity(count + 1));
    if (typeof value === 'bigint') this.becomeBig();
    const values = this.values;
    if (at < count) values.copyWithin(at + 1, at, count);
    if (this.nulls !== null || value === null) this.openNulls(at, count, 1, value === null ? 1 : 0);
    if (values instanceof BigInt64Array) {
      this.putBig(values, at, value);
      return;
    }
    if (value === null) {
      values[at] = 0;
      this.sizer.plan = null;
      return;
    }
    this.put(values, at, value);
    this.sizer.added(values, at, count + 1);
  }

  insertRange(at: number, count: number, source: Vector, from: number, to: number): void {
    const added = to - from;
    const given = source.values as IntArray | BigInt64Array;
    this.isLoose = true;
    this.drift += added;
    if (count + added > this.values.length) this.grow(count, grownCapacity(count + added));
    if (given instanceof BigInt64Array) this.becomeBig();
    const values = this.values;
    if (at < count) values.copyWithin(at + added, at, count);
    this.copyNulls(at, count, source.nulls, from, to);
    if (values instanceof BigInt64Array) {
      for (let i = 0; i < added; i++) {
        if (this.isNull(at + i)) values[at + i] = 0n;
        else this.putBig(values, at + i, given[from + i]!);
      }
      return;
    }
    const ints = given as IntArray;
    if (this.physical === Physical.int64)
      for (let i = 0; i < added; i++) values[at + i] = ints[from + i]! + 0;
    else values.set(ints.subarray(from, to), at);
    this.sizer.addedRange(values, at, at + added, count + added, this.mask);
  }

  remove(from: number, to: number, count: number): void {
    this.isLoose = true;
    this.isStale = true;
    this.drift += to - from;
    this.values.copyWithin(from, to, count);
    this.closeNulls(from, to, count);
    if (!(this.values instanceof BigInt64Array)) this.sizer.removed(this.values, from, count - (to - from));
  }

  override insertSpread(rows: Int32Array, added: number, count: number, source: Vector, from: number): void {
    const given = source.values;
    if (this.nulls !== null || source.nulls !== null || this.isBig || given instanceof BigInt64Array) {
      super.insertSpread(rows, added, count, source, from);
      return;
    }
    this.isLoose = true;
    this.drift += added;
    if (count + added > this.values.length) this.grow(count, grownCapacity(count + added));
    const values = this.values as IntArray;
    const ints = given as IntArray;
    let next = count;
    for (let k = added - 1; k >= 0; k--) {
      const at = rows[k]!;
      if (next - at > NATIVE_MOVE_ROWS) values.copyWithin(at + k + 1, at, next);
      else for (let row = next - 1; row >= at; row--) values[row + k + 1] = values[row]!;
      values[at + k] = ints[from + k]! + 0;
      next = at;
    }
    this.sizer.addedSpread(values, rows, added, count + added);
  }

  override removeSpread(rows: Int32Array, gone: number, count: number): void {
    if (this.nulls !== null || this.isBig) {
      super.removeSpread(rows, gone, count);
      return;
    }
    this.isLoose = true;
    this.isStale = true;
    this.drift += gone;
    const values = this.values as IntArray;
    for (let k = 0; k < gone; k++) {
      const at = rows[k]! + 1;
      const next = k + 1 < gone ? rows[k + 1]! : count;
      if (next - at > NATIVE_MOVE_ROWS) values.copyWithin(at - k - 1, at, next);
      else for (let row = at; row < next; row++) values[row - k - 1] = values[row]!;
    }
    for (let k = 0; k < gone; k++) this.sizer.removed(values, rows[k]! - k, count - gone);
  }

  set(at: number, count: number, value: unknown): void {
    this.isLoose = true;
    this.isStale = true;
    this.drift++;
    if (typeof value === 'bigint') this.becomeBig();
    this.setNull(at, count, value === null ? 1 : 0);
    const values = this.values;
    if (values instanceof BigInt64Array) this.putBig(values, at, value);
    else if (value === null) this.sizer.plan = null;
    else {
      this.put(values, at, value);
      this.sizer.added(values, at, count);
    }
  }

  copy(from: number, to: number, capacity: number): IntColumn {
    const source = this.values;
    const isBig = source instanceof BigInt64Array;
    const values = isBig ? new BigInt64Array(capacity) : newInts(this.physical, capacity);
    (values as Float64Array).set((source as Float64Array).subarray(from, to));
    const copy = new IntColumn(this.physical, values);
    copy.adoptNulls(this, from, to, capacity);
    copy.isStale = false;
    if (values instanceof BigInt64Array) {
      copy.bigMin = this.bigMin;
      copy.bigMax = this.bigMax;
      copy.trackBig(values, to - from);
    } else copy.sizer.addedRange(values, 0, to - from, to - from, copy.mask);
    return copy;
  }

  override clone(count: number, capacity: number): IntColumn {
    const source = this.values;
    // A decoded column was never measured; large integers are rare enough to be measured again.
    if (source instanceof BigInt64Array || !this.isMeasured) return this.copy(0, count, capacity);
    const values = newInts(this.physical, capacity);
    values.set(source.length === count ? source : source.subarray(0, count));
    const clone = new IntColumn(this.physical, values);
    clone.adopt(this, count, capacity);
    clone.madeSizer = this.sizer.clone();
    return clone;
  }

  override get isMeasured(): boolean {
    const { madeSizer } = this;
    return madeSizer !== null && !this.isBig && madeSizer.min <= madeSizer.max;
  }

  bound(count: number): number {
    if (this.nullCount === count) return 1;
    if (this.isBig) return this.headBound(count) + this.bigBound(count);
    return this.headBound(count) + this.sizer.bound(count);
  }

  tighten(count: number): void {
    if (!this.isLoose) return;
    const values = this.values;
    if (values instanceof BigInt64Array) this.trackBig(values, count);
    else this.sizer.tighten(values, count, this.mask, this.isStale);
    this.isLoose = false;
    this.isStale = false;
    this.drift = 0;
  }

  write(writer: ByteWriter, count: number): void {
    this.prepare(count);
    const values = this.values;
    if (this.nullCount === count) this.writeHead(writer, Encoding.allNull, count);
    else if (values instanceof BigInt64Array) this.writeBig(writer, values, count);
    else {
      this.writeHead(writer, Encoding.ints, count);
      this.sizer.write(writer, values, count, this.mask);
    }
  }

  memoryBytes(): number {
    return 160 + this.values.byteLength + (this.nulls === null ? 0 : this.nulls.length);
  }

  private put(values: IntArray, at: number, value: unknown): void {
    if (typeof value === 'number') {
      assert(
        this.physical === Physical.int32 ? value === (value | 0) : Number.isSafeInteger(value),
        'an integer column was given another number',
      );
      values[at] = value + 0;
    } else {
      assert(
        typeof value === 'boolean' && this.physical === Physical.bool,
        'an integer column was given another datum',
      );
      values[at] = value ? 1 : 0;
    }
  }

  private putBig(values: BigInt64Array, at: number, value: unknown): void {
    if (value === null) {
      values[at] = 0n;
      return;
    }
    const big = BigInt(value as number | bigint);
    assert(big === BigInt.asIntN(64, big), 'an integer beyond 64 bits');
    if (big < this.bigMin) this.bigMin = big;
    if (big > this.bigMax) this.bigMax = big;
    values[at] = big;
  }

  private grow(count: number, capacity: number): void {
    const old = this.values;
    const grown =
      old instanceof BigInt64Array ? new BigInt64Array(capacity) : newInts(this.physical, capacity);
    (grown as Float64Array).set((old as Float64Array).subarray(0, count));
    this.values = grown;
  }

  /** I1: from doubles to 64-bit integers. */
  private becomeBig(): void {
    const old = this.values;
    if (old instanceof BigInt64Array) return;
    assert(this.physical === Physical.int64, 'only int64 holds large integers');
    const values = new BigInt64Array(old.length);
    for (let i = 0; i < old.length; i++) values[i] = BigInt(old[i]!);
    const sizer = this.sizer;
    this.bigMin = sizer.min > sizer.max ? SAFE_MAX * 1024n : BigInt(sizer.min);
    this.bigMax = sizer.min > sizer.max ? -SAFE_MAX * 1024n : BigInt(sizer.max);
    this.values = values;
  }

  private trackBig(values: BigInt64Array, count: number): void {
    let min = SAFE_MAX * 1024n;
    let max = -min;
    for (let i = 0; i < count; i++) {
      if (this.isNull(i)) continue;
      const value = values[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.bigMin = min;
    this.bigMax = max;
  }

  private bigBound(count: number): number {
    const range = this.bigMax - this.bigMin;
    const raw = 8 * count;
    if (range < 0n || range > SAFE_MAX) return raw;
    return Math.min(8 + packedBodyBytes(count, 1, Number(range)), raw);
  }

  private writeBig(writer: ByteWriter, values: BigInt64Array, count: number): void {
    const range = this.bigMax - this.bigMin;
    if (range > SAFE_MAX || 8 + packedBodyBytes(count, 1, Number(range)) > 8 * count) {
      this.writeHead(writer, Encoding.rawBigInts, count);
      for (let i = 0; i < count; i++) writer.int64(values[i]!);
      return;
    }
    this.writeHead(writer, Encoding.bigInts, count);
    writer.int64(this.bigMin);
    const distances = new Float64Array(count);
    for (let i = 0; i < count; i++) distances[i] = this.isNull(i) ? 0 : Number(values[i]! - this.bigMin);
    writePackedBody(writer, distances, count, 0, Number(range), this.mask);
  }
}

function narrowed(value: bigint): number | bigint {
  return value <= SAFE_MAX && value >= -SAFE_MAX ? Number(value) : value;
}

export function newInts(physical: IntPhysical, capacity: number): IntArray {
  if (physical === Physical.int32) return newInt32s(capacity);
  return physical === Physical.bool ? newUint8s(capacity) : newFloat64s(capacity);
}

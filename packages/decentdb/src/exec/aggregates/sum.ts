/**
 * sum and avg over integers, numerics and floats.
 *
 * I1  Integer and numeric sums are exact (ExactSums, one for each scale met); the display scale of a numeric sum is the
 *     largest scale among its inputs.
 * I2  Float sums add in input order, as PostgreSQL does.
 */

import { DecentDbError } from '../../base/errors.ts';
import { Decimal } from '../../types/decimal.ts';
import { outOfRange } from '../../types/integer-types.ts';
import { type Datum, type NumericVector, Physical, type Vector } from '../../types/vector.ts';
import { FEW_ROWS } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import { datumAt, isScalable } from '../vectors.ts';
import { type Accumulator, grownFloat64 } from './accumulator.ts';
import { ExactSums } from './exact-sum.ts';
import { type RowCounts, ValueCounts } from './value-counts.ts';

/** Sums that can also be read as averages. */
export interface SumAccumulator extends Accumulator {
  /** Reads the same sums: as averages or not, in the form of the result's type. */
  reader(isAverage: boolean, output: Physical): Accumulator;
}

/** An accumulator that is fed elsewhere. */
function readerOf(result: (groups: number) => Vector): Accumulator {
  return { resize: () => {}, add: () => {}, memoryBytes: () => 0, result };
}

/** sum / avg of int2, int4, int8. `output` is the result's kind: int64 (sum of int2, int4) or numeric. */
export class IntegerSumAccumulator implements SumAccumulator {
  private readonly sums = new ExactSums();
  private readonly output: Physical;
  private readonly isAverage: boolean;

  constructor(output: Physical, isAverage: boolean) {
    this.output = output;
    this.isAverage = isAverage;
  }

  resize(groups: number, room: number = groups): void {
    this.sums.resize(groups, room);
  }

  memoryBytes(): number {
    return this.sums.memoryBytes();
  }

  countBy(rows: RowCounts): void {
    this.sums.counts.share(rows);
  }

  add(args: readonly Vector[], positions: Int32Array | null, groups: Int32Array | null, count: number): void {
    const vector = args[0]!;
    const values = vector.values as Int32Array | Float64Array | BigInt64Array;
    if (!(values instanceof BigInt64Array)) {
      this.sums.addNumbers(values, vector.nulls, positions, groups, count);
      return;
    }
    for (let i = 0; i < count; i++) {
      const at = positions === null ? i : positions[i]!;
      const group = groups === null ? 0 : groups[i]!;
      if (vector.nulls !== null && vector.nulls[at] === 1) this.sums.counts.addNull(group);
      else this.sums.add(group, values[at]!);
    }
  }

  reader(isAverage: boolean, output: Physical): Accumulator {
    return readerOf((groups) => this.read(groups, isAverage, output));
  }

  result(groups: number): Vector {
    return this.read(groups, this.isAverage, this.output);
  }

  private read(groups: number, isAverage: boolean, output: Physical): Vector {
    if (!isAverage) {
      const values = this.sums.safeSums(groups);
      if (values !== null) {
        const nulls = this.sums.missing(groups);
        return output === Physical.numeric
          ? { physical: Physical.numeric, scaled: values, scale: 0, values: null, nulls }
          : { physical: Physical.int64, values, nulls };
      }
    }
    const store = new ColumnStore(output, Math.max(groups, 1));
    for (let group = 0; group < groups; group++) store.append(this.value(group, isAverage, output));
    return store.vector();
  }

  private value(group: number, isAverage: boolean, output: Physical): Datum {
    const count = this.sums.counts.of(group);
    if (count === 0) return null;
    const sum = this.sums.sum(group);
    if (isAverage) return Decimal.fromInteger(sum).divide(Decimal.fromInteger(count));
    if (output === Physical.numeric) return Decimal.fromInteger(sum);
    if (typeof sum === 'bigint' && BigInt.asIntN(64, sum) !== sum) throw outOfRange('bigint');
    return sum;
  }
}

/** sum / avg of numeric. */
export class NumericSumAccumulator implements SumAccumulator {
  private readonly scales = new Map<number, ExactSums>();
  /** NaN and infinities, by group. */
  private readonly specials = new Map<number, Decimal>();
  private readonly isAverage: boolean;
  private groups = 0;
  /** Counts the rows, as long as all values have one scale. */
  private rows: RowCounts | null = null;

  constructor(isAverage: boolean) {
    this.isAverage = isAverage;
  }

  resize(groups: number, room: number = groups): void {
    this.groups = groups;
    for (const sums of this.scales.values()) sums.resize(groups, room);
  }

  memoryBytes(): number {
    let bytes = 0;
    for (const sums of this.scales.values()) bytes += sums.memoryBytes();
    return bytes;
  }

  private sumsOf(scale: number): ExactSums {
    let sums = this.scales.get(scale);
    if (sums === undefined) {
      sums = new ExactSums();
      if (this.rows !== null) sums.counts.share(this.rows);
      sums.resize(Math.max(this.groups, 1));
      this.scales.set(scale, sums);
    }
    return sums;
  }

  countBy(rows: RowCounts): void {
    this.rows = rows;
  }

  /** How many values have which scale is known from counts of its own. */
  private unshare(): void {
    this.rows = null;
    for (const sums of this.scales.values()) sums.counts.unshare();
  }

  add(args: readonly Vector[], positions: Int32Array | null, groups: Int32Array | null, count: number): void {
    const vector = args[0] as NumericVector;
    const isAlike = vector.scaled !== null && (this.scales.size === 0 || this.scales.has(vector.scale));
    if (this.rows !== null && !isAlike) this.unshare();
    if (vector.scaled !== null) {
      this.sumsOf(vector.scale).addNumbers(vector.scaled, vector.nulls, positions, groups, count);
      return;
    }
    for (let i = 0; i < count; i++) {
      const value = datumAt(vector, positions === null ? i : positions[i]!) as Decimal | null;
      if (value !== null) this.addDecimal(groups === null ? 0 : groups[i]!, value);
    }
  }

  private addDecimal(group: number, value: Decimal): void {
    if (isScalable(value)) {
      this.sumsOf(value.scale).add(group, value.coefficient);
    } else if (value.isFinite) {
      this.addWide(group, value);
    } else {
      const known = this.specials.get(group);
      this.specials.set(group, known === undefined ? value : known.add(value));
      // Counts the value without changing the sum.
      this.sumsOf(0).add(group, 0);
    }
  }

  /** Coefficients of any length: 2^32 units overflow only beyond 2^85, so wide values are kept apart. */
  private readonly wide = new Map<number, Decimal>();
  private addWide(group: number, value: Decimal): void {
    const known = this.wide.get(group);
    this.wide.set(group, known === undefined ? value : known.add(value));
    this.sumsOf(value.scale).add(group, 0);
  }

  reader(isAverage: boolean): Accumulator {
    return readerOf((groups) => this.read(groups, isAverage));
  }

  result(groups: number): Vector {
    return this.read(groups, this.isAverage);
  }

  private read(groups: number, isAverage: boolean): Vector {
    if (!isAverage && this.scales.size === 1 && this.specials.size === 0 && this.wide.size === 0) {
      const [[scale, sums]] = this.scales as unknown as [[number, ExactSums]];
      const scaled = sums.safeSums(groups);
      if (scaled !== null)
        return { physical: Physical.numeric, scaled, scale, values: null, nulls: sums.missing(groups) };
    }
    const store = new ColumnStore(Physical.numeric, Math.max(groups, 1));
    for (let group = 0; group < groups; group++) store.append(this.value(group, isAverage));
    return store.vector();
  }

  private value(group: number, isAverage: boolean): Datum {
    let count = 0;
    let sum: Decimal | null = null;
    for (const [scale, sums] of this.scales) {
      const seen = sums.counts.of(group);
      if (seen === 0) continue;
      count += seen;
      const part = Decimal.of(sums.sum(group), scale);
      sum = sum === null ? part : sum.add(part);
    }
    if (sum === null) return null;
    const special = this.specials.get(group);
    const wide = this.wide.get(group);
    const total = special ?? (wide === undefined ? sum : sum.add(wide));
    return isAverage ? total.divide(Decimal.fromInteger(count)) : total;
  }
}

/** sum / avg of float8 (and float4: `isSingle` rounds each step as PostgreSQL's float4 sum does). */
export class FloatSumAccumulator implements Accumulator {
  private sums: Float64Array = new Float64Array(FEW_ROWS);
  private readonly counts = new ValueCounts();
  /** NaN once an infinity or NaN was added: x - x is 0 for finite x only. */
  private specials = 0;
  private readonly isAverage: boolean;
  private readonly isSingle: boolean;

  constructor(isAverage: boolean, isSingle: boolean) {
    this.isAverage = isAverage;
    this.isSingle = isSingle;
  }

  resize(groups: number, room: number = groups): void {
    this.sums = grownFloat64(this.sums, groups, room);
    this.counts.resize(groups, room);
  }

  memoryBytes(): number {
    return this.sums.byteLength + this.counts.memoryBytes();
  }

  countBy(rows: RowCounts): void {
    this.counts.share(rows);
  }

  add(args: readonly Vector[], positions: Int32Array | null, groups: Int32Array | null, count: number): void {
    const vector = args[0]!;
    const values = vector.values as Float64Array;
    const { nulls } = vector;
    const { counts } = this;
    if (!counts.isShared) this.count(nulls, positions, groups, count);
    else if (nulls !== null) counts.addNulls(nulls, positions, groups, count);
    if (this.isSingle) this.addSingle(values, nulls, positions, groups, count);
    else if (groups === null && nulls === null) this.addColumn(values, positions, count);
    else if (groups !== null && nulls === null && positions === null) this.addDense(values, groups, count);
    else this.addGroups(values, nulls, positions, groups, count);
  }

  private addColumn(values: Float64Array, positions: Int32Array | null, count: number): void {
    let sum = this.sums[0]!;
    let { specials } = this;
    for (let i = 0; i < count; i++) {
      const value = values[positions === null ? i : positions[i]!]!;
      sum += value;
      specials += value - value;
    }
    this.sums[0] = sum;
    this.specials = specials;
  }

  private count(
    nulls: Uint8Array | null,
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): void {
    const { own } = this.counts;
    if (nulls === null && groups === null) own[0] = own[0]! + count;
    else
      for (let i = 0; i < count; i++) {
        const isNull = nulls !== null && nulls[positions === null ? i : positions[i]!] === 1;
        if (!isNull) own[groups === null ? 0 : groups[i]!]!++;
      }
  }

  /** All values of a batch, none of them NULL. */
  private addDense(values: Float64Array, groups: Int32Array, count: number): void {
    const { sums } = this;
    let { specials } = this;
    for (let i = 0; i < count; i++) {
      const group = groups[i]!;
      const value = values[i]!;
      sums[group] = sums[group]! + value;
      specials += value - value;
    }
    this.specials = specials;
  }

  private addGroups(
    values: Float64Array,
    nulls: Uint8Array | null,
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): void {
    const { sums } = this;
    let { specials } = this;
    for (let i = 0; i < count; i++) {
      const at = positions === null ? i : positions[i]!;
      if (nulls !== null && nulls[at] === 1) continue;
      const group = groups === null ? 0 : groups[i]!;
      const value = values[at]!;
      sums[group] = sums[group]! + value;
      specials += value - value;
    }
    this.specials = specials;
  }

  private addSingle(
    values: Float64Array,
    nulls: Uint8Array | null,
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): void {
    const { sums } = this;
    for (let i = 0; i < count; i++) {
      const at = positions === null ? i : positions[i]!;
      if (nulls !== null && nulls[at] === 1) continue;
      const group = groups === null ? 0 : groups[i]!;
      const value = values[at]!;
      sums[group] = Math.fround(sums[group]! + value);
      this.specials += value - value;
    }
  }

  result(groups: number): Vector {
    const values = new Float64Array(groups);
    const nulls = new Uint8Array(groups);
    for (let group = 0; group < groups; group++) {
      const count = this.counts.of(group);
      if (count === 0) nulls[group] = 1;
      else if (this.specials === 0 && !Number.isFinite(this.sums[group])) throw floatOverflow();
      else values[group] = this.isAverage ? this.sums[group]! / count : this.sums[group]!;
    }
    return { physical: Physical.float64, values, nulls: nulls.includes(1) ? nulls : null };
  }
}

/** Finite values summed to infinity. */
function floatOverflow(): DecentDbError {
  return new DecentDbError('22003', 'value out of range: overflow');
}

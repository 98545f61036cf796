/**
 * Exact sums of integers, by group: a low part that stays safe, and a high part in units of 2^32.
 *
 *     sum = high * 2^32 + low,  |low| <= 2^52,  high a safe integer
 *
 * I1  A sum of the low part and a safe integer that comes out within 2^52 is exact; where it does not, and for bigints, the value is split.
 * I2  `counts` counts the values added: 0 means the sum is NULL.
 */

import { narrow } from '../../types/decimal.ts';
import { FEW_ROWS } from '../batch.ts';
import { grownFloat64 } from './accumulator.ts';
import { ValueCounts } from './value-counts.ts';

const LOW_MAX = 2 ** 52;
const UNIT = 2 ** 32;

export class ExactSums {
  low: Float64Array = new Float64Array(FEW_ROWS);
  high: Float64Array = new Float64Array(FEW_ROWS);
  readonly counts: ValueCounts = new ValueCounts();

  resize(groups: number, room: number = groups): void {
    this.low = grownFloat64(this.low, groups, room);
    this.high = grownFloat64(this.high, groups, room);
    this.counts.resize(groups, room);
  }

  memoryBytes(): number {
    return this.low.byteLength * 2 + this.counts.memoryBytes();
  }

  /** Safe integers at `positions` into their groups. */
  addNumbers(
    values: Float64Array | Int32Array,
    nulls: Uint8Array | null,
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): void {
    const { counts } = this;
    if (groups === null && nulls === null) {
      if (!counts.isShared) counts.own[0] = counts.own[0]! + count;
      if (values instanceof Int32Array) this.addInt32Column(values, positions, count);
      else this.addFloat64Column(values, positions, count);
      return;
    }
    if (groups !== null && nulls === null) {
      if (!counts.isShared) countGroups(counts.own, groups, count);
      if (values instanceof Int32Array) this.addInt32Groups(values, positions, groups, count);
      else this.addFloat64Groups(values, positions, groups, count);
      return;
    }
    for (let i = 0; i < count; i++) {
      const at = positions === null ? i : positions[i]!;
      const group = groups === null ? 0 : groups[i]!;
      if (nulls![at] === 1) counts.addNull(group);
      else this.add(group, values[at]!);
    }
  }

  /** One group. Int32 values cannot leave the safe range within 2^21 additions, so the check is made once a batch. */
  private addInt32Column(values: Int32Array, positions: Int32Array | null, count: number): void {
    for (let from = 0; from < count; from += 1 << 20) {
      const to = Math.min(count, from + (1 << 20));
      let sum = 0;
      if (positions === null) for (let i = from; i < to; i++) sum += values[i]!;
      else for (let i = from; i < to; i++) sum += values[positions[i]!]!;
      this.addLarge(0, sum);
    }
  }

  private addFloat64Column(values: Float64Array, positions: Int32Array | null, count: number): void {
    let low = this.low[0]!;
    for (let i = 0; i < count; i++) {
      const value = values[positions === null ? i : positions[i]!]!;
      const sum = low + value;
      if (sum <= LOW_MAX && sum >= -LOW_MAX) low = sum;
      else {
        this.low[0] = low;
        this.addLarge(0, value);
        low = this.low[0]!;
      }
    }
    this.low[0] = low;
  }

  private addInt32Groups(
    values: Int32Array,
    positions: Int32Array | null,
    groups: Int32Array,
    count: number,
  ): void {
    const { low } = this;
    for (let i = 0; i < count; i++) {
      const group = groups[i]!;
      const sum = low[group]! + values[positions === null ? i : positions[i]!]!;
      if (sum <= LOW_MAX && sum >= -LOW_MAX) low[group] = sum;
      else this.addLarge(group, values[positions === null ? i : positions[i]!]!);
    }
  }

  private addFloat64Groups(
    values: Float64Array,
    positions: Int32Array | null,
    groups: Int32Array,
    count: number,
  ): void {
    const { low } = this;
    if (positions === null) {
      for (let i = 0; i < count; i++) {
        const group = groups[i]!;
        const sum = low[group]! + values[i]!;
        if (sum <= LOW_MAX && sum >= -LOW_MAX) low[group] = sum;
        else this.addLarge(group, values[i]!);
      }
      return;
    }
    for (let i = 0; i < count; i++) {
      const group = groups[i]!;
      const value = values[positions[i]!]!;
      const sum = low[group]! + value;
      if (sum <= LOW_MAX && sum >= -LOW_MAX) low[group] = sum;
      else this.addLarge(group, value);
    }
  }

  add(group: number, value: number | bigint): void {
    this.counts.addValue(group);
    if (typeof value === 'bigint') this.addBig(group, value);
    else this.addLarge(group, value);
  }

  /** Any safe integer. */
  private addLarge(group: number, value: number): void {
    const high = Math.trunc(value / UNIT);
    const low = this.low[group]! + (value - high * UNIT);
    const carry = Math.trunc(low / UNIT);
    this.high[group] = this.high[group]! + high + carry;
    this.low[group] = low - carry * UNIT;
  }

  private addBig(group: number, value: bigint): void {
    this.high[group] = this.high[group]! + Number(value >> 32n);
    this.addLarge(group, Number(value & 0xffffffffn));
  }

  /** All sums as numbers; null when one is not a safe integer. */
  safeSums(groups: number): Float64Array | null {
    const { high, low } = this;
    const sums = new Float64Array(groups);
    for (let group = 0; group < groups; group++) {
      const upper = high[group]!;
      // "+0" turns -0 into 0.
      sums[group] = low[group]! + 0;
      if (upper === 0) continue;
      const sum = upper * UNIT + low[group]!;
      if (!(upper < 2 ** 20 && upper > -(2 ** 20) && Number.isSafeInteger(sum))) return null;
      sums[group] = sum + 0;
    }
    return sums;
  }

  /** Groups nothing was added to; null when there are none. */
  missing(groups: number): Uint8Array | null {
    const { counts } = this;
    let nulls: Uint8Array | null = null;
    for (let group = 0; group < groups; group++) {
      if (counts.of(group) !== 0) continue;
      nulls ??= new Uint8Array(groups);
      nulls[group] = 1;
    }
    return nulls;
  }

  sum(group: number): number | bigint {
    const high = this.high[group]!;
    const low = this.low[group]!;
    if (high === 0) return low === 0 ? 0 : low;
    const simple = high * UNIT + low;
    if (Math.abs(high) < 2 ** 20 && Number.isSafeInteger(simple)) return simple;
    return narrow(BigInt(high) * 4294967296n + BigInt(low));
  }
}

function countGroups(counts: Float64Array, groups: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) counts[groups[i]!]!++;
}

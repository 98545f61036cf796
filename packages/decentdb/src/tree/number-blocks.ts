/**
 * Numbers on their way into leaves, in the two forms that are seen at a glance: keys without gaps, and short decimals. Leaves of
 * others go the way of any column.
 *
 * I1  As leaf-block.ts says.
 */
import type { NullMask } from '../types/vector.ts';
import type { ArrayArena } from './array-arena.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Encoding } from './encoding.ts';
import { POWERS_OF_TEN } from './float-column.ts';
import { IntForm, packedBodyBytes } from './int-body.ts';
import { IntSizer } from './int-sizer.ts';
import { countNulls, type LeafColumn } from './leaf-block.ts';
import { ROWS_MAX } from './node-schema.ts';

/** Tag, and what int-sizer.ts counts for deltas that are all alike. */
const SEQUENCE_BYTES = 14;
const SEQUENCE_ROWS_MIN = 4;

/** The only key column: integers that ascend strictly. */
export class SequenceColumn implements LeafColumn {
  private readonly any: LeafColumn;
  private readonly values: Int32Array | Float64Array;
  private isSequence = false;
  private first = 0;

  constructor(any: LeafColumn, values: Int32Array | Float64Array) {
    this.any = any;
    this.values = values;
  }

  measure(from: number, to: number): number {
    const first = this.values[from]!;
    const count = to - from;
    // Strictly ascending integers this close have no gaps.
    this.isSequence = count >= SEQUENCE_ROWS_MIN && this.values[to - 1]! - first === count - 1;
    this.first = first;
    return this.isSequence ? SEQUENCE_BYTES : this.any.measure(from, to);
  }

  write(writer: ByteWriter): void {
    if (!this.isSequence) {
      this.any.write(writer);
      return;
    }
    writer.u8(Encoding.ints);
    writer.u8(IntForm.delta);
    writer.signed(this.first);
    writer.signed(1);
    writer.u8(0);
    writer.unsigned(0);
  }
}

/** Digits behind the point of decimals looked for here. */
const SCALE_MAX = 6;
const WHOLE_MAX = 1e15;

/** Doubles that are integers over a power of ten. */
export class DecimalColumn implements LeafColumn {
  private readonly any: LeafColumn;
  private readonly values: Float64Array;
  private readonly nulls: NullMask;
  /** What the rows seen so far needed; beyond SCALE_MAX: they are no short decimals. */
  private scale = 0;
  private readonly wholes: Float64Array;
  private count = 0;
  private min = 0;
  private max = 0;
  private isDecimal = false;

  /** `rowsMax`: most rows measured at once. */
  constructor(any: LeafColumn, values: Float64Array, nulls: NullMask, rowsMax: number, memory: ArrayArena) {
    this.any = any;
    this.wholes = memory.float64s(Math.min(rowsMax, ROWS_MAX));
    this.values = values;
    this.nulls = nulls;
  }

  measure(from: number, to: number): number {
    this.count = to - from;
    this.isDecimal = countNulls(this.nulls, from, to) === 0 && this.findWholes(from, to);
    if (this.isDecimal) {
      const bytes = 2 + packedBodyBytes(this.count, 8, this.max - this.min);
      if (bytes <= 4 * this.count) return bytes;
      this.isDecimal = false;
    }
    return this.any.measure(from, to);
  }

  /** Fills `wholes`, at a larger scale where one is needed. */
  private findWholes(from: number, to: number): boolean {
    const { values, wholes } = this;
    for (; this.scale <= SCALE_MAX; this.scale++) {
      const power = POWERS_OF_TEN[this.scale]!;
      let min = Number.POSITIVE_INFINITY;
      let max = Number.NEGATIVE_INFINITY;
      let i = from;
      for (; i < to; i++) {
        const value = values[i]!;
        const whole = Math.round(value * power);
        // A negative zero is no decimal.
        if (whole / power !== value || (whole === 0 && 1 / whole < 0)) break;
        wholes[i - from] = whole;
        if (whole < min) min = whole;
        if (whole > max) max = whole;
      }
      this.min = min;
      this.max = max;
      if (i === to) return max <= WHOLE_MAX && min >= -WHOLE_MAX;
    }
    return false;
  }

  write(writer: ByteWriter): void {
    if (!this.isDecimal) {
      this.any.write(writer);
      return;
    }
    const { wholes, count } = this;
    const sizer = new IntSizer();
    sizer.min = this.min;
    sizer.max = this.max;
    sizer.tighten(wholes, count, null, false);
    writer.u8(Encoding.scaledDoubles);
    writer.u8(this.scale);
    sizer.write(writer, wholes, count, null);
  }
}

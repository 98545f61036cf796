/**
 * Ascending integers in hand as the gaps between them, and the body of a column made of their first ones (int-body.ts, form delta).
 *
 * Where lists follow each other a number may be smaller than the one before, or very much larger: such steps stand beside the gaps.
 *
 * I1  gaps[i] is 1 .. GAP_MAX and number i less number i - 1, or 0: the step is among the others, which ascend by row. gaps[0]
 *     means nothing.
 */
import { assert } from '../base/assert.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { DeltaHistogram } from './delta-histogram.ts';
import { IntForm } from './int-body.ts';
import { PACKED_BITS_MAX, packedBytes } from './packed-ints.ts';

/** The one step of all gaps: they are packed less this. */
export const GAP_STEP = 1;
const GAP_MAX = 2 ** PACKED_BITS_MAX;
/** So many gaps add up to less than 2^31. */
const SUMMED = 32;

export class GapRun {
  /** The first number and the last. */
  first = 0;
  last = 0;
  count = 0;
  readonly gaps: Int32Array;
  private otherRows: Int32Array = new Int32Array(64);
  private otherSteps: Float64Array = new Float64Array(64);
  private otherCount = 0;
  private readonly exceptions: Int32Array;
  private readonly packed: Uint8Array;

  constructor(countMax: number) {
    this.gaps = new Int32Array(countMax);
    this.exceptions = new Int32Array(countMax);
    this.packed = new Uint8Array(countMax * 4);
  }

  /** Adds numbers[from..to). */
  append(numbers: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.add(numbers[i]!);
  }

  private add(number: number): void {
    const step = number - this.last;
    const row = this.count++;
    this.last = number;
    if (row === 0) this.first = number;
    else if (step > 0 && step <= GAP_MAX) this.gaps[row] = step;
    else this.addOther(row, step);
  }

  /** Adds `count` numbers from `first` to `last` whose gaps were written behind the others; that of `first` means nothing. */
  fill(count: number, first: number, last: number): void {
    const from = this.count + 1;
    this.add(first);
    if (last - first > GAP_MAX) {
      for (let row = from; row < from + count - 1; row++)
        if (this.gaps[row]! > GAP_MAX) this.addOther(row, this.gaps[row]!);
    }
    this.count += count - 1;
    this.last = last;
  }

  private addOther(row: number, step: number): void {
    if (this.otherCount === this.otherRows.length) {
      const rows = new Int32Array(this.otherCount * 2);
      const steps = new Float64Array(this.otherCount * 2);
      rows.set(this.otherRows);
      steps.set(this.otherSteps);
      this.otherRows = rows;
      this.otherSteps = steps;
    }
    this.gaps[row] = 0;
    this.otherRows[this.otherCount] = row;
    this.otherSteps[this.otherCount++] = step;
  }

  /** Where the steps of rows from `row` on begin among the others. */
  private otherFrom(row: number): number {
    let low = 0;
    let high = this.otherCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.otherRows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Rows from..to join what the histogram has. */
  measure(histogram: DeltaHistogram, from: number, to: number): void {
    histogram.addGaps(this.gaps, from, to);
    for (let i = this.otherFrom(from); i < this.otherCount && this.otherRows[i]! < to; i++)
      histogram.addDelta(this.otherSteps[i]!);
  }

  /** Forgets the first rows. */
  drop(rows: number): void {
    const { count } = this;
    if (rows < count) this.first = this.numberAt(rows);
    this.gaps.copyWithin(0, rows, count);
    const other = this.otherFrom(rows + 1);
    for (let i = other; i < this.otherCount; i++) {
      this.otherRows[i - other] = this.otherRows[i]! - rows;
      this.otherSteps[i - other] = this.otherSteps[i]!;
    }
    this.otherCount -= other;
    this.count -= rows;
  }

  /** From the nearer end. */
  private numberAt(row: number): number {
    return row * 2 < this.count
      ? this.first + this.distance(1, row + 1)
      : this.last - this.distance(row + 1, this.count);
  }

  /** What rows from..to step on together. */
  private distance(from: number, to: number): number {
    const { gaps } = this;
    let sum = 0;
    for (let i = from; i < to; ) {
      let part = 0;
      const end = Math.min(to, i + SUMMED - 1);
      for (; i < end; i++) part += gaps[i]!;
      sum += part;
    }
    for (let i = this.otherFrom(from); i < this.otherCount && this.otherRows[i]! < to; i++)
      sum += this.otherSteps[i]!;
    return sum;
  }

  /** Writes the first rows; what needs more bits than `width` is an exception, `exceptionCountMax` at most. */
  writeBody(writer: ByteWriter, rows: number, width: number, exceptionCountMax: number): void {
    const { gaps, exceptions, packed } = this;
    const exceptionCount = (width > 16 ? packWide : pack)(packed, gaps, rows, width, exceptions);
    assert(exceptionCount <= exceptionCountMax, 'more gaps are exceptions than were counted');
    writer.u8(IntForm.delta);
    writer.signed(this.first);
    writer.signed(GAP_STEP);
    writer.u8(width);
    writer.unsigned(exceptionCount);
    let last = 0;
    let other = this.otherFrom(1);
    for (let k = 0; k < exceptionCount; k++) {
      const row = exceptions[k]!;
      writer.unsigned(row - last);
      writer.signed(gaps[row]! === 0 ? this.otherSteps[other++]! : gaps[row]!);
      last = row;
    }
    const length = packedBytes(rows - 1, width);
    writer.bytes.set(packed.subarray(0, length), writer.at);
    writer.at += length;
  }
}

/**
 * Packs gaps[1..rows) less their step, as `writePacked` does, two bytes at a time; returns how many of them are exceptions: those
 * are packed as zeros, and their rows are told.
 */
function pack(
  bytes: Uint8Array,
  gaps: Int32Array,
  rows: number,
  width: number,
  exceptions: Int32Array,
): number {
  const limit = 1 << width;
  let exceptionCount = 0;
  let at = 0;
  let pending = 0;
  let bits = 0;
  for (let i = 1; i < rows; i++) {
    const rest = (gaps[i]! - GAP_STEP) >>> 0;
    if (rest < limit) pending |= rest << bits;
    else exceptions[exceptionCount++] = i;
    bits += width;
    if (bits >= 16) {
      bytes[at] = pending;
      bytes[at + 1] = pending >>> 8;
      at += 2;
      pending >>>= 16;
      bits -= 16;
    }
  }
  bytes[at] = pending;
  bytes[at + 1] = pending >>> 8;
  return exceptionCount;
}

/** The same for more than 16 bits. */
function packWide(
  bytes: Uint8Array,
  gaps: Int32Array,
  rows: number,
  width: number,
  exceptions: Int32Array,
): number {
  const limit = 1 << width;
  let exceptionCount = 0;
  let at = 0;
  let pending = 0;
  let bits = 0;
  for (let i = 1; i < rows; i++) {
    const rest = (gaps[i]! - GAP_STEP) >>> 0;
    if (rest < limit) pending |= rest << bits;
    else exceptions[exceptionCount++] = i;
    for (bits += width; bits >= 8; bits -= 8, pending >>>= 8) bytes[at++] = pending;
  }
  bytes[at] = pending;
  return exceptionCount;
}

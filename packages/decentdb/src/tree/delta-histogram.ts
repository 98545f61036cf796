/**
 * How large a run of integers gets as deltas from one to the next (int-body.ts, form delta), for runs that grow.
 *
 * I1  `choose` is an upper bound of what `writeDeltaBody` writes for the same rows with the same step, width and exceptions.
 */
import { signedSize, unsignedSize } from './byte-writer.ts';
import { type IntArray, packedBytes } from './packed-ints.ts';

const BITS_MAX = 25;
const OUTSIDE = BITS_MAX + 1;
/** Where gaps of 0 are counted, for nobody. */
const NO_GAP = 32;
/** A row gap takes at most two bytes: nodes hold fewer than 2^14 rows. */
const GAP_BYTES = 2;

export class DeltaHistogram {
  readonly step: number;
  width = 0;
  exceptionCount = 0;
  private headBytes = 0;
  /** Rows by the bits their delta less the step needs. */
  private rows: Int32Array = new Int32Array(NO_GAP + 1);
  private savedRows: Int32Array = new Int32Array(NO_GAP + 1);
  /** Bytes of the exceptions that no width would take. */
  private outsideBytes = 0;
  private savedBytes = 0;
  /** Most bytes of an exception, by bits. */
  private readonly exceptionBytes: Int32Array;

  constructor(step: number) {
    this.step = step;
    this.exceptionBytes = Int32Array.from(
      { length: BITS_MAX + 1 },
      (_, bits) => GAP_BYTES + signedSize(step + 2 ** bits - 1),
    );
  }

  /** Begins a run at a value. */
  start(value: number): void {
    this.rows.fill(0);
    this.outsideBytes = 0;
    // Form, width, first value, step.
    this.headBytes = 2 + signedSize(value) + signedSize(this.step);
  }

  /** Rows from..to join the run; `from` is at least 1. */
  add(values: IntArray, from: number, to: number): void {
    const { rows, step } = this;
    let last = values[from - 1]!;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      const delta = value - last;
      last = value;
      const rest = delta - step;
      if (rest >= 0 && rest < 0x2000000) rows[32 - Math.clz32(rest)]!++;
      else {
        rows[OUTSIDE]!++;
        this.outsideBytes += GAP_BYTES + signedSize(delta);
      }
    }
  }

  /** Rows from..to join a run of step 1: gaps[i] is what row i is more than the one before, or 0 for rows that are told of apart. */
  addGaps(gaps: Int32Array, from: number, to: number): void {
    const { rows } = this;
    for (let i = from; i < to; i++) rows[32 - Math.clz32(gaps[i]! - 1)]!++;
  }

  /** A row joins the run whose value is so much more than that of the row before. */
  addDelta(delta: number): void {
    const rest = delta - this.step;
    if (rest >= 0 && rest < 0x2000000) this.rows[32 - Math.clz32(rest)]!++;
    else {
      this.rows[OUTSIDE]!++;
      this.outsideBytes += GAP_BYTES + signedSize(delta);
    }
  }

  /** So many rows join the run that repeat its last value. */
  addSame(count: number): void {
    if (this.step === 0) this.rows[0]! += count;
    else {
      this.rows[OUTSIDE]! += count;
      this.outsideBytes += count * (GAP_BYTES + 1);
    }
  }

  save(): void {
    this.savedRows.set(this.rows);
    this.savedBytes = this.outsideBytes;
  }

  restore(): void {
    this.rows.set(this.savedRows);
    this.outsideBytes = this.savedBytes;
  }

  /** Chooses the cheapest width for the `count` rows in the run; returns the bytes of the body. */
  choose(count: number): number {
    const { rows, exceptionBytes } = this;
    let best = Number.POSITIVE_INFINITY;
    let outsideRows = rows[OUTSIDE]!;
    let { outsideBytes } = this;
    for (let bits = BITS_MAX; bits >= 0; bits--) {
      const total = outsideBytes + packedBytes(count - 1, bits) + unsignedSize(outsideRows);
      if (total < best) {
        best = total;
        this.width = bits;
        this.exceptionCount = outsideRows;
      }
      outsideRows += rows[bits]!;
      outsideBytes += rows[bits]! * exceptionBytes[bits]!;
    }
    return this.headBytes + best;
  }
}

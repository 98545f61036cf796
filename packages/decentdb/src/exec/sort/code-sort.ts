/**
 * Sorting of rows by codes of 64 bits: rows are told apart by the leading bits in which their codes differ, then those that still agree by
 * the bits behind, and a few by comparing. Codes and rows move together, so that what is looked at next lies together.
 *
 * I1  Stable; codes compare as unsigned (high, low) pairs.
 * I2  After `sort` the arrays hold codes and rows in their order.
 */

/** Fewer rows are sorted by insertion. */
const INSERTION_ROWS = 24;
const DIGIT_BITS_MAX = 11;
const DIGIT_BITS_MIN = 4;

/** Which bits of a code are looked at: `(code - min) >>> shift`, below `digits`. */
interface DigitPlan {
  readonly min: number;
  readonly shift: number;
  readonly digits: number;
}

/** Rows and their codes, in arrays that are used again and again. */
export class CodeSort {
  high: Uint32Array = new Uint32Array(0);
  low: Uint32Array = new Uint32Array(0);
  rows: Int32Array = new Int32Array(0);
  private nextHigh: Uint32Array = new Uint32Array(0);
  private nextLow: Uint32Array = new Uint32Array(0);
  private nextRows: Int32Array = new Int32Array(0);
  private readonly counts: Int32Array = new Int32Array((1 << DIGIT_BITS_MAX) + 1);

  /** Room for so many rows; what was there is lost. */
  reserve(count: number): void {
    if (this.rows.length >= count) return;
    const [high, low, rows] = [new Uint32Array(count), new Uint32Array(count), new Int32Array(count)];
    Object.assign(this, { high, low, rows });
    this.nextHigh = new Uint32Array(count);
    this.nextLow = new Uint32Array(count);
    this.nextRows = new Int32Array(count);
  }

  /** Sorts rows 0..count by their codes. */
  sort(count: number): void {
    this.sortBy(this.high, 0, count);
  }

  /** Sorts rows from..to by one word and what follows it. */
  private sortBy(word: Uint32Array, from: number, to: number): void {
    if (to - from <= INSERTION_ROWS) {
      this.insert(from, to);
      return;
    }
    let min = word[from]!;
    let max = min;
    for (let i = from + 1; i < to; i++) {
      const code = word[i]!;
      if (code < min) min = code;
      else if (code > max) max = code;
    }
    if (min === max) {
      if (word === this.high) this.sortBy(this.low, from, to);
      return;
    }
    const bits = Math.max(DIGIT_BITS_MIN, Math.min(DIGIT_BITS_MAX, 31 - Math.clz32(to - from)));
    const shift = Math.max(0, 32 - Math.clz32(max - min) - bits);
    this.scatter(word, from, to, { min, shift, digits: ((max - min) >>> shift) + 1 });
    this.sortRuns(word, from, to, min, shift);
  }

  /** Moves rows from..to into the order of `(code - min) >>> shift`. */
  private scatter(word: Uint32Array, from: number, to: number, { min, shift, digits }: DigitPlan): void {
    const { counts, high, low, rows, nextHigh, nextLow, nextRows } = this;
    counts.fill(0, 0, digits + 1);
    for (let i = from; i < to; i++) counts[((word[i]! - min) >>> shift) + 1]!++;
    for (let digit = 1; digit < digits; digit++) counts[digit]! += counts[digit - 1]!;
    for (let i = from; i < to; i++) {
      const at = from + counts[(word[i]! - min) >>> shift]!++;
      nextHigh[at] = high[i]!;
      nextLow[at] = low[i]!;
      nextRows[at] = rows[i]!;
    }
    for (let i = from; i < to; i++) {
      high[i] = nextHigh[i]!;
      low[i] = nextLow[i]!;
      rows[i] = nextRows[i]!;
    }
  }

  /** Sorts each run of rows that `scatter` took for equal. */
  private sortRuns(word: Uint32Array, from: number, to: number, min: number, shift: number): void {
    for (let start = from; start < to; ) {
      const digit = (word[start]! - min) >>> shift;
      let end = start + 1;
      while (end < to && (word[end]! - min) >>> shift === digit) end++;
      if (end - start <= INSERTION_ROWS) this.insert(start, end);
      else if (shift > 0) this.sortBy(word, start, end);
      else if (word === this.high) this.sortBy(this.low, start, end);
      start = end;
    }
  }

  private insert(from: number, to: number): void {
    const { high, low, rows } = this;
    for (let i = from + 1; i < to; i++) {
      const highCode = high[i]!;
      const lowCode = low[i]!;
      let at = i;
      while (
        at > from &&
        (high[at - 1]! > highCode || (high[at - 1]! === highCode && low[at - 1]! > lowCode))
      )
        at--;
      if (at === i) continue;
      const row = rows[i]!;
      for (let k = i; k > at; k--) {
        high[k] = high[k - 1]!;
        low[k] = low[k - 1]!;
        rows[k] = rows[k - 1]!;
      }
      high[at] = highCode;
      low[at] = lowCode;
      rows[at] = row;
    }
  }
}

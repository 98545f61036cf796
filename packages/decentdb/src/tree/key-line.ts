/**
 * How far the ascending integers of an inner node are from a straight line. Keys that came one after the other, and those spread
 * evenly, lie so near to one that a few comparisons around the guess do for thousands of entries; a binary search of them mispredicts
 * every other of its branches, and what follows waits for each.
 *
 * I1  The row that a search from row 1 on ends at lies within `error + 1` of the line, for every key: it was measured at every entry.
 * I2  A line is kept only where it saves two comparisons or more, so a search with it makes fewer than one without (node-search.ts I1).
 */

/** Fewer entries are searched as they are. */
const ROWS_MIN = 32;
/** Rounding of the guess, in rows. */
const SLACK = 1;

export class KeyLine {
  readonly first: number;
  /** Rows for each step of the key. */
  readonly slope: number;
  /** In rows, rounding included. */
  readonly error: number;

  private constructor(first: number, slope: number, error: number) {
    this.first = first;
    this.slope = slope;
    this.error = error;
  }

  /** Of rows 1 .. count - 1 of ascending keys; null where they are too few, or too far from a line. */
  static of(keys: Int32Array | Float64Array, count: number): KeyLine | null {
    if (count < ROWS_MIN) return null;
    const first = keys[1]!;
    const slope = (count - 2) / (keys[count - 1]! - first);
    if (!(slope > 0 && slope < Number.POSITIVE_INFINITY)) return null;
    const errorMax = (count >>> 3) - 2 - SLACK;
    let error = 0;
    for (let row = 2; row < count; row++) {
      const distance = Math.abs((keys[row]! - first) * slope + 1 - row);
      if (distance > error) error = distance;
    }
    return error <= errorMax ? new KeyLine(first, slope, error + SLACK) : null;
  }

  /** First row that a search of [from, count) for `key` can end at. */
  lowest(key: number, from: number, count: number): number {
    const row = (key - this.first) * this.slope + 1 - this.error;
    return row > from ? (row < count ? Math.floor(row) : count) : from;
  }

  /** Last row that it can end at. */
  highest(key: number, from: number, count: number): number {
    const row = (key - this.first) * this.slope + 2 + this.error;
    return row < count ? (row > from ? Math.ceil(row) : from) : count;
  }
}

/**
 * Random numbers for generated rows, by position: the numbers of row `index` of a table depend on the seed, the table
 * and the index alone, so any row can be made without the ones before it.
 *
 * I1  Only 32-bit integer operations, and divisions by powers of two: the same bytes on every machine and engine.
 *     (`Math.pow`, `Math.sin` and their kin may differ between versions of V8.)
 */

/** Spreads every input bit over the whole word (the finalizer of MurmurHash3). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A short sequence of random numbers belonging to one row. */
export class Draw {
  private state = 0;

  /** Starts the sequence of row `index` (up to 2^53) in stream `stream`. */
  start(seed: number, stream: number, index: number): this {
    const high = Math.floor(index / 0x100000000);
    this.state = mix(mix(mix(seed ^ Math.imul(stream, 0x9e3779b1)) ^ high) ^ index);
    return this;
  }

  /** A number from 0 to 2^32 - 1 (the mulberry32 step). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let h = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    h ^= h + Math.imul(h ^ (h >>> 7), h | 61);
    return (h ^ (h >>> 14)) >>> 0;
  }

  /** A number from 0 up to but without 1. */
  unit(): number {
    return this.next() / 0x100000000;
  }

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    return Math.floor(this.unit() * count);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.unit() * 100 < percent;
  }

  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

/** count(*), count(x). */

import { Physical, type Vector } from '../../types/vector.ts';
import { FEW_ROWS } from '../batch.ts';
import { type Accumulator, grownFloat64 } from './accumulator.ts';

/** Counts rows, or with `skipsNulls` the rows whose first argument is not NULL. */
export class CountAccumulator implements Accumulator {
  private counts: Float64Array = new Float64Array(FEW_ROWS);
  private readonly skipsNulls: boolean;

  constructor(skipsNulls: boolean) {
    this.skipsNulls = skipsNulls;
  }

  resize(groups: number): void {
    this.counts = grownFloat64(this.counts, groups);
  }

  memoryBytes(): number {
    return this.counts.byteLength;
  }

  add(args: readonly Vector[], positions: Int32Array | null, groups: Int32Array | null, count: number): void {
    const nulls = this.skipsNulls ? args[0]!.nulls : null;
    const { counts } = this;
    if (nulls === null) {
      if (groups === null) counts[0] = counts[0]! + count;
      else for (let i = 0; i < count; i++) counts[groups[i]!]!++;
      return;
    }
    for (let i = 0; i < count; i++) {
      if (nulls[positions === null ? i : positions[i]!] !== 1) counts[groups === null ? 0 : groups[i]!]!++;
    }
  }

  result(groups: number): Vector {
    return { physical: Physical.int64, values: this.counts.slice(0, groups), nulls: null };
  }
}

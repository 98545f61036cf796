/** count(*), count(x). */

import { Physical, type Vector } from '../../types/vector.ts';
import type { Accumulator } from './accumulator.ts';
import { type RowCounts, ValueCounts } from './value-counts.ts';

/** Counts rows, or with `skipsNulls` the rows whose first argument is not NULL. */
export class CountAccumulator implements Accumulator {
  private readonly counts = new ValueCounts();
  private readonly skipsNulls: boolean;

  constructor(skipsNulls: boolean) {
    this.skipsNulls = skipsNulls;
  }

  resize(groups: number, room: number = groups): void {
    this.counts.resize(groups, room);
  }

  memoryBytes(): number {
    return this.counts.memoryBytes();
  }

  countBy(rows: RowCounts): void {
    this.counts.share(rows);
  }

  add(args: readonly Vector[], positions: Int32Array | null, groups: Int32Array | null, count: number): void {
    const nulls = this.skipsNulls ? args[0]!.nulls : null;
    if (this.counts.isShared) {
      if (nulls !== null) this.counts.addNulls(nulls, positions, groups, count);
      return;
    }
    const counts = this.counts.own;
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
    return { physical: Physical.int64, values: this.counts.all(groups), nulls: null };
  }
}

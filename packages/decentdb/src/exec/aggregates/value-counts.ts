/**
 * How many rows each group has, and how many values each aggregate of it has seen.
 *
 * I1  Where several aggregates of the same rows count, the rows are counted once (RowCounts), behind each batch, and what an
 *     aggregate keeps of its own is by how many its values are fewer: the NULLs it was given.
 * I2  An aggregate that can no longer do with that takes the counts over, before it looks at a batch.
 */
import { FEW_ROWS } from '../batch.ts';
import { grownFloat64 } from './accumulator.ts';

/** Rows by group. */
export class RowCounts {
  counts: Float64Array = new Float64Array(FEW_ROWS);

  resize(groups: number, room: number = groups): void {
    this.counts = grownFloat64(this.counts, groups, room);
  }

  memoryBytes(): number {
    return this.counts.byteLength;
  }

  /** Counts rows of `groups`; null: all in group 0. */
  add(groups: Int32Array | null, count: number): void {
    const { counts } = this;
    if (groups === null) counts[0] = counts[0]! + count;
    else for (let i = 0; i < count; i++) counts[groups[i]!]!++;
  }
}

const nothing = new Float64Array(0);

/** Values by group. */
export class ValueCounts {
  /** Values; where `rows` are counted minus the NULLs, and empty as long as there were none. */
  own: Float64Array = new Float64Array(FEW_ROWS);
  private rows: RowCounts | null = null;
  private groups = 0;

  /** Whether values need not be counted, but NULLs. */
  get isShared(): boolean {
    return this.rows !== null;
  }

  resize(groups: number, room: number = groups): void {
    this.groups = groups;
    if (this.rows === null || this.own.length > 0) this.own = grownFloat64(this.own, groups, room);
  }

  memoryBytes(): number {
    return this.own.byteLength;
  }

  /** Before any value. */
  share(rows: RowCounts): void {
    this.rows = rows;
    this.own = nothing;
  }

  /** I2. */
  unshare(): void {
    const { rows, groups, own } = this;
    if (rows === null) return;
    this.rows = null;
    this.own = new Float64Array(Math.max(FEW_ROWS, groups));
    for (let group = 0; group < groups; group++) this.own[group] = rows.counts[group]! + (own[group] ?? 0);
  }

  addValue(group: number): void {
    if (this.rows === null) this.own[group]!++;
  }

  addNull(group: number): void {
    if (this.rows === null) return;
    if (this.own.length === 0) this.own = new Float64Array(Math.max(1, this.groups));
    this.own[group]!--;
  }

  /** The NULLs among rows at `positions`. */
  addNulls(nulls: Uint8Array, positions: Int32Array | null, groups: Int32Array | null, count: number): void {
    for (let i = 0; i < count; i++)
      if (nulls[positions === null ? i : positions[i]!] === 1) this.addNull(groups === null ? 0 : groups[i]!);
  }

  of(group: number): number {
    const { rows, own } = this;
    return rows === null ? own[group]! : rows.counts[group]! + (own[group] ?? 0);
  }

  /** All counts, in an array of their own. */
  all(groups: number): Float64Array {
    const { rows, own } = this;
    if (rows === null) return own.slice(0, groups);
    const counts = rows.counts.slice(0, groups);
    if (own.length > 0) for (let group = 0; group < groups; group++) counts[group]! += own[group]!;
    return counts;
  }
}

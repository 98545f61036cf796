/**
 * Rows made of a left and a right row: columns are gathered when first read.
 *
 * I1  Position -1 on a side makes that side's columns NULL.
 * I2  Of a side's column that is not made yet and lasts, fewer rows than half are fetched by themselves.
 */
import type { Vector } from '../../types/vector.ts';
import { Batch, type ColumnOrigin, type ColumnSource } from '../batch.ts';
import type { Slot } from '../physical.ts';
import { gather, nullVector } from '../vectors.ts';

/** Positions into a batch's columns; `batch` null: every position is -1 and `slots` say what the NULLs look like. */
export interface JoinSide {
  readonly batch: Batch | null;
  readonly slots: readonly Slot[];
  readonly positions: Int32Array;
}

/** Columns of one side, row by row of the join. */
export class SideRows implements ColumnSource {
  private readonly side: JoinSide;
  private readonly count: number;
  /** The rows alone (I2), once a column is asked for that need not be made whole. */
  private rows: ColumnSource | null = null;

  constructor(side: JoinSide, count: number) {
    this.side = side;
    this.count = count;
  }

  load(column: number): Vector {
    const { side, count } = this;
    const { batch, positions } = side;
    if (batch === null) return nullVector(side.slots[column]!.type.physical, count);
    if (!this.isAlone(batch, column)) return gather(batch.column(column), positions, count);
    this.rows ??= batch.rowsAt(positions, count);
    return this.rows.load(column);
  }

  /** I2. */
  private isAlone(batch: Batch, column: number): boolean {
    return this.count * 2 <= batch.count && batch.isLate(column) && !this.hasMissing();
  }

  private hasMissing(): boolean {
    const { positions } = this.side;
    for (let i = 0; i < this.count; i++) if (positions[i]! < 0) return true;
    return false;
  }

  origin(column: number): ColumnOrigin | null {
    const { batch, positions } = this.side;
    if (batch === null || positions.includes(-1)) return null;
    return this.isAlone(batch, column) ? null : { vector: batch.column(column), positions };
  }

  isLasting(column: number): boolean {
    return this.side.batch?.isLate(column) === true;
  }

  at(positions: Int32Array, count: number): SideRows {
    const { batch, slots, positions: own } = this.side;
    const composed = new Int32Array(count);
    for (let i = 0; i < count; i++) composed[i] = own[positions[i]!]!;
    return new SideRows({ batch, slots, positions: composed }, count);
  }
}

class JoinedSource implements ColumnSource {
  private readonly left: SideRows;
  private readonly right: SideRows;
  private readonly leftWidth: number;

  constructor(left: SideRows, right: SideRows, leftWidth: number) {
    this.left = left;
    this.right = right;
    this.leftWidth = leftWidth;
  }

  load(column: number): Vector {
    const { leftWidth } = this;
    return column < leftWidth ? this.left.load(column) : this.right.load(column - leftWidth);
  }

  origin(column: number): ColumnOrigin | null {
    const { leftWidth } = this;
    return column < leftWidth ? this.left.origin(column) : this.right.origin(column - leftWidth);
  }

  isLasting(column: number): boolean {
    const { leftWidth } = this;
    return column < leftWidth ? this.left.isLasting(column) : this.right.isLasting(column - leftWidth);
  }

  at(positions: Int32Array, count: number): ColumnSource {
    return new JoinedSource(this.left.at(positions, count), this.right.at(positions, count), this.leftWidth);
  }
}

/** Row i joins left position i with right position i. */
export function joinedBatch(left: JoinSide, right: JoinSide, count: number): Batch {
  const leftWidth = left.slots.length;
  const source = new JoinedSource(new SideRows(left, count), new SideRows(right, count), leftWidth);
  return Batch.lazy(leftWidth + right.slots.length, count, null, source);
}

/** All -1. */
export function noPositions(count: number): Int32Array {
  return new Int32Array(count).fill(-1);
}

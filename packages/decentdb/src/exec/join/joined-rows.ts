/**
 * Rows made of a left and a right row: columns are gathered when first read.
 *
 * I1  Position -1 on a side makes that side's columns NULL.
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

class JoinedSource implements ColumnSource {
  private readonly left: JoinSide;
  private readonly right: JoinSide;
  private readonly count: number;

  constructor(left: JoinSide, right: JoinSide, count: number) {
    this.left = left;
    this.right = right;
    this.count = count;
  }

  load(column: number): Vector {
    const { left, right } = this;
    const width = left.slots.length;
    return column < width ? this.side(left, column) : this.side(right, column - width);
  }

  origin(column: number): ColumnOrigin | null {
    const { left, right } = this;
    const width = left.slots.length;
    const side = column < width ? left : right;
    if (side.batch === null || side.positions.includes(-1)) return null;
    return {
      vector: side.batch.column(column < width ? column : column - width),
      positions: side.positions,
    };
  }

  private side(side: JoinSide, column: number): Vector {
    if (side.batch === null) return nullVector(side.slots[column]!.type.physical, this.count);
    return gather(side.batch.column(column), side.positions, this.count);
  }
}

/** Row i joins left position i with right position i. */
export function joinedBatch(left: JoinSide, right: JoinSide, count: number): Batch {
  return Batch.lazy(
    left.slots.length + right.slots.length,
    count,
    null,
    new JoinedSource(left, right, count),
  );
}

/** All -1. */
export function noPositions(count: number): Int32Array {
  return new Int32Array(count).fill(-1);
}

/**
 * Accumulators: the state of one aggregate for all groups.
 *
 * I1  `add` gets the argument vectors of `count` rows at `positions` (null: 0..count-1) and their groups (null: all group 0).
 * I2  Rows arrive in input order, so order-sensitive aggregates see what PostgreSQL would show them.
 * I3  Results are exact: sums of integers and numerics never pass through a rounding addition.
 */
import type { Vector } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import type { RowCounts } from './value-counts.ts';

export interface Accumulator {
  /** Groups 0..groups-1 exist from now on; `room`: more of them are likely, up to so many. */
  resize(groups: number, room?: number): void;
  add(
    args: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
    context: ExecContext,
  ): void;
  /** Rows that `add` will get when all are known, in another order: told as they come. */
  announce?(
    args: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): void;
  /** One value for each group, in order. */
  result(groups: number, context: ExecContext): Vector;
  memoryBytes(): number;
  /** Called before any row: all rows given to `add` are counted there, after `add`. */
  countBy?(rows: RowCounts): void;
}

/** A typed array with room for `need` elements, the old contents kept; one that is too small gets as much as `room`. */
export function grownFloat64(array: Float64Array, need: number, room = 0): Float64Array {
  if (need <= array.length) return array;
  const grown = new Float64Array(Math.max(need, room, array.length * 2));
  grown.set(array);
  return grown;
}

export function grownBytes(array: Uint8Array, need: number, room = 0): Uint8Array {
  if (need <= array.length) return array;
  const grown = new Uint8Array(Math.max(need, room, array.length * 2));
  grown.set(array);
  return grown;
}

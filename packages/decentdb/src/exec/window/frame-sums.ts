/**
 * Counts and exact sums over window frames by sums of prefixes: a frame's sum is a difference of two, whatever the frame.
 *
 *     total[i] = sum of the first i rows in window order      sum of rows start .. end - 1 = total[end] - total[start]
 *
 * I1  Only for values that add up exactly in doubles: integers and numerics of one scale, every prefix below 2^53.
 * I2  Rows that FILTER leaves out, and NULLs, add nothing and are not counted; a sum over no values is NULL.
 */
import { type NullMask, Physical, type Vector } from '../../types/vector.ts';
import type { WindowCall } from '../physical.ts';
import type { Frame, FrameFinder } from './frames.ts';
import type { Partition } from './partition.ts';

/** Rows between looks at cancellation, less one. */
export const ASK_MASK = 1023;

export interface FrameSumInput {
  readonly call: WindowCall;
  /** Rows in window order, and their partitions. */
  readonly order: Int32Array;
  readonly partitions: readonly Partition[];
  /** The argument, by row; null: there is none. */
  readonly argument: Vector | null;
  /** FILTER, by row. */
  readonly filter: Vector | null;
  readonly frames: FrameFinder;
  /** Called once a partition and a batch. */
  checkCancel(): void;
}

/** The call's values at the rows' own positions; null where it cannot be done so. */
export function frameSums(input: FrameSumInput): Vector | null {
  const { call, argument, frames } = input;
  const { fn } = call;
  if (fn.kind !== 'aggregate' || frames.exclude !== 'noOthers') return null;
  const isCount = fn.vectorized === 'count' || fn.vectorized === 'countStar';
  if (!isCount && fn.vectorized !== 'sum') return null;
  const values = isCount ? null : exactValues(argument);
  if (!isCount && values === null) return null;
  const sums = prefixSums(input, values);
  if (sums === null) return null;
  const { results, nulls } = differences(input, sums.counts, isCount ? sums.counts : sums.totals);
  if (isCount) return { physical: Physical.int64, values: results, nulls: null };
  if (call.type.physical === Physical.int64) return { physical: Physical.int64, values: results, nulls };
  if (call.type.physical !== Physical.numeric) return null;
  const scale = argument!.physical === Physical.numeric ? argument!.scale : 0;
  return { physical: Physical.numeric, scaled: results, scale, values: null, nulls };
}

function exactValues(vector: Vector | null): Int32Array | Float64Array | null {
  switch (vector?.physical) {
    case Physical.int32:
      return vector.values;
    case Physical.int64:
      return vector.values instanceof Float64Array ? vector.values : null;
    case Physical.numeric:
      return vector.scaled;
    default:
      return null;
  }
}

interface Prefixes {
  readonly counts: Float64Array;
  readonly totals: Float64Array;
}

/** Null when a sum leaves what doubles hold exactly. */
function prefixSums(input: FrameSumInput, values: Int32Array | Float64Array | null): Prefixes | null {
  const { order, argument, filter } = input;
  const { length } = order;
  const counts = new Float64Array(length + 1);
  const totals = new Float64Array(values === null ? 0 : length + 1);
  const nulls = argument?.nulls ?? null;
  const passes = filter === null ? null : (filter.values as Uint8Array);
  const unknown = filter?.nulls ?? null;
  let count = 0;
  let total = 0;
  let most = 0;
  for (let i = 0; i < length; i++) {
    const row = order[i]!;
    const isOut = passes !== null && (passes[row] !== 1 || (unknown !== null && unknown[row] === 1));
    if (!isOut && (nulls === null || nulls[row] !== 1)) {
      count++;
      if (values !== null) {
        total += values[row]!;
        const size = Math.abs(total);
        if (size > most) most = size;
      }
    }
    counts[i + 1] = count;
    if (values !== null) totals[i + 1] = total;
  }
  // The difference of two may be twice as large.
  return most * 2 <= Number.MAX_SAFE_INTEGER ? { counts, totals } : null;
}

function differences(
  input: FrameSumInput,
  counts: Float64Array,
  totals: Float64Array,
): { readonly results: Float64Array; readonly nulls: NullMask } {
  const { order, partitions, frames } = input;
  const results = new Float64Array(order.length);
  let nulls: Uint8Array | null = null;
  const frame: Frame = { start: 0, end: 0 };
  for (const partition of partitions) {
    input.checkCancel();
    for (let i = partition.from; i < partition.to; i++) {
      if ((i & ASK_MASK) === 0) input.checkCancel();
      frames.find(partition, i, frame);
      const row = order[i]!;
      results[row] = totals[frame.end]! - totals[frame.start]!;
      if (counts[frame.end]! > counts[frame.start]!) continue;
      nulls ??= new Uint8Array(order.length);
      nulls[row] = 1;
    }
  }
  return { results, nulls };
}

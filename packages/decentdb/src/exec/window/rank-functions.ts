/**
 * The general-purpose window functions, by name: row_number, rank, dense_rank, percent_rank, cume_dist, ntile, lag, lead,
 * first_value, last_value, nth_value.
 */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { Datum } from '../../types/vector.ts';
import type { Frame, FrameFinder } from './frames.ts';
import { type Partition, peerEnd, peerStart } from './partition.ts';

/** What a window function sees: its partition, its arguments by row, its frame. */
export interface WindowInput {
  readonly partition: Partition;
  /** Argument k of a row. */
  arg(k: number, row: number): Datum;
  readonly argCount: number;
  readonly frames: FrameFinder;
}

/** The function's value at a row. */
export type RowFunction = (input: WindowInput, row: number) => Datum;

export function windowFunctionFor(name: string): RowFunction {
  const fn = FUNCTIONS[name];
  if (fn === undefined) throw notSupported(`window function ${name}`);
  return fn;
}

function rank({ partition }: WindowInput, row: number): number {
  return peerStart(partition, row) - partition.from + 1;
}

function ntile(input: WindowInput, row: number): Datum {
  const { partition } = input;
  // The argument of the partition's first row serves all rows, as in PostgreSQL.
  const buckets = input.arg(0, partition.from) as number | null;
  if (buckets === null) return null;
  if (buckets <= 0) throw new DecentDbError('22014', 'argument of ntile must be greater than zero');
  const rows = partition.to - partition.from;
  const small = Math.floor(rows / buckets);
  const large = rows % buckets;
  const at = row - partition.from;
  const inLarge = large * (small + 1);
  return at < inLarge ? Math.floor(at / (small + 1)) + 1 : large + Math.floor((at - inLarge) / small) + 1;
}

function shifted(input: WindowInput, row: number, sign: 1 | -1): Datum {
  const { partition, argCount } = input;
  const offset = argCount > 1 ? input.arg(1, row) : 1;
  if (offset === null) return null;
  const other = row + sign * Number(offset);
  if (other >= partition.from && other < partition.to) return input.arg(0, other);
  return argCount > 2 ? input.arg(2, row) : null;
}

const frame: Frame = { start: 0, end: 0 };

/** The n-th row of the frame (from 1; negative: from its end), or -1. */
function nthOfFrame({ partition, frames }: WindowInput, row: number, n: number): number {
  frames.find(partition, row, frame);
  const { start, end } = frame;
  if (frames.exclude === 'noOthers') {
    const at = n > 0 ? start + n - 1 : end + n;
    return at >= start && at < end ? at : -1;
  }
  let left = Math.abs(n);
  for (let i = 0; i < end - start; i++) {
    const other = n > 0 ? start + i : end - 1 - i;
    if (!frames.isExcluded(partition, row, other) && --left === 0) return other;
  }
  return -1;
}

function valueAt(input: WindowInput, row: number, n: number): Datum {
  const at = nthOfFrame(input, row, n);
  return at < 0 ? null : input.arg(0, at);
}

const FUNCTIONS: Readonly<Record<string, RowFunction>> = {
  row_number: ({ partition }, row) => row - partition.from + 1,
  rank,
  dense_rank: ({ partition }, row) => partition.groupOf(row) + 1,
  percent_rank: (input, row) => {
    const rows = input.partition.to - input.partition.from;
    return rows <= 1 ? 0 : (rank(input, row) - 1) / (rows - 1);
  },
  cume_dist: ({ partition }, row) =>
    (peerEnd(partition, row) - partition.from) / (partition.to - partition.from),
  ntile,
  lag: (input, row) => shifted(input, row, -1),
  lead: (input, row) => shifted(input, row, 1),
  first_value: (input, row) => valueAt(input, row, 1),
  last_value: (input, row) => valueAt(input, row, -1),
  nth_value: (input, row) => {
    const n = input.arg(1, row) as number | null;
    if (n === null) return null;
    if (n <= 0) throw new DecentDbError('22016', 'argument of nth_value must be greater than zero');
    return valueAt(input, row, n);
  },
};

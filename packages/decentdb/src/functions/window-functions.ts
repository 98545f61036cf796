/**
 * The general-purpose window functions (PostgreSQL manual 9.22). What they compute is in exec/window: here is what they are.
 */
import { Oid as T } from '../types/oids.ts';
import type { WindowFunction } from './function.ts';

function windowFn(
  name: string,
  args: readonly number[],
  returns: number,
  description: string,
  options: { readonly optionalArgs?: number; readonly usesFrame?: boolean } = {},
): WindowFunction {
  return {
    kind: 'window',
    name,
    args,
    optionalArgs: options.optionalArgs ?? 0,
    returns,
    usesFrame: options.usesFrame ?? false,
    description,
  };
}

export const windowFunctions: readonly WindowFunction[] = [
  windowFn('row_number', [], T.int8, 'Number of the row within its partition, from 1.'),
  windowFn('rank', [], T.int8, 'Rank with gaps: the row number of the first peer.'),
  windowFn('dense_rank', [], T.int8, 'Rank without gaps: the number of the peer group.'),
  windowFn('percent_rank', [], T.float8, 'Relative rank: (rank - 1) / (partition rows - 1).'),
  windowFn('cume_dist', [], T.float8, 'Share of partition rows that precede or are peers of the row.'),
  windowFn('ntile', [T.int4], T.int4, 'Number of the bucket, dividing the partition as evenly as possible.'),
  windowFn('lag', [T.anyelement], T.anyelement, 'Value at the row before, or NULL.'),
  windowFn('lag', [T.anyelement, T.int4], T.anyelement, 'Value so many rows before, or NULL.'),
  windowFn(
    'lag',
    [T.anycompatible, T.int4, T.anycompatible],
    T.anycompatible,
    'Value so many rows before, or a default.',
  ),
  windowFn('lead', [T.anyelement], T.anyelement, 'Value at the row after, or NULL.'),
  windowFn('lead', [T.anyelement, T.int4], T.anyelement, 'Value so many rows after, or NULL.'),
  windowFn(
    'lead',
    [T.anycompatible, T.int4, T.anycompatible],
    T.anycompatible,
    'Value so many rows after, or a default.',
  ),
  windowFn('first_value', [T.anyelement], T.anyelement, 'Value at the first row of the frame.', {
    usesFrame: true,
  }),
  windowFn('last_value', [T.anyelement], T.anyelement, 'Value at the last row of the frame.', {
    usesFrame: true,
  }),
  windowFn(
    'nth_value',
    [T.anyelement, T.int4],
    T.anyelement,
    'Value at the n-th row of the frame, or NULL.',
    {
      usesFrame: true,
    },
  ),
];

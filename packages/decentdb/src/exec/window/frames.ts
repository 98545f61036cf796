/**
 * Window frames: which rows of its partition a row sees.
 *
 * I1  A frame is the rows start..end-1 of the partition less what EXCLUDE takes out of it.
 * I2  Offsets are evaluated once per partition walk on the row at hand; NULL or negative offsets fail (22004, 22013).
 * I3  Bounds of rows that follow each other are near each other: a search looks around the last one, so that rows in a file are
 *     read where the frame is.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Datum } from '../../types/vector.ts';
import type { FrameBound, WindowFrame } from '../expr.ts';
import { type Partition, peerEnd, peerStart } from './partition.ts';

/** A limit that is no value of the key's type: beyond all of them, or such that all of them are within. */
export type Reach = 'below' | 'above' | 'all';

/** How RANGE with offsets compares keys; null when the frame has no such offset. */
export interface RangeOrder {
  /** The only ORDER BY key of a row. */
  key(row: number): Datum;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  /** key + offset or key - offset; what it reaches to where that is no number. */
  shift(key: Datum, offset: Datum, isPlus: boolean): { readonly value: Datum } | Reach;
  /** Order of a row's key against a shifted value, ascending. */
  compare(key: Datum, bound: Datum): number;
  isNegative(offset: Datum): boolean;
  /** NaN, which comes after all others and is within reach of none of them. */
  isNaN(key: Datum): boolean;
}

function compareReach(reach: Reach, isNaN: boolean): number {
  if (isNaN || reach === 'below') return 1;
  return reach === 'above' ? -1 : 0;
}

/** The first row of the partition for which `isBefore` does not hold, which holds for none behind it; looked for from `hint` on. */
function firstNotBefore(partition: Partition, hint: number, isBefore: (row: number) => boolean): number {
  const { from, to } = partition;
  let low = from;
  let high = to;
  const begin = Math.min(Math.max(hint, from), to);
  if (begin < to && isBefore(begin)) {
    low = begin + 1;
    for (let step = 1; low + step - 1 < to; step *= 2) {
      const probe = low + step - 1;
      if (!isBefore(probe)) {
        high = probe;
        break;
      }
      low = probe + 1;
    }
  } else {
    high = begin;
    for (let step = 1; high - step >= from; step *= 2) {
      const probe = high - step;
      if (isBefore(probe)) {
        low = probe + 1;
        break;
      }
      high = probe;
    }
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Frame {
  start: number;
  end: number;
}

export class FrameFinder {
  private readonly frame: WindowFrame;
  private readonly range: RangeOrder | null;
  private readonly offsetOf: (bound: FrameBound, row: number) => Datum;
  /** What a search by RANGE found last: the next one begins there (I3). */
  private lastStart = 0;
  private lastEnd = 0;

  constructor(
    frame: WindowFrame,
    range: RangeOrder | null,
    offsetOf: (bound: FrameBound, row: number) => Datum,
  ) {
    this.frame = frame;
    this.range = range;
    this.offsetOf = offsetOf;
  }

  /** Start and end for a row, EXCLUDE not applied. */
  find(partition: Partition, row: number, out: Frame): void {
    const start = this.bound(partition, row, this.frame.start, true);
    const end = this.bound(partition, row, this.frame.end, false);
    out.start = Math.min(Math.max(start, partition.from), partition.to);
    out.end = Math.max(Math.min(end, partition.to), out.start);
  }

  private bound(partition: Partition, row: number, bound: FrameBound, isStart: boolean): number {
    const { mode } = this.frame;
    switch (bound.kind) {
      case 'unboundedPreceding':
        return partition.from;
      case 'unboundedFollowing':
        return partition.to;
      case 'currentRow':
        if (mode === 'rows') return isStart ? row : row + 1;
        return isStart ? peerStart(partition, row) : peerEnd(partition, row);
      default:
        break;
    }
    const offset = this.checkedOffset(bound, row, isStart);
    if (mode === 'range') return this.rangeBound(partition, row, bound.kind === 'following', offset, isStart);
    const count = Number(offset) * (bound.kind === 'following' ? 1 : -1);
    if (mode === 'rows') return row + count + (isStart ? 0 : 1);
    const group = partition.groupOf(row) + count + (isStart ? 0 : 1);
    if (group < 0) return partition.from;
    return group > partition.groups ? partition.to : partition.groupStart(group);
  }

  private checkedOffset(bound: FrameBound, row: number, isStart: boolean): Datum {
    const offset = this.offsetOf(bound, row);
    const name = isStart ? 'starting' : 'ending';
    if (offset === null) throw new DecentDbError('22004', `frame ${name} offset must not be null`);
    if (this.frame.mode === 'range') {
      if (this.range!.isNegative(offset)) {
        throw new DecentDbError('22013', 'invalid preceding or following size in window function');
      }
    } else if ((offset as number) < 0) {
      throw new DecentDbError('22013', `frame ${name} offset must not be negative`);
    }
    return offset;
  }

  /** The first row inside (start) or behind (end) the rows within `offset` of the row's key. */
  private rangeBound(
    partition: Partition,
    row: number,
    isFollowing: boolean,
    offset: Datum,
    isStart: boolean,
  ): number {
    const range = this.range!;
    const key = range.key(row);
    // A NULL key is within reach of its peers only.
    if (key === null) return isStart ? peerStart(partition, row) : peerEnd(partition, row);
    const limit = range.shift(key, offset, isFollowing !== range.descending);
    const compare = (other: Datum): number =>
      typeof limit === 'string' ? compareReach(limit, range.isNaN(other)) : range.compare(other, limit.value);
    const sign = range.descending ? -1 : 1;
    const isBefore = (at: number): boolean => {
      const other = range.key(at);
      const order = other === null ? (range.nullsFirst ? -1 : 1) : compare(other) * sign;
      return isStart ? order < 0 : order <= 0;
    };
    const bound = firstNotBefore(partition, isStart ? this.lastStart : this.lastEnd, isBefore);
    if (isStart) this.lastStart = bound;
    else this.lastEnd = bound;
    return bound;
  }

  get exclude(): WindowFrame['exclude'] {
    return this.frame.exclude;
  }

  /** Whether EXCLUDE takes `other` out of the frame of `row`. */
  isExcluded(partition: Partition, row: number, other: number): boolean {
    switch (this.frame.exclude) {
      case 'noOthers':
        return false;
      case 'currentRow':
        return other === row;
      case 'group':
        return other >= peerStart(partition, row) && other < peerEnd(partition, row);
      default:
        return other !== row && other >= peerStart(partition, row) && other < peerEnd(partition, row);
    }
  }
}

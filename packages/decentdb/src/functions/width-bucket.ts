/**
 * width_bucket over a sorted array of bucket bounds.
 *
 * I1  A value equal to a bound belongs to the bucket that starts there.
 */
import { DecentDbError } from '../base/errors.ts';
import type { SqlArray } from '../types/array.ts';
import { Oid as T } from '../types/oids.ts';
import type { Datum } from '../types/vector.ts';
import { fn } from './define.ts';
import type { ScalarFunction } from './function.ts';

const ARGUMENTS = [T.anycompatible, T.anycompatiblearray];
const DESCRIPTION = 'Bucket of a value among sorted lower bounds; 0 below the first.';

function bucketOf(value: Datum, bounds: SqlArray, compare: (a: Datum, b: Datum) => number): number {
  if (bounds.lengths.length > 1) throw new DecentDbError('2202E', 'thresholds must be one-dimensional array');
  const { elements } = bounds;
  if (elements.includes(null)) throw new DecentDbError('22004', 'thresholds array must not contain NULLs');
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(value, elements[middle]!) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const widthBucketOfArray: ScalarFunction = fn(
  'width_bucket',
  ARGUMENTS,
  T.int4,
  () => {
    throw new TypeError('a polymorphic function was called before it was specialised');
  },
  DESCRIPTION,
  ['width_bucket(5, ARRAY[1, 4, 9])', '2'],
  {
    specialize: (types) => {
      const { compare } = types[0]!;
      const args = types.map((type) => type.oid);
      return fn(
        'width_bucket',
        args,
        T.int4,
        (_, a: Datum, b: SqlArray) => bucketOf(a, b, compare),
        DESCRIPTION,
        null,
      );
    },
  },
);

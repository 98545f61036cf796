/**
 * Array algebra: subscripts, slices, assignment, concatenation.
 *
 * I1  Subscripts outside the bounds give NULL, slices outside the empty array; assignment may extend one-dimensional arrays.
 */
import { DecentDbError } from '../base/errors.ts';
import { ARRAY_DIMENSIONS_MAX, ARRAY_ELEMENTS_MAX, arrayTooLarge, SqlArray } from '../types/array.ts';
import { tooManyDimensions } from '../types/array-text.ts';
import type { Datum } from '../types/vector.ts';

/** `array[i][j]`; NULL when the number of subscripts or any of them is wrong. */
export function arrayElement(array: SqlArray, subscripts: readonly number[]): Datum {
  if (subscripts.length !== array.dimensions) return null;
  let at = 0;
  for (let i = 0; i < subscripts.length; i++) {
    const offset = subscripts[i]! - array.lowerBounds[i]!;
    if (offset < 0 || offset >= array.lengths[i]!) return null;
    at = at * array.lengths[i]! + offset;
  }
  return array.elements[at] ?? null;
}

/** `array[l:u]...`: bounds of each dimension, null where left open. The result counts from 1. */
export function arraySlice(
  array: SqlArray,
  bounds: readonly (readonly [lower: number | null, upper: number | null])[],
): SqlArray {
  const { dimensions } = array;
  if (bounds.length > dimensions || dimensions === 0) return SqlArray.empty;
  const starts: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < dimensions; i++) {
    const first = array.lowerBounds[i]!;
    const last = first + array.lengths[i]! - 1;
    const [lower, upper] = bounds[i] ?? [null, null];
    const from = Math.max(lower ?? first, first);
    const to = Math.min(upper ?? last, last);
    if (to < from) return SqlArray.empty;
    starts.push(from - first);
    counts.push(to - from + 1);
  }
  const elements: Datum[] = [];
  const walk = (depth: number, base: number): void => {
    for (let i = 0; i < counts[depth]!; i++) {
      const at = base * array.lengths[depth]! + starts[depth]! + i;
      if (depth + 1 === dimensions) elements.push(array.elements[at] ?? null);
      else walk(depth + 1, at);
    }
  };
  walk(0, 0);
  return new SqlArray(
    elements,
    counts,
    counts.map(() => 1),
  );
}

function subscriptError(): DecentDbError {
  return new DecentDbError('2202E', 'array subscript out of range');
}

/** The array with one element replaced; a one-dimensional or empty array grows, padded with NULLs. */
export function assignElement(array: SqlArray, subscripts: readonly number[], value: Datum): SqlArray {
  if (subscripts.length > ARRAY_DIMENSIONS_MAX) throw tooManyDimensions(subscripts.length);
  if (array.dimensions === 0)
    return new SqlArray(
      [value],
      subscripts.map(() => 1),
      [...subscripts],
    );
  if (subscripts.length !== array.dimensions)
    throw new DecentDbError('2202E', 'wrong number of array subscripts');
  if (array.dimensions === 1) {
    const first = array.lowerBounds[0]!;
    const index = subscripts[0]!;
    const low = Math.min(first, index);
    const high = Math.max(first + array.lengths[0]! - 1, index);
    if (high - low + 1 > ARRAY_ELEMENTS_MAX) throw arrayTooLarge();
    const elements: Datum[] = new Array<Datum>(high - low + 1).fill(null);
    array.elements.forEach((item, i) => {
      elements[first - low + i] = item;
    });
    elements[index - low] = value;
    return new SqlArray(elements, [elements.length], [low]);
  }
  let at = 0;
  for (let i = 0; i < subscripts.length; i++) {
    const offset = subscripts[i]! - array.lowerBounds[i]!;
    if (offset < 0 || offset >= array.lengths[i]!) throw subscriptError();
    at = at * array.lengths[i]! + offset;
  }
  const elements = array.elements.slice();
  elements[at] = value;
  return new SqlArray(elements, array.lengths, array.lowerBounds);
}

/** The one-dimensional array with `array[lower:upper]` replaced from `source`. */
export function assignSlice(
  array: SqlArray,
  lower: number | null,
  upper: number | null,
  source: SqlArray,
): SqlArray {
  if (array.dimensions > 1)
    throw new DecentDbError('0A000', 'updating slices of multidimensional arrays is not supported');
  const first = array.lowerBounds[0] ?? 1;
  const from = lower ?? first;
  const to = upper ?? first + (array.lengths[0] ?? 0) - 1;
  if (to < from) throw new DecentDbError('2202E', 'upper bound cannot be less than lower bound');
  if (source.elements.length < to - from + 1) throw new DecentDbError('2202E', 'source array too small');
  let result = array;
  for (let i = from; i <= to; i++) result = assignElement(result, [i], source.elements[i - from] ?? null);
  return result;
}

/** Joins two arrays, or an array of n dimensions with one of n - 1. */
export function concatenateArrays(a: SqlArray, b: SqlArray): SqlArray {
  if (a.dimensions === 0) return b;
  if (b.dimensions === 0) return a;
  const elements = [...a.elements, ...b.elements];
  if (elements.length > ARRAY_ELEMENTS_MAX) throw arrayTooLarge();
  const isSame = (x: readonly number[], y: readonly number[]): boolean =>
    x.length === y.length && x.every((value, i) => value === y[i]);
  if (a.dimensions === b.dimensions) {
    if (
      !isSame(a.lengths.slice(1), b.lengths.slice(1)) ||
      !isSame(a.lowerBounds.slice(1), b.lowerBounds.slice(1))
    )
      throw incompatible('Arrays with differing element dimensions are not compatible for concatenation.');
    return new SqlArray(elements, [a.lengths[0]! + b.lengths[0]!, ...a.lengths.slice(1)], a.lowerBounds);
  }
  const [outer, inner] = a.dimensions > b.dimensions ? [a, b] : [b, a];
  if (outer.dimensions !== inner.dimensions + 1) {
    throw incompatible(
      `Arrays of ${a.dimensions} and ${b.dimensions} dimensions are not compatible for concatenation.`,
    );
  }
  if (
    !isSame(outer.lengths.slice(1), inner.lengths) ||
    !isSame(outer.lowerBounds.slice(1), inner.lowerBounds)
  )
    throw incompatible('Arrays with differing dimensions are not compatible for concatenation.');
  return new SqlArray(elements, [outer.lengths[0]! + 1, ...outer.lengths.slice(1)], outer.lowerBounds);
}

function incompatible(detail: string): DecentDbError {
  return new DecentDbError('2202E', 'cannot concatenate incompatible arrays', { detail });
}

export function appendElement(array: SqlArray | null, value: Datum, isFront: boolean): SqlArray {
  if (array === null || array.dimensions === 0) return SqlArray.of([value]);
  if (array.dimensions !== 1)
    throw new DecentDbError('22000', 'argument must be empty or one-dimensional array');
  const elements = isFront ? [value, ...array.elements] : [...array.elements, value];
  return new SqlArray(elements, [elements.length], array.lowerBounds);
}

/** Arrays joined with arrays and with elements. */
import { DecentDbError } from '../base/errors.ts';
import { ARRAY_ELEMENTS_MAX, arrayTooLarge, SqlArray } from '../types/array.ts';
import type { Datum } from '../types/vector.ts';

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

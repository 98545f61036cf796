/**
 * Transition functions of the statistical aggregates over double precision, as PostgreSQL lets them be called.
 *
 * I1  A state is {N, Sx, Sxx} or {N, Sx, Sxx, Sy, Syy, Sxy}: count, sums, sums of squares of deviations (Youngs and Cramer).
 */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import { Oid as T } from '../types/oids.ts';
import { aggregateSteps } from './aggregate-steps.ts';
import { fn } from './define.ts';
import type { ScalarFunction } from './function.ts';

const { float8, float8Array } = T;

function stateOf(array: SqlArray, width: number, name: string): readonly number[] {
  if (array.dimensions !== 1 || array.elements.length !== width || array.elements.includes(null))
    // PostgreSQL says XX000, which is kept for faults of the engine here.
    throw new DecentDbError('22023', `${name}: expected ${width}-element float8 array`);
  return array.elements as readonly number[];
}

function checked(result: number, ...from: readonly number[]): number {
  if (Math.abs(result) === Infinity && from.every(Number.isFinite))
    throw new DecentDbError('22003', 'value out of range: overflow');
  return Math.abs(result) === Infinity ? Number.NaN : result;
}

function accumulate(array: SqlArray, value: number): SqlArray {
  const [n, sum, squares] = stateOf(array, 3, 'float8_accum') as [number, number, number];
  const count = n + 1;
  const total = sum + value;
  if (Math.abs(total) === Infinity && Number.isFinite(sum) && Number.isFinite(value))
    throw new DecentDbError('22003', 'value out of range: overflow');
  if (n === 0) return SqlArray.of([count, total, Number.isFinite(value) ? squares : Number.NaN]);
  const gap = value * count - total;
  return SqlArray.of([count, total, checked(squares + (gap * gap) / (count * n), sum, value)]);
}

function combine(a: SqlArray, b: SqlArray): SqlArray {
  const [n, x, xx] = stateOf(a, 3, 'float8_combine') as [number, number, number];
  const [m, y, yy] = stateOf(b, 3, 'float8_combine') as [number, number, number];
  if (n === 0) return b;
  if (m === 0) return a;
  const gap = x / n - y / m;
  return SqlArray.of([n + m, x + y, checked(xx + yy + (n * m * gap * gap) / (n + m), x, y)]);
}

type Six = [number, number, number, number, number, number];

function accumulatePair(array: SqlArray, y: number, x: number): SqlArray {
  const [n, sx, sxx, sy, syy, sxy] = stateOf(array, 6, 'float8_regr_accum') as Six;
  const count = n + 1;
  const [totalX, totalY] = [sx + x, sy + y];
  if (n === 0) {
    const isFinite = Number.isFinite(x) && Number.isFinite(y);
    const squares = [Number.isFinite(x) ? sxx : Number.NaN, Number.isFinite(y) ? syy : Number.NaN];
    return SqlArray.of([count, totalX, squares[0]!, totalY, squares[1]!, isFinite ? sxy : Number.NaN]);
  }
  const gapX = x * count - totalX;
  const gapY = y * count - totalY;
  const scale = 1 / (count * n);
  const from = [sx, sy, x, y];
  return SqlArray.of([
    count,
    totalX,
    checked(sxx + gapX * gapX * scale, ...from),
    totalY,
    checked(syy + gapY * gapY * scale, ...from),
    checked(sxy + gapX * gapY * scale, ...from),
  ]);
}

function combinePairs(a: SqlArray, b: SqlArray): SqlArray {
  const [n, ax, axx, ay, ayy, axy] = stateOf(a, 6, 'float8_regr_combine') as Six;
  const [m, bx, bxx, by, byy, bxy] = stateOf(b, 6, 'float8_regr_combine') as Six;
  if (n === 0) return b;
  if (m === 0) return a;
  const gapX = ax / n - bx / m;
  const gapY = ay / n - by / m;
  const count = n + m;
  const spread = (p: number, q: number): number => (n * m * p * q) / count;
  return SqlArray.of([
    count,
    ax + bx,
    axx + bxx + spread(gapX, gapX),
    ay + by,
    ayy + byy + spread(gapY, gapY),
    axy + bxy + spread(gapX, gapY),
  ]);
}

export const momentFunctions: readonly ScalarFunction[] = [
  fn(
    'float8_accum',
    [float8Array, float8],
    float8Array,
    (_, a: SqlArray, x: number) => accumulate(a, x),
    'Adds a value to a state of variance.',
    ["float8_accum('{4,140,2900}', 100)", '{5,240,6280}'],
  ),
  fn(
    'float8_combine',
    [float8Array, float8Array],
    float8Array,
    (_, a: SqlArray, b: SqlArray) => combine(a, b),
    'Adds two states of variance.',
    null,
  ),
  fn(
    'float8_regr_accum',
    [float8Array, float8, float8],
    float8Array,
    (_, a: SqlArray, y: number, x: number) => accumulatePair(a, y, x),
    'Adds a pair to a state of regression.',
    null,
  ),
  fn(
    'float8_regr_combine',
    [float8Array, float8Array],
    float8Array,
    (_, a: SqlArray, b: SqlArray) => combinePairs(a, b),
    'Adds two states of regression.',
    null,
  ),
  ...aggregateSteps,
];

/**
 * Comparison of coordinates, and arithmetic on them, as PostgreSQL's geometric operators do it.
 *
 * I1  Coordinates closer than EPSILON are the same place.
 * I2  A sum or product of finite numbers that is infinite is 22003, a division by zero 22012.
 */
import { DecentDbError } from '../../base/errors.ts';

const EPSILON = 1e-6;

export const isZero = (a: number): boolean => Math.abs(a) <= EPSILON;
export const isSame = (a: number, b: number): boolean => a === b || Math.abs(a - b) <= EPSILON;
/** Neither is NaN, and they differ. */
export const isOther = (a: number, b: number): boolean => a !== b && Math.abs(a - b) > EPSILON;
export const isLess = (a: number, b: number): boolean => a + EPSILON < b;
export const isAtMost = (a: number, b: number): boolean => a <= b + EPSILON;
export const isMore = (a: number, b: number): boolean => a > b + EPSILON;
export const isAtLeast = (a: number, b: number): boolean => a + EPSILON >= b;

function checked(result: number, a: number, b: number): number {
  if (Math.abs(result) === Infinity && Math.abs(a) !== Infinity && Math.abs(b) !== Infinity)
    throw new DecentDbError('22003', 'value out of range: overflow');
  return result;
}

export const add = (a: number, b: number): number => checked(a + b, a, b);
export const subtract = (a: number, b: number): number => checked(a - b, a, b);

export function multiply(a: number, b: number): number {
  const product = checked(a * b, a, b);
  if (product === 0 && a !== 0 && b !== 0) throw new DecentDbError('22003', 'value out of range: underflow');
  return product;
}

export function divide(a: number, b: number): number {
  if (b === 0 && !Number.isNaN(a)) throw new DecentDbError('22012', 'division by zero');
  const quotient = a / b;
  if (Math.abs(quotient) === Infinity && Math.abs(a) !== Infinity)
    throw new DecentDbError('22003', 'value out of range: overflow');
  if (quotient === 0 && a !== 0 && Math.abs(b) !== Infinity)
    throw new DecentDbError('22003', 'value out of range: underflow');
  return quotient;
}

/** The length of (x, y), without overflow on the way. */
export function hypotenuse(x: number, y: number): number {
  const [a, b] = [Math.abs(x), Math.abs(y)];
  if (a === Infinity || b === Infinity) return Infinity;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  const [long, short] = a < b ? [b, a] : [a, b];
  if (short === 0) return long;
  const ratio = short / long;
  return checked(long * Math.sqrt(1 + ratio * ratio), long, short);
}

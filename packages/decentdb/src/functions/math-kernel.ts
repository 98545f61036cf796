/**
 * Floating-point functions with PostgreSQL's domain errors.
 */
import { DecentDbError } from '../base/errors.ts';

export function invalidForPower(message: string): DecentDbError {
  return new DecentDbError('2201F', message);
}

export function overflow(): DecentDbError {
  return new DecentDbError('22003', 'value out of range: overflow');
}

export function underflow(): DecentDbError {
  return new DecentDbError('22003', 'value out of range: underflow');
}

export function inputOutOfRange(): DecentDbError {
  return new DecentDbError('22003', 'input is out of range');
}

/** pow() with SQL's errors: 0 to a negative power, negative to a fraction. */
export function powerFloat(base: number, exponent: number): number {
  if (base === 1 || exponent === 0) return 1;
  if (Number.isNaN(base) || Number.isNaN(exponent)) return Number.NaN;
  if (base === 0 && exponent < 0) throw invalidForPower('zero raised to a negative power is undefined');
  if (base < 0 && Number.isFinite(exponent) && Math.floor(exponent) !== exponent) {
    throw invalidForPower('a negative number raised to a non-integer power yields a complex result');
  }
  if (base === -1 && !Number.isFinite(exponent)) return 1;
  const result = base ** exponent;
  if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent)) throw overflow();
  if (result === 0 && base !== 0 && Number.isFinite(base) && Number.isFinite(exponent)) throw underflow();
  return result;
}

export function squareRootFloat(value: number): number {
  if (value < 0) throw invalidForPower('cannot take square root of a negative number');
  return Math.sqrt(value);
}

export function cubeRoot(value: number): number {
  const root = Math.cbrt(value);
  const whole = Math.round(root);
  return whole * whole * whole === value ? whole : root;
}

function logError(value: number): void {
  if (value === 0) throw new DecentDbError('2201E', 'cannot take logarithm of zero');
  if (value < 0) throw new DecentDbError('2201E', 'cannot take logarithm of a negative number');
}

export function naturalLog(value: number): number {
  logError(value);
  return Math.log(value);
}

export function logTen(value: number): number {
  logError(value);
  return Math.log10(value);
}

export function exponential(value: number): number {
  const result = Math.exp(value);
  if (result === Number.POSITIVE_INFINITY && value !== Number.POSITIVE_INFINITY) throw overflow();
  if (result === 0 && value !== Number.NEGATIVE_INFINITY) throw underflow();
  return result;
}

/** Rounds half to even, as rint() does. */
export function roundHalfEven(value: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 52) return value;
  const floor = Math.floor(value);
  const gap = value - floor;
  const rounded = gap < 0.5 ? floor : gap > 0.5 ? floor + 1 : floor % 2 === 0 ? floor : floor + 1;
  return rounded === 0 && (value < 0 || Object.is(value, -0)) ? -0 : rounded;
}

/**
 * Small functions that both the registry entries and compiled expressions call: `h.name(...)` in inline templates.
 *
 * I1  Arguments are datums, never NULL. int8 arguments may be numbers or bigints.
 * I2  V8 inlines these: keep each tiny, with its rare path in another function.
 */
import { DecentDbError } from '../base/errors.ts';
import { narrow } from '../types/decimal.ts';
import { INT8_MAX, INT8_MIN, outOfRange } from '../types/integer-types.ts';
import { compareText } from '../types/text-order.ts';

export function divisionByZero(): DecentDbError {
  return new DecentDbError('22012', 'division by zero');
}

function int4Overflow(): never {
  throw outOfRange('integer');
}
function int2Overflow(): never {
  throw outOfRange('smallint');
}
function divisionError(): never {
  throw divisionByZero();
}

/** Checks the int8 range of an exact result. */
export function checkInt8(value: bigint): number | bigint {
  if (value > INT8_MAX || value < INT8_MIN) throw outOfRange('bigint');
  return narrow(value);
}

type Int8 = number | bigint;

function addInt8Slow(a: Int8, b: Int8): Int8 {
  return checkInt8(BigInt(a) + BigInt(b));
}
function subInt8Slow(a: Int8, b: Int8): Int8 {
  return checkInt8(BigInt(a) - BigInt(b));
}
function mulInt8Slow(a: Int8, b: Int8): Int8 {
  return checkInt8(BigInt(a) * BigInt(b));
}
function divInt8Slow(a: Int8, b: Int8): Int8 {
  return checkInt8(BigInt(a) / BigInt(b));
}
function modInt8Slow(a: Int8, b: Int8): Int8 {
  return narrow(BigInt(a) % BigInt(b));
}

function floatOverflow(): never {
  throw new DecentDbError('22003', 'value out of range: overflow');
}
function floatUnderflow(): never {
  throw new DecentDbError('22003', 'value out of range: underflow');
}

export const inlineHelpers = {
  addInt4(a: number, b: number): number {
    const sum = a + b;
    return sum === (sum | 0) ? sum : int4Overflow();
  },
  subInt4(a: number, b: number): number {
    const difference = a - b;
    return difference === (difference | 0) ? difference : int4Overflow();
  },
  mulInt4(a: number, b: number): number {
    const product = a * b;
    return product <= 2147483647 && product >= -2147483648 ? product | 0 : int4Overflow();
  },
  divInt4(a: number, b: number): number {
    if (b === 0) return divisionError();
    const quotient = a / b;
    return quotient === 2147483648 ? int4Overflow() : quotient | 0;
  },
  modInt4(a: number, b: number): number {
    return b === 0 ? divisionError() : (a % b) | 0;
  },
  checkInt2(value: number): number {
    return value <= 32767 && value >= -32768 ? value : int2Overflow();
  },
  negInt4(a: number): number {
    return a === -2147483648 ? int4Overflow() : -a | 0;
  },
  addInt8(a: Int8, b: Int8): Int8 {
    if (typeof a === 'number' && typeof b === 'number') {
      const sum = a + b;
      if (sum <= 9007199254740991 && sum >= -9007199254740991) return sum;
    }
    return addInt8Slow(a, b);
  },
  subInt8(a: Int8, b: Int8): Int8 {
    if (typeof a === 'number' && typeof b === 'number') {
      const difference = a - b;
      if (difference <= 9007199254740991 && difference >= -9007199254740991) return difference;
    }
    return subInt8Slow(a, b);
  },
  mulInt8(a: Int8, b: Int8): Int8 {
    if (typeof a === 'number' && typeof b === 'number') {
      const product = a * b;
      if (product <= 9007199254740991 && product >= -9007199254740991) return product + 0;
    }
    return mulInt8Slow(a, b);
  },
  divInt8(a: Int8, b: Int8): Int8 {
    if (b === 0) return divisionError();
    if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b + 0;
    return divInt8Slow(a, b);
  },
  modInt8(a: Int8, b: Int8): Int8 {
    if (b === 0) return divisionError();
    if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
    return modInt8Slow(a, b);
  },
  addFloat(a: number, b: number): number {
    const sum = a + b;
    return sum - sum === 0 || a - a !== 0 || b - b !== 0 ? sum : floatOverflow();
  },
  subFloat(a: number, b: number): number {
    const difference = a - b;
    return difference - difference === 0 || a - a !== 0 || b - b !== 0 ? difference : floatOverflow();
  },
  mulFloat(a: number, b: number): number {
    const product = a * b;
    if (product - product !== 0 && a - a === 0 && b - b === 0) return floatOverflow();
    return product === 0 && a !== 0 && b !== 0 ? floatUnderflow() : product;
  },
  divFloat(a: number, b: number): number {
    if (b === 0 && !Number.isNaN(a)) return divisionError();
    const quotient = a / b;
    if (quotient - quotient !== 0 && a - a === 0 && !Number.isNaN(b)) return floatOverflow();
    return quotient === 0 && a !== 0 && b - b === 0 ? floatUnderflow() : quotient;
  },
  /** Checks a float4 result that was computed in double precision. */
  toFloat4(value: number): number {
    const single = Math.fround(value);
    if (single - single !== 0 && value - value === 0) return floatOverflow();
    return single === 0 && value !== 0 ? floatUnderflow() : single;
  },
  eqFloat(a: number, b: number): boolean {
    return a === b || (Number.isNaN(a) && Number.isNaN(b));
  },
  ltFloat(a: number, b: number): boolean {
    return a < b || (Number.isNaN(b) && !Number.isNaN(a));
  },
  leFloat(a: number, b: number): boolean {
    return a <= b || Number.isNaN(b);
  },
  ltText(a: string, b: string): boolean {
    return compareText(a, b) < 0;
  },
  leText(a: string, b: string): boolean {
    return compareText(a, b) <= 0;
  },
};

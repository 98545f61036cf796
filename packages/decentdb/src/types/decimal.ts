/**
 * Exact decimal numbers: the datum of SQL `numeric`.
 *
 * A value is coefficient * 10^-scale. The scale is the *display* scale: 1.50 and 1.5 are equal values that print
 * differently, as in PostgreSQL.
 *
 * I1  `coefficient` is a number when it is a safe integer, else a bigint; never the number -0.
 * I2  The specials are the number coefficients NaN, Infinity and -Infinity, with scale 0.
 * I3  0 <= scale <= 16383, and at most 131072 digits stand before the decimal point (else SQLSTATE 22003).
 * I4  Values are immutable; every operation returns a new value or one of its operands.
 * I5  NaN equals NaN and sorts above everything, as in PostgreSQL.
 *
 * Must never happen here: a step through floating point that could round.
 */
import { DecentDbError } from '../base/errors.ts';

/** Largest display scale a value may have. */
export const NUMERIC_SCALE_MAX = 16383;
/** Most decimal digits before the decimal point. */
export const NUMERIC_INTEGER_DIGITS_MAX = 131072;

const POWERS: number[] = [];
for (let i = 0; i <= 22; i++) POWERS.push(Number(`1e${i}`));
const BIG_POWERS: bigint[] = [];

/** 10^n as a bigint; small powers are kept. */
export function bigPowerOfTen(n: number): bigint {
  if (n > 400) return 10n ** BigInt(n);
  let power = BIG_POWERS[n];
  if (power === undefined) {
    power = 10n ** BigInt(n);
    BIG_POWERS[n] = power;
  }
  return power;
}

const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** A bigint as a number when it is safe, so that invariant I1 holds. */
export function narrow(value: bigint): number | bigint {
  return value <= SAFE_MAX && value >= -SAFE_MAX ? Number(value) : value;
}

export function numericOverflow(): DecentDbError {
  return new DecentDbError('22003', 'value overflows numeric format');
}

function divisionByZero(): DecentDbError {
  return new DecentDbError('22012', 'division by zero');
}

/** An immutable exact number, or NaN, Infinity, -Infinity. */
export class Decimal {
  readonly coefficient: number | bigint;
  readonly scale: number;

  /** `coefficient` must obey I1; use {@link Decimal.of} for a bigint that may be small. */
  constructor(coefficient: number | bigint, scale: number) {
    this.coefficient = coefficient;
    this.scale = scale;
  }

  static readonly zero: Decimal = new Decimal(0, 0);
  static readonly one: Decimal = new Decimal(1, 0);
  static readonly nan: Decimal = new Decimal(Number.NaN, 0);
  static readonly infinity: Decimal = new Decimal(Number.POSITIVE_INFINITY, 0);
  static readonly negativeInfinity: Decimal = new Decimal(Number.NEGATIVE_INFINITY, 0);

  /** coefficient * 10^-scale from any integer coefficient; refuses values beyond the format (22003). */
  static of(coefficient: number | bigint, scale: number): Decimal {
    if (typeof coefficient === 'bigint') {
      const value = narrow(coefficient);
      if (typeof value === 'bigint') checkSize(value, scale);
      return new Decimal(value, scale);
    }
    if (Number.isSafeInteger(coefficient)) return new Decimal(coefficient === 0 ? 0 : coefficient, scale);
    return new Decimal(narrow(BigInt(coefficient)), scale);
  }

  /** An integer (an int2, int4 or int8 datum). */
  static fromInteger(value: number | bigint): Decimal {
    return new Decimal(value === 0 ? 0 : value, 0);
  }

  /** A double as PostgreSQL converts it: 15 significant digits (`digits` 6 for a float4). */
  static fromFloat(value: number, digits = 15): Decimal {
    if (!Number.isFinite(value)) {
      return Number.isNaN(value) ? Decimal.nan : value > 0 ? Decimal.infinity : Decimal.negativeInfinity;
    }
    if (Number.isInteger(value) && Math.abs(value) < 10 ** digits)
      return new Decimal(value === 0 ? 0 : value, 0);
    const parsed = Decimal.parse(value.toPrecision(digits));
    if (parsed === null) throw numericOverflow();
    return parsed.trimScale();
  }

  /**
   * PostgreSQL's text form: digits with optional sign, point, exponent and underscores, `0x`, `0o`, `0b` integers,
   * `NaN`, `Infinity`, `inf`; blanks around. Returns null when the text is not a number; throws 22003 when too large.
   */
  static parse(text: string): Decimal | null {
    const match = NUMBER.exec(text);
    if (match === null) return parseUnusual(text);
    const fraction = match[3] ?? '';
    const whole = match[2] ?? '';
    if (whole === '' && fraction === '') return null;
    let digits = whole + fraction;
    if (digits.includes('_')) {
      if (BAD_UNDERSCORES.test(text)) return null;
      digits = digits.replaceAll('_', '');
    }
    const fractionDigits = fraction.includes('_') ? fraction.replaceAll('_', '').length : fraction.length;
    const exponent = match[4] === undefined ? 0 : Number(match[4].replaceAll('_', ''));
    if (exponent !== 0 && Math.abs(exponent) > 1_000_000) throw numericOverflow();
    let scale = fractionDigits - exponent;
    if (scale < 0) {
      if (-scale > NUMERIC_INTEGER_DIGITS_MAX && !/^0*$/.test(digits)) throw numericOverflow();
      digits += '0'.repeat(Math.min(-scale, NUMERIC_INTEGER_DIGITS_MAX));
      scale = 0;
    }
    const isNegative = match[1] === '-';
    if (digits.length <= 15) {
      const value = Number(digits);
      return finishScale(value === 0 ? 0 : isNegative ? -value : value, scale);
    }
    const value = BigInt(digits);
    return finishScale(narrow(isNegative ? -value : value), scale);
  }

  get isFinite(): boolean {
    return typeof this.coefficient === 'bigint' || Number.isFinite(this.coefficient);
  }

  get isNaN(): boolean {
    return Number.isNaN(this.coefficient);
  }

  /** -1, 0 or 1; 0 for NaN. */
  get sign(): number {
    return this.coefficient > 0 ? 1 : this.coefficient < 0 ? -1 : 0;
  }

  /** The coefficient as a bigint; only for finite values. */
  get big(): bigint {
    return BigInt(this.coefficient);
  }

  toString(): string {
    const { coefficient, scale } = this;
    if (scale === 0) return String(coefficient);
    const isNegative = coefficient < 0;
    const digits = String(isNegative ? -coefficient : coefficient).padStart(scale + 1, '0');
    const point = digits.length - scale;
    return `${isNegative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  /** The nearest double. */
  toNumber(): number {
    if (typeof this.coefficient === 'number' && this.scale <= 22)
      return this.coefficient / POWERS[this.scale]!;
    return Number(this.toString());
  }

  negate(): Decimal {
    return this.coefficient === 0 ? this : new Decimal(-this.coefficient, this.scale);
  }

  abs(): Decimal {
    return this.coefficient < 0 ? this.negate() : this;
  }

  add(other: Decimal): Decimal {
    const a = this.coefficient;
    const b = other.coefficient;
    if (typeof a === 'number' && typeof b === 'number') {
      if (this.scale === other.scale) {
        const sum = a + b;
        if (Number.isSafeInteger(sum)) return new Decimal(sum, this.scale);
      } else if (this.scale < other.scale && other.scale - this.scale <= 15) {
        const sum = a * POWERS[other.scale - this.scale]! + b;
        if (Number.isSafeInteger(sum) && Number.isSafeInteger(sum - b)) return new Decimal(sum, other.scale);
      } else if (this.scale - other.scale <= 15) {
        const sum = a + b * POWERS[this.scale - other.scale]!;
        if (Number.isSafeInteger(sum) && Number.isSafeInteger(sum - a)) return new Decimal(sum, this.scale);
      }
      if (!Number.isFinite(a) || !Number.isFinite(b)) return special(a + b);
    } else if (!this.isFinite || !other.isFinite) return special(Number(a) + Number(b));
    const scale = Math.max(this.scale, other.scale);
    return Decimal.of(this.scaledTo(scale) + other.scaledTo(scale), scale);
  }

  subtract(other: Decimal): Decimal {
    return this.add(other.negate());
  }

  multiply(other: Decimal): Decimal {
    const a = this.coefficient;
    const b = other.coefficient;
    const scale = this.scale + other.scale;
    if (typeof a === 'number' && typeof b === 'number') {
      const product = a * b;
      if (Number.isSafeInteger(product) && scale <= NUMERIC_SCALE_MAX) {
        return new Decimal(product === 0 ? 0 : product, scale);
      }
      if (!Number.isFinite(a) || !Number.isFinite(b)) return special(product);
    } else if (!this.isFinite || !other.isFinite) {
      return special(
        this.sign * other.sign * Number.POSITIVE_INFINITY + (this.isNaN || other.isNaN ? Number.NaN : 0),
      );
    }
    const product = BigInt(a) * BigInt(b);
    if (scale > NUMERIC_SCALE_MAX) {
      return Decimal.of(divideRounded(product, bigPowerOfTen(scale - NUMERIC_SCALE_MAX)), NUMERIC_SCALE_MAX);
    }
    return Decimal.of(product, scale);
  }

  /** The quotient rounded half away from zero to `scale` digits; finite operands only. Throws 22012. */
  divideToScale(other: Decimal, scale: number): Decimal {
    if (other.coefficient === 0) throw divisionByZero();
    let numerator = this.big;
    let denominator = other.big;
    const shift = scale + other.scale - this.scale;
    if (shift >= 0) numerator *= bigPowerOfTen(shift);
    else denominator *= bigPowerOfTen(-shift);
    return Decimal.of(divideRounded(numerator, denominator), scale);
  }

  /** Division with PostgreSQL's result scale: at least 16 significant digits and the operands' scales. */
  divide(other: Decimal): Decimal {
    if (!this.isFinite || !other.isFinite) return divideSpecial(this, other);
    if (other.coefficient === 0) throw divisionByZero();
    return this.divideToScale(other, divisionScale(this, other));
  }

  /** Integer quotient, truncated toward zero (`div(a, b)`). */
  divideTruncated(other: Decimal): Decimal {
    if (!this.isFinite || !other.isFinite) {
      const quotient = divideSpecial(this, other);
      return quotient.isFinite ? Decimal.zero : quotient;
    }
    if (other.coefficient === 0) throw divisionByZero();
    const scale = Math.max(this.scale, other.scale);
    return Decimal.of(this.scaledTo(scale) / other.scaledTo(scale), 0);
  }

  /** Remainder with the sign of the dividend. */
  remainder(other: Decimal): Decimal {
    if (!this.isFinite || !other.isFinite) {
      if (this.isNaN || other.isNaN) return Decimal.nan;
      if (other.coefficient === 0) throw divisionByZero();
      return this.isFinite ? this : Decimal.nan;
    }
    if (other.coefficient === 0) throw divisionByZero();
    const a = this.coefficient;
    const b = other.coefficient;
    if (this.scale === other.scale && typeof a === 'number' && typeof b === 'number') {
      const rest = a % b;
      return new Decimal(rest === 0 ? 0 : rest, this.scale);
    }
    const scale = Math.max(this.scale, other.scale);
    return Decimal.of(this.scaledTo(scale) % other.scaledTo(scale), scale);
  }

  /** Rounded half away from zero; a negative `scale` rounds left of the point (and displays with scale 0). */
  round(scale: number): Decimal {
    return this.rescale(scale, true);
  }

  /** Cut toward zero; a negative `scale` cuts left of the point. */
  truncate(scale: number): Decimal {
    return this.rescale(scale, false);
  }

  floor(): Decimal {
    const cut = this.truncate(0);
    return cut.compare(this) > 0 ? cut.subtract(Decimal.one) : cut;
  }

  ceiling(): Decimal {
    const cut = this.truncate(0);
    return cut.compare(this) < 0 ? cut.add(Decimal.one) : cut;
  }

  /** The same value with the smallest scale that shows it exactly. */
  trimScale(): Decimal {
    if (this.scale === 0) return this;
    if (this.coefficient === 0) return Decimal.zero;
    const scale = this.scale - trailingZeros(this.coefficient, this.scale);
    return scale === this.scale ? this : this.truncate(scale);
  }

  /** -1, 0, 1 in PostgreSQL's order: -Infinity < finite < Infinity < NaN. */
  compare(other: Decimal): number {
    const a = this.coefficient;
    const b = other.coefficient;
    if (this.scale === other.scale || !this.isFinite || !other.isFinite) {
      if (a < b) return -1;
      if (a > b) return 1;
      if (a === b) return 0;
      return this.isNaN ? (other.isNaN ? 0 : 1) : -1;
    }
    return compareScaled(this, other);
  }

  equals(other: Decimal): boolean {
    if (this.scale === other.scale && this.coefficient === other.coefficient) return true;
    return this.compare(other) === 0;
  }

  /** A 32-bit hash that is the same for equal values of different scales. */
  hash(): number {
    const { coefficient, scale } = this.scale === 0 ? this : this.trimScale();
    if (typeof coefficient === 'number') return hashDouble(coefficient) ^ Math.imul(scale, 0x9e3779b1);
    return (
      hashDouble(Number(BigInt.asIntN(53, coefficient ^ (coefficient >> 53n)))) ^ Math.imul(scale, 0x9e3779b1)
    );
  }

  /** The coefficient at a larger scale, as a bigint. */
  scaledTo(scale: number): bigint {
    return scale === this.scale
      ? BigInt(this.coefficient)
      : BigInt(this.coefficient) * bigPowerOfTen(scale - this.scale);
  }

  private rescale(scale: number, isRounding: boolean): Decimal {
    if (!this.isFinite) return this;
    const target = Math.min(Math.max(scale, -NUMERIC_INTEGER_DIGITS_MAX), NUMERIC_SCALE_MAX);
    const shift = target - this.scale;
    const { coefficient } = this;
    if (shift === 0) return this;
    if (shift > 0) {
      if (typeof coefficient === 'number' && shift <= 15) {
        const grown = coefficient * POWERS[shift]!;
        if (Number.isSafeInteger(grown)) return new Decimal(grown, target);
      }
      return Decimal.of(BigInt(coefficient) * bigPowerOfTen(shift), target);
    }
    if (typeof coefficient === 'number') {
      if (-shift > 16) return new Decimal(0, Math.max(target, 0));
      const power = POWERS[-shift]!;
      const rest = coefficient % power;
      let quotient = (coefficient - rest) / power;
      if (isRounding && Math.abs(rest) * 2 >= power) quotient += rest < 0 ? -1 : 1;
      if (quotient === 0) quotient = 0;
      if (target >= 0) return new Decimal(quotient, target);
      return Decimal.of(BigInt(quotient) * bigPowerOfTen(-target), 0);
    }
    const power = bigPowerOfTen(-shift);
    const quotient = isRounding ? divideRounded(coefficient, power) : coefficient / power;
    return target >= 0 ? Decimal.of(quotient, target) : Decimal.of(quotient * bigPowerOfTen(-target), 0);
  }
}

const NUMBER = /^[ \t-\r]*([+-])?(\d[\d_]*)?(?:\.(\d[\d_]*)?)?(?:[eE]([+-]?\d[\d_]*))?[ \t-\r]*$/;
const BAD_UNDERSCORES = /__|_(?!\d)|(?<!\d)_/;
const RADIX = /^[ \t-\r]*([+-])?0(?:[xX]((?:_?[0-9a-fA-F])+)|[oO]((?:_?[0-7])+)|[bB]((?:_?[01])+))[ \t-\r]*$/;
const SPECIALS = /^[ \t-\r]*(?:(nan)|([+-])?inf(?:inity)?)[ \t-\r]*$/i;

function parseUnusual(text: string): Decimal | null {
  const named = SPECIALS.exec(text);
  if (named !== null) {
    if (named[1] !== undefined) return Decimal.nan;
    return named[2] === '-' ? Decimal.negativeInfinity : Decimal.infinity;
  }
  const radix = RADIX.exec(text);
  if (radix === null) return null;
  const prefix = radix[2] !== undefined ? '0x' : radix[3] !== undefined ? '0o' : '0b';
  const value = BigInt(prefix + (radix[2] ?? radix[3] ?? radix[4] ?? '').replaceAll('_', ''));
  return Decimal.of(radix[1] === '-' ? -value : value, 0);
}

function finishScale(coefficient: number | bigint, scale: number): Decimal {
  if (scale > NUMERIC_SCALE_MAX) {
    const cut = new Decimal(coefficient, scale);
    return cut.round(NUMERIC_SCALE_MAX);
  }
  if (typeof coefficient === 'bigint') checkSize(coefficient, scale);
  return new Decimal(coefficient, scale);
}

/** I3. A cheap bit-length test first: counting digits of a bigint is not free. */
function checkSize(coefficient: bigint, scale: number): void {
  const hexLength = (coefficient < 0n ? -coefficient : coefficient).toString(16).length;
  if (hexLength * 1.2042 - scale <= NUMERIC_INTEGER_DIGITS_MAX) return;
  const magnitude = coefficient < 0n ? -coefficient : coefficient;
  if (magnitude >= bigPowerOfTen(NUMERIC_INTEGER_DIGITS_MAX + scale)) throw numericOverflow();
}

function special(value: number): Decimal {
  return new Decimal(value, 0);
}

function divideSpecial(a: Decimal, b: Decimal): Decimal {
  if (a.isNaN || b.isNaN) return Decimal.nan;
  if (!a.isFinite) {
    if (b.coefficient === 0) throw divisionByZero();
    if (!b.isFinite) return Decimal.nan;
    return a.sign * b.sign > 0 ? Decimal.infinity : Decimal.negativeInfinity;
  }
  return Decimal.zero;
}

/** Integer division rounded half away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const rest = numerator - quotient * denominator;
  const twice = rest < 0n ? -rest * 2n : rest * 2n;
  if (twice < (denominator < 0n ? -denominator : denominator)) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
}

/** Position of the first decimal digit: 3 for 1234, -1 for 0.1; 0 for zero. */
export function decimalExponent(value: Decimal): number {
  if (value.coefficient === 0) return 0;
  const { coefficient } = value;
  const length = String(coefficient).length - (coefficient < 0 ? 1 : 0);
  return length - 1 - value.scale;
}

/** Weight and value of the first base-10000 digit: PostgreSQL's scale rules are written in terms of these. */
export function leadingGroup(value: Decimal): { weight: number; group: number } {
  if (value.coefficient === 0) return { weight: 0, group: 0 };
  const text = String(value.coefficient < 0 ? -value.coefficient : value.coefficient);
  const exponent = text.length - 1 - value.scale;
  const weight = Math.floor(exponent / 4);
  const digits = exponent - weight * 4 + 1;
  return { weight, group: Number(text.slice(0, digits).padEnd(digits, '0')) };
}

function divisionScale(a: Decimal, b: Decimal): number {
  const left = leadingGroup(a);
  const right = leadingGroup(b);
  const weight = left.weight - right.weight - (left.group <= right.group ? 1 : 0);
  return Math.min(Math.max(16 - weight * 4, a.scale, b.scale, 0), 1000);
}

function trailingZeros(coefficient: number | bigint, limit: number): number {
  const text = String(coefficient);
  let end = text.length;
  while (end > 0 && text.length - end < limit && text.charCodeAt(end - 1) === 48) end--;
  return text.length - end;
}

function compareScaled(a: Decimal, b: Decimal): number {
  const x = a.coefficient;
  const y = b.coefficient;
  if (typeof x === 'number' && typeof y === 'number') {
    const gap = a.scale - b.scale;
    if (gap > 0 ? gap <= 15 : gap >= -15) {
      const left = gap < 0 ? x * POWERS[-gap]! : x;
      const right = gap > 0 ? y * POWERS[gap]! : y;
      if (Number.isSafeInteger(left) && Number.isSafeInteger(right))
        return left < right ? -1 : left > right ? 1 : 0;
    }
  }
  const scale = Math.max(a.scale, b.scale);
  const left = a.scaledTo(scale);
  const right = b.scaledTo(scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

const DOUBLE = new Float64Array(1);
const WORDS = new Int32Array(DOUBLE.buffer);

/** Hash of a double; -0 hashes as 0 and every NaN alike. Integers of every SQL type share it. */
export function hashDouble(value: number): number {
  DOUBLE[0] = value === 0 ? 0 : value;
  let h = Math.imul(WORDS[0]! ^ Math.imul(WORDS[1]!, 0x85ebca6b), 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

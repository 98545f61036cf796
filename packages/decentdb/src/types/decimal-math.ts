/**
 * Roots, exponentials, logarithms and powers of exact decimals, with PostgreSQL's result scales.
 *
 * Everything is fixed-point arithmetic on bigints with guard digits; the last digit is rounded half away from zero.
 *
 * I1  Result scales follow numeric.c: at least 16 significant digits, at least the input's scale, at most 1000.
 */
import { DecentDbError } from '../base/errors.ts';
import {
  bigPowerOfTen,
  Decimal,
  decimalExponent,
  divideRounded,
  leadingGroup,
  numericOverflow,
} from './decimal.ts';

const SIGNIFICANT_MIN = 16;
const DISPLAY_SCALE_MAX = 1000;
const RESULT_SCALE_MAX = 2000;
const LOG10_E = 0.434294481903252;
const GUARD = 12;

function clampScale(scale: number, ...floors: number[]): number {
  return Math.min(Math.max(scale, 0, ...floors), DISPLAY_SCALE_MAX);
}

/** Integer square root, rounded down. */
export function integerSquareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let x =
    BigInt(Math.floor(Math.sqrt(Number(value.toString(16).length > 250 ? 0n : value)))) ||
    1n << BigInt(value.toString(2).length >> 1);
  for (;;) {
    const next = (x + value / x) >> 1n;
    const gap = next - x;
    if (gap === 0n || gap === 1n || gap === -1n) {
      let root = next < x ? next : x;
      while (root * root > value) root--;
      while ((root + 1n) * (root + 1n) <= value) root++;
      return root;
    }
    x = next;
  }
}

/** `digits`: decimal places of the root, where they are not those of sqrt(numeric). */
export function squareRootDecimal(value: Decimal, digits = -1): Decimal {
  if (!value.isFinite) {
    if (value.sign < 0) throw new DecentDbError('2201F', 'cannot take square root of a negative number');
    return value;
  }
  if (value.sign < 0) throw new DecentDbError('2201F', 'cannot take square root of a negative number');
  const { weight } = leadingGroup(value);
  const integerDigits = weight * 2 + 1;
  const scale = digits >= 0 ? digits : clampScale(SIGNIFICANT_MIN - integerDigits, value.scale);
  // One digit more than shown: truncated there, it still decides the rounding.
  const root = integerSquareRoot(
    value.scaledTo(Math.max(value.scale, scale * 2 + 2)) /
      bigPowerOfTen(Math.max(0, value.scale - scale * 2 - 2)),
  );
  return Decimal.of(divideRounded(root, 10n), scale);
}

/** e^x for x in fixed point with `digits` fraction digits. */
function exponentialFixed(x: bigint, digits: number): bigint {
  const halvings = BigInt(Math.max(0, x.toString(2).length - bigPowerOfTen(digits).toString(2).length) + 8);
  const extra = digits + Number(halvings) + 4;
  const one = bigPowerOfTen(extra);
  const small = (x * bigPowerOfTen(extra - digits)) >> halvings;
  let sum = one;
  let term = one;
  for (let n = 1n; term !== 0n; n++) {
    term = (term * small) / one / n;
    sum += term;
  }
  for (let i = 0n; i < halvings; i++) sum = (sum * sum) / one;
  return sum / bigPowerOfTen(extra - digits);
}

/** ln(x) for x > 0 in fixed point with `digits` fraction digits: reduced by square roots, then 2 artanh((x-1)/(x+1)). */
function logFixed(x: bigint, digits: number): bigint {
  const extra = digits + 10;
  const one = bigPowerOfTen(extra);
  let value = x * bigPowerOfTen(10);
  let doublings = 0n;
  // Powers of ten first: square roots of huge numbers converge slowly.
  const tens = value.toString().length - 1 - extra;
  if (Math.abs(tens) > 2) value = tens > 0 ? value / bigPowerOfTen(tens) : value * bigPowerOfTen(-tens);
  while (value > (one * 11n) / 10n || value < (one * 9n) / 10n) {
    value = integerSquareRoot(value * one);
    doublings++;
  }
  const ratio = ((value - one) * one) / (value + one);
  const square = (ratio * ratio) / one;
  let sum = 0n;
  let power = ratio;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = (power * square) / one;
  }
  let result = (sum * 2n) << doublings;
  if (Math.abs(tens) > 2) result += BigInt(tens) * logOfTen(extra);
  return result / bigPowerOfTen(10);
}

let logOfTenKnown: { digits: number; value: bigint } = { digits: 0, value: 0n };

function logOfTen(digits: number): bigint {
  if (logOfTenKnown.digits < digits) {
    logOfTenKnown = {
      digits,
      value: logFixed(10n * bigPowerOfTen(digits + 5), digits + 5) / bigPowerOfTen(5),
    };
  }
  return logOfTenKnown.value / bigPowerOfTen(logOfTenKnown.digits - digits);
}

/** Fixed point with `digits` fraction digits, truncated. */
function toFixedPoint(value: Decimal, digits: number): bigint {
  return value.scale <= digits ? value.scaledTo(digits) : value.big / bigPowerOfTen(value.scale - digits);
}

/** Natural logarithm of a positive finite value at a scale of the caller's. */
function logToScale(value: Decimal, scale: number): Decimal {
  const exponent = decimalExponent(value);
  const digits = Math.max(scale, 0) + GUARD + (exponent < 0 ? -exponent : 0);
  const fixed = logFixed(toFixedPoint(value, Math.max(digits, value.scale)), Math.max(digits, value.scale));
  return Decimal.of(divideRounded(fixed, bigPowerOfTen(Math.max(digits, value.scale) - scale)), scale);
}

/** Decimal weight of ln(value), estimated as PostgreSQL does. */
function estimateLogWeight(value: Decimal): number {
  if (value.compare(Decimal.parse('0.9')!) >= 0 && value.compare(Decimal.parse('1.1')!) <= 0) {
    const gap = value.subtract(Decimal.one);
    if (gap.coefficient === 0) return 0;
    const { weight, group } = leadingGroup(gap);
    return weight * 4 + Math.trunc(Math.log10(group));
  }
  const { weight } = leadingGroup(value);
  const digits = String(value.coefficient);
  const exponent = decimalExponent(value);
  const firstDigits = exponent - weight * 4 + 1;
  const hasSecond = digits.replace(/0+$/, '').length > firstDigits;
  const used = Number(
    digits.slice(0, firstDigits + (hasSecond ? 4 : 0)).padEnd(firstDigits + (hasSecond ? 4 : 0), '0'),
  );
  const logarithm = Math.log(used) + (weight * 4 - (hasSecond ? 4 : 0)) * 2.302585092994046;
  return Math.trunc(Math.log10(Math.abs(logarithm)));
}

function logDomain(value: Decimal): void {
  if (value.isNaN) return;
  if (value.sign < 0) throw new DecentDbError('2201E', 'cannot take logarithm of a negative number');
  if (value.sign === 0) throw new DecentDbError('2201E', 'cannot take logarithm of zero');
}

export function naturalLogDecimal(value: Decimal): Decimal {
  logDomain(value);
  if (!value.isFinite) return value;
  return logToScale(value, clampScale(SIGNIFICANT_MIN - estimateLogWeight(value), value.scale));
}

/** Logarithm of `value` to `base`. */
export function logDecimal(base: Decimal, value: Decimal): Decimal {
  if (base.isNaN || value.isNaN) return Decimal.nan;
  logDomain(base);
  logDomain(value);
  if (base.compare(Decimal.one) === 0) throw new DecentDbError('22012', 'division by zero');
  if (!base.isFinite || !value.isFinite) {
    if (!base.isFinite && !value.isFinite) return Decimal.nan;
    return base.isFinite ? Decimal.infinity : Decimal.zero;
  }
  const weight = estimateLogWeight(value) - estimateLogWeight(base);
  const scale = clampScale(SIGNIFICANT_MIN - weight, base.scale, value.scale);
  const inner =
    scale + Math.abs(weight) + Math.abs(estimateLogWeight(base)) + Math.abs(estimateLogWeight(value)) + 8;
  return logToScale(value, inner).divideToScale(logToScale(base, inner), scale);
}

/** e^value at a scale of the caller's. */
function exponentialToScale(value: Decimal, scale: number): Decimal {
  const approximate = value.toNumber();
  if (Math.abs(approximate) >= RESULT_SCALE_MAX * 3) {
    if (approximate > 0) throw numericOverflow();
    return new Decimal(0, scale);
  }
  const integerDigits = Math.max(0, Math.ceil(approximate * LOG10_E));
  const digits = scale + GUARD + integerDigits;
  const isNegative = value.sign < 0;
  let fixed = exponentialFixed(toFixedPoint(value.abs(), digits), digits);
  if (isNegative) {
    const wide = digits + Math.ceil(-approximate * LOG10_E) + 2;
    fixed = exponentialFixed(toFixedPoint(value.abs(), wide), wide);
    return Decimal.of(divideRounded(bigPowerOfTen(wide + scale), fixed), scale);
  }
  return Decimal.of(divideRounded(fixed, bigPowerOfTen(digits - scale)), scale);
}

export function exponentialDecimal(value: Decimal): Decimal {
  if (!value.isFinite) return value.sign < 0 ? Decimal.zero : value;
  const weight = Math.min(Math.max(value.toNumber() * LOG10_E, -RESULT_SCALE_MAX), RESULT_SCALE_MAX);
  return exponentialToScale(value, clampScale(SIGNIFICANT_MIN - Math.trunc(weight), value.scale));
}

/** `base` to the power `exponent`. Errors 2201F and 22003 as PostgreSQL's. */
export function powerDecimal(base: Decimal, exponent: Decimal): Decimal {
  if (!base.isFinite || !exponent.isFinite) return powerSpecial(base, exponent);
  if (base.sign === 0 && exponent.sign < 0)
    throw new DecentDbError('2201F', 'zero raised to a negative power is undefined');
  const whole = exponent.truncate(0);
  const isWhole = whole.compare(exponent) === 0;
  if (base.sign < 0 && !isWhole) {
    throw new DecentDbError(
      '2201F',
      'a negative number raised to a non-integer power yields a complex result',
    );
  }
  if (isWhole && Math.abs(whole.toNumber()) <= 2147483647)
    return powerInteger(base, whole.toNumber(), exponent.scale);
  if (base.sign === 0) return new Decimal(0, SIGNIFICANT_MIN);
  return powerGeneral(base, exponent, isWhole);
}

function powerGeneral(base: Decimal, exponent: Decimal, isWhole: boolean): Decimal {
  const isNegative = base.sign < 0 && isWhole && exponent.truncate(0).big % 2n !== 0n;
  const positive = base.abs();
  const logWeight = estimateLogWeight(positive);
  const rough = logToScale(positive, Math.max(8 - logWeight, 0))
    .multiply(exponent)
    .toNumber();
  if (Math.abs(rough) > RESULT_SCALE_MAX * 3.01) {
    if (rough > 0) throw numericOverflow();
    return new Decimal(0, DISPLAY_SCALE_MAX);
  }
  const weight = Math.trunc(rough * LOG10_E);
  const scale = clampScale(SIGNIFICANT_MIN - weight, base.scale, exponent.scale);
  const inner = Math.max(scale + weight - logWeight + 16, 16) + Math.max(0, decimalExponent(exponent));
  const result = exponentialToScale(logToScale(positive, inner).multiply(exponent).round(inner), scale);
  return isNegative ? result.negate() : result;
}

function powerInteger(base: Decimal, exponent: number, exponentScale: number): Decimal {
  const digits = String(base.abs().coefficient).slice(0, 16);
  const logarithm =
    base.sign === 0 ? 0 : Math.log10(Number(digits)) + decimalExponent(base) - digits.length + 1;
  const weight = exponent * logarithm;
  if (weight > 131072) throw numericOverflow();
  if (weight + 1 < -DISPLAY_SCALE_MAX) return new Decimal(0, DISPLAY_SCALE_MAX);
  const scale = clampScale(SIGNIFICANT_MIN - Math.trunc(weight), base.scale, exponentScale);
  if (exponent === 0) return Decimal.one.round(scale);
  if (base.sign === 0) return new Decimal(0, scale);
  const magnitude = Math.abs(exponent);
  // Work with just the digits that can matter, plus a margin for the errors of repeated multiplication.
  const keep =
    Math.max(scale + Math.max(Math.trunc(weight), 0), SIGNIFICANT_MIN) + 20 + String(magnitude).length;
  const power = powerKept(base, magnitude, keep);
  return exponent > 0 ? power.round(scale) : divideKept(power, scale);
}

/** base^n with at most about `keep` significant digits kept at each step. */
function powerKept(
  base: Decimal,
  n: number,
  keep: number,
): { round(scale: number): Decimal; coefficient: bigint; scale: number } {
  let result = { coefficient: 1n, scale: 0 };
  let factor = { coefficient: base.big, scale: base.scale };
  const trim = (value: { coefficient: bigint; scale: number }): { coefficient: bigint; scale: number } => {
    const excess = value.coefficient.toString().length - keep - 8;
    if (excess <= 0) return value;
    return {
      coefficient: divideRounded(value.coefficient, bigPowerOfTen(excess)),
      scale: value.scale - excess,
    };
  };
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      result = trim({
        coefficient: result.coefficient * factor.coefficient,
        scale: result.scale + factor.scale,
      });
    }
    if (left > 1)
      factor = trim({ coefficient: factor.coefficient * factor.coefficient, scale: factor.scale * 2 });
  }
  const { coefficient, scale } = result;
  return {
    coefficient,
    scale,
    round: (target) =>
      scale <= target
        ? Decimal.of(coefficient * bigPowerOfTen(target - scale), target)
        : Decimal.of(divideRounded(coefficient, bigPowerOfTen(scale - target)), target),
  };
}

/** 1 / (coefficient * 10^-scale), rounded to `target` digits. */
function divideKept(value: { coefficient: bigint; scale: number }, target: number): Decimal {
  const shift = target + value.scale;
  if (shift < 0) return new Decimal(0, target);
  return Decimal.of(divideRounded(bigPowerOfTen(shift), value.coefficient), target);
}

function powerSpecial(base: Decimal, exponent: Decimal): Decimal {
  const isOne = base.isFinite && base.compare(Decimal.one) === 0;
  if (isOne || (exponent.isFinite && exponent.coefficient === 0)) return Decimal.one;
  if (base.isNaN || exponent.isNaN) return Decimal.nan;
  const isWhole = exponent.isFinite && exponent.truncate(0).compare(exponent) === 0;
  if (base.coefficient === 0 && exponent.sign < 0)
    throw new DecentDbError('2201F', 'zero raised to a negative power is undefined');
  if (!exponent.isFinite) {
    const size = base.abs().compare(Decimal.one);
    if (size === 0) return Decimal.one;
    return size > 0 === exponent.sign > 0 ? Decimal.infinity : Decimal.zero;
  }
  if (base.sign < 0 && !isWhole) {
    throw new DecentDbError(
      '2201F',
      'a negative number raised to a non-integer power yields a complex result',
    );
  }
  if (exponent.sign < 0) return Decimal.zero;
  if (base.sign > 0) return Decimal.infinity;
  return exponent.truncate(0).big % 2n === 0n ? Decimal.infinity : Decimal.negativeInfinity;
}

/**
 * Trigonometric, hyperbolic and error functions on double precision.
 */
import { Oid as T } from '../types/oids.ts';
import { fn } from './define.ts';
import type { ScalarFunction } from './function.ts';
import { inputOutOfRange, overflow, underflow } from './math-kernel.ts';

const { float8 } = T;
const DEGREE = Math.PI / 180;

function one(
  name: string,
  compute: (value: number) => number,
  description: string,
  example: readonly [string, string],
): ScalarFunction {
  return fn(name, [float8], float8, (_, a: number) => compute(a), description, example);
}

/** Trigonometric functions have no value at infinity. */
function finite(compute: (value: number) => number): (value: number) => number {
  return (value) => {
    if (!Number.isFinite(value) && !Number.isNaN(value)) throw inputOutOfRange();
    return compute(value);
  };
}

function within(low: number, high: number, compute: (value: number) => number): (value: number) => number {
  return (value) => {
    if (value < low || value > high) throw inputOutOfRange();
    return compute(value);
  };
}

/** Sine of an angle in degrees, exact at multiples of 30. */
function sineDegrees(degrees: number): number {
  let angle = degrees % 360;
  let sign = 1;
  if (angle < 0) {
    angle = -angle;
    sign = -1;
  }
  if (angle > 180) {
    angle = 360 - angle;
    sign = -sign;
  }
  if (angle > 90) angle = 180 - angle;
  if (angle === 0) return degrees === 0 ? degrees : 0;
  if (angle === 30) return sign * 0.5;
  if (angle === 90) return sign;
  return (
    sign * (angle <= 30 ? (Math.sin(angle * DEGREE) / Math.sin(30 * DEGREE)) * 0.5 : cosineSmall(90 - angle))
  );
}

/** Cosine of 0..60 degrees, scaled so that 60 gives exactly one half. */
function cosineSmall(angle: number): number {
  if (angle === 0) return 1;
  return 1 - ((1 - Math.cos(angle * DEGREE)) / (1 - Math.cos(60 * DEGREE))) * 0.5;
}

function cosineDegrees(degrees: number): number {
  let angle = Math.abs(degrees % 360);
  let sign = 1;
  if (angle > 180) angle = 360 - angle;
  if (angle > 90) {
    angle = 180 - angle;
    sign = -1;
  }
  if (angle === 90) return 0;
  return (
    sign *
    (angle <= 60 ? cosineSmall(angle) : (Math.sin((90 - angle) * DEGREE) / Math.sin(30 * DEGREE)) * 0.5)
  );
}

function tangentDegrees(degrees: number): number {
  const cosine = cosineDegrees(degrees);
  const sine = sineDegrees(degrees);
  if (cosine === 0) return sine > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const at45 = sineDegrees(45) / cosineDegrees(45);
  return sine / cosine / at45 + 0;
}

/** Inverse sine of 0..1 in degrees, exact at one half and one. */
function arcSine(value: number): number {
  if (value <= 0.5) return (Math.asin(value) / Math.asin(0.5)) * 30;
  return 90 - (Math.acos(value) / Math.acos(0.5)) * 60;
}

function arcCosine(value: number): number {
  if (value <= 0.5) return 90 - (Math.asin(value) / Math.asin(0.5)) * 30;
  return (Math.acos(value) / Math.acos(0.5)) * 60;
}

function toRadians(degrees: number): number {
  const radians = degrees * DEGREE;
  if (radians === 0 && degrees !== 0) throw underflow();
  return radians;
}

function toDegrees(radians: number): number {
  const degrees = radians / DEGREE;
  if (!Number.isFinite(degrees) && Number.isFinite(radians)) throw overflow();
  return degrees;
}

/** Error function to double precision: a series near zero, a continued fraction beyond. */
function errorFunction(value: number): number {
  const x = Math.abs(value);
  if (Number.isNaN(value)) return value;
  if (x > 6) return Math.sign(value);
  if (x > 2.5) return Math.sign(value) * (1 - complementTail(x));
  let sum = x;
  let term = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    const next = term / (2 * n + 1);
    sum += next;
    if (Math.abs(next) < 1e-18 * Math.abs(sum)) break;
  }
  return Math.sign(value) * (2 / Math.sqrt(Math.PI)) * sum;
}

function complementTail(x: number): number {
  let fraction = 0;
  for (let n = 120; n >= 1; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

function complementaryError(value: number): number {
  return value > 2.5 ? (value > 27 ? 0 : complementTail(value)) : 1 - errorFunction(value);
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function lanczosSum(x: number): number {
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x + i);
  return sum;
}

function gamma(value: number): number {
  if (value === Number.NEGATIVE_INFINITY || (value <= 0 && Number.isInteger(value) && value !== 0))
    throw overflow();
  if (value === 0) throw overflow();
  if (Number.isInteger(value) && value <= 23) {
    let product = 1;
    for (let i = 2; i < value; i++) product *= i;
    return product;
  }
  if (value < 0.5) return Math.PI / (Math.sin(Math.PI * value) * gamma(1 - value));
  const x = value - 1;
  const t = x + 7.5;
  const result =
    Math.sqrt(2 * Math.PI) * t ** ((x + 0.5) / 2) * Math.exp(-t) * t ** ((x + 0.5) / 2) * lanczosSum(x);
  if (!Number.isFinite(result) && Number.isFinite(value)) throw overflow();
  return result;
}

function logGamma(value: number): number {
  if (value <= 0 && Number.isInteger(value)) throw overflow();
  if (!Number.isFinite(value)) return Number.isNaN(value) ? value : Number.POSITIVE_INFINITY;
  if (value === 1 || value === 2) return 0;
  if (Math.abs(value) < 1e-20) return -Math.log(Math.abs(value));
  if (value < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * value))) - logGamma(1 - value);
  const x = value - 1;
  const t = x + 7.5;
  const result = 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(lanczosSum(x));
  if (!Number.isFinite(result)) throw overflow();
  return result;
}

export const trigonometricFunctions: readonly ScalarFunction[] = [
  fn('pi', [], float8, () => Math.PI, 'The constant pi.', ['pi()', '3.141592653589793']),
  one('degrees', toDegrees, 'Radians to degrees.', ['degrees(0.5)', '28.64788975654116']),
  one('radians', toRadians, 'Degrees to radians.', ['radians(45.0)', '0.7853981633974483']),
  one('sin', finite(Math.sin), 'Sine, radians.', ['sin(1)', '0.8414709848078965']),
  one('cos', finite(Math.cos), 'Cosine, radians.', ['cos(1)', '0.5403023058681398']),
  one('tan', finite(Math.tan), 'Tangent, radians.', ['tan(0)', '0']),
  one(
    'cot',
    finite((x) => 1 / Math.tan(x)),
    'Cotangent, radians.',
    ['cot(0.5)', '1.830487721712452'],
  ),
  one('asin', within(-1, 1, Math.asin), 'Inverse sine, radians.', ['asin(1)', '1.5707963267948966']),
  one('acos', within(-1, 1, Math.acos), 'Inverse cosine, radians.', ['acos(1)', '0']),
  one('atan', Math.atan, 'Inverse tangent, radians.', ['atan(1)', '0.7853981633974483']),
  fn(
    'atan2',
    [float8, float8],
    float8,
    (_, y: number, x: number) => Math.atan2(y, x),
    'Inverse tangent of y/x, radians.',
    ['atan2(1, 0)', '1.5707963267948966'],
  ),
  one('sind', finite(sineDegrees), 'Sine, degrees.', ['sind(30)', '0.5']),
  one('cosd', finite(cosineDegrees), 'Cosine, degrees.', ['cosd(60)', '0.5']),
  one('tand', finite(tangentDegrees), 'Tangent, degrees.', ['tand(45)', '1']),
  one(
    'cotd',
    finite((x) => {
      if (Object.is(x, -0)) return Number.NEGATIVE_INFINITY;
      return cosineDegrees(x) === 0 ? 0 : 1 / tangentDegrees(x);
    }),
    'Cotangent, degrees.',
    ['cotd(45)', '1'],
  ),
  one(
    'asind',
    within(-1, 1, (x) => (x < 0 ? -arcSine(-x) : arcSine(x))),
    'Inverse sine, degrees.',
    ['asind(0.5)', '30'],
  ),
  one(
    'acosd',
    within(-1, 1, (x) => (x < 0 ? 90 + arcSine(-x) : arcCosine(x))),
    'Inverse cosine, degrees.',
    ['acosd(0.5)', '60'],
  ),
  one('atand', (x) => (Math.atan(x) / Math.atan(1)) * 45, 'Inverse tangent, degrees.', ['atand(1)', '45']),
  fn(
    'atan2d',
    [float8, float8],
    float8,
    (_, y: number, x: number) => (Math.atan2(y, x) / Math.atan(1)) * 45,
    'Inverse tangent of y/x, degrees.',
    ['atan2d(1, 0)', '90'],
  ),
  one('sinh', Math.sinh, 'Hyperbolic sine.', ['sinh(1)', '1.1752011936438014']),
  one('cosh', Math.cosh, 'Hyperbolic cosine.', ['cosh(0)', '1']),
  one('tanh', Math.tanh, 'Hyperbolic tangent.', ['tanh(1)', '0.7615941559557649']),
  one('asinh', Math.asinh, 'Inverse hyperbolic sine.', ['asinh(1)', '0.881373587019543']),
  one('acosh', within(1, Number.POSITIVE_INFINITY, Math.acosh), 'Inverse hyperbolic cosine.', [
    'acosh(1)',
    '0',
  ]),
  one('atanh', within(-1, 1, Math.atanh), 'Inverse hyperbolic tangent.', [
    'atanh(0.5)',
    '0.5493061443340548',
  ]),
  one('erf', errorFunction, 'Error function.', ['erf(0)', '0']),
  one('erfc', complementaryError, 'Complementary error function.', ['erfc(0)', '1']),
  one('gamma', gamma, 'Gamma function.', ['gamma(6)', '120']),
  one('lgamma', logGamma, 'Logarithm of the absolute gamma function.', ['lgamma(1000)', '5905.220423209181']),
];

/**
 * Mathematical functions.
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal, narrow } from '../types/decimal.ts';
import {
  exponentialDecimal,
  logDecimal,
  naturalLogDecimal,
  powerDecimal,
  squareRootDecimal,
} from '../types/decimal-math.ts';
import { outOfRange } from '../types/integer-types.ts';
import { Oid as T } from '../types/oids.ts';
import type { Datum } from '../types/vector.ts';
import { absInt8 } from './arithmetic.ts';
import { fn, overloads } from './define.ts';
import type { ScalarFunction } from './function.ts';
import { checkInt8, inlineHelpers as h } from './inline-kernel.ts';
import {
  cubeRoot,
  exponential,
  logTen,
  naturalLog,
  powerFloat,
  roundHalfEven,
  squareRootFloat,
} from './math-kernel.ts';
import { trigonometricFunctions } from './math-trigonometry.ts';
import { widthBucketOfArray } from './width-bucket.ts';

type Int8 = number | bigint;
const { int2, int4, int8, float4, float8, numeric } = T;
const TEN = Decimal.fromInteger(10);

function greatestCommonDivisor(a: Int8, b: Int8): bigint {
  let x = BigInt(a);
  let y = BigInt(b);
  while (y !== 0n) [x, y] = [y, x % y];
  return x < 0n ? -x : x;
}

function leastCommonMultiple(a: Int8, b: Int8): bigint {
  if (a === 0 || b === 0) return 0n;
  const product = (BigInt(a) / greatestCommonDivisor(a, b)) * BigInt(b);
  return product < 0n ? -product : product;
}

function toInt4(value: bigint): number {
  if (value > 2147483647n || value < -2147483648n) throw outOfRange('integer');
  return Number(value);
}

function decimalGcd(a: Decimal, b: Decimal): Decimal {
  if (!a.isFinite || !b.isFinite) return Decimal.nan;
  const scale = Math.max(a.scale, b.scale);
  return Decimal.of(greatestCommonDivisor(a.scaledTo(scale), b.scaledTo(scale)), scale);
}

function decimalLcm(a: Decimal, b: Decimal): Decimal {
  if (!a.isFinite || !b.isFinite) return Decimal.nan;
  const scale = Math.max(a.scale, b.scale);
  return Decimal.of(leastCommonMultiple(narrow(a.scaledTo(scale)), narrow(b.scaledTo(scale))), scale);
}

function factorial(value: Int8): Decimal {
  if (value < 0) throw new DecentDbError('22003', 'factorial of a negative number is undefined');
  if (value > 32177) throw new DecentDbError('22003', 'value overflows numeric format');
  let result = 1n;
  for (let i = 2n; i <= BigInt(value); i++) result *= i;
  return Decimal.of(result, 0);
}

/** Bucket 1..count of an equal-width histogram, 0 below, count + 1 above. */
function widthBucket(operand: number, low: number, high: number, count: number): number {
  if (count <= 0) throw bucketError('count must be greater than zero');
  if (Number.isNaN(operand) || Number.isNaN(low) || Number.isNaN(high))
    throw bucketError('operand, lower bound, and upper bound cannot be NaN');
  if (!Number.isFinite(low) || !Number.isFinite(high))
    throw bucketError('lower and upper bounds must be finite');
  if (low === high) throw bucketError('lower bound cannot equal upper bound');
  const isAscending = low < high;
  if (isAscending ? operand < low : operand > low) return 0;
  if (isAscending ? operand >= high : operand <= high) return toInt4(BigInt(count) + 1n);
  const bucket = Math.floor(((operand - low) / (high - low)) * count) + 1;
  return Math.min(bucket, count);
}

function widthBucketDecimal(operand: Decimal, low: Decimal, high: Decimal, count: number): number {
  if (count <= 0) throw bucketError('count must be greater than zero');
  if (operand.isNaN || low.isNaN || high.isNaN)
    throw bucketError('operand, lower bound, and upper bound cannot be NaN');
  if (!low.isFinite || !high.isFinite) throw bucketError('lower and upper bounds must be finite');
  const order = low.compare(high);
  if (order === 0) throw bucketError('lower bound cannot equal upper bound');
  const isAscending = order < 0;
  if (isAscending ? operand.compare(low) < 0 : operand.compare(low) > 0) return 0;
  if (isAscending ? operand.compare(high) >= 0 : operand.compare(high) <= 0)
    return toInt4(BigInt(count) + 1n);
  const position = operand
    .subtract(low)
    .multiply(Decimal.fromInteger(count))
    .divideTruncated(high.subtract(low));
  return position.toNumber() + 1;
}

function bucketError(message: string): DecentDbError {
  return new DecentDbError('2201G', message);
}

/** Smallest scale that shows the value exactly; NULL for specials. */
function minimumScale(value: Decimal): Datum {
  return value.isFinite ? value.trimScale().scale : null;
}

const rounding: readonly ScalarFunction[] = [
  ...overloads(
    'abs',
    'Absolute value.',
    ['abs(-17.4)', '17.4'],
    [
      [[numeric], numeric, (_, a: Decimal) => a.abs()],
      [[float8], float8, (_, a: number) => Math.abs(a), { inline: (a) => `Math.abs(${a})` }],
      [[float4], float4, (_, a: number) => Math.abs(a), { inline: (a) => `Math.abs(${a})` }],
      [[int8], int8, (_, a: Int8) => absInt8(a)],
      [[int4], int4, (_, a: number) => (a < 0 ? h.negInt4(a) : a)],
      [[int2], int2, (_, a: number) => h.checkInt2(Math.abs(a))],
    ],
  ),
  ...overloads(
    'ceil',
    'Nearest integer not less than the argument.',
    ['ceil(42.2)', '43'],
    [
      [[numeric], numeric, (_, a: Decimal) => (a.isFinite ? a.ceiling() : a)],
      [[float8], float8, (_, a: number) => Math.ceil(a), { inline: (a) => `Math.ceil(${a})` }],
    ],
  ),
  ...overloads(
    'ceiling',
    'The same as ceil.',
    ['ceiling(95.3)', '96'],
    [
      [[numeric], numeric, (_, a: Decimal) => (a.isFinite ? a.ceiling() : a)],
      [[float8], float8, (_, a: number) => Math.ceil(a), { inline: (a) => `Math.ceil(${a})` }],
    ],
  ),
  ...overloads(
    'floor',
    'Nearest integer not greater than the argument.',
    ['floor(-42.8)', '-43'],
    [
      [[numeric], numeric, (_, a: Decimal) => (a.isFinite ? a.floor() : a)],
      [[float8], float8, (_, a: number) => Math.floor(a), { inline: (a) => `Math.floor(${a})` }],
    ],
  ),
  ...overloads(
    'round',
    'Rounds to the nearest integer, or to a number of decimals; numerics away from zero at a tie, floats to even.',
    ['round(42.4382, 2)', '42.44'],
    [
      [[numeric, int4], numeric, (_, a: Decimal, b: number) => a.round(Math.min(Math.max(b, -2000), 2000))],
      [[numeric], numeric, (_, a: Decimal) => a.round(0)],
      [[float8], float8, (_, a: number) => roundHalfEven(a)],
    ],
  ),
  ...overloads(
    'trunc',
    'Cuts toward zero, to an integer or to a number of decimals.',
    ['trunc(42.4382, 2)', '42.43'],
    [
      [
        [numeric, int4],
        numeric,
        (_, a: Decimal, b: number) => a.truncate(Math.min(Math.max(b, -2000), 2000)),
      ],
      [[numeric], numeric, (_, a: Decimal) => a.truncate(0)],
      [[float8], float8, (_, a: number) => Math.trunc(a), { inline: (a) => `Math.trunc(${a})` }],
    ],
  ),
  ...overloads(
    'sign',
    'Sign: -1, 0 or 1.',
    ['sign(-8.4)', '-1'],
    [
      [[numeric], numeric, (_, a: Decimal) => (a.isNaN ? a : Decimal.fromInteger(a.sign))],
      [[float8], float8, (_, a: number) => (a > 0 ? 1 : a < 0 ? -1 : 0)],
    ],
  ),
  fn(
    'scale',
    [numeric],
    int4,
    (_, a: Decimal) => (a.isFinite ? a.scale : null),
    'Number of decimals shown.',
    ['scale(8.4100)', '4'],
  ),
  fn(
    'min_scale',
    [numeric],
    int4,
    (_, a: Decimal) => minimumScale(a),
    'Decimals needed to show the value exactly.',
    ['min_scale(8.4100)', '2'],
  ),
  fn(
    'trim_scale',
    [numeric],
    numeric,
    (_, a: Decimal) => (a.isFinite ? a.trimScale() : a),
    'Removes trailing zeros after the point.',
    ['trim_scale(8.4100)', '8.41'],
  ),
];

const division: readonly ScalarFunction[] = [
  fn(
    'div',
    [numeric, numeric],
    numeric,
    (_, a: Decimal, b: Decimal) => a.divideTruncated(b),
    'Integer quotient, truncated toward zero.',
    ['div(9, 4)', '2'],
  ),
  ...overloads(
    'mod',
    'Remainder, with the sign of the dividend.',
    ['mod(9, 4)', '1'],
    [
      [
        [int4, int4],
        int4,
        (_, a: number, b: number) => h.modInt4(a, b),
        { inline: (a, b) => `h.modInt4(${a},${b})` },
      ],
      [[int2, int2], int2, (_, a: number, b: number) => h.modInt4(a, b)],
      [[int8, int8], int8, (_, a: Int8, b: Int8) => h.modInt8(a, b)],
      [[numeric, numeric], numeric, (_, a: Decimal, b: Decimal) => a.remainder(b)],
    ],
  ),
  ...overloads(
    'gcd',
    'Greatest common divisor.',
    ['gcd(1071, 462)', '21'],
    [
      [[int4, int4], int4, (_, a: number, b: number) => toInt4(greatestCommonDivisor(a, b))],
      [[int8, int8], int8, (_, a: Int8, b: Int8) => checkInt8(greatestCommonDivisor(a, b))],
      [[numeric, numeric], numeric, (_, a: Decimal, b: Decimal) => decimalGcd(a, b)],
    ],
  ),
  ...overloads(
    'lcm',
    'Least common multiple.',
    ['lcm(1071, 462)', '23562'],
    [
      [[int4, int4], int4, (_, a: number, b: number) => toInt4(leastCommonMultiple(a, b))],
      [[int8, int8], int8, (_, a: Int8, b: Int8) => checkInt8(leastCommonMultiple(a, b))],
      [[numeric, numeric], numeric, (_, a: Decimal, b: Decimal) => decimalLcm(a, b)],
    ],
  ),
  fn('factorial', [int8], numeric, (_, a: Int8) => factorial(a), 'Factorial.', ['factorial(5)', '120']),
  ...overloads(
    'width_bucket',
    'Bucket of a value in an equal-width histogram.',
    ['width_bucket(5.35, 0.024, 10.06, 5)', '3'],
    [
      [
        [numeric, numeric, numeric, int4],
        int4,
        (_, a: Decimal, b: Decimal, c: Decimal, d: number) => widthBucketDecimal(a, b, c, d),
      ],
      [
        [float8, float8, float8, int4],
        int4,
        (_, a: number, b: number, c: number, d: number) => widthBucket(a, b, c, d),
      ],
    ],
  ),
  widthBucketOfArray,
];

const powers: readonly ScalarFunction[] = [
  ...overloads(
    'sqrt',
    'Square root.',
    ['sqrt(2)', '1.4142135623730951'],
    [
      [[float8], float8, (_, a: number) => squareRootFloat(a)],
      [[numeric], numeric, (_, a: Decimal) => squareRootDecimal(a)],
    ],
  ),
  fn('cbrt', [float8], float8, (_, a: number) => cubeRoot(a), 'Cube root.', ['cbrt(64.0)', '4']),
  ...overloads(
    'exp',
    'e raised to a power.',
    ['exp(1.0)', '2.7182818284590452'],
    [
      [[numeric], numeric, (_, a: Decimal) => exponentialDecimal(a)],
      [[float8], float8, (_, a: number) => exponential(a)],
    ],
  ),
  ...overloads(
    'ln',
    'Natural logarithm.',
    ['ln(2.0)', '0.6931471805599453'],
    [
      [[numeric], numeric, (_, a: Decimal) => naturalLogDecimal(a)],
      [[float8], float8, (_, a: number) => naturalLog(a)],
    ],
  ),
  ...overloads(
    'log',
    'Logarithm to base 10, or to a base of choice.',
    ['log(2.0, 64.0)', '6.0000000000000000'],
    [
      [[numeric, numeric], numeric, (_, a: Decimal, b: Decimal) => logDecimal(a, b)],
      [[numeric], numeric, (_, a: Decimal) => logDecimal(TEN, a)],
      [[float8], float8, (_, a: number) => logTen(a)],
    ],
  ),
  ...overloads(
    'log10',
    'Logarithm to base 10.',
    ['log10(100)', '2'],
    [
      [[float8], float8, (_, a: number) => logTen(a)],
      [[numeric], numeric, (_, a: Decimal) => logDecimal(TEN, a)],
    ],
  ),
  ...['power', 'pow'].flatMap((name) =>
    overloads(
      name,
      'Raises to a power.',
      [`${name}(9, 3)`, '729'],
      [
        [[float8, float8], float8, (_, a: number, b: number) => powerFloat(a, b)],
        [[numeric, numeric], numeric, (_, a: Decimal, b: Decimal) => powerDecimal(a, b)],
      ],
    ),
  ),
];

/** A double uniform in [low, high] from the session's generator. */
const random: readonly ScalarFunction[] = [
  fn('random', [], float8, (c) => c.random(), 'Random number, at least 0 and below 1.', null, {
    volatility: 'volatile',
  }),
  ...overloads(
    'random',
    'Random number between two bounds, both included.',
    null,
    [
      [[int4, int4], int4, (c, a: number, b: number) => randomBetween(c.random(), a, b)],
      [[int8, int8], int8, (c, a: Int8, b: Int8) => randomInt8(c.random(), c.random(), a, b)],
    ],
    { volatility: 'volatile' },
  ),
  fn(
    'setseed',
    [float8],
    T.void,
    (c, seed: number) => {
      if (!(seed >= -1 && seed <= 1))
        throw new DecentDbError('22023', `setseed parameter ${seed} is out of allowed range [-1,1]`);
      c.setSeed(seed);
      return '';
    },
    'Sets the seed of random().',
    null,
    { volatility: 'volatile' },
  ),
];

function boundsError(): DecentDbError {
  return new DecentDbError('22023', 'lower bound must be less than or equal to upper bound');
}

function randomBetween(uniform: number, low: number, high: number): number {
  if (low > high) throw boundsError();
  return low + Math.floor(uniform * (high - low + 1));
}

function randomInt8(first: number, second: number, low: Int8, high: Int8): Int8 {
  if (low > high) throw boundsError();
  const span = BigInt(high) - BigInt(low) + 1n;
  const bits = (BigInt(Math.floor(first * 2 ** 52)) << 52n) | BigInt(Math.floor(second * 2 ** 52));
  return narrow(BigInt(low) + ((bits * span) >> 104n));
}

const integerText: readonly ScalarFunction[] = [
  ...(
    [
      ['to_hex', 16, 'ff'],
      ['to_oct', 8, '377'],
      ['to_bin', 2, '11111111'],
    ] as const
  ).flatMap(([name, radix, shown]) =>
    overloads(
      name,
      `Text of an integer in base ${radix}.`,
      [`${name}(255)`, shown],
      [
        [[int4], T.text, (_, a: number) => (a >>> 0).toString(radix)],
        [[int8], T.text, (_, a: Int8) => BigInt.asUintN(64, BigInt(a)).toString(radix)],
      ],
    ),
  ),
  fn('bit_count', [T.bytea], int8, (_, bytes: Uint8Array) => countBits(bytes), 'Number of bits set.', [
    "bit_count('\\x1234567890'::bytea)",
    '15',
  ]),
];

function countBits(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}

export const mathFunctions: readonly ScalarFunction[] = [
  ...rounding,
  ...division,
  ...powers,
  ...random,
  ...integerText,
  ...trigonometricFunctions,
];

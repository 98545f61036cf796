/**
 * Arithmetic and bit operators on numbers.
 *
 * I1  Integer overflow is 22003, division by zero 22012; division truncates, % takes the sign of the dividend.
 */
import { type Decimal, narrow } from '../types/decimal.ts';
import { powerDecimal } from '../types/decimal-math.ts';
import { Oid as T } from '../types/oids.ts';
import { op } from './define.ts';
import type { InlineTemplate, ScalarFunction } from './function.ts';
import { checkInt8, inlineHelpers as h } from './inline-kernel.ts';
import { cubeRoot, powerFloat, squareRootFloat } from './math-kernel.ts';

type Int8 = number | bigint;
type Pair = readonly [left: number, right: number];

const INT4_PAIRS: readonly Pair[] = [
  [T.int4, T.int4],
  [T.int2, T.int4],
  [T.int4, T.int2],
];
const INT8_PAIRS: readonly Pair[] = [
  [T.int8, T.int8],
  [T.int4, T.int8],
  [T.int8, T.int4],
  [T.int2, T.int8],
  [T.int8, T.int2],
];
const FLOAT8_PAIRS: readonly Pair[] = [
  [T.float8, T.float8],
  [T.float4, T.float8],
  [T.float8, T.float4],
];

type Symbol4 = '+' | '-' | '*' | '/';
const NAMES = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' } as const;
const WORDS = {
  '+': 'Addition.',
  '-': 'Subtraction.',
  '*': 'Multiplication.',
  '/': 'Division; of integers, truncated toward zero.',
} as const;
const EXAMPLES: Record<Symbol4, readonly [string, string]> = {
  '+': ['2 + 3', '5'],
  '-': ['2 - 3', '-1'],
  '*': ['2 * 3', '6'],
  '/': ['7 / 2', '3'],
};
const DECIMAL: Record<Symbol4, (a: Decimal, b: Decimal) => Decimal> = {
  '+': (a, b) => a.add(b),
  '-': (a, b) => a.subtract(b),
  '*': (a, b) => a.multiply(b),
  '/': (a, b) => a.divide(b),
};

/** The four basic operators over every pair of number types. */
function basic(symbol: Symbol4): ScalarFunction[] {
  const name = NAMES[symbol];
  const info = symbol === '+' || symbol === '*' ? { commutator: symbol } : {};
  const int4 = h[`${name}Int4`];
  const int8 = h[`${name}Int8`];
  const float = h[`${name}Float`];
  const decimal = DECIMAL[symbol];
  const inline4: InlineTemplate = (a, b) => `h.${name}Int4(${a},${b})`;
  const inline8: InlineTemplate = (a, b) => `h.${name}Int8(${a},${b})`;
  const inlineFloat: InlineTemplate = (a, b) => `h.${name}Float(${a},${b})`;
  const make = (
    [left, right]: Pair,
    returns: number,
    evaluate: (context: object, a: never, b: never) => number | bigint | Decimal,
    inline: InlineTemplate | null,
    isFirst = false,
  ): ScalarFunction =>
    op(
      symbol,
      [left, right],
      returns,
      evaluate as ScalarFunction['eval'],
      WORDS[symbol],
      isFirst ? EXAMPLES[symbol] : null,
      {
        info,
        ...(inline === null ? {} : { inline }),
      },
    );
  return [
    ...INT4_PAIRS.map((pair, i) =>
      make(pair, T.int4, (_, a: number, b: number) => int4(a, b), inline4, i === 0),
    ),
    make(
      [T.int2, T.int2],
      T.int2,
      (_, a: number, b: number) => h.checkInt2(int4(a, b)),
      (a, b) => `h.checkInt2(h.${name}Int4(${a},${b}))`,
    ),
    ...INT8_PAIRS.map((pair) => make(pair, T.int8, (_, a: Int8, b: Int8) => int8(a, b), inline8)),
    ...FLOAT8_PAIRS.map((pair) =>
      make(pair, T.float8, (_, a: number, b: number) => float(a, b), inlineFloat),
    ),
    make(
      [T.float4, T.float4],
      T.float4,
      (_, a: number, b: number) => h.toFloat4(float(a, b)),
      (a, b) => `h.toFloat4(h.${name}Float(${a},${b}))`,
    ),
    make([T.numeric, T.numeric], T.numeric, (_, a: Decimal, b: Decimal) => decimal(a, b), null),
  ];
}

const remainder: readonly ScalarFunction[] = [
  op(
    '%',
    [T.int4, T.int4],
    T.int4,
    (_, a: number, b: number) => h.modInt4(a, b),
    'Remainder, with the sign of the dividend.',
    ['7 % 4', '3'],
    {
      inline: (a, b) => `h.modInt4(${a},${b})`,
    },
  ),
  op('%', [T.int2, T.int2], T.int2, (_, a: number, b: number) => h.modInt4(a, b), 'Remainder.', null, {
    inline: (a, b) => `h.modInt4(${a},${b})`,
  }),
  op('%', [T.int8, T.int8], T.int8, (_, a: Int8, b: Int8) => h.modInt8(a, b), 'Remainder.', null, {
    inline: (a, b) => `h.modInt8(${a},${b})`,
  }),
  op(
    '%',
    [T.numeric, T.numeric],
    T.numeric,
    (_, a: Decimal, b: Decimal) => a.remainder(b),
    'Remainder.',
    null,
  ),
];

function negateInt8(value: Int8): Int8 {
  return typeof value === 'number' ? 0 - value : checkInt8(-value);
}

const unary: readonly ScalarFunction[] = [
  op('-', [T.int4], T.int4, (_, a: number) => h.negInt4(a), 'Negation.', ['- 5', '-5'], {
    inline: (a) => `h.negInt4(${a})`,
  }),
  op('-', [T.int2], T.int2, (_, a: number) => h.checkInt2(0 - a), 'Negation.', null),
  op('-', [T.int8], T.int8, (_, a: Int8) => negateInt8(a), 'Negation.', null),
  op('-', [T.float4], T.float4, (_, a: number) => -a, 'Negation.', null, { inline: (a) => `(-(${a}))` }),
  op('-', [T.float8], T.float8, (_, a: number) => -a, 'Negation.', null, { inline: (a) => `(-(${a}))` }),
  op('-', [T.numeric], T.numeric, (_, a: Decimal) => a.negate(), 'Negation.', null),
  ...[T.int2, T.int4, T.int8, T.float4, T.float8, T.numeric].map((type) =>
    op(
      '+',
      [type],
      type,
      (_, a) => a,
      'The value itself.',
      type === T.int2 ? null : type === T.int4 ? ['+ 5', '5'] : null,
    ),
  ),
  op('@', [T.int4], T.int4, (_, a: number) => (a < 0 ? h.negInt4(a) : a), 'Absolute value.', ['@ -5', '5']),
  op('@', [T.int2], T.int2, (_, a: number) => h.checkInt2(Math.abs(a)), 'Absolute value.', null),
  op('@', [T.int8], T.int8, (_, a: Int8) => (a < 0 ? negateInt8(a) : a), 'Absolute value.', null),
  op('@', [T.float4], T.float4, (_, a: number) => Math.abs(a), 'Absolute value.', null),
  op('@', [T.float8], T.float8, (_, a: number) => Math.abs(a), 'Absolute value.', null),
  op('@', [T.numeric], T.numeric, (_, a: Decimal) => a.abs(), 'Absolute value.', null),
];

const powers: readonly ScalarFunction[] = [
  op('^', [T.float8, T.float8], T.float8, (_, a: number, b: number) => powerFloat(a, b), 'Exponentiation.', [
    '2 ^ 10',
    '1024',
  ]),
  op(
    '^',
    [T.numeric, T.numeric],
    T.numeric,
    (_, a: Decimal, b: Decimal) => powerDecimal(a, b),
    'Exponentiation, exact digits.',
    ['2.0 ^ 3', '8.0000000000000000'],
  ),
  op('|/', [T.float8], T.float8, (_, a: number) => squareRootFloat(a), 'Square root.', ['|/ 25', '5']),
  op('||/', [T.float8], T.float8, (_, a: number) => cubeRoot(a), 'Cube root.', ['||/ 27', '3']),
];

/** Shift counts wrap at the width, as on the machines PostgreSQL runs on. */
function shift8(value: Int8, count: number, isLeft: boolean): Int8 {
  const places = BigInt(count & 63);
  return narrow(BigInt.asIntN(64, isLeft ? BigInt(value) << places : BigInt(value) >> places));
}

function bits(
  symbol: '&' | '|' | '#',
  word: string,
  example: readonly [string, string],
  small: (a: number, b: number) => number,
  big: (a: bigint, b: bigint) => bigint,
): ScalarFunction[] {
  return [
    op(symbol, [T.int4, T.int4], T.int4, (_, a: number, b: number) => small(a, b), word, example),
    op(symbol, [T.int2, T.int2], T.int2, (_, a: number, b: number) => small(a, b), word, null),
    op(
      symbol,
      [T.int8, T.int8],
      T.int8,
      (_, a: Int8, b: Int8) => narrow(big(BigInt(a), BigInt(b))),
      word,
      null,
    ),
  ];
}

const bitwise: readonly ScalarFunction[] = [
  ...bits(
    '&',
    'Bitwise AND.',
    ['91 & 15', '11'],
    (a, b) => a & b,
    (a, b) => a & b,
  ),
  ...bits(
    '|',
    'Bitwise OR.',
    ['32 | 3', '35'],
    (a, b) => a | b,
    (a, b) => a | b,
  ),
  ...bits(
    '#',
    'Bitwise exclusive OR.',
    ['17 # 5', '20'],
    (a, b) => a ^ b,
    (a, b) => a ^ b,
  ),
  op('~', [T.int4], T.int4, (_, a: number) => ~a, 'Bitwise NOT.', ['~ 1', '-2']),
  op('~', [T.int2], T.int2, (_, a: number) => ~a, 'Bitwise NOT.', null),
  op('~', [T.int8], T.int8, (_, a: Int8) => narrow(~BigInt(a)), 'Bitwise NOT.', null),
  op('<<', [T.int4, T.int4], T.int4, (_, a: number, b: number) => a << b, 'Bitwise shift left.', [
    '1 << 4',
    '16',
  ]),
  op(
    '<<',
    [T.int2, T.int4],
    T.int2,
    (_, a: number, b: number) => ((a << b) << 16) >> 16,
    'Bitwise shift left.',
    null,
  ),
  op(
    '<<',
    [T.int8, T.int4],
    T.int8,
    (_, a: Int8, b: number) => shift8(a, b, true),
    'Bitwise shift left.',
    null,
  ),
  op('>>', [T.int4, T.int4], T.int4, (_, a: number, b: number) => a >> b, 'Bitwise shift right.', [
    '8 >> 2',
    '2',
  ]),
  op('>>', [T.int2, T.int4], T.int2, (_, a: number, b: number) => a >> b, 'Bitwise shift right.', null),
  op(
    '>>',
    [T.int8, T.int4],
    T.int8,
    (_, a: Int8, b: number) => shift8(a, b, false),
    'Bitwise shift right.',
    null,
  ),
];

export const arithmeticOperators: readonly ScalarFunction[] = [
  ...basic('+'),
  ...basic('-'),
  ...basic('*'),
  ...basic('/'),
  ...remainder,
  ...unary,
  ...powers,
  ...bitwise,
];

/** |value| of an int8, checked. */
export function absInt8(value: Int8): Int8 {
  return value < 0 ? negateInt8(value) : value;
}

/**
 * Operators and functions on bit strings (text of 0 and 1).
 */
import { DecentDbError } from '../base/errors.ts';
import { narrow } from '../types/decimal.ts';
import { outOfRange } from '../types/integer-types.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { CastEntry } from './casts.ts';
import { type Evaluate, fn, op } from './define.ts';
import type { ScalarFunction } from './function.ts';
import { overlay, substring } from './string-kernel.ts';

const { bit, varbit, int4, int8, bool } = T;

function combine(symbol: string, a: string, b: string, pick: (x: boolean, y: boolean) => boolean): string {
  if (a.length !== b.length) {
    const verb = { '&': 'AND', '|': 'OR', '#': 'XOR' }[symbol];
    throw new DecentDbError('22026', `cannot ${verb} bit strings of different sizes`);
  }
  let result = '';
  for (let i = 0; i < a.length; i++) result += pick(a[i] === '1', b[i] === '1') ? '1' : '0';
  return result;
}

function shift(a: string, count: number): string {
  const places = Math.min(Math.abs(count), a.length);
  return count >= 0
    ? a.slice(places) + '0'.repeat(places)
    : '0'.repeat(places) + a.slice(0, a.length - places);
}

function checkIndex(a: string, index: number): number {
  if (index < 0 || index >= a.length)
    throw new DecentDbError('2202E', `bit index ${index} out of valid range (0..${a.length - 1})`);
  return index;
}

const comparisons: readonly ScalarFunction[] = [bit, varbit].flatMap((type) => {
  const { compare } = builtinType(type);
  const make = (symbol: string, test: (order: number) => boolean, info: object): ScalarFunction =>
    op(
      symbol,
      [type, type],
      bool,
      (_, a: string, b: string) => test(compare(a, b)),
      'Compares bit strings.',
      null,
      { info },
    );
  return [
    make('=', (order) => order === 0, { btree: '=', negator: '<>', commutator: '=' }),
    make('<>', (order) => order !== 0, { negator: '=', commutator: '<>' }),
    make('<', (order) => order < 0, { btree: '<', negator: '>=', commutator: '>' }),
    make('<=', (order) => order <= 0, { btree: '<=', negator: '>', commutator: '>=' }),
    make('>', (order) => order > 0, { btree: '>', negator: '<=', commutator: '<' }),
    make('>=', (order) => order >= 0, { btree: '>=', negator: '<', commutator: '<=' }),
  ];
});

export const bitStringFunctions: readonly ScalarFunction[] = [
  ...comparisons,
  op(
    '&',
    [bit, bit],
    bit,
    (_, a: string, b: string) => combine('&', a, b, (x, y) => x && y),
    'Bitwise AND.',
    ["'10001'::bit(5) & '01101'::bit(5)", '00001'],
  ),
  op('|', [bit, bit], bit, (_, a: string, b: string) => combine('|', a, b, (x, y) => x || y), 'Bitwise OR.', [
    "'10001'::bit(5) | '01101'::bit(5)",
    '11101',
  ]),
  op(
    '#',
    [bit, bit],
    bit,
    (_, a: string, b: string) => combine('#', a, b, (x, y) => x !== y),
    'Bitwise exclusive OR.',
    ["'10001'::bit(5) # '01101'::bit(5)", '11100'],
  ),
  op(
    '~',
    [bit],
    bit,
    (_, a: string) => [...a].map((digit) => (digit === '1' ? '0' : '1')).join(''),
    'Bitwise NOT.',
    ["~ '10001'::bit(5)", '01110'],
  ),
  op('<<', [bit, int4], bit, (_, a: string, b: number) => shift(a, b), 'Shift left.', [
    "'10001'::bit(5) << 3",
    '01000',
  ]),
  op('>>', [bit, int4], bit, (_, a: string, b: number) => shift(a, -b), 'Shift right.', [
    "'10001'::bit(5) >> 2",
    '00100',
  ]),
  op('||', [varbit, varbit], varbit, (_, a: string, b: string) => a + b, 'Concatenation.', [
    "'101'::varbit || '11'::varbit",
    '10111',
  ]),
  ...['length', 'bit_length'].map((name) =>
    fn(name, [bit], int4, (_, a: string) => a.length, 'Number of bits.', null),
  ),
  fn('octet_length', [bit], int4, (_, a: string) => Math.ceil(a.length / 8), 'Number of bytes.', null),
  fn('bit_count', [bit], int8, (_, a: string) => a.replaceAll('0', '').length, 'Number of bits set.', null),
  fn(
    'get_bit',
    [bit, int4],
    int4,
    (_, a: string, b: number) => Number(a[checkIndex(a, b)]),
    'The n-th bit, from the left.',
    ["get_bit('101010101010101010'::bit(18), 6)", '1'],
  ),
  fn(
    'set_bit',
    [bit, int4, int4],
    bit,
    (_, a: string, b: number, c: number) => {
      const at = checkIndex(a, b);
      if (c !== 0 && c !== 1) throw new DecentDbError('22023', 'new bit must be 0 or 1');
      return a.slice(0, at) + c + a.slice(at + 1);
    },
    'Sets the n-th bit.',
    null,
  ),
  fn(
    'position',
    [bit, bit],
    int4,
    (_, a: string, b: string) => (a === '' ? 0 : a.indexOf(b) + 1),
    'Position of a part.',
    null,
  ),
  fn(
    'overlay',
    [bit, bit, int4, int4],
    bit,
    (_, a: string, b: string, start: number, count: number) => overlay(a, b, start, count),
    'Replaces a part of a bit string.',
    ['overlay(\'0101011100\'::"bit"(10), \'001\'::"bit"(3), 2, 3)', '0001011100'],
  ),
  fn(
    'overlay',
    [bit, bit, int4],
    bit,
    (_, a: string, b: string, start: number) => overlay(a, b, start, b.length),
    'Replaces a part of a bit string.',
    null,
  ),
  ...['substring'].flatMap((name) => [
    fn(
      name,
      [bit, int4, int4],
      bit,
      (_, a: string, b: number, c: number) => substring(a, b, c),
      'Part of a bit string.',
      null,
    ),
    fn(
      name,
      [bit, int4],
      bit,
      (_, a: string, b: number) => substring(a, b, null),
      'Part of a bit string.',
      null,
    ),
  ]),
];

function integerOf(width: number, typeName: string): Evaluate {
  return (_, a: string) => {
    if (a.length > width) throw outOfRange(typeName);
    return narrow(
      a.length === width ? BigInt.asIntN(width, BigInt(`0b${a || '0'}`)) : BigInt(`0b${a || '0'}`),
    );
  };
}

function entry(
  source: number,
  target: number,
  context: CastEntry['context'],
  evaluate: Evaluate | null,
): CastEntry {
  return {
    source,
    target,
    context,
    fn:
      evaluate === null
        ? null
        : fn('bit', [source], target, evaluate, 'Converts to or from a bit string.', null),
  };
}

/** Integers become bit strings of their width; a typmod then keeps the low bits, so it is read from the right. */
export const bitStringCasts: readonly CastEntry[] = [
  entry(bit, varbit, 'implicit', null),
  entry(varbit, bit, 'implicit', null),
  entry(bit, int4, 'explicit', integerOf(32, 'integer')),
  entry(bit, int8, 'explicit', integerOf(64, 'bigint')),
  entry(int4, bit, 'explicit', (_, a: number) => (a >>> 0).toString(2).padStart(32, '0')),
  entry(int8, bit, 'explicit', (_, a: number | bigint) =>
    BigInt.asUintN(64, BigInt(a)).toString(2).padStart(64, '0'),
  ),
];

/** The low `length` bits of an integer, its sign repeated when that is more than it has. */
export function integerToBits(source: SqlType, length: number): ScalarFunction {
  return fn(
    'bit',
    [source.oid],
    bit,
    (_, a: number | bigint) => BigInt.asUintN(length, BigInt(a)).toString(2).padStart(length, '0'),
    'Converts to a bit string of a length.',
    null,
  );
}

/**
 * oid, money and their casts and operators.
 */

import { DecentDbError } from '../base/errors.ts';
import { Decimal } from '../types/decimal.ts';
import { outOfRange } from '../types/integer-types.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import type { CastContext, CastEntry } from './casts.ts';
import { type Evaluate, fn, op } from './define.ts';
import type { ScalarFunction } from './function.ts';
import { checkInt8, inlineHelpers as h } from './inline-kernel.ts';
import { roundHalfEven } from './math-kernel.ts';
import { moneyFunctions } from './money-words.ts';
import { REGISTERED } from './plain-types.ts';

const { oid, int2, int4, int8, money, numeric, float4, float8, bool } = T;
type Int8 = number | bigint;

function cast(source: number, target: number, context: CastContext, evaluate: Evaluate | null): CastEntry {
  return {
    source,
    target,
    context,
    fn:
      evaluate === null
        ? null
        : fn(builtinType(target).name, [source], target, evaluate, 'Converts a value.', null),
  };
}

function checkOid(value: Int8): number {
  if (value < 0 || value > 4294967295) throw new DecentDbError('22003', 'OID out of range');
  return Number(value);
}

const fromInt4: Evaluate = (_, a: number) => a >>> 0;
const toInt4: Evaluate = (_, a: number) => a | 0;

export const oidCasts: readonly CastEntry[] = [
  ...[oid, ...REGISTERED].flatMap((type) => [
    cast(int8, type, 'implicit', (_, a: Int8) => checkOid(a)),
    cast(int2, type, 'implicit', fromInt4),
    cast(int4, type, 'implicit', fromInt4),
    cast(type, int8, 'assignment', null),
    cast(type, int4, 'assignment', toInt4),
  ]),
  ...REGISTERED.flatMap((type) => [cast(oid, type, 'implicit', null), cast(type, oid, 'implicit', null)]),
  ...[T.text, T.varchar].map((type) =>
    cast(type, T.regclass, 'implicit', (c, a: string) =>
      builtinType(T.regclass).input(a, -1, c.typeSettings),
    ),
  ),
  cast(money, numeric, 'assignment', (_, a: Int8) => Decimal.of(a, 2)),
  cast(numeric, money, 'assignment', (_, a: Decimal) => cents(a)),
  cast(int4, money, 'assignment', (_, a: number) => a * 100),
  cast(int8, money, 'assignment', (_, a: Int8) => checkInt8(BigInt(a) * 100n)),
];

function cents(value: Decimal): Int8 {
  if (!value.isFinite) throw new DecentDbError('0A000', 'cannot convert NaN or infinity to money');
  return checkInt8(value.round(2).scaledTo(2));
}

function compare(type: number): ScalarFunction[] {
  const make = (symbol: string, evaluate: Evaluate, js: string, info: object): ScalarFunction =>
    op(symbol, [type, type], bool, evaluate, 'Compares values.', null, {
      info,
      inline: (a, b) => `(${a}${js}${b})`,
    });
  return [
    make('=', (_, a: Int8, b: Int8) => a === b, '===', { btree: '=', negator: '<>', commutator: '=' }),
    make('<>', (_, a: Int8, b: Int8) => a !== b, '!==', { negator: '=', commutator: '<>' }),
    make('<', (_, a: Int8, b: Int8) => a < b, '<', { btree: '<', negator: '>=', commutator: '>' }),
    make('<=', (_, a: Int8, b: Int8) => a <= b, '<=', { btree: '<=', negator: '>', commutator: '>=' }),
    make('>', (_, a: Int8, b: Int8) => a > b, '>', { btree: '>', negator: '<=', commutator: '<' }),
    make('>=', (_, a: Int8, b: Int8) => a >= b, '>=', { btree: '>=', negator: '<', commutator: '<=' }),
  ];
}

/** Transaction numbers are equal or not; they have no order. */
function equality(left: number, right: number): ScalarFunction[] {
  return [
    op('=', [left, right], bool, (_, a: number, b: number) => a === b >>> 0, 'Compares values.', null, {
      info: { negator: '<>' },
    }),
    op('<>', [left, right], bool, (_, a: number, b: number) => a !== b >>> 0, 'Compares values.', null, {
      info: { negator: '=' },
    }),
  ];
}

function scaled(value: number): Int8 {
  const rounded = roundHalfEven(value);
  if (!(Math.abs(rounded) < 2 ** 63)) throw outOfRange('money');
  return Number.isSafeInteger(rounded) ? rounded + 0 : BigInt(rounded);
}

const times = [float8, float4];
const whole = [int8, int4, int2];
export const oidFunctions: readonly ScalarFunction[] = [
  ...compare(oid),
  ...compare(money),
  ...equality(T.xid, T.xid),
  ...equality(T.xid, int4),
  ...equality(T.cid, T.cid),
  ...moneyFunctions,
  op('+', [money, money], money, (_, a: Int8, b: Int8) => h.addInt8(a, b), 'Adds amounts.', null),
  op('-', [money, money], money, (_, a: Int8, b: Int8) => h.subInt8(a, b), 'Subtracts amounts.', null),
  op(
    '/',
    [money, money],
    float8,
    (_, a: Int8, b: Int8) => h.divFloat(Number(a), Number(b)),
    'Ratio of amounts.',
    null,
  ),
  ...times.flatMap((type) => [
    op(
      '*',
      [money, type],
      money,
      (_, a: Int8, b: number) => scaled(Number(a) * b),
      'Multiplies an amount.',
      null,
    ),
    op(
      '*',
      [type, money],
      money,
      (_, a: number, b: Int8) => scaled(a * Number(b)),
      'Multiplies an amount.',
      null,
    ),
    op(
      '/',
      [money, type],
      money,
      (_, a: Int8, b: number) => scaled(h.divFloat(Number(a), b)),
      'Divides an amount.',
      null,
    ),
  ]),
  ...whole.flatMap((type) => [
    op('*', [money, type], money, (_, a: Int8, b: Int8) => h.mulInt8(a, b), 'Multiplies an amount.', null),
    op('*', [type, money], money, (_, a: Int8, b: Int8) => h.mulInt8(a, b), 'Multiplies an amount.', null),
    op('/', [money, type], money, (_, a: Int8, b: Int8) => h.divInt8(a, b), 'Divides an amount.', null),
  ]),
];

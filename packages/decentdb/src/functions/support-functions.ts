/**
 * Functions PostgreSQL names for its own machinery and people call all the same: three-way comparison, the larger of two, older names.
 *
 * I1  An older name means exactly what the function it stands for means.
 */
import { Decimal } from '../types/decimal.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { fn } from './define.ts';
import type { ScalarFunction } from './function.ts';

/** Three-way comparisons by name. */
const COMPARISONS: readonly (readonly [name: string, type: number])[] = [
  ['btboolcmp', T.bool],
  ['btint2cmp', T.int2],
  ['btint4cmp', T.int4],
  ['btint8cmp', T.int8],
  ['btfloat4cmp', T.float4],
  ['btfloat8cmp', T.float8],
  ['btoidcmp', T.oid],
  ['btnamecmp', T.name],
  ['bttextcmp', T.text],
  ['btcharcmp', T.char],
  ['bpcharcmp', T.bpchar],
  ['byteacmp', T.bytea],
  ['cash_cmp', T.money],
  ['numeric_cmp', T.numeric],
  ['date_cmp', T.date],
  ['time_cmp', T.time],
  ['timetz_cmp', T.timetz],
  ['timestamp_cmp', T.timestamp],
  ['timestamptz_cmp', T.timestamptz],
  ['interval_cmp', T.interval],
  ['uuid_cmp', T.uuid],
  ['jsonb_cmp', T.jsonb],
  ['bitcmp', T.bit],
  ['varbitcmp', T.varbit],
];

const POLYMORPHIC: readonly (readonly [name: string, type: number])[] = [
  ['btarraycmp', T.anyarray],
  ['btrecordcmp', T.record],
  ['enum_cmp', T.anyenum],
  ['range_cmp', T.anyrange],
  ['multirange_cmp', T.anymultirange],
];

const sign = (order: number): number => (order < 0 ? -1 : order > 0 ? 1 : 0);

function comparison(name: string, oid: number, type: SqlType | null): ScalarFunction {
  const description = 'Less than, equal to, or greater than: -1, 0, 1.';
  if (type !== null) {
    const { compare } = type;
    return fn(name, [oid, oid], T.int4, (_, a: Datum, b: Datum) => sign(compare(a, b)), description, null);
  }
  return fn(name, [oid, oid], T.int4, unspecialized, description, null, {
    specialize: (types) => comparison(name, types[0]!.oid, types[0]!),
  });
}

function unspecialized(): never {
  throw new TypeError('a polymorphic comparison was called before it was specialised');
}

/** `int4larger`, `text_smaller`, ...: the prefix of the name for each type. */
const EXTREMES: readonly (readonly [prefix: string, type: number])[] = [
  ['int2', T.int2],
  ['int4', T.int4],
  ['int8', T.int8],
  ['float4', T.float4],
  ['float8', T.float8],
  ['oid', T.oid],
  ['cash', T.money],
  ['date_', T.date],
  ['time_', T.time],
  ['timetz_', T.timetz],
  ['timestamp_', T.timestamp],
  ['timestamptz_', T.timestamptz],
  ['interval_', T.interval],
  ['numeric_', T.numeric],
  ['text_', T.text],
  ['bpchar_', T.bpchar],
];

function extremes(prefix: string, oid: number): ScalarFunction[] {
  const { compare } = builtinType(oid);
  return [
    fn(
      `${prefix}larger`,
      [oid, oid],
      oid,
      (_, a: Datum, b: Datum) => (compare(a, b) >= 0 ? a : b),
      'The larger of two values.',
      null,
    ),
    fn(
      `${prefix}smaller`,
      [oid, oid],
      oid,
      (_, a: Datum, b: Datum) => (compare(a, b) <= 0 ? a : b),
      'The smaller of two values.',
      null,
    ),
  ];
}

/** Older names of functions, with the argument types they take. */
const OTHER_NAMES: readonly (readonly [name: string, means: string, args: readonly number[]])[] = [
  ['dexp', 'exp', [T.float8]],
  ['dlog1', 'ln', [T.float8]],
  ['dlog10', 'log', [T.float8]],
  ['dround', 'round', [T.float8]],
  ['dtrunc', 'trunc', [T.float8]],
  ['dsqrt', 'sqrt', [T.float8]],
  ['dcbrt', 'cbrt', [T.float8]],
  ['dpow', 'power', [T.float8, T.float8]],
  ['float8abs', 'abs', [T.float8]],
  ['float4abs', 'abs', [T.float4]],
  ['int2abs', 'abs', [T.int2]],
  ['int4abs', 'abs', [T.int4]],
  ['int8abs', 'abs', [T.int8]],
  ['numeric_abs', 'abs', [T.numeric]],
  ['numeric_div_trunc', 'div', [T.numeric, T.numeric]],
  ['numeric_exp', 'exp', [T.numeric]],
  ['numeric_ln', 'ln', [T.numeric]],
  ['numeric_log', 'log', [T.numeric, T.numeric]],
  ['numeric_sqrt', 'sqrt', [T.numeric]],
  ['textlen', 'length', [T.text]],
];

function otherNames(scalars: readonly ScalarFunction[]): ScalarFunction[] {
  return OTHER_NAMES.flatMap(([name, means, args]) => {
    const entry = scalars.find(
      (one) =>
        one.name === means && one.args.length === args.length && one.args.every((oid, i) => oid === args[i]),
    );
    if (entry === undefined) return [];
    const { example: _, ...rest } = entry;
    return [{ ...rest, name }];
  });
}

const own: readonly ScalarFunction[] = [
  ...COMPARISONS.map(([name, oid]) => comparison(name, oid, builtinType(oid))),
  ...POLYMORPHIC.map(([name, oid]) => comparison(name, oid, null)),
  ...EXTREMES.flatMap(([prefix, oid]) => extremes(prefix, oid)),
  fn(
    'booland_statefunc',
    [T.bool, T.bool],
    T.bool,
    (_, a: boolean, b: boolean) => a && b,
    'AND, step of an aggregate.',
    null,
  ),
  fn(
    'boolor_statefunc',
    [T.bool, T.bool],
    T.bool,
    (_, a: boolean, b: boolean) => a || b,
    'OR, step of an aggregate.',
    null,
  ),
  fn('numeric_inc', [T.numeric], T.numeric, (_, a: Decimal) => a.add(Decimal.one), 'One more.', [
    'numeric_inc(1.5)',
    '2.5',
  ]),
  fn(
    'nameconcatoid',
    [T.name, T.oid],
    T.name,
    (_, a: string, b: number) => `${a}_${b}`.slice(-63),
    'A name with a number behind.',
    ["nameconcatoid('t', 7)", 't_7'],
  ),
];

/** The family; `scalars` are the functions that older names may stand for. */
export function supportFunctions(scalars: readonly ScalarFunction[]): ScalarFunction[] {
  return [...own, ...otherNames(scalars)];
}

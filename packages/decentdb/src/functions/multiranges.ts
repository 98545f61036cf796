/**
 * Multirange constructors, operators, functions and aggregates (PostgreSQL manual 9.20).
 *
 * I1  An operator between a range and a multirange means the same as with the range taken as a multirange of one.
 */
import { DecentDbError } from '../base/errors.ts';
import { makeMultirange, SqlMultirange } from '../types/multirange.ts';
import { Oid as T } from '../types/oids.ts';
import { boundTypeOf, compareLower, compareUpper, isAdjacent, SqlRange } from '../types/range.ts';
import { builtinType } from '../types/registry.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { CastEntry } from './casts.ts';
import { fn, overloads } from './define.ts';
import type { AggregateFunction, ScalarFunction, TableFunction } from './function.ts';
import {
  contains,
  containsValue,
  difference,
  intersection,
  isBefore,
  merge,
  overlaps,
} from './range-kernel.ts';
import { bySubtype, type OnRanges } from './ranges.ts';
import { tableFn } from './table/define.ts';

const { bool, anyrange, anymultirange, anyelement } = T;

const MULTIRANGES = [
  T.int4multirange,
  T.int8multirange,
  T.nummultirange,
  T.datemultirange,
  T.tsmultirange,
  T.tstzmultirange,
];

/** The functions that make a multirange of ranges; they have the type's name. */
export function multirangeConstructors(type: SqlType): readonly ScalarFunction[] {
  const { oid } = type;
  const range = type.multirangeOf!;
  const subtype = range.rangeSubtype!;
  const build = (_: unknown, ...given: Datum[]): SqlMultirange => {
    if (given.includes(null))
      throw new DecentDbError('22004', 'multirange values cannot contain null members');
    return makeMultirange(given as SqlRange[], subtype);
  };
  const example =
    oid === T.int4multirange
      ? (["int4multirange('[1,3)'::int4range, '[7,9)'::int4range)", '{[1,3),[7,9)}'] as const)
      : null;
  const description = `A ${type.name} of the ranges given.`;
  return [
    fn(type.name, [], oid, () => SqlMultirange.empty, `The empty ${type.name}.`, null),
    fn(type.name, [range.oid], oid, (_, one: SqlRange) => makeMultirange([one], subtype), description, null),
    fn(type.name, [], oid, build, description, example, { variadic: range.oid, strict: false }),
  ];
}

const constructors: readonly ScalarFunction[] = MULTIRANGES.flatMap((oid) =>
  multirangeConstructors(builtinType(oid)),
);

type Many = readonly SqlRange[];

function containsAll(a: Many, b: Many, subtype: SqlType): boolean {
  return b.every((inner) => inner.isEmpty || a.some((outer) => contains(outer, inner, subtype)));
}

function overlapping(a: Many, b: Many, subtype: SqlType): boolean {
  return a.some((x) => b.some((y) => overlaps(x, y, subtype)));
}

function before(a: Many, b: Many, subtype: SqlType): boolean {
  return a.length > 0 && b.length > 0 && isBefore(a.at(-1)!, b[0]!, subtype);
}

function adjacent(a: Many, b: Many, subtype: SqlType): boolean {
  if (a.length === 0 || b.length === 0) return false;
  const isBehind = (x: SqlRange, y: SqlRange): boolean =>
    isAdjacent(x, y, subtype) && isBefore(x, y, subtype);
  return isBehind(a.at(-1)!, b[0]!) || isBehind(b.at(-1)!, a[0]!);
}

function intersect(a: Many, b: Many, subtype: SqlType): SqlMultirange {
  const found: SqlRange[] = [];
  for (const x of a) for (const y of b) found.push(intersection(x, y, subtype));
  return makeMultirange(found, subtype);
}

/** What of `a` is before `b`, and what is after it. */
function without(a: SqlRange, b: SqlRange, subtype: SqlType): SqlRange[] {
  if (!overlaps(a, b, subtype)) return [a];
  const isSplit = compareLower(a, b, subtype) < 0 && compareUpper(a, b, subtype) > 0;
  if (!isSplit) return [difference(a, b, subtype)];
  return [
    new SqlRange(a.lower, b.lower, a.isLowerInclusive, !b.isLowerInclusive),
    new SqlRange(b.upper, a.upper, !b.isUpperInclusive, a.isUpperInclusive),
  ];
}

function subtract(a: Many, b: Many, subtype: SqlType): SqlMultirange {
  let rest: readonly SqlRange[] = a;
  for (const hole of b) rest = rest.flatMap((range) => without(range, hole, subtype));
  return makeMultirange(rest, subtype);
}

/** An operator of multiranges with each other, and with single ranges on either side. */
function mixed(
  symbol: string,
  test: (a: Many, b: Many, subtype: SqlType) => boolean,
  description: string,
  example: readonly [string, string] | null,
): ScalarFunction[] {
  const many = (value: SqlMultirange | SqlRange): Many =>
    value instanceof SqlRange ? (value.isEmpty ? [] : [value]) : value.ranges;
  const compute: OnRanges = (a: SqlMultirange | SqlRange, b: SqlMultirange | SqlRange, subtype) =>
    test(many(a), many(b), subtype);
  return [
    bySubtype(symbol, [anymultirange, anymultirange], bool, compute, description, example, true),
    bySubtype(symbol, [anymultirange, anyrange], bool, compute, description, null, true),
    bySubtype(symbol, [anyrange, anymultirange], bool, compute, description, null, true),
  ];
}

const inMany = (ranges: Many, value: Datum, subtype: SqlType): boolean =>
  ranges.some((range) => containsValue(range, value, subtype));

const sets = [anymultirange, anymultirange];
const operators: readonly ScalarFunction[] = [
  ...mixed('@>', containsAll, 'Contains.', ["'{[2,4)}'::int4multirange @> '{[2,3)}'::int4multirange", 't']),
  ...mixed('<@', (a, b, subtype) => containsAll(b, a, subtype), 'Is contained in.', null),
  bySubtype(
    '@>',
    [anymultirange, anyelement],
    bool,
    (a: SqlMultirange, b: Datum, subtype) => inMany(a.ranges, b, subtype),
    'Contains the value.',
    ["'{[1,3),[5,7)}'::int4multirange @> 6", 't'],
    true,
  ),
  bySubtype(
    '<@',
    [anyelement, anymultirange],
    bool,
    (a: Datum, b: SqlMultirange, subtype) => inMany(b.ranges, a, subtype),
    'Is contained in the multirange.',
    null,
    true,
  ),
  ...mixed('&&', overlapping, 'Overlap.', ["'{[3,7)}'::int4multirange && '{[4,12)}'::int4multirange", 't']),
  ...mixed('<<', before, 'Strictly left of.', [
    "'{[1,10)}'::int4multirange << '{[100,110)}'::int4multirange",
    't',
  ]),
  ...mixed('>>', (a, b, subtype) => before(b, a, subtype), 'Strictly right of.', null),
  ...mixed(
    '&<',
    (a, b, subtype) => a.length > 0 && b.length > 0 && compareUpper(a.at(-1)!, b.at(-1)!, subtype) <= 0,
    'Does not extend to the right of.',
    null,
  ),
  ...mixed(
    '&>',
    (a, b, subtype) => a.length > 0 && b.length > 0 && compareLower(a[0]!, b[0]!, subtype) >= 0,
    'Does not extend to the left of.',
    null,
  ),
  ...mixed('-|-', adjacent, 'Are adjacent.', [
    "'{[1,3)}'::int4multirange -|- '{[3,5)}'::int4multirange",
    't',
  ]),
  bySubtype(
    '+',
    sets,
    anymultirange,
    (a: SqlMultirange, b: SqlMultirange, subtype) => makeMultirange([...a.ranges, ...b.ranges], subtype),
    'Union.',
    ["'{[5,10)}'::int4multirange + '{[15,20)}'::int4multirange", '{[5,10),[15,20)}'],
    true,
  ),
  bySubtype(
    '*',
    sets,
    anymultirange,
    (a: SqlMultirange, b: SqlMultirange, subtype) => intersect(a.ranges, b.ranges, subtype),
    'Intersection.',
    ["'{[5,15)}'::int4multirange * '{[10,20)}'::int4multirange", '{[10,15)}'],
    true,
  ),
  bySubtype(
    '-',
    sets,
    anymultirange,
    (a: SqlMultirange, b: SqlMultirange, subtype) => subtract(a.ranges, b.ranges, subtype),
    'Difference.',
    ["'{[5,20)}'::int4multirange - '{[10,15)}'::int4multirange", '{[5,10),[15,20)}'],
    true,
  ),
];

const first = (a: SqlMultirange): SqlRange => a.ranges[0] ?? SqlRange.empty;
const last = (a: SqlMultirange): SqlRange => a.ranges.at(-1) ?? SqlRange.empty;
type OfMultirange = (a: SqlMultirange) => Datum;

const bounds: readonly (readonly [string, number, OfMultirange, string, string, string])[] = [
  ['lower', anyelement, (a) => first(a).lower, 'Lower bound.', '{[1,5),[7,9)}', '1'],
  ['upper', anyelement, (a) => last(a).upper, 'Upper bound.', '{[1,5),[7,9)}', '9'],
  ['isempty', bool, (a) => a.ranges.length === 0, 'Whether there is nothing in it.', '{}', 't'],
  [
    'lower_inc',
    bool,
    (a) => first(a).isLowerInclusive,
    'Whether the lower bound is inclusive.',
    '{[1,5)}',
    't',
  ],
  [
    'upper_inc',
    bool,
    (a) => last(a).isUpperInclusive,
    'Whether the upper bound is inclusive.',
    '{[1,5)}',
    'f',
  ],
  [
    'lower_inf',
    bool,
    (a) => a.ranges.length > 0 && first(a).lower === null,
    'Whether it has no lower bound.',
    '{(,5)}',
    't',
  ],
  [
    'upper_inf',
    bool,
    (a) => a.ranges.length > 0 && last(a).upper === null,
    'Whether it has no upper bound.',
    '{[5,)}',
    't',
  ],
];

export const multirangeFunctions: readonly ScalarFunction[] = [
  ...constructors,
  ...operators,
  ...bounds.map(([name, returns, of, description, literal, result]) =>
    fn(name, [anymultirange], returns, (_, a: SqlMultirange) => of(a), description, [
      `${name}('${literal}'::int4multirange)`,
      result,
    ]),
  ),
  ...overloads(
    'multirange',
    'A multirange of one range.',
    ["multirange('[1,2)'::int4range)", '{[1,2)}'],
    [
      [
        [anyrange],
        anymultirange,
        (_, a: SqlRange) => (a.isEmpty ? SqlMultirange.empty : new SqlMultirange([a])),
      ],
    ],
  ),
  bySubtype(
    'range_merge',
    [anymultirange],
    anyrange,
    (a: SqlMultirange, _b: never, subtype) =>
      a.ranges.length === 0 ? SqlRange.empty : merge(first(a), last(a), subtype),
    'Smallest range that holds all of it.',
    ["range_merge('{[1,2),[3,4)}'::int4multirange)", '[1,4)'],
    false,
  ),
];

export const multirangeRowFunctions: readonly TableFunction[] = [
  tableFn(
    'unnest',
    [anymultirange],
    [{ name: 'unnest', type: anyrange }],
    (_context, [value]) => (value as SqlMultirange).ranges.map((range) => [range]),
    'The ranges of a multirange, in order.',
    ["SELECT unnest('{[1,2),[3,4)}'::int4multirange)", '[1,2), [3,4)'],
  ),
];

interface Gathered {
  ranges: SqlRange[] | null;
}

function unspecialized(): never {
  throw new TypeError('a polymorphic aggregate was called before it was specialised');
}

type Combine = (kept: SqlRange[], added: Many, subtype: SqlType) => SqlRange[];

/** An aggregate that keeps a list of ranges. */
function gathering(
  name: string,
  arg: number,
  returns: number,
  combine: Combine,
  finish: (ranges: readonly SqlRange[], subtype: SqlType) => Datum,
  description: string,
): AggregateFunction {
  const build = (argType: SqlType | null, resultType: SqlType | null): AggregateFunction => {
    const range = argType === null ? null : (argType.multirangeOf ?? argType);
    const subtype = range === null || range.rangeSubtype === null ? null : boundTypeOf(range);
    const many = (value: Datum): Many =>
      value instanceof SqlRange ? [value] : (value as SqlMultirange).ranges;
    return {
      kind: 'aggregate',
      name,
      args: [argType?.oid ?? arg],
      returns: resultType?.oid ?? returns,
      strict: true,
      keepsArguments: combine === append,
      init: (): Gathered => ({ ranges: null }),
      step: (state: Gathered, _c, value: Datum) => {
        if (subtype === null) return unspecialized();
        state.ranges = state.ranges === null ? [...many(value)] : combine(state.ranges, many(value), subtype);
      },
      final: (state: Gathered) =>
        state.ranges === null || subtype === null ? null : finish(state.ranges, subtype),
      description,
      ...(argType === null
        ? { specialize: (types: readonly SqlType[], result: SqlType) => build(types[0] as SqlType, result) }
        : {}),
    };
  };
  return build(null, null);
}

const append: Combine = (kept, added) => {
  for (const range of added) kept.push(range);
  return kept;
};
const narrowed: Combine = (kept, added, subtype) => [...intersect(kept, added, subtype).ranges];
const single = (ranges: readonly SqlRange[]): SqlRange => ranges[0] ?? SqlRange.empty;

export const rangeAggregates: readonly AggregateFunction[] = [
  gathering('range_agg', anyrange, anymultirange, append, makeMultirange, 'All values as one multirange.'),
  gathering(
    'range_agg',
    anymultirange,
    anymultirange,
    append,
    makeMultirange,
    'All values as one multirange.',
  ),
  gathering('range_intersect_agg', anyrange, anyrange, narrowed, single, 'What all ranges share.'),
  gathering(
    'range_intersect_agg',
    anymultirange,
    anymultirange,
    narrowed,
    makeMultirange,
    'What all multiranges share.',
  ),
];

/** The cast of a range to its multirange type. */
export function multirangeCast(type: SqlType): ScalarFunction {
  const range = type.multirangeOf!;
  return fn(
    type.name,
    [range.oid],
    type.oid,
    (_, one: SqlRange) => makeMultirange([one], range.rangeSubtype!),
    `Converts ${range.name} to ${type.name}.`,
    null,
  );
}

export const multirangeCasts: readonly CastEntry[] = MULTIRANGES.map((oid) => {
  const type = builtinType(oid);
  return { source: type.multirangeOf!.oid, target: oid, context: 'explicit', fn: multirangeCast(type) };
});

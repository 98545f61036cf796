/**
 * Range constructors, operators and functions.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid as T } from '../types/oids.ts';
import {
  boundTypeOf,
  compareLower,
  compareUpper,
  isAdjacent,
  makeRange,
  type SqlRange,
} from '../types/range.ts';
import { builtinType } from '../types/registry.ts';
import { domainBase, type SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { fn } from './define.ts';
import type { ScalarFunction } from './function.ts';
import {
  contains,
  containsValue,
  difference,
  intersection,
  isBefore,
  merge,
  overlaps,
  union,
} from './range-kernel.ts';

const { bool, text, anyrange, anyelement } = T;
type Example = readonly [string, string];

/** The function that makes a range from its bounds; it has the type's name. */
export function rangeConstructor(range: SqlType): ScalarFunction {
  const { oid, rangeSubtype } = range;
  const subtype = rangeSubtype!;
  return fn(
    range.name,
    [subtype.oid, subtype.oid, text],
    oid,
    (_, lower: Datum, upper: Datum, bounds: string | null) => {
      if (bounds === null)
        throw new DecentDbError('22000', 'range constructor flags argument must not be null');
      return makeRange(boundTypeOf(range), lower, upper, bounds);
    },
    `A ${range.name} from its bounds; NULL bounds are infinite.`,
    oid === T.int4range ? ["int4range(1, 5, '[]')", '[1,6)'] : null,
    { strict: false, defaults: ['[)'] },
  );
}

const constructors: readonly ScalarFunction[] = [
  T.int4range,
  T.int8range,
  T.numrange,
  T.daterange,
  T.tsrange,
  T.tstzrange,
].map((oid) => rangeConstructor(builtinType(oid)));

function unspecialized(): never {
  throw new TypeError('a polymorphic function was called before it was specialised');
}

export type OnRanges = (a: never, b: never, subtype: SqlType) => Datum;

/** The subtype of the range or multirange type among some types. */
function subtypeAmong(types: readonly SqlType[]): SqlType {
  for (const type of types) {
    const base = domainBase(type);
    const range = base.multirangeOf ?? base;
    if (range.rangeSubtype !== null) return boundTypeOf(range);
  }
  throw new TypeError('a range function was specialised without a range');
}

/** A function or operator that must know the subtype. */
export function bySubtype(
  name: string,
  args: readonly number[],
  returns: number,
  compute: OnRanges,
  description: string,
  example: Example | null,
  isOperator: boolean,
): ScalarFunction {
  const shape = isOperator ? { operator: { symbol: name } } : {};
  return fn(name, args, returns, unspecialized, description, example, {
    ...shape,
    specialize: (types, result) => {
      const subtype = subtypeAmong(types);
      return fn(
        name,
        types.map((type) => type.oid),
        result.oid,
        (_, a: Datum, b: Datum) => compute(a as never, b as never, subtype),
        description,
        null,
        shape,
      );
    },
  });
}

const both = [anyrange, anyrange];
const operators: readonly ScalarFunction[] = [
  bySubtype(
    '@>',
    both,
    bool,
    contains,
    'Contains the range.',
    ["'[2,4)'::int4range @> '[2,3)'::int4range", 't'],
    true,
  ),
  bySubtype(
    '@>',
    [anyrange, anyelement],
    bool,
    containsValue,
    'Contains the value.',
    ["'[2011-01-01,2011-03-01)'::daterange @> '2011-01-10'::date", 't'],
    true,
  ),
  bySubtype(
    '<@',
    both,
    bool,
    (a: SqlRange, b: SqlRange, subtype) => contains(b, a, subtype),
    'Is contained in the range.',
    null,
    true,
  ),
  bySubtype(
    '<@',
    [anyelement, anyrange],
    bool,
    (a: Datum, b: SqlRange, subtype) => containsValue(b, a, subtype),
    'Is contained in the range.',
    ["42 <@ '[1,7)'::int4range", 'f'],
    true,
  ),
  bySubtype(
    '&&',
    both,
    bool,
    overlaps,
    'Ranges overlap.',
    ["'[3,7)'::int4range && '[4,12)'::int4range", 't'],
    true,
  ),
  bySubtype(
    '<<',
    both,
    bool,
    isBefore,
    'Strictly left of.',
    ["'[1,10)'::int4range << '[100,110)'::int4range", 't'],
    true,
  ),
  bySubtype(
    '>>',
    both,
    bool,
    (a: SqlRange, b: SqlRange, subtype) => isBefore(b, a, subtype),
    'Strictly right of.',
    null,
    true,
  ),
  bySubtype(
    '&<',
    both,
    bool,
    (a: SqlRange, b: SqlRange, subtype) => !a.isEmpty && !b.isEmpty && compareUpper(a, b, subtype) <= 0,
    'Does not extend to the right of.',
    null,
    true,
  ),
  bySubtype(
    '&>',
    both,
    bool,
    (a: SqlRange, b: SqlRange, subtype) => !a.isEmpty && !b.isEmpty && compareLower(a, b, subtype) >= 0,
    'Does not extend to the left of.',
    null,
    true,
  ),
  bySubtype(
    '-|-',
    both,
    bool,
    isAdjacent,
    'Ranges are adjacent.',
    ["'[1,3)'::int4range -|- '[3,5)'::int4range", 't'],
    true,
  ),
  bySubtype(
    '+',
    both,
    anyrange,
    union,
    'Union.',
    ["'[5,15)'::int4range + '[10,20)'::int4range", '[5,20)'],
    true,
  ),
  bySubtype(
    '*',
    both,
    anyrange,
    intersection,
    'Intersection.',
    ["'[5,15)'::int4range * '[10,20)'::int4range", '[10,15)'],
    true,
  ),
  bySubtype(
    '-',
    both,
    anyrange,
    difference,
    'Difference.',
    ["'[5,15)'::int4range - '[10,20)'::int4range", '[5,10)'],
    true,
  ),
];

export const rangeFunctions: readonly ScalarFunction[] = [
  ...constructors,
  ...operators,
  fn('lower', [anyrange], anyelement, (_, a: SqlRange) => a.lower, 'Lower bound.', [
    "lower('[1,5)'::int4range)",
    '1',
  ]),
  fn('upper', [anyrange], anyelement, (_, a: SqlRange) => a.upper, 'Upper bound.', [
    "upper('[1,5)'::int4range)",
    '5',
  ]),
  fn('isempty', [anyrange], bool, (_, a: SqlRange) => a.isEmpty, 'Whether the range is empty.', [
    "isempty('[1,1)'::int4range)",
    't',
  ]),
  fn(
    'lower_inc',
    [anyrange],
    bool,
    (_, a: SqlRange) => a.isLowerInclusive,
    'Whether the lower bound is inclusive.',
    ["lower_inc('[1,5)'::int4range)", 't'],
  ),
  fn(
    'upper_inc',
    [anyrange],
    bool,
    (_, a: SqlRange) => a.isUpperInclusive,
    'Whether the upper bound is inclusive.',
    ["upper_inc('[1,5)'::int4range)", 'f'],
  ),
  fn(
    'lower_inf',
    [anyrange],
    bool,
    (_, a: SqlRange) => !a.isEmpty && a.lower === null,
    'Whether the lower bound is infinite.',
    ["lower_inf('(,5)'::int4range)", 't'],
  ),
  fn(
    'upper_inf',
    [anyrange],
    bool,
    (_, a: SqlRange) => !a.isEmpty && a.upper === null,
    'Whether the upper bound is infinite.',
    ["upper_inf('[1,)'::int4range)", 't'],
  ),
  bySubtype(
    'range_merge',
    both,
    anyrange,
    merge,
    'Smallest range that holds both.',
    ["range_merge('[1,2)'::int4range, '[3,4)'::int4range)", '[1,4)'],
    false,
  ),
];

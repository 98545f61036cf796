/**
 * Range constructors, operators and functions.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid as T } from '../types/oids.ts';
import { compareLower, compareUpper, makeRange, SqlRange } from '../types/range.ts';
import { builtinType } from '../types/registry.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { fn } from './define.ts';
import type { ScalarFunction } from './function.ts';

const { bool, text, anyrange, anyelement } = T;
type Example = readonly [string, string];

const constructors: readonly ScalarFunction[] = [
  T.int4range,
  T.int8range,
  T.numrange,
  T.daterange,
  T.tsrange,
  T.tstzrange,
].map((oid) => {
  const range = builtinType(oid);
  const subtype = range.rangeSubtype!;
  return fn(
    range.name,
    [subtype.oid, subtype.oid, text],
    oid,
    (_, lower: Datum, upper: Datum, bounds: string | null) => {
      if (bounds === null)
        throw new DecentDbError('22000', 'range constructor flags argument must not be null');
      return makeRange(subtype, lower, upper, bounds);
    },
    `A ${range.name} from its bounds; NULL bounds are infinite.`,
    oid === T.int4range ? ["int4range(1, 5, '[]')", '[1,6)'] : null,
    { strict: false, defaults: ['[)'] },
  );
});

function unspecialized(): never {
  throw new TypeError('a polymorphic function was called before it was specialised');
}

type OnRanges = (a: never, b: never, subtype: SqlType) => Datum;

/** A function or operator that must know the subtype. */
function bySubtype(
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
      const subtype = types.find((type) => type.rangeSubtype !== null)!.rangeSubtype!;
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

function containsValue(range: SqlRange, value: Datum, subtype: SqlType): boolean {
  if (range.isEmpty) return false;
  if (range.lower !== null) {
    const order = subtype.compare(range.lower, value);
    if (order > 0 || (order === 0 && !range.isLowerInclusive)) return false;
  }
  if (range.upper !== null) {
    const order = subtype.compare(range.upper, value);
    if (order < 0 || (order === 0 && !range.isUpperInclusive)) return false;
  }
  return true;
}

function contains(a: SqlRange, b: SqlRange, subtype: SqlType): boolean {
  if (b.isEmpty) return true;
  return !a.isEmpty && compareLower(a, b, subtype) <= 0 && compareUpper(a, b, subtype) >= 0;
}

/** Order of the upper bound of `a` and the lower bound of `b`: below zero when a ends before b starts. */
function compareEnds(a: SqlRange, b: SqlRange, subtype: SqlType): number {
  if (a.upper === null || b.lower === null) return 1;
  const order = subtype.compare(a.upper, b.lower);
  if (order !== 0) return order;
  return a.isUpperInclusive && b.isLowerInclusive ? 0 : -1;
}

function isBefore(a: SqlRange, b: SqlRange, subtype: SqlType): boolean {
  return !a.isEmpty && !b.isEmpty && compareEnds(a, b, subtype) < 0;
}

function overlaps(a: SqlRange, b: SqlRange, subtype: SqlType): boolean {
  return !a.isEmpty && !b.isEmpty && !isBefore(a, b, subtype) && !isBefore(b, a, subtype);
}

function isAdjacent(a: SqlRange, b: SqlRange, subtype: SqlType): boolean {
  if (a.isEmpty || b.isEmpty) return false;
  const touches = (x: SqlRange, y: SqlRange): boolean =>
    x.upper !== null &&
    y.lower !== null &&
    subtype.compare(x.upper, y.lower) === 0 &&
    x.isUpperInclusive !== y.isLowerInclusive;
  return touches(a, b) || touches(b, a);
}

function rebuild(lower: SqlRange, upper: SqlRange, subtype: SqlType): SqlRange {
  return makeRange(
    subtype,
    lower.lower,
    upper.upper,
    `${lower.isLowerInclusive ? '[' : '('}${upper.isUpperInclusive ? ']' : ')'}`,
  );
}

function merge(a: SqlRange, b: SqlRange, subtype: SqlType): SqlRange {
  if (a.isEmpty) return b;
  if (b.isEmpty) return a;
  return rebuild(compareLower(a, b, subtype) <= 0 ? a : b, compareUpper(a, b, subtype) >= 0 ? a : b, subtype);
}

function union(a: SqlRange, b: SqlRange, subtype: SqlType): SqlRange {
  if (!a.isEmpty && !b.isEmpty && !overlaps(a, b, subtype) && !isAdjacent(a, b, subtype)) {
    throw new DecentDbError('22000', 'result of range union would not be contiguous');
  }
  return merge(a, b, subtype);
}

function intersection(a: SqlRange, b: SqlRange, subtype: SqlType): SqlRange {
  if (!overlaps(a, b, subtype)) return SqlRange.empty;
  return rebuild(compareLower(a, b, subtype) >= 0 ? a : b, compareUpper(a, b, subtype) <= 0 ? a : b, subtype);
}

function difference(a: SqlRange, b: SqlRange, subtype: SqlType): SqlRange {
  if (!overlaps(a, b, subtype)) return a;
  const startsFirst = compareLower(a, b, subtype) < 0;
  const endsLast = compareUpper(a, b, subtype) > 0;
  if (startsFirst && endsLast)
    throw new DecentDbError('22000', 'result of range difference would not be contiguous');
  if (startsFirst)
    return makeRange(
      subtype,
      a.lower,
      b.lower,
      `${a.isLowerInclusive ? '[' : '('}${b.isLowerInclusive ? ')' : ']'}`,
    );
  if (endsLast)
    return makeRange(
      subtype,
      b.upper,
      a.upper,
      `${b.isUpperInclusive ? '(' : '['}${a.isUpperInclusive ? ']' : ')'}`,
    );
  return SqlRange.empty;
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

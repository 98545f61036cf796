/**
 * Array functions and operators.
 */
import { DecentDbError } from '../base/errors.ts';
import { ARRAY_ELEMENTS_MAX, arrayTooLarge, SqlArray } from '../types/array.ts';
import { Oid as T } from '../types/oids.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { requireHeapFor } from '../vfs/heap.ts';
import { appendElement, concatenateArrays } from './array-kernel.ts';
import { requireElementEquality } from './comparison.ts';
import { type Evaluate, fn, op, overloads } from './define.ts';
import type { ScalarFunction } from './function.ts';
import { splitText } from './split-text.ts';

const { anyarray, anyelement, anycompatible, anycompatiblearray, int4, text, textArray, int4Array, bool } = T;

function unspecialized(): never {
  throw new TypeError('a polymorphic function was called before it was specialised');
}

/** A function that must know the element type of its first array argument. */
function byElement(
  name: string,
  args: readonly number[],
  returns: number,
  make: (element: SqlType) => Evaluate,
  description: string,
  example: readonly [string, string] | null,
  strict = true,
  symbol: string | null = null,
): ScalarFunction {
  const operator = symbol === null ? {} : { operator: { symbol } };
  return fn(name, args, returns, unspecialized, description, example, {
    strict,
    ...operator,
    specialize: (types, result) => {
      const element = types.find((type) => type.elementType !== null)!.elementType!;
      if (name !== 'array_to_string') requireElementEquality(element);
      return fn(
        name,
        types.map((type) => type.oid),
        result.oid,
        make(element),
        description,
        null,
        { strict, volatility: 'stable', ...operator },
      );
    },
  });
}

type MaybeArray = SqlArray | null;

function bothArrays(a: MaybeArray, b: MaybeArray): MaybeArray {
  if (a === null || b === null) return a ?? b;
  return concatenateArrays(a, b);
}

const building: readonly ScalarFunction[] = [
  fn(
    'array_append',
    [anycompatiblearray, anycompatible],
    anycompatiblearray,
    (_, a: MaybeArray, b: Datum) => appendElement(a, b, false),
    'Appends an element.',
    ['array_append(ARRAY[1,2], 3)', '{1,2,3}'],
    { strict: false },
  ),
  fn(
    'array_prepend',
    [anycompatible, anycompatiblearray],
    anycompatiblearray,
    (_, a: Datum, b: MaybeArray) => appendElement(b, a, true),
    'Prepends an element.',
    ['array_prepend(1, ARRAY[2,3])', '{1,2,3}'],
    { strict: false },
  ),
  fn(
    'array_cat',
    [anycompatiblearray, anycompatiblearray],
    anycompatiblearray,
    (_, a: MaybeArray, b: MaybeArray) => bothArrays(a, b),
    'Joins two arrays.',
    ['array_cat(ARRAY[1,2,3], ARRAY[4,5])', '{1,2,3,4,5}'],
    { strict: false },
  ),
  op(
    '||',
    [anycompatiblearray, anycompatible],
    anycompatiblearray,
    (_, a: MaybeArray, b: Datum) => appendElement(a, b, false),
    'Appends an element.',
    ['ARRAY[4,5,6] || 7', '{4,5,6,7}'],
    { strict: false },
  ),
  op(
    '||',
    [anycompatible, anycompatiblearray],
    anycompatiblearray,
    (_, a: Datum, b: MaybeArray) => appendElement(b, a, true),
    'Prepends an element.',
    ['3 || ARRAY[4,5,6]', '{3,4,5,6}'],
    { strict: false },
  ),
  op(
    '||',
    [anycompatiblearray, anycompatiblearray],
    anycompatiblearray,
    (_, a: MaybeArray, b: MaybeArray) => bothArrays(a, b),
    'Joins two arrays.',
    ['ARRAY[1,2,3] || ARRAY[4,5,6]', '{1,2,3,4,5,6}'],
    { strict: false },
  ),
  ...overloads(
    'array_fill',
    'An array of one value.',
    ['array_fill(11, ARRAY[2,3])', '{{11,11,11},{11,11,11}}'],
    [
      [
        [anyelement, int4Array],
        anyarray,
        (_, value: Datum, lengths: MaybeArray) => fill(value, lengths, 'ones'),
      ],
      [
        [anyelement, int4Array, int4Array],
        anyarray,
        (_, value: Datum, lengths: MaybeArray, bounds: MaybeArray) => fill(value, lengths, bounds),
      ],
    ],
    { strict: false },
  ),
];

/** `bounds` 'ones': subscripts start at 1. */
function fill(value: Datum, lengths: MaybeArray, bounds: MaybeArray | 'ones'): SqlArray {
  if (lengths === null || bounds === null)
    throw new DecentDbError('22004', 'dimension array or low bound array cannot be null');
  const sizes = lengths.elements as readonly (number | null)[];
  if (lengths.dimensions > 1 || (bounds !== 'ones' && bounds.dimensions > 1)) {
    throw new DecentDbError('2202E', 'wrong number of array subscripts', {
      detail: 'Dimension array must be one dimensional.',
    });
  }
  if (sizes.includes(null) || (bounds !== 'ones' && bounds.elements.includes(null)))
    throw new DecentDbError('22004', 'dimension values cannot be null');
  if (bounds !== 'ones' && bounds.elements.length !== sizes.length) {
    throw new DecentDbError('2202E', 'wrong number of array subscripts', {
      detail: 'Low bound array has different size than dimensions array.',
    });
  }
  const count = (sizes as number[]).reduce((product, size) => product * size, 1);
  if ((sizes as number[]).some((size) => size < 0)) throw arrayTooLarge();
  if (sizes.length === 0 || count === 0) return SqlArray.empty;
  if (count > ARRAY_ELEMENTS_MAX) throw arrayTooLarge();
  requireHeapFor(count * 8);
  return new SqlArray(
    new Array<Datum>(count).fill(value),
    sizes as number[],
    bounds === 'ones' ? sizes.map(() => 1) : (bounds.elements as number[]),
  );
}

function dimension(array: SqlArray, index: number, of: (at: number) => number): Datum {
  return index < 1 || index > array.dimensions ? null : of(index - 1);
}

const measuring: readonly ScalarFunction[] = [
  fn(
    'array_length',
    [anyarray, int4],
    int4,
    (_, a: SqlArray, d: number) => dimension(a, d, (i) => a.lengths[i]!),
    'Length of a dimension.',
    ['array_length(ARRAY[1,2,3], 1)', '3'],
  ),
  fn('array_ndims', [anyarray], int4, (_, a: SqlArray) => a.dimensions || null, 'Number of dimensions.', [
    'array_ndims(ARRAY[[1,2,3],[4,5,6]])',
    '2',
  ]),
  fn(
    'array_dims',
    [anyarray],
    text,
    (_, a: SqlArray) =>
      a.dimensions === 0
        ? null
        : a.lengths.map((length, i) => `[${a.lowerBounds[i]}:${a.lowerBounds[i]! + length - 1}]`).join(''),
    'Dimensions as text.',
    ['array_dims(ARRAY[[1,2,3],[4,5,6]])', '[1:2][1:3]'],
  ),
  fn(
    'array_lower',
    [anyarray, int4],
    int4,
    (_, a: SqlArray, d: number) => dimension(a, d, (i) => a.lowerBounds[i]!),
    'Lower bound of a dimension.',
    ["array_lower('[0:2]={1,2,3}'::int[], 1)", '0'],
  ),
  fn(
    'array_upper',
    [anyarray, int4],
    int4,
    (_, a: SqlArray, d: number) => dimension(a, d, (i) => a.lowerBounds[i]! + a.lengths[i]! - 1),
    'Upper bound of a dimension.',
    ['array_upper(ARRAY[1,8,3,7], 1)', '4'],
  ),
  fn('cardinality', [anyarray], int4, (_, a: SqlArray) => a.elements.length, 'Number of elements.', [
    'cardinality(ARRAY[[1,2],[3,4]])',
    '4',
  ]),
];

function isSame(element: SqlType, a: Datum, b: Datum): boolean {
  return a === null || b === null ? a === b : element.equals(a, b);
}

function oneDimensional(array: SqlArray, what: string): void {
  if (array.dimensions > 1)
    throw new DecentDbError('0A000', `${what} in multidimensional arrays is not supported`);
}

/** Positions at which an element stands, from `start` on. */
function positions(element: SqlType, array: SqlArray, wanted: Datum, start: number | null): number[] {
  oneDimensional(array, 'searching for elements');
  const first = array.lowerBounds[0] ?? 1;
  const found: number[] = [];
  array.elements.forEach((item, i) => {
    if (first + i >= (start ?? first) && isSame(element, item, wanted)) found.push(first + i);
  });
  return found;
}

function without(element: SqlType, array: MaybeArray, unwanted: Datum): MaybeArray {
  if (array === null) return null;
  oneDimensional(array, 'removing elements');
  const kept = array.elements.filter((item) => !isSame(element, item, unwanted));
  if (kept.length === array.elements.length) return array;
  return kept.length === 0 ? SqlArray.empty : new SqlArray(kept, [kept.length], array.lowerBounds);
}

const searching: readonly ScalarFunction[] = [
  byElement(
    'array_position',
    [anycompatiblearray, anycompatible],
    int4,
    (element) => (_, a: MaybeArray, b: Datum) =>
      a === null ? null : (positions(element, a, b, null)[0] ?? null),
    'First position of an element.',
    ["array_position(ARRAY['sun','mon','tue'], 'mon')", '2'],
    false,
  ),
  byElement(
    'array_position',
    [anycompatiblearray, anycompatible, int4],
    int4,
    (element) => (_, a: MaybeArray, b: Datum, from: number | null) => {
      if (from === null) throw new DecentDbError('22004', 'initial position must not be null');
      return a === null ? null : (positions(element, a, b, from)[0] ?? null);
    },
    'First position of an element from a start.',
    null,
    false,
  ),
  byElement(
    'array_positions',
    [anycompatiblearray, anycompatible],
    int4Array,
    (element) => (_, a: MaybeArray, b: Datum) =>
      a === null ? null : SqlArray.of(positions(element, a, b, null)),
    'All positions of an element.',
    ["array_positions(ARRAY['A','A','B','A'], 'A')", '{1,2,4}'],
    false,
  ),
  byElement(
    'array_remove',
    [anycompatiblearray, anycompatible],
    anycompatiblearray,
    (element) => (_, a: MaybeArray, b: Datum) => without(element, a, b),
    'Removes an element everywhere.',
    ['array_remove(ARRAY[1,2,3,2], 2)', '{1,3}'],
    false,
  ),
  byElement(
    'array_replace',
    [anycompatiblearray, anycompatible, anycompatible],
    anycompatiblearray,
    (element) => (_, a: MaybeArray, from: Datum, to: Datum) =>
      a === null
        ? null
        : new SqlArray(
            a.elements.map((item) => (isSame(element, item, from) ? to : item)),
            a.lengths,
            a.lowerBounds,
          ),
    'Replaces an element everywhere.',
    ['array_replace(ARRAY[1,2,5,4], 5, 3)', '{1,2,3,4}'],
    false,
  ),
  ...containment(
    '@>',
    'Contains every element of the other.',
    ['ARRAY[1,4,3] @> ARRAY[3,1]', 't'],
    (element, a, b) => containsAll(element, a, b),
  ),
  ...containment(
    '<@',
    'Is contained in the other.',
    ['ARRAY[2,2,7] <@ ARRAY[1,7,4,2,6]', 't'],
    (element, a, b) => containsAll(element, b, a),
  ),
  ...containment('&&', 'Have elements in common.', ['ARRAY[1,4,3] && ARRAY[2,1]', 't'], (element, a, b) =>
    overlapsWith(element, a, b),
  ),
];

function containment(
  symbol: string,
  description: string,
  example: readonly [string, string],
  test: (element: SqlType, a: SqlArray, b: SqlArray) => boolean,
): ScalarFunction[] {
  return [
    byElement(
      symbol,
      [anyarray, anyarray],
      bool,
      (element) => (_, a: SqlArray, b: SqlArray) => test(element, a, b),
      description,
      example,
      true,
      symbol,
    ),
  ];
}

/** Elements by hash, for tests of membership in linear time. */
function index(element: SqlType, array: SqlArray): (value: Datum) => boolean {
  const buckets = new Map<number, Datum[]>();
  for (const item of array.elements) {
    if (item === null) continue;
    const key = element.hash(item);
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [item]);
    else bucket.push(item);
  }
  return (value) =>
    value !== null &&
    (buckets.get(element.hash(value))?.some((item) => element.equals(item, value)) ?? false);
}

function containsAll(element: SqlType, a: SqlArray, b: SqlArray): boolean {
  if (b.elements.length === 0) return true;
  const has = index(element, a);
  return b.elements.every(has);
}

function overlapsWith(element: SqlType, a: SqlArray, b: SqlArray): boolean {
  const has = index(element, a);
  return b.elements.some(has);
}

function split(source: string, separator: string | null, nullText: string | null): SqlArray {
  if (source === '') return SqlArray.empty;
  const parts = splitText(source, separator);
  return SqlArray.of(nullText === null ? parts : parts.map((part) => (part === nullText ? null : part)));
}

const texts: readonly ScalarFunction[] = [
  ...[false, true].map((hasNull) =>
    byElement(
      'array_to_string',
      hasNull ? [anyarray, text, text] : [anyarray, text],
      text,
      (element) => (c, a: MaybeArray, separator: string | null, given?: Datum) => {
        const nullText = (given ?? null) as string | null;
        if (a === null || separator === null) return null;
        const parts: string[] = [];
        for (const item of a.elements) {
          if (item !== null) parts.push(element.output(item, c.typeSettings));
          else if (nullText !== null) parts.push(nullText);
        }
        return parts.join(separator);
      },
      'Elements as text with a separator; NULLs left out or replaced.',
      hasNull ? ["array_to_string(ARRAY[1,2,NULL,5], ',', '*')", '1,2,*,5'] : null,
      false,
    ),
  ),
  ...overloads(
    'string_to_array',
    'Splits a text into an array.',
    ["string_to_array('xx~~yy~~zz', '~~', 'yy')", '{xx,NULL,zz}'],
    [
      [
        [text, text, text],
        textArray,
        (_, a: string | null, b: string | null, c: string | null) => (a === null ? null : split(a, b, c)),
      ],
      [
        [text, text],
        textArray,
        (_, a: string | null, b: string | null) => (a === null ? null : split(a, b, null)),
      ],
    ],
    { strict: false },
  ),
];

/** The parts along the first dimension. */
function slabs(array: SqlArray): Datum[][] {
  const count = array.lengths[0] ?? 0;
  const size = count === 0 ? 0 : array.elements.length / count;
  return Array.from({ length: count }, (_, i) => array.elements.slice(i * size, (i + 1) * size));
}

function fromSlabs(
  parts: readonly (readonly Datum[])[],
  like: SqlArray,
  bounds: readonly number[] = like.lowerBounds,
): SqlArray {
  return parts.length === 0
    ? SqlArray.empty
    : new SqlArray(parts.flat(), [parts.length, ...like.lengths.slice(1)], bounds);
}

function shuffle(array: SqlArray, count: number, random: () => number): SqlArray {
  const parts = slabs(array);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (parts.length - i));
    [parts[i], parts[j]] = [parts[j]!, parts[i]!];
  }
  return fromSlabs(
    parts.slice(0, count),
    array,
    count === parts.length ? array.lowerBounds : array.lengths.map(() => 1),
  );
}

function trimmed(array: SqlArray, count: number): SqlArray {
  const length = array.lengths[0] ?? 0;
  if (count < 0 || count > length)
    throw new DecentDbError('2202E', `number of elements to trim must be between 0 and ${length}`);
  const parts = slabs(array).slice(0, length - count);
  return fromSlabs(
    parts,
    array,
    array.lengths.map(() => 1),
  );
}

/** An array of arrays sorts its first dimension, each row as an array. */
function sortedRows(element: SqlType, array: SqlArray, sign: number, isNullsFirst: boolean): SqlArray {
  const [count = 0] = array.lengths;
  const width = array.elements.length / count;
  const rows = Array.from({ length: count }, (_, i) => array.elements.slice(i * width, (i + 1) * width));
  const order = (a: Datum, b: Datum): number => {
    if (a === null || b === null) return a === b ? 0 : (a === null) === isNullsFirst ? -sign : sign;
    return element.compare(a, b);
  };
  rows.sort((a, b) => {
    for (let i = 0; i < width; i++) {
      const found = order(a[i]!, b[i]!);
      if (found !== 0) return found * sign;
    }
    return 0;
  });
  return new SqlArray(rows.flat(), array.lengths, array.lowerBounds);
}

function sorted(element: SqlType, array: SqlArray, isDescending: boolean, isNullsFirst: boolean): SqlArray {
  const sign = isDescending ? -1 : 1;
  if (array.dimensions > 1) return sortedRows(element, array, sign, isNullsFirst);
  const nullSide = isNullsFirst ? -1 : 1;
  const items = [...array.elements].sort((a, b) =>
    a === null || b === null
      ? a === b
        ? 0
        : a === null
          ? nullSide
          : -nullSide
      : element.compare(a, b) * sign,
  );
  return new SqlArray(items, array.lengths, array.lowerBounds);
}

const ordering: readonly ScalarFunction[] = [
  fn(
    'trim_array',
    [anyarray, int4],
    anyarray,
    (_, a: SqlArray, n: number) => trimmed(a, n),
    'Removes elements from the end.',
    ['trim_array(ARRAY[1,2,3,4,5,6], 2)', '{1,2,3,4}'],
  ),
  fn(
    'array_reverse',
    [anyarray],
    anyarray,
    (_, a: SqlArray) => fromSlabs(slabs(a).reverse(), a),
    'Reverses the first dimension.',
    ['array_reverse(ARRAY[1,2,3])', '{3,2,1}'],
  ),
  byElement(
    'array_sort',
    [anyarray],
    anyarray,
    (element) => (_, a: SqlArray) => sorted(element, a, false, false),
    'Sorts the elements.',
    ['array_sort(ARRAY[3,1,2])', '{1,2,3}'],
  ),
  byElement(
    'array_sort',
    [anyarray, bool],
    anyarray,
    (element) => (_, a: SqlArray, d: boolean) => sorted(element, a, d, d),
    'Sorts the elements.',
    null,
  ),
  byElement(
    'array_sort',
    [anyarray, bool, bool],
    anyarray,
    (element) => (_, a: SqlArray, d: boolean, n: boolean) => sorted(element, a, d, n),
    'Sorts the elements.',
    null,
  ),
  fn(
    'array_shuffle',
    [anyarray],
    anyarray,
    (c, a: SqlArray) => shuffle(a, a.lengths[0] ?? 0, () => c.random()),
    'Shuffles the first dimension.',
    null,
    { volatility: 'volatile' },
  ),
  fn(
    'array_sample',
    [anyarray, int4],
    anyarray,
    (c, a: SqlArray, n: number) => {
      const length = a.lengths[0] ?? 0;
      if (n < 0 || n > length)
        throw new DecentDbError('22023', `sample size must be between 0 and ${length}`);
      return shuffle(a, n, () => c.random());
    },
    'Random elements.',
    null,
    { volatility: 'volatile' },
  ),
];

export const arrayFunctions: readonly ScalarFunction[] = [
  ...building,
  ...measuring,
  ...searching,
  ...texts,
  ...ordering,
];

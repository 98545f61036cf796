/**
 * Steps and final functions of built-in aggregates over states that are values, as PostgreSQL lets them be called and aggregates be
 * made of.
 */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import { Decimal } from '../types/decimal.ts';
import { Oid as T } from '../types/oids.ts';
import { fn } from './define.ts';
import type { ScalarFunction } from './function.ts';
import { inlineHelpers as h } from './inline-kernel.ts';

const { int2, int4, int8, numeric, float8, int8Array, float8Array } = T;

type Int8 = number | bigint;

/** Count and sum. */
function pairOf(array: SqlArray): readonly [Int8, Int8] {
  if (array.dimensions !== 1 || array.elements.length !== 2 || array.elements.includes(null))
    // PostgreSQL says XX000, which is kept for faults of the engine here.
    throw new DecentDbError('22023', 'expected 2-element int8 array');
  return array.elements as unknown as readonly [Int8, Int8];
}

function counted(array: SqlArray, value: number): SqlArray {
  const [count, sum] = pairOf(array);
  return SqlArray.of([h.addInt8(count, 1), h.addInt8(sum, value)]);
}

function float8Average(array: SqlArray): number | null {
  if (array.dimensions !== 1 || array.elements.length !== 3 || array.elements.includes(null))
    throw new DecentDbError('22023', 'float8_avg: expected 3-element float8 array');
  const [count, sum] = array.elements as readonly number[];
  return count === 0 ? null : (sum as number) / (count as number);
}

function int8Average(array: SqlArray): Decimal | null {
  const [count, sum] = pairOf(array);
  if (Number(count) === 0) return null;
  return Decimal.fromInteger(sum).divide(Decimal.fromInteger(count));
}

const intoSum = (_: unknown, sum: Int8 | null, value: number | null): Int8 | null =>
  value === null ? sum : sum === null ? value : h.addInt8(sum, value);

const STEP_OF_AVG = 'Adds a value to a count and a sum.';

export const aggregateSteps: readonly ScalarFunction[] = [
  fn('int8inc_any', [int8, T.any], int8, (_, a: Int8) => h.addInt8(a, 1), 'One more.', null),
  fn(
    'int2_avg_accum',
    [int8Array, int2],
    int8Array,
    (_, a: SqlArray, b: number) => counted(a, b),
    STEP_OF_AVG,
    ["int2_avg_accum('{1,2}', 3::int2)", '{2,5}'],
  ),
  fn(
    'int4_avg_accum',
    [int8Array, int4],
    int8Array,
    (_, a: SqlArray, b: number) => counted(a, b),
    STEP_OF_AVG,
    ["int4_avg_accum('{1,2}', 3)", '{2,5}'],
  ),
  fn(
    'int8_avg',
    [int8Array],
    numeric,
    (_, a: SqlArray) => int8Average(a),
    'The average of a count and a sum.',
    ["int8_avg('{2,5}')", '2.5000000000000000'],
  ),
  fn(
    'float8_avg',
    [float8Array],
    float8,
    (_, a: SqlArray) => float8Average(a),
    'The average of a state of variance.',
    ["float8_avg('{4,140,2900}')", '35'],
  ),
  fn(
    'int2_sum',
    [int8, int2],
    int8,
    intoSum,
    'Adds to a sum; NULLs left out.',
    ['int2_sum(4, 3::int2)', '7'],
    {
      strict: false,
    },
  ),
  fn('int4_sum', [int8, int4], int8, intoSum, 'Adds to a sum; NULLs left out.', ['int4_sum(4, 3)', '7'], {
    strict: false,
  }),
];

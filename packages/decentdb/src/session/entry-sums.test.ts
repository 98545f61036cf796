/** Sums of index entries: the same for the same set, whatever order and vectors; another one when a value changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from '../types/decimal.ts';
import { type ColumnSpec, Physical, type Vector } from '../types/vector.ts';
import { EntrySums } from './entry-sums.ts';

function sums(
  specs: readonly ColumnSpec[],
  columns: readonly Vector[],
  positions: readonly number[],
): EntrySums {
  const all = new EntrySums(specs);
  all.add((column) => columns[column]!, Int32Array.from(positions), 0, positions.length);
  return all;
}

const int64 = (values: readonly bigint[], big: boolean): Vector => ({
  physical: Physical.int64,
  values: big ? BigInt64Array.from(values) : Float64Array.from(values, Number),
  nulls: null,
});

test('order and batches do not count, rows do', () => {
  const specs: ColumnSpec[] = [{ physical: Physical.int32 }, { physical: Physical.text }];
  const a: Vector = { physical: Physical.int32, values: Int32Array.of(1, 2, 3, 2), nulls: null };
  const b: Vector = {
    physical: Physical.text,
    values: ['x', 'y', 'x', 'y'],
    nulls: Uint8Array.of(0, 0, 1, 0),
  };
  const whole = sums(specs, [a, b], [0, 1, 2]);
  const parts = new EntrySums(specs);
  parts.add((column) => [a, b][column]!, null, 2, 1);
  parts.add((column) => [a, b][column]!, Int32Array.of(1, 0), 0, 2);
  assert.ok(whole.equals(parts));
  assert.ok(!whole.equals(sums(specs, [a, b], [0, 1])));
  assert.ok(!whole.equals(sums(specs, [a, b], [0, 1, 1])), 'one twice for another');
  assert.ok(whole.equals(sums(specs, [a, b], [0, 3, 2])), 'equal rows are the same');
  const swapped: Vector = { ...b, values: ['y', 'x', 'x', 'y'] } as Vector;
  assert.ok(!whole.equals(sums(specs, [a, swapped], [0, 1, 2])), 'values that changed places');
});

test('int64 and numeric add the same in each of their vectors', () => {
  const values = [0n, -1n, 5n, 2n ** 40n, -(2n ** 40n) - 7n, 2n ** 53n - 1n, -(2n ** 31n), 2n ** 32n];
  const all = values.map((_, i) => i);
  const specs = [{ physical: Physical.int64 }];
  assert.ok(sums(specs, [int64(values, true)], all).equals(sums(specs, [int64(values, false)], all)));
  const others = values.map((value, i) => (i === 4 ? value + 2n ** 33n : value));
  assert.ok(!sums(specs, [int64(values, true)], all).equals(sums(specs, [int64(others, true)], all)));
  const scaled: Vector = {
    physical: Physical.numeric,
    scaled: Float64Array.of(150, -25, 0),
    scale: 2,
    values: null,
    nulls: null,
  };
  const decimals: Vector = {
    physical: Physical.numeric,
    scaled: null,
    scale: 0,
    values: [new Decimal(150, 2), new Decimal(-25, 2), new Decimal(0, 2)],
    nulls: null,
  };
  const numeric = [{ physical: Physical.numeric }];
  assert.ok(sums(numeric, [scaled], [0, 1, 2]).equals(sums(numeric, [decimals], [2, 1, 0])));
});

test('minus zero is zero, every NaN is one', () => {
  const floats = (...values: number[]): Vector => ({
    physical: Physical.float64,
    values: Float64Array.from(values),
    nulls: null,
  });
  const specs = [{ physical: Physical.float64 }];
  assert.ok(
    sums(specs, [floats(-0, Number.NaN)], [0, 1]).equals(sums(specs, [floats(0, -Number.NaN)], [0, 1])),
  );
  assert.ok(!sums(specs, [floats(1.5)], [0]).equals(sums(specs, [floats(-1.5)], [0])));
});

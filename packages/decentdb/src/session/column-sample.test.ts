import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Oid } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import type { Datum } from '../types/vector.ts';
import { sortedValues } from './column-sample.ts';

test('values sorted as numbers are in the order of their type', () => {
  const ints = [3, -1, 2 ** 31 - 1, -(2 ** 31), 0, 3, 7, -1];
  const cases: readonly (readonly [number, readonly Datum[]])[] = [
    [Oid.int4, [null, ...ints]],
    [Oid.int2, [5, null, -5, 32_767]],
    [Oid.int8, [...ints, 2 ** 53 - 1, null]],
    [Oid.int8, [...ints, 2n ** 62n, -(2n ** 62n), null]],
    [Oid.oid, [4_294_967_295, 1, 0]],
    [Oid.date, ints],
    [Oid.timestamp, [...ints, 2n ** 61n]],
    [
      Oid.float8,
      [1.5, Number.NaN, Number.NEGATIVE_INFINITY, null, Number.POSITIVE_INFINITY, -0, 0, Number.NaN],
    ],
    [Oid.float4, [2.5, Number.NaN, -2.5]],
    [Oid.text, ['b', null, 'a', 'B']],
  ];
  for (const [oid, values] of cases) {
    const type = builtinType(oid);
    const wanted = values.filter((value) => value !== null).sort((a, b) => type.compare(a, b));
    const found = sortedValues(values, type);
    assert.equal(found.length, wanted.length);
    for (const [i, value] of found.entries())
      assert.equal(type.compare(value, wanted[i] as Datum), 0, `${type.sqlName(-1)}: ${found} for ${wanted}`);
  }
});

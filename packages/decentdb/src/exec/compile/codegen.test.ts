/** Functions of equal source share a compilation, each with its own constants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConstantTable, generateShared } from './codegen.ts';

function constants(...values: readonly unknown[]): ConstantTable {
  const table = new ConstantTable();
  for (const value of values) table.add(value);
  return table;
}

test('shared source: each function sees its own constants', () => {
  const double = (value: number): number => value * 2;
  const negate = (value: number): number => -value;
  const make = (least: number, fn: (value: number) => number): ((x: number) => number) =>
    generateShared(['x'], 'return k1(x)>k0?1:0;', constants(least, fn), '0:1.0.0.-1');
  const [a, b, c] = [make(10, double), make(3, double), make(-4, negate)];
  assert.deepEqual([a(4), b(4), c(4)], [0, 1, 0]);
  assert.deepEqual([a(6), b(1), c(3)], [1, 0, 1]);
  assert.deepEqual([a(4), b(4), c(4)], [0, 1, 0], 'made later or earlier, they stay apart');
});

test('many sources: those used last are kept, all work', () => {
  for (let i = 0; i < 1500; i++) {
    const f = generateShared<() => number>([], `return k0+${i};`, constants(i), '');
    assert.equal(f(), 2 * i);
  }
});

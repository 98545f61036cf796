/** Lists of values that repeat, next to each other and later on, get the numbers of their equals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from '../../types/decimal.ts';
import type { Datum } from '../../types/vector.ts';
import { random, testSeed, type } from '../expr.test.kit.ts';
import { OuterKeys } from './outer-keys.ts';

const CHOICES: Readonly<Record<string, readonly Datum[]>> = {
  int4: [null, 0, 1, -1, 7],
  float8: [null, 0, -0, Number.NaN, Number.POSITIVE_INFINITY, 2.5],
  text: [null, '', 'a', 'a ', 'ä'],
  numeric: [null, new Decimal(0, 0), new Decimal(0, 3), new Decimal(15, 1), new Decimal(150, 2)],
};

/** What equal values have in common. */
function nameOf(value: Datum): string {
  if (value instanceof Decimal) return value.compare(new Decimal(0, 0)) === 0 ? 'zero' : 'one and a half';
  return typeof value === 'number' ? `n${value + 0}` : `${typeof value} ${String(value)}`;
}

test('numbers of lists, in order of appearance', () => {
  const seed = testSeed();
  const next = random(seed);
  const below = (n: number): number => Math.floor(next() * n);
  for (let round = 0; round < 60; round++) {
    const names = Array.from({ length: 1 + below(3) }, () => Object.keys(CHOICES)[below(4)]!);
    const keys = new OuterKeys(names.map(type));
    const known = new Map<string, number>();
    const values: Datum[] = names.map(() => null);
    for (let i = 0; i < 200; i++) {
      // The array is the caller's own, and filled anew.
      if (below(3) > 0) for (const [k, name] of names.entries()) values[k] = CHOICES[name]![below(5)]!;
      const name = values.map(nameOf).join();
      const isInsert = below(4) > 0;
      if (isInsert && !known.has(name)) known.set(name, known.size);
      assert.equal(keys.idOf(values, isInsert), known.get(name) ?? -1, `${name} SEED=${seed}`);
    }
  }
});

/** Sums, averages and counts whose rows are counted elsewhere against those that count for themselves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { Decimal } from '../../types/decimal.ts';
import { type Datum, Physical, type Vector } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import { batchOf } from '../expr.test.kit.ts';
import { datumAt } from '../vectors.ts';
import type { Accumulator } from './accumulator.ts';
import { CountAccumulator } from './count.ts';
import { FloatSumAccumulator, IntegerSumAccumulator, NumericSumAccumulator } from './sum.ts';
import { RowCounts } from './value-counts.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const context = {} as ExecContext;

const kinds: readonly { name: string; type: string; make: () => Accumulator }[] = [
  { name: 'count(*)', type: 'int4', make: () => new CountAccumulator(false) },
  { name: 'count', type: 'text', make: () => new CountAccumulator(true) },
  { name: 'sum(int4)', type: 'int4', make: () => new IntegerSumAccumulator(Physical.int64, false) },
  { name: 'avg(int8)', type: 'int8', make: () => new IntegerSumAccumulator(Physical.numeric, true) },
  { name: 'sum(numeric)', type: 'numeric', make: () => new NumericSumAccumulator(false) },
  { name: 'avg(numeric)', type: 'numeric', make: () => new NumericSumAccumulator(true) },
  { name: 'avg(float8)', type: 'float8', make: () => new FloatSumAccumulator(true, false) },
  { name: 'sum(float4)', type: 'float4', make: () => new FloatSumAccumulator(false, true) },
];

/** `scale`: that of the numerics of a batch; -1: of any. */
function valueOf(prng: Prng, type: string, nulls: number, scale: number): Datum {
  if (prng.chance(nulls)) return null;
  const n = prng.below(2000) - 1000;
  if (type === 'text') return `${n}`;
  if (type === 'int8') return prng.chance(0.02) ? 9007199254740993n : n * 1e9;
  if (type === 'float8' || type === 'float4') return Math.fround(n / 8);
  if (type !== 'numeric') return n;
  if (scale < 0 && prng.chance(0.02)) return Decimal.parse('NaN');
  return new Decimal(n, scale < 0 ? prng.below(4) : scale);
}

const valuesOf = (vector: Vector, count: number): string[] =>
  Array.from({ length: count }, (_, i) => String(datumAt(vector, i)));

for (const { name, type, make } of kinds)
  test(`${name} (SEED=${seed})`, () => {
    for (let round = 0; round < 60; round++) {
      const prng = new Prng(seed + round);
      const rows = new RowCounts();
      const [alone, sharing] = [make(), make()];
      sharing.countBy!(rows);
      const isGrouped = prng.chance(0.8);
      const scale = prng.below(3);
      let groupCount = 1;
      for (let step = 0; step < 6; step++) {
        const count = 1 + prng.below(40);
        const nulls = [0, 0, 0.3, 1][prng.below(4)]!;
        const own = prng.chance(0.8) ? scale : prng.below(4) - 1;
        const values = Array.from({ length: count * 2 }, () => [valueOf(prng, type, nulls, own)]);
        const vector = batchOf([type], values).column(0);
        const positions = prng.chance(0.5) ? null : Int32Array.from({ length: count }, (_, i) => 2 * i);
        if (isGrouped) groupCount += prng.below(30);
        const groups = isGrouped ? Int32Array.from({ length: count }, () => prng.below(groupCount)) : null;
        rows.resize(groupCount);
        for (const one of [alone, sharing]) {
          one.resize(groupCount);
          one.add([vector], positions, groups, count, context);
        }
        rows.add(groups, count);
      }
      const [expected, got] = [alone, sharing].map((one) => one.result(groupCount, context));
      assert.deepEqual(valuesOf(got!, groupCount), valuesOf(expected!, groupCount), `round ${round}`);
    }
  });

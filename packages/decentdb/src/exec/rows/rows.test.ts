/** Rows for the caller: generated and not, odd names, iteration. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from '../../types/decimal.ts';
import { defaultJsOptions, defaultTypeSettings } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import { batchOf, type } from '../expr.test.kit.ts';
import { RowBuilder } from './row-builder.ts';
import { RowIterator } from './row-iterator.ts';
import { textRows } from './text-rows.ts';

const names = ['int4', 'int8', 'numeric', 'text', 'bool', 'timestamp', 'json', 'float8'];
const sample: readonly Datum[] = [
  1,
  9223372036854775807n,
  new Decimal(150, 2),
  'x',
  true,
  0,
  '{"a":[1]}',
  Number.NaN,
];
const shown = [
  1,
  9223372036854775807n,
  '1.50',
  'x',
  true,
  new Date(Date.UTC(2000, 0, 1)),
  { a: [1] },
  Number.NaN,
];

function manyRows(count: number): Batch {
  return batchOf(
    names,
    Array.from({ length: count }, (_, i) =>
      i % 7 === 3
        ? names.map(() => null)
        : i % 2 === 0
          ? sample
          : [i, i, new Decimal(i, 0), 'y', false, i, 'null', i],
    ),
  );
}

test('generated rows equal interpreted ones, with and without a selection', () => {
  const columns = names.map((name) => ({ name, type: type(name) }));
  const batch = manyRows(600);
  const part = batch.select(
    Int32Array.from({ length: 400 }, (_, i) => (i * 11) % 600),
    400,
  );
  const plain = new RowBuilder(columns, defaultJsOptions, false);
  const generated = new RowBuilder(columns, defaultJsOptions);
  for (const rows of [batch, part, batch]) {
    for (const form of ['objects', 'arrays'] as const) {
      const [expected, actual]: [unknown[], unknown[]] = [[], []];
      plain[form](rows, expected);
      generated[form](rows, actual);
      assert.deepEqual(actual, expected);
    }
  }
  const [first] = [generated.object(batch, 0)];
  assert.deepEqual(Object.values(first), shown);
});

test('names: the last of equal ones wins, __proto__ is a name like any other', () => {
  const build = (fields: readonly string[], count: number): Record<string, unknown> => {
    const batch = batchOf(
      fields.map(() => 'int4'),
      Array.from({ length: count }, () => fields.map((_, i) => i)),
    );
    const out: Record<string, unknown>[] = [];
    new RowBuilder(
      fields.map((name) => ({ name, type: type('int4') })),
      defaultJsOptions,
    ).objects(batch, out);
    return out.at(-1)!;
  };
  for (const count of [1, 500]) {
    assert.deepEqual(Object.entries(build(['a', 'b', 'a'], count)), [
      ['a', 2],
      ['b', 1],
    ]);
    const odd = build(['__proto__', 'constructor', "'];throw 1;//", '?column?'], count);
    assert.deepEqual(Object.entries(odd), [
      ['__proto__', 0],
      ['constructor', 1],
      ["'];throw 1;//", 2],
      ['?column?', 3],
    ]);
    assert.equal(Object.getPrototypeOf(odd), Object.prototype);
  }
});

test('iteration closes its source at the end, on break and on error', () => {
  let closed = 0;
  const source = (batches: number) => {
    let left = batches;
    return {
      next: (): Batch | null => {
        if (left < 0) throw new Error('broken');
        return left-- > 0 ? manyRows(3) : null;
      },
      close: () => {
        closed++;
      },
    };
  };
  const build = (batch: Batch, out: number[]): void => {
    for (let i = 0; i < batch.count; i++) out.push(i);
  };
  assert.deepEqual([...new RowIterator(source(2), build)], [0, 1, 2, 0, 1, 2]);
  for (const value of new RowIterator(source(2), build)) if (value === 1) break;
  assert.throws(() => [...new RowIterator(source(-1), build)], /broken/);
  assert.equal(closed, 3);
});

test('text rows', () => {
  const out: (string | null)[][] = [];
  textRows(manyRows(4), names.map(type), defaultTypeSettings, out);
  assert.deepEqual(out[0], [
    '1',
    '9223372036854775807',
    '1.50',
    'x',
    't',
    '2000-01-01 00:00:00',
    '{"a":[1]}',
    'NaN',
  ]);
  assert.deepEqual(
    out[3],
    names.map(() => null),
  );
});

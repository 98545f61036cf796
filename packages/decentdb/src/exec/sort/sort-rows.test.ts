/** Sorted rows against Array.prototype.sort, for every kind of key. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from '../../types/decimal.ts';
import type { Datum } from '../../types/vector.ts';
import { batchOf, random, testSeed, type } from '../expr.test.kit.ts';
import { rowOrder } from './key-order.ts';
import { sortRows } from './sort-rows.ts';

const words = [
  '',
  'a',
  'ab',
  'abcdefgh',
  'abcdefghi',
  'abcdefghij',
  'éa',
  '\u{1F600}',
  '\uFFFD',
  'zz',
  'abcdefgh\u{1F600}',
];

function value(name: string, next: () => number): Datum {
  const n = Math.floor(next() * 40) - 20;
  switch (name) {
    case 'text':
      return (
        words[Math.floor(next() * words.length)]! +
        (next() < 0.5 ? words[Math.floor(next() * words.length)]! : '')
      );
    case 'float8':
      return next() < 0.1 ? Number.NaN : next() < 0.1 ? Number.NEGATIVE_INFINITY : n / 4;
    case 'int8':
      return next() < 0.01 ? 9223372036854775807n : n * 1e12;
    case 'numeric':
      return new Decimal(n, next() < 0.2 ? 1 : 0);
    default:
      return n;
  }
}

test('rows come out in the order the comparators give, stable', () => {
  const seed = testSeed();
  const next = random(seed);
  for (let round = 0; round < 40; round++) {
    const names = Array.from(
      { length: 1 + Math.floor(next() * 3) },
      () => ['int4', 'text', 'float8', 'int8', 'numeric'][Math.floor(next() * 5)]!,
    );
    const count = Math.floor(next() * 3000);
    const rows = Array.from({ length: count }, () =>
      names.map((name) => (next() < 0.1 ? null : value(name, next))),
    );
    const batch = batchOf(names, rows);
    const columns = names.map((name, i) => ({
      vector: batch.column(i),
      type: type(name),
      descending: next() < 0.5,
      nullsFirst: next() < 0.5,
    }));
    const order = rowOrder(columns);
    const expected = Array.from({ length: count }, (_, i) => i).sort((a, b) => order(a, b) || a - b);
    assert.deepEqual([...sortRows(columns, count)], expected, `SEED=${seed} round ${round}`);
  }
});

test('many texts, with equal ones among them, and a key behind', () => {
  const seed = testSeed();
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const letters = ['ab', 'abcdefghijklmnopqrstuvwxyz ', 'a\u00e9\u4e2d\ufffd'];
  const rounds = process.env['DECENTDB_LONG_TESTS'] === '1' ? 12 : 4;
  for (let round = 0; round < rounds; round++) {
    const alphabet = [...letters[below(letters.length)]!, ...(next() < 0.2 ? ['\u{1F600}', '\x01'] : [])];
    const length = [2, 9, 40][below(3)]!;
    const word = (): string =>
      Array.from({ length: below(length) }, () => alphabet[below(alphabet.length)]).join('');
    const pool = Array.from({ length: [3, 500, 5000][below(3)]! }, word);
    const count = 2000 + below(5000);
    const rows = Array.from({ length: count }, () => [
      below(3),
      next() < 0.05 ? null : pool[below(pool.length)]!,
      below(50),
    ]);
    const names = ['int4', 'text', 'int4'];
    const batch = batchOf(names, rows);
    const all = names.map((name, i) => ({
      vector: batch.column(i),
      type: type(name),
      descending: next() < 0.5,
      nullsFirst: next() < 0.5,
    }));
    const columns = [all, all.slice(1), all.slice(1, 2)][below(3)]!;
    const order = rowOrder(columns);
    const expected = Array.from({ length: count }, (_, i) => i).sort((a, b) => order(a, b) || a - b);
    assert.deepEqual([...sortRows(columns, count)], expected, `SEED=${seed} round ${round}`);
  }
});

test('comparators follow PostgreSQL', () => {
  const at = (name: string, values: readonly Datum[], descending: boolean, nullsFirst: boolean): Datum[] => {
    const vector = batchOf(
      [name],
      values.map((one) => [one]),
    ).column(0);
    return [...sortRows([{ vector, type: type(name), descending, nullsFirst }], values.length)].map(
      (i) => values[i]!,
    );
  };
  assert.deepEqual(at('float8', [Number.NaN, 1, null, Number.POSITIVE_INFINITY, -0, 0], false, false), [
    -0,
    0,
    1,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    null,
  ]);
  assert.deepEqual(at('text', ['\u{1F600}', '\uFFFD', 'b', 'B'], false, false), [
    'B',
    'b',
    '\uFFFD',
    '\u{1F600}',
  ]);
  assert.deepEqual(at('int4', [1, null, 3], true, true), [null, 3, 1]);
});

test('texts that have much in common: more than the stack could follow', () => {
  const common = 'x'.repeat(100_000);
  for (const others of [0, 2000]) {
    const texts = Array.from({ length: 60 + others }, (_, i) => (i < 60 ? common + (i % 3) : `y${i % 7}`));
    const batch = batchOf(
      ['text'],
      texts.map((text) => [text]),
    );
    const column = { vector: batch.column(0), type: type('text'), descending: false, nullsFirst: false };
    const expected = texts.map((_, i) => i).sort((a, b) => compareEnds(texts[a]!, texts[b]!) || a - b);
    assert.deepEqual([...sortRows([column], texts.length)], expected);
  }
});

/** Texts that begin alike or differ at once, by what they end with. */
function compareEnds(a: string, b: string): number {
  if (a[0] !== b[0]) return a[0]! < b[0]! ? -1 : 1;
  return a.charCodeAt(a.length - 1) - b.charCodeAt(b.length - 1);
}

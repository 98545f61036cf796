/** Codes and texts as bytes against Array.prototype.sort: skewed, equal, sharing much. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random, testSeed } from '../expr.test.kit.ts';
import { CodeSort } from './code-sort.ts';
import { TextSorter } from './text-sort.ts';

const seed = testSeed();
const next = random(seed);
const below = (limit: number): number => Math.floor(next() * limit);

/** Kinds of words that codes consist of. */
const words: Record<string, () => number> = {
  any: () => Math.floor(next() * 2 ** 32),
  few: () => [0, 1, 2 ** 31, 2 ** 32 - 1][below(4)]!,
  same: () => 0x80000000,
  skewed: () => (below(50) === 0 ? Math.floor(next() * 2 ** 32) : below(40)),
  near: () => 2 ** 32 - 1 - below(3000),
};

for (const [high, highWord] of Object.entries(words))
  for (const [low, lowWord] of Object.entries(words))
    test(`codes, ${high} before ${low} (SEED=${seed})`, () => {
      const sort = new CodeSort();
      for (const count of [0, 1, 2, 24, 25, 300, 5000]) {
        sort.reserve(count);
        const rows = Array.from({ length: count }, (_, row) => ({ row, high: highWord(), low: lowWord() }));
        for (const [i, one] of rows.entries()) {
          sort.high[i] = one.high;
          sort.low[i] = one.low;
          sort.rows[i] = one.row;
        }
        sort.sort(count);
        rows.sort((a, b) => a.high - b.high || a.low - b.low || a.row - b.row);
        const got = rows.map((_, i) => ({ row: sort.rows[i], high: sort.high[i], low: sort.low[i] }));
        assert.deepEqual(got, rows);
      }
    });

const LETTERS = 'ab\xe9 ';
const wordOf = (length: number, letters: string): string =>
  Array.from({ length }, () => letters[below(letters.length)]).join('');

/** Kinds of texts; all begin alike, so that they are sorted at once. */
const texts: Record<string, () => string> = {
  short: () => wordOf(below(6), LETTERS),
  long: () => wordOf(below(60), LETTERS),
  many: () => wordOf(8, 'abcdefghijklmnopqrstuvwxyz0123456789-_.\xff\x01'),
  sharing: () => `${'x'.repeat(43)}${wordOf(below(5), LETTERS)}`,
  nested: () => 'a'.repeat(below(130)),
  equal: () => ['one', 'one text', 'one text that is longer than a code'][below(3)]!,
};

for (const [kind, text] of Object.entries(texts))
  test(`texts, ${kind} (SEED=${seed})`, () => {
    const given = Array.from({ length: 4000 }, text);
    const bytes = Buffer.from(given.join(''), 'latin1');
    const offsets = new Int32Array(given.length + 1);
    for (const [i, one] of given.entries()) offsets[i + 1] = offsets[i]! + one.length;
    const order = Int32Array.from(given, (_, i) => i);
    // Two parts, one after the other, with what the first left behind.
    const sorter = new TextSorter({ bytes, offsets }, order);
    sorter.sort(0, 3500, 0);
    sorter.sort(3500, 4000, 0);
    const expected = [given.slice(0, 3500), given.slice(3500)].flatMap((part, second) =>
      part
        .map((one, i) => ({ one, i: i + 3500 * second }))
        .sort((a, b) => (a.one < b.one ? -1 : a.one > b.one ? 1 : a.i - b.i))
        .map(({ i }) => i),
    );
    assert.deepEqual([...order], expected);
  });

/** Data of COPY: the records PostgreSQL reads from it, however the text is cut into pieces. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import type { CopyOptions } from './copy-options.ts';
import { makeCopyReader } from './copy-reader.ts';

const CSV = { format: 'csv', delimiter: ',', quote: '"', escape: '"', nullText: '', defaultText: 'D' };
const TEXT = { ...CSV, format: 'text', delimiter: '\t', nullText: '\\N' };

function read(pieces: readonly string[], options: object, rules: object[] = []): unknown[][] {
  const out: unknown[][] = [];
  const shown = (field: unknown): unknown => (typeof field === 'symbol' ? 'default' : field);
  const reader = makeCopyReader(options as CopyOptions, rules as [], (fields, line) =>
    out.push([line, ...fields.map(shown)]),
  );
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return out;
}

const cases: [string, object, string, unknown[][]][] = [
  ['quotes open and close anywhere', CSV, 'a"b,"c,x" y"z\n', [[1, 'ab,c', 'x yz']]],
  ['a doubled quote', CSV, '"a""b",c', [[1, 'a"b', 'c']]],
  [
    'line ends of every kind',
    CSV,
    'a\rb\r\nc\nd',
    [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
    ],
  ],
  [
    'line breaks in quotes',
    CSV,
    '"a\r\nb",c\nd,e',
    [
      [1, 'a\r\nb', 'c'],
      [3, 'd', 'e'],
    ],
  ],
  ['NULL, empty, default', CSV, ',"",D,"D"\n', [[1, null, '', 'default', 'D']]],
  ['the end of the data', CSV, 'a\n\\.\n"never', [[1, 'a']]],
  [
    'not the end of the data',
    CSV,
    '"\\."\n\\.,b\n',
    [
      [1, '\\.'],
      [2, '\\.', 'b'],
    ],
  ],
  ['another escape', { ...CSV, escape: '\\' }, '"a\\"b\\\\",c\n', [[1, 'a"b\\', 'c']]],
  ['escapes of the text format', TEXT, 'a\\tb\t\\N\t\\x41\\303\\251\\\\N\n', [[1, 'a\tb', null, 'Aé\\N']]],
  [
    'a line feed behind a backslash',
    TEXT,
    'a\\\nb\tc\nd\n',
    [
      [1, 'a\nb', 'c'],
      [3, 'd'],
    ],
  ],
  [
    'text and its end',
    TEXT,
    'a\r\n\n\\.\nb\n',
    [
      [1, 'a'],
      [2, ''],
    ],
  ],
];

for (const [name, options, text, expected] of cases) {
  test(`COPY data: ${name}`, () => {
    assert.deepEqual(read([text], options), expected);
    for (let at = 0; at <= text.length; at++)
      assert.deepEqual(read([text.slice(0, at), text.slice(at)], options), expected, `cut at ${at}`);
    assert.deepEqual(read([...text], options), expected, 'character by character');
  });
}

test('COPY data: FORCE_NULL and FORCE_NOT_NULL', () => {
  const rules = [
    { isNeverNull: true, isNullQuoted: false },
    { isNeverNull: false, isNullQuoted: true },
  ];
  assert.deepEqual(read([',""\n'], CSV, rules), [[1, '', null]]);
});

test('COPY data: a quote that is never closed names where it opened', () => {
  assert.throws(() => read(['a\nb,"c\n'], CSV), { code: '22P04', detail: 'Line 2, column 3.' });
});

test('COPY data: random text reads the same in any pieces', () => {
  const seed = Number(process.env['SEED'] ?? 7);
  const random = new Prng(seed);
  const alphabet = ['a', 'D', '"', '"', ',', ',', '\n', '\r', '\r\n', '\\', '\\.', '\t', 'é', ''];
  for (let i = 0; i < 4000; i++) {
    const options = i % 3 === 0 ? TEXT : i % 3 === 1 ? CSV : { ...CSV, escape: '\\' };
    const parts = Array.from({ length: random.below(14) }, () => alphabet[random.below(alphabet.length)]!);
    const outcome = (pieces: readonly string[]): unknown => {
      try {
        return read(pieces, options);
      } catch (error) {
        return (error as Error).message;
      }
    };
    assert.deepEqual(outcome(parts), outcome([parts.join('')]), `SEED=${seed} ${JSON.stringify(parts)}`);
  }
});

test('COPY data: a long field in many pieces is read once, not again with each', () => {
  for (const options of [CSV, TEXT]) {
    const piece = 'x'.repeat(1 << 16);
    const records = read([...Array.from({ length: 400 }, () => piece), '\n'], options);
    assert.equal(String(records[0]?.[1]).length, 400 << 16);
  }
});

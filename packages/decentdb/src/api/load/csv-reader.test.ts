/** CSV: the records the text means, or an error with its place; the same however the text is cut into pieces. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { type CsvOptions, CsvReader } from '../../session/copy/csv-reader.ts';
import { type BadRecord, CsvFile, type CsvFileOptions } from './text-rows.ts';

type Field = string | null;

function read(pieces: readonly string[], options: CsvOptions = {}): [number, ...Field[]][] {
  const out: [number, ...Field[]][] = [];
  const reader = new CsvReader(options, (fields, count, line) => out.push([line, ...fields.slice(0, count)]));
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return out;
}

const cases: [string, [number, ...Field[]][], CsvOptions?][] = [
  ['', []],
  ['a', [[1, 'a']]],
  ['a,b\n', [[1, 'a', 'b']]],
  [
    'a,b\r\nc,d\r\n',
    [
      [1, 'a', 'b'],
      [2, 'c', 'd'],
    ],
  ],
  ['a,\n', [[1, 'a', null]]],
  ['a,', [[1, 'a', null]]],
  [
    ',\n,',
    [
      [1, null, null],
      [2, null, null],
    ],
  ],
  ['"",""\n', [[1, '', '']]],
  ['"a""b",c\n', [[1, 'a"b', 'c']]],
  [
    '"x\ny",2\nz,3\n',
    [
      [1, 'x\ny', '2'],
      [3, 'z', '3'],
    ],
  ],
  [
    '"x\r\ny",2\r\n"",\r\n',
    [
      [1, 'x\r\ny', '2'],
      [3, '', null],
    ],
  ],
  [
    'a,"b,c",d\n"e"\n',
    [
      [1, 'a', 'b,c', 'd'],
      [2, 'e'],
    ],
  ],
  ['NULL,"NULL"\n', [[1, null, 'NULL']], { nullText: 'NULL' }],
  ["a;'b;'\n", [[1, 'a', 'b;']], { delimiter: ';', quote: "'" }],
  ['"a\\"b\\\\",c\n', [[1, 'a"b\\', 'c']], { escape: '\\' }],
  ['5" pipe,x\n', [[1, '5" pipe', 'x']], { quote: '' }],
  [
    'a\rb,c\n"q",d\n',
    [
      [1, 'a\rb', 'c'],
      [2, 'q', 'd'],
    ],
  ],
  [
    '\n\na\n',
    [
      [1, null],
      [2, null],
      [3, 'a'],
    ],
  ],
  ['ü,"日本\n語"\n', [[1, 'ü', '日本\n語']]],
];

test('records, whatever the pieces', () => {
  for (const [text, want, options] of cases) {
    assert.deepEqual(read([text], options), want, JSON.stringify(text));
    assert.deepEqual(read([...text], options), want, `${JSON.stringify(text)} unit by unit`);
    for (let cut = 1; cut < text.length; cut++)
      assert.deepEqual(
        read([text.slice(0, cut), text.slice(cut)], options),
        want,
        `${JSON.stringify(text)} at ${cut}`,
      );
  }
});

test('what is no CSV is named with line and column', () => {
  const bad: [string, RegExp, string][] = [
    ['a,b\nc,"d', /unterminated CSV quoted field/, 'Line 2, column 3.'],
    ['a,b\n"c"d,e\n', /unexpected character after a closing/, 'Line 2, column 4.'],
    ['a,b\nc"d,e\n', /unexpected quote/, 'Line 2, column 2.'],
    ['"a\nb\nc"x\n', /unexpected character/, 'Line 3, column 3.'],
  ];
  for (const [text, message, detail] of bad)
    for (const pieces of [[text], [...text]])
      assert.throws(
        () => read(pieces),
        (error: { code: string; message: string; detail: string }) => {
          assert.equal(error.code, '22P04');
          assert.match(error.message, message);
          assert.equal(error.detail, detail, text);
          return true;
        },
      );
  assert.throws(() => read([], { delimiter: ',,' }), /delimiter must be one character/);
});

function fileOf(
  bytes: Uint8Array,
  options: CsvFileOptions,
  pieceBytes: number,
): { rows: Field[][]; bad: BadRecord[] } {
  const rows: Field[][] = [];
  const bad: BadRecord[] = [];
  const file = new CsvFile(options, 100, {
    start: () => {},
    batch: ({ columns, count }) => {
      for (let i = 0; i < count; i++) rows.push(columns.map((column) => column[i] as Field));
    },
    bad: (record) => bad.push(record),
  });
  for (let at = 0; at < bytes.length; at += pieceBytes) file.push(bytes.subarray(at, at + pieceBytes));
  file.end();
  return { rows, bad };
}

const utf16 = (text: string, isBig: boolean): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

test('encodings: by mark, by option, and never guessed wrong in silence', () => {
  const text = 'name,city\nZoë,Köln\n"a\nb",東京😀\n';
  const rows = [
    ['Zoë', 'Köln'],
    ['a\nb', '東京😀'],
  ];
  const files: [Uint8Array, CsvFileOptions][] = [
    [Buffer.from(text), {}],
    [Buffer.from(`\ufeff${text}`), {}],
    [utf16(`\ufeff${text}`, false), {}],
    [utf16(`\ufeff${text}`, true), {}],
    [utf16(text, false), { encoding: 'utf-16le' }],
    [utf16(text, true), { encoding: 'utf-16be' }],
  ];
  for (const [bytes, options] of files)
    for (const piece of [1, 2, 3, 7, 1000]) assert.deepEqual(fileOf(bytes, options, piece).rows, rows);
  const latin = Buffer.from('a,b\né,ü\n', 'latin1');
  assert.deepEqual(fileOf(latin, { encoding: 'latin1' }, 2).rows, [['é', 'ü']]);
  assert.deepEqual(fileOf(Buffer.from([0x61, 0x0a, 0x80]), { encoding: 'windows-1252' }, 9).rows, [['€']]);
  for (const piece of [1, 3, 1000]) {
    assert.throws(() => fileOf(latin, {}, piece), {
      code: '22021',
      message: 'invalid byte sequence for encoding "UTF8": 0xe9',
      detail: 'Line 2, column 1.',
    });
    assert.throws(() => fileOf(utf16(text, false), {}, piece), { code: '22021', hint: /UTF-16/ });
  }
});

test('rows of another width are refused with their line; blank lines are no rows', () => {
  const { rows, bad } = fileOf(Buffer.from('a,b\n1,2\n\n3\n4,5,6\n7,8\n'), {}, 1000);
  assert.deepEqual(rows, [
    ['1', '2'],
    ['7', '8'],
  ]);
  assert.deepEqual(
    bad.map(({ line, error }) => [line, error.code, error.message]),
    [
      [4, '22P04', 'missing data: a row has 1 fields instead of 2'],
      [5, '22P04', 'extra data: a row has 3 fields instead of 2'],
    ],
  );
});

test('a line of many megabytes', () => {
  const long = 'x'.repeat(1 << 20);
  const pieces = [
    'a,"',
    ...new Array<string>(24).fill(long),
    '"\nb,',
    ...new Array<string>(24).fill(long),
    '\n',
  ];
  const rows = read(pieces);
  assert.deepEqual(
    rows.map((row) => [row[0], row[1], row[2]?.length]),
    [
      [1, 'a', 24 << 20],
      [2, 'b', 24 << 20],
    ],
  );
});

test('random tables, written as CSV in random ways and cut in random pieces, read back as they were', () => {
  const seed = Number(process.env['SEED'] ?? 4711);
  const random = new Prng(seed);
  const parts = ['a', 'ü', '😀', '"', '""', ',', ';', '\n', '\r\n', ' ', 'NULL', '1.5', '\t', "'"];
  for (let round = 0; round < 300; round++) {
    const width = 1 + random.below(4);
    const lineEnd = random.pick(['\n', '\r\n']);
    const delimiter = random.pick([',', ';', '\t']);
    const rows: Field[][] = Array.from({ length: random.below(8) }, () =>
      Array.from({ length: width }, () =>
        random.below(6) === 0
          ? null
          : Array.from({ length: random.below(5) }, () => random.pick(parts)).join(''),
      ),
    );
    const written = (field: Field): string => {
      if (field === null) return '';
      const needsQuotes = field === '' || /["\n\r]/.test(field) || field.includes(delimiter);
      return needsQuotes || random.below(3) === 0 ? `"${field.replaceAll('"', '""')}"` : field;
    };
    const text = rows.map((row) => row.map(written).join(delimiter) + lineEnd).join('');
    const whole = random.below(2) === 0 ? text : text.slice(0, Math.max(0, text.length - lineEnd.length));
    const pieces: string[] = [];
    for (let at = 0; at < whole.length; ) {
      const size = 1 + random.below(7);
      pieces.push(whole.slice(at, at + size));
      at += size;
    }
    const back = read(pieces, { delimiter }).map(([, ...fields]) => fields);
    // A last line of one empty field without a line end is no line at all.
    const isLost = whole !== text && width === 1 && rows.at(-1)?.[0] === null;
    assert.deepEqual(
      back,
      isLost ? rows.slice(0, -1) : rows,
      `SEED=${seed}, round ${round}: ${JSON.stringify(whole)}`,
    );
  }
});

test('a field of very many pieces is whole', () => {
  const part = 'ab""c,\n';
  const text = `x,"${part.repeat(20_000)}"\n"y",z\n`;
  const expected: [number, ...Field[]][] = [
    [1, 'x', part.replace('""', '"').repeat(20_000)],
    [20_002, 'y', 'z'],
  ];
  for (const size of [7, 1000, text.length]) {
    const pieces: string[] = [];
    for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
    // Fields are compared by their ends and lengths first: a difference of 100 kB is no use to a reader.
    const found = read(pieces);
    assert.deepEqual(
      found.map(([line, , field]) => [line, field?.length]),
      expected.map(([line, , field]) => [line, field?.length]),
    );
    assert.ok(found.every(([, , field], i) => field === expected[i]?.[2]));
  }
});

/** Every built-in type: text, bytes, JavaScript and order agree with each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { makeCompositeType } from './composite.ts';
import { dateType } from './date-time-types.ts';
import { builtinTypes, typeByName } from './registry.ts';
import { defaultJsOptions, defaultTypeSettings, type SqlType } from './sql-type.ts';
import { compareText } from './text-order.ts';
import { makeDomainType, makeEnumType } from './user-types.ts';
import type { Datum } from './vector.ts';

const settings = defaultTypeSettings;

function type(name: string): SqlType {
  const found = typeByName(name);
  assert.ok(found, name);
  return found;
}

/** Values in ascending order. */
const samples: Readonly<Record<string, readonly string[]>> = {
  bool: ['f', 't'],
  int2: ['-32768', '0', '32767'],
  int4: ['-2147483648', '-1', '2147483647'],
  int8: ['-9223372036854775808', '-9007199254740993', '0', '9007199254740992', '9223372036854775807'],
  float4: ['-Infinity', '-3.4028235e+38', '-1e-05', '0', '0.1', '1e+06', 'Infinity', 'NaN'],
  float8: ['-Infinity', '-1.7976931348623157e+308', '0', '5e-324', '0.1', '1e+15', 'Infinity', 'NaN'],
  numeric: [
    '-Infinity',
    '-12345678901234567890.123456789',
    '-0.5',
    '0',
    '0.00001',
    '99.90',
    'Infinity',
    'NaN',
  ],
  text: ['', 'B', 'a', 'ab', 'é', '￿', '😀'],
  varchar: ['', 'x'],
  bpchar: ['a', 'b'],
  name: ['a', 'b'],
  bytea: ['\\x', '\\x00', '\\x00ff', '\\xff'],
  uuid: ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  date: ['-infinity', '4714-11-24 BC', '0001-01-01', '2024-02-29', '5874897-12-31', 'infinity'],
  time: ['00:00:00', '12:34:56.789', '24:00:00'],
  timetz: ['00:00:00+05:30', '00:00:00+00', '23:59:59.999999-08'],
  timestamp: [
    '-infinity',
    '4714-11-24 00:00:00 BC',
    '1969-12-31 23:59:59.999999',
    '2024-02-29 12:00:00',
    '294276-12-31 23:59:59.999999',
    'infinity',
  ],
  timestamptz: ['-infinity', '2024-02-29 12:00:00+00', 'infinity'],
  interval: [
    '-infinity',
    '-1 years',
    '00:00:00',
    '1 day -00:00:01',
    '1 day',
    '1 year 2 mons 3 days 04:05:06.789',
    'infinity',
  ],
  json: ['{"a": 1}'],
  jsonb: ['null', '"a"', '1.50', 'false', 'true', '[1, 2]', '{"a": 1}', '{"a": {"b": [null, "x"]}, "bb": 2}'],
  bit: ['0101', '1'],
  varbit: ['', '0', '01', '1'],
  money: ['-$1,234.56', '$0.00', '$92,233,720,368,547,758.07'],
  int4range: ['empty', '(,5)', '[1,3)', '[1,)', '[2,4)'],
  daterange: ['[2024-01-01,2024-02-01)'],
  numrange: ['[1.5,2.5]', '(1.5,2.5]'],
  _int4: ['{}', '{1,2}', '{1,3}', '{NULL}'],
  _text: ['{"",NULL,"a b","c\\"d\\\\"}'],
  _numeric: ['{{1.50,2},{3,4}}'],
  _timestamp: ['[0:1]={"2024-01-01 00:00:00",infinity}'],
  oid: ['0', '4294967295'],
};

function bytesAgain(value: Datum, { codec }: SqlType): Datum {
  return codec === undefined ? value : codec.fromBytes(codec.toBytes(value as object));
}

for (const [name, texts] of Object.entries(samples)) {
  test(`${name}: text, stored bytes and order`, () => {
    const { input, output, compare, equals, hash } = type(name);
    const values = texts.map((text) => input(text, -1, settings));
    values.forEach((value, i) => {
      assert.equal(output(value, settings), texts[i]);
      const again = bytesAgain(value, type(name));
      assert.equal(output(again, settings), texts[i]);
      assert.ok(equals(again, value));
      assert.equal(hash(again), hash(value));
      for (let j = 0; j < values.length; j++) {
        assert.equal(
          Math.sign(compare(value, values[j]!)),
          Math.sign(i - j),
          `${texts[i]} against ${texts[j]}`,
        );
        assert.equal(equals(value, values[j]!), i === j);
      }
    });
  });
  test(`${name}: through JavaScript`, () => {
    const { input, output, toJs, fromJs } = type(name);
    if (name === 'bpchar') return;
    for (const text of texts) {
      const value = input(text, -1, settings);
      const options = { ...defaultJsOptions, timestamp: 'string', json: 'text' } as const;
      const back = fromJs(toJs(value, options), settings);
      // JavaScript arrays have no lower bounds.
      assert.equal(output(back, settings), text.replace(/^(\[\d+:\d+\])+=/, ''));
    }
  });
}

test('defaults for JavaScript: numbers while safe, Dates, parsed json, copies of bytes', () => {
  const js = (name: string, text: string): unknown =>
    type(name).toJs(type(name).input(text, -1, settings), defaultJsOptions);
  assert.equal(js('int8', '9007199254740991'), 9007199254740991);
  assert.equal(js('int8', '9007199254740993'), 9007199254740993n);
  assert.equal(js('numeric', '1.50'), '1.50');
  assert.deepEqual(js('timestamptz', '2024-02-29 12:00:00.5+02'), new Date('2024-02-29T10:00:00.500Z'));
  assert.deepEqual(js('date', '2024-02-29'), new Date('2024-02-29T00:00:00Z'));
  assert.deepEqual(js('jsonb', '{"__proto__": {"x": 1}}'), JSON.parse('{"__proto__": {"x": 1}}'));
  assert.deepEqual(js('_int4', '{{1,2},{3,NULL}}'), [
    [1, 2],
    [3, null],
  ]);
  const stored = type('bytea').input('\\x0102', -1, settings) as Uint8Array;
  (type('bytea').toJs(stored, defaultJsOptions) as Uint8Array)[0] = 9;
  assert.equal(stored[0], 1);
});

test('Q5: parameters from JavaScript: clear refusals', () => {
  const refuse = (name: string, value: unknown, code: string): void => {
    assert.throws(
      () => type(name).fromJs(value, settings),
      (error) => error instanceof DecentDbError && error.code === code,
      `${name} ${String(value)}`,
    );
  };
  refuse('text', 'a\0b', '22021');
  refuse('text', 'a\ud800', '22021');
  refuse('text', { a: 1 }, '22023');
  refuse('int4', 1.5, '22P02');
  refuse('int4', 3e9, '22003');
  refuse('int4', true, '22023');
  refuse('int8', 2n ** 63n, '22003');
  refuse('timestamptz', new Date(Number.NaN), '22007');
  refuse('_int4', [[1], [2, 3]], '2202E');
  refuse('jsonb', () => 1, '22023');
  assert.equal(type('int8').fromJs(5n, settings), 5);
  assert.equal(type('numeric').output(type('numeric').fromJs(0.1, settings), settings), '0.1');
});

test('text order is code point order', () => {
  assert.ok(compareText('￿', '😀') < 0);
  assert.ok(compareText('\ue000', '\u{10000}') < 0);
  assert.ok(compareText('a', 'ab') < 0);
});

test('enums sort by position, domains and composites read and write', () => {
  const mood = makeEnumType(70000, 'mood', [
    { label: 'sad', position: 1 },
    { label: 'ok', position: 2 },
    { label: 'good', position: 1.5 },
  ]);
  assert.deepEqual(mood.labels, ['sad', 'good', 'ok']);
  assert.ok(mood.compare(mood.input('good', -1, settings), mood.input('ok', -1, settings)) < 0);
  assert.throws(() => mood.input('x', -1, settings), {
    code: '22P02',
    message: 'invalid input value for enum mood: "x"',
  });
  const price = makeDomainType(70001, 'price', type('numeric'), type('numeric').typmodIn([6, 2]));
  assert.equal(price.output(price.input('1.005', -1, settings), settings), '1.01');
  const pair = makeCompositeType(70002, 'pair', [
    { name: 'a', type: type('int4'), typmod: -1 },
    { name: 'b', type: type('text'), typmod: -1 },
  ]);
  for (const text of ['(1,x)', '(,"a b")', '(2,"")', '(3,"q""\\\\")']) {
    const value = pair.input(text, -1, settings);
    assert.equal(pair.output(bytesAgain(value, pair), settings), text);
  }
  assert.deepEqual(pair.toJs(pair.fromJs({ a: 1, b: 'x' }, settings), defaultJsOptions), { a: 1, b: 'x' });
});

test('damaged stored values are refused, never misread', () => {
  for (const name of ['_int4', 'jsonb', 'interval', 'int4range']) {
    const { codec } = type(name);
    for (const bytes of [
      [],
      [255],
      [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255],
      [6, 255, 255, 3],
    ]) {
      try {
        codec!.fromBytes(Uint8Array.from(bytes));
      } catch (error) {
        assert.ok(error instanceof DecentDbError && error.code === 'XX001', `${name} ${bytes}: ${error}`);
      }
    }
  }
});

test('type names: every oid once, SQL spellings found', () => {
  const oids = [...builtinTypes()].map(({ oid }) => oid);
  assert.equal(new Set(oids).size, oids.length);
  for (const [spelling, name] of [
    ['integer', 'int4'],
    ['double precision', 'float8'],
    ['character varying', 'varchar'],
    ['int[]', '_int4'],
    ['timestamp with time zone', 'timestamptz'],
  ]) {
    assert.equal(typeByName(spelling!)?.name, name);
  }
});

test('shortest float4: halves go to the even digit; day 366 of a common year is the first of the next', () => {
  assert.equal(type('float4').output(57225.3125, settings), '57225.312');
  // 100191860 would read back, but lies halfway to the next single.
  assert.equal(type('float4').output(100191856, settings), '1.00191856e+08');
  const date = type('date');
  assert.equal(date.output(date.input('1963.366', -1, settings), settings), '1964-01-01');
});

test('a date with punctuation is whole: a year and a month with the rest behind are none', () => {
  const read = (text: string): unknown => dateType.input(text, -1, defaultTypeSettings);
  assert.equal(read('1999-Jan-08'), read('08-Jan-1999'));
  assert.equal(read('1999 Jan-08'), read('1999-01-08'));
  for (const text of ['1999-08-Jan', '99-08-Jan', '1999-08', 'Jan-08'])
    assert.throws(() => read(text), { code: '22007' }, text);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pageNo } from '../base/ids.ts';
import { Decimal } from '../types/decimal.ts';
import { type ColumnSpec, type Datum, Physical } from '../types/vector.ts';
import { ByteReader, TAIL_BYTES } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Column } from './column.ts';
import { decodeColumn, newColumn } from './column-decoder.ts';
import { ENCODING_MASK, Encoding } from './encoding.ts';
import { writeRawBody } from './int-body.ts';
import { pairCodec, sameDatum } from './tree-model.fuzz.ts';

const seed = Number(process.env['SEED'] ?? 1);

function build(spec: ColumnSpec, values: readonly Datum[], isSorted = false): Column {
  const column = newColumn(spec, 4, isSorted);
  for (let i = 0; i < values.length; i++) column.insert(i, i, values[i]!);
  return column;
}

function encode(column: Column, count: number): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(1 << 17));
  column.write(writer, count);
  return writer.bytes.slice(0, writer.at + TAIL_BYTES);
}

function decode(spec: ColumnSpec, bytes: Uint8Array, count: number, isSorted = false): Column {
  const reader = new ByteReader(bytes, pageNo(1));
  reader.end = bytes.length - TAIL_BYTES;
  const column = decodeColumn(reader, spec, count, isSorted);
  assert.equal(reader.at, reader.end, 'a decoder reads its whole block');
  return column;
}

/** Values go out and come back, the bound holds before and after a close look, and the encoding is the one expected. */
function roundTrip(spec: ColumnSpec, values: readonly Datum[], isSorted = false): number {
  const column = build(spec, values, isSorted);
  const bound = column.bound(values.length);
  const bytes = encode(column, values.length);
  const size = bytes.length - TAIL_BYTES;
  assert.ok(size <= bound, `${size} bytes pass the bound ${bound}`);
  assert.ok(size <= column.bound(values.length), 'the bound after a close look holds');
  const back = decode(spec, bytes, values.length, isSorted);
  for (let i = 0; i < values.length; i++) {
    assert.ok(
      sameDatum(back.cell(i) as Datum, values[i]!),
      `row ${i}: ${String(back.cell(i))} is not ${String(values[i])}`,
    );
  }
  assert.deepEqual(encode(back, values.length), bytes, 'encoding again gives the same bytes');
  return bytes[0]! & ENCODING_MASK;
}

const spec = (physical: Physical): ColumnSpec =>
  physical === Physical.object ? { physical, codec: pairCodec } : { physical };
const range = (count: number, value: (i: number) => Datum): Datum[] =>
  Array.from({ length: count }, (_, i) => value(i));

test('integers at every width and at their limits', () => {
  for (let bits = 0; bits <= 53; bits++) {
    const max = 2 ** bits - 1;
    roundTrip(spec(Physical.int64), [0, max, Math.floor(max / 2), Math.floor(max / 3)]);
    roundTrip(spec(Physical.int64), [0 - max, 0, -1, 5]);
  }
  const limits = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0, -1, 1];
  roundTrip(spec(Physical.int64), limits);
  roundTrip(spec(Physical.int32), [-(2 ** 31), 2 ** 31 - 1, 0]);
  assert.equal(roundTrip(spec(Physical.int64), [2n ** 63n - 1n, -(2n ** 63n), 0, 5]), Encoding.rawBigInts);
  assert.equal(
    roundTrip(
      spec(Physical.int64),
      range(50, (i) => 2n ** 62n + BigInt(i * 3)),
    ),
    Encoding.bigInts,
  );
  roundTrip(spec(Physical.int64), [2n ** 63n - 1n, null, 7]);
  roundTrip(spec(Physical.bool), [true, false, null, true, true, false, false, true, true]);
});

test('a value of minus zero is zero in integers and itself in floats', () => {
  const ints = build(spec(Physical.int64), [-0]);
  assert.ok(Object.is(ints.cell(0), 0));
  roundTrip(spec(Physical.float64), [-0, 0, 1]);
});

test('large whole floats beside short decimals stay what they are', () => {
  const hundredths = (count: number): Datum[] => range(count, (i) => 5946.26 + i);
  for (const large of [482167131415785, -482167131415785, 90071998922752, 1e15, 1e14 + 1])
    for (const scale of [1, 10, 1e3, 1e6])
      roundTrip(spec(Physical.float64), [large, ...hundredths(12).map((value) => (value as number) / scale)]);
  roundTrip(spec(Physical.float64), [90071998922752, ...range(10, () => 15264.31)]);
  roundTrip(spec(Physical.float64), [Math.fround(482167131415785), ...range(12, (i) => Math.fround(i / 8))]);
});

test('large floats of early builds, multiplied beyond what dividing gives back, are read as what they were', () => {
  const values = [482167131415785, -8444611259, 14928065657.42, 4234647.9, 5946.26];
  const scale = 9;
  const wholes = values.map((value) => Math.round(value * 10 ** scale));
  assert.ok(wholes[1]! / 10 ** scale !== values[1], 'dividing is not enough');
  const writer = new ByteWriter(new Uint8Array(256));
  writer.u8(Encoding.scaledDoubles);
  writer.u8(scale);
  writeRawBody(writer, Float64Array.from(wholes), values.length);
  const bytes = writer.bytes.slice(0, writer.at + TAIL_BYTES);
  const column = decode(spec(Physical.float64), bytes, values.length);
  assert.deepEqual(
    values.map((_, i) => column.cell(i)),
    values,
  );
});

test('a few rows that are left of deltas take no more than was said', () => {
  const values = [1_700_000_554_560_748, ...range(40, () => 8)];
  const column = build(spec(Physical.int64), values);
  column.tighten(values.length);
  column.remove(3, values.length, values.length);
  const bound = column.bound(3);
  assert.ok(encode(column, 3).length - TAIL_BYTES <= bound);
});

test('floats take the smallest form that gives the same bits', () => {
  assert.equal(
    roundTrip(
      spec(Physical.float64),
      range(100, (i) => (i % 50) / 10),
    ),
    Encoding.scaledDoubles,
  );
  assert.equal(
    roundTrip(
      spec(Physical.float64),
      range(100, (i) => Math.fround((i % 50) / 10)),
    ),
    Encoding.scaledSingles,
  );
  assert.equal(
    roundTrip(
      spec(Physical.float64),
      range(100, (i) => Math.fround(Math.sin(i))),
    ),
    Encoding.singles,
  );
  assert.equal(
    roundTrip(
      spec(Physical.float64),
      range(100, (i) => Math.sin(i)),
    ),
    Encoding.doubles,
  );
  roundTrip(spec(Physical.float64), [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    5e-324,
    Number.MAX_VALUE,
  ]);
  roundTrip(spec(Physical.float64), [0.1, 1e-9, 123456.789, 1e15, -1e15]);
  roundTrip(
    spec(Physical.float64),
    range(60, (i) => Math.fround(i / 3 + 1e-5 * i)),
  );
});

test('sequences, runs and nearly sorted integers are stored as deltas', () => {
  const size = (values: Datum[]): number => encode(build(spec(Physical.int64), values), values.length).length;
  assert.ok(size(range(1000, (i) => 5_000_000 + i)) < 25);
  assert.ok(size(range(1000, (i) => 1e12 - 7 * i)) < 30);
  assert.ok(size(range(1000, (i) => Math.floor(i / 100) * 1_000_003)) < 120);
  roundTrip(
    spec(Physical.int64),
    range(1000, (i) => 5_000_000 + i),
  );
  roundTrip(
    spec(Physical.int64),
    range(500, (i) => (i % 97 === 0 ? 1e15 : i * 3)),
  );
  roundTrip(
    spec(Physical.int32),
    range(700, (i) => [1, 1_000_000, 77_777_777][(i * i) % 3]!),
  );
});

test('text: plain, dictionary, front-coded, both charsets', () => {
  const text = spec(Physical.text);
  assert.equal(
    roundTrip(
      text,
      range(100, (i) => `title number ${(i * 7919) % 1000}`),
    ),
    Encoding.text,
  );
  assert.equal(
    roundTrip(
      text,
      range(100, (i) => ['rock', 'jazz', 'classical'][i % 3]!),
    ),
    Encoding.textDictionary,
  );
  assert.equal(
    roundTrip(
      text,
      range(100, (i) => `a long shared prefix ${String(i).padStart(5, '0')}`),
      true,
    ),
    Encoding.frontCoded,
  );
  assert.equal(roundTrip(text, ['Bj\u00f6rk', 'Sigur R\u00f3s', '\u00ff', '']), Encoding.text);
  roundTrip(text, ['\u{1f600} grin', '\uffee', 'plain', '\u0416\u0416', '', null, 'x'.repeat(3000)]);
  roundTrip(
    text,
    range(64, (i) => (i % 2 === 0 ? 'same' : '\u{1f600}')),
  );
  assert.equal(roundTrip(text, [null, null, null]), Encoding.allNull);
  assert.throws(() => encode(build(text, ['a\ud800']), 1), { code: '22021' });
});

test('uuid, bytes, object and numeric', () => {
  const uuid = (i: number): string => `0f8fad5b-d9cb-469f-a165-${i.toString(16).padStart(12, '0')}`;
  assert.equal(roundTrip(spec(Physical.uuid), range(50, uuid)), Encoding.uuids);
  assert.equal(
    roundTrip(
      spec(Physical.uuid),
      range(50, (i) => (i % 7 === 3 ? null : uuid(i % 2))),
    ),
    Encoding.uuidDictionary,
  );
  roundTrip(spec(Physical.bytes), [new Uint8Array(0), Uint8Array.of(0, 255, 1), null, new Uint8Array(2000)]);
  roundTrip(spec(Physical.object), [[1, 2], null, [3, 4]]);
  const numeric = spec(Physical.numeric);
  assert.equal(
    roundTrip(
      numeric,
      range(50, (i) => Decimal.of(i * 37, 2)),
    ),
    Encoding.scaledNumeric,
  );
  assert.equal(
    roundTrip(
      numeric,
      range(50, (i) => Decimal.of(i * 37, i % 3)),
    ),
    Encoding.numericPairs,
  );
  assert.equal(
    roundTrip(numeric, [Decimal.nan, Decimal.infinity, Decimal.of(10n ** 40n, 3), null]),
    Encoding.text,
  );
});

test('numbers of which the first half has no places and the rest two: scales are runs, read before coefficients', () => {
  const values = range(200, (i) => Decimal.of((i * 7919) % 1000, i < 100 ? 0 : 2));
  assert.equal(roundTrip(spec(Physical.numeric), values), Encoding.numericPairs);
});

const datums: Readonly<Record<string, [Physical, fc.Arbitrary<Datum>]>> = {
  bool: [Physical.bool, fc.boolean()],
  int32: [Physical.int32, fc.oneof(fc.integer(), fc.integer({ min: 0, max: 9 }))],
  int64: [
    Physical.int64,
    fc.oneof(
      fc.maxSafeInteger().map((n) => n + 0),
      fc.integer({ min: 0, max: 300 }),
      fc.constant(2n ** 60n),
    ),
  ],
  float64: [
    Physical.float64,
    fc.oneof(
      fc.double(),
      fc.float(),
      fc.integer().map((n) => n / 100),
    ),
  ],
  text: [Physical.text, fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('a', 'b'))],
  uuid: [Physical.uuid, fc.uuid()],
  bytes: [Physical.bytes, fc.uint8Array()],
  numeric: [
    Physical.numeric,
    fc.oneof(
      fc.integer().map((n) => Decimal.of(n, 2)),
      fc.tuple(fc.bigInt(), fc.nat(30)).map(([n, s]) => Decimal.of(n, s)),
    ),
  ],
};

for (const [name, [physical, datum]] of Object.entries(datums)) {
  test(`${name} columns of runs go out and come back`, () => {
    const run = fc.tuple(fc.option(datum, { freq: 8 }), fc.integer({ min: 1, max: 120 }));
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 8 }), (runs) => {
        roundTrip(
          spec(physical),
          runs.flatMap(([value, length]) => new Array<Datum>(length).fill(value)),
        );
      }),
      { seed, numRuns: 100 },
    );
  });

  test(`${name} columns survive random edits and a round trip`, () => {
    const edit = fc.tuple(fc.nat(3), fc.nat(), fc.option(datum, { freq: 8 }));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 80 }), fc.boolean(), (edits, isTightened) => {
        const model: Datum[] = [];
        let column = newColumn(spec(physical), 2, false);
        for (const [kind, place, raw] of edits) {
          const value = physical === Physical.int64 && typeof raw === 'number' ? raw + 0 : raw;
          const at = model.length === 0 ? 0 : place % model.length;
          if (kind <= 1 || model.length === 0) {
            const to = kind === 0 ? model.length : at;
            column.insert(to, model.length, value);
            model.splice(to, 0, value);
          } else if (kind === 2) {
            column.remove(at, at + 1, model.length);
            model.splice(at, 1);
          } else {
            column.set(at, model.length, value);
            model[at] = value;
          }
          if (isTightened && place % 5 === 0) column.tighten(model.length);
          // As commits do between changes.
          if (place % 7 === 0) encode(column, model.length);
          if (place % 3 === 0) column = column.clone(model.length, model.length + 2);
        }
        const count = model.length;
        const bound = column.bound(count);
        const bytes = encode(column, count);
        assert.ok(bytes.length - TAIL_BYTES <= bound);
        const back = decode(spec(physical), bytes, count);
        const part = back.copy(count >> 2, count, count + 1);
        for (let i = 0; i < count; i++) {
          assert.ok(
            sameDatum(back.cell(i) as Datum, model[i]!),
            `row ${i}: ${String(back.cell(i))} is not ${String(model[i])}`,
          );
          if (i >= count >> 2) assert.ok(sameDatum(part.cell(i - (count >> 2)) as Datum, model[i]!));
        }
      }),
      { seed, numRuns: 150 },
    );
  });
}

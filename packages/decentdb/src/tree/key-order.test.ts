import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from '../types/decimal.ts';
import { type Datum, Physical } from '../types/vector.ts';
import { compareDatums, isEqualDatum } from './key-order.ts';

const samples: readonly (readonly [Physical, readonly Datum[]])[] = [
  [Physical.bool, [null, false, true]],
  [Physical.int32, [null, -1, 0, -0, 1]],
  [Physical.int64, [null, 0, -0, 5, 2 ** 53 - 1, 2n ** 60n, -(2n ** 60n)]],
  [Physical.float64, [null, 0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY]],
  [Physical.text, [null, '', 'a', 'b', 'aa', '\ue000', '\u{10000}', `a${'b'.slice(0, 1)}`]],
  [Physical.uuid, [null, '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-00000000000a']],
  [Physical.bytes, [null, Uint8Array.of(), Uint8Array.of(1), Uint8Array.of(1), Uint8Array.of(1, 2)]],
  [Physical.numeric, [null, Decimal.parse('1'), Decimal.parse('1.0'), Decimal.parse('1.5')]],
];

test('datums are equal where neither comes before the other', () => {
  for (const [physical, datums] of samples) {
    for (const descending of [false, true]) {
      const spec = { physical, descending };
      for (const a of datums)
        for (const b of datums)
          equal(isEqualDatum(spec, a, b), compareDatums(spec, a, b) === 0, `${String(a)} and ${String(b)}`);
    }
  }
});

test('texts of a codec are equal as their codec says', () => {
  const codec = {
    compare: (a: object, b: object) => String(a).length - String(b).length,
    toBytes: () => new Uint8Array(),
    fromBytes: () => '' as unknown as object,
    memoryBytes: () => 0,
  };
  const spec = { physical: Physical.object, codec } as const;
  equal(isEqualDatum(spec, 'ab', 'cd'), true);
  equal(isEqualDatum(spec, 'ab', 'c'), false);
});

/** Exact numbers: the fast number path and the bigint path agree, and the laws of arithmetic hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decimal } from './decimal.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.log(`SEED=${seed}`);
const options = { seed, numRuns: 500 };

const finite = fc
  .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 12 }), fc.boolean())
  .map(([coefficient, scale, isSmall]) => Decimal.of(isSmall ? coefficient % 100_000n : coefficient, scale));

/** The value as a fraction over 10^24, computed the slow way. */
function exact(value: Decimal): bigint {
  return value.scaledTo(24);
}

test('addition, subtraction and comparison are exact', () => {
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      assert.equal(exact(a.add(b)), exact(a) + exact(b));
      assert.equal(exact(a.subtract(b)), exact(a) - exact(b));
      assert.equal(a.add(b).scale, Math.max(a.scale, b.scale));
      assert.equal(Math.sign(a.compare(b)), exact(a) < exact(b) ? -1 : exact(a) > exact(b) ? 1 : 0);
    }),
    options,
  );
});

test('multiplication is exact and keeps both scales', () => {
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      const product = a.multiply(b);
      assert.equal(product.scale, a.scale + b.scale);
      assert.equal(product.big, a.big * b.big);
    }),
    options,
  );
});

test('quotient and remainder put the dividend together again', () => {
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      fc.pre(b.sign !== 0);
      const again = a.divideTruncated(b).multiply(b).add(a.remainder(b));
      assert.equal(again.compare(a), 0);
      assert.ok(a.remainder(b).abs().compare(b.abs()) < 0);
    }),
    options,
  );
});

test('text reads back, equal values hash alike whatever their scale', () => {
  fc.assert(
    fc.property(finite, fc.integer({ min: 0, max: 5 }), (a, extra) => {
      const read = Decimal.parse(a.toString());
      assert.ok(read?.equals(a) && read.scale === a.scale);
      const longer = a.round(a.scale + extra);
      assert.ok(longer.equals(a));
      assert.equal(longer.hash(), a.hash());
    }),
    options,
  );
});

test('rounding goes half away from zero', () => {
  fc.assert(
    fc.property(finite, fc.integer({ min: -5, max: 10 }), (a, scale) => {
      const rounded = a.round(scale);
      const half = Decimal.of(5n, Math.max(scale + 1, 0)).multiply(
        Decimal.of(10n ** BigInt(Math.max(-scale - 1, 0)), 0),
      );
      assert.ok(rounded.subtract(a).abs().compare(half) <= 0);
      assert.ok(rounded.sign === 0 || rounded.sign === a.sign);
    }),
    options,
  );
});

test('specials order and combine as in PostgreSQL', () => {
  const { nan, infinity, negativeInfinity, one } = Decimal;
  assert.deepEqual([nan, one, infinity, negativeInfinity].sort((a, b) => a.compare(b)).map(String), [
    '-Infinity',
    '1',
    'Infinity',
    'NaN',
  ]);
  assert.ok(infinity.add(negativeInfinity).isNaN);
  assert.ok(infinity.multiply(Decimal.zero).isNaN);
  assert.equal(String(infinity.multiply(one.negate())), '-Infinity');
  assert.throws(() => one.divide(Decimal.zero), { code: '22012' });
  assert.throws(() => Decimal.parse('1e131072'), { code: '22003' });
  assert.equal(Decimal.parse('1e131071')?.toString().length, 131072);
});

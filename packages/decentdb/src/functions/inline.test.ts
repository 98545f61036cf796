/** Inline templates mean exactly what `eval` means, errors included. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { Oid as T } from '../types/oids.ts';
import type { Datum } from '../types/vector.ts';
import type { ScalarFunction } from './function.ts';
import { inlineHelpers } from './inline-kernel.ts';
import { testContext } from './literal-expression.test.kit.ts';
import { allFunctions } from './registry.ts';

const big = 9223372036854775807n;
const values: Readonly<Record<number, readonly Datum[]>> = {
  [T.bool]: [true, false],
  [T.int2]: [-32768, -1, 0, 7, 32767],
  [T.int4]: [-2147483648, -7, -1, 0, 3, 2147483647],
  [T.int8]: [-big - 1n, -(2n ** 53n), -9007199254740991, -3, 0, 2, 9007199254740991, 2n ** 53n, big],
  [T.float4]: [
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    Math.fround(-1e38),
    -0,
    0,
    Math.fround(0.1),
    Math.fround(3e38),
    Number.POSITIVE_INFINITY,
  ],
  [T.float8]: [
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    -1e308,
    -0,
    0,
    1e-300,
    0.1,
    1e308,
    Number.POSITIVE_INFINITY,
  ],
  [T.text]: ['', 'a', 'ab', 'é', '￿', '😀'],
  [T.name]: ['a', 'b'],
  [T.char]: ['a', 'b'],
  [T.uuid]: ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  [T.date]: [-2147483648, 0, 2147483647],
  [T.time]: [0, 86_400_000_000],
  [T.timestamp]: [-big - 1n, 0, 5, big],
  [T.timestamptz]: [-big - 1n, 0, 5, big],
  [T.oid]: [0, 4294967295],
  [T.money]: [-5, 0, big],
  [T.macaddr]: ['08002b010203', '08002b010204'],
  [T.macaddr8]: ['08002bfffe010203', '08002bfffe010204'],
  [T.pgLsn]: ['0000000000000000', '00000016000000f7'],
  [T.xid8]: ['0000000000000000', '000000000000002a'],
  [T.tid]: ['000000000001', 'ffffffff0001'],
};

function attempt(run: () => Datum): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof DecentDbError) return `${error.code} ${error.message}`;
    throw error;
  }
}

function check(fn: ScalarFunction): number {
  const names = fn.args.map((_, i) => `a${i}`);
  const compiled = new Function('h', ...names, `return ${fn.inline!(...names)};`) as (
    ...args: unknown[]
  ) => Datum;
  const context = testContext();
  let count = 0;
  const visit = (args: Datum[]): void => {
    if (args.length < fn.args.length) {
      const next = values[fn.args[args.length]!];
      assert.ok(next, `no values for type ${fn.args[args.length]} of ${fn.name}`);
      for (const value of next) visit([...args, value]);
      return;
    }
    count++;
    const expected = attempt(() => fn.eval(context, ...args));
    const actual = attempt(() => compiled(inlineHelpers, ...args));
    assert.ok(
      Object.is(actual, expected),
      `${fn.name}(${args.map(String).join(', ')}): inline ${String(actual)}, eval ${String(expected)}`,
    );
  };
  visit([]);
  return count;
}

test('inline templates agree with eval', () => {
  const { scalars, operators } = allFunctions();
  let entries = 0;
  let calls = 0;
  for (const fn of [...scalars, ...operators].flat()) {
    if (fn.inline === undefined) continue;
    entries++;
    calls += check(fn);
  }
  assert.ok(entries > 100 && calls > 3000, `${entries} entries, ${calls} calls`);
});

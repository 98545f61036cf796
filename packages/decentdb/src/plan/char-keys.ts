/**
 * Values that keys of type char(n) are compared with, as those keys are stored: blanks at their end up to n characters.
 *
 *     k = 'ab' with k char(4)     is looked for as 'ab  '
 *
 * I1  A value of other than blanks beyond n stays longer than every key: it equals none, and sorts where it should.
 * I2  Keys of a type without length have blanks at their end or not, as they came: they are not looked for by value.
 */
import type { Expr } from '../exec/expr.ts';
import type { ScalarFunction } from '../functions/function.ts';
import { SqlArray } from '../types/array.ts';
import { Oid } from '../types/oids.ts';
import { codePointLength } from '../types/text-order.ts';
import { trimBlanks } from '../types/text-types.ts';
import type { Datum } from '../types/vector.ts';

/** The value as a key; null where nobody knows how keys are stored. */
export function paddedValue(value: Expr, typmod: number): Expr | null {
  if (typmod <= 4) return null;
  if (value.kind === 'column' && value.typmod === typmod) return value;
  return applied(value, typmod, valuePadders, (datum) => padded(datum as string, typmod - 4));
}

/** The same of all elements of an array. */
export function paddedArray(array: Expr, typmod: number): Expr | null {
  if (typmod <= 4) return null;
  return applied(array, typmod, arrayPadders, (datum) => {
    const { elements, lengths, lowerBounds } = datum as SqlArray;
    const keys = elements.map((element) => (element === null ? null : padded(element as string, typmod - 4)));
    return new SqlArray(keys, lengths, lowerBounds);
  });
}

function padded(text: string, length: number): string {
  const trimmed = trimBlanks(text);
  return trimmed + ' '.repeat(Math.max(0, length - codePointLength(trimmed)));
}

/** By type modifier: plans of equal statements have equal functions. */
const valuePadders = new Map<number, ScalarFunction>();
const arrayPadders = new Map<number, ScalarFunction>();

function applied(
  value: Expr,
  typmod: number,
  padders: Map<number, ScalarFunction>,
  pad: (datum: Datum) => Datum,
): Expr {
  if (value.kind === 'const')
    return value.value === null ? value : { ...value, typmod, value: pad(value.value) };
  let fn = padders.get(typmod);
  if (fn === undefined) {
    fn = {
      name: 'bpchar',
      args: [Oid.bpchar],
      returns: value.type.oid,
      strict: true,
      volatility: 'immutable',
      eval: (_, datum) => pad(datum ?? null),
      description: 'blanks up to a length',
    };
    padders.set(typmod, fn);
  }
  return { kind: 'call', fn, args: [value], type: value.type, typmod, location: -1 };
}

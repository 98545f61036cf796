/**
 * Order of datums and keys, as trees store them.
 *
 * Text in code point order, numeric by value, -0 = 0, NaN equal to itself and above all, false < true, bytes and uuids
 * by byte; `descending` reverses values, `nullsFirst` places NULLs, whatever the direction.
 */
import type { Decimal } from '../types/decimal.ts';
import { compareText } from '../types/text-order.ts';
import { type ColumnSpec, type Datum, Physical } from '../types/vector.ts';

/** < 0, 0, > 0: `a` before, equal to, after `b` in a column's order. */
export function compareDatums(spec: ColumnSpec, a: Datum, b: Datum): number {
  if (a === null || b === null) {
    if (a === b) return 0;
    return (a === null) === (spec.nullsFirst === true) ? -1 : 1;
  }
  const order = compareValues(spec, a, b);
  return spec.descending === true ? 0 - order : order;
}

function compareValues(spec: ColumnSpec, a: NonNullable<Datum>, b: NonNullable<Datum>): number {
  switch (spec.physical) {
    case Physical.text:
      return compareText(a as string, b as string);
    case Physical.numeric:
      return (a as Decimal).compare(b as Decimal);
    case Physical.float64:
      return compareFloats(a as number, b as number);
    case Physical.bytes:
      return compareBytes(a as Uint8Array, b as Uint8Array);
    case Physical.object:
      return spec.codec!.compare(a as object, b as object);
    default:
      // Booleans, numbers, bigints among them, and uuids (lower-case hexadecimal): JavaScript's own order.
      return a < b ? -1 : a > b ? 1 : 0;
  }
}

export function compareFloats(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether two datums are equal in a column's order: of those of most keys it is told without one. */
export function isEqualDatum(spec: ColumnSpec, a: Datum, b: Datum): boolean {
  if (a === b) return true;
  if (typeof a === 'string' && typeof b === 'string' && spec.physical !== Physical.object) return false;
  return compareDatums(spec, a, b) === 0;
}

/** Compares the first `length` columns of two keys. */
export function compareKeys(
  specs: readonly ColumnSpec[],
  a: readonly Datum[],
  b: readonly Datum[],
  length: number,
): number {
  for (let i = 0; i < length; i++) {
    const order = compareDatums(specs[i]!, a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

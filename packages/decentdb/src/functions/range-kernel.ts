/**
 * Set operations on single ranges.
 *
 * I1  Results are canonical: they are made by makeRange or are one of the operands.
 */
import { DecentDbError } from '../base/errors.ts';
import { compareEnds, compareLower, compareUpper, isAdjacent, makeRange, SqlRange } from '../types/range.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';

export function containsValue(range: SqlRange, value: Datum, subtype: SqlType): boolean {
  if (range.isEmpty) return false;
  if (range.lower !== null) {
    const order = subtype.compare(range.lower, value);
    if (order > 0 || (order === 0 && !range.isLowerInclusive)) return false;
  }
  if (range.upper !== null) {
    const order = subtype.compare(range.upper, value);
    if (order < 0 || (order === 0 && !range.isUpperInclusive)) return false;
  }
  return true;
}

export function contains(a: SqlRange, b: SqlRange, subtype: SqlType): boolean {
  if (b.isEmpty) return true;
  return !a.isEmpty && compareLower(a, b, subtype) <= 0 && compareUpper(a, b, subtype) >= 0;
}

export function isBefore(a: SqlRange, b: SqlRange, subtype: SqlType): boolean {
  return !a.isEmpty && !b.isEmpty && compareEnds(a, b, subtype) < 0;
}

export function overlaps(a: SqlRange, b: SqlRange, subtype: SqlType): boolean {
  return !a.isEmpty && !b.isEmpty && !isBefore(a, b, subtype) && !isBefore(b, a, subtype);
}

export function rebuild(lower: SqlRange, upper: SqlRange, subtype: SqlType): SqlRange {
  return makeRange(
    subtype,
    lower.lower,
    upper.upper,
    `${lower.isLowerInclusive ? '[' : '('}${upper.isUpperInclusive ? ']' : ')'}`,
  );
}

export function merge(a: SqlRange, b: SqlRange, subtype: SqlType): SqlRange {
  if (a.isEmpty) return b;
  if (b.isEmpty) return a;
  return rebuild(compareLower(a, b, subtype) <= 0 ? a : b, compareUpper(a, b, subtype) >= 0 ? a : b, subtype);
}

export function union(a: SqlRange, b: SqlRange, subtype: SqlType): SqlRange {
  if (!a.isEmpty && !b.isEmpty && !overlaps(a, b, subtype) && !isAdjacent(a, b, subtype)) {
    throw new DecentDbError('22000', 'result of range union would not be contiguous');
  }
  return merge(a, b, subtype);
}

export function intersection(a: SqlRange, b: SqlRange, subtype: SqlType): SqlRange {
  if (!overlaps(a, b, subtype)) return SqlRange.empty;
  return rebuild(compareLower(a, b, subtype) >= 0 ? a : b, compareUpper(a, b, subtype) <= 0 ? a : b, subtype);
}

export function difference(a: SqlRange, b: SqlRange, subtype: SqlType): SqlRange {
  if (!overlaps(a, b, subtype)) return a;
  const startsFirst = compareLower(a, b, subtype) < 0;
  const endsLast = compareUpper(a, b, subtype) > 0;
  if (startsFirst && endsLast)
    throw new DecentDbError('22000', 'result of range difference would not be contiguous');
  if (startsFirst)
    return makeRange(
      subtype,
      a.lower,
      b.lower,
      `${a.isLowerInclusive ? '[' : '('}${b.isLowerInclusive ? ')' : ']'}`,
    );
  if (endsLast)
    return makeRange(
      subtype,
      b.upper,
      a.upper,
      `${b.isUpperInclusive ? '(' : '['}${a.isUpperInclusive ? ']' : ')'}`,
    );
  return SqlRange.empty;
}

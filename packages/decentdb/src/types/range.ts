/**
 * Range types over integers, numerics, dates, timestamps and what users make ranges of.
 *
 * I1  Discrete ranges of the system (integers, dates) are canonical: [lower, upper), so equal sets are equal values.
 * I2  Infinite bounds are null and never inclusive. The empty range is one object.
 */
import { DecentDbError } from '../base/errors.ts';
import { checkDate, isFiniteDate } from './calendar.ts';
import { narrow } from './decimal.ts';
import { INT8_MAX, outOfRange } from './integer-types.ts';
import { ByteReader, ByteWriter, datumBytes } from './object-bytes.ts';
import { Oid } from './oids.ts';
import { cannotBind, defineType, Physical, type SqlType, type TypeSettings } from './sql-type.ts';
import type { Datum, ObjectCodec } from './vector.ts';

/** The datum of a range type. */
export class SqlRange {
  readonly lower: Datum;
  readonly upper: Datum;
  readonly isLowerInclusive: boolean;
  readonly isUpperInclusive: boolean;
  readonly isEmpty: boolean;

  constructor(
    lower: Datum,
    upper: Datum,
    isLowerInclusive: boolean,
    isUpperInclusive: boolean,
    isEmpty = false,
  ) {
    this.lower = lower;
    this.upper = upper;
    this.isLowerInclusive = isLowerInclusive;
    this.isUpperInclusive = isUpperInclusive;
    this.isEmpty = isEmpty;
  }

  static readonly empty: SqlRange = new SqlRange(null, null, false, false, true);
}

/** Subtypes as ranges of the user's have them: continuous, whatever the values are (PostgreSQL: no canonical function). */
const continuous = new WeakSet<SqlType>();
const boundTypes = new WeakMap<SqlType, SqlType>();

/** The subtype as functions on bounds of this range type want it. */
export function boundTypeOf(range: SqlType): SqlType {
  return boundTypes.get(range) ?? range.rangeSubtype!;
}

function continuousForm(subtype: SqlType): SqlType {
  const form = Object.create(subtype) as SqlType;
  continuous.add(form);
  return form;
}

/** Next value of a discrete subtype; null for continuous ones. */
function successor(subtype: SqlType): ((value: Datum) => Datum) | null {
  if (continuous.has(subtype)) return null;
  switch (subtype.oid) {
    case Oid.int4:
      return (value) => {
        if (value === 2147483647) throw outOfRange('integer');
        return (value as number) + 1;
      };
    case Oid.int8:
      return (value) => {
        if (value === INT8_MAX) throw outOfRange('bigint');
        return narrow(BigInt(value as number | bigint) + 1n);
      };
    case Oid.date:
      return (value) => (isFiniteDate(value as number) ? checkDate((value as number) + 1) : value);
    default:
      return null;
  }
}

/** A range from bounds (null: unbounded); throws 22000 when they are out of order. */
export function makeRange(subtype: SqlType, lower: Datum, upper: Datum, bounds: string): SqlRange {
  if (!/^[[(][\])]$/.test(bounds)) {
    throw new DecentDbError('42601', 'invalid range bound flags', {
      hint: 'Valid values are "[]", "[)", "(]", and "()".',
    });
  }
  let low = lower;
  let high = upper;
  let isLowerInclusive = bounds[0] === '[' && low !== null;
  let isUpperInclusive = bounds[1] === ']' && high !== null;
  if (low !== null && high !== null) {
    const order = subtype.compare(low, high);
    if (order > 0)
      throw new DecentDbError('22000', 'range lower bound must be less than or equal to range upper bound');
    if (order === 0 && !(isLowerInclusive && isUpperInclusive)) return SqlRange.empty;
  }
  const next = successor(subtype);
  if (next !== null) {
    const isFiniteBound = (value: Datum): boolean =>
      subtype.oid !== Oid.date || isFiniteDate(value as number);
    if (low !== null && !isLowerInclusive && isFiniteBound(low)) {
      low = next(low);
      isLowerInclusive = true;
    }
    if (high !== null && isUpperInclusive && isFiniteBound(high)) {
      high = next(high);
      isUpperInclusive = false;
    }
    if (
      low !== null &&
      high !== null &&
      isLowerInclusive &&
      !isUpperInclusive &&
      subtype.compare(low, high) >= 0
    )
      return SqlRange.empty;
  }
  return new SqlRange(low, high, isLowerInclusive, isUpperInclusive);
}

/** Order of two lower bounds; unbounded is smallest. */
export function compareLower(a: SqlRange, b: SqlRange, subtype: SqlType): number {
  if (a.lower === null || b.lower === null) return a.lower === b.lower ? 0 : a.lower === null ? -1 : 1;
  const order = subtype.compare(a.lower, b.lower);
  if (order !== 0) return order;
  return a.isLowerInclusive === b.isLowerInclusive ? 0 : a.isLowerInclusive ? -1 : 1;
}

/** Order of two upper bounds; unbounded is largest. */
export function compareUpper(a: SqlRange, b: SqlRange, subtype: SqlType): number {
  if (a.upper === null || b.upper === null) return a.upper === b.upper ? 0 : a.upper === null ? 1 : -1;
  const order = subtype.compare(a.upper, b.upper);
  if (order !== 0) return order;
  return a.isUpperInclusive === b.isUpperInclusive ? 0 : a.isUpperInclusive ? 1 : -1;
}

/** Order of the upper bound of `a` and the lower bound of `b`: below zero when a ends before b starts. */
export function compareEnds(a: SqlRange, b: SqlRange, subtype: SqlType): number {
  if (a.upper === null || b.lower === null) return 1;
  const order = subtype.compare(a.upper, b.lower);
  if (order !== 0) return order;
  return a.isUpperInclusive && b.isLowerInclusive ? 0 : -1;
}

/** Whether nothing lies between the end of one range and the start of the other, and they share nothing. */
export function isAdjacent(a: SqlRange, b: SqlRange, subtype: SqlType): boolean {
  if (a.isEmpty || b.isEmpty) return false;
  const touches = (x: SqlRange, y: SqlRange): boolean =>
    x.upper !== null &&
    y.lower !== null &&
    subtype.compare(x.upper, y.lower) === 0 &&
    x.isUpperInclusive !== y.isLowerInclusive;
  return touches(a, b) || touches(b, a);
}

export function compareRanges(a: SqlRange, b: SqlRange, subtype: SqlType): number {
  if (a.isEmpty || b.isEmpty) return a.isEmpty === b.isEmpty ? 0 : a.isEmpty ? -1 : 1;
  return compareLower(a, b, subtype) || compareUpper(a, b, subtype);
}

function quoteBound(text: string): string {
  return text === '' || /["\\()[\], \t-\r]/.test(text) ? `"${text.replace(/["\\]/g, '$&$&')}"` : text;
}

export function formatRange(range: SqlRange, subtype: SqlType, settings: TypeSettings): string {
  if (range.isEmpty) return 'empty';
  const bound = (value: Datum): string => (value === null ? '' : quoteBound(subtype.output(value, settings)));
  return `${range.isLowerInclusive ? '[' : '('}${bound(range.lower)},${bound(range.upper)}${range.isUpperInclusive ? ']' : ')'}`;
}

function malformed(text: string, detail: string): DecentDbError {
  return new DecentDbError('22P02', `malformed range literal: "${text}"`, { detail });
}

export function parseRange(text: string, subtype: SqlType, settings: TypeSettings): SqlRange {
  const source = text.trim();
  if (source.toLowerCase() === 'empty') return SqlRange.empty;
  if (!/^[[(]/.test(source)) throw malformed(text, 'Missing left parenthesis or bracket.');
  let at = 1;
  const readBound = (): Datum => {
    let value: string | null = null;
    let isQuoted = false;
    while (at < source.length && (isQuoted || !/[,\])]/.test(source[at]!))) {
      const char = source[at++]!;
      value ??= '';
      if (char === '\\') value += source[at++] ?? '';
      else if (char === '"') {
        if (isQuoted && source[at] === '"') {
          value += '"';
          at++;
        } else isQuoted = !isQuoted;
      } else value += char;
    }
    if (at >= source.length) throw malformed(text, 'Unexpected end of input.');
    return value === null ? null : subtype.input(value, -1, settings);
  };
  const lower = readBound();
  if (source[at++] !== ',') throw malformed(text, 'Missing comma after lower bound.');
  const upper = readBound();
  const close = source[at++]!;
  if (close === ',') throw malformed(text, 'Too many commas.');
  if (at < source.length) throw malformed(text, 'Junk after right parenthesis or bracket.');
  return makeRange(subtype, lower, upper, source[0]! + close);
}

function rangeCodec(subtype: SqlType): ObjectCodec {
  return {
    toBytes: (value) => {
      const range = value as SqlRange;
      const writer = new ByteWriter();
      writer.byte(
        (range.isEmpty ? 1 : 0) | (range.isLowerInclusive ? 2 : 0) | (range.isUpperInclusive ? 4 : 0),
      );
      writer.datum(range.lower, subtype);
      writer.datum(range.upper, subtype);
      return writer.finish();
    },
    fromBytes: (bytes) => {
      const reader = new ByteReader(bytes);
      const flags = reader.byte();
      if ((flags & 1) !== 0) return SqlRange.empty;
      return new SqlRange(reader.datum(subtype), reader.datum(subtype), (flags & 2) !== 0, (flags & 4) !== 0);
    },
    compare: (a, b) => compareRanges(a as SqlRange, b as SqlRange, subtype),
    memoryBytes: (value) =>
      48 + datumBytes((value as SqlRange).lower, subtype) + datumBytes((value as SqlRange).upper, subtype),
  };
}

/** `isContinuous`: bounds stay as written, also of integers and dates. */
export function makeRangeType(oid: number, name: string, given: SqlType, isContinuous = false): SqlType {
  const subtype = isContinuous ? continuousForm(given) : given;
  const type: SqlType = defineType({
    oid,
    name,
    sqlName: name,
    kind: 'range',
    category: 'R',
    physical: Physical.object,
    codec: rangeCodec(subtype),
    rangeSubtype: given,
    input: (text, _typmod, settings) => parseRange(text, subtype, settings),
    output: (value: SqlRange, settings) => formatRange(value, subtype, settings),
    compare: (a: SqlRange, b: SqlRange) => compareRanges(a, b, subtype),
    hash: (value: SqlRange) =>
      value.isEmpty
        ? 1
        : (value.lower === null ? 2 : subtype.hash(value.lower)) ^
          Math.imul(value.upper === null ? 3 : subtype.hash(value.upper), 31),
    toJs: (value: SqlRange, options) => formatRange(value, subtype, options.settings),
    fromJs: (value, settings) => {
      if (typeof value !== 'string') throw cannotBind(value, type);
      return parseRange(value, subtype, settings);
    },
  });
  boundTypes.set(type, subtype);
  return type;
}

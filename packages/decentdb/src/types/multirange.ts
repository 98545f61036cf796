/**
 * Multirange types: sets of values as lists of ranges.
 *
 * I1  Ranges are in ascending order, none empty, and no two overlap or touch: equal sets are equal values.
 */
import { DecentDbError } from '../base/errors.ts';
import { ByteReader, ByteWriter } from './object-bytes.ts';
import {
  boundTypeOf,
  compareEnds,
  compareLower,
  compareRanges,
  compareUpper,
  formatRange,
  isAdjacent,
  parseRange,
  SqlRange,
} from './range.ts';
import {
  cannotBind,
  defineType,
  linkMultirangeType,
  Physical,
  type SqlType,
  type TypeSettings,
} from './sql-type.ts';
import type { ObjectCodec } from './vector.ts';

/** The datum of a multirange type. */
export class SqlMultirange {
  readonly ranges: readonly SqlRange[];

  constructor(ranges: readonly SqlRange[]) {
    this.ranges = ranges;
  }

  static readonly empty: SqlMultirange = new SqlMultirange([]);
}

/** The set of all values in some ranges (I1). */
export function makeMultirange(ranges: readonly SqlRange[], subtype: SqlType): SqlMultirange {
  const sorted = ranges.filter((range) => !range.isEmpty).sort((a, b) => compareRanges(a, b, subtype));
  const merged: SqlRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last === undefined || (compareEnds(last, range, subtype) < 0 && !isAdjacent(last, range, subtype))) {
      merged.push(range);
      continue;
    }
    if (compareUpper(last, range, subtype) >= 0) continue;
    merged[merged.length - 1] = new SqlRange(
      last.lower,
      range.upper,
      last.isLowerInclusive,
      range.isUpperInclusive,
    );
  }
  return new SqlMultirange(merged);
}

function malformed(text: string, detail: string): DecentDbError {
  return new DecentDbError('22P02', `malformed multirange literal: "${text}"`, { detail });
}

/** End of the range that starts at `from`: the bracket outside of quotes. */
function endOfRange(text: string, from: number): number {
  let isQuoted = false;
  for (let i = from; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\\') i++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === ']' || char === ')')) return i + 1;
  }
  return -1;
}

function parseMultirange(text: string, range: SqlType, settings: TypeSettings): SqlMultirange {
  const subtype = boundTypeOf(range);
  const source = text.trim();
  if (!source.startsWith('{')) throw malformed(text, 'Missing left brace.');
  const ranges: SqlRange[] = [];
  let at = 1;
  const skipBlanks = (): void => {
    while (/\s/.test(source[at] ?? '')) at++;
  };
  skipBlanks();
  while (source[at] !== '}' || ranges.length > 0) {
    const isEmptyWord = /^empty/i.test(source.slice(at, at + 5));
    if (!isEmptyWord && !/[[(]/.test(source[at] ?? '')) {
      if (at >= source.length) throw malformed(text, 'Unexpected end of input.');
      throw malformed(text, 'Expected range start.');
    }
    const end = isEmptyWord ? at + 5 : endOfRange(source, at);
    if (end < 0) throw malformed(text, 'Unexpected end of input.');
    ranges.push(parseRange(source.slice(at, end), subtype, settings));
    at = end;
    skipBlanks();
    if (source[at] === '}') break;
    if (at >= source.length) throw malformed(text, 'Unexpected end of input.');
    if (source[at] !== ',') throw malformed(text, 'Expected comma or end of multirange.');
    at++;
    skipBlanks();
  }
  if (at + 1 < source.length) throw malformed(text, 'Junk after closing right brace.');
  return makeMultirange(ranges, subtype);
}

function formatMultirange(value: SqlMultirange, range: SqlType, settings: TypeSettings): string {
  return `{${value.ranges.map((one) => formatRange(one, range.rangeSubtype!, settings)).join(',')}}`;
}

/** Range by range; the shorter list first when all of it is equal. */
export function compareMultiranges(a: SqlMultirange, b: SqlMultirange, subtype: SqlType): number {
  const count = Math.min(a.ranges.length, b.ranges.length);
  for (let i = 0; i < count; i++) {
    const [x, y] = [a.ranges[i]!, b.ranges[i]!];
    const order = compareLower(x, y, subtype) || compareUpper(x, y, subtype);
    if (order !== 0) return order;
  }
  return a.ranges.length - b.ranges.length;
}

function multirangeCodec(range: SqlType): ObjectCodec {
  return {
    toBytes: (value) => {
      const { ranges } = value as SqlMultirange;
      const writer = new ByteWriter();
      writer.unsigned(ranges.length);
      for (const one of ranges) writer.bytes(range.codec!.toBytes(one));
      return writer.finish();
    },
    fromBytes: (bytes) => {
      const reader = new ByteReader(bytes);
      const count = reader.unsigned();
      const ranges: SqlRange[] = [];
      for (let i = 0; i < count; i++) ranges.push(range.codec!.fromBytes(reader.bytes()) as SqlRange);
      return new SqlMultirange(ranges);
    },
    compare: (a, b) => compareMultiranges(a as SqlMultirange, b as SqlMultirange, range.rangeSubtype!),
    memoryBytes: (value) =>
      (value as SqlMultirange).ranges.reduce((total, one) => total + range.codec!.memoryBytes(one), 32),
  };
}

export function makeMultirangeType(oid: number, name: string, range: SqlType): SqlType {
  const type: SqlType = defineType({
    oid,
    name,
    sqlName: name,
    kind: 'multirange',
    category: 'R',
    physical: Physical.object,
    codec: multirangeCodec(range),
    multirangeOf: range,
    input: (text, _typmod, settings) => parseMultirange(text, range, settings),
    output: (value: SqlMultirange, settings) => formatMultirange(value, range, settings),
    compare: (a: SqlMultirange, b: SqlMultirange) => compareMultiranges(a, b, range.rangeSubtype!),
    hash: (value: SqlMultirange) =>
      value.ranges.reduce((h, one) => (Math.imul(h, 31) + range.hash(one)) | 0, 1),
    toJs: (value: SqlMultirange, options) => formatMultirange(value, range, options.settings),
    fromJs: (value, settings) => {
      if (typeof value !== 'string') throw cannotBind(value, type);
      return parseMultirange(value, range, settings);
    },
  });
  linkMultirangeType(range, type);
  return type;
}

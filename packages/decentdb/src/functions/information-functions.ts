/**
 * Functions of the schema information_schema, which views of the standard are made with: tools that write such views themselves call
 * them. Their names here begin with the schema; nobody finds them without it.
 */
import type { SqlRecord } from '../types/composite.ts';
import { intervalType } from '../types/interval-type.ts';
import { Oid as T } from '../types/oids.ts';
import type { Datum } from '../types/vector.ts';
import { fn } from './define.ts';
import type { ScalarFunction } from './function.ts';

const { int4, oid, text, record } = T;

/** Places in rows of pg_attribute and pg_type. */
const ATTTYPID = 2;
const ATTTYPMOD = 8;
const TYPTYPE = 6;
const TYPBASETYPE = 25;
const TYPTYPMOD = 26;

function lengthMax(type: number, typmod: number): number | null {
  if (typmod === -1) return null;
  if (type === T.bpchar || type === T.varchar) return typmod - 4;
  return type === T.bit || type === T.varbit ? typmod : null;
}

function octetsMax(type: number, typmod: number): number | null {
  if (type !== T.text && type !== T.bpchar && type !== T.varchar) return null;
  return typmod === -1 ? 2 ** 30 : (typmod - 4) * 4;
}

const PRECISIONS: Readonly<Record<number, number>> = {
  [T.int2]: 16,
  [T.int4]: 32,
  [T.int8]: 64,
  [T.float4]: 24,
  [T.float8]: 53,
};

function precision(type: number, typmod: number): number | null {
  if (type === T.numeric) return typmod === -1 ? null : ((typmod - 4) >> 16) & 0xffff;
  return PRECISIONS[type] ?? null;
}

function radix(type: number): number | null {
  return type === T.numeric ? 10 : PRECISIONS[type] === undefined ? null : 2;
}

function scale(type: number, typmod: number): number | null {
  if (type === T.numeric) return typmod === -1 ? null : (typmod - 4) & 0xffff;
  return type === T.int2 || type === T.int4 || type === T.int8 ? 0 : null;
}

function timePrecision(type: number, typmod: number): number | null {
  switch (type) {
    case T.date:
      return 0;
    case T.time:
    case T.timestamp:
    case T.timestamptz:
    case T.timetz:
      return typmod < 0 ? 6 : typmod;
    case T.interval: {
      const digits = typmod & 0xffff;
      return typmod < 0 || digits === 0xffff ? 6 : digits;
    }
    default:
      return null;
  }
}

/** `DAY TO SECOND` of an interval that has only these. */
function intervalFields(type: number, typmod: number): string | null {
  if (type !== T.interval) return null;
  const fields = /^interval(?:\(\d+\))? (.+)$/.exec(intervalType.sqlName(typmod))?.[1];
  return fields === undefined ? null : fields.toUpperCase();
}

type Measure = readonly [
  name: string,
  returns: number,
  measure: (type: number, typmod: number) => Datum,
  description: string,
];

const MEASURES: readonly Measure[] = [
  ['char_max_length', int4, lengthMax, 'Characters a type allows.'],
  ['char_octet_length', int4, octetsMax, 'Bytes a text type allows.'],
  ['numeric_precision', int4, precision, 'Digits of a number type.'],
  ['numeric_precision_radix', int4, radix, 'What the digits of a number type count.'],
  ['numeric_scale', int4, scale, 'Digits of a number type behind the point.'],
  ['datetime_precision', int4, timePrecision, 'Digits of seconds of a type.'],
  ['interval_type', text, intervalFields, 'Fields of an interval type.'],
];

/** Rows reach functions as records or as their values alone. */
function field(row: SqlRecord | readonly Datum[], at: number): Datum {
  return ('types' in row ? row.values : row)[at] ?? null;
}

/** One of a row of pg_attribute, or of its domain's row of pg_type. */
function ofTypes(
  name: string,
  returns: number,
  own: number,
  base: number,
  description: string,
): ScalarFunction {
  return fn(
    `information_schema._pg_${name}`,
    [record, record],
    returns,
    (_, attribute: SqlRecord | readonly Datum[], type: SqlRecord | readonly Datum[]) =>
      field(type, TYPTYPE) === 'd' ? field(type, base) : field(attribute, own),
    description,
    null,
  );
}

export const informationFunctions: readonly ScalarFunction[] = [
  ...MEASURES.map(([name, returns, measure, description]) =>
    fn(
      `information_schema._pg_${name}`,
      [oid, int4],
      returns,
      (_, type: number, typmod: number) => measure(type, typmod),
      description,
      null,
    ),
  ),
  ofTypes('truetypid', oid, ATTTYPID, TYPBASETYPE, 'The type of a column, under a domain.'),
  ofTypes('truetypmod', int4, ATTTYPMOD, TYPTYPMOD, "The modifier of a column's type, under a domain."),
];

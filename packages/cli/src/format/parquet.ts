/**
 * A result as a Parquet file.
 *
 * I1  Values keep their meaning and their digits: integers, floats, booleans, dates, times and JSON as such, everything else as
 *     the text PostgreSQL prints; so does a column with a value that the file's type cannot hold.
 */
import { type ColumnSource, parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import type { ResultTable } from './result-table.ts';

interface ParquetType {
  readonly element: Omit<SchemaElement, 'name'>;
  readonly convert: (text: string) => unknown;
}

const utf8: ParquetType = {
  element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  convert: (text) => text,
};

const json: ParquetType = {
  element: { type: 'BYTE_ARRAY', converted_type: 'JSON' },
  convert: (text) => JSON.parse(text) as unknown,
};
const micros = (isAdjustedToUTC: boolean): ParquetType => ({
  element: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit: 'MICROS' } },
  convert: (text) => microsOf(text) as bigint,
});

/** By type OID. */
const TYPES: Readonly<Record<number, ParquetType>> = {
  16: { element: { type: 'BOOLEAN' }, convert: (text) => text === 't' || text === 'true' },
  21: { element: { type: 'INT32' }, convert: Number },
  23: { element: { type: 'INT32' }, convert: Number },
  20: { element: { type: 'INT64' }, convert: BigInt },
  700: { element: { type: 'FLOAT' }, convert: Number },
  701: { element: { type: 'DOUBLE' }, convert: Number },
  114: json,
  3802: json,
  1082: {
    element: { type: 'INT32', converted_type: 'DATE' },
    convert: (text) => new Date(`${text}T00:00:00Z`),
  },
  1114: micros(false),
  1184: micros(true),
};

const TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d))?)?$/;

/** Microseconds since 1970; null for what has no such number (infinity, years beyond 9999, BC). */
function microsOf(text: string): bigint | null {
  const parts = TIME.exec(text);
  if (parts === null) return null;
  const [, day, time, fraction = '', sign, hours = '0', minutes = '0'] = parts;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const millis = Date.parse(`${day}T${time}Z`) - offset;
  return BigInt(millis) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

/** Types whose values the file's type cannot all hold go as text. */
function typeOf(oid: number, values: readonly (string | null)[]): ParquetType {
  const known = TYPES[oid];
  if (known === undefined) return utf8;
  const isLost = (text: string): boolean => {
    if (oid === 1082) return !/^\d{4}-\d\d-\d\d$/.test(text);
    if (oid === 1114 || oid === 1184) return microsOf(text) === null;
    return known === json && (text === 'null' || /\d{16}/.test(text));
  };
  return values.some((text) => text !== null && isLost(text)) ? utf8 : known;
}

/** The bytes of the file. */
export function parquetBytes(table: ResultTable): Uint8Array {
  const schema: SchemaElement[] = [{ name: 'root', num_children: table.columns.length }];
  const columnData: ColumnSource[] = table.columns.map(({ name, typeOid }, at) => {
    const texts = table.rows.map((row) => row[at] ?? null);
    const { element, convert } = typeOf(typeOid, texts);
    schema.push({ name, repetition_type: 'OPTIONAL', ...element });
    return {
      name,
      data: texts.map((text) => (text === null ? null : convert(text))) as ColumnSource['data'],
    };
  });
  return new Uint8Array(parquetWriteBuffer({ schema, columnData }));
}

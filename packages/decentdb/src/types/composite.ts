/**
 * Composite values: rows of a table type, of CREATE TYPE ... AS, and anonymous records.
 *
 * I1  A record carries the types of its fields, so that anonymous records can be printed and compared.
 */
import { DecentDbError } from '../base/errors.ts';
import { ByteReader, ByteWriter, datumBytes } from './object-bytes.ts';
import { Oid } from './oids.ts';
import {
  cannotBind,
  defineType,
  type JsOptions,
  Physical,
  type SqlType,
  type TypeField,
  type TypeSettings,
} from './sql-type.ts';
import type { Datum, ObjectCodec } from './vector.ts';

/** The datum of composite types and of `record`. */
export class SqlRecord {
  readonly values: readonly Datum[];
  readonly types: readonly SqlType[];

  constructor(values: readonly Datum[], types: readonly SqlType[]) {
    this.values = values;
    this.types = types;
  }
}

function formatRecord(record: SqlRecord, settings: TypeSettings): string {
  const parts = record.values.map((value, i) => {
    if (value === null) return '';
    const text = record.types[i]!.output(value, settings);
    return text === '' || /["\\(),\s]/.test(text) ? `"${text.replace(/["\\]/g, '$&$&')}"` : text;
  });
  return `(${parts.join(',')})`;
}

/** Field by field; NULLs compare as equal and last. */
export function compareRecords(a: SqlRecord, b: SqlRecord): number {
  const count = Math.min(a.values.length, b.values.length);
  for (let i = 0; i < count; i++) {
    const type = a.types[i]!;
    if (type.oid !== b.types[i]!.oid) {
      throw new DecentDbError(
        '42804',
        `cannot compare dissimilar column types ${type.sqlName(-1)} and ${b.types[i]!.sqlName(-1)} at record column ${i + 1}`,
      );
    }
    const x = a.values[i] ?? null;
    const y = b.values[i] ?? null;
    if (x === null || y === null) {
      if (x === y) continue;
      return x === null ? 1 : -1;
    }
    const order = type.compare(x, y);
    if (order !== 0) return order;
  }
  if (a.values.length !== b.values.length)
    throw new DecentDbError('42804', 'cannot compare record types with different numbers of columns');
  return 0;
}

function hashRecord(record: SqlRecord): number {
  let h = 1;
  record.values.forEach((value, i) => {
    h = (Math.imul(h, 31) + (value === null ? 0 : record.types[i]!.hash(value))) | 0;
  });
  return h;
}

function malformed(text: string, detail: string): DecentDbError {
  return new DecentDbError('22P02', `malformed record literal: "${text}"`, { detail });
}

/** The texts of the fields of `(a,"b c",)`; null for an empty one. */
function splitRecord(text: string): (string | null)[] {
  const source = text.trim();
  if (!source.startsWith('(')) throw malformed(text, 'Missing left parenthesis.');
  const fields: (string | null)[] = [];
  let at = 1;
  for (;;) {
    let value: string | null = null;
    let isQuoted = false;
    while (at < source.length && (isQuoted || (source[at] !== ',' && source[at] !== ')'))) {
      const char = source[at++]!;
      value ??= '';
      if (char === '\\') {
        if (at >= source.length) throw malformed(text, 'Unexpected end of input.');
        value += source[at++];
      } else if (char === '"') {
        if (isQuoted && source[at] === '"') {
          value += '"';
          at++;
        } else isQuoted = !isQuoted;
      } else value += char;
    }
    if (at >= source.length) throw malformed(text, 'Unexpected end of input.');
    fields.push(value);
    if (source[at++] === ')') break;
  }
  if (at < source.length) throw malformed(text, 'Junk after right parenthesis.');
  return fields;
}

function readFields(text: string, fields: readonly TypeField[], settings: TypeSettings): SqlRecord {
  const parts = text.trim() === '()' && fields.length === 0 ? [] : splitRecord(text);
  if (parts.length < fields.length) throw malformed(text, 'Too few columns.');
  if (parts.length > fields.length) throw malformed(text, 'Too many columns.');
  const values = fields.map(({ type, typmod }, i) => {
    const part = parts[i] ?? null;
    return part === null ? null : type.input(part, typmod, settings);
  });
  return new SqlRecord(
    values,
    fields.map(({ type }) => type),
  );
}

function compositeCodec(fields: readonly TypeField[]): ObjectCodec {
  const types = fields.map(({ type }) => type);
  return {
    toBytes: (value) => {
      const writer = new ByteWriter();
      (value as SqlRecord).values.forEach((item, i) => {
        writer.datum(item, types[i]!);
      });
      return writer.finish();
    },
    fromBytes: (bytes) => {
      const reader = new ByteReader(bytes);
      return new SqlRecord(
        types.map((type) => reader.datum(type)),
        types,
      );
    },
    compare: (a, b) => compareRecords(a as SqlRecord, b as SqlRecord),
    memoryBytes: (value) => {
      let total = 64;
      (value as SqlRecord).values.forEach((item, i) => {
        total += datumBytes(item, types[i]!);
      });
      return total;
    },
  };
}

const anonymousCodec: ObjectCodec = {
  toBytes: () => {
    throw new DecentDbError('0A000', 'storing an anonymous record is not supported');
  },
  fromBytes: () => {
    throw new DecentDbError('XX001', 'stored record is damaged');
  },
  compare: (a, b) => compareRecords(a as SqlRecord, b as SqlRecord),
  memoryBytes: (value) => 64 + (value as SqlRecord).values.length * 32,
};

function recordToJs(record: SqlRecord, names: readonly string[] | null, options: JsOptions): unknown {
  const values = record.values.map((value, i) =>
    value === null ? null : record.types[i]!.toJs(value, options),
  );
  return names === null ? values : Object.fromEntries(names.map((name, i) => [name, values[i] ?? null]));
}

/** Anonymous rows: `ROW(1, 'a')`. In JavaScript an array. */
export const recordType: SqlType = defineType({
  oid: Oid.record,
  name: 'record',
  sqlName: 'record',
  kind: 'pseudo',
  category: 'P',
  physical: Physical.object,
  codec: anonymousCodec,
  input: () => {
    throw new DecentDbError('0A000', 'input of anonymous composite types is not implemented');
  },
  output: formatRecord,
  compare: compareRecords,
  hash: hashRecord,
  toJs: (value: SqlRecord, options) => recordToJs(value, null, options),
});

/** A named row type. In JavaScript an object by field name. */
export function makeCompositeType(oid: number, name: string, fields: readonly TypeField[]): SqlType {
  const types = fields.map(({ type }) => type);
  const type: SqlType = defineType({
    oid,
    name,
    sqlName: quoted(name),
    kind: 'composite',
    category: 'C',
    physical: Physical.object,
    codec: compositeCodec(fields),
    fields,
    input: (text, _typmod, settings) => readFields(text, fields, settings),
    output: formatRecord,
    compare: compareRecords,
    hash: hashRecord,
    toJs: (value: SqlRecord, options) =>
      recordToJs(
        value,
        fields.map((field) => field.name),
        options,
      ),
    fromJs: (value, settings) => {
      if (typeof value === 'string') return readFields(value, fields, settings);
      if (typeof value !== 'object' || value === null) throw cannotBind(value, type);
      const source = value as Record<string, unknown>;
      const items = fields.map((field, i) => {
        const item = Array.isArray(value) ? (value[i] as unknown) : source[field.name];
        return item === null || item === undefined
          ? null
          : field.type.applyTypmod(field.type.fromJs(item, settings), field.typmod, false);
      });
      return new SqlRecord(items, types);
    },
  });
  return type;
}

/** A type name as an identifier. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

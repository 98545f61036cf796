/**
 * Row types: named composites, and the anonymous record of ROW(...) and whole-row references.
 *
 * I1  A row's datum is the list of its fields' datums.
 * I2  Text form as PostgreSQL's: (1,"a b",) with NULL as nothing, quotes where needed, doubled inside.
 * I3  Rows compare field by field; NULL sorts after everything, two NULLs are equal (record_ops).
 * I4  Anonymous types of equal fields are one object, so that expressions over such rows, and casts of them, are found equal.
 */
import { DecentDbError } from '../base/errors.ts';
import { makeArrayType } from '../types/array-type.ts';
import { Oid } from '../types/oids.ts';
import {
  defaultTypeSettings,
  defineType,
  domainBase,
  invalidInput,
  type SqlType,
  type TypeField,
  type TypeSettings,
} from '../types/sql-type.ts';
import { type Datum, type ObjectCodec, Physical } from '../types/vector.ts';

type Row = readonly Datum[];

/** A named composite type. */
export function makeCompositeType(oid: number, name: string, fields: readonly TypeField[]): SqlType {
  return defineRow(oid, name, name, 'composite', fields);
}

/** The anonymous row type with these fields: one type wherever a statement makes such rows (I4). */
export function rowTypeOf(fields: readonly TypeField[]): SqlType {
  const key = fields.map(({ name, type, typmod }) => `${idOf(type)} ${typmod} ${name}`).join('\0');
  const known = rowTypes.get(key);
  if (known !== undefined) return known;
  const type = defineRow(Oid.record, 'record', 'record', 'pseudo', fields);
  // record[] of these very fields: the elements of ARRAY[ROW(...), ...] and array_agg(row) keep them.
  makeArrayType(Oid.recordArray, type);
  if (rowTypes.size >= ROW_TYPES_MAX) rowTypes.delete(rowTypes.keys().next().value as string);
  rowTypes.set(key, type);
  return type;
}

/** The latest, by their fields: more than a statement uses. */
const rowTypes = new Map<string, SqlType>();
const ROW_TYPES_MAX = 256;

const typeIds = new WeakMap<SqlType, number>();
let nextTypeId = 1;

function idOf(type: SqlType): number {
  let id = typeIds.get(type);
  if (id === undefined) {
    id = nextTypeId++;
    typeIds.set(type, id);
  }
  return id;
}

function defineRow(
  oid: number,
  name: string,
  sqlName: string,
  kind: 'composite' | 'pseudo',
  fields: readonly TypeField[],
): SqlType {
  return defineType({
    oid,
    name,
    sqlName,
    kind,
    category: kind === 'composite' ? 'C' : 'P',
    physical: Physical.object,
    codec: rowCodec(fields),
    fields,
    input: (text, _typmod, settings) => rowDatum(parseRow(text, name, fields, settings)),
    output: (value: Row, settings) => formatRow(value, fields, settings),
    compare: (a: Row, b: Row) => compareRows(a, b, fields),
    hash: (value: Row) => hashRow(value, fields),
    toJs: (value: Row, options) =>
      Object.fromEntries(
        fields.map((field, i) => {
          const item = value[i] ?? null;
          return [field.name, item === null ? null : field.type.toJs(item, options)];
        }),
      ),
  });
}

function rowDatum(row: Row): Datum {
  return row as unknown as Datum;
}

function compareRows(a: Row, b: Row, fields: readonly TypeField[]): number {
  for (const [i, { type }] of fields.entries()) {
    const x = a[i] ?? null;
    const y = b[i] ?? null;
    if (x === null || y === null) {
      if (x !== y) return x === null ? 1 : -1;
      continue;
    }
    const order = type.compare(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

function hashRow(row: Row, fields: readonly TypeField[]): number {
  let hash = 17;
  for (const [i, { type }] of fields.entries()) {
    const item = row[i] ?? null;
    hash = (Math.imul(hash, 31) + (item === null ? 0 : type.hash(item))) | 0;
  }
  return hash;
}

function formatRow(row: Row, fields: readonly TypeField[], settings: TypeSettings): string {
  const parts = fields.map(({ type }, i) => {
    const item = row[i] ?? null;
    if (item === null) return '';
    const text = type.output(item, settings);
    const needsQuotes = text === '' || /["\\(), \t-\r]/.test(text);
    return needsQuotes ? `"${text.replace(/["\\]/g, (c) => c + c)}"` : text;
  });
  return `(${parts.join(',')})`;
}

function malformed(text: string, detail: string): DecentDbError {
  return new DecentDbError('22P02', `malformed record literal: "${text}"`, { detail });
}

function parseRow(text: string, name: string, fields: readonly TypeField[], settings: TypeSettings): Row {
  if (name === 'record')
    throw new DecentDbError('0A000', 'input of anonymous composite types is not implemented');
  const source = text.trim();
  if (!source.startsWith('(')) throw malformed(text, 'Missing left parenthesis.');
  if (!source.endsWith(')')) throw malformed(text, 'Unexpected end of input.');
  const cells = splitCells(source.slice(1, -1), text);
  if (cells.length < fields.length && !(fields.length === 0)) throw malformed(text, 'Too few columns.');
  if (cells.length > fields.length) throw malformed(text, 'Too many columns.');
  return fields.map(({ type, typmod }, i) => {
    const cell = cells[i] ?? null;
    return cell === null ? null : type.input(cell, typmod, settings);
  });
}

/** Comma-separated cells; null for an empty unquoted one. */
function splitCells(body: string, text: string): (string | null)[] {
  const cells: (string | null)[] = [];
  let cell = '';
  let wasQuoted = false;
  let inQuotes = false;
  for (let i = 0; i < body.length; i++) {
    const c = body[i] as string;
    if (c === '\\') cell += body[++i] ?? '';
    else if (c === '"') {
      if (inQuotes && body[i + 1] === '"') cell += body[++i];
      else {
        inQuotes = !inQuotes;
        wasQuoted = true;
      }
    } else if (c === ',' && !inQuotes) {
      cells.push(cell === '' && !wasQuoted ? null : cell);
      cell = '';
      wasQuoted = false;
    } else cell += c;
  }
  if (inQuotes) throw malformed(text, 'Unexpected end of input.');
  cells.push(cell === '' && !wasQuoted ? null : cell);
  return cells;
}

/** Set in a field's length: what follows is as the field's type stores it, not its text. */
const STORED_FORM = 0x80000000;

/**
 * A field inside a row: as UTF-8 text, but for enums (their number) and objects (their codec's bytes), whose text changes when a
 * label is renamed.
 */
function fieldBytes(type: SqlType, item: Datum): { readonly bytes: Uint8Array; readonly isStored: boolean } {
  if (domainBase(type).labels !== null)
    return { bytes: new Uint8Array(Float64Array.of(item as number).buffer), isStored: true };
  if (type.codec !== undefined) return { bytes: type.codec.toBytes(item as object), isStored: true };
  return { bytes: encoder.encode(type.output(item, defaultTypeSettings)), isStored: false };
}

function fieldDatum(type: SqlType, bytes: Uint8Array, isStored: boolean): Datum {
  if (!isStored) return type.input(decoder.decode(bytes), -1, defaultTypeSettings);
  if (type.codec !== undefined) return type.codec.fromBytes(bytes);
  if (bytes.length !== 8) throw invalidInput('record', 'truncated');
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Stored as each field: the length of its bytes + 1 as u32 (0: NULL) with the flag above, then the bytes. */
function rowCodec(fields: readonly TypeField[]): ObjectCodec {
  return {
    toBytes(value) {
      const parts = fields.map(({ type }, i) => {
        const item = (value as unknown as Row)[i] ?? null;
        return item === null ? null : fieldBytes(type, item);
      });
      const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + (part?.bytes.length ?? 0), 0));
      const view = new DataView(bytes.buffer);
      let at = 0;
      for (const part of parts) {
        const flag = part?.isStored === true ? STORED_FORM : 0;
        view.setUint32(at, part === null ? 0 : part.bytes.length + 1 + flag, true);
        at += 4;
        if (part !== null) bytes.set(part.bytes, at);
        at += part?.bytes.length ?? 0;
      }
      return bytes;
    },
    fromBytes(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let at = 0;
      return fields.map(({ type }) => {
        if (at + 4 > bytes.length) throw invalidInput('record', 'truncated');
        const head = view.getUint32(at, true);
        at += 4;
        if (head === 0) return null;
        const isStored = head >= STORED_FORM;
        const length = (isStored ? head - STORED_FORM : head) - 1;
        if (length < 0 || at + length > bytes.length) throw invalidInput('record', 'truncated');
        const part = bytes.subarray(at, at + length);
        at += length;
        return fieldDatum(type, part, isStored);
      });
    },
    compare: (a, b) => compareRows(a as unknown as Row, b as unknown as Row, fields),
    memoryBytes: (value) => 16 + 24 * (value as unknown as Row).length,
  };
}

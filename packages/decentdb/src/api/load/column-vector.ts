/**
 * Values of JavaScript as the vector of a column: what `fromJs` of the type makes of each, a column at a time.
 *
 * I1  Every value goes through the type's own conversion or through a check that means the same for the plain case.
 * I2  `undefined` is never NULL: it throws, as does what the type refuses. Which row it was, the caller finds out row by row.
 */
import { ColumnStore } from '../../exec/column-store.ts';
import { asciiRun } from '../../tree/text-bytes.ts';
import { Oid } from '../../types/oids.ts';
import { checkText, type SqlType, type TypeSettings } from '../../types/sql-type.ts';
import { type NullMask, Physical, type Vector } from '../../types/vector.ts';

/** Values of one column: an array, or numbers as they are. */
export type ColumnValues = readonly unknown[] | Int32Array | Float64Array;

/** Thrown where a value is missing; the caller says of which row and column. */
export class MissingValue extends Error {}

/** The vector of rows 0..count-1. `values` may become part of it: the caller does not change it any more. */
export function columnVector(
  values: ColumnValues,
  count: number,
  type: SqlType,
  settings: TypeSettings,
): Vector {
  switch (type.oid) {
    case Oid.int4:
      return int32Vector(values, count, type, settings);
    case Oid.int8:
      return doubles(values, count, Physical.int64) ?? converted(values, count, type, settings);
    case Oid.float8:
      return doubles(values, count, Physical.float64) ?? converted(values, count, type, settings);
    case Oid.text:
    case Oid.varchar:
      return textVector(values, count, type, settings);
    default:
      return converted(values, count, type, settings);
  }
}

/** The same of value `at` of each row, all arrays, or of its property `name`, all objects. */
export function rowsVector(
  rows: readonly unknown[],
  place: { readonly at: number; readonly name: string | null },
  type: SqlType,
  settings: TypeSettings,
): Vector {
  const { at, name } = place;
  const isInt = type.oid === Oid.int4;
  if (isInt || type.oid === Oid.float8) {
    const plain =
      name === null
        ? plainNumbers(rows as readonly (readonly unknown[])[], at, isInt)
        : namedNumbers(rows as readonly Readonly<Record<string, unknown>>[], name, isInt);
    if (plain !== null) return plain;
  }
  const count = rows.length;
  const values = new Array<unknown>(count);
  if (name === null) for (let i = 0; i < count; i++) values[i] = (rows[i] as readonly unknown[])[at];
  else for (let i = 0; i < count; i++) values[i] = (rows[i] as Readonly<Record<string, unknown>>)[name];
  return columnVector(values, count, type, settings);
}

/** A column of nothing but numbers that fit; null where anything else is among them. */
function plainNumbers(rows: readonly (readonly unknown[])[], at: number, isInt: boolean): Vector | null {
  const count = rows.length;
  if (isInt) {
    const values = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const value = (rows[i] as readonly unknown[])[at];
      if (typeof value !== 'number' || (value | 0) !== value) return null;
      values[i] = value;
    }
    return { physical: Physical.int32, values, nulls: null };
  }
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = (rows[i] as readonly unknown[])[at];
    if (typeof value !== 'number') return null;
    values[i] = value;
  }
  return { physical: Physical.float64, values, nulls: null };
}

/** The same of a property; a function of its own, so that each loop reads one kind of row. */
function namedNumbers(
  rows: readonly Readonly<Record<string, unknown>>[],
  name: string,
  isInt: boolean,
): Vector | null {
  const count = rows.length;
  const ints = isInt ? new Int32Array(count) : null;
  const doubles = isInt ? null : new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = rows[i]![name];
    if (typeof value !== 'number') return null;
    if (doubles !== null) doubles[i] = value;
    else if ((value | 0) !== value) return null;
    else ints![i] = value;
  }
  return ints !== null
    ? { physical: Physical.int32, values: ints, nulls: null }
    : { physical: Physical.float64, values: doubles!, nulls: null };
}

function converted(values: ColumnValues, count: number, type: SqlType, settings: TypeSettings): Vector {
  const store = new ColumnStore(type.physical, Math.max(count, 1));
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value === undefined) throw new MissingValue();
    store.append(value === null ? null : type.fromJs(value, settings));
  }
  return store.vector();
}

function int32Vector(values: ColumnValues, count: number, type: SqlType, settings: TypeSettings): Vector {
  if (values instanceof Int32Array) return { physical: Physical.int32, values, nulls: null };
  const out = new Int32Array(count);
  let nulls: NullMask = null;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (typeof value === 'number' && (value | 0) === value) {
      out[i] = value;
      continue;
    }
    if (value === undefined) throw new MissingValue();
    if (value === null) {
      nulls ??= new Uint8Array(count);
      nulls[i] = 1;
    } else out[i] = type.fromJs(value, settings) as number;
  }
  return { physical: Physical.int32, values: out, nulls };
}

/** Numbers and NULLs alone, whole and safe ones for int64; null: the long way. */
function doubles(
  values: ColumnValues,
  count: number,
  physical: typeof Physical.int64 | typeof Physical.float64,
): Vector | null {
  const isWhole = physical === Physical.int64;
  if (values instanceof Float64Array && !isWhole) return { physical, values, nulls: null };
  const out = new Float64Array(count);
  let nulls: NullMask = null;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (typeof value === 'number') {
      if (!isWhole) out[i] = value;
      else if (Number.isSafeInteger(value)) out[i] = value + 0;
      else return null;
    } else if (value === null) {
      nulls ??= new Uint8Array(count);
      nulls[i] = 1;
    } else return null;
  }
  return { physical, values: out, nulls };
}

function textVector(values: ColumnValues, count: number, type: SqlType, settings: TypeSettings): Vector {
  if (!Array.isArray(values)) return converted(values, count, type, settings);
  let nulls: NullMask = null;
  for (let i = 0; i < count; i++) {
    const value: unknown = values[i];
    if (typeof value === 'string') continue;
    if (value !== null) return converted(values, count, type, settings);
    nulls ??= new Uint8Array(count);
    nulls[i] = 1;
  }
  checkTexts(values as (string | null)[], count);
  return { physical: Physical.text, values: values as string[], nulls };
}

/** What `checkText` asks of each: plain characters are looked at together. */
function checkTexts(texts: readonly (string | null)[], count: number): void {
  const run = asciiRun(texts, true);
  if (run?.every((piece) => !piece.includes('\0')) === true) return;
  for (let i = 0; i < count; i++) {
    const text = texts[i]!;
    if (text !== null) checkText(text);
  }
}

/** The vector of fields of a text file: what `input` of the type makes of each; null is NULL. */
export function textFieldVector(
  fields: readonly (string | null)[],
  count: number,
  type: SqlType,
  settings: TypeSettings,
): Vector {
  switch (type.oid) {
    case Oid.text:
    case Oid.varchar:
      return textVector(fields, count, type, settings);
    case Oid.int4:
      return int32Fields(fields, count, type, settings);
    case Oid.float8:
      return doubleFields(fields, count, type, settings);
    default: {
      const store = new ColumnStore(type.physical, Math.max(count, 1));
      for (let i = 0; i < count; i++) {
        const field = fields[i] as string | null;
        store.append(field === null ? null : type.input(field, -1, settings));
      }
      return store.vector();
    }
  }
}

function int32Fields(
  fields: readonly (string | null)[],
  count: number,
  type: SqlType,
  settings: TypeSettings,
): Vector {
  const values = new Int32Array(count);
  let nulls: NullMask = null;
  for (let i = 0; i < count; i++) {
    const field = fields[i] as string | null;
    if (field === null) {
      nulls ??= new Uint8Array(count);
      nulls[i] = 1;
      continue;
    }
    const plain = field.length < 10 ? plainDigits(field) : -1;
    values[i] = plain >= 0 ? plain : (type.input(field, -1, settings) as number);
  }
  return { physical: Physical.int32, values, nulls };
}

/** The number that up to nine digits write; -1 for any other text. */
function plainDigits(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return text.length === 0 ? -1 : value;
}

function doubleFields(
  fields: readonly (string | null)[],
  count: number,
  type: SqlType,
  settings: TypeSettings,
): Vector {
  const values = new Float64Array(count);
  let nulls: NullMask = null;
  for (let i = 0; i < count; i++) {
    const field = fields[i] as string | null;
    if (field === null) {
      nulls ??= new Uint8Array(count);
      nulls[i] = 1;
      continue;
    }
    values[i] = PLAIN_DECIMAL.test(field) ? Number(field) : (type.input(field, -1, settings) as number);
  }
  return { physical: Physical.float64, values, nulls };
}

const PLAIN_DECIMAL = /^-?\d{1,12}(?:\.\d{1,12})?$/;

/** Rows from..to-1 of a vector, as a vector of their own. */
export function sliceVector(vector: Vector, from: number, to: number): Vector {
  const nulls = vector.nulls === null ? null : vector.nulls.subarray(from, to);
  if (vector.physical === Physical.numeric)
    return {
      ...vector,
      scaled: vector.scaled === null ? null : vector.scaled.subarray(from, to),
      values: vector.values === null ? null : vector.values.slice(from, to),
      nulls,
    };
  const { values } = vector;
  const part = Array.isArray(values) ? values.slice(from, to) : (values as Float64Array).subarray(from, to);
  return { ...vector, values: part, nulls } as Vector;
}

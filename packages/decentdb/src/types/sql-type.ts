/**
 * What an SQL type is: its name, how values look in memory, in text and in JavaScript, how they compare.
 *
 * I1  `compare`, `equals`, `hash` never see NULL. `equals(a, b)` implies `hash(a) === hash(b)`.
 * I2  `input(output(v))` is `v` under the same settings, for every type that has an input.
 * I3  Values handed to JavaScript are copies: user code can never change a stored value.
 * I4  A type object is immutable and shared by all plans; there is one object per oid and schema version.
 */
import { DecentDbError } from '../base/errors.ts';
import { type Datum, type ObjectCodec, Physical } from './vector.ts';

export type DateOrder = 'MDY' | 'DMY' | 'YMD';
export type DateStyle = 'ISO' | 'SQL' | 'Postgres' | 'German';
export type IntervalStyle = 'postgres' | 'postgres_verbose' | 'sql_standard' | 'iso_8601';

/** The session settings that text forms depend on. */
export interface TypeSettings {
  /** IANA name, abbreviation or POSIX specification. */
  readonly timeZone: string;
  readonly dateStyle: DateStyle;
  readonly dateOrder: DateOrder;
  readonly intervalStyle: IntervalStyle;
  /** -15 .. 3; above 0: shortest text that reads back exactly. */
  readonly extraFloatDigits: number;
  readonly byteaOutput: 'hex' | 'escape';
  /** Start of the transaction, microseconds since 2000-01-01 UTC: what 'now' and 'today' mean. */
  nowMicros(): number;
  /** Names of the reg* types (regclass, regtype, ...): oid to text and back; absent where there is no catalogue. */
  readonly objectNames?: ObjectNames;
}

/** Catalogue look-ups behind regclass and its family. */
export interface ObjectNames {
  /** Text of an oid, or null when there is no such object. */
  nameOf(kind: string, oid: number): string | null;
  /** Oid of a name; throws 42P01, 42883, 42704 ... as PostgreSQL does. */
  oidOf(kind: string, name: string): number;
}

/** Microseconds between the Unix epoch and 2000-01-01. */
export const EPOCH_2000_MICROS = 946_684_800_000_000;

export const defaultTypeSettings: TypeSettings = {
  timeZone: 'UTC',
  dateStyle: 'ISO',
  dateOrder: 'MDY',
  intervalStyle: 'postgres',
  extraFloatDigits: 1,
  byteaOutput: 'hex',
  nowMicros: () => Date.now() * 1000 - EPOCH_2000_MICROS,
};

/** How values reach JavaScript. */
export interface JsOptions {
  /** auto: number when safe, else bigint. */
  readonly int8: 'auto' | 'bigint' | 'number-or-throw' | 'string';
  readonly numeric: 'string' | 'number' | ((text: string) => unknown);
  /** For date, timestamp and timestamptz. 'date': Date (timestamp and date read as UTC; milliseconds). */
  readonly timestamp: 'date' | 'string' | ((text: string) => unknown);
  readonly json: 'parsed' | 'text';
  readonly settings: TypeSettings;
}

export const defaultJsOptions: JsOptions = {
  int8: 'auto',
  numeric: 'string',
  timestamp: 'date',
  json: 'parsed',
  settings: defaultTypeSettings,
};

/** base: stored scalar; pseudo: only in signatures. */
export type TypeKind = 'base' | 'array' | 'pseudo' | 'enum' | 'domain' | 'composite' | 'range' | 'multirange';

export interface SqlType {
  readonly oid: number;
  /** PostgreSQL's typname: 'int4', '_int4', 'varchar'. */
  readonly name: string;
  readonly kind: TypeKind;
  /** PostgreSQL's typcategory letter. */
  readonly category: string;
  readonly isPreferred: boolean;
  readonly physical: Physical;
  /** Present exactly when `physical` is `object`. */
  readonly codec?: ObjectCodec | undefined;
  /** Element type of an array, else null. */
  readonly elementType: SqlType | null;
  /** Type of arrays of this, or null. */
  readonly arrayType: SqlType | null;
  /** Base type of a domain, else null. */
  readonly baseType: SqlType | null;
  /** Subtype of a range, else null. */
  readonly rangeSubtype: SqlType | null;
  /** Range type of a multirange, else null. */
  readonly multirangeOf: SqlType | null;
  /** Fields of a composite type, else null. */
  readonly fields: readonly TypeField[] | null;
  /** Labels of an enum in order, else null; the datum is the position. */
  readonly labels: readonly string[] | null;
  /** format_type(): 'integer', 'numeric(10,2)', 'timestamp(3) with time zone'; typmod -1 for none. */
  sqlName(typmod: number): string;
  /** Typmod from the modifiers written after the name; throws 22023. */
  typmodIn(modifiers: readonly number[]): number;
  /** Reads text; throws 22P02, 22003, 22007, 22008 ... as PostgreSQL does. Applies `typmod` unless -1. */
  input(text: string, typmod: number, settings: TypeSettings): Datum;
  output(value: Datum, settings: TypeSettings): string;
  compare(a: Datum, b: Datum): number;
  equals(a: Datum, b: Datum): boolean;
  /** A 32-bit integer. */
  hash(value: Datum): number;
  /** Enforces length, precision, scale. `isExplicit`: a written cast, which cuts where assignment throws. */
  applyTypmod(value: Datum, typmod: number, isExplicit: boolean): Datum;
  toJs(value: Datum, options: JsOptions): unknown;
  /** The datum of a JavaScript value given as a parameter; never null or undefined. Throws 22P02, 22023, 22021 ... */
  fromJs(value: unknown, settings: TypeSettings): Datum;
}

export interface TypeField {
  readonly name: string;
  readonly type: SqlType;
  readonly typmod: number;
}

/** The parts of a type that must be given; the rest has defaults (see {@link defineType}). */
export interface TypeSpec {
  readonly oid: number;
  readonly name: string;
  readonly sqlName: string | ((typmod: number) => string);
  readonly category: string;
  readonly physical: Physical;
  readonly kind?: TypeKind;
  readonly isPreferred?: boolean;
  readonly codec?: ObjectCodec | undefined;
  readonly baseType?: SqlType;
  readonly elementType?: SqlType;
  readonly rangeSubtype?: SqlType;
  readonly multirangeOf?: SqlType;
  readonly fields?: readonly TypeField[];
  readonly labels?: readonly string[];
  typmodIn?(modifiers: readonly number[]): number;
  input(text: string, typmod: number, settings: TypeSettings): Datum;
  output?(value: never, settings: TypeSettings): string;
  compare?(a: never, b: never): number;
  equals?(a: never, b: never): boolean;
  hash?(value: never): number;
  applyTypmod?(value: never, typmod: number, isExplicit: boolean): Datum;
  toJs?(value: never, options: JsOptions): unknown;
  fromJs?(value: unknown, settings: TypeSettings): Datum;
}

/** Ties an array type to its element type; called once for each, by the registry and the catalogue. */
export function linkArrayType(element: SqlType, array: SqlType): void {
  (element as { arrayType: SqlType | null }).arrayType = array;
}

const multirangeTypes = new WeakMap<SqlType, SqlType>();

/** Ties a multirange type to its range type. */
export function linkMultirangeType(range: SqlType, multirange: SqlType): void {
  multirangeTypes.set(range, multirange);
}

/** The type of multiranges of this range type, or null. */
export function multirangeTypeOf(range: SqlType): SqlType | null {
  return multirangeTypes.get(range) ?? null;
}

/**
 * A complete type: every field in one order, so all types share one hidden class. No accessors: an object literal with one is kept as
 * a dictionary, whose every property is looked up by name.
 */
export function defineType(spec: TypeSpec): SqlType {
  const full = spec as unknown as SqlType;
  const { sqlName } = spec;
  const compare = full.compare ?? comparePrimitive;
  const type: SqlType = {
    oid: spec.oid,
    name: spec.name,
    kind: spec.kind ?? 'base',
    category: spec.category,
    isPreferred: spec.isPreferred ?? false,
    physical: spec.physical,
    codec: spec.codec,
    elementType: spec.elementType ?? null,
    arrayType: null,
    baseType: spec.baseType ?? null,
    rangeSubtype: spec.rangeSubtype ?? null,
    multirangeOf: spec.multirangeOf ?? null,
    fields: spec.fields ?? null,
    labels: spec.labels ?? null,
    sqlName: typeof sqlName === 'string' ? () => sqlName : sqlName,
    typmodIn: spec.typmodIn ?? (() => refuseTypmod(spec.name)),
    input: spec.input,
    output: full.output ?? String,
    compare,
    equals: full.equals ?? (spec.compare === undefined ? Object.is : (a, b) => compare(a, b) === 0),
    hash: full.hash ?? hashPrimitive,
    applyTypmod: full.applyTypmod ?? ((value) => value),
    toJs: full.toJs ?? ((value) => value),
    fromJs: spec.fromJs ?? ((value, settings) => spec.input(textFromJs(value, type), -1, settings)),
  };
  return type;
}

function refuseTypmod(name: string): never {
  throw new DecentDbError('42601', `type modifier is not allowed for type "${name}"`);
}

function comparePrimitive(a: Datum, b: Datum): number {
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

function hashPrimitive(value: Datum): number {
  return typeof value === 'string' ? hashText(value) : hashNumber(value as number | bigint | boolean);
}

/** FNV-1a over UTF-16 units. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** Integers hash alike whichever of int2, int4 and int8 they come from. */
export function hashNumber(value: number | bigint | boolean): number {
  if (typeof value === 'number' && value === (value | 0)) {
    const h = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
    return h ^ (h >>> 15);
  }
  const big =
    typeof value === 'bigint' ? value : Number.isSafeInteger(value) ? BigInt(value as number) : null;
  if (big === null) return hashText(String(value));
  return (Number(BigInt.asIntN(32, big)) ^ Math.imul(Number(BigInt.asIntN(32, big >> 32n)), 0x9e3779b1)) | 0;
}

/** 22P02, worded as PostgreSQL's input functions do. */
export function invalidInput(typeName: string, text: string): DecentDbError {
  return new DecentDbError('22P02', `invalid input syntax for type ${typeName}: "${text}"`);
}

/** The text a JavaScript value would have as a parameter in text form; refuses objects that have none. */
export function textFromJs(value: unknown, type: SqlType): string {
  switch (typeof value) {
    case 'string':
      return checkText(value);
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new DecentDbError('22007', 'Invalid Date cannot be stored');
    return value.toISOString();
  }
  throw cannotBind(value, type);
}

/** 22023: a JavaScript value of a kind that the SQL type has no reading for. */
export function cannotBind(value: unknown, type: SqlType): DecentDbError {
  const what =
    value === null
      ? 'null'
      : typeof value === 'object'
        ? (value.constructor?.name ?? 'object')
        : typeof value;
  return new DecentDbError('22023', `cannot convert a JavaScript ${what} to type ${type.sqlName(-1)}`);
}

/** Returns `text`, or throws 22021 when it holds U+0000 or a lone surrogate, which UTF-8 text cannot hold. */
export function checkText(text: string): string {
  if (text.includes('\0'))
    throw new DecentDbError('22021', 'invalid byte sequence for encoding "UTF8": 0x00');
  if (!(text as string & { isWellFormed(): boolean }).isWellFormed()) {
    throw new DecentDbError('22021', 'invalid byte sequence for encoding "UTF8": lone surrogate in text', {
      hint: 'Half of a surrogate pair is not a character; use String.prototype.toWellFormed() to replace it.',
    });
  }
  return text;
}

/** The pseudo-type and base-type test that storage needs: whether columns may have this type. */
export function isStorable(type: SqlType): boolean {
  return type.kind !== 'pseudo';
}

/** The type below any domains. */
export function domainBase(type: SqlType): SqlType {
  let base = type;
  while (base.baseType !== null) base = base.baseType;
  return base;
}

export { Physical };

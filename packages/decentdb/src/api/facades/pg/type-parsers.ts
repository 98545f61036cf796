/**
 * Parsers of values by type OID, as `pg.types` has them: what a library sets gets the text PostgreSQL would send.
 *
 * I1  A type nobody set a parser for looks as node-postgres gives it: bigint and numeric as text, dates as Date, json parsed.
 */
import { typeByOid } from '../../../types/registry.ts';
import { defaultJsOptions, type JsOptions } from '../../../types/sql-type.ts';

export type TypeParser = (text: string) => unknown;

/** What `types` of a client or of a query offers. */
export interface TypeSource {
  getTypeParser(oid: number, format?: 'text' | 'binary'): TypeParser;
}

const js: JsOptions = { ...defaultJsOptions, int8: 'string' };

/** Types that node-postgres has parsers for; values of all others it leaves as the text a server sends. */
export const PARSED: ReadonlySet<number> = new Set([
  16, 17, 20, 21, 23, 26, 114, 199, 600, 700, 701, 718, 791, 1000, 1001, 1005, 1007, 1008, 1009, 1014, 1015,
  1016, 1017, 1021, 1022, 1028, 1040, 1041, 1082, 1114, 1115, 1182, 1183, 1184, 1185, 1186, 1187, 1231, 1270,
  2951, 3802, 3807, 3907,
]);

export function defaultParser(oid: number): TypeParser {
  const type = typeByOid(oid);
  if (type === undefined || !PARSED.has(oid)) return (text) => text;
  if (oid === BYTEA) return (text) => asBuffer(type.toJs(type.input(text, -1, js.settings), js));
  return (text) => type.toJs(type.input(text, -1, js.settings), js);
}

export const BYTEA = 17;

/** Bytes as the Buffer that node-postgres gives, where there is such a thing. */
export function asBuffer(value: unknown): unknown {
  const { Buffer } = globalThis as { readonly Buffer?: BufferMaker };
  if (!(value instanceof Uint8Array) || Buffer === undefined) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

interface BufferMaker {
  from(bytes: ArrayBufferLike, offset: number, length: number): Uint8Array;
}

/** Parsers of all clients. */
class TypeParsers implements TypeSource {
  readonly builtins: Readonly<Record<string, number>> = BUILTINS;
  readonly #set: Map<number, TypeParser> = new Map();

  /** Whether a parser was set: values then come as text. */
  get hasOwn(): boolean {
    return this.#set.size > 0;
  }

  setTypeParser(oid: number, ...rest: readonly unknown[]): void {
    const parse = rest.at(-1);
    // Values are never binary here.
    if (rest.length > 1 && rest[0] === 'binary') return;
    this.#set.set(oid, parse as TypeParser);
  }

  getTypeParser(oid: number, _format?: 'text' | 'binary'): TypeParser {
    return this.#set.get(oid) ?? defaultParser(oid);
  }
}

const BUILTINS: Readonly<Record<string, number>> = {
  BOOL: 16,
  BYTEA: 17,
  CHAR: 18,
  INT8: 20,
  INT2: 21,
  INT4: 23,
  REGPROC: 24,
  TEXT: 25,
  OID: 26,
  JSON: 114,
  FLOAT4: 700,
  FLOAT8: 701,
  BPCHAR: 1042,
  VARCHAR: 1043,
  DATE: 1082,
  TIME: 1083,
  TIMESTAMP: 1114,
  TIMESTAMPTZ: 1184,
  INTERVAL: 1186,
  TIMETZ: 1266,
  NUMERIC: 1700,
  UUID: 2950,
  JSONB: 3802,
};

export const types: TypeParsers = new TypeParsers();

/**
 * Parsers of one client, over those of all: `new Client({ database, types: overrides })`.
 *
 * @example
 * const overrides = new TypeOverrides();
 * overrides.setTypeParser(1082, (text) => text);
 */
export class TypeOverrides implements TypeSource {
  // Plain fields, as node-postgres has them: libraries copy configurations, and what is in them, field by field.
  readonly text: Record<number, TypeParser> = {};
  /** Null: what all clients have. */
  readonly below: TypeSource | null;

  constructor(below: TypeSource | null = null) {
    this.below = below;
  }

  setTypeParser(oid: number, parse: TypeParser): void;
  setTypeParser(oid: number, format: 'text' | 'binary', parse: TypeParser): void;
  setTypeParser(oid: number, first: TypeParser | 'text' | 'binary', second?: TypeParser): void {
    const parse = typeof first === 'function' ? first : second;
    // Values are never binary here.
    if (first !== 'binary' && parse !== undefined) this.text[oid] = parse;
  }

  getTypeParser(oid: number, format?: 'text' | 'binary'): TypeParser {
    return this.text[oid] ?? (this.below ?? types).getTypeParser(oid, format);
  }
}

/**
 * Parsers of values by type OID, as `pg.types` has them: what a library sets gets the text PostgreSQL would send.
 *
 * I1  A type nobody set a parser for looks as node-postgres gives it: bigint and numeric as text, dates as Date, json parsed.
 */
import { typeByOid } from '../../../types/registry.ts';
import { defaultJsOptions, type JsOptions } from '../../../types/sql-type.ts';

export type TypeParser = (text: string) => unknown;

/** What `types` of a client or of a query offers. */
export interface TypeOverrides {
  getTypeParser(oid: number, format?: 'text' | 'binary'): TypeParser;
}

const js: JsOptions = { ...defaultJsOptions, int8: 'string' };

export function defaultParser(oid: number): TypeParser {
  const type = typeByOid(oid);
  if (type === undefined) return (text) => text;
  return (text) => type.toJs(type.input(text, -1, js.settings), js);
}

/** Parsers of all clients. */
class TypeParsers implements TypeOverrides {
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

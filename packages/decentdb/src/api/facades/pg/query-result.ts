/** Results in the shape of node-postgres. */
import type { JsOptions, SqlType } from '../../../types/sql-type.ts';
import type { Field, Result, Row } from '../../result.ts';
import { asBuffer, BYTEA, PARSED, type TypeSource } from './type-parsers.ts';

export interface QueryResult<R = Row> {
  readonly command: string;
  readonly rowCount: number | null;
  readonly oid: number;
  readonly rows: R[];
  readonly fields: readonly (Field & { readonly dataTypeSize: number; readonly format: 'text' })[];
}

const COUNTED = /^(SELECT|INSERT|UPDATE|DELETE|MERGE|COPY|FETCH)/;

export function shaped<R>(result: Result<R>): QueryResult<R> {
  const { command, rowCount, rows, fields } = result;
  return {
    command: command.split(' ', 1)[0] ?? '',
    rowCount: COUNTED.test(command) ? rowCount : null,
    oid: 0,
    rows,
    fields: fields.map((field) => ({ ...field, dataTypeSize: -1, format: 'text' as const })),
  };
}

/** The result with the text of what node-postgres does not parse: arrays of enums and names, rows, ranges. */
export function unparsed<R>(result: Result<R>, typeOf: (oid: number) => SqlType, js: JsOptions): Result<R> {
  const odd = result.fields.flatMap(({ dataTypeID, name }, i) =>
    PARSED.has(dataTypeID) && dataTypeID !== BYTEA ? [] : [{ name, i, type: typeOf(dataTypeID) }],
  );
  if (odd.length === 0) return result;
  for (const row of result.rows as Record<string | number, unknown>[])
    for (const { name, i, type } of odd) {
      const key = Array.isArray(row) ? i : name;
      const value = row[key];
      // Texts are what they would be.
      if (value instanceof Uint8Array) row[key] = asBuffer(value);
      else if (typeof value === 'object' && value !== null)
        row[key] = type.output(type.fromJs(value, js.settings) as never, js.settings);
    }
  return result;
}

/** Of several statements an array, of one its result. */
export function manyOf<R>(results: readonly QueryResult<R>[]): QueryResult<R> {
  const [only] = results;
  return results.length === 1 && only !== undefined ? only : (results as unknown as QueryResult<R>);
}

/** Rows of texts as rows of what the parsers make of them. */
export function parsed<R>(result: Result<unknown>, types: TypeSource, isArray: boolean): Result<R> {
  const { fields } = result;
  const parsers = fields.map(({ dataTypeID }) => types.getTypeParser(dataTypeID, 'text'));
  const rows = (result.rows as (string | null)[][]).map((texts) => {
    const values = texts.map((text, i) => (text === null ? null : parsers[i]?.(text)));
    return isArray ? values : Object.fromEntries(fields.map(({ name }, i) => [name, values[i]]));
  });
  return { ...result, rows: rows as R[] };
}

export function tag(command: string): QueryResult {
  return { command, rowCount: null, oid: 0, rows: [], fields: [] };
}

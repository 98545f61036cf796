/** A query result as text, the way psql would print it: what every output format starts from. */
import type { Database } from 'decentdb';

export interface ResultColumn {
  readonly name: string;
  /** PostgreSQL's type OID. */
  readonly typeOid: number;
}

export interface ResultTable {
  /** The command tag's first word: SELECT, INSERT, CREATE TABLE, ... */
  readonly command: string;
  /** Whether the statement returns rows at all (an empty SELECT does, an UPDATE does not). */
  readonly returnsRows: boolean;
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Rows returned, or rows changed. */
  readonly rowCount: number;
}

const BOOL = 16;
const JSON_TYPES = new Set([114, 3802]);
const NUMBERS = new Set([20, 21, 23, 26, 700, 701, 1700]);

export function isNumberType(oid: number): boolean {
  return NUMBERS.has(oid);
}

/** How a value of this type stands in JSON: as it is (numbers, booleans, JSON itself) or in quotes. */
export function jsonText(value: string | null, oid: number): string {
  if (value === null) return 'null';
  if (oid === BOOL) return value === 't' || value === 'true' ? 'true' : 'false';
  if (JSON_TYPES.has(oid)) return value;
  // NaN and Infinity are numbers to SQL but not to JSON.
  if (NUMBERS.has(oid) && /^-?[0-9]/.test(value)) return value;
  return JSON.stringify(value);
}

/** Column names with the second `id` called `id_2`, because a JSON object holds a name once. */
export function uniqueNames(columns: readonly ResultColumn[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let unique = name;
    for (let n = 2; taken.has(unique); n++) unique = `${name}_${n}`;
    taken.add(unique);
    return unique;
  });
}

/** Runs one statement and returns its result as text. */
export function queryTable(db: Database, sql: string, params: readonly unknown[] = []): ResultTable {
  const result = db.query(sql, params, { rowMode: 'array', format: 'text' });
  return {
    command: result.command,
    returnsRows: result.fields.length > 0,
    columns: result.fields.map((field) => ({ name: field.name, typeOid: field.dataTypeID })),
    rows: result.rows as unknown as readonly (readonly (string | null)[])[],
    rowCount: result.rowCount,
  };
}

/**
 * Rows from JavaScript into a table, a batch at a time: what bulk loads and appenders are made of.
 *
 * I1  A batch is one INSERT through the vectorised path: defaults, checks, keys, foreign keys and triggers as in any INSERT.
 * I2  A batch is in whole or not at all; with `skip`, it is halved until the rows that are refused stand alone.
 * I3  A row says every column it should: a missing value is an error, never a silent NULL.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { Oid } from '../types/oids.ts';
import type { Statement, StatementColumn } from './statement.ts';
import type { TransactionFunction } from './transactions.ts';

/** A row: values in column order, or by column name. */
export type RowInput = readonly unknown[] | Readonly<Record<string, unknown>>;

export interface RejectedRow {
  readonly row: RowInput;
  /** Number of the row in the source, from 0. */
  readonly index: number;
  readonly error: DecentDbError;
}

/** What a batch needs of its database. */
export interface BatchHost {
  prepare(sql: string): Statement;
  query(
    sql: string,
    params?: readonly unknown[],
    options?: { readonly rowMode: 'array' },
  ): { readonly rows: readonly unknown[] };
  transaction<A extends unknown[], R>(fn: (...args: A) => R): TransactionFunction<A, R>;
}

/** Types whose JavaScript values are never arrays or objects of their own: a column of them may travel as one array. */
const VECTOR_TYPES: ReadonlySet<number> = new Set<number>([
  Oid.bool,
  Oid.int2,
  Oid.int4,
  Oid.int8,
  Oid.float4,
  Oid.float8,
  Oid.numeric,
  Oid.text,
  Oid.varchar,
  Oid.bpchar,
  Oid.date,
  Oid.timestamp,
  Oid.timestamptz,
  Oid.uuid,
  Oid.bytea,
]);

const NAME = /^(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+")(?:\.(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+"))?$/u;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export class RowBatches {
  readonly columns: readonly string[];
  readonly #names: ReadonlySet<string>;
  readonly #insertRow: Statement;
  readonly #insertBatch: Statement | null;
  readonly #inSavepoint: (rows: readonly unknown[][]) => void;

  /** `table` as SQL writes it: `name`, `schema.name`, parts in quotes where they need them. */
  constructor(db: BatchHost, table: string, columns: readonly string[]) {
    const known = columnsOf(db, table);
    const types = columns.map((name) => {
      const column = known.find((one) => one.name === name);
      if (column === undefined)
        throw new DecentDbError('42703', `column "${name}" of relation ${table} does not exist`, {
          hint: `Columns are ${known.map((one) => one.name).join(', ')}.`,
        });
      return column;
    });
    if (columns.length === 0) throw invalidUse('a load needs at least one column');
    this.columns = columns;
    this.#names = new Set(columns);
    if (this.#names.size < columns.length) throw invalidUse('a column is named twice');
    const into = `INSERT INTO ${table} (${columns.map(quoted).join(', ')})`;
    this.#insertRow = db.prepare(`${into} VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')})`);
    const isVector = types.every((type) => VECTOR_TYPES.has(type.typeOid));
    this.#insertBatch = isVector
      ? db.prepare(
          `${into} SELECT * FROM unnest(${types.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ')})`,
        )
      : null;
    this.#inSavepoint = db.transaction((rows: readonly unknown[][]) => this.#insert(rows));
  }

  /** Inserts rows `from`.. of the source. Rows that are refused go to `reject`; without it the first one ends the load. */
  insert(rows: readonly RowInput[], first: number, reject: ((row: RejectedRow) => void) | null): number {
    const values: unknown[][] = [];
    const sources: number[] = [];
    rows.forEach((row, i) => {
      try {
        values.push(this.#valuesOf(row));
        sources.push(i);
      } catch (error) {
        this.#refuse(error, rows, i, first, reject);
      }
    });
    return this.#insertPart(values, sources, rows, first, reject);
  }

  #insertPart(
    values: readonly unknown[][],
    sources: readonly number[],
    rows: readonly RowInput[],
    first: number,
    reject: ((row: RejectedRow) => void) | null,
  ): number {
    if (values.length === 0) return 0;
    try {
      this.#inSavepoint(values);
      return values.length;
    } catch (error) {
      if (!isRowError(error)) throw error;
      if (values.length === 1) {
        this.#refuse(error, rows, sources[0] as number, first, reject);
        return 0;
      }
      const half = values.length >> 1;
      const left = this.#insertPart(values.slice(0, half), sources.slice(0, half), rows, first, reject);
      return left + this.#insertPart(values.slice(half), sources.slice(half), rows, first, reject);
    }
  }

  #insert(rows: readonly unknown[][]): void {
    if (this.#insertBatch === null || rows.length === 1) {
      for (const row of rows) this.#insertRow.run(...row);
      return;
    }
    const vectors = this.columns.map((_, c) => rows.map((row) => row[c]));
    this.#insertBatch.run(...vectors);
  }

  #refuse(
    error: unknown,
    rows: readonly RowInput[],
    at: number,
    first: number,
    reject: ((row: RejectedRow) => void) | null,
  ): void {
    if (!(error instanceof DecentDbError)) throw error;
    const index = first + at;
    if (reject === null) {
      error.detail = [`Row ${index + 1} of the load.`, error.detail ?? ''].join(' ').trim();
      throw error;
    }
    reject({ row: rows[at] as RowInput, index, error });
  }

  #valuesOf(row: RowInput): unknown[] {
    const { columns } = this;
    if (Array.isArray(row)) {
      if (row.length !== columns.length)
        throw new DecentDbError('22023', `a row of ${columns.length} columns has ${row.length} values`);
      for (let i = 0; i < row.length; i++) if (row[i] === undefined) throw missing(columns[i] as string);
      return row as unknown[];
    }
    if (typeof row !== 'object' || row === null)
      throw new DecentDbError(
        '22023',
        `a row must be an array or an object, not ${row === null ? 'null' : typeof row}`,
      );
    const byName = row as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(byName))
      if (!this.#names.has(name))
        throw new DecentDbError(
          '42703',
          `the row has a value for "${name}", which is not a column of the load`,
        );
    return columns.map((name) => {
      const value = byName[name];
      if (value === undefined) throw missing(name);
      return value;
    });
  }
}

/** The columns a load fills when it does not say: those of the first row, or all that can be written. */
export function defaultColumns(db: BatchHost, table: string, first: RowInput | undefined): string[] {
  const known = columnsOf(db, table);
  if (first !== undefined && !Array.isArray(first) && typeof first === 'object' && first !== null) {
    const names = Object.keys(first);
    if (names.length > 0) return names;
  }
  const [one] = known;
  const { rows } = db.query(
    `SELECT column_name FROM information_schema.columns
     WHERE table_schema = $1 AND table_name = $2 AND is_generated = 'ALWAYS'`,
    [one?.schema ?? null, one?.table ?? null],
    { rowMode: 'array' },
  );
  const generated = new Set(rows.map((row) => String((row as unknown[])[0])));
  return known.map(({ name }) => name).filter((name) => !generated.has(name));
}

function columnsOf(db: BatchHost, table: string): readonly StatementColumn[] {
  if (typeof table !== 'string' || !NAME.test(table))
    throw invalidUse(
      `${JSON.stringify(table)} is not the name of a table`,
      'Write it as SQL does: name, schema.name, or "Quoted Name".',
    );
  return db.prepare(`SELECT * FROM ${table} LIMIT 0`).columns();
}

function missing(column: string): DecentDbError {
  return new DecentDbError('22023', `the row has no value for column "${column}"`, {
    hint: 'Give null for NULL, or leave the column out of the load for its default.',
    column,
  });
}

/** Whether an error is about the data: what else goes wrong ends the load whatever was asked for. */
function isRowError(error: unknown): boolean {
  return error instanceof DecentDbError && /^(22|23|42804|428C9|P0001)/.test(error.code);
}

/**
 * Rows from JavaScript into a table, a batch at a time: what bulk loads and appenders are made of.
 *
 * I1  A batch is one INSERT through the vectorised path: defaults, checks, keys, foreign keys and triggers as in any INSERT.
 * I2  A batch is in whole or not at all; with `skip`, it is halved until the rows that are refused stand alone.
 * I3  A row says every column it should: a missing value is an error, never a silent NULL.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { ColumnStore } from '../exec/column-store.ts';
import type { Session } from '../session/session.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum, Vector } from '../types/vector.ts';
import {
  type ColumnValues,
  columnVector,
  MissingValue,
  rowsVector,
  sliceVector,
  textFieldVector,
} from './load/column-vector.ts';
import { FEED_FUNCTION, fedType, quoted, RowFeed, typeText } from './load/row-feed.ts';
import type { TextBatch } from './load/text-rows.ts';
import type { Statement, StatementColumn } from './statement.ts';
import type { TransactionFunction } from './transactions.ts';

/** A row: values in column order, or by column name. */
export type RowInput = readonly unknown[] | Readonly<Record<string, unknown>>;

export interface RejectedRow {
  readonly row: RowInput;
  /** Number of the row in the source, from 0. */
  readonly index: number;
  /** Line of a text file the row begins on. */
  readonly line?: number;
  readonly error: DecentDbError;
}

/** What a batch needs of its database. */
export interface BatchHost {
  readonly session: Session;
  prepare(sql: string): Statement;
  query(
    sql: string,
    params?: readonly unknown[],
    options?: { readonly rowMode: 'array' },
  ): { readonly rows: readonly unknown[] };
  transaction<A extends unknown[], R>(fn: (...args: A) => R): TransactionFunction<A, R>;
}

const NAME = /^(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+")(?:\.(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+"))?$/u;

/** Where refused rows go. */
export type Reject = (row: RejectedRow) => void;

/** Rows of one call of `insert`. */
interface Given {
  readonly rows: readonly RowInput[];
  /** Number of the first one in the source. */
  readonly first: number;
  readonly reject: Reject | null;
  /** Rows are fields of a text file, which begin on these lines. */
  readonly lines: readonly number[] | null;
}

/** Columns of checked values, and which row of the call each came from (null: the same). */
interface Ready {
  readonly vectors: Vector[];
  readonly count: number;
  readonly sources: readonly number[] | null;
}

/** Rows that come as columns. */
interface ColumnBatch {
  readonly values: readonly ColumnValues[];
  readonly count: number;
  readonly first: number;
  readonly reject: Reject | null;
  readonly lines: readonly number[] | null;
}

export class RowBatches {
  readonly columns: readonly string[];
  readonly #names: ReadonlySet<string>;
  readonly #types: readonly SqlType[];
  readonly #session: Session;
  readonly #feed: RowFeed;
  readonly #insertFeed: Statement;

  /** `table` as SQL writes it: `name`, `schema.name`, parts in quotes where they need them. */
  constructor(
    db: BatchHost,
    table: string,
    columns: readonly string[],
    { overrideIdentity = false }: { readonly overrideIdentity?: boolean } = {},
  ) {
    const known = columnsOf(db, table);
    const { session } = db;
    if (columns.length === 0) throw invalidUse('a load needs at least one column');
    this.#types = columns.map((name) => {
      const column = known.find((one) => one.name === name);
      if (column === undefined)
        throw new DecentDbError('42703', `column "${name}" of relation ${table} does not exist`, {
          hint: `Columns are ${known.map((one) => one.name).join(', ')}.`,
        });
      return fedType(session.currentCatalog().userTypes.resolve(column.typeOid));
    });
    this.columns = columns;
    this.#names = new Set(columns);
    if (this.#names.size < columns.length) throw invalidUse('a column is named twice');
    this.#session = session;
    this.#feed = new RowFeed(session);
    const list = this.#types.map((type, i) => `c${i} ${typeText(session, type)}`);
    const overriding = overrideIdentity ? ' OVERRIDING SYSTEM VALUE' : '';
    this.#insertFeed = db.prepare(
      `INSERT INTO ${table} (${columns.map(quoted).join(', ')})${overriding} SELECT * FROM ${FEED_FUNCTION}($1) AS r(${list.join(', ')})`,
    );
  }

  /** Inserts rows `first`.. of the source. Rows that are refused go to `reject`; without it the first one ends the load. */
  insert(rows: readonly RowInput[], first: number, reject: Reject | null): number {
    if (rows.length === 0) return 0;
    const given = { rows, first, reject, lines: null };
    const ready = this.#converted(rows) ?? this.#convertedOneByOne(given);
    return this.#insertPart(ready, 0, ready.count, given);
  }

  /** Inserts rows that come as columns, in the order of `columns`; rows refused are handed over as arrays. */
  insertColumns(
    values: readonly ColumnValues[],
    count: number,
    first: number,
    reject: Reject | null,
  ): number {
    return this.#insertVectors({ values, count, first, reject, lines: null }, columnVector);
  }

  /** The same with fields of a text file. */
  insertText(batch: TextBatch, first: number, reject: Reject | null): number {
    const { columns: values, count, lines } = batch;
    return this.#insertVectors(
      { values, count, first, reject, lines },
      textFieldVector as typeof columnVector,
    );
  }

  #insertVectors(batch: ColumnBatch, vectorOf: typeof columnVector): number {
    const { values, count, first, reject, lines } = batch;
    const given: Given = {
      get rows() {
        return Array.from({ length: count }, (_, i) => values.map((column) => column[i]));
      },
      first,
      reject,
      lines,
    };
    let ready: Ready;
    try {
      const settings = this.#session.settings.types;
      const vectors = this.#types.map((type, c) =>
        vectorOf(values[c] as ColumnValues, count, type, settings),
      );
      ready = { vectors, count, sources: null };
    } catch (error) {
      if (!isValueError(error)) throw error;
      ready = this.#convertedOneByOne({ ...given, rows: given.rows });
    }
    return this.#insertPart(ready, 0, ready.count, given);
  }

  /** All rows as columns; null when a value is refused. */
  #converted(rows: readonly RowInput[]): Ready | null {
    const count = rows.length;
    const settings = this.#session.settings.types;
    const shape = this.#shapeOf(rows);
    if (shape === null) return null;
    try {
      const vectors = this.#types.map((type, at) => {
        const name = shape === 'arrays' ? null : (this.columns[at] as string);
        return rowsVector(rows, { at, name }, type, settings);
      });
      return { vectors, count, sources: null };
    } catch (error) {
      if (!isValueError(error)) throw error;
      return null;
    }
  }

  /** Arrays of as many values as there are columns, or objects with no other names; null: neither, or some of both. */
  #shapeOf(rows: readonly RowInput[]): 'arrays' | 'objects' | null {
    const width = this.columns.length;
    if (Array.isArray(rows[0])) {
      for (let i = 0; i < rows.length; i++) {
        const row: unknown = rows[i];
        if (!Array.isArray(row) || row.length !== width) return null;
      }
      return 'arrays';
    }
    for (let i = 0; i < rows.length; i++) {
      const row: unknown = rows[i];
      if (typeof row !== 'object' || row === null || Array.isArray(row)) return null;
      // As many names as columns, and no column without a value: then no other name.
      if (namesOf(row) !== width) return null;
    }
    return 'objects';
  }

  /** The rows that can be converted; the others are refused with what is wrong with them. */
  #convertedOneByOne(given: Given): Ready {
    const settings = this.#session.settings.types;
    const stores = this.#types.map((type) => new ColumnStore(type.physical));
    const sources: number[] = [];
    given.rows.forEach((row, i) => {
      try {
        const values = this.#valuesOf(row);
        const isText = given.lines !== null;
        const datums = this.#types.map((type, c) => {
          const value = values[c];
          if (value === null) return null;
          try {
            return isText ? type.input(value as string, -1, settings) : type.fromJs(value, settings);
          } catch (error) {
            throw inColumn(error, this.columns[c] as string, isText ? (value as string) : null);
          }
        });
        for (let c = 0; c < stores.length; c++) (stores[c] as ColumnStore).append(datums[c] as Datum);
        sources.push(i);
      } catch (error) {
        refuse(error, given, i);
      }
    });
    return { vectors: stores.map((store) => store.vector()), count: sources.length, sources };
  }

  /** Inserts rows from..to-1; where that fails, halves them until the rows that are refused stand alone. */
  #insertPart(ready: Ready, from: number, to: number, given: Given): number {
    if (from === to) return 0;
    const isWhole = from === 0 && to === ready.count;
    const vectors = isWhole
      ? [...ready.vectors]
      : ready.vectors.map((vector) => sliceVector(vector, from, to));
    try {
      return this.#feed.run(vectors, to - from, () => this.#insertFeed.run(this.#feed.id).changes);
    } catch (error) {
      if (!isRowError(error)) throw error;
      if (to - from === 1) {
        refuse(error, given, ready.sources?.[from] ?? from);
        return 0;
      }
      const middle = (from + to) >> 1;
      const left = this.#insertPart(ready, from, middle, given);
      return left + this.#insertPart(ready, middle, to, given);
    }
  }

  #valuesOf(row: RowInput): readonly unknown[] {
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

/** How many names an object has of its own. */
function namesOf(row: object): number {
  let names = 0;
  const prototype: unknown = Object.getPrototypeOf(row);
  // Nobody gives these two names that a loop meets.
  if (prototype === Object.prototype || prototype === null) for (const _ in row) names++;
  else for (const name in row) if (Object.hasOwn(row, name)) names++;
  return names;
}

/** Hands a refused row over, or ends the load with its number. */
function refuse(error: unknown, given: Given, at: number): void {
  if (!(error instanceof DecentDbError)) throw error;
  const { reject, lines } = given;
  const index = given.first + at;
  const line = lines?.[at];
  const place = line === undefined ? `Row ${index + 1} of the load.` : `Line ${line}, row ${index + 1}.`;
  error.detail = [place, error.detail ?? ''].join(' ').trim();
  if (reject === null) throw error;
  const row = given.rows[at] as RowInput;
  reject(line === undefined ? { row, index, error } : { row, index, line, error });
}

/** Says which column a value was for, and what it was. */
function inColumn(error: unknown, column: string, text: string | null): unknown {
  if (!(error instanceof DecentDbError)) return error;
  const shown = text === null ? '' : `: "${text.length > 100 ? `${text.slice(0, 100)}...` : text}"`;
  error.detail = [`Column ${column}${shown}.`, error.detail ?? ''].join(' ').trim();
  error.column ??= column;
  return error;
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

/** Whether a value was refused, or is missing. */
function isValueError(error: unknown): boolean {
  return error instanceof DecentDbError || error instanceof MissingValue;
}

/** Whether an error is about the data: what else goes wrong ends the load whatever was asked for. */
function isRowError(error: unknown): boolean {
  return error instanceof DecentDbError && /^(22|23|42804|428C9|P0001)/.test(error.code);
}

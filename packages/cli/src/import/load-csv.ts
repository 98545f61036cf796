/**
 * Loads one CSV file into a table, made to fit when it is not there.
 *
 * I1  All or nothing: one transaction, so an error in the last row leaves no first row behind.
 * I2  A row that does not fit stops the load and is named by file, line and column; nothing is skipped.
 */
import { statSync } from 'node:fs';
import { type Database, DecentDbError, type Statement } from 'decentdb';
import { InputError } from '../exit-code.ts';
import { STDIN_NAME } from '../script/lines.ts';
import { type ColumnType, TypeSniffer } from './column-type.ts';
import { type CsvChoices, type CsvRow, csvRows } from './csv-source.ts';
import { columnNames, quoted } from './identifier.ts';

export interface LoadChoices extends CsvChoices {
  readonly table: string;
  /** Rows looked at to choose types when the table is made. */
  readonly sniffRows: number;
  /** Column name to type, instead of what would be sniffed. */
  readonly types: ReadonlyMap<string, string>;
  readonly keepNames: boolean;
  readonly onProgress: (bytes: number) => void;
}

export interface LoadReport {
  readonly table: string;
  readonly rows: number;
  readonly created: boolean;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** Size of the input for a progress bar; 0 where it cannot be known. */
export function inputBytes(path: string): number {
  return path === STDIN_NAME ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
}

/** Takes the rows a look-ahead has read, then the rest. */
async function* replayed(ahead: readonly CsvRow[], rest: AsyncIterator<CsvRow>): AsyncGenerator<CsvRow> {
  yield* ahead;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

function sniff(
  rows: readonly CsvRow[],
  names: readonly string[],
  types: ReadonlyMap<string, string>,
): string[] {
  const sniffers = names.map(() => new TypeSniffer());
  for (const row of rows) for (const [at, sniffer] of sniffers.entries()) sniffer.see(row.fields[at] ?? null);
  return names.map((name, at) => types.get(name) ?? (sniffers[at]?.type as ColumnType));
}

/** The columns of an existing table and their types, or undefined where there is no such table. */
function existingColumns(db: Database, table: string): readonly { name: string; type: string }[] | undefined {
  try {
    return db.prepare(`SELECT * FROM ${quoted(table)} LIMIT 0`).columns();
  } catch (error) {
    if (error instanceof DecentDbError && error.code === '42P01') return undefined;
    throw error;
  }
}

/** Text of a field as a parameter of its column's type. Types not named here take their text form. */
function parameterOf(text: string | null, type: string): unknown {
  if (text === null) return null;
  switch (type) {
    case 'integer':
    case 'smallint':
    case 'double precision':
    case 'real': {
      const value = Number(text);
      return Number.isNaN(value) ? text : value;
    }
    default:
      return text;
  }
}

class RowLoader {
  rows = 0;
  private readonly insert: Statement;
  private readonly columns: LoadReport['columns'];
  private readonly path: string;

  constructor(db: Database, path: string, table: string, columns: LoadReport['columns']) {
    this.path = path;
    this.columns = columns;
    const places = columns.map((_, at) => `$${at + 1}`).join(', ');
    const names = columns.map((column) => quoted(column.name)).join(', ');
    this.insert = db.prepare(`INSERT INTO ${quoted(table)} (${names}) VALUES (${places})`);
  }

  load(row: CsvRow): void {
    const params = this.columns.map((column, at) => parameterOf(row.fields[at] ?? null, column.type));
    try {
      this.insert.run(...params);
    } catch (error) {
      if (error instanceof DecentDbError)
        error.detail = [`Row ${this.rows + 1}, line ${row.line} of ${this.path}.`, error.detail ?? '']
          .join(' ')
          .trim();
      throw error;
    }
    this.rows++;
  }
}

/** Loads the file at `path` and says what was loaded. */
export async function loadCsv(db: Database, path: string, choices: LoadChoices): Promise<LoadReport> {
  const source = csvRows(path, choices);
  const first = await source.next();
  if (first.done === true) throw new InputError(`"${path}" is empty`);
  const header = choices.hasHeader
    ? first.value.fields
    : first.value.fields.map((_, at) => `column_${at + 1}`);
  const names = columnNames(header, choices.keepNames);
  const ahead: CsvRow[] = choices.hasHeader ? [] : [first.value];
  const existing = existingColumns(db, choices.table);
  if (existing === undefined)
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      ahead.push(next.value);
      if (ahead.length >= choices.sniffRows) break;
    }
  const types =
    existing === undefined
      ? sniff(ahead, names, choices.types)
      : typesOfTable(existing, names, choices.table);
  const columns = names.map((name, at) => ({ name, type: types[at] ?? 'text' }));
  db.exec('BEGIN');
  try {
    if (existing === undefined)
      db.exec(
        `CREATE TABLE ${quoted(choices.table)} (${columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`,
      );
    const loader = new RowLoader(db, path, choices.table, columns);
    for await (const row of replayed(ahead, source)) {
      loader.load(row);
      if (loader.rows % 1000 === 0) choices.onProgress(row.bytes);
    }
    db.exec('COMMIT');
    return { table: choices.table, rows: loader.rows, created: existing === undefined, columns };
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

/** Types of the named columns of a table that is there; a header that names another column is an error. */
function typesOfTable(
  columns: readonly { name: string; type: string }[],
  names: readonly string[],
  table: string,
): string[] {
  return names.map((name) => {
    const column = columns.find((one) => one.name === name);
    if (column === undefined)
      throw new InputError(
        `table "${table}" has no column "${name}"; it has ${columns.map((one) => one.name).join(', ')}`,
      );
    return column.type;
  });
}

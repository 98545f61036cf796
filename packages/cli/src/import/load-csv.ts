/**
 * Loads one CSV file into a table, made to fit when it is not there.
 *
 * I1  All or nothing: one transaction, so an error in the last row leaves no first row behind.
 * I2  A row that does not fit stops the load and is named by file, line and column, or is written to `rejects`: nothing is
 *     skipped in silence.
 */
import { CsvFile, type CsvFileOptions, type Database, DecentDbError, type RejectTarget } from 'decentdb';
import { InputError } from '../exit-code.ts';
import { openInput } from './byte-input.ts';
import { TypeSniffer } from './column-type.ts';
import { columnNames, quoted } from './identifier.ts';

export interface LoadChoices {
  readonly delimiter: string;
  readonly hasHeader: boolean;
  /** Text that means NULL, besides the empty field. */
  readonly nullText: string;
  readonly quote?: string;
  readonly encoding?: NonNullable<CsvFileOptions['encoding']>;
  /** Takes rows that are refused; without it the first one ends the load. */
  readonly rejects?: RejectTarget;
  readonly signal?: AbortSignal;
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
  readonly rejected?: number;
  readonly created: boolean;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
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

/** The head of a file: what its first rows say, and the pieces they came in. */
interface Head {
  readonly pieces: readonly Uint8Array[];
  readonly names: readonly string[];
  readonly types: readonly string[];
}

/** Reads pieces until there are rows enough to choose types. */
async function readHead(
  bytes: AsyncIterator<Uint8Array>,
  choices: LoadChoices,
  needsTypes: boolean,
): Promise<Head> {
  const pieces: Uint8Array[] = [];
  let header: readonly string[] | null = null;
  let sniffers: TypeSniffer[] = [];
  let rows = 0;
  const file = new CsvFile(csvOptions(choices), 512, {
    start(names, width) {
      header = names ?? Array.from({ length: width }, (_, at) => `column_${at + 1}`);
      sniffers = header.map(() => new TypeSniffer());
    },
    batch({ columns, count }) {
      for (const [at, sniffer] of sniffers.entries())
        for (let i = 0; i < count && rows + i < choices.sniffRows; i++) sniffer.see(columns[at]?.[i] ?? null);
      rows += count;
    },
    // The load itself says what is wrong with a row.
    bad: () => {},
  });
  const isEnough = (): boolean => header !== null && (!needsTypes || rows >= choices.sniffRows);
  let isWhole = false;
  while (!isEnough() && !isWhole) {
    const next = await bytes.next();
    isWhole = next.done === true;
    if (next.done === true) file.end();
    else {
      pieces.push(next.value);
      file.push(next.value);
    }
  }
  if (header === null) throw new InputError('the file is empty');
  const names = columnNames(header, choices.keepNames);
  const types = names.map((name, at) => choices.types.get(name) ?? (sniffers[at]?.type as string));
  return { pieces, names, types };
}

function csvOptions(choices: LoadChoices): CsvFileOptions {
  const { delimiter, hasHeader, nullText, quote, encoding } = choices;
  return {
    delimiter,
    header: hasHeader,
    nullText,
    ...(quote === undefined ? {} : { quote }),
    ...(encoding === undefined ? {} : { encoding }),
  };
}

/** The pieces a look-ahead has read, then the rest. */
async function* replayed(
  ahead: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* ahead;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Loads the file at `path` and says what was loaded. */
export async function loadCsv(db: Database, path: string, choices: LoadChoices): Promise<LoadReport> {
  const input = openInput(path);
  const bytes = input.bytes[Symbol.asyncIterator]();
  const existing = existingColumns(db, choices.table);
  let head: Head;
  try {
    head = await readHead(bytes, choices, existing === undefined);
  } catch (error) {
    throw inFile(error, path);
  }
  const { names } = head;
  const types = existing === undefined ? head.types : typesOfTable(existing, names, choices.table);
  const columns = names.map((name, at) => ({ name, type: types[at] ?? 'text' }));
  db.exec('BEGIN');
  try {
    if (existing === undefined)
      db.exec(
        `CREATE TABLE ${quoted(choices.table)} (${columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`,
      );
    const { rows, rejected } = await db.bulkLoad(quoted(choices.table), replayed(head.pieces, bytes), {
      format: 'csv',
      csv: csvOptions(choices),
      columns: names,
      join: true,
      onProgress: () => choices.onProgress(input.read()),
      ...(choices.signal === undefined ? {} : { signal: choices.signal }),
      ...(choices.rejects === undefined ? {} : { onError: 'skip', rejectFile: choices.rejects }),
    });
    db.exec('COMMIT');
    return { table: choices.table, rows, rejected, created: existing === undefined, columns };
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw inFile(error, path);
  }
}

/** Says which file a row that was refused stands in. */
function inFile(error: unknown, path: string): unknown {
  if (error instanceof InputError)
    return error.message === 'the file is empty' ? new InputError(`"${path}" is empty`) : error;
  if (error instanceof DecentDbError && error.detail !== undefined)
    error.detail = error.detail.replace(/^Line (\d+)/, `Line $1 of ${path}`);
  return error;
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

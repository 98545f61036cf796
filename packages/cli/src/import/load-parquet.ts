/**
 * Loads a Parquet file into a table, made to fit when it is not there.
 *
 * I1  All or nothing; a group of rows at a time is in memory.
 * I2  Nothing loses digits: decimals, 64-bit integers and times to the microsecond arrive as they are stored. Nanoseconds are
 *     cut to microseconds, which is what the types hold.
 */
import type { Database, LoadColumns } from 'decentdb';
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  type ParquetParsers,
  parquetMetadataAsync,
  parquetReadObjects,
  type SchemaElement,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { InputError } from '../exit-code.ts';
import { inputError } from '../script/input-error.ts';
import { columnNames, quoted } from './identifier.ts';
import type { LoadReport } from './load-csv.ts';

export interface ParquetChoices {
  readonly table: string;
  readonly types: ReadonlyMap<string, string>;
  readonly keepNames: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress: (rows: number, total: number) => void;
}

/** A top-level column of the file: its SQL type, and what its values become. */
interface ParquetColumn {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly convert: ((value: unknown) => unknown) | null;
}

const ROWS_AT_ONCE = 20_000;

/** Times as text, so that microseconds stay. */
const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis: bigint) => timeText(millis * 1000n),
  timestampFromMicroseconds: (micros: bigint) => timeText(micros),
  timestampFromNanoseconds: (nanos: bigint) => timeText(floorDivide(nanos, 1000n)),
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
};

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function timeText(micros: bigint): string {
  const seconds = floorDivide(micros, 1_000_000n);
  const rest = String(micros - seconds * 1_000_000n).padStart(6, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${rest}Z`;
}

export async function loadParquet(db: Database, path: string, choices: ParquetChoices): Promise<LoadReport> {
  let file: AsyncBuffer;
  let metadata: FileMetaData;
  try {
    file = await asyncBufferFromFile(path);
    metadata = await parquetMetadataAsync(file);
  } catch (cause) {
    throw inputError(path, cause);
  }
  const columns = columnsOf(metadata, choices);
  const total = Number(metadata.num_rows);
  const existing =
    db.query<{ n: unknown }>('SELECT to_regclass($1) AS n', [quoted(choices.table)]).rows[0]?.n ?? null;
  const created = existing === null;
  db.exec('BEGIN');
  try {
    if (created)
      db.exec(
        `CREATE TABLE ${quoted(choices.table)} (${columns.map(({ name, type }) => `${quoted(name)} ${type}`).join(', ')})`,
      );
    const { rows } = await db.bulkLoad(quoted(choices.table), records(file, metadata, columns, path), {
      format: 'columns',
      columns: columns.map(({ name }) => name),
      join: true,
      totalRows: total,
      onProgress: (progress) => choices.onProgress(progress.rows, total),
      ...(choices.signal === undefined ? {} : { signal: choices.signal }),
    });
    db.exec('COMMIT');
    return {
      table: choices.table,
      rows,
      created,
      columns: columns.map(({ name, type }) => ({ name, type })),
    };
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

async function* records(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly ParquetColumn[],
  path: string,
): AsyncGenerator<LoadColumns> {
  const total = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < total; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(total, rowStart + ROWS_AT_ONCE);
    let rows: Record<string, unknown>[];
    try {
      rows = await parquetReadObjects({
        file,
        metadata,
        rowStart,
        rowEnd,
        compressors,
        parsers,
        utf8: false,
      });
    } catch (cause) {
      throw new InputError(`${path}: ${(cause as Error).message}`, { cause });
    }
    const record: Record<string, unknown[]> = {};
    for (const { key, name, convert } of columns)
      record[name] = rows.map((row) => {
        const value = row[key] ?? null;
        return value === null || convert === null ? value : convert(value);
      });
    yield record;
  }
}

/** The columns of the file; decimals lose their mark in `metadata`, so that they are read as the integers they are stored as. */
function columnsOf(metadata: FileMetaData, choices: ParquetChoices): ParquetColumn[] {
  const [root, ...elements] = metadata.schema;
  const tops: [SchemaElement, boolean][] = [];
  for (let i = 0; i < elements.length; ) {
    const element = elements[i] as SchemaElement;
    const end = i + sizeOf(elements, i);
    tops.push([element, end > i + 1 || element.repetition_type === 'REPEATED']);
    i = end;
  }
  if (root === undefined || tops.length === 0) throw new InputError('the file has no columns');
  const names = columnNames(
    tops.map(([element]) => element.name),
    choices.keepNames,
  );
  return tops.map(([element, isNested], at) => {
    const name = names[at] as string;
    const { type, convert } = isNested ? { type: 'jsonb', convert: jsonOf } : typeOf(element);
    return { key: element.name, name, type: choices.types.get(name) ?? type, convert };
  });
}

/** Elements of the schema that belong to the one at `at`, itself included. */
function sizeOf(elements: readonly SchemaElement[], at: number): number {
  let size = 1;
  for (let child = 0; child < (elements[at]?.num_children ?? 0); child++) size += sizeOf(elements, at + size);
  return size;
}

type Mapped = Pick<ParquetColumn, 'type' | 'convert'>;

function typeOf(element: SchemaElement): Mapped {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return decimalOf(element);
  if (converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING' || logical?.type === 'ENUM')
    return { type: 'text', convert: String };
  if (converted === 'JSON' || logical?.type === 'JSON') return { type: 'jsonb', convert: jsonOf };
  if (logical?.type === 'UUID') return { type: 'uuid', convert: null };
  if (converted === 'DATE' || logical?.type === 'DATE') return { type: 'date', convert: null };
  if (logical?.type === 'TIMESTAMP')
    return logical.isAdjustedToUTC === true ? { type: 'timestamptz', convert: null } : plainTimestamp;
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS')
    return { type: 'timestamptz', convert: null };
  if (type === 'INT96') return plainTimestamp;
  if (converted === 'UINT_64') return { type: 'numeric(20)', convert: String };
  if (converted === 'UINT_32') return { type: 'bigint', convert: null };
  switch (type) {
    case 'BOOLEAN':
      return { type: 'boolean', convert: null };
    case 'INT32':
      return { type: 'integer', convert: null };
    case 'INT64':
      return { type: 'bigint', convert: null };
    case 'FLOAT':
      return { type: 'real', convert: null };
    case 'DOUBLE':
      return { type: 'double precision', convert: null };
    default:
      return { type: 'bytea', convert: null };
  }
}

const plainTimestamp: Mapped = {
  type: 'timestamp',
  convert: (value) => String(value).replace(/Z$/, ''),
};

function decimalOf(element: SchemaElement): Mapped {
  const scale = element.scale ?? 0;
  const precision = element.precision ?? 38;
  delete element.converted_type;
  delete element.logical_type;
  return {
    type: `numeric(${precision},${scale})`,
    convert: (value) => decimalText(unscaled(value), scale),
  };
}

function unscaled(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint);
  let result = 0n;
  for (const byte of value) result = (result << 8n) | BigInt(byte);
  return BigInt.asIntN(value.length * 8, result);
}

function decimalText(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return value < 0n ? `-${text}` : text;
}

/** JSON text of a nested value; bigints keep their digits, bytes become text. */
function jsonOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const marked = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint'
      ? `\u0000${one}`
      : one instanceof Uint8Array
        ? new TextDecoder().decode(one)
        : one,
  );
  return marked.replace(/"\\u0000(-?\d+)"/g, '$1');
}

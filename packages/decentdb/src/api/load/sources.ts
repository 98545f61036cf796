/**
 * Where the rows of a load come from: arrays, iterables, columns, files and streams of text.
 *
 * I1  Every source becomes pieces of work for a `LoadSink`, in the order of the source; between two pieces a caller may turn
 *     to other things.
 */
import { DecentDbError, invalidUse } from '../../base/errors.ts';
import { openByteSource } from '../../vfs/byte-source.ts';
import type { RowInput } from '../row-batches.ts';
import { BatchLimit, rowsOfBatch } from './batch-limit.ts';
import type { ColumnValues } from './column-vector.ts';
import { CopyTextFile } from './copy-text.ts';
import { parseJsonExact } from './json-exact.ts';
import { FileTextDecoder } from './text-decoder.ts';
import { type BadRecord, CsvFile, type CsvFileOptions, type TextBatch } from './text-rows.ts';

/** Columns of equal length by name; numbers may come as Int32Array or Float64Array. */
export type LoadColumns = Readonly<Record<string, ColumnValues>>;

/** What a load reads. A string or URL names a file. */
export type LoadSource =
  | Iterable<RowInput | LoadColumns | Uint8Array | string>
  | AsyncIterable<RowInput | LoadColumns | Uint8Array | string>
  | LoadColumns
  | string
  | URL;

/** What the source consists of: rows (default), records of columns, or text of a file format. */
export type LoadFormat = 'rows' | 'columns' | 'csv' | 'tsv' | 'ndjson' | 'copy';

const FORMATS: readonly LoadFormat[] = ['rows', 'columns', 'csv', 'tsv', 'ndjson', 'copy'];

export interface SourceOptions {
  readonly format?: LoadFormat;
  readonly csv?: CsvFileOptions;
  readonly columns?: readonly string[];
}

/** What takes the rows. */
export interface LoadSink {
  readonly batchRows: number;
  rows(rows: readonly RowInput[]): void;
  columns(columns: LoadColumns): void;
  /** Columns of a text file begin: their names, if it has them. */
  startText(names: readonly string[] | null, width: number): void;
  text(batch: TextBatch): void;
  bad(record: BadRecord): void;
}

/** A source opened: pieces to feed, and how far it is read. */
export interface OpenedSource {
  readonly pieces: Iterable<unknown> | AsyncIterable<unknown>;
  readonly feeder: Feeder;
  readonly totalRows?: number;
  readonly totalBytes?: number;
  readonly bytesRead?: () => number;
}

/** Takes the pieces of a source; true when work was done that took a while. */
export interface Feeder {
  push(piece: unknown): boolean;
  end(): void;
}

export function openSource(source: LoadSource, options: SourceOptions, sink: LoadSink): OpenedSource {
  const { format } = options;
  if (format !== undefined && !FORMATS.includes(format))
    throw invalidUse(`option format must be one of ${FORMATS.join(', ')}, not ${JSON.stringify(format)}`);
  if (typeof source === 'string' || source instanceof URL) {
    const path = typeof source === 'string' ? source : decodeURIComponent(source.pathname);
    const { bytes, total, read } = openByteSource(path);
    const feeder = feederOf(format ?? formatOfPath(path), options, sink);
    return { pieces: bytes, feeder, totalBytes: total, bytesRead: read };
  }
  if (typeof source !== 'object' || source === null) throw wrongSource();
  const isIterable = Symbol.iterator in source || Symbol.asyncIterator in source;
  if (!isIterable) {
    const columns = source as LoadColumns;
    return { pieces: [columns], feeder: new ColumnsFeeder(sink), totalRows: lengthOf(columns) };
  }
  if (Array.isArray(source) && (format ?? 'rows') === 'rows') {
    const feeder = new SliceFeeder(sink);
    return { pieces: slicesOf(source, sink.batchRows), feeder, totalRows: source.length };
  }
  const feeder = feederOf(format ?? 'rows', options, sink);
  return { pieces: source as Iterable<unknown> | AsyncIterable<unknown>, feeder };
}

/** An array of rows, a batch at a time. */
function* slicesOf(rows: readonly RowInput[], batchRows: number): Generator<readonly RowInput[]> {
  for (let from = 0; from < rows.length; from += batchRows) yield rows.slice(from, from + batchRows);
}

function wrongSource(): DecentDbError {
  return invalidUse(
    'bulkLoad takes an array, an iterable or an async iterable of rows, an object of columns, or the path of a file',
  );
}

function formatOfPath(path: string): LoadFormat {
  const name = path.replace(/\.(gz|br|zst)$/i, '');
  if (/\.(tsv|tab)$/i.test(name)) return 'tsv';
  if (/\.(ndjson|jsonl)$/i.test(name)) return 'ndjson';
  if (/\.csv$/i.test(name)) return 'csv';
  throw invalidUse(
    `the format of "${path}" does not show in its name`,
    'Give the option format: csv, tsv, ndjson.',
  );
}

function feederOf(format: LoadFormat, options: SourceOptions, sink: LoadSink): Feeder {
  switch (format) {
    case 'rows':
      return new RowsFeeder(sink);
    case 'columns':
      return new ColumnsFeeder(sink);
    case 'ndjson':
      return new JsonLinesFeeder(sink);
    default:
      return new TextFeeder(format, options, sink);
  }
}

/** Takes batches of rows as they are. */
class SliceFeeder implements Feeder {
  readonly #sink: LoadSink;

  constructor(sink: LoadSink) {
    this.#sink = sink;
  }

  push(piece: unknown): boolean {
    const rows = piece as readonly RowInput[];
    const limit = new BatchLimit(rows.length);
    let from = 0;
    for (let i = 0; i < rows.length; i++) {
      if (!limit.add(rows[i])) continue;
      this.#sink.rows(i + 1 - from === rows.length ? rows : rows.slice(from, i + 1));
      from = i + 1;
    }
    if (from < rows.length) this.#sink.rows(rows.slice(from));
    return true;
  }

  end(): void {}
}

class RowsFeeder implements Feeder {
  readonly #sink: LoadSink;
  readonly #limit: BatchLimit;
  #rows: RowInput[] = [];

  constructor(sink: LoadSink) {
    this.#sink = sink;
    this.#limit = new BatchLimit(sink.batchRows);
  }

  push(row: unknown): boolean {
    this.#rows.push(row as RowInput);
    if (!this.#limit.add(row)) return false;
    this.end();
    return true;
  }

  end(): void {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) this.#sink.rows(rows);
  }
}

class ColumnsFeeder implements Feeder {
  readonly #sink: LoadSink;

  constructor(sink: LoadSink) {
    this.#sink = sink;
  }

  push(piece: unknown): boolean {
    const columns = piece as LoadColumns;
    const count = lengthOf(columns);
    const batchRows = rowsOfBatch(columns, this.#sink.batchRows);
    for (let from = 0; from < count; from += batchRows)
      this.#sink.columns(from === 0 && count <= batchRows ? columns : part(columns, from, from + batchRows));
    return true;
  }

  end(): void {}
}

function part(columns: LoadColumns, from: number, to: number): LoadColumns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [
      name,
      Array.isArray(values) ? values.slice(from, to) : (values as Float64Array).subarray(from, to),
    ]),
  );
}

/** Rows of a record of columns; 22023 when it is none, or the columns differ in length. */
export function lengthOf(columns: LoadColumns): number {
  if (typeof columns !== 'object' || columns === null) throw wrongSource();
  let count = -1;
  for (const [name, values] of Object.entries(columns)) {
    const isColumn = Array.isArray(values) || values instanceof Int32Array || values instanceof Float64Array;
    if (!isColumn) throw invalidUse(`column "${name}" must be an array, an Int32Array or a Float64Array`);
    if (count >= 0 && values.length !== count)
      throw invalidUse(`column "${name}" has ${values.length} values, others have ${count}`);
    count = values.length;
  }
  if (count < 0) throw wrongSource();
  return count;
}

/** Bytes or text of CSV, TSV or COPY's text format. */
class TextFeeder implements Feeder {
  readonly #file: CsvFile | CopyTextFile;

  constructor(format: 'csv' | 'tsv' | 'copy', options: SourceOptions, sink: LoadSink) {
    const sinks = {
      start: (names: readonly string[] | null, width: number): void => sink.startText(names, width),
      batch: (batch: TextBatch): void => sink.text(batch),
      bad: (record: BadRecord): void => sink.bad(record),
    };
    const csv = format === 'tsv' ? { delimiter: '\t', ...options.csv } : (options.csv ?? {});
    this.#file =
      format === 'copy'
        ? new CopyTextFile(options.columns?.length ?? null, sink.batchRows, sinks)
        : new CsvFile(csv, sink.batchRows, sinks);
  }

  push(piece: unknown): boolean {
    this.#file.push(pieceOf(piece));
    return true;
  }

  end(): void {
    this.#file.end();
  }
}

function pieceOf(piece: unknown): Uint8Array | string {
  if (typeof piece === 'string' || piece instanceof Uint8Array) return piece;
  throw invalidUse(`a text source must give bytes or text, not ${piece === null ? 'null' : typeof piece}`);
}

/** Objects, one a line. */
class JsonLinesFeeder implements Feeder {
  readonly #rows: RowsFeeder;
  readonly #decoder: FileTextDecoder;
  #rest = '';
  #line = 0;

  constructor(sink: LoadSink) {
    this.#rows = new RowsFeeder(sink);
    this.#decoder = new FileTextDecoder(undefined, () => ({ line: this.#line + 1, column: 1 }));
  }

  push(piece: unknown): boolean {
    const bytes = pieceOf(piece);
    if (typeof bytes === 'string') this.#text(bytes);
    else this.#decoder.push(bytes, (text) => this.#text(text));
    return true;
  }

  end(): void {
    this.#decoder.end((text) => this.#text(text));
    this.#object(this.#rest);
    this.#rows.end();
  }

  #text(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#object(line);
  }

  #object(line: string): void {
    this.#line++;
    if (line.trim() === '') return;
    let value: unknown;
    try {
      value = parseJsonExact(line);
    } catch (cause) {
      throw new DecentDbError('22P02', `not JSON: ${(cause as Error).message}`, {
        detail: `Line ${this.#line}.`,
        cause,
      });
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new DecentDbError('22P02', 'a line of NDJSON must be an object', {
        detail: `Line ${this.#line}.`,
      });
    this.#rows.push(value);
  }
}

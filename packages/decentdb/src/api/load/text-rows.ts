/**
 * Rows of a text file: decoded, cut into fields, gathered column by column until there are enough for a batch.
 *
 * I1  A row with more or fewer fields than the file has columns is an error that names its line (22P04), or is refused like
 *     any other bad row. An empty line between rows of several columns is no row.
 */
import { DecentDbError } from '../../base/errors.ts';
import { type CsvOptions, CsvReader } from '../../session/copy/csv-reader.ts';
import { FileTextDecoder, type TextEncoding } from './text-decoder.ts';

/** A batch of large fields has fewer rows. */
const BATCH_CHARACTERS_MAX: number = 16 << 20;

export interface CsvFileOptions extends CsvOptions {
  /** The first record names the columns. Default true. */
  readonly header?: boolean;
  /** Default: what a byte order mark says, else UTF-8. */
  readonly encoding?: TextEncoding;
}

/** Fields of `count` rows by column, and the line each row begins on. */
export interface TextBatch {
  readonly columns: readonly (string | null)[][];
  readonly lines: readonly number[];
  readonly count: number;
}

/** A record that is no row. */
export interface BadRecord {
  readonly fields: readonly (string | null)[];
  readonly line: number;
  readonly error: DecentDbError;
}

export interface CsvSinks {
  /** Told once, before the first batch: the names in the header (null without one) and how many columns there are. */
  start(names: readonly string[] | null, width: number): void;
  batch(batch: TextBatch): void;
  bad(record: BadRecord): void;
}

export class CsvFile {
  readonly #reader: CsvReader;
  readonly #decoder: FileTextDecoder;
  readonly #sinks: CsvSinks;
  readonly #batches: TextBatches;
  #isHeader: boolean;
  #width = -1;

  constructor(options: CsvFileOptions, batchRows: number, sinks: CsvSinks) {
    this.#sinks = sinks;
    this.#batches = new TextBatches(batchRows, (batch) => sinks.batch(batch));
    this.#isHeader = options.header ?? true;
    this.#reader = new CsvReader(options, (fields, count, line) => this.#record(fields, count, line));
    this.#decoder = new FileTextDecoder(options.encoding, () => this.#reader);
  }

  push(piece: Uint8Array | string): void {
    if (typeof piece === 'string') this.#reader.push(piece);
    else this.#decoder.push(piece, (text) => this.#reader.push(text));
  }

  end(): void {
    this.#decoder.end((text) => this.#reader.push(text));
    this.#reader.end();
    this.#batches.flush();
  }

  #record(fields: readonly (string | null)[], count: number, line: number): void {
    if (this.#width < 0) {
      if (count === 1 && fields[0] === null) return;
      this.#begin(count, this.#isHeader ? fields.slice(0, count).map((name) => name ?? '') : null);
      if (this.#isHeader) return;
    }
    const width = this.#width;
    if (count !== width) {
      if (count === 1 && fields[0] === null) return;
      this.#sinks.bad({ fields: fields.slice(0, count), line, error: raggedRow(count, width, line) });
      return;
    }
    this.#batches.add(fields, line);
  }

  #begin(width: number, names: readonly string[] | null): void {
    this.#width = width;
    this.#batches.begin(width);
    this.#sinks.start(names, width);
  }
}

/** Gathers rows of a text file column by column until there are enough for a batch. */
export class TextBatches {
  readonly #batchRows: number;
  readonly #batch: (batch: TextBatch) => void;
  #columns: (string | null)[][] = [];
  #lines: number[] = [];
  #characters = 0;

  constructor(batchRows: number, batch: (batch: TextBatch) => void) {
    this.#batchRows = batchRows;
    this.#batch = batch;
  }

  /** Rows have so many fields from here on. */
  begin(width: number): void {
    this.#columns = Array.from({ length: width }, () => []);
  }

  add(fields: readonly (string | null)[], line: number): void {
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i++) {
      const field = fields[i] as string | null;
      (columns[i] as (string | null)[]).push(field);
      if (field !== null) this.#characters += field.length;
    }
    this.#lines.push(line);
    if (this.#lines.length >= this.#batchRows || this.#characters >= BATCH_CHARACTERS_MAX) this.flush();
  }

  flush(): void {
    const count = this.#lines.length;
    if (count === 0) return;
    const batch = { columns: this.#columns, lines: this.#lines, count };
    this.begin(this.#columns.length);
    this.#lines = [];
    this.#characters = 0;
    this.#batch(batch);
  }
}

export function raggedRow(count: number, width: number, line: number): DecentDbError {
  const message = count < width ? 'missing data: a row has' : 'extra data: a row has';
  return new DecentDbError('22P04', `${message} ${count} fields instead of ${width}`, {
    detail: `Line ${line}.`,
  });
}

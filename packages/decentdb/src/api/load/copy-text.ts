/**
 * Rows in PostgreSQL's COPY text format: tabs between fields, \N for NULL, backslash escapes, one row a line.
 *
 * I1  A line with another number of fields than the load has columns is an error that names it (22P04).
 * I2  `\.` alone ends the data; what follows is not read.
 */
import { type CopyField, TextReader } from '../../session/copy/copy-reader.ts';
import { FileTextDecoder } from './text-decoder.ts';
import { type CsvSinks, raggedRow } from './text-rows.ts';

/** As pg_dump writes it. */
const PLAIN = { delimiter: '\t', nullText: '\\N', defaultText: null } as const;

export class CopyTextFile {
  readonly #sinks: CsvSinks;
  readonly #batchRows: number;
  readonly #decoder: FileTextDecoder;
  readonly #reader: TextReader;
  readonly #width: number | null;
  #columns: (string | null)[][] | null = null;
  #lines: number[] = [];

  /** `width` is the number of columns of the load; null: that of the first line. */
  constructor(width: number | null, batchRows: number, sinks: CsvSinks) {
    this.#sinks = sinks;
    this.#batchRows = batchRows;
    this.#reader = new TextReader(PLAIN, (fields, line) => this.#record(fields, line));
    this.#decoder = new FileTextDecoder(undefined, () => ({ line: this.#reader.line + 1, column: 1 }));
    this.#width = width;
  }

  push(piece: Uint8Array | string): void {
    if (typeof piece === 'string') this.#reader.push(piece);
    else this.#decoder.push(piece, (text) => this.#reader.push(text));
  }

  end(): void {
    this.#decoder.end((text) => this.#reader.push(text));
    this.#reader.end();
    this.#flush();
  }

  #record(values: readonly CopyField[], line: number): void {
    // Nothing stands for a default here (PLAIN).
    const fields = values as readonly (string | null)[];
    const columns = this.#columns ?? this.#begin(this.#width ?? fields.length);
    if (fields.length !== columns.length) {
      this.#sinks.bad({ fields, line, error: raggedRow(fields.length, columns.length, line) });
      return;
    }
    for (let i = 0; i < columns.length; i++)
      (columns[i] as (string | null)[]).push(fields[i] as string | null);
    this.#lines.push(line);
    if (this.#lines.length >= this.#batchRows) this.#flush();
  }

  #begin(width: number): (string | null)[][] {
    this.#columns = Array.from({ length: width }, () => []);
    this.#sinks.start(null, width);
    return this.#columns;
  }

  #flush(): void {
    const count = this.#lines.length;
    const columns = this.#columns;
    if (count === 0 || columns === null) return;
    const batch = { columns, lines: this.#lines, count };
    this.#columns = Array.from({ length: columns.length }, () => []);
    this.#lines = [];
    this.#sinks.batch(batch);
  }
}

/**
 * Rows in PostgreSQL's COPY text format: tabs between fields, \N for NULL, backslash escapes, one row a line.
 *
 * I1  A line with another number of fields than the load has columns is an error that names it (22P04).
 * I2  `\.` alone ends the data; what follows is not read.
 */
import { type CopyField, TextReader } from '../../session/copy/copy-reader.ts';
import { FileTextDecoder } from './text-decoder.ts';
import { type CsvSinks, raggedRow, TextBatches } from './text-rows.ts';

/** As pg_dump writes it. */
const PLAIN = { delimiter: '\t', nullText: '\\N', defaultText: null } as const;

export class CopyTextFile {
  readonly #sinks: CsvSinks;
  readonly #batches: TextBatches;
  readonly #decoder: FileTextDecoder;
  readonly #reader: TextReader;
  /** Fields of a row, once known. */
  #width: number | null;
  #hasBegun = false;

  /** `width` is the number of columns of the load; null: that of the first line. */
  constructor(width: number | null, batchRows: number, sinks: CsvSinks) {
    this.#sinks = sinks;
    this.#batches = new TextBatches(batchRows, (batch) => sinks.batch(batch));
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
    this.#batches.flush();
  }

  #record(values: readonly CopyField[], line: number): void {
    // Nothing stands for a default here (PLAIN).
    const fields = values as readonly (string | null)[];
    const width = this.#begin(fields.length);
    if (fields.length !== width) {
      this.#sinks.bad({ fields, line, error: raggedRow(fields.length, width, line) });
      return;
    }
    this.#batches.add(fields, line);
  }

  /** How many fields a row has; the first one may say. */
  #begin(fields: number): number {
    const width = this.#width ?? fields;
    if (this.#hasBegun) return width;
    this.#hasBegun = true;
    this.#width = width;
    this.#batches.begin(width);
    this.#sinks.start(null, width);
    return width;
  }
}

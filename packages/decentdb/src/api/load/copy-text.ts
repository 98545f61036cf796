/**
 * Rows in PostgreSQL's COPY text format: tabs between fields, \N for NULL, backslash escapes, one row a line.
 *
 * I1  A line with another number of fields than the load has columns is an error that names it (22P04).
 * I2  `\.` alone ends the data; what follows is not read.
 */
import { FileTextDecoder } from './text-decoder.ts';
import { type CsvSinks, raggedRow } from './text-rows.ts';

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A field of COPY's text format, or null. */
export function copyField(text: string): string | null {
  if (text === '\\N') return null;
  if (!text.includes('\\')) return text;
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (_, code: string) => {
    if (/^x[0-9a-fA-F]/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return ESCAPES[code] ?? code;
  });
}

export class CopyTextFile {
  readonly #sinks: CsvSinks;
  readonly #batchRows: number;
  readonly #decoder: FileTextDecoder;
  #rest = '';
  #line = 0;
  #isDone = false;
  readonly #width: number | null;
  #columns: (string | null)[][] | null = null;
  #lines: number[] = [];

  /** `width` is the number of columns of the load; null: that of the first line. */
  constructor(width: number | null, batchRows: number, sinks: CsvSinks) {
    this.#sinks = sinks;
    this.#batchRows = batchRows;
    this.#decoder = new FileTextDecoder(undefined, () => ({ line: this.#line + 1, column: 1 }));
    this.#width = width;
  }

  push(piece: Uint8Array | string): void {
    if (typeof piece === 'string') this.#text(piece);
    else this.#decoder.push(piece, (text) => this.#text(text));
  }

  end(): void {
    this.#decoder.end((text) => this.#text(text));
    if (this.#rest !== '') this.#record(this.#rest);
    this.#flush();
  }

  #text(piece: string): void {
    const text = this.#rest + piece;
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      this.#record(text.slice(at, end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end));
      at = end + 1;
    }
    this.#rest = text.slice(at);
  }

  #record(line: string): void {
    this.#line++;
    if (this.#isDone) return;
    if (line === '\\.') {
      this.#isDone = true;
      return;
    }
    const fields = line.split('\t').map(copyField);
    const columns = this.#columns ?? this.#begin(this.#width ?? fields.length);
    if (fields.length !== columns.length) {
      const error = raggedRow(fields.length, columns.length, this.#line);
      this.#sinks.bad({ fields, line: this.#line, error });
      return;
    }
    for (let i = 0; i < columns.length; i++)
      (columns[i] as (string | null)[]).push(fields[i] as string | null);
    this.#lines.push(this.#line);
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

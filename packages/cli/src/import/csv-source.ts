/**
 * Rows of a CSV or TSV file, streamed.
 *
 * I1  An empty field is NULL, a quoted empty field is the empty text, as in PostgreSQL's COPY.
 * I2  A row with more or fewer fields than the header is an error that names its line; nothing is padded or cut off.
 */
import { createReadStream } from 'node:fs';
import { type CsvError, parse } from 'csv-parse';
import { InputError } from '../exit-code.ts';
import { inputError, STDIN_NAME } from '../script/lines.ts';

export interface CsvChoices {
  readonly delimiter: string;
  readonly hasHeader: boolean;
  /** Text that means NULL, besides the empty field. */
  readonly nullText: string;
}

export interface CsvRow {
  readonly fields: readonly (string | null)[];
  /** Line of the file the row ends on. */
  readonly line: number;
  /** Bytes read so far, for progress. */
  readonly bytes: number;
}

interface ParsedRecord {
  readonly record: readonly (string | null)[];
  readonly info: { readonly lines: number; readonly bytes: number };
}

function csvError(path: string, cause: unknown): InputError {
  const error = cause as CsvError;
  if (typeof error.code !== 'string' || !error.code.startsWith('CSV_')) return inputError(path, cause);
  return new InputError(`${path}: ${error.message}`, { cause });
}

/** Every row of the file, the header too. `-` reads standard input. */
export async function* csvRows(path: string, choices: CsvChoices): AsyncGenerator<CsvRow> {
  const input = path === STDIN_NAME ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = parse({
    delimiter: choices.delimiter,
    bom: true,
    info: true,
    skip_empty_lines: true,
    cast: (value, { quoting }) => (!quoting && (value === '' || value === choices.nullText) ? null : value),
  });
  input.on('error', (cause: Error) => parser.destroy(cause));
  input.on('data', (chunk: Uint8Array) => {
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      parser.destroy(new InputError(`${path} is not UTF-8 text`));
    }
  });
  input.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedRecord>)
      yield { fields: record, line: info.lines, bytes: info.bytes };
  } catch (cause) {
    throw csvError(path, cause);
  } finally {
    input.destroy();
  }
}

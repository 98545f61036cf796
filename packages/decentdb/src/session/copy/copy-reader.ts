/**
 * Data of COPY FROM as records: fields with what NULL and default markers mean, fed piece by piece.
 *
 * I1  A record is one line, or several where a quoted field or a backslash before the line's end says so.
 * I2  `\.` alone on a line ends the data; what follows is not read.
 * I3  Lines are counted from 1 and named in every error.
 */
import type { CopyOptions } from './copy-options.ts';
import { CsvReader } from './csv-reader.ts';

/** Marks a field that asks for the column's default. */
export const DEFAULT_FIELD: unique symbol = Symbol('default');
export type CopyField = string | null | typeof DEFAULT_FIELD;

export type RecordSink = (fields: CopyField[], line: number) => void;

/** How one column's fields are read. */
export interface FieldRules {
  /** FORCE_NOT_NULL: the null marker is only text. */
  readonly isNeverNull: boolean;
  /** FORCE_NULL: the null marker counts in quotes too. */
  readonly isNullQuoted: boolean;
}

export interface CopyReader {
  push(text: string): void;
  end(): void;
  /** The line of the record read last. */
  readonly line: number;
}

export function makeCopyReader(
  options: CopyOptions,
  rules: readonly FieldRules[],
  sink: RecordSink,
): CopyReader {
  return options.format === 'csv' ? new CopyCsvReader(options, rules, sink) : new TextReader(options, sink);
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  let bytes: number[] | null = null;
  const flush = (): string => {
    const made = bytes === null ? '' : new TextDecoder().decode(Uint8Array.from(bytes));
    bytes = null;
    return made;
  };
  let out = '';
  const pattern = /\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])|[^\\]+|\\$/g;
  for (const [piece, code] of text.matchAll(pattern)) {
    if (code !== undefined && /^(x[0-9a-fA-F]|[0-7])/.test(code)) {
      const value = code[0] === 'x' ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8) & 0xff;
      // Bytes may be parts of one character.
      bytes ??= [];
      bytes.push(value);
      continue;
    }
    out += flush() + (code === undefined ? piece : (ESCAPES[code] ?? code));
  }
  return out + flush();
}

/** What the text format takes of COPY's options. */
export type TextOptions = Pick<CopyOptions, 'delimiter' | 'nullText' | 'defaultText'>;

/** PostgreSQL's text format. */
export class TextReader implements CopyReader {
  line = 0;
  readonly #options: TextOptions;
  readonly #sink: RecordSink;
  /** What has come of a line whose end has not. */
  #pieces: string[] = [];
  #isDone = false;

  constructor(options: TextOptions, sink: RecordSink) {
    this.#options = options;
    this.#sink = sink;
  }

  push(text: string): void {
    if (this.#isDone) return;
    // A line of many pieces is put together once, when its end has come.
    if (!text.includes('\n')) {
      this.#pieces.push(text);
      return;
    }
    const before = this.#pieces.join('');
    const all = before + text;
    let at = 0;
    for (let end = all.indexOf('\n', before.length); end >= 0; end = all.indexOf('\n', end + 1)) {
      if (isEscaped(all, at, end)) continue;
      const stop = end > at && all.charCodeAt(end - 1) === 13 ? end - 1 : end;
      this.#record(all.slice(at, stop));
      at = end + 1;
      if (this.#isDone) return;
    }
    this.#pieces = [all.slice(at)];
  }

  end(): void {
    const rest = this.#pieces.join('');
    if (this.#isDone || rest === '') return;
    this.#pieces = [];
    this.#record(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
  }

  #record(text: string): void {
    this.line++;
    if (text === '\\.') {
      this.#isDone = true;
      return;
    }
    const { delimiter, nullText, defaultText } = this.#options;
    const fields = splitText(text, delimiter).map((field): CopyField => {
      if (field === nullText) return null;
      return field === defaultText ? DEFAULT_FIELD : unescaped(field);
    });
    this.#sink(fields, this.line);
    // Line feeds behind a backslash are lines of the data too.
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.line++;
  }
}

/** Whether the character at `end` follows an odd number of backslashes. */
function isEscaped(text: string, from: number, end: number): boolean {
  let at = end - 1;
  while (at >= from && text.charCodeAt(at) === 92) at--;
  return (end - 1 - at) % 2 === 1;
}

/** Fields between delimiters that no backslash stands before. */
function splitText(text: string, delimiter: string): string[] {
  if (!text.includes('\\')) return text.split(delimiter);
  const fields: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === delimiter) {
      fields.push(text.slice(from, at));
      from = at + 1;
    }
  }
  fields.push(text.slice(from));
  return fields;
}

/** CSV with the options of COPY, read by the reader that bulk loads use. */
class CopyCsvReader implements CopyReader {
  readonly #reader: CsvReader<CopyField>;

  constructor(options: CopyOptions, rules: readonly FieldRules[], sink: RecordSink) {
    const { delimiter, quote, escape, nullText, defaultText } = options;
    let wasQuoted = false;
    const fieldOf = (text: string, isQuoted: boolean, at: number): CopyField => {
      wasQuoted = isQuoted;
      const rule = rules[at];
      if (text === nullText && rule?.isNeverNull !== true && (!isQuoted || rule?.isNullQuoted === true))
        return null;
      return !isQuoted && text === defaultText ? DEFAULT_FIELD : text;
    };
    const take = (fields: readonly CopyField[], count: number, line: number): void => {
      if (count === 1 && fields[0] === '\\.' && !wasQuoted) this.#reader.stop();
      else sink(fields.slice(0, count), line);
    };
    this.#reader = new CsvReader({ delimiter, quote, escape }, take, { fieldOf, isLenient: true });
  }

  get line(): number {
    return this.#reader.line;
  }

  push(text: string): void {
    this.#reader.push(text);
  }

  end(): void {
    this.#reader.end();
  }
}

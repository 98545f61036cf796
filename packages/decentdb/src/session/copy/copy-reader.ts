/**
 * Data of COPY FROM as records: fields with what NULL and default markers mean, fed piece by piece.
 *
 * I1  A record is one line, or several where a quoted field or a backslash before the line's end says so.
 * I2  `\.` alone on a line ends the data; what follows is not read.
 * I3  Lines are counted from 1 and named in every error.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { CopyOptions } from './copy-options.ts';

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
  return options.format === 'csv' ? new CsvReader(options, rules, sink) : new TextReader(options, sink);
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

class TextReader implements CopyReader {
  line = 0;
  readonly #options: CopyOptions;
  readonly #sink: RecordSink;
  #rest = '';
  #isDone = false;

  constructor(options: CopyOptions, sink: RecordSink) {
    this.#options = options;
    this.#sink = sink;
  }

  push(text: string): void {
    if (this.#isDone) return;
    const all = this.#rest + text;
    let at = 0;
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', end + 1)) {
      if (isEscaped(all, at, end)) continue;
      const stop = end > at && all.charCodeAt(end - 1) === 13 ? end - 1 : end;
      this.#record(all.slice(at, stop));
      at = end + 1;
      if (this.#isDone) return;
    }
    this.#rest = all.slice(at);
  }

  end(): void {
    if (this.#isDone || this.#rest === '') return;
    const rest = this.#rest;
    this.#rest = '';
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

class CsvReader implements CopyReader {
  line = 1;
  readonly #options: CopyOptions;
  readonly #rules: readonly FieldRules[];
  readonly #sink: RecordSink;
  #rest = '';
  #isDone = false;

  constructor(options: CopyOptions, rules: readonly FieldRules[], sink: RecordSink) {
    this.#options = options;
    this.#rules = rules;
    this.#sink = sink;
  }

  push(text: string): void {
    if (this.#isDone) return;
    this.#rest += text;
    this.#read(false);
  }

  end(): void {
    if (this.#isDone || this.#rest === '') return;
    this.#read(true);
  }

  #read(isLast: boolean): void {
    let at = 0;
    while (!this.#isDone && at < this.#rest.length) {
      const next = this.#record(at, isLast);
      if (next < 0) break;
      at = next;
    }
    this.#rest = this.#rest.slice(at);
  }

  /** Reads a record that starts at `from`; gives where the next one starts, or -1 when more data is needed. */
  #record(from: number, isLast: boolean): number {
    const text = this.#rest;
    const { delimiter, quote, escape } = this.#options;
    const fields: CopyField[] = [];
    let field = '';
    let wasQuoted = false;
    let lines = 1;
    let at = from;
    for (;;) {
      if (at >= text.length) {
        if (!isLast) return -1;
        break;
      }
      const c = text[at] as string;
      if (c === quote) {
        wasQuoted = true;
        at++;
        for (;;) {
          if (at >= text.length) {
            if (!isLast) return -1;
            throw new DecentDbError('22P04', 'unterminated CSV quoted field', {
              detail: `line ${this.line}`,
            });
          }
          const inner = text[at] as string;
          const next = text[at + 1];
          if (next === undefined && !isLast && (inner === escape || inner === quote)) return -1;
          if (inner === escape && (next === quote || next === escape)) {
            field += next;
            at += 2;
          } else if (inner === quote) {
            at++;
            break;
          } else {
            if (inner === '\n') lines++;
            field += inner;
            at++;
          }
        }
        continue;
      }
      if (c === delimiter) {
        fields.push(this.#field(field, wasQuoted, fields.length));
        field = '';
        wasQuoted = false;
        at++;
        continue;
      }
      if (c === '\n' || c === '\r') {
        if (c === '\r' && at + 1 >= text.length && !isLast) return -1;
        at += c === '\r' && text[at + 1] === '\n' ? 2 : 1;
        break;
      }
      field += c;
      at++;
    }
    if (fields.length === 0 && !wasQuoted && field === '\\.') {
      this.#isDone = true;
      return at;
    }
    fields.push(this.#field(field, wasQuoted, fields.length));
    this.#sink(fields, this.line);
    this.line += lines;
    return at;
  }

  #field(text: string, wasQuoted: boolean, column: number): CopyField {
    const { nullText, defaultText } = this.#options;
    const rules = this.#rules[column];
    if (text === nullText && rules?.isNeverNull !== true && (!wasQuoted || rules?.isNullQuoted === true))
      return null;
    return !wasQuoted && text === defaultText ? DEFAULT_FIELD : text;
  }
}

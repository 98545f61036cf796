/** Rows as the lines COPY TO writes: text or CSV. */
import type { CopyOptions } from './copy-options.ts';

export class CopyWriter {
  readonly #options: CopyOptions;
  readonly #isQuoted: readonly boolean[];
  readonly #isSingle: boolean;
  readonly #needsQuotes: RegExp;

  constructor(options: CopyOptions, columns: readonly string[]) {
    this.#options = options;
    const { forceQuote } = options;
    this.#isQuoted = columns.map((name) => forceQuote.includes('*') || forceQuote.includes(name));
    this.#isSingle = columns.length === 1;
    const special = [options.delimiter, options.quote, '\n', '\r'].map((c) => c.replace(/[\\\]^-]/g, '\\$&'));
    this.#needsQuotes = new RegExp(`[${special.join('')}]`);
  }

  /** The line of names, with its end. */
  header(names: readonly string[]): string {
    const { delimiter, format } = this.#options;
    const cells = names.map((name) => (format === 'csv' ? this.#csv(name, false) : this.#text(name)));
    return `${cells.join(delimiter)}\n`;
  }

  /** The line of a row of texts. */
  row(values: readonly (string | null)[]): string {
    const { delimiter, format, nullText } = this.#options;
    const cells = values.map((value, i) => {
      if (value === null) return nullText;
      return format === 'csv' ? this.#csv(value, this.#isQuoted[i] === true) : this.#text(value);
    });
    return `${cells.join(delimiter)}\n`;
  }

  #text(value: string): string {
    const { delimiter } = this.#options;
    if (!/[\\\b\f\n\r\t\v]/.test(value) && !value.includes(delimiter)) return value;
    let out = '';
    for (const c of value) out += TEXT_ESCAPES.get(c) ?? (c === delimiter ? `\\${c}` : c);
    return out;
  }

  #csv(value: string, isForced: boolean): string {
    const { quote, escape, nullText } = this.#options;
    const isQuoted =
      isForced ||
      value === nullText ||
      this.#needsQuotes.test(value) ||
      // Alone on a line it would end the data.
      (this.#isSingle && value === '\\.');
    if (!isQuoted) return value;
    let out = quote;
    for (const c of value) out += c === quote || c === escape ? escape + c : c;
    return out + quote;
  }
}

const TEXT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

/**
 * Records of CSV text that arrives in pieces: the one reader of bulk loads and of COPY.
 *
 *     record start --plain line--> fields at once                      (the whole line is here and has no quote)
 *                  --else--> field start --quote--> quoted --quote--> after quote --quote--> quoted
 *                                        --else--> plain               --delimiter, line end--> next field, next record
 *
 * I1  Nothing is lost, padded or cut: what cannot be a record is an error that names its line and column (22P04).
 * I2  A piece may end anywhere, between \r and \n too; a field may be longer than any number of pieces.
 * I3  An empty field, or one that reads as `nullText`, is NULL; in quotes it is text. With `fieldOf`, it decides.
 * I4  `isLenient` is PostgreSQL's way: a quote may open and close anywhere in a field, and a carriage return ends a line.
 */
import { DecentDbError, invalidUse } from '../../base/errors.ts';

export interface CsvOptions {
  /** One character. Default a comma. */
  readonly delimiter?: string;
  /** One character, or '' where nothing is quoted. Default a double quote. */
  readonly quote?: string;
  /** What stands before a quote that is part of a quoted field. Default the quote itself. */
  readonly escape?: string;
  /** Text that means NULL besides the empty field. */
  readonly nullText?: string;
}

/** Takes a record: its fields (the array is used again), their number, and the line it begins on. */
export type CsvSink<F> = (fields: readonly F[], count: number, line: number) => void;

/** What a field means, by its text, whether any of it was in quotes, and its place in the record. */
export type FieldReading<F> = (text: string, wasQuoted: boolean, at: number) => F;

/** How a caller's dialect differs from RFC 4180. */
export interface CsvDialect<F> {
  readonly fieldOf?: FieldReading<F>;
  readonly isLenient?: boolean;
}

/** Pieces of a field that are simply concatenated, and those joined at once after that. */
const PIECES_CONCATENATED = 64;
const PIECES_JOINED = 4096;

const State = { fieldStart: 0, plain: 1, quoted: 2, afterQuote: 3 } as const;
type State = (typeof State)[keyof typeof State];

export class CsvReader<F = string | null> {
  /** Line the reader is at, from 1. */
  line = 1;
  readonly #delimiter: string;
  readonly #quote: string;
  readonly #escape: string;
  readonly #sink: CsvSink<F>;
  readonly #fieldOf: FieldReading<F>;
  readonly #isLenient: boolean;
  #isOver = false;
  /** There is a line feed in the present text: else there are no whole lines to look for. */
  #hasFeed = false;
  #fields: F[] = [];
  #count = 0;
  #text = '';
  #at = 0;
  /** Characters before the present text, and the number of the first of the present line. */
  #base = 0;
  #lineStart = 0;
  #state: State = State.fieldStart;
  #isInRecord = false;
  #recordLine = 1;
  /** The field so far: its first pieces, then chunks of pieces joined, then the pieces since. */
  #partial = '';
  #pieceCount = 0;
  #chunks: string[] = [];
  #pieces: string[] = [];
  #wasQuoted = false;
  #quoteLine = 0;
  #quoteColumn = 0;

  constructor(options: CsvOptions, sink: CsvSink<F>, dialect: CsvDialect<F> = {}) {
    const { delimiter = ',', quote = '"', nullText = '' } = options;
    const escape = options.escape ?? quote;
    if (delimiter.length !== 1 || /[\r\n]/.test(delimiter))
      throw invalidUse(`the delimiter must be one character, not ${JSON.stringify(delimiter)}`);
    if (quote.length > 1 || quote === delimiter || /[\r\n]/.test(quote))
      throw invalidUse(`the quote must be one other character or none, not ${JSON.stringify(quote)}`);
    if (escape.length > 1) throw invalidUse('the escape must be one character');
    this.#delimiter = delimiter;
    this.#quote = quote;
    this.#escape = escape;
    this.#sink = sink;
    // Without another reading, fields are texts and NULLs.
    const plain = (text: string, wasQuoted: boolean): string | null =>
      !wasQuoted && (text === '' || text === nullText) ? null : text;
    this.#fieldOf = dialect.fieldOf ?? (plain as FieldReading<unknown> as FieldReading<F>);
    this.#isLenient = dialect.isLenient ?? false;
  }

  /** Column (in characters, from 1) the reader is at in its line. */
  get column(): number {
    return this.#base + this.#at - this.#lineStart + 1;
  }

  /** Takes the next piece of text. */
  push(piece: string): void {
    if (this.#isOver) return;
    const rest = this.#text.slice(this.#at);
    this.#base += this.#at;
    this.#text = rest === '' ? piece : rest + piece;
    this.#at = 0;
    this.#hasFeed = this.#text.includes('\n');
    this.#read(false);
  }

  /** What is left is not read: to be called by the sink. */
  stop(): void {
    this.#isOver = true;
  }

  /** Says that there is no more text. */
  end(): void {
    this.push('');
    if (this.#isOver) return;
    this.#read(true);
    if (this.#isInRecord && this.#state === State.quoted)
      throw csvError('unterminated CSV quoted field', this.#quoteLine, this.#quoteColumn);
    if (this.#isInRecord || this.#at < this.#text.length) this.#endRecord();
  }

  #read(isLast: boolean): void {
    while (this.#at < this.#text.length && !this.#isOver) {
      if (!this.#isInRecord) {
        this.#plainLines();
        if (this.#isOver || this.#at >= this.#text.length) return;
        this.#isInRecord = true;
        this.#recordLine = this.line;
        this.#count = 0;
        this.#startField();
      }
      if (!this.#step(isLast)) return;
    }
  }

  /** Lines that are here whole and have no quote; stops before the first other one. */
  #plainLines(): void {
    if (!this.#hasFeed) return;
    const text = this.#text;
    const delimiter = this.#delimiter;
    const fieldOf = this.#fieldOf;
    const fields = this.#fields;
    let at = this.#at;
    const lone = this.#isLenient ? loneReturn(text, at) : text.length + 1;
    let quote = this.#quote === '' ? -1 : text.indexOf(this.#quote, at);
    if (quote < 0) quote = text.length + 1;
    let next = text.indexOf(delimiter, at);
    if (next < 0) next = text.length + 1;
    for (;;) {
      const end = text.indexOf('\n', at);
      if (end < 0 || quote < end) break;
      if (lone < end) break;
      const stop = end > at && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
      let count = 0;
      let from = at;
      while (next < stop) {
        fields[count] = fieldOf(text.slice(from, next), false, count);
        count++;
        from = next + 1;
        next = text.indexOf(delimiter, from);
        if (next < 0) next = text.length + 1;
      }
      fields[count] = fieldOf(text.slice(from, stop), false, count);
      count++;
      this.#at = at;
      this.#sink(fields, count, this.line);
      if (this.#isOver) return;
      at = end + 1;
      this.line++;
      this.#lineStart = this.#base + at;
    }
    this.#at = at;
  }

  /** Reads on in a record; false when there is too little text. */
  #step(isLast: boolean): boolean {
    switch (this.#state) {
      case State.fieldStart:
        return this.#stepStart();
      case State.plain:
        return this.#stepPlain(isLast);
      case State.quoted:
        return this.#stepQuoted(isLast);
      default:
        return this.#stepAfterQuote(isLast);
    }
  }

  #stepStart(): boolean {
    if (this.#quote !== '' && this.#text.charAt(this.#at) === this.#quote) {
      this.#quoteLine = this.line;
      this.#quoteColumn = this.column;
      this.#at++;
      this.#wasQuoted = true;
      this.#state = State.quoted;
    } else this.#state = State.plain;
    return true;
  }

  #stepPlain(isLast: boolean): boolean {
    const text = this.#text;
    const delimiter = this.#delimiter.charCodeAt(0);
    const quote = this.#quote === '' ? -1 : this.#quote.charCodeAt(0);
    let i = this.#at;
    for (; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === delimiter || unit === 10 || unit === 13) break;
      if (unit === quote) {
        if (this.#isLenient) return this.#openQuote(i);
        this.#at = i;
        throw csvError(
          'unexpected quote in a CSV field that does not begin with one',
          this.line,
          this.column,
        );
      }
    }
    this.#add(text.slice(this.#at, i));
    this.#at = i;
    return i < text.length ? this.#endField(isLast) : false;
  }

  /** A quote in the middle of a field. */
  #openQuote(at: number): boolean {
    this.#add(this.#text.slice(this.#at, at));
    this.#at = at;
    return this.#stepStart();
  }

  #stepQuoted(isLast: boolean): boolean {
    const text = this.#text;
    const quote = this.#quote;
    const escape = this.#escape;
    let end = text.indexOf(quote, this.#at);
    let escaped = -1;
    if (escape !== quote && escape !== '') {
      escaped = text.indexOf(escape, this.#at);
      if (escaped >= 0 && (end < 0 || escaped < end)) end = escaped;
      else escaped = -1;
    }
    const stop = end < 0 ? text.length : end;
    this.#take(stop);
    if (end < 0) return false;
    if (escaped < 0) {
      this.#at++;
      this.#state = State.afterQuote;
      return true;
    }
    if (escaped + 1 >= text.length && !isLast) return false;
    const after = text.charAt(escaped + 1);
    const isEscape = after === quote || after === escape;
    this.#add(isEscape ? after : escape);
    this.#at += isEscape ? 2 : 1;
    return true;
  }

  /** Takes quoted text up to `stop`, counting its lines. */
  #take(stop: number): void {
    const text = this.#text;
    this.#add(text.slice(this.#at, stop));
    for (let at = text.indexOf('\n', this.#at); at >= 0 && at < stop; at = text.indexOf('\n', at + 1)) {
      this.line++;
      this.#lineStart = this.#base + at + 1;
    }
    this.#at = stop;
  }

  #stepAfterQuote(isLast: boolean): boolean {
    const after = this.#text.charAt(this.#at);
    if (after === this.#quote && this.#escape === this.#quote) {
      this.#add(after);
      this.#at++;
      this.#state = State.quoted;
      return true;
    }
    if (after === this.#delimiter || after === '\n' || after === '\r') return this.#endField(isLast);
    if (this.#isLenient) {
      this.#state = State.plain;
      return true;
    }
    throw csvError('unexpected character after a closing CSV quote', this.line, this.column);
  }

  /** At a delimiter or a line end. */
  #endField(isLast: boolean): boolean {
    const text = this.#text;
    const unit = text.charCodeAt(this.#at);
    if (unit === 13) {
      const isAtEnd = this.#at + 1 >= text.length;
      if (isAtEnd && !isLast) return false;
      const isLone = !isAtEnd && text.charCodeAt(this.#at + 1) !== 10;
      if (isLone && !this.#isLenient) {
        if (this.#state === State.afterQuote)
          throw csvError('a carriage return without a line feed', this.line, this.column);
        this.#add('\r');
        this.#at++;
        return true;
      }
      if (!isLone) this.#at++;
    }
    this.#keepField();
    if (unit !== 10 && unit !== 13) {
      this.#at++;
      this.#startField();
      // A delimiter as the last character of all: one more field, an empty one.
      return true;
    }
    this.#emit();
    this.#at++;
    this.line++;
    this.#lineStart = this.#base + this.#at;
    return true;
  }

  /** The end of the text ends a record too. */
  #endRecord(): void {
    this.#keepField();
    this.#emit();
  }

  /** Adds to the field. A field of many pieces is put together in chunks: one string over millions of pieces takes ten times its size. */
  #add(piece: string): void {
    if (++this.#pieceCount <= PIECES_CONCATENATED) {
      this.#partial += piece;
      return;
    }
    if (this.#pieces.push(piece) < PIECES_JOINED) return;
    this.#chunks.push(this.#pieces.join(''));
    this.#pieces = [];
  }

  #startField(): void {
    this.#state = State.fieldStart;
    this.#partial = '';
    this.#pieceCount = 0;
    this.#wasQuoted = false;
  }

  #keepField(): void {
    let field = this.#partial;
    if (this.#pieceCount > PIECES_CONCATENATED) {
      field = [field, ...this.#chunks, ...this.#pieces].join('');
      this.#chunks = [];
      this.#pieces = [];
    }
    this.#fields[this.#count] = this.#fieldOf(field, this.#wasQuoted, this.#count);
    this.#count++;
  }

  #emit(): void {
    this.#isInRecord = false;
    this.#sink(this.#fields, this.#count, this.#recordLine);
  }
}

/** The first carriage return at or behind `at` that no line feed follows; behind the text where there is none. */
function loneReturn(text: string, at: number): number {
  for (let found = text.indexOf('\r', at); found >= 0; found = text.indexOf('\r', found + 1))
    if (text.charCodeAt(found + 1) !== 10) return found;
  return text.length + 1;
}

export function csvError(message: string, line: number, column: number): DecentDbError {
  return new DecentDbError('22P04', message, { detail: `Line ${line}, column ${column}.` });
}

/**
 * Reading JSON text, with PostgreSQL's errors (22P02 and a detail that names the token).
 *
 * The strict grammar of RFC 8259; numbers are kept exactly.
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal } from './decimal.ts';
import { JSON_DEPTH_MAX, type JsonNode, makeJsonObject, tooDeep } from './json.ts';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z0-9_$\-+.\u0080-\uffff]+/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;

/** Parses a whole text. `keepsDuplicates`: objects as entry lists is never needed; the last duplicate wins. */
export function parseJson(text: string): JsonNode {
  return new JsonParser(text).parseAll();
}

/** Checks the text of a `json` value; throws as {@link parseJson} does. */
export function validateJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    new JsonParser(text, true).parseAll();
  }
}

class JsonParser {
  private readonly text: string;
  private readonly isLoose: boolean;
  private at = 0;
  private depth = 0;

  /** `isLoose`: only the grammar matters (json), not what escapes stand for (jsonb). */
  constructor(text: string, isLoose = false) {
    this.text = text;
    this.isLoose = isLoose;
  }

  parseAll(): JsonNode {
    const value = this.value();
    this.blanks();
    if (this.at < this.text.length) throw this.failure('Expected end of input, but found');
    return value;
  }

  private blanks(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at++;
    }
  }

  private failure(expected: string): DecentDbError {
    const token = this.token();
    const detail =
      token === ''
        ? 'The input string ended unexpectedly.'
        : this.isToken(token)
          ? `${expected} "${token}".`
          : `Token "${token}" is invalid.`;
    return this.error(detail);
  }

  private error(detail: string): DecentDbError {
    return new DecentDbError('22P02', 'invalid input syntax for type json', { detail });
  }

  private token(): string {
    this.blanks();
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.text);
    if (word !== null) return word[0];
    if (this.text[this.at] === '"')
      return this.text.slice(this.at, this.text.indexOf('"', this.at + 1) + 1 || this.text.length);
    const point = this.text.codePointAt(this.at);
    return point === undefined ? '' : String.fromCodePoint(point);
  }

  private isToken(token: string): boolean {
    return /^(?:[{}[\]:,]|true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|".*)$/s.test(token);
  }

  private value(): JsonNode {
    this.blanks();
    const char = this.text[this.at];
    switch (char) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return this.string();
      default:
        return this.scalar();
    }
  }

  private scalar(): JsonNode {
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.text.startsWith(word, this.at) && this.token() === word) {
        this.at += word.length;
        return value;
      }
    }
    NUMBER.lastIndex = this.at;
    const number = NUMBER.exec(this.text);
    if (number === null || this.token() !== number[0]) throw this.failure('Expected JSON value, but found');
    this.at += number[0].length;
    if (this.isLoose) return null;
    const value = Decimal.parse(number[0]);
    if (value === null) throw this.error(`Token "${number[0]}" is invalid.`);
    return value;
  }

  private enter(): void {
    this.at++;
    if (++this.depth > JSON_DEPTH_MAX) throw tooDeep();
  }

  private array(): JsonNode {
    this.enter();
    const items: JsonNode[] = [];
    this.blanks();
    if (this.text[this.at] === ']') this.at++;
    else {
      for (;;) {
        items.push(this.value());
        this.blanks();
        const char = this.text[this.at];
        if (char !== ',' && char !== ']') throw this.failure('Expected "," or "]", but found');
        this.at++;
        if (char === ']') break;
      }
    }
    this.depth--;
    return items;
  }

  private object(): JsonNode {
    this.enter();
    const entries: [string, JsonNode][] = [];
    this.blanks();
    if (this.text[this.at] === '}') this.at++;
    else {
      for (;;) {
        this.blanks();
        if (this.text[this.at] !== '"')
          throw this.failure(
            entries.length === 0 ? 'Expected string or "}", but found' : 'Expected string, but found',
          );
        const key = this.string();
        this.blanks();
        if (this.text[this.at] !== ':') throw this.failure('Expected ":", but found');
        this.at++;
        entries.push([key, this.value()]);
        this.blanks();
        const char = this.text[this.at];
        if (char !== ',' && char !== '}') throw this.failure('Expected "," or "}", but found');
        this.at++;
        if (char === '}') break;
      }
    }
    this.depth--;
    return makeJsonObject(entries);
  }

  private string(): string {
    const start = this.at++;
    let value = '';
    for (;;) {
      PLAIN.lastIndex = this.at;
      const plain = PLAIN.exec(this.text)![0];
      value += plain;
      this.at += plain.length;
      const char = this.text[this.at];
      if (char === undefined) throw this.error(`Token "${this.text.slice(start)}" is invalid.`);
      if (char === '"') {
        this.at++;
        return value;
      }
      if (char !== '\\') {
        throw this.error(
          `Character with value 0x${char.charCodeAt(0).toString(16).padStart(2, '0')} must be escaped.`,
        );
      }
      value += this.escape(start);
    }
  }

  private escape(start: number): string {
    const char = this.text[this.at + 1];
    if (char === 'u') return this.unicode();
    const plain = char === undefined ? -1 : '"\\/bfnrt'.indexOf(char);
    if (char === undefined) throw this.error(`Token "${this.text.slice(start)}" is invalid.`);
    if (plain < 0) throw this.error(`Escape sequence "\\${char}" is invalid.`);
    this.at += 2;
    return '"\\/\b\f\n\r\t'[plain]!;
  }

  private unicode(): string {
    const unit = this.hex4();
    if (this.isLoose) return '';
    if (unit === 0) {
      throw new DecentDbError('22P05', 'unsupported Unicode escape sequence', {
        detail: '\\u0000 cannot be converted to text.',
      });
    }
    if ((unit & 0xfc00) === 0xdc00) throw this.error('Unicode low surrogate must follow a high surrogate.');
    if ((unit & 0xfc00) !== 0xd800) return String.fromCharCode(unit);
    const low = this.text.startsWith('\\u', this.at) ? this.hex4() : 0;
    if ((low & 0xfc00) === 0xd800)
      throw this.error('Unicode high surrogate must not follow a high surrogate.');
    if ((low & 0xfc00) !== 0xdc00) throw this.error('Unicode low surrogate must follow a high surrogate.');
    return String.fromCharCode(unit, low);
  }

  private hex4(): number {
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (!/^[0-9a-fA-F]{4}$/.test(digits))
      throw this.error('"\\u" must be followed by four hexadecimal digits.');
    this.at += 6;
    return Number.parseInt(digits, 16);
  }
}

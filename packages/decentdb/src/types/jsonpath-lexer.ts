/**
 * Tokens of jsonpath: names, strings, numbers, variables and marks.
 *
 * I1  Names are read like strings without quotes: escapes count in both.
 * I2  Key words are known by any case, but for true, false and null, which are lower case.
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal } from './decimal.ts';

export type PathTokenKind = 'name' | 'string' | 'variable' | 'number' | 'integer' | 'mark' | 'end';

export interface PathToken {
  readonly kind: PathTokenKind;
  /** Value of strings, names and variables; the characters of marks. */
  readonly text: string;
  readonly number: Decimal | null;
  /** As written. */
  readonly source: string;
}

const MARKS = /&&|\|\||\*\*|<=|>=|==|<>|!=|[?%$.[\]{}()|&!=<>@#,*:\-+/]/y;
const BLANKS = /(?:[ \t\n\r\f]|\/\*[\s\S]*?\*\/)+/y;
const SPECIAL = '?%$.[]{}()|&!=<>@#,*:-+/\\" \t\n\r\f';
const NUMBER =
  /0[xX][0-9a-fA-F](?:_?[0-9a-fA-F])*|0[oO][0-7](?:_?[0-7])*|0[bB][01](?:_?[01])*|(?:(?:0|[1-9](?:_?\d)*)(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][-+]?\d(?:_?\d)*)?/y;

function malformed(message: string): DecentDbError {
  return new DecentDbError('42601', message);
}

/** `syntax error at or near "x" of jsonpath input`. */
export function pathSyntaxError(token: PathToken, message = 'syntax error'): DecentDbError {
  return malformed(
    token.kind === 'end'
      ? `${message} at end of jsonpath input`
      : `${message} at or near "${token.source}" of jsonpath input`,
  );
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

class PathLexer {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  tokens(): PathToken[] {
    const found: PathToken[] = [];
    for (;;) {
      const token = this.next();
      found.push(token);
      if (token.kind === 'end') return found;
    }
  }

  private next(): PathToken {
    this.match(BLANKS);
    const from = this.at;
    if (from >= this.text.length) return { kind: 'end', text: '', number: null, source: '' };
    if (this.text.startsWith('/*', from))
      throw malformed('unexpected end of comment at end of jsonpath input');
    const char = this.text[from]!;
    if (char === '"') return this.named('string', from, this.quoted());
    if (char === '$' && this.text[from + 1] === '"') {
      this.at++;
      return this.named('variable', from, this.quoted());
    }
    if (char === '$' && !SPECIAL.includes(this.text[from + 1] ?? ' ')) {
      this.at++;
      return this.named('variable', from, this.bare());
    }
    if (/[0-9]/.test(char) || (char === '.' && /[0-9]/.test(this.text[from + 1] ?? ''))) return this.number();
    const mark = this.match(MARKS);
    if (mark !== null) return { kind: 'mark', text: mark === '<>' ? '!=' : mark, number: null, source: mark };
    return this.named('name', from, this.bare());
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }

  private named(kind: 'name' | 'string' | 'variable', from: number, text: string): PathToken {
    return { kind, text, number: null, source: this.text.slice(from, this.at) };
  }

  private number(): PathToken {
    const source = this.match(NUMBER)!;
    const follower = this.text[this.at] ?? ' ';
    if (!SPECIAL.includes(follower))
      throw malformed(
        `trailing junk after numeric literal at or near "${source}${follower}" of jsonpath input`,
      );
    const digits = source.replaceAll('_', '');
    const isRadix = /^0[xob]/i.test(digits);
    const number = isRadix ? Decimal.fromInteger(BigInt(digits)) : Decimal.parse(digits);
    if (number === null) throw malformed(`invalid numeric literal at or near "${source}" of jsonpath input`);
    return { kind: isRadix || /^\d+$/.test(digits) ? 'integer' : 'number', text: digits, number, source };
  }

  /** A name: everything up to the next special character, escapes resolved. */
  private bare(): string {
    let value = '';
    while (this.at < this.text.length) {
      const char = this.text[this.at]!;
      if (char === '\\') value += this.escape();
      else if (SPECIAL.includes(char)) break;
      else {
        value += char;
        this.at++;
      }
    }
    return this.checked(value);
  }

  private quoted(): string {
    this.at++;
    let value = '';
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) throw malformed('unterminated quoted string at end of jsonpath input');
      if (char === '\\') value += this.escape();
      else {
        this.at++;
        if (char === '"') return this.checked(value);
        value += char;
      }
    }
  }

  private checked(value: string): string {
    if ((value as string & { isWellFormed(): boolean }).isWellFormed()) return value;
    throw new DecentDbError('22P02', 'invalid input syntax for type jsonpath', {
      detail:
        'Unicode high surrogate must not follow a high surrogate, and a low surrogate must follow a high one.',
    });
  }

  private escape(): string {
    const rest = this.text.slice(this.at + 1, this.at + 12);
    if (rest === '') throw malformed('unexpected end after backslash at end of jsonpath input');
    const char = String.fromCodePoint(rest.codePointAt(0)!);
    if (char === 'u') return this.unicode(rest);
    if (char === 'x') {
      const hex = /^x([0-9a-fA-F]{2})/.exec(rest);
      if (hex === null) throw malformed('invalid hexadecimal character sequence at end of jsonpath input');
      this.at += 4;
      return this.codePoint(Number.parseInt(hex[1]!, 16));
    }
    this.at += 1 + char.length;
    return SIMPLE_ESCAPES[char] ?? char;
  }

  private unicode(rest: string): string {
    const hex = /^u(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))/.exec(rest);
    if (hex === null) throw malformed('invalid Unicode escape sequence at end of jsonpath input');
    this.at += 1 + hex[0].length;
    return this.codePoint(Number.parseInt(hex[1] ?? hex[2]!, 16));
  }

  private codePoint(point: number): string {
    if (point === 0) {
      throw new DecentDbError('22P05', 'unsupported Unicode escape sequence', {
        detail: '\\u0000 cannot be converted to text.',
      });
    }
    if (point > 0x10ffff) throw malformed('invalid Unicode escape sequence at end of jsonpath input');
    return String.fromCodePoint(point);
  }
}

export function pathTokens(text: string): PathToken[] {
  return new PathLexer(text).tokens();
}

/**
 * Cuts a text into tokens as PostgreSQL's default text search parser does: words, numbers, compounds and their parts, addresses,
 * paths, tags. What starts with the same character is tried in a fixed order; the first that fits is the token.
 *
 * I1  Tokens come in the order of the text. A compound (hyphenated word, URL) comes before its parts.
 * I2  Blanks and punctuation are tokens too (type 12), so that tokens cover the text: ts_headline relies on it.
 * I3  The time is in proportion to the text's length: what has been looked for in vain is not looked for again (AddressScanner).
 */
import { AddressScanner } from './address-scanner.ts';
import { CharClass, classAt, isAlnum, unitsAt } from './character-classes.ts';
import { entityEnd, TagScanner } from './tag-scanner.ts';
import { type Token, TokenType } from './token-types.ts';

/** What may go on a word, or make it the start of something longer: letters, digits, and _ . / @ : - beside all beyond ASCII. */
const GOES_ON: Uint8Array = Uint8Array.from({ length: 0x80 }, (_, unit) =>
  /[\w./@:-]/.test(String.fromCharCode(unit)) ? 1 : 0,
);
const IS_LETTER: Uint8Array = Uint8Array.from({ length: 0x80 }, (_, unit) =>
  /[A-Za-z]/.test(String.fromCharCode(unit)) ? 1 : 0,
);

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const scanner = new TokenScanner(text);
  for (let at = 0; at < text.length; ) at = scanner.next(at, tokens);
  return tokens;
}

/** A word of ASCII letters that nothing goes on: most tokens of most texts. Its end, or -1. */
export function plainWordEnd(text: string, from: number): number {
  let at = from;
  let unit = text.charCodeAt(at);
  while (unit < 0x80 && IS_LETTER[unit] === 1) unit = text.charCodeAt(++at);
  if (at === from || unit >= 0x80 || (unit < 0x80 && GOES_ON[unit] === 1)) return -1;
  return at;
}

/** One blank before a letter: nothing but a blank token can start there, and it ends there. */
export function isPlainBlank(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x20 && at + 1 < text.length && IS_LETTER[text.charCodeAt(at + 1)] === 1;
}

/** Where a blank may end although what follows is no letter: < - + & / may begin something. */
function isBlankEnd(unit: number): boolean {
  return unit === 0x3c || unit === 0x2d || unit === 0x2b || unit === 0x26 || unit === 0x2f;
}

export class TokenScanner {
  private readonly text: string;
  private readonly addresses: AddressScanner;
  private readonly tags: TagScanner;

  constructor(text: string) {
    this.text = text;
    this.addresses = new AddressScanner(text);
    this.tags = new TagScanner(text);
  }

  /** Between <script> and </script>, and in styles, all but tags is blank. */
  get isIgnoring(): boolean {
    return this.tags.isIgnoring;
  }

  /** Adds the token at `at`, with its parts, and returns where the next one starts. */
  next(at: number, tokens: Token[]): number {
    const { text } = this;
    if (text.charCodeAt(at) === 0x3c) {
      const end = this.tags.tagEnd(at);
      if (end >= 0) return this.push(TokenType.tag, at, end, tokens);
    }
    if (this.isIgnoring) return this.blank(at, tokens);
    const kind = classAt(text, at);
    if (kind === CharClass.letter) return this.word(at, TokenType.asciiWord, tokens);
    if (kind === CharClass.alpha) return this.word(at, TokenType.word, tokens);
    if (kind === CharClass.digit) return this.number(at, tokens);
    return this.special(at, tokens) ?? this.blank(at, tokens);
  }

  private push(type: number, from: number, to: number, tokens: Token[]): number {
    tokens.push({ type, text: this.text.slice(from, to) });
    return to;
  }

  private blank(from: number, tokens: Token[]): number {
    const { text, isIgnoring } = this;
    let at = from + unitsAt(text, from);
    for (; at < text.length; at += unitsAt(text, at)) {
      const unit = text.charCodeAt(at);
      if (unit === 0x3c) break;
      if (!isIgnoring && (isBlankEnd(unit) || isAlnum(classAt(text, at)))) break;
    }
    return this.push(TokenType.blank, from, at, tokens);
  }

  /** What may begin with a sign or another mark. */
  private special(at: number, tokens: Token[]): number | null {
    const { text, addresses } = this;
    let end = -1;
    switch (text[at]) {
      case '-':
      case '+':
        return classAt(text, at + 1) === CharClass.digit ? this.signed(at, tokens) : null;
      case '&':
        end = entityEnd(text, at);
        return end < 0 ? null : this.push(TokenType.entity, at, end, tokens);
      case '~':
        end = addresses.pathEnd(at + 1, 'home');
        break;
      case '/':
        end = addresses.pathEnd(at + 1, 'first');
        break;
      case '.':
        end = addresses.pathEnd(at + 1, 'dot');
        break;
    }
    return end < 0 ? null : this.push(TokenType.file, at, end, tokens);
  }

  private digitsEnd(from: number): number {
    let at = from;
    while (classAt(this.text, at) === CharClass.digit) at++;
    return at;
  }

  /** The end of an exponent whose E is at `at`, or -1. */
  private exponentEnd(at: number): number {
    const { text } = this;
    if (text[at] !== 'e' && text[at] !== 'E') return -1;
    const from = text[at + 1] === '+' || text[at + 1] === '-' ? at + 2 : at + 1;
    const end = this.digitsEnd(from);
    return end > from ? end : -1;
  }

  /** A number that is to be no version: 1 in +1.2.3 is not part of one with its sign. */
  private signed(at: number, tokens: Token[]): number {
    const { text } = this;
    let end = this.digitsEnd(at + 1);
    let type: number = TokenType.int;
    if (text[end] === '.' && classAt(text, end + 1) === CharClass.digit) {
      end = this.digitsEnd(end + 1);
      type = TokenType.float;
      if (text[end] === '.' && classAt(text, end + 1) === CharClass.digit)
        return this.number(this.push(TokenType.blank, at, at + 1, tokens), tokens);
    }
    const exponent = this.exponentEnd(end);
    if (exponent >= 0) return this.push(TokenType.scientific, at, exponent, tokens);
    return this.push(type, at, end, tokens);
  }

  /** What begins with a digit. */
  private number(at: number, tokens: Token[]): number {
    const { text, addresses } = this;
    const end = this.digitsEnd(at);
    const next = text[end];
    const kind = classAt(text, end);
    if (next === '.') {
      if (addresses.findAfter(end)) return this.pushAddress(at, tokens);
      if (classAt(text, end + 1) === CharClass.digit) return this.decimal(at, end + 1, tokens);
    }
    const exponent = this.exponentEnd(end);
    if (exponent >= 0) return this.push(TokenType.scientific, at, exponent, tokens);
    const mayBeHost = next === '-' || next === '_' || next === '@' || kind === CharClass.letter;
    if (mayBeHost && addresses.findAfter(end)) return this.pushAddress(at, tokens);
    if (kind === CharClass.letter || kind === CharClass.alpha || kind === CharClass.special)
      return this.wordWithDigits(at, end, tokens);
    const file = next === '/' ? addresses.pathEnd(end + 1, 'first') : -1;
    return file >= 0
      ? this.push(TokenType.file, at, file, tokens)
      : this.push(TokenType.uint, at, end, tokens);
  }

  private decimal(from: number, fraction: number, tokens: Token[]): number {
    const { text } = this;
    let end = this.digitsEnd(fraction);
    let type: number = TokenType.float;
    while (text[end] === '.' && classAt(text, end + 1) === CharClass.digit) {
      end = this.digitsEnd(end + 1);
      type = TokenType.version;
    }
    const exponent = type === TokenType.float ? this.exponentEnd(end) : -1;
    if (exponent >= 0) return this.push(TokenType.scientific, from, exponent, tokens);
    return this.push(type, from, end, tokens);
  }

  private pushAddress(from: number, tokens: Token[]): number {
    const { type, hostEnd, end } = this.addresses;
    this.push(type, from, end, tokens);
    if (type !== TokenType.url) return end;
    this.push(TokenType.host, from, hostEnd, tokens);
    return this.push(TokenType.urlPath, hostEnd, end, tokens);
  }

  /** A word of ASCII letters, of letters, or with digits, or what begins with it. */
  private word(from: number, first: number, tokens: Token[]): number {
    const { text, addresses } = this;
    let at = from;
    let kind = classAt(text, at);
    if (first === TokenType.asciiWord) {
      while (kind === CharClass.letter) kind = classAt(text, ++at);
      const mark = text[at];
      const mayBeHost =
        mark === '.' || mark === '-' || mark === '_' || mark === '@' || kind === CharClass.digit;
      if (mayBeHost && addresses.findAfter(at)) return this.pushAddress(from, tokens);
      let file = -1;
      if (mark === '.') file = addresses.pathEnd(at + 1, 'next');
      else if (mark === '/') file = addresses.pathEnd(at + 1, 'first');
      if (file >= 0) return this.push(TokenType.file, from, file, tokens);
      if (mark === ':' && text.startsWith('//', at + 1))
        return this.push(TokenType.protocol, from, at + 3, tokens);
    }
    let type = first;
    while (kind === CharClass.letter || kind === CharClass.alpha || kind === CharClass.special) {
      type = TokenType.word;
      at += unitsAt(text, at);
      kind = classAt(text, at);
    }
    if (kind === CharClass.digit) return this.wordWithDigits(from, at, tokens);
    return this.compound(from, at, type, tokens) ?? this.push(type, from, at, tokens);
  }

  private wordWithDigits(from: number, so: number, tokens: Token[]): number {
    const { text, addresses } = this;
    const at = this.wordEnd(so);
    let file = -1;
    if (text[at] === '@' && addresses.findAfter(at)) return this.pushAddress(from, tokens);
    if (text[at] === '/') file = addresses.pathEnd(at + 1, 'first');
    else if (text[at] === '.') file = addresses.pathEnd(at + 1, 'next');
    if (file >= 0) return this.push(TokenType.file, from, file, tokens);
    const type = TokenType.numWord;
    return this.compound(from, at, type, tokens) ?? this.push(type, from, at, tokens);
  }

  private wordEnd(from: number): number {
    const { text } = this;
    let at = from;
    while (at < text.length) {
      const kind = classAt(text, at);
      if (!isAlnum(kind) && kind !== CharClass.special) break;
      at += unitsAt(text, at);
    }
    return at;
  }

  /** A hyphenated word whose first part, of that type, ends at `at`, and its parts. */
  private compound(from: number, so: number, first: number, tokens: Token[]): number | null {
    const { text } = this;
    let type = first;
    let at = so;
    while (text[at] === '-') {
      const digits = this.digitsEnd(at + 1);
      const kind = classAt(text, digits);
      const isWord = kind === CharClass.letter || kind === CharClass.alpha;
      if (!isWord && (kind !== CharClass.special || digits === at + 1)) break;
      const end = this.wordEnd(digits);
      type = Math.max(type, this.typeOf(at + 1, end));
      at = end;
    }
    if (at === so) return null;
    const whole = compoundTypes[type]!;
    this.push(whole, from, at, tokens);
    return this.parts(from, tokens);
  }

  private typeOf(from: number, to: number): number {
    const { text } = this;
    let type: number = TokenType.asciiWord;
    for (let at = from; at < to; at += unitsAt(text, at)) {
      const kind = classAt(text, at);
      if (kind === CharClass.digit) return TokenType.numWord;
      if (kind !== CharClass.letter) type = TokenType.word;
    }
    return type;
  }

  /** Words between hyphens are parts, also behind the compound: 7 in `a-b-7` is a number without sign. */
  private parts(from: number, tokens: Token[]): number {
    const { text } = this;
    let at = from;
    for (;;) {
      const kind = classAt(text, at);
      if (kind === CharClass.letter || kind === CharClass.alpha || kind === CharClass.digit) {
        if (kind === CharClass.digit) {
          const next = classAt(text, this.digitsEnd(at));
          if (next !== CharClass.letter && next !== CharClass.alpha && next !== CharClass.special) return at;
        }
        const end = this.wordEnd(at);
        at = this.push(partTypes[this.typeOf(at, end)]!, at, end, tokens);
        continue;
      }
      if (text[at] !== '-') return at;
      const after = classAt(text, at + 1);
      if (!isAlnum(after) && after !== CharClass.special) return at;
      at = this.push(TokenType.blank, at, at + 1, tokens);
    }
  }
}

const compoundTypes: Readonly<Record<number, number>> = {
  [TokenType.asciiWord]: TokenType.asciiCompound,
  [TokenType.word]: TokenType.compound,
  [TokenType.numWord]: TokenType.numCompound,
};
const partTypes: Readonly<Record<number, number>> = {
  [TokenType.asciiWord]: TokenType.asciiPart,
  [TokenType.word]: TokenType.part,
  [TokenType.numWord]: TokenType.numPart,
};

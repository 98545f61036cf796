/**
 * What a text becomes under a configuration: lexemes with their positions.
 *
 * I1  Every token of an indexed type counts for positions, stop words too; tags, entities, protocols and blanks do not.
 * I2  What a configuration makes of a text is part of stored indexes: a change of this folder's answers raises
 *     ANALYSIS_VERSION, and indexes of another version are not used until they are rebuilt.
 */
import { isLatin1, latin1Write } from '../../tree/text-bytes.ts';
import { byteLength, LEXEME_BYTES_MAX } from '../../types/ts-text.ts';
import {
  placeOf,
  TsVector,
  TsVectorBuilder,
  UNITS_SPARE,
  type VectorSource,
  WORD_HASH_FACTOR,
  WORD_HASH_START,
  type WordNumbers,
} from '../../types/tsvector.ts';
import { CharClass, classAt } from './character-classes.ts';
import type { SearchConfig } from './configurations.ts';
import { type Token, TokenType } from './token-types.ts';
import { isPlainBlank, plainWordEnd, TokenScanner, tokenize } from './tokenizer.ts';

export const ANALYSIS_VERSION = 3;

/** Lexemes of a text in order; positions count from `before` + 1. Returns the last position given. */
export function eachLexeme(
  config: SearchConfig,
  text: string,
  before: number,
  tell: (lexeme: string, position: number) => void,
): number {
  let position = before;
  for (const token of tokenize(text)) {
    const lexeme = config.lexemeOf(token.type, token.text);
    if (lexeme === null) continue;
    if (isTooLong(token.text, lexeme)) continue;
    position++;
    if (lexeme !== '') tell(lexeme, position);
  }
  return position;
}

/** The vector of a text; see {@link TsVector.of}. */
export function toVector(config: SearchConfig, text: string): TsVector {
  return TsVector.of(new TextSource(config, text));
}

/** A text under a configuration. */
export class TextSource implements VectorSource {
  readonly config: SearchConfig;
  readonly text: string;

  constructor(config: SearchConfig, text: string) {
    this.config = config;
    this.text = text;
  }

  make(): TsVector {
    const builder = new TsVectorBuilder();
    this.scan((lexeme, position) => {
      builder.add(lexeme, placeOf(position, 0));
      return false;
    });
    return builder.finish();
  }

  get dictionary(): SearchConfig {
    return this.config;
  }

  scanNumbers(numbers: WordNumbers, tell: (number: number, position: number) => void): void {
    if (isLatin1(this.text)) this.scanUnits(numbers, tell);
    else
      this.scan((lexeme, position) => {
        tell(numbers.of(lexeme), position);
        return false;
      });
  }

  /** As {@link scan}; plain words are looked at as bytes, and blanks passed. */
  private scanUnits(numbers: WordNumbers, tell: (number: number, position: number) => void): void {
    const { text } = this;
    const { length } = text;
    const units = unitsOf(text);
    let position = 0;
    let scanner: TokenScanner | null = null;
    for (let at = 0; at < length; ) {
      if (scanner === null || !scanner.isIgnoring) {
        let end = at;
        let hash = WORD_HASH_START;
        let high = 0;
        let unit = units[at]!;
        for (; unitKinds[unit] === UnitKind.letter; unit = units[++end]!) {
          hash = Math.imul(hash ^ unit, WORD_HASH_FACTOR);
          high |= unit;
        }
        if (end > at) {
          if (endsAt(units, end)) {
            const number =
              numbers.find(units, at, end, hash) ?? this.learn(units, at, end, hash, high >= 0x80, numbers);
            if (number !== null) {
              position++;
              if (number >= 0) tell(number, position);
            }
            at = end;
            continue;
          }
        } else if (endsAt(units, at)) {
          at = blankEnd(units, at + 1);
          continue;
        }
      }
      const tokens: Token[] = [];
      scanner ??= new TokenScanner(text);
      at = scanner.next(at, tokens);
      position = this.tellNumbers(tokens, position, numbers, tell);
    }
  }

  private tellNumbers(
    tokens: readonly Token[],
    before: number,
    numbers: WordNumbers,
    tell: (number: number, position: number) => void,
  ): number {
    let position = before;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      const lexeme = this.config.lexemeOf(token.type, token.text);
      if (lexeme === null || isTooLong(token.text, lexeme)) continue;
      position++;
      if (lexeme !== '') tell(numbers.of(lexeme), position);
    }
    return position;
  }

  /** Null for a word that is not indexed. */
  private learn(
    units: Uint8Array,
    from: number,
    to: number,
    hash: number,
    isBeyondAscii: boolean,
    numbers: WordNumbers,
  ): number | null {
    const word = this.text.slice(from, to);
    const lexeme = this.config.lexemeOf(isBeyondAscii ? TokenType.word : TokenType.asciiWord, word);
    if (lexeme === null || isTooLong(word, lexeme)) return null;
    return numbers.learn(units, from, to, hash, lexeme);
  }

  /** Tells of each lexeme in order, as often as it occurs, with its position (I1), until `tell` has heard enough. */
  scan(tell: (lexeme: string, position: number) => boolean): void {
    const { config, text } = this;
    let position = 0;
    let scanner: TokenScanner | null = null;
    for (let at = 0; at < text.length; ) {
      const isIgnoring = scanner?.isIgnoring ?? false;
      const end = isIgnoring ? -1 : plainWordEnd(text, at);
      if (end >= 0) {
        const word = text.slice(at, end);
        const lexeme = config.lexemeOf(TokenType.asciiWord, word);
        if (lexeme !== null && !isTooLong(word, lexeme)) {
          position++;
          if (lexeme !== '' && tell(lexeme, position)) return;
        }
        at = end;
        continue;
      }
      if (!isIgnoring && isPlainBlank(text, at)) {
        at++;
        continue;
      }
      const tokens: Token[] = [];
      scanner ??= new TokenScanner(text);
      at = scanner.next(at, tokens);
      for (let i = 0; i < tokens.length; i++) {
        const token = tokens[i]!;
        const lexeme = config.lexemeOf(token.type, token.text);
        if (lexeme === null || isTooLong(token.text, lexeme)) continue;
        position++;
        if (lexeme !== '' && tell(lexeme, position)) return;
      }
    }
  }
}

/** What a unit of Latin-1 can be to the text around it; 0 stands behind the text. */
const UnitKind = {
  end: 0,
  blank: 1,
  /** Goes on a word, or begins something longer, unless a blank follows. */
  mark: 2,
  /** The same, and ends what is blank. */
  sign: 3,
  /** Goes on a word. */
  other: 4,
  letter: 5,
} as const;

const unitKinds: Uint8Array = Uint8Array.from({ length: 0x100 }, (_, unit) => {
  if (unit === 0) return UnitKind.end;
  const character = String.fromCharCode(unit);
  const kind = classAt(character, 0);
  if (kind === CharClass.letter || kind === CharClass.alpha) return UnitKind.letter;
  if (kind === CharClass.digit || kind === CharClass.special) return UnitKind.other;
  if ('<-+&/'.includes(character)) return UnitKind.sign;
  return '._~@:'.includes(character) ? UnitKind.mark : UnitKind.blank;
});

/** Whether what stands at `at` is blank, and ends a word before it. */
function endsAt(units: Uint8Array, at: number): boolean {
  const kind = unitKinds[units[at]!]!;
  return kind <= UnitKind.blank || (kind <= UnitKind.sign && unitKinds[units[at + 1]!]! <= UnitKind.blank);
}

/** Where the blank ends that goes on at `from`. */
function blankEnd(units: Uint8Array, from: number): number {
  let at = from;
  for (let kind = unitKinds[units[at]!]!; kind === UnitKind.blank || kind === UnitKind.mark; )
    kind = unitKinds[units[++at]!]!;
  return at;
}

/** Room for texts up to so many characters is kept. */
const UNITS_KEPT_MAX = 1 << 16;
const unitRoom: Uint8Array = new Uint8Array(UNITS_KEPT_MAX + UNITS_SPARE);

/** A text of Latin-1 as bytes, with a 0 behind them; the array may be used again for the next one. */
function unitsOf(text: string): Uint8Array {
  const { length } = text;
  const units = length <= UNITS_KEPT_MAX ? unitRoom : new Uint8Array(length + UNITS_SPARE);
  latin1Write(units, text, 0);
  units[length] = 0;
  return units;
}

/** Words too long to be lexemes are left out, as PostgreSQL does with a notice. */
function isTooLong(word: string, lexeme: string): boolean {
  return word.length > LEXEME_BYTES_MAX / 4 && byteLength(lexeme) > LEXEME_BYTES_MAX;
}

/** One vector of several texts: positions go on, after a gap behind one that had lexemes where `hasGaps`. */
export function toVectorOfTexts(
  config: SearchConfig,
  texts: Iterable<string>,
  hasGaps: boolean = true,
): TsVector {
  const builder = new TsVectorBuilder();
  let last = 0;
  for (const text of texts) {
    let hasLexemes = false;
    last = eachLexeme(config, text, last, (lexeme, position) => {
      hasLexemes = true;
      builder.add(lexeme, placeOf(position, 0));
    });
    if (hasLexemes && hasGaps) last++;
  }
  return builder.finish();
}

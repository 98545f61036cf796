/**
 * tsvector: the sorted lexemes of a text with their places.
 *
 * I1  Lexemes ascend strictly in code point order. Places ascend strictly by position; each is `position | weight << 14`.
 * I2  Positions are 1 .. 16383 (larger ones become 16383); a lexeme has at most 255, or null for none known.
 * I3  A value is immutable.
 */
import { DecentDbError } from '../base/errors.ts';
import { ByteReader, ByteWriter } from './object-bytes.ts';
import { Oid } from './oids.ts';
import { checkText, defineType, hashText, Physical, type SqlType } from './sql-type.ts';
import { compareText } from './text-order.ts';
import { byteLength, isBlank, LEXEME_BYTES_MAX, quoteLexeme, readLexeme, weightOf } from './ts-text.ts';
import type { ObjectCodec } from './vector.ts';

export const POSITION_MAX = 16383;
export const PLACES_MAX = 255;

/** Places of a lexeme (I1). */
export type Places = Uint16Array;

export function placeOf(position: number, weight: number): number {
  return Math.min(position, POSITION_MAX) | (weight << 14);
}

export function positionOf(place: number): number {
  return place & POSITION_MAX;
}

/** A text whose vector is not made before somebody looks at it: whoever only asks for some words can look at the text. */
export interface VectorSource {
  make(): TsVector;
  /** Tells of each lexeme in order, as often as it occurs, with its position, until `tell` has heard enough; none has a weight. */
  scan(tell: (lexeme: string, position: number) => boolean): void;
  /** What makes lexemes of words: sources with the same one make the same of a word. */
  readonly dictionary: object;
  /** As {@link scan} to the end, with numbers of the lexemes. */
  scanNumbers(numbers: WordNumbers, tell: (number: number, position: number) => void): void;
}

/** The hash of a word: from WORD_HASH_START on, each unit is added by exclusive or, and the sum multiplied by WORD_HASH_FACTOR (FNV). */
export const WORD_HASH_START: number = 0x811c9dc5 | 0;
export const WORD_HASH_FACTOR = 0x01000193;
/** Behind the units of a text there is room for so many more. */
export const UNITS_SPARE = 8;

/** Numbers of lexemes, remembered by the words they were made of. */
export interface WordNumbers {
  /** The number of the word that is units[from..to), with its hash; -1: a stop word; undefined: not remembered. */
  find(units: Uint8Array, from: number, to: number, hash: number): number | undefined;
  /** The same of a word with its lexeme ('': a stop word), to be remembered. */
  learn(units: Uint8Array, from: number, to: number, hash: number, lexeme: string): number;
  /** The number of a lexeme. */
  of(lexeme: string): number;
}

interface VectorParts {
  readonly lexemes: readonly string[];
  readonly places: readonly (Places | null)[];
}

export class TsVector {
  private parts: VectorParts | null;
  private readonly origin: VectorSource | null;
  private readonly knownSize: number;

  /** `documentSize`: lexemes of the whole document, where the vector has some of them only. */
  constructor(
    lexemes: readonly string[],
    places: readonly (Places | null)[],
    origin: VectorSource | null = null,
    documentSize: number = -1,
  ) {
    this.knownSize = documentSize;
    this.parts = origin === null ? { lexemes, places } : null;
    this.origin = origin;
  }

  static readonly empty: TsVector = new TsVector([], []);

  /** The vector of a text, to be made when it is looked at. */
  static of(origin: VectorSource): TsVector {
    return new TsVector([], [], origin);
  }

  /** What the vector will be made of; null once it is made. */
  get source(): VectorSource | null {
    return this.parts === null ? this.origin : null;
  }

  private made(): VectorParts {
    this.parts ??= this.origin!.make().made();
    return this.parts;
  }

  get lexemes(): readonly string[] {
    return this.made().lexemes;
  }

  get places(): readonly (Places | null)[] {
    return this.made().places;
  }

  get size(): number {
    return this.lexemes.length;
  }

  /** How many different lexemes the document has. */
  get documentSize(): number {
    return this.knownSize < 0 ? this.lexemes.length : this.knownSize;
  }

  /** Index of a lexeme, or of the first greater one as `-1 - index`. */
  find(lexeme: string): number {
    let low = 0;
    let high = this.lexemes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareText(this.lexemes[middle]!, lexeme);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1 - low;
  }

  toString(): string {
    return this.lexemes
      .map((lexeme, i) => {
        const places = this.places[i];
        if (places === null || places === undefined || places.length === 0) return quoteLexeme(lexeme);
        const list = Array.from(
          places,
          (place) => `${positionOf(place)}${['', 'C', 'B', 'A'][place >>> 14]}`,
        );
        return `${quoteLexeme(lexeme)}:${list.join(',')}`;
      })
      .join(' ');
  }
}

/** Collects lexemes in any order, with or without places, and makes a vector of them. */
export class TsVectorBuilder {
  private readonly found: Map<string, number[]> = new Map();

  add(lexeme: string, place: number | null): void {
    let places = this.found.get(lexeme);
    if (places === undefined) {
      places = [];
      this.found.set(lexeme, places);
    }
    if (place !== null) places.push(place);
  }

  finish(): TsVector {
    const lexemes = [...this.found.keys()].sort(compareText);
    return new TsVector(
      lexemes,
      lexemes.map((lexeme) => normalPlaces(this.found.get(lexeme)!)),
    );
  }
}

/** Sorted by position, one place each (the heaviest), as many as a lexeme may have. */
export function normalPlaces(places: readonly number[]): Places | null {
  if (places.length === 0) return null;
  if (places.length === 1) return Uint16Array.of(places[0]!);
  const sorted = [...places].sort((a, b) => positionOf(a) - positionOf(b) || b - a);
  const kept: number[] = [];
  for (const place of sorted) {
    const last = kept.at(-1);
    if (last !== undefined && positionOf(last) === positionOf(place)) continue;
    if (kept.length === PLACES_MAX || (last !== undefined && positionOf(last) === POSITION_MAX)) break;
    kept.push(place);
  }
  return Uint16Array.from(kept);
}

function parseTsVector(text: string): TsVector {
  const fail = (): DecentDbError => new DecentDbError('42601', `syntax error in tsvector: "${text}"`);
  const builder = new TsVectorBuilder();
  for (let at = 0; ; ) {
    while (at < text.length && isBlank(text[at]!)) at++;
    if (at >= text.length) break;
    const word = readLexeme(text, at, (c) => isBlank(c) || c === ':', fail);
    if (word === null) throw fail();
    checkLexeme(word.lexeme);
    at = word.end;
    builder.add(word.lexeme, null);
    if (text[at] !== ':') {
      if (at < text.length && !isBlank(text[at]!) && text[at] !== "'") throw fail();
      continue;
    }
    at = readPlaces(text, at + 1, fail, (place) => builder.add(word.lexeme, place));
  }
  return builder.finish();
}

function checkLexeme(lexeme: string): void {
  const bytes = byteLength(lexeme);
  if (bytes > LEXEME_BYTES_MAX)
    throw new DecentDbError('54000', `word is too long (${bytes} bytes, max ${LEXEME_BYTES_MAX} bytes)`);
}

const PLACE = /^(\d+)\*?([ABCDabcd]?)/;

function readPlaces(
  text: string,
  from: number,
  fail: () => DecentDbError,
  tell: (place: number) => void,
): number {
  for (let at = from; ; ) {
    const match = PLACE.exec(text.slice(at, at + 20));
    if (match === null) throw fail();
    const position = Number(match[1]);
    if (position === 0) throw new DecentDbError('42601', `wrong position info in tsvector: "${text}"`);
    tell(placeOf(position, match[2] === '' ? 0 : weightOf(match[2]!)));
    at += match[0].length;
    if (text[at] !== ',') {
      if (at < text.length && !isBlank(text[at]!)) throw fail();
      return at;
    }
    at++;
  }
}

/** PostgreSQL's order: larger values last, then by their parts. */
export function compareTsVectors(a: TsVector, b: TsVector): number {
  const bytes = storedBytes(a) - storedBytes(b);
  if (bytes !== 0) return bytes;
  if (a.size !== b.size) return a.size - b.size;
  for (let i = 0; i < a.size; i++) {
    const [x, y] = [a.places[i] ?? null, b.places[i] ?? null];
    if ((x === null) !== (y === null)) return x === null ? -1 : 1;
    const order = compareText(a.lexemes[i]!, b.lexemes[i]!);
    if (order !== 0) return order;
    if (x === null || y === null) continue;
    if (x.length !== y.length) return x.length > y.length ? -1 : 1;
    for (let k = 0; k < x.length; k++) {
      if (positionOf(x[k]!) !== positionOf(y[k]!)) return positionOf(x[k]!) > positionOf(y[k]!) ? -1 : 1;
      if (x[k] !== y[k]) return x[k]! >>> 14 > y[k]! >>> 14 ? -1 : 1;
    }
  }
  return 0;
}

/** Bytes as PostgreSQL keeps a vector: what its order begins with. */
function storedBytes(vector: TsVector): number {
  let bytes = 0;
  for (let i = 0; i < vector.size; i++) {
    bytes += byteLength(vector.lexemes[i]!);
    const places = vector.places[i] ?? null;
    if (places !== null) bytes = ((bytes + 1) & ~1) + 2 + 2 * places.length;
  }
  return 8 + 4 * vector.size + bytes;
}

const codec: ObjectCodec = {
  toBytes: (value) => {
    const vector = value as TsVector;
    const writer = new ByteWriter();
    writer.unsigned(vector.size);
    for (let i = 0; i < vector.size; i++) {
      writer.text(vector.lexemes[i]!);
      const places = vector.places[i] ?? null;
      writer.unsigned(places === null ? 0 : places.length);
      if (places !== null) for (const place of places) writer.unsigned(place);
    }
    return writer.finish();
  },
  fromBytes: (bytes) => {
    const reader = new ByteReader(bytes);
    const size = reader.unsigned();
    const lexemes: string[] = [];
    const places: (Places | null)[] = [];
    for (let i = 0; i < size; i++) {
      lexemes.push(reader.text());
      const count = reader.unsigned();
      if (count > PLACES_MAX) throw new DecentDbError('XX001', 'stored value is damaged');
      const list = new Uint16Array(count);
      for (let k = 0; k < count; k++) list[k] = reader.unsigned();
      places.push(count === 0 ? null : list);
    }
    return new TsVector(lexemes, places);
  },
  compare: (a, b) => compareTsVectors(a as TsVector, b as TsVector),
  memoryBytes: (value) => {
    let bytes = 96;
    for (const lexeme of (value as TsVector).lexemes) bytes += 120 + 2 * lexeme.length;
    return bytes;
  },
};

export const tsvectorType: SqlType = defineType({
  oid: Oid.tsvector,
  name: 'tsvector',
  sqlName: 'tsvector',
  category: 'U',
  physical: Physical.object,
  codec,
  input: (text) => parseTsVector(checkText(text)),
  output: String,
  compare: compareTsVectors,
  hash: (value: TsVector) => hashText(value.toString()),
  toJs: String,
});

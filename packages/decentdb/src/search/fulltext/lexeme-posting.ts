/**
 * What a full text index keeps of a lexeme in a document.
 *
 *     key      the lexeme; of one longer than KEY_UNITS_MAX its beginning, U+0001 and a hash
 *     stat     lexemes of the document * 256 + places of this one (0: none known, at most 255)
 *     places   by ascending position: distance to the one before * 4 + weight, seven bits a character; NULL: none known
 *
 * I1  Different short lexemes have different keys, no long one has a short one's: lists of short lexemes are exact, those of long ones
 *     have all their rows and maybe more.
 * I2  Keys that begin with a prefix of at most PREFIX_UNITS_MAX are those of the lexemes that do.
 *
 * A note of a row is its lexemes one behind the other, separated; what stands for the separator in a lexeme is escaped.
 */
import type { Places, TsVector } from '../../types/tsvector.ts';
import { positionOf } from '../../types/tsvector.ts';

const KEY_UNITS_MAX = 64;
export const PREFIX_UNITS_MAX: number = 48;

export function isExactLexeme(lexeme: string): boolean {
  return lexeme.length <= KEY_UNITS_MAX;
}

/** A beginning that does not cut a pair of surrogates. */
function beginning(text: string): string {
  const end = PREFIX_UNITS_MAX;
  return text.slice(0, (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end);
}

function hashOf(text: string, seed: number): string {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 12)) >>> 0).toString(16).padStart(8, '0');
}

export function lexemeKey(lexeme: string): string {
  if (isExactLexeme(lexeme)) return lexeme;
  return `${beginning(lexeme)}\u0001${hashOf(lexeme, 0x811c9dc5)}${hashOf(lexeme, 0x1b873593)}`;
}

/** Keys that lexemes with this prefix have: from `from` up to before `to` (null: all behind). */
export function prefixKeys(prefix: string): { readonly from: string; readonly to: string | null } {
  const from = prefix.length <= PREFIX_UNITS_MAX ? prefix : beginning(prefix);
  const points = Array.from(from, (character) => character.codePointAt(0)!);
  while (points.length > 0 && points[points.length - 1] === 0x10ffff) points.pop();
  if (points.length === 0) return { from, to: null };
  const last = points.pop()! + 1;
  // Surrogates are no characters.
  points.push(last >= 0xd800 && last < 0xe000 ? 0xe000 : last);
  return { from, to: String.fromCodePoint(...points) };
}

const STAT_PLACES = 256;
const SIZE_MAX = 2 ** 23 - 1;

export function statOf(size: number, placeCount: number): number {
  return Math.min(size, SIZE_MAX) * STAT_PLACES + placeCount;
}

/** How many different lexemes the document has. */
export function sizeOf(stat: number): number {
  return Math.floor(stat / STAT_PLACES);
}

/** How many places of the lexeme are known. */
export function placeCountOf(stat: number): number {
  return stat % STAT_PLACES;
}

/** As text of characters below U+0100: most lexemes have one place among the first words, that is one character. */
export function encodePlaces(places: Places | null): string | null {
  if (places === null) return null;
  let text = '';
  let before = 0;
  for (const place of places) {
    const position = positionOf(place);
    text += encodePlace(position - before, place >>> 14);
    before = position;
  }
  return text;
}

/** A place so far behind the one before. */
export function encodePlace(distance: number, weight: number): string {
  let rest = distance * 4 + weight;
  if (rest < 0x80) return String.fromCharCode(rest);
  let text = '';
  for (; rest >= 0x80; rest >>>= 7) text += String.fromCharCode((rest & 0x7f) | 0x80);
  return text + String.fromCharCode(rest);
}

/** Of single places: most are among the first words. */
const single: (Places | undefined)[] = [];
const SINGLE_MAX = 512;

export function decodePlaces(text: string, stat: number): Places {
  const first = text.charCodeAt(0);
  if (text.length === 1) {
    let places = single[first];
    if (places === undefined) {
      places = Uint16Array.of((first >>> 2) | ((first & 3) << 14));
      if (first < SINGLE_MAX) single[first] = places;
    }
    return places;
  }
  const places = new Uint16Array(stat % STAT_PLACES);
  let position = 0;
  for (let at = 0, i = 0; i < places.length; i++) {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const unit = text.charCodeAt(at++);
      value |= (unit & 0x7f) << shift;
      if (unit < 0x80) break;
    }
    position += value >>> 2;
    places[i] = position | ((value & 3) << 14);
  }
  return places;
}

/** Tells of each key of a vector once. */
export function eachPosting(
  vector: TsVector,
  tell: (key: string, stat: number, places: string | null) => void,
): void {
  const { lexemes, places, size } = vector;
  const seen = new Set<string>();
  for (let i = 0; i < lexemes.length; i++) {
    const lexeme = lexemes[i]!;
    const key = lexemeKey(lexeme);
    if (key !== lexeme) {
      if (seen.has(key)) continue;
      seen.add(key);
    }
    const own = places[i] ?? null;
    tell(key, statOf(size, own === null ? 0 : own.length), encodePlaces(own));
  }
}

const SEPARATOR = '\u0001';
const ESCAPE = '\u0002';

export function joinLexemes(lexemes: readonly string[]): string {
  const joined = lexemes.join(SEPARATOR);
  if (!joined.includes(ESCAPE) && !lexemes.some((one) => one.includes(SEPARATOR))) return joined;
  return lexemes
    .map((one) => one.replaceAll(ESCAPE, `${ESCAPE}b`).replaceAll(SEPARATOR, `${ESCAPE}a`))
    .join(SEPARATOR);
}

export function splitLexemes(joined: string): readonly string[] {
  if (joined === '') return [];
  const parts = joined.split(SEPARATOR);
  if (!joined.includes(ESCAPE)) return parts;
  return parts.map((one) => one.replaceAll(`${ESCAPE}a`, SEPARATOR).replaceAll(`${ESCAPE}b`, ESCAPE));
}

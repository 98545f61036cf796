/**
 * Trigrams as numbers: every three neighbouring characters of the folded text, as one positive 31-bit integer.
 *
 *     all three below U+0400 (Latin, Greek, ...):  bits 29..20 | 19..10 | 9..0, exactly
 *     else:                                        bit 30 set, a hash of the three below it
 *
 * I1  Equal trigrams have equal codes. Unequal ones may share a code (hashed ones only): codes find candidates, and the
 *     predicate itself always decides.
 *
 * A text is indexed by its trigrams, and so that similarity can be asked for too by the edges of its words: their first and last two
 * characters with a blank, as pg_trgm pads them, where no blank stands there in the text. These are of ASCII words only; a text
 * with letters or digits beyond ASCII has one code that says so.
 *
 * I2  Folding first (types/case-fold.ts) lets one index serve LIKE and ILIKE.
 * I3  The codes of a text contain the trigrams of every part of it; patterns are turned into trigrams alone.
 */
import { foldCodePoint } from '../../types/case-fold.ts';

const EXACT_END = 0x400;
const HASHED = 0x40000000;

export function trigramCode(a: number, b: number, c: number): number {
  if (a < EXACT_END && b < EXACT_END && c < EXACT_END) return (a << 20) | (b << 10) | c;
  let hash = Math.imul(a, 0x9e3779b1) ^ b;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ c;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return HASHED | ((hash ^ (hash >>> 16)) & 0x3fffffff);
}

/** Folded ASCII: what most texts are made of needs no call. */
const ASCII: Uint8Array = Uint8Array.from({ length: 0x80 }, (_, point) => foldCodePoint(point));

/** Adds the codes of `text` to `codes`, in order, repeats included; returns how many. `codes` must hold `text.length` more. */
export function appendTrigrams(text: string, codes: Int32Array, from: number): number {
  const { length } = text;
  let to = from;
  // The two characters before as the upper bits of the next exact code; -1: not both are there, or not exact.
  let lead = -1;
  let a = -1;
  let b = -1;
  for (let i = 0; i < length; i++) {
    let c = text.charCodeAt(i);
    if (c < 0x80) c = ASCII[c]!;
    else {
      if ((c & 0xfc00) === 0xd800 && i + 1 < length) {
        c = text.codePointAt(i)!;
        if (c > 0xffff) i++;
      }
      c = foldCodePoint(c);
    }
    if (c < EXACT_END && lead >= 0) {
      codes[to++] = lead | c;
      lead = ((lead << 10) & 0x3ff00000) | (c << 10);
    } else {
      if (a >= 0) codes[to++] = trigramCode(a, b, c);
      lead = b >= 0 && b < EXACT_END && c < EXACT_END ? (b << 20) | (c << 10) : -1;
    }
    a = b;
    b = c;
  }
  return to - from;
}

/** Folded Latin-1: the first 256 code points fold among themselves. */
const LATIN1: Uint8Array = Uint8Array.from({ length: 0x100 }, (_, point) => foldCodePoint(point));

/** The distinct trigram codes of a text, ascending; empty for texts of fewer than three characters. */
export function trigramsOf(text: string): Int32Array {
  const codes = new Int32Array(text.length);
  return distinct(codes.subarray(0, appendTrigrams(text, codes, 0)));
}

/** Code of texts with letters or digits beyond ASCII. */
export const BEYOND_ASCII = 0x7fffffff;

/** Room that the codes of a text of so many characters may need. */
export function textCodesMax(length: number): number {
  return length * 3 + 4;
}

const BLANK = 0x20;
/** Classes of characters: no part of a word, part of one in ASCII, or beyond. */
const PART = 1;
const PART_BEYOND = 2;

let word: RegExp | null = null;

/** The class of any character. */
export function classOf(point: number): number {
  word ??= /^[\p{Alphabetic}\p{N}]$/u;
  if (!word.test(String.fromCodePoint(point))) return 0;
  return point < 0x80 ? PART : PART_BEYOND;
}

/** Classes of folded Latin-1 bytes: letters, digits, fractions and the like, without asking the engine for its tables of properties. */
const LATIN1_CLASSES: Uint8Array = LATIN1.map((point) => {
  const character = String.fromCharCode(point);
  if (point < 0x80) return /[0-9a-z]/i.test(character) ? PART : 0;
  return /[\xaa\xb2\xb3\xb5\xb9\xba\xbc-\xbe\xc0-\xd6\xd8-\xf6\xf8-\xff]/.test(character) ? PART_BEYOND : 0;
});
/** Classes of the basic plane, one more than they are; 0: not looked at yet. */
const classes: Uint8Array = new Uint8Array(0x10000);

function classAt(point: number): number {
  if (point > 0xffff) return classOf(point);
  if (classes[point] === 0) classes[point] = classOf(point) + 1;
  return classes[point]! - 1;
}

/** Folded characters of the text in hand, and their classes. */
let points: Int32Array = new Int32Array(1024);
let pointClasses: Uint8Array = new Uint8Array(1024);

function makeRoom(length: number): void {
  if (length <= points.length) return;
  points = new Int32Array(length * 2);
  pointClasses = new Uint8Array(length * 2);
}

/** Adds the codes a text is indexed by, repeats included; returns how many. See {@link textCodesMax}. */
export function appendTextCodes(text: string, codes: Int32Array): number {
  makeRoom(text.length);
  let length = 0;
  let largest = 0;
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i);
    if (point < 0x80) point = ASCII[point]!;
    else {
      if ((point & 0xfc00) === 0xd800) {
        point = text.codePointAt(i)!;
        if (point > 0xffff) i++;
      }
      point = foldCodePoint(point);
    }
    points[length] = point;
    largest |= point;
    pointClasses[length++] = point < 0x100 ? LATIN1_CLASSES[point]! : classAt(point);
  }
  const count = largest < EXACT_END ? appendExact(length, codes) : appendTrigrams(text, codes, 0);
  return appendEdges(length, codes, count);
}

/** The trigrams of points[0..length), all of which have exact codes; returns how many. */
function appendExact(length: number, codes: Int32Array): number {
  if (length < 3) return 0;
  let lead = (points[0]! << 20) | (points[1]! << 10);
  for (let i = 2; i < length; i++) {
    const point = points[i]!;
    codes[i - 2] = lead | point;
    lead = ((lead << 10) & 0x3ff00000) | (point << 10);
  }
  return length - 2;
}

/**
 * A byte as {@link appendLatin1TextCodes} sees it: folded, with its class above. A blank has a class of its own there: beside blanks
 * alone, whose trigrams stand in the text, the edges of a word of several characters are no codes of their own.
 */
const BLANK_CLASS = 4;
const BYTES: Uint16Array = Uint16Array.from(LATIN1, (point) => {
  const own = point === BLANK ? BLANK_CLASS : LATIN1_CLASSES[point]!;
  return point | (own << 8);
});
/** By the classes of a character's neighbours and its own, three bits each (before, own, after): whether its edges are looked at. */
const EDGES: Uint8Array = Uint8Array.from({ length: 512 }, (_, classes) => {
  const before = classes >>> 6;
  const after = classes & 7;
  if (((classes >>> 3) & 7) !== PART) return 0;
  return before === 0 || after === 0 || (before === BLANK_CLASS && after === BLANK_CLASS) ? 1 : 0;
});

/**
 * As {@link appendTextCodes}, of Latin-1 bytes from..to, in one go: the edges of a character's word are known one character later
 * (see {@link appendEdges}).
 */
export function appendLatin1TextCodes(
  bytes: Uint8Array,
  from: number,
  to: number,
  codes: Int32Array,
): number {
  let count = 0;
  // The last three characters, and their classes.
  let code = 0;
  let classes = 0;
  let seen = 0;
  for (let i = from; i < to; i++) {
    const byte = BYTES[bytes[i]!]!;
    code = ((code << 10) & 0x3fffffff) | (byte & 0xff);
    classes = ((classes << 3) & 0x1ff) | (byte >>> 8);
    seen |= byte;
    if (i >= from + 2) codes[count++] = code;
    if (EDGES[classes] !== 0) count = appendEdgesOf(code, classes, codes, count);
  }
  code = (code << 10) & 0x3fffffff;
  classes = (classes << 3) & 0x1ff;
  if (EDGES[classes] !== 0) count = appendEdgesOf(code, classes, codes, count);
  if (((seen >>> 8) & PART_BEYOND) !== 0) codes[count++] = BEYOND_ASCII;
  return count;
}

/** The edges that the middle one of three characters is; returns how many codes there are. */
function appendEdgesOf(code: number, classes: number, codes: Int32Array, from: number): number {
  let to = from;
  const before = (classes >>> 6) & 3;
  const after = classes & 3;
  const left = code >>> 20;
  const point = (code >>> 10) & 0x3ff;
  const right = code & 0x3ff;
  if (before === 0 && after !== PART_BEYOND && !(left === BLANK && (after !== 0 || right === BLANK)))
    codes[to++] = (BLANK << 20) | (point << 10) | (after === 0 ? BLANK : right);
  if (after === 0 && before === PART && right !== BLANK) codes[to++] = (left << 20) | (point << 10) | BLANK;
  return to;
}

/** The edges of the words among points[0..length). */
function appendEdges(length: number, codes: Int32Array, from: number): number {
  let to = from;
  let seen = 0;
  let before = 0;
  let own = length > 0 ? pointClasses[0]! : 0;
  for (let i = 0; i < length; i++) {
    const after = i + 1 < length ? pointClasses[i + 1]! : 0;
    seen |= own;
    if (own === PART && (before === 0 || after === 0)) {
      const point = points[i]!;
      const left = i > 0 ? points[i - 1]! : 0;
      const right = i + 1 < length ? points[i + 1]! : 0;
      const isLetterAlone = before === 0 && after === 0;
      if (before === 0 && after !== PART_BEYOND && !(left === BLANK && (after !== 0 || right === BLANK)))
        codes[to++] = trigramCode(BLANK, point, isLetterAlone ? BLANK : right);
      if (after === 0 && before === PART && right !== BLANK) codes[to++] = trigramCode(left, point, BLANK);
    }
    before = own;
    own = after;
  }
  if (seen >= PART_BEYOND) codes[to++] = BEYOND_ASCII;
  return to;
}

/**
 * The codes that begin with a pair of ASCII letters or digits; null for other literals. A text with the pair has one of them, be it that of
 * the edge of a word that ends with it, or a letter beyond ASCII behind it: then it has {@link BEYOND_ASCII}.
 */
export function pairCodes(literal: string): { readonly from: number; readonly to: number } | null {
  if (literal.length !== 2) return null;
  const [a, b] = Array.from(literal, (character) => ASCII[character.charCodeAt(0)] ?? 0) as [number, number];
  if (LATIN1_CLASSES[a] !== PART || LATIN1_CLASSES[b] !== PART) return null;
  const from = trigramCode(a, b, 0);
  return { from, to: from + EXACT_END - 1 };
}

/** The distinct codes a text is indexed by, ascending. */
export function textCodesOf(text: string): Int32Array {
  const codes = new Int32Array(textCodesMax(text.length));
  return distinct(codes.subarray(0, appendTextCodes(text, codes)));
}

function distinct(codes: Int32Array): Int32Array {
  const sorted = codes.sort();
  let kept = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i]!;
  }
  return sorted.slice(0, kept);
}

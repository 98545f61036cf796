/**
 * Trigrams as numbers: every three neighbouring characters of the folded text, as one positive 31-bit integer.
 *
 *     all three below U+0400 (Latin, Greek, ...):  bits 29..20 | 19..10 | 9..0, exactly
 *     else:                                        bit 30 set, a hash of the three below it
 *
 * I1  Equal trigrams have equal codes. Unequal ones may share a code (hashed ones only): codes find candidates, and the
 *     predicate itself always decides.
 * I2  Folding first (types/case-fold.ts) lets one index serve LIKE and ILIKE.
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

/** As {@link appendTrigrams}, of Latin-1 bytes from..to. */
export function appendLatin1Trigrams(bytes: Uint8Array, from: number, to: number, codes: Int32Array): number {
  if (to - from < 3) return 0;
  let lead = (LATIN1[bytes[from]!]! << 20) | (LATIN1[bytes[from + 1]!]! << 10);
  let count = 0;
  for (let i = from + 2; i < to; i++) {
    const c = LATIN1[bytes[i]!]!;
    codes[count++] = lead | c;
    lead = ((lead << 10) & 0x3ff00000) | (c << 10);
  }
  return count;
}

/** The distinct trigram codes of a text, ascending; empty for texts of fewer than three characters. */
export function trigramsOf(text: string): Int32Array {
  const codes = new Int32Array(text.length);
  const sorted = codes.subarray(0, appendTrigrams(text, codes, 0)).sort();
  let kept = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i]!;
  }
  return sorted.slice(0, kept);
}

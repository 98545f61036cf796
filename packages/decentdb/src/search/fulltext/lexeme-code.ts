/**
 * Lexemes as numbers, so that a full text index is a tree of the same postings as a trigram index.
 *
 *     bits 30..26 | 25..21 | 20..16    classes of the first three characters: a..z 1..26, digits 27, others 28..31, none 0
 *     bits 15..0                       a hash of the whole lexeme
 *
 * I1  Equal lexemes have equal codes; unequal ones may share one: codes find candidates, the predicate decides.
 * I2  The codes of lexemes that begin with a prefix lie in one range of numbers.
 *
 * A row is kept as its lexemes one behind the other, separated; a lexeme with the separator in it has codes of its own parts only,
 * so queries for such lexemes say nothing.
 */

const CLASS_BITS = 5;
const HASH_BITS = 16;
const SEPARATOR = '\u0001';

function classOf(unit: number): number {
  if (unit >= 97 && unit <= 122) return unit - 96;
  if (unit >= 48 && unit <= 57) return 27;
  return 28 + (unit & 3);
}

function hashOf(lexeme: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < lexeme.length; i++) hash = Math.imul(hash ^ lexeme.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) & 0xffff;
}

function classesOf(text: string, count: number): number {
  let classes = 0;
  for (let i = 0; i < count; i++)
    classes = (classes << CLASS_BITS) | (i < text.length ? classOf(text.charCodeAt(i)) : 0);
  return classes;
}

export function lexemeCode(lexeme: string): number {
  return (classesOf(lexeme, 3) << HASH_BITS) | hashOf(lexeme);
}

/** First and last code that lexemes with this prefix may have. */
export function prefixCodes(prefix: string): { readonly from: number; readonly to: number } {
  const known = Math.min(3, prefix.length);
  const free = (3 - known) * CLASS_BITS + HASH_BITS;
  const from = classesOf(prefix, known) * 2 ** free;
  return { from, to: from + 2 ** free - 1 };
}

/** Whether codes can tell anything about a lexeme. */
export function isIndexable(lexeme: string): boolean {
  return !lexeme.includes(SEPARATOR);
}

export function joinLexemes(lexemes: readonly string[]): string {
  return lexemes.join(SEPARATOR);
}

/** The distinct codes of joined lexemes, ascending. */
export function lexemeCodes(joined: string): Int32Array {
  if (joined === '') return new Int32Array(0);
  const codes = Int32Array.from(joined.split(SEPARATOR), lexemeCode).sort();
  let kept = 0;
  for (let i = 0; i < codes.length; i++) if (i === 0 || codes[i] !== codes[i - 1]) codes[kept++] = codes[i]!;
  return codes.slice(0, kept);
}

/**
 * Classes of characters as the text search parser tells them apart.
 *
 * I1  Letters beyond ASCII are what Unicode calls alphabetic, and its digits; marks and signs without width go on a word but begin none.
 */

export const CharClass = { none: 0, letter: 1, alpha: 2, digit: 3, special: 4, blank: 5, other: 6 } as const;

const ALPHA = /[\p{Alphabetic}\p{Nd}]/u;
/** Signs of vowels that are spacing marks, but not alphabetic, are with those without width. */
const SPECIAL = /[\p{Mn}\p{Me}\p{Cf}\u0f3e\u0f3f\u1b44\u1baa\ua953]/u;
const BLANK = /[\s]/u;
/** Blanks that no line is broken at are no blanks here. */
const GLUED_BLANK = /[\u00a0\u2007\u202f\ufeff]/u;

/** Of the units of UTF-16, as far as they were looked at. */
const known: Uint8Array = new Uint8Array(0x10000);

function classOf(character: string): number {
  if (/[A-Za-z]/.test(character)) return CharClass.letter;
  if (/[0-9]/.test(character)) return CharClass.digit;
  if (ALPHA.test(character)) return CharClass.alpha;
  if (SPECIAL.test(character)) return CharClass.special;
  return BLANK.test(character) && !GLUED_BLANK.test(character) ? CharClass.blank : CharClass.other;
}

/** The class of the character at `at`; none behind the end. */
export function classAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (!(unit >= 0)) return CharClass.none;
  const found = known[unit]!;
  if (found !== 0) return found;
  if (unit >= 0xd800 && unit <= 0xdfff) return classOf(String.fromCodePoint(text.codePointAt(at)!));
  const kind = classOf(String.fromCharCode(unit));
  known[unit] = kind;
  return kind;
}

/** How many units of UTF-16 the character at `at` has. */
export function unitsAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff && text.codePointAt(at)! > 0xffff ? 2 : 1;
}

export function isAlnum(kind: number): boolean {
  return kind >= CharClass.letter && kind <= CharClass.digit;
}

/** Of ASCII. */
export function isLetterOrDigit(kind: number): boolean {
  return kind === CharClass.letter || kind === CharClass.digit;
}

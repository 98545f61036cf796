/**
 * LIKE and ILIKE: patterns compiled once, matched without recursion.
 *
 * Patterns that are only a prefix, a suffix, an infix or a constant become the string method that does just that. All others
 * run the two-pointer algorithm: on a mismatch go back to the last %, which is at worst pattern length times text length.
 *
 * I1  `_` and `%` count characters, not UTF-16 units.
 * I2  ILIKE folds both sides to lower case first, as PostgreSQL does.
 */
import { DecentDbError } from '../base/errors.ts';
import { lowerCase } from './string-kernel.ts';

export type LikeMatcher = (text: string) => boolean;

export interface LikePattern {
  readonly kind: 'equals' | 'prefix' | 'suffix' | 'contains' | 'any' | 'general';
  /** The constant part of the simple kinds; for general ones the constant prefix, possibly empty. */
  readonly literal: string;
  readonly matches: LikeMatcher;
}

const ONE = -1;
const MANY = -2;
/** An escape character with nothing behind it: an error for the texts that get as far. */
const DANGLING = -4;

/** Characters as code points, wildcards as negative numbers; runs of % are one. */
function parse(pattern: string, escape: string): number[] {
  const items: number[] = [];
  for (let i = 0; i < pattern.length; ) {
    const point = pattern.codePointAt(i)!;
    const width = point > 0xffff ? 2 : 1;
    if (escape !== '' && point === escape.codePointAt(0)) {
      i += width;
      if (i >= pattern.length) {
        items.push(DANGLING);
        break;
      }
      const escaped = pattern.codePointAt(i)!;
      items.push(escaped);
      i += escaped > 0xffff ? 2 : 1;
      continue;
    }
    if (point === 37) {
      if (items[items.length - 1] !== MANY) items.push(MANY);
    } else items.push(point === 95 ? ONE : point);
    i += width;
  }
  return items;
}

function literalOf(items: readonly number[]): string {
  let text = '';
  for (const item of items) text += String.fromCodePoint(item);
  return text;
}

/** Compiles a pattern; `escape` is one character, or empty for none. */
export function compileLike(pattern: string, escape = '\\'): LikePattern {
  const items = parse(pattern, escape);
  const firstWild = items.findIndex((item) => item < 0);
  if (firstWild < 0) {
    const literal = literalOf(items);
    return { kind: 'equals', literal, matches: (text) => text === literal };
  }
  const isOnlyMany = (list: readonly number[]): boolean => list.every((item) => item >= 0);
  const startsMany = items[0] === MANY;
  const endsMany = items[items.length - 1] === MANY;
  if (items.length === 1 && startsMany) return { kind: 'any', literal: '', matches: () => true };
  if (endsMany && isOnlyMany(items.slice(0, -1))) {
    const literal = literalOf(items.slice(0, -1));
    return { kind: 'prefix', literal, matches: (text) => text.startsWith(literal) };
  }
  if (startsMany && isOnlyMany(items.slice(1))) {
    const literal = literalOf(items.slice(1));
    return { kind: 'suffix', literal, matches: (text) => text.endsWith(literal) };
  }
  if (startsMany && endsMany && items.length > 2 && isOnlyMany(items.slice(1, -1))) {
    const literal = literalOf(items.slice(1, -1));
    return { kind: 'contains', literal, matches: (text) => text.includes(literal) };
  }
  return {
    kind: 'general',
    literal: literalOf(items.slice(0, firstWild)),
    matches: generalMatcher(toUnits(items)),
  };
}

/** Code points to UTF-16 units, wildcards kept. */
function toUnits(items: readonly number[]): Int32Array {
  const units: number[] = [];
  for (const item of items) {
    if (item < 0x10000) units.push(item);
    else for (const unit of String.fromCodePoint(item).split('')) units.push(unit.charCodeAt(0));
  }
  return Int32Array.from(units);
}

function generalMatcher(pattern: Int32Array): LikeMatcher {
  const patternLength = pattern.length;
  return (text) => {
    const { length } = text;
    let at = 0;
    let p = 0;
    let backPattern = -1;
    let backText = 0;
    while (at < length) {
      const item = p < patternLength ? pattern[p]! : -3;
      if (item === MANY) {
        backPattern = ++p;
        backText = at;
        continue;
      }
      const unit = text.charCodeAt(at);
      if (item === unit) {
        at++;
        p++;
        continue;
      }
      if (item === ONE) {
        at += (unit & 0xfc00) === 0xd800 ? 2 : 1;
        p++;
        continue;
      }
      if (item === DANGLING)
        throw new DecentDbError('22025', 'LIKE pattern must not end with escape character');
      if (backPattern < 0) return false;
      backText += (text.charCodeAt(backText) & 0xfc00) === 0xd800 ? 2 : 1;
      at = backText;
      p = backPattern;
    }
    while (p < patternLength && pattern[p] === MANY) p++;
    return p === patternLength;
  };
}

const KEPT_MAX = 256;
const kept = new Map<string, LikePattern>();

/** As {@link compileLike} with the default escape, keeping recent patterns. */
export function likePattern(pattern: string): LikePattern {
  let compiled = kept.get(pattern);
  if (compiled === undefined) {
    compiled = compileLike(pattern);
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(pattern, compiled);
  }
  return compiled;
}

export function isLike(text: string, pattern: string): boolean {
  return likePattern(pattern).matches(text);
}

export function isLikeIgnoringCase(text: string, pattern: string): boolean {
  return likePattern(lowerCase(pattern)).matches(lowerCase(text));
}

/** Rewrites a pattern with another escape character (`ESCAPE 'x'`) into one with the backslash. */
export function normaliseEscape(pattern: string, escape: string): string {
  if ([...escape].length > 1) {
    throw new DecentDbError('22025', 'invalid escape string', {
      hint: 'Escape string must be empty or one character.',
    });
  }
  if (escape === '\\') return pattern;
  let result = '';
  let isEscaped = false;
  for (const char of pattern) {
    if (char === escape && !isEscaped) {
      result += '\\';
      isEscaped = true;
      continue;
    }
    result += char === '\\' && !isEscaped ? '\\\\' : char;
    isEscaped = false;
  }
  return result;
}

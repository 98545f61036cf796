/**
 * LIKE against a pattern known at compile time.
 *
 * I1  Same answers as the function `like`: `_` is one character (code point), `\` escapes.
 */
import { Oid } from '../../types/oids.ts';
import type { CallExpr } from '../expr.ts';

export type TextMatcher = (text: string) => boolean;

/** The matcher of `text LIKE 'constant'` (or NOT LIKE), else null. */
export function likeMatcherOf(expr: CallExpr): TextMatcher | null {
  const { operator } = expr.fn;
  if (operator === undefined || (operator.symbol !== '~~' && operator.symbol !== '!~~')) return null;
  const [text, pattern] = expr.args;
  if (expr.args.length !== 2 || text === undefined || pattern === undefined) return null;
  if (text.type.oid !== Oid.text && text.type.oid !== Oid.varchar) return null;
  if (pattern.kind !== 'const' || typeof pattern.value !== 'string') return null;
  const matcher = compileLike(pattern.value);
  if (matcher === null) return null;
  return operator.symbol === '~~' ? matcher : (value) => !matcher(value);
}

/** A part of a pattern: a literal run, or `_` (any character), or `%` (any text). */
export type LikePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'any' };

/** Parts of a LIKE pattern, adjacent `%` merged; null when it ends in an escape (an error if ever reached). */
export function parseLike(pattern: string): LikePart[] | null {
  const parts: LikePart[] = [];
  let run = '';
  const flush = (): void => {
    if (run !== '') parts.push({ kind: 'text', text: run });
    run = '';
  };
  for (let i = 0; i < pattern.length; i++) {
    const unit = pattern[i]!;
    if (unit === '\\') {
      if (++i === pattern.length) return null;
      run += pattern[i]!;
    } else if (unit === '%' || unit === '_') {
      flush();
      if (unit === '_') parts.push({ kind: 'one' });
      else if (parts.at(-1)?.kind !== 'any') parts.push({ kind: 'any' });
    } else {
      run += unit;
    }
  }
  flush();
  return parts;
}

/** A closure for the common shapes, else a backtracking-free matcher; null for patterns that raise errors. */
export function compileLike(pattern: string): TextMatcher | null {
  const parts = parseLike(pattern);
  if (parts === null) return null;
  const shape = parts.map((part) => (part.kind === 'text' ? 't' : part.kind === 'any' ? '%' : '_')).join('');
  const textAt = (index: number): string => (parts[index] as { text: string }).text;
  switch (shape) {
    case '':
      return (text) => text === '';
    case '%':
      return () => true;
    case 't': {
      const literal = textAt(0);
      return (text) => text === literal;
    }
    case 't%': {
      const prefix = textAt(0);
      return (text) => text.startsWith(prefix);
    }
    case '%t': {
      const suffix = textAt(1);
      return (text) => text.endsWith(suffix);
    }
    case '%t%': {
      const inner = textAt(1);
      return (text) => text.includes(inner);
    }
    case 't%t': {
      const prefix = textAt(0);
      const suffix = textAt(2);
      const least = prefix.length + suffix.length;
      return (text) => text.length >= least && text.startsWith(prefix) && text.endsWith(suffix);
    }
    default:
      return (text) => matchParts(parts, text);
  }
}

/** Greedy with one point to go back to: after the last `%` only the position in the text moves. */
function matchParts(parts: readonly LikePart[], text: string): boolean {
  let part = 0;
  let at = 0;
  let backPart = -1;
  let backAt = 0;
  for (;;) {
    const current = parts[part];
    if (current === undefined) {
      if (at === text.length) return true;
    } else if (current.kind === 'any') {
      if (part === parts.length - 1) return true;
      backPart = ++part;
      backAt = at;
      continue;
    } else if (current.kind === 'text') {
      if (text.startsWith(current.text, at)) {
        at += current.text.length;
        part++;
        continue;
      }
    } else if (at < text.length) {
      at = nextCharacter(text, at);
      part++;
      continue;
    }
    if (backPart < 0 || backAt >= text.length) return false;
    backAt = nextCharacter(text, backAt);
    part = backPart;
    at = backAt;
  }
}

function nextCharacter(text: string, at: number): number {
  return at + ((text.charCodeAt(at) & 0xfc00) === 0xd800 ? 2 : 1);
}

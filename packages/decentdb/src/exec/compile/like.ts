/**
 * LIKE and ILIKE against a pattern known at compile time.
 *
 * I1  Same answers as the function `like`: `_` is one character (code point), `\` escapes.
 * I2  ILIKE compares lower-case forms, character by character; K is the lower-case form of the Kelvin sign too.
 */
import { Oid } from '../../types/oids.ts';
import type { CallExpr } from '../expr.ts';

export type TextMatcher = (text: string) => boolean;

/** The matcher of `text LIKE 'constant'` (or NOT LIKE), else null. */
export function likeMatcherOf(expr: CallExpr): TextMatcher | null {
  const { operator } = expr.fn;
  const form = operator === undefined ? undefined : forms[operator.symbol];
  if (form === undefined) return null;
  const [text, pattern] = expr.args;
  if (expr.args.length !== 2 || text === undefined || pattern === undefined) return null;
  if (text.type.oid !== Oid.text && text.type.oid !== Oid.varchar) return null;
  if (pattern.kind !== 'const' || typeof pattern.value !== 'string') return null;
  const matcher = form.ignoresCase ? compileIgnoringCase(pattern.value) : compileLike(pattern.value);
  if (matcher === null) return null;
  return form.negated ? (value) => !matcher(value) : matcher;
}

const forms: Readonly<
  Record<string, { readonly negated: boolean; readonly ignoresCase: boolean } | undefined>
> = {
  '~~': { negated: false, ignoresCase: false },
  '!~~': { negated: true, ignoresCase: false },
  '~~*': { negated: false, ignoresCase: true },
  '!~~*': { negated: true, ignoresCase: true },
};

/**
 * One run of ASCII characters with or without `%` around it, as a regular expression over both cases; null for other patterns
 * (the function serves them).
 */
export function compileIgnoringCase(pattern: string): TextMatcher | null {
  const parts = parseLike(pattern);
  const run = parts?.find((part) => part.kind === 'text')?.text ?? '';
  if (parts === null || parts.length > 3 || !/^[\x20-\x7e]+$/.test(run)) return null;
  const at = parts.findIndex((part) => part.kind === 'text');
  if (parts.some((part, i) => i !== at && part.kind !== 'any')) return null;
  const source = run.replace(/[^0-9 ]/g, bothCases);
  const regex = new RegExp(`${at === 0 ? '^' : ''}${source}${at === parts.length - 1 ? '$' : ''}`);
  return (text) => regex.test(text);
}

function bothCases(character: string): string {
  if (/[kK]/.test(character)) return '[kK\\u212a]';
  return /[a-zA-Z]/.test(character)
    ? `[${character.toLowerCase()}${character.toUpperCase()}]`
    : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
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
      return parts.some((part) => part.kind === 'one')
        ? (text) => matchParts(parts, text)
        : runsMatcher(parts);
  }
}

/** Runs of text with `%` between them: each is looked for behind the one before, the outer ones at the ends. */
function runsMatcher(parts: readonly LikePart[]): TextMatcher {
  const runs = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const prefix = parts[0]!.kind === 'text' ? runs.shift()! : '';
  const suffix = parts.at(-1)!.kind === 'text' ? runs.pop()! : '';
  return (text) => {
    if (!text.startsWith(prefix)) return false;
    let at = prefix.length;
    for (let i = 0; i < runs.length; i++) {
      const run = runs[i]!;
      const found = text.indexOf(run, at);
      if (found < 0) return false;
      at = found + run.length;
    }
    return text.length - suffix.length >= at && text.endsWith(suffix);
  };
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

/**
 * What a pattern says about the trigrams of the texts it matches.
 *
 * A query is necessary, never sufficient: every matching text satisfies it, other texts may too.
 *
 * I1  `anything` (no information) is the answer whenever in doubt: the caller then scans.
 * I2  Only literal runs make trigrams: no wildcard character ever gets into one.
 */
import { BEYOND_ASCII, pairCodes, trigramsOf } from './trigram-code.ts';

export type TrigramQuery =
  | { readonly kind: 'anything' }
  | { readonly kind: 'has'; readonly code: number }
  /** At least so many of the codes. */
  | { readonly kind: 'atLeast'; readonly count: number; readonly codes: readonly number[] }
  /** Any code from..to, or {@link BEYOND_ASCII}: texts with a pair of characters, and those that may have it unknown to the index. */
  | { readonly kind: 'pair'; readonly from: number; readonly to: number }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly TrigramQuery[] };

export const ANYTHING: TrigramQuery = { kind: 'anything' };

/** Texts that contain `literal`. */
export function containing(literal: string): TrigramQuery {
  const pair = pairCodes(literal);
  if (pair !== null) return { kind: 'pair', ...pair };
  return allOf(Array.from(trigramsOf(literal), (code): TrigramQuery => ({ kind: 'has', code })));
}

export function allOf(parts: readonly TrigramQuery[]): TrigramQuery {
  const known = parts.filter(({ kind }) => kind !== 'anything');
  if (known.length === 0) return ANYTHING;
  return known.length === 1 ? known[0]! : { kind: 'all', parts: known };
}

export function anyOf(parts: readonly TrigramQuery[]): TrigramQuery {
  if (parts.length === 0 || parts.some(({ kind }) => kind === 'anything')) return ANYTHING;
  return parts.length === 1 ? parts[0]! : { kind: 'any', parts };
}

/** LIKE and ILIKE patterns; `escape` is one character, or empty for none. */
export function likeQuery(pattern: string, escape: string): TrigramQuery {
  const runs: string[] = [];
  let run = '';
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!;
    if (character === escape && escape !== '') {
      run += characters[++i] ?? '';
    } else if (character === '%' || character === '_') {
      runs.push(run);
      run = '';
    } else {
      run += character;
    }
  }
  runs.push(run);
  return allOf(runs.map(containing));
}

/** Whether a set of codes (ascending) satisfies a query: the meaning of queries, for tests and for `check`. */
export function satisfies(codes: Int32Array, query: TrigramQuery): boolean {
  switch (query.kind) {
    case 'anything':
      return true;
    case 'has':
      return codes.includes(query.code);
    case 'atLeast':
      return query.codes.filter((code) => codes.includes(code)).length >= query.count;
    case 'pair':
      return codes.some((code) => (code >= query.from && code <= query.to) || code === BEYOND_ASCII);
    case 'all':
      return query.parts.every((part) => satisfies(codes, part));
    case 'any':
      return query.parts.some((part) => satisfies(codes, part));
  }
}

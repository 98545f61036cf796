/**
 * Conditions on trigram indexes, evaluated: pattern to query, query to candidate rows.
 *
 * I1  Candidates are a superset of the rows that satisfy the condition; NULL patterns match nothing.
 * I2  `null` means that an index cannot tell: the caller scans.
 */

import { lexemeQuery } from '../../search/fulltext/lexeme-query.ts';
import { regexQuery } from '../../search/trigram/regex-query.ts';
import type { RowSet } from '../../search/trigram/row-set.ts';
import { intersect, NO_ROWS, union } from '../../search/trigram/row-set.ts';
import { ANYTHING, containing, likeQuery, type TrigramQuery } from '../../search/trigram/trigram-query.ts';
import type { ReadView } from '../../txn/page-view.ts';
import { TsQuery } from '../../types/tsquery.ts';
import type { Datum } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import type { TextMatch, TrigramCondition } from '../physical/access.ts';
import { postingStore } from './search-stores.ts';

/** Gives the value of a pattern; undefined when it is not known yet. */
export type PatternValue = (pattern: Expr) => Datum | undefined;

/** The codes that texts matching a pattern must have; null for a pattern nothing matches: NULL, the empty query. */
function queryOf(match: TextMatch, pattern: Datum): TrigramQuery | null {
  if (pattern === null) return null;
  if (pattern instanceof TsQuery) return pattern.root === null ? null : lexemeQuery(pattern.root);
  if (typeof pattern !== 'string') return ANYTHING;
  switch (match) {
    case 'like':
      return likeQuery(pattern, '\\');
    case 'regex':
      return regexQuery(pattern);
    case 'regexIgnoringCase':
      return regexQuery(pattern, true);
    default:
      return containing(pattern);
  }
}

/** About how many postings the condition reads first; infinite when an index cannot tell; null when a pattern is unknown. */
export function estimateCandidates(
  condition: TrigramCondition,
  view: ReadView,
  valueOf: PatternValue,
): number | null {
  if (condition.kind === 'match') {
    const pattern = valueOf(condition.pattern);
    if (pattern === undefined) return null;
    const query = queryOf(condition.match, pattern);
    if (query === null) return 0;
    return postingStore(condition.index).estimate(view, condition.key, query);
  }
  const parts = condition.parts.map((part) => estimateCandidates(part, view, valueOf));
  if (condition.kind === 'all') {
    const known = parts.filter((part) => part !== null);
    return known.length === 0 ? null : Math.min(...known);
  }
  let sum = 0;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
  return sum;
}

/** The value of a pattern when it is open: parameters and outer values are there. */
export function patternValueIn(context: ExecContext): PatternValue {
  return (pattern) => evaluatorOf(pattern)(emptyRow, 0, context);
}

/** Patterns that are constants: what the planner knows. */
export const constantPattern: PatternValue = (pattern) =>
  pattern.kind === 'const' ? pattern.value : undefined;

/** Rows that may satisfy the condition, rows changed since the last merge included. */
export function findCandidates(
  condition: TrigramCondition,
  view: ReadView,
  valueOf: PatternValue,
): RowSet | null {
  if (condition.kind === 'match') {
    const query = queryOf(condition.match, valueOf(condition.pattern) ?? null);
    return query === null ? NO_ROWS : postingStore(condition.index).candidates(view, condition.key, query);
  }
  if (condition.kind === 'any') {
    let rows: RowSet = NO_ROWS;
    for (const part of condition.parts) {
      const more = findCandidates(part, view, valueOf);
      if (more === null) return null;
      rows = union(rows, more);
    }
    return rows;
  }
  return findAll(condition.parts, view, valueOf);
}

/** A list this many times longer than the candidates in hand is not worth reading. */
const SKIP_RATIO = 32;

/** Rarest first. */
function findAll(parts: readonly TrigramCondition[], view: ReadView, valueOf: PatternValue): RowSet | null {
  const ranked = parts
    .map((part) => ({ part, estimate: estimateCandidates(part, view, valueOf) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.estimate - b.estimate);
  let rows: RowSet | null = null;
  for (const { part, estimate } of ranked) {
    if (rows !== null && (rows.length === 0 || estimate > rows.length * SKIP_RATIO)) break;
    const more = findCandidates(part, view, valueOf);
    if (more !== null) rows = rows === null ? more : intersect(rows, more);
  }
  return rows;
}

/** The indexes a condition reads, each once. */
export function indexesIn(
  condition: TrigramCondition,
): Set<Extract<TrigramCondition, { kind: 'match' }>['index']> {
  if (condition.kind === 'match') return new Set([condition.index]);
  return new Set(condition.parts.flatMap((part) => [...indexesIn(part)]));
}

/**
 * Conditions on trigram indexes, evaluated: pattern to query, query to candidate rows.
 *
 * I1  Candidates are a superset of the rows that satisfy the condition; NULL patterns match nothing.
 * I2  `null` means that an index cannot tell: the caller scans.
 */

import type { TableDef } from '../../catalog/schema.ts';
import { indexedTrigrams } from '../../functions/trigram-similarity.ts';
import { ANYTHING as ANY_ITEMS, NOTHING as NO_ITEMS } from '../../search/items/item-query.ts';
import { regexQuery } from '../../search/trigram/regex-query.ts';
import type { RowSet } from '../../search/trigram/row-set.ts';
import { intersect, NO_ROWS, union } from '../../search/trigram/row-set.ts';
import { BEYOND_ASCII, trigramCode } from '../../search/trigram/trigram-code.ts';
import {
  ANYTHING,
  anyOf,
  containing,
  likeQuery,
  type TrigramQuery,
} from '../../search/trigram/trigram-query.ts';
import type { ReadView } from '../../txn/page-view.ts';
import { type TsNode, TsQuery } from '../../types/tsquery.ts';
import type { Datum } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import type {
  ItemMatch,
  RangeCondition,
  SimilarMatch,
  TextMatch,
  TrigramCondition,
} from '../physical/access.ts';
import { exactItemQuery, isItemMatch, itemQuery } from './item-search.ts';
import { type LexemeKey, lexemeEstimate, lexemeRows } from './lexeme-search.ts';
import { rangeRowEstimate, rangeRows } from './range-rows.ts';
import { lexemeStore, postingStore, searchTrees } from './search-stores.ts';

/** Gives the value of a pattern; undefined when it is not known yet. */
export interface PatternValue {
  (pattern: Expr): Datum | undefined;
  /** A setting, where the session is at hand. */
  setting?(name: string): string;
  /** Rows of a range and about how many, where they can be looked up. */
  rowsIn?(condition: RangeCondition): RowSet | null;
  countIn?(condition: RangeCondition): number;
}

/** The codes that texts matching a pattern must have; null for a pattern nothing matches: NULL, the empty query. */
function queryOf(
  { match, threshold }: MatchCondition,
  pattern: Datum,
  valueOf: PatternValue,
): TrigramQuery | null {
  if (pattern === null) return null;
  if (typeof pattern !== 'string') return ANYTHING;
  switch (match) {
    case 'like':
      return likeQuery(pattern, '\\');
    case 'regex':
      return regexQuery(pattern);
    case 'regexIgnoringCase':
      return regexQuery(pattern, true);
    case 'similar':
    case 'wordSimilar':
    case 'strictWordSimilar': {
      const least = threshold ?? Number(valueOf.setting?.(thresholds[match]) ?? 0);
      return similarQuery(pattern, least);
    }
    default:
      return containing(pattern);
  }
}

export type MatchCondition = Extract<TrigramCondition, { kind: 'match' }>;

const thresholds: Readonly<Record<SimilarMatch, string>> = {
  similar: 'pg_trgm.similarity_threshold',
  wordSimilar: 'pg_trgm.word_similarity_threshold',
  strictWordSimilar: 'pg_trgm.strict_word_similarity_threshold',
};

const patterns: ReadonlySet<TextMatch> = new Set<TextMatch>([
  'like',
  'regex',
  'regexIgnoringCase',
  'contains',
]);

/** Similarities are rounded to single precision: one as large as the threshold may be less before. */
const ROUNDING = 1 - 1e-6;

/**
 * A similarity is common / (of the pattern + of the text - common), so it is no greater than common / of the pattern: a text as
 * similar as asked for has that part of the pattern's trigrams at least. Those the index does not know may all be among them;
 * texts beyond ASCII are kept apart, for their trigrams are known by checksums.
 */
function similarQuery(pattern: string, least: number): TrigramQuery {
  const { known, total } = indexedTrigrams(pattern);
  const count = Math.ceil(least * total * ROUNDING) - (total - known.length);
  if (!(count > 0)) return ANYTHING;
  const codes = known.map(([a, b, c]) => trigramCode(a, b, c));
  return anyOf([
    { kind: 'atLeast', count, codes },
    { kind: 'has', code: BEYOND_ASCII },
  ]);
}

/**
 * About how many postings the condition reads first; infinite when an index cannot tell; null when a pattern is unknown.
 * `isSampled`: about how many candidates it leaves, which costs a look at the lists.
 */
export function estimateCandidates(
  condition: TrigramCondition,
  view: ReadView,
  valueOf: PatternValue,
  isSampled = false,
): number | null {
  if (condition.kind === 'range') return valueOf.countIn?.(condition) ?? null;
  if (condition.kind === 'match') {
    const pattern = valueOf(condition.pattern);
    if (pattern === undefined) return null;
    if (condition.match in thresholds && condition.threshold === undefined && valueOf.setting === undefined)
      return null;
    if (typeof pattern !== 'string' && pattern instanceof TsQuery)
      return pattern.root === null ? 0 : lexemeEstimate(lexemeKeyOf(condition, view), pattern.root);
    if (isItemMatch(condition.match)) return itemEstimate(condition, condition.match, view, pattern);
    const query = queryOf(condition, pattern, valueOf);
    if (query === null) return 0;
    const store = postingStore(condition.index);
    return isSampled
      ? store.estimateSampled(view, condition.key, query)
      : store.estimate(view, condition.key, query);
  }
  const parts = condition.parts.map((part) => estimateCandidates(part, view, valueOf, isSampled));
  return combinedEstimate(condition.kind, parts);
}

/** What parts say together: the rarest of all, the sum of any; null where too much is unknown. */
export function combinedEstimate(kind: 'all' | 'any', parts: readonly (number | null)[]): number | null {
  if (kind === 'all') {
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
export function patternValueIn(table: TableDef, context: ExecContext): PatternValue {
  const valueOf = (pattern: Expr): Datum => evaluatorOf(pattern)(emptyRow, 0, context);
  return Object.assign(valueOf, {
    setting: (name: string) => context.statement.eval.setting(name),
    rowsIn: (condition: RangeCondition) => rangeRows(table, condition, context),
    countIn: (condition: RangeCondition) => rangeRowEstimate(table, condition, context),
  });
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
  if (condition.kind === 'range') return valueOf.rowsIn?.(condition) ?? null;
  if (condition.kind === 'match') {
    const pattern = valueOf(condition.pattern) ?? null;
    if (typeof pattern !== 'string' && pattern instanceof TsQuery)
      return lexemeCandidates(condition, view, pattern.root);
    if (isItemMatch(condition.match)) return itemCandidates(condition, condition.match, view, pattern);
    const query = queryOf(condition, pattern, valueOf);
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

/** Whether what a pattern asks of the index depends on nothing else: not so of similarity, lexemes and the like. */
export function isOfPattern({ match }: MatchCondition): boolean {
  return patterns.has(match);
}

/** Where {@link isOfPattern}. */
export function patternQuery(condition: MatchCondition, pattern: string): TrigramQuery | null {
  return queryOf(condition, pattern, constantPattern);
}

export function lexemeKeyOf({ index, key }: MatchCondition, view: ReadView): LexemeKey {
  return { store: lexemeStore(index), view, column: key };
}

/** About how many rows have the items a pattern asks for. */
function itemEstimate(condition: MatchCondition, match: ItemMatch, view: ReadView, pattern: Datum): number {
  const query = itemQuery(match, condition.index.keys[condition.key]!, pattern);
  if (query === ANY_ITEMS) return Number.POSITIVE_INFINITY;
  return query === NO_ITEMS ? 0 : lexemeEstimate(lexemeKeyOf(condition, view), query);
}

function itemCandidates(
  condition: MatchCondition,
  match: ItemMatch,
  view: ReadView,
  pattern: Datum,
): RowSet | null {
  const query = itemQuery(match, condition.index.keys[condition.key]!, pattern);
  if (query === ANY_ITEMS) return null;
  return lexemeCandidates(condition, view, query === NO_ITEMS ? null : query);
}

function itemsExactly(
  condition: MatchCondition,
  match: ItemMatch,
  view: ReadView,
  pattern: Datum,
): RowSet | null {
  const query = exactItemQuery(match, condition.index.keys[condition.key]!, pattern);
  if (query === null || query === ANY_ITEMS) return null;
  if (query === NO_ITEMS) return NO_ROWS;
  const found = lexemeRows(lexemeKeyOf(condition, view), query);
  return found?.isExact === true ? found.rows : null;
}

function lexemeCandidates(condition: MatchCondition, view: ReadView, root: TsNode | null): RowSet | null {
  if (root === null) return NO_ROWS;
  const found = lexemeRows(lexemeKeyOf(condition, view), root);
  return found === null ? null : union(found.rows, searchTrees(condition.index).pendingIds(view));
}

/**
 * Rows that satisfy a condition of full text queries, as far as they are not noted in one of its indexes; null where the
 * postings cannot tell exactly.
 */
export function findExactly(
  condition: TrigramCondition,
  view: ReadView,
  valueOf: PatternValue,
): RowSet | null {
  if (condition.kind === 'range') return null;
  if (condition.kind === 'match') {
    const pattern = valueOf(condition.pattern) ?? null;
    if (pattern === null) return NO_ROWS;
    if (isItemMatch(condition.match)) return itemsExactly(condition, condition.match, view, pattern);
    if (!(pattern instanceof TsQuery)) return null;
    if (pattern.root === null) return NO_ROWS;
    const found = lexemeRows(lexemeKeyOf(condition, view), pattern.root);
    return found?.isExact === true ? found.rows : null;
  }
  let rows: RowSet | null = null;
  for (const part of condition.parts) {
    const found = findExactly(part, view, valueOf);
    if (found === null) return null;
    rows = rows === null ? found : condition.kind === 'all' ? intersect(rows, found) : union(rows, found);
  }
  return rows;
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

/** The search indexes a condition reads, each once. */
export function indexesIn(
  condition: TrigramCondition,
): Set<Extract<TrigramCondition, { kind: 'match' }>['index']> {
  if (condition.kind === 'range') return new Set();
  if (condition.kind === 'match') return new Set([condition.index]);
  return new Set(condition.parts.flatMap((part) => [...indexesIn(part)]));
}

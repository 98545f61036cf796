/**
 * Which parts of a filter trigram indexes can help with.
 *
 * I1  The condition follows from the filter and never replaces a part of it.
 * I2  AND takes what it can use, OR needs all its branches; NOT says nothing.
 * I3  `lower(x)` is as good as x: indexes hold folded text (types/case-fold.ts).
 * I4  A tsvector under `@@` is looked for among the keys of full text indexes, a text among those of trigram indexes.
 */
import type { IndexDef, IndexKey } from '../../catalog/schema.ts';
import type { CallExpr, ColumnId, Expr } from '../../exec/expr.ts';
import type { KeyRange, SimilarMatch, TextMatch, TrigramCondition } from '../../exec/physical.ts';
import { isExactMatch, isJsonMatch } from '../../exec/storage/item-search.ts';
import { Oid } from '../../types/oids.ts';
import { usedColumns } from '../node-walk.ts';
import { isVolatile } from '../predicates.ts';
import { isBound, stripRelabel } from '../ranges.ts';
import { heldCondition, itemCondition } from './item-condition.ts';
import { isKey, type SearchIndex } from './search-keys.ts';

const operators: Readonly<Record<string, TextMatch>> = {
  '~~': 'like',
  '~~*': 'like',
  '=': 'equal',
  '~': 'regex',
  '~*': 'regexIgnoringCase',
  '^@': 'contains',
};

/** What is compared, whether the pattern comes first, and whether either side may be the pattern. */
const similarities: Readonly<Record<string, readonly [SimilarMatch, boolean, boolean]>> = {
  '%': ['similar', false, true],
  '<%': ['wordSimilar', true, false],
  '%>': ['wordSimilar', false, false],
  '<<%': ['strictWordSimilar', true, false],
  '%>>': ['strictWordSimilar', false, false],
};

export function trigramCondition(
  predicate: Expr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): TrigramCondition | null {
  switch (predicate.kind) {
    case 'and': {
      const parts = predicate.args
        .map((arg) => trigramCondition(arg, indexes, own))
        .filter((part) => part !== null);
      return parts.length < 2 ? (parts[0] ?? null) : { kind: 'all', parts };
    }
    case 'or': {
      const parts = predicate.args.map((arg) => trigramCondition(arg, indexes, own));
      return parts.some((part) => part === null) ? null : { kind: 'any', parts: parts as TrigramCondition[] };
    }
    case 'quantified': {
      const { left, list, quantifier } = predicate;
      const match = operators[predicate.op.operator?.symbol ?? ''];
      if (quantifier === 'any' && predicate.array !== null && match === 'equal')
        return heldCondition(left, predicate.array, indexes, own);
      if (quantifier !== 'any' || list === null || list === undefined || match === undefined) return null;
      const parts = list.map((item) => matchOf(left, match, item, indexes, own));
      if (parts.length === 0 || parts.some((part) => part === null)) return null;
      return { kind: 'any', parts: parts as TrigramCondition[] };
    }
    case 'call':
      return callCondition(predicate, indexes, own);
    default:
      return null;
  }
}

function callCondition(
  call: CallExpr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): TrigramCondition | null {
  const [left, right] = call.args;
  if (call.args.length !== 2 || left === undefined || right === undefined) return null;
  const symbol = call.fn.operator?.symbol;
  const items = symbol === undefined ? null : itemCondition(left, symbol, right, indexes, own);
  if (items !== null) return items;
  if (symbol === undefined)
    return call.fn.name === 'starts_with' ? matchOf(left, 'contains', right, indexes, own) : null;
  const similar = similarities[symbol];
  if (similar !== undefined) {
    const [match, isPatternFirst, isEither] = similar;
    const [text, pattern] = isPatternFirst ? [right, left] : [left, right];
    return (
      matchOf(text, match, pattern, indexes, own) ??
      (isEither ? matchOf(pattern, match, text, indexes, own) : null)
    );
  }
  if (symbol === '>=') return similarityCondition(left, right, indexes, own);
  if (symbol === '<=') return similarityCondition(right, left, indexes, own);
  const match = operators[symbol];
  if (match !== undefined) {
    const found = matchOf(left, match, right, indexes, own);
    return found === null && match === 'equal' ? matchOf(right, match, left, indexes, own) : found;
  }
  if (symbol === '@@' || symbol === '@@@')
    return vectorCondition(left, right, indexes, own) ?? vectorCondition(right, left, indexes, own);
  const [greater, less] = symbol === '<' ? [right, left] : [left, right];
  if (symbol !== '<' && symbol !== '>') return null;
  return positionCondition(greater, less, indexes, own) ?? similarityCondition(greater, less, indexes, own);
}

/** `position('x' in text) > 0`, `strpos(text, 'x') > 0`. */
function positionCondition(
  call: Expr,
  bound: Expr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): TrigramCondition | null {
  if (bound.kind !== 'const' || bound.value !== 0 || call.kind !== 'call') return null;
  if (call.fn.name !== 'strpos' && call.fn.name !== 'position') return null;
  const [text, part] = call.args;
  return text === undefined || part === undefined ? null : matchOf(text, 'contains', part, indexes, own);
}

/** `similarity(text, pattern) > c`, `word_similarity(pattern, text) >= c`. */
function similarityCondition(
  call: Expr,
  bound: Expr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): TrigramCondition | null {
  if (bound.kind !== 'const' || typeof bound.value !== 'number') return null;
  const inner = stripRelabel(
    call.kind === 'call' && call.fn.name === 'float8' ? (call.args[0] as Expr) : call,
  );
  if (inner.kind !== 'call' || inner.args.length !== 2) return null;
  const [a, b] = inner.args as [Expr, Expr];
  const found =
    inner.fn.name === 'similarity'
      ? (matchOf(a, 'similar', b, indexes, own) ?? matchOf(b, 'similar', a, indexes, own))
      : inner.fn.name === 'word_similarity'
        ? matchOf(b, 'wordSimilar', a, indexes, own)
        : inner.fn.name === 'strict_word_similarity'
          ? matchOf(b, 'strictWordSimilar', a, indexes, own)
          : null;
  return found === null || found.kind !== 'match' ? null : { ...found, threshold: bound.value };
}

/** A tsvector that a full text index holds, against a tsquery. */
function vectorCondition(
  vector: Expr,
  query: Expr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): TrigramCondition | null {
  if (vector.type.oid !== Oid.tsvector || query.type.oid !== Oid.tsquery || !isKnown(query, own)) return null;
  const found = keyFor(stripRelabel(vector), indexes);
  return found === null ? null : { kind: 'match', ...found, match: 'query', pattern: query };
}

/** Whether a pattern is known when the scan opens: bound, or what a subquery of its own gives. */
function isKnown(pattern: Expr, own: ReadonlySet<ColumnId>): boolean {
  if (isBound(pattern, own)) return true;
  return (
    pattern.kind === 'subquery' &&
    pattern.mode === 'scalar' &&
    usedColumns(pattern).size === 0 &&
    !isVolatile(pattern)
  );
}

function keyFor(
  expr: Expr,
  indexes: readonly SearchIndex[],
): { readonly index: IndexDef; readonly key: number } | null {
  for (const { index, keys } of indexes) {
    const key = keys.findIndex((one) => isKey(one, expr));
    if (key >= 0) return { index, key };
  }
  return null;
}

function matchOf(
  subject: Expr,
  match: TextMatch,
  pattern: Expr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): TrigramCondition | null {
  if (!isBound(pattern, own)) return null;
  // Blank-padded and other text-like types compare by rules of their own.
  if (!textOids.has(subject.type.oid) || !textOids.has(pattern.type.oid)) return null;
  const inner = stripRelabel(subject);
  const folded =
    inner.kind === 'call' && inner.fn.name === 'lower' ? stripRelabel(inner.args[0] as Expr) : null;
  for (const candidate of folded === null ? [inner] : [inner, folded]) {
    const found = keyFor(candidate, indexes);
    if (found !== null) return { kind: 'match', ...found, match, pattern };
  }
  return null;
}

const textOids = new Set([25, 1043]);

const dear: ReadonlySet<TextMatch> = new Set(['query', 'similar', 'wordSimilar', 'strictWordSimilar']);

/** Whether testing a row is dear: vectors or trigrams are made for it. */
export function isDear(condition: TrigramCondition): boolean {
  if (condition.kind === 'range') return false;
  return condition.kind === 'match'
    ? dear.has(condition.match) || isJsonMatch(condition.match)
    : condition.parts.some(isDear);
}

/** The condition with its patterns and ranges mapped. */
export function mapPatterns(
  condition: TrigramCondition,
  map: (expr: Expr) => Expr,
  mapRanges: (ranges: readonly KeyRange[]) => readonly KeyRange[],
): TrigramCondition {
  if (condition.kind === 'range') return { ...condition, ranges: mapRanges(condition.ranges) };
  if (condition.kind === 'match') return { ...condition, pattern: map(condition.pattern) };
  return { kind: condition.kind, parts: condition.parts.map((part) => mapPatterns(part, map, mapRanges)) };
}

/** Whether indexes alone decide a condition: of full text queries, and of elements of arrays. */
export function isDecided(condition: TrigramCondition): boolean {
  if (condition.kind === 'range') return false;
  if (condition.kind !== 'match') return condition.parts.every(isDecided);
  const { match, index, key } = condition;
  return match === 'query' || isExactMatch(match, index.keys[key] as IndexKey);
}

/** A conjunct that full text indexes decide, and how: the condition says exactly what the conjunct says. */
export interface ExactConjunct {
  readonly conjunct: Expr;
  readonly condition: TrigramCondition;
}

export function exactConjuncts(
  conjuncts: readonly Expr[],
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): readonly ExactConjunct[] {
  return conjuncts.flatMap((conjunct) => {
    const condition = exactCondition(conjunct, indexes, own);
    return condition === null ? [] : [{ conjunct, condition }];
  });
}

function exactCondition(
  expr: Expr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): TrigramCondition | null {
  if (expr.kind === 'call' || expr.kind === 'quantified') {
    const condition = trigramCondition(expr, indexes, own);
    return condition !== null && isDecided(condition) ? condition : null;
  }
  if (expr.kind !== 'and' && expr.kind !== 'or') return null;
  const parts = expr.args.map((arg) => exactCondition(arg, indexes, own));
  if (parts.some((part) => part === null)) return null;
  return { kind: expr.kind === 'and' ? 'all' : 'any', parts: parts as TrigramCondition[] };
}

/** The key of a trigram index that `text <-> pattern` measures, and the pattern. */
export function nearestKey(
  expr: Expr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): { readonly index: IndexDef; readonly key: number; readonly pattern: Expr } | null {
  if (expr.kind !== 'call' || expr.fn.operator?.symbol !== '<->' || expr.args.length !== 2) return null;
  const [left, right] = expr.args as [Expr, Expr];
  const found =
    matchOf(left, 'similar', right, indexes, own) ?? matchOf(right, 'similar', left, indexes, own);
  if (found?.kind !== 'match' || found.index.method !== 'trigram') return null;
  return { index: found.index, key: found.key, pattern: found.pattern };
}

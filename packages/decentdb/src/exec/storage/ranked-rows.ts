/**
 * The rows of a full text search that may be among those with the highest bm25, counted from the postings: no vector is made, no row
 * and no place is read.
 *
 * Words add up. The row that has nothing but words whose most together is less than what the last of the rows wanted has is none of
 * these: where the rarest word's rows set the mark that high, the others are not even counted.
 *
 * I1  Rows left out have a lower rank than `wanted` others that stay; ranks are the function's own, number for number, so ties stay.
 * I2  Null where the postings cannot tell: prefixes, factors out of the ordinary.
 */
import { B, type Bm25Corpus, bm25Corpus, K1 } from '../../functions/text-search/bm25.ts';
import { intersect, type RowSet } from '../../search/trigram/row-set.ts';
import { type TsNode, TsQuery } from '../../types/tsquery.ts';
import type { Datum } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import type { ExactSearch, RankedSearch } from '../physical/access.ts';
import { isExactQuery, type LexemeKey } from './lexeme-search.ts';
import { lexemeKeyOf } from './trigram-search.ts';

/** Rows to be ranked that are worth more than a look at each. */
const RANKED_LEAST = 4;
/** Marks are lowered by so much before they are compared with sums of bounds, which are rounded. */
const ROUNDING = 1 - 1e-9;

export interface RankFactors {
  readonly k1: number;
  readonly b: number;
}

/** More rows than this are as well sorted. */
const WANTED_MAX = 10_000;
/** A greater k1 may be no factor at all: sums with it overflow, and what is not a number is behind no mark. */
const K1_MAX = 1e6;

/** `rows`: all that the search finds, none of them noted. Null: all of them are to be ranked. */
export function firstRanked(
  { condition }: ExactSearch,
  ranked: RankedSearch,
  rows: RowSet,
  context: ExecContext,
): RowSet | null {
  if (condition.kind !== 'match') return null;
  const valueOf = (expr: Expr): Datum => evaluatorOf(expr)(emptyRow, 0, context);
  const count = valueOf(ranked.count);
  const query = valueOf(condition.pattern);
  const index = valueOf(ranked.index);
  if (count === null || index === null || !(query instanceof TsQuery) || query.root === null) return null;
  const wanted = Number(count) + (ranked.offset === null ? 0 : Number(valueOf(ranked.offset) ?? 0));
  if (!(wanted > 0 && wanted <= WANTED_MAX) || rows.length < wanted * RANKED_LEAST) return null;
  const [k1 = K1, b = B] = ranked.factors.map(valueOf);
  if (typeof k1 !== 'number' || typeof b !== 'number') return null;
  const corpus = bm25Corpus(context.statement.eval, Number(index), query);
  const key = lexemeKeyOf(condition, context.statement.view);
  return rowsOfHighestRank(key, query.root, rows, corpus, { k1, b }, wanted);
}

function rowsOfHighestRank(
  key: LexemeKey,
  root: TsNode,
  rows: RowSet,
  corpus: Bm25Corpus,
  factors: RankFactors,
  wanted: number,
): RowSet | null {
  const { operands } = corpus;
  const { k1, b } = factors;
  if (!(k1 >= 0 && k1 <= K1_MAX && b >= 0 && b <= 1)) return null;
  if (!isExactQuery(root) || operands.some(({ operand }) => operand.isPrefix)) return null;
  const mostOf = ({ idf }: Bm25Corpus['operands'][number]): number => idf * (k1 + 1);
  const ranked = [...operands].sort((one, other) => mostOf(other) - mostOf(one));
  const first = ranked[0];
  if (ranked.length > 1 && first !== undefined) {
    const own = intersect(key.store.rowsOf(key.view, key.column, first.operand), rows);
    if (own.length >= wanted && own.length < rows.length) {
      const ranks = ranksOf(key, own, corpus, factors);
      const mark = lastWanted(ranks, wanted);
      const others = ranked.slice(1).reduce((sum, operand) => sum + mostOf(operand), 0);
      if (others < mark * ROUNDING) return atLeast(own, ranks, mark);
    }
  }
  const ranks = ranksOf(key, rows, corpus, factors);
  return atLeast(rows, ranks, lastWanted(ranks, wanted));
}

/** As the function computes them, word by word. */
function ranksOf(key: LexemeKey, rows: RowSet, corpus: Bm25Corpus, { k1, b }: RankFactors): Float64Array {
  const { operands, meanLength } = corpus;
  const stats = operands.map(({ operand }) => {
    const own = new Int32Array(rows.length);
    key.store.readStats(key.view, key.column, operand, rows, own);
    return own;
  });
  const ranks = new Float64Array(rows.length);
  operands.forEach(({ idf }, word) => {
    const own = stats[word]!;
    for (let i = 0; i < ranks.length; i++) {
      const stat = own[i]!;
      if (stat === 0) continue;
      const frequency = (stat & 0xff) === 0 ? 1 : stat & 0xff;
      const length = 1 - b + (b * (stat >>> 8)) / meanLength;
      ranks[i]! += (idf * frequency * (k1 + 1)) / (frequency + k1 * length);
    }
  });
  return ranks;
}

/** The `wanted`-th greatest; there are as many. A heap with the least on top. */
function lastWanted(ranks: Float64Array, wanted: number): number {
  const heap = ranks.slice(0, wanted).sort();
  for (let i = wanted; i < ranks.length; i++) {
    const rank = ranks[i]!;
    if (rank <= heap[0]!) continue;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= wanted) break;
      if (child + 1 < wanted && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= rank) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = rank;
  }
  return heap[0]!;
}

function atLeast(rows: RowSet, ranks: Float64Array, mark: number): RowSet {
  const kept = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) if (ranks[i]! >= mark) kept[count++] = rows[i]!;
  return kept.slice(0, count);
}

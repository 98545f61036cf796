/**
 * A full text search of which only the rows with the highest bm25 are wanted: what the scan has to know to leave the others out.
 *
 * I1  The rank is that of the vector and the query the index decides, and nothing else is asked of the rows: which rows there are, and
 *     their ranks, are known from the postings alone.
 */
import type { Expr } from '../../exec/expr.ts';
import type { RankedSearch } from '../../exec/physical.ts';
import { Oid } from '../../types/oids.ts';
import { fingerprint } from '../predicates.ts';
import type { EmitContext } from './context.ts';
import type { SlotMap, Wish } from './frame.ts';
import type { ExactConjunct } from './trigram-condition.ts';

const noSlots: SlotMap = new Map();

export function rankedSearch(
  context: EmitContext,
  { ranked }: Wish,
  decided: readonly ExactConjunct[],
  rest: readonly Expr[],
): RankedSearch | null {
  const [only] = decided;
  if (ranked === undefined || only === undefined || decided.length > 1 || rest.length > 0) return null;
  if (!context.env.isRuleOn('ranked_search')) return null;
  const { conjunct, condition } = only;
  const { expr, count, offset } = ranked;
  if (expr.kind !== 'call' || expr.fn.name !== 'bm25') return null;
  if (conjunct.kind !== 'call' || condition.kind !== 'match' || condition.match !== 'query') return null;
  const [left, right] = conjunct.args as [Expr, Expr];
  const [vector, query] = left.type.oid === Oid.tsvector ? [left, right] : [right, left];
  const [index, rankedVector, rankedQuery, ...factors] = expr.args as [Expr, Expr, Expr, ...Expr[]];
  if (fingerprint(rankedVector) !== fingerprint(vector) || fingerprint(rankedQuery) !== fingerprint(query))
    return null;
  if (![index, ...factors].every((one) => one.kind === 'const' || one.kind === 'param')) return null;
  return {
    index: context.resolve(index, noSlots),
    factors: factors.map((factor) => context.resolve(factor, noSlots)),
    count: context.resolve(count, noSlots),
    offset: context.resolveMaybe(offset, noSlots),
  };
}

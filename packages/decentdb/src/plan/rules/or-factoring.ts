/**
 * Conjuncts that all arms of an OR share are taken out: `(a AND b) OR (a AND c)` is `a AND (b OR c)`.
 *
 * I1  Holds in three-valued logic; arms keep the order of what remains.
 */
import type { Expr } from '../../exec/expr.ts';
import { conjunction, conjunctsOf, fingerprint, isVolatile } from '../predicates.ts';

/** The predicate with common conjuncts in front; the same object when there are none. */
export function factorOr(expr: Expr): Expr {
  if (expr.kind !== 'or' || isVolatile(expr)) return expr;
  const arms = expr.args.map((arm) => conjunctsOf(arm));
  const first = arms[0];
  if (first === undefined || arms.length > 50) return expr;
  const prints = arms.map((arm) => new Set(arm.map(fingerprint)));
  const common = first.filter((c) => {
    const print = fingerprint(c);
    return prints.every((set) => set.has(print));
  });
  if (common.length === 0) return expr;
  const shared = new Set(common.map(fingerprint));
  const rests = arms.map((arm) => conjunction(arm.filter((c) => !shared.has(fingerprint(c)))));
  // An arm that is nothing but the common part makes the rest true.
  if (rests.some((rest) => rest === null)) return conjunction(common) as Expr;
  return conjunction([...common, { ...expr, args: rests as Expr[] }]) as Expr;
}

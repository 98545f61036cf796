/**
 * OR between several relations: what all arms share, and what it says about one relation alone.
 *
 * Conjuncts that all arms of an OR share are taken out: `(a AND b) OR (a AND c)` is `a AND (b OR c)`.
 *
 * I1  Holds in three-valued logic; arms keep the order of what remains.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { intersects, isSubset, usedColumns } from '../node-walk.ts';
import { conjunction, conjunctsOf, fingerprint, hasSubquery, isVolatile } from '../predicates.ts';

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

/**
 * What an OR over several relations implies for one of them: `(a.x = 1 AND b.y = 2) OR (a.x = 2 AND b.y = 1)` lets only rows of
 * a through with x = 1 or x = 2. Each arm must say something about the relation alone.
 */
export function orRestrictions(
  conjuncts: readonly Expr[],
  sides: readonly ReadonlySet<ColumnId>[],
): readonly Expr[] {
  const found: Expr[] = [];
  for (const conjunct of conjuncts) {
    if (conjunct.kind !== 'or' || isVolatile(conjunct) || hasSubquery(conjunct)) continue;
    for (const side of sides) {
      const used = usedColumns(conjunct);
      if (isSubset(used, side) || !intersects(used, side)) continue;
      const arms = conjunct.args.map((arm) =>
        conjunction(
          conjunctsOf(arm).filter((c) => usedColumns(c).size > 0 && isSubset(usedColumns(c), side)),
        ),
      );
      if (arms.every((arm) => arm !== null)) found.push({ ...conjunct, args: arms as Expr[] });
    }
  }
  return found;
}

/**
 * A join condition in stages, each of which reads columns that those before it did not need.
 *
 * I1  The conjuncts keep their order, but for those that need nothing more than a stage reads anyway and cannot fail: these join it.
 * I2  Conditions with subqueries have no stages.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { usedColumns } from '../node-walk.ts';
import { conjunction, hasSubquery } from '../predicates.ts';
import { neverFails } from '../rules/never-fails.ts';

/** The stages of a condition some of whose columns are fetched when they are read; null when it has one stage alone. */
export function conditionStages(
  conjuncts: readonly Expr[],
  fetched: ReadonlySet<ColumnId>,
): readonly Expr[] | null {
  if (conjuncts.length < 2 || conjuncts.some(hasSubquery)) return null;
  const read = new Set<ColumnId>();
  const stages: Expr[][] = [];
  let rest = conjuncts;
  while (rest.length > 0) {
    for (const id of usedColumns(rest[0] as Expr)) read.add(id);
    const fits = rest.map((c) => [...usedColumns(c)].every((id) => read.has(id) || !fetched.has(id)));
    // Those that come next in any case; later ones only where it does not matter when they are tried.
    const skipped = fits.indexOf(false);
    const isNow = (c: Expr, i: number): boolean =>
      fits[i] === true && (skipped < 0 || i < skipped || neverFails(c));
    stages.push(rest.filter(isNow));
    rest = rest.filter((c, i) => !isNow(c, i));
  }
  return stages.length < 2 ? null : stages.map((stage) => conjunction(stage) as Expr);
}

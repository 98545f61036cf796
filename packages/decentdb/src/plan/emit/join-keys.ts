/**
 * The equalities of a join condition that a hash or merge join can work with, and what remains.
 *
 * I1  Both sides of a key have the same type (the integers counting as one, text and varchar as another).
 * I2  A key uses the columns of one side only, at least one of them; nothing volatile.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { intersects, usedColumns } from '../node-walk.ts';
import { conjunctsOf, hasSubquery, isVolatile } from '../predicates.ts';
import { sameKeyType } from '../ranges.ts';

export interface JoinKeys {
  readonly left: readonly Expr[];
  readonly right: readonly Expr[];
  readonly nullSafe: readonly boolean[];
  /** The conjuncts the keys stand for, one each. */
  readonly conjuncts: readonly Expr[];
  readonly residual: readonly Expr[];
}

export function splitKeys(
  condition: Expr | null,
  leftIds: ReadonlySet<ColumnId>,
  rightIds: ReadonlySet<ColumnId>,
): JoinKeys {
  const left: Expr[] = [];
  const right: Expr[] = [];
  const nullSafe: boolean[] = [];
  const conjuncts: Expr[] = [];
  const residual: Expr[] = [];
  for (const conjunct of conjunctsOf(condition)) {
    const pair = equalityOf(conjunct);
    const sides = pair === null ? null : orient(pair.left, pair.right, leftIds, rightIds);
    if (pair === null || sides === null) {
      residual.push(conjunct);
      continue;
    }
    left.push(sides[0]);
    right.push(sides[1]);
    nullSafe.push(pair.nullSafe);
    conjuncts.push(conjunct);
  }
  return { left, right, nullSafe, conjuncts, residual };
}

/** The two sides of an equality that hashing understands; null for any other predicate. */
export function equalityOf(expr: Expr): { left: Expr; right: Expr; nullSafe: boolean } | null {
  let pair: { left: Expr; right: Expr; nullSafe: boolean } | null = null;
  if (expr.kind === 'call' && expr.fn.operator?.btree === '=') {
    const [left, right] = expr.args;
    if (left !== undefined && right !== undefined) pair = { left, right, nullSafe: false };
  } else if (expr.kind === 'distinct' && expr.negated && expr.equals.operator?.btree === '=') {
    pair = { left: expr.left, right: expr.right, nullSafe: true };
  }
  if (pair === null || !sameKeyType(pair.left.type, pair.right.type)) return null;
  if (isVolatile(expr) || hasSubquery(expr)) return null;
  return pair;
}

function orient(
  a: Expr,
  b: Expr,
  leftIds: ReadonlySet<ColumnId>,
  rightIds: ReadonlySet<ColumnId>,
): readonly [Expr, Expr] | null {
  const usedA = usedColumns(a);
  const usedB = usedColumns(b);
  const isOnly = (
    used: ReadonlySet<ColumnId>,
    mine: ReadonlySet<ColumnId>,
    other: ReadonlySet<ColumnId>,
  ): boolean => intersects(used, mine) && !intersects(used, other);
  if (isOnly(usedA, leftIds, rightIds) && isOnly(usedB, rightIds, leftIds)) return [a, b];
  if (isOnly(usedB, leftIds, rightIds) && isOnly(usedA, rightIds, leftIds)) return [b, a];
  return null;
}

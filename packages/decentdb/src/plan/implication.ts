/**
 * Whether conditions a row is known to meet leave no doubt about another one: what lets a partial index serve a query, or ON
 * CONFLICT find it, whose WHERE says more than the index does (PostgreSQL, section 11.8: "simple inequality implications").
 *
 * I1  "No" may be wrong, "yes" never is: conditions are taken for more values than they let through, and what is asked about only
 *     where its values are known exactly.
 */
import type { ColumnId, Expr } from '../exec/expr.ts';
import {
  areNone,
  both,
  type ColumnValues,
  type LookedAt,
  valuesWhereFalse,
  valuesWhereTrue,
} from './column-values.ts';
import { someExpr } from './expr-walk.ts';
import { stripRelabel } from './ranges.ts';

/** Whether `wanted`, a condition on one column, is true wherever all of `given` are. */
export function isImplied(wanted: Expr, given: readonly Expr[]): boolean {
  const column = columnOf(wanted);
  if (column === null || !isExact(wanted, column)) return false;
  const unmet: ColumnValues = {
    intervals: valuesWhereFalse(wanted, column).intervals,
    hasNull: !valuesWhereTrue(wanted, column).hasNull,
  };
  let left = unmet;
  for (const one of given) {
    left = both(left, valuesWhereTrue(one, column), column.type);
    if (left.hasNull && isNeverTrueOfNull(one, column.id)) left = { ...left, hasNull: false };
    if (areNone(left)) return true;
  }
  return false;
}

/** The only column of the condition; null where there are none or several. */
function columnOf(expr: Expr): LookedAt | null {
  let found: LookedAt | null = null;
  const isOther = someExpr(expr, (at) => {
    if (at.kind !== 'column') return false;
    if (found !== null && found.id !== at.id) return true;
    found = { id: at.id, type: at.type };
    return false;
  });
  return isOther ? null : found;
}

/** Whether the values for which it is true, false and neither are known one and all. */
function isExact(expr: Expr, column: LookedAt): boolean {
  switch (expr.kind) {
    case 'and':
    case 'or':
      return expr.args.every((arg) => isExact(arg, column));
    case 'not':
      return isExact(expr.arg, column);
    case 'isNull':
      return !expr.isRow && isColumn(expr.arg, column);
    case 'call':
      return (
        expr.fn.operator?.btree !== undefined &&
        expr.args.some((arg) => isColumn(arg, column)) &&
        expr.args.some(isKnown) &&
        isLimited(expr, column)
      );
    case 'quantified':
      return (
        expr.list !== null && expr.list.length > 0 && expr.list.every(isKnown) && isLimited(expr, column)
      );
    default:
      return false;
  }
}

/** Whether the condition was understood: it lets some values through and others not. */
function isLimited(expr: Expr, column: LookedAt): boolean {
  return !valuesWhereTrue(expr, column).hasNull && !valuesWhereFalse(expr, column).hasNull;
}

function isColumn(expr: Expr, { id }: LookedAt): boolean {
  const inner = stripRelabel(expr);
  return inner.kind === 'column' && inner.id === id;
}

function isKnown(expr: Expr): boolean {
  return expr.kind === 'const' && expr.value !== null;
}

/** Whether the condition is false or NULL wherever the column is NULL. */
function isNeverTrueOfNull(expr: Expr, id: ColumnId): boolean {
  switch (expr.kind) {
    case 'quantified':
      return expr.quantifier === 'any' && expr.op.strict && isNullWith(expr.left, id);
    case 'and':
      return expr.args.some((arg) => isNeverTrueOfNull(arg, id));
    case 'or':
      return expr.args.every((arg) => isNeverTrueOfNull(arg, id));
    default:
      return isNullWith(expr, id);
  }
}

/** Whether the expression is NULL wherever the column is: strict functions all the way down to it. */
function isNullWith(expr: Expr, id: ColumnId): boolean {
  const inner = stripRelabel(expr);
  if (inner.kind === 'column') return inner.id === id;
  return inner.kind === 'call' && inner.fn.strict && inner.args.some((arg) => isNullWith(arg, id));
}

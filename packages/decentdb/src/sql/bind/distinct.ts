/**
 * DISTINCT and DISTINCT ON.
 *
 * I1  DISTINCT with ORDER BY: every sort key must be an output column.
 * I2  DISTINCT ON: the ON expressions must be the leading sort keys, in any order; missing ones are appended to the sort.
 */

import { textType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceUnknownTo } from './coerce.ts';
import { bindError } from './errors.ts';
import type { Level } from './level.ts';
import { orderingOperator, requireEquality } from './operator-lookup.ts';
import { findTarget, type SortTarget } from './order-by.ts';
import type { Target } from './targets.ts';

export interface DistinctSpec {
  /** Null: all columns. */
  readonly on: readonly Target[] | null;
  /** ON expressions that ORDER BY does not mention. */
  readonly extraKeys: readonly SortTarget[];
}

export function bindDistinct(
  level: Level,
  stmt: ast.SelectStmt,
  targets: Target[],
  sort: readonly SortTarget[],
): DistinctSpec | null {
  const clause = stmt.distinctClause;
  if (clause === null) return null;
  if (clause.length === 0) {
    checkSortTargets(sort, stmt.sortClause);
    for (const target of targets) {
      target.expr = coerceUnknownTo(level, target.expr, textType);
      requireEquality(level, target.expr);
    }
    return { on: null, extraKeys: [] };
  }
  const on: Target[] = [];
  for (const node of clause) {
    const target = findTarget(level, node, targets, 'distinctOn');
    target.expr = coerceUnknownTo(level, target.expr, textType);
    orderingOperator(level, target.expr.type, '<', node.location);
    if (!on.includes(target)) on.push(target);
  }
  checkLeading(on, sort, clause, stmt.sortClause);
  const extraKeys = on
    .filter((target) => !sort.some((key) => key.target === target))
    .map((target) => ({ target, descending: false, nullsFirst: false }));
  return { on, extraKeys };
}

function checkSortTargets(sort: readonly SortTarget[], clause: readonly ast.SortBy[]): void {
  const at = sort.findIndex((key) => key.target.isJunk);
  if (at < 0) return;
  throw bindError(
    '42P10',
    'for SELECT DISTINCT, ORDER BY expressions must appear in select list',
    clause[at]?.node.location ?? -1,
  );
}

function checkLeading(
  on: readonly Target[],
  sort: readonly SortTarget[],
  clause: readonly ast.Expr[],
  order: readonly ast.SortBy[],
): void {
  let ended = -1;
  const message = 'SELECT DISTINCT ON expressions must match initial ORDER BY expressions';
  for (const [i, key] of sort.entries()) {
    if (!on.includes(key.target)) {
      if (ended < 0) ended = i;
    } else if (ended >= 0) throw bindError('42P10', message, order[ended]?.node.location ?? -1);
  }
  if (ended < 0) return;
  const missing = on.findIndex((target) => !sort.some((key) => key.target === target));
  if (missing >= 0) throw bindError('42P10', message, startOf(clause[missing]));
}

/** Where an expression's text begins: an operator's own place is between its operands. */
function startOf(node: ast.Expr | undefined): number {
  if (node?.kind === 'A_Expr' && node.lexpr !== null && 'location' in node.lexpr)
    return startOf(node.lexpr as ast.Expr);
  return node?.location ?? -1;
}

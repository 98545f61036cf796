/**
 * Rewriting bound expressions and, unlike the planner's walkers, the plans of the subqueries in them.
 *
 * I1  `mapDeep` returns the same node when no child changed.
 * I2  Every expression of every node of a subquery's plan is reached, so correlated references are.
 */
import type { Expr } from '../../exec/expr.ts';
import { mapChildren, mapList } from '../../plan/expr-walk.ts';
import type { LogicalNode } from '../../plan/logical.ts';
import { inputsOf, mapNodeExprs, withInputs } from '../../plan/node-walk.ts';

export type ExprMap = (expr: Expr) => Expr;

/** The node with `map` applied to each direct child expression, and to all expressions of a subquery's plan. */
export function mapDeep(expr: Expr, map: ExprMap): Expr {
  const mapped = mapChildren(expr, map);
  if (mapped.kind !== 'subquery') return mapped;
  const plan = mapPlan(mapped.plan as LogicalNode, map);
  const unread = mapped.unread === undefined ? undefined : mapList(mapped.unread, map);
  if (plan === mapped.plan && unread === mapped.unread) return mapped;
  return unread === undefined ? { ...mapped, plan } : { ...mapped, plan, unread };
}

/** The plan with `map` applied to every expression of every node in it. */
export function mapPlan(node: LogicalNode, map: ExprMap): LogicalNode {
  const inputs = inputsOf(node).map((input) => mapPlan(input, map));
  return mapNodeExprs(withInputs(node, inputs), map);
}

/** Calls `visit` on the expression and everything below it, subquery plans included, parents first; false skips a branch. */
export function walkDeep(expr: Expr, visit: (expr: Expr) => boolean): void {
  if (!visit(expr)) return;
  mapDeep(expr, (child) => {
    walkDeep(child, visit);
    return child;
  });
}

/** Whether `test` holds for the expression or anything inside it. */
export function someDeep(expr: Expr, test: (expr: Expr) => boolean): boolean {
  let found = false;
  walkDeep(expr, (at) => {
    if (!found && test(at)) found = true;
    return !found;
  });
  return found;
}

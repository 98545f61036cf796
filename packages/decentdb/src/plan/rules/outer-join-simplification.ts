/**
 * Outer joins whose NULL-extended rows a predicate above throws away become inner (or one-sided) joins.
 *
 * I1  A predicate counts only if it is false or NULL for every NULL-extended row (`rejectsNulls`).
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { JoinKind, JoinNode, LogicalNode } from '../logical.ts';
import { inputsOf, mapNodeExprs, mapSubqueryPlans, outputIds, withInputs } from '../node-walk.ts';
import { conjunctsOf, rejectsNulls } from '../predicates.ts';
import type { Rule } from './rule.ts';

export const outerJoinSimplification: Rule = {
  name: 'outer_join_simplification',
  description: 'turn outer joins into inner ones where NULL-extended rows cannot survive',
  needs: ['join'],
  apply: (root) => simplify(root, []),
};

function simplify(node: LogicalNode, above: readonly Expr[]): LogicalNode {
  const result = simplifyNode(node, above);
  return mapNodeExprs(result, (expr) => mapSubqueryPlans(expr, (plan) => simplify(plan, [])));
}

function simplifyNode(node: LogicalNode, above: readonly Expr[]): LogicalNode {
  switch (node.kind) {
    case 'filter':
      return withInputs(node, [simplify(node.input, [...above, ...conjunctsOf(node.predicate)])]);
    case 'sort':
    case 'lock':
      return withInputs(node, [simplify(node.input, above)]);
    case 'join':
      return simplifyJoin(node, above);
    default:
      return withInputs(
        node,
        inputsOf(node).map((input) => simplify(input, [])),
      );
  }
}

function simplifyJoin(node: JoinNode, above: readonly Expr[]): LogicalNode {
  const leftIds = outputIds(node.left);
  const rightIds = outputIds(node.right);
  const join = reducedKind(node.join, above, leftIds, rightIds);
  const own = conjunctsOf(node.condition);
  // Conditions of inner joins bind both sides; those of one-sided joins only the side that may be missing. A mark may be NULL by rows
  // its condition is NULL for.
  const forLeft =
    join === 'inner' || join === 'semi'
      ? [...above, ...own]
      : join === 'right'
        ? own
        : join === 'full'
          ? []
          : above;
  const forRight =
    join === 'inner'
      ? [...above, ...own]
      : join === 'full' || join === 'mark'
        ? []
        : join === 'right'
          ? above
          : own;
  const left = simplify(node.left, forLeft);
  const right = simplify(node.right, forRight);
  const rebuilt = withInputs(node, [left, right]) as JoinNode;
  return join === node.join ? rebuilt : { ...rebuilt, join };
}

function reducedKind(
  join: JoinKind,
  above: readonly Expr[],
  leftIds: ReadonlySet<ColumnId>,
  rightIds: ReadonlySet<ColumnId>,
): JoinKind {
  const rejects = (ids: ReadonlySet<ColumnId>): boolean => above.some((p) => rejectsNulls(p, ids));
  if (join === 'left') return rejects(rightIds) ? 'inner' : 'left';
  if (join === 'right') return rejects(leftIds) ? 'inner' : 'right';
  if (join !== 'full') return join;
  const keepsLeft = rejects(leftIds);
  const keepsRight = rejects(rightIds);
  if (keepsLeft && keepsRight) return 'inner';
  // Rejecting NULL left columns removes the rows that only the right has: what remains is a left join.
  if (keepsLeft) return 'left';
  return keepsRight ? 'right' : 'full';
}

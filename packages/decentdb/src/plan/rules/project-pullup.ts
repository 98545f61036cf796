/**
 * Dissolves projections below joins, filters and groupings: what they compute moves to where it is used.
 *
 * Subqueries in FROM and views arrive as projections; between joins they would keep join ordering and predicates apart.
 *
 * I1  A projection is dissolved only if every expression is a plain column, or is cheap, not volatile, without subqueries,
 *     and stays NULL when an outer join above makes its inputs NULL.
 * I2  Where positions count (inputs of set operations, WITH definitions, the statement's own output, INSERT sources) the
 *     projection stays.
 * I3  A projection is not dissolved above one that computes: that one goes instead, or nothing could be asked of it below a join.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { columnRef } from '../expr-walk.ts';
import type { LogicalNode, ProjectNode } from '../logical.ts';
import { inputsOf, mapNodeExprs, mapSubqueryPlans, outputIds, withInputs } from '../node-walk.ts';
import { hasSubquery, isNullWhenNull, isVolatile, substitute } from '../predicates.ts';
import type { Rule } from './rule.ts';

export const projectPullup: Rule = {
  name: 'project_pullup',
  description: 'merge subqueries in FROM and views into the query around them',
  needs: ['innerProject'],
  apply: (root) => {
    const moved = new Map<ColumnId, Expr>();
    return keepOutput(root, moved);
  },
};

type Moved = Map<ColumnId, Expr>;

/** What may be computed above instead: anything; only what turns NULL with its inputs (below an outer join); plain columns. */
type Computable = 'any' | 'strict' | 'columns';

/** Rewrites a tree whose output columns must stay as they are. */
function keepOutput(node: LogicalNode, moved: Moved): LogicalNode {
  const own: Moved = new Map(moved);
  if (node.kind === 'project') {
    const input = dissolve(node.input, own, 'any');
    return rewriteExprs(withInputs(node, [input]), own);
  }
  const isBare = node.kind === 'join' || node.kind === 'filter';
  const result = dissolve(node, own, isBare && computesBelow(node) ? 'any' : 'columns');
  const isSame = node.columns.every((column, i) => column.id === result.columns[i]?.id);
  if (node.columns.length === 0 || (isSame && node.columns.length === result.columns.length)) return result;
  // A dissolved projection below took output columns with it: give them back on top.
  const exprs = node.columns.map((c) => own.get(c.id) ?? columnRef(c.id, c));
  return { kind: 'project', input: result, exprs, columns: node.columns };
}

/** Rewrites a tree whose parent substitutes `moved` into its own expressions. */
function dissolve(node: LogicalNode, moved: Moved, mayCompute: Computable): LogicalNode {
  switch (node.kind) {
    case 'project':
      return dissolveProject(node, moved, mayCompute);
    case 'filter':
    case 'sort':
    case 'lock':
    case 'limit':
    case 'window':
      return rewriteExprs(withInputs(node, [dissolve(node.input, moved, mayCompute)]), moved);
    case 'aggregate':
      return rewriteExprs(withInputs(node, [dissolve(node.input, moved, 'any')]), moved);
    case 'join': {
      if (node.join === 'full')
        return rewriteExprs(
          withInputs(node, [dissolve(node.left, moved, 'columns'), dissolve(node.right, moved, 'columns')]),
          moved,
        );
      const leftNullable = node.join === 'right';
      const rightNullable = node.join === 'left' || node.join === 'single';
      const before = new Map(moved);
      const below = (isNullable: boolean): Computable =>
        isNullable && mayCompute === 'any' ? 'strict' : mayCompute;
      const left = dissolve(node.left, moved, below(leftNullable));
      const rightIn = node.lateral ? moved : before;
      const right = dissolve(node.right, rightIn, below(rightNullable));
      for (const [id, expr] of rightIn) moved.set(id, expr);
      return rewriteExprs(withInputs(node, [left, right]), moved);
    }
    default: {
      const inputs = inputsOf(node).map((input) => keepOutput(input, moved));
      return rewriteExprs(withInputs(node, inputs), moved);
    }
  }
}

function dissolveProject(node: ProjectNode, moved: Moved, mayCompute: Computable): LogicalNode {
  // One that stays for what it computes takes what those below compute, and so does one of plain columns above such (I3).
  const stays = mayCompute === 'columns' && (isComputing(node) || computesBelow(node.input));
  const input = dissolve(node.input, moved, stays ? 'any' : mayCompute);
  const rewritten = rewriteExprs({ ...node, input }, moved) as ProjectNode;
  const ids = outputIds(input);
  const canGo =
    !stays &&
    rewritten.exprs.every((expr) =>
      expr.kind === 'column' ? ids.has(expr.id) : isMovable(expr, ids, mayCompute),
    );
  if (!canGo) {
    // It may hand columns on under the ids they have below (the source of MERGE): those are to be found here again.
    for (const column of rewritten.columns) moved.delete(column.id);
    return rewritten;
  }
  rewritten.columns.forEach((column, i) => moved.set(column.id, rewritten.exprs[i] as Expr));
  return input;
}

function isComputing(node: ProjectNode): boolean {
  return node.exprs.some((expr) => expr.kind !== 'column');
}

/** Whether a projection that computes something is among joins, filters and projections: predicates wait above it. */
function computesBelow(node: LogicalNode): boolean {
  switch (node.kind) {
    case 'project':
      return isComputing(node) || computesBelow(node.input);
    case 'filter':
      return computesBelow(node.input);
    case 'join':
      return node.join !== 'full' && (computesBelow(node.left) || computesBelow(node.right));
    default:
      return false;
  }
}

const COPIED_NODES_MAX = 12;

function isMovable(expr: Expr, inputIds: ReadonlySet<ColumnId>, mayCompute: Computable): boolean {
  if (mayCompute === 'columns' || isVolatile(expr) || hasSubquery(expr)) return false;
  if (mayCompute === 'strict' && !isNullWhenNull(expr, inputIds)) return false;
  return size(expr) <= COPIED_NODES_MAX;
}

function size(expr: Expr): number {
  return expr.kind === 'call' ? expr.args.reduce((sum, arg) => sum + size(arg), 1) : 1;
}

/** The node's expressions with moved columns replaced, in its subqueries too (which are rewritten themselves). */
function rewriteExprs(node: LogicalNode, moved: Moved): LogicalNode {
  return mapNodeExprs(node, (expr) =>
    mapSubqueryPlans(substitute(expr, new Map(moved)), (plan) => keepOutput(plan, new Map())),
  );
}

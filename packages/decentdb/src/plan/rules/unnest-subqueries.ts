/**
 * Subqueries in predicates and select lists become joins: EXISTS and IN semi joins, NOT EXISTS and NOT IN anti joins,
 * correlated scalar subqueries outer joins; elsewhere in expressions EXISTS and IN become columns (unnest-mark.ts).
 *
 * I1  Only where the subquery is a conjunct of a filter (semi, anti), or anywhere in a filter's, projection's or aggregation's
 *     expressions (scalar, mark).
 * I2  NOT IN becomes an anti join only where neither side can be NULL, or where NULL is tested in the join condition.
 * I3  Uncorrelated EXISTS and scalar subqueries stay: they run once.
 */
import type { ColumnId, Expr, SortKey, SubqueryExpr } from '../../exec/expr.ts';
import { columnRef, subqueriesOf } from '../expr-walk.ts';
import type { AggregateNode, FilterNode, JoinNode, LogicalNode, ProjectNode } from '../logical.ts';
import {
  freeColumns,
  holdsSubquery,
  intersects,
  joinColumns,
  mapNodeExprs,
  mapTree,
  outputIds,
  withInputs,
} from '../node-walk.ts';
import { conjunction, conjunctsOf, filtered, isVolatilePlan, substitute } from '../predicates.ts';
import { liftCorrelation } from './decorrelate.ts';
import { computedLate } from './late-projection.ts';
import { isKnownNotNull } from './nullability.ts';
import type { Rule, RuleContext } from './rule.ts';
import { SubqueryJoins } from './unnest-scalar.ts';

export const unnestSubqueries: Rule = {
  name: 'unnest_subqueries',
  description: 'turn EXISTS, IN and correlated scalar subqueries into joins',
  needs: ['subquery', 'join'],
  apply: (root, context) =>
    mapTree(
      mapTree(root, (node) => (node.kind === 'limit' ? computedLate(node) : node)),
      (node) => unnestNode(node, context),
    ),
};

function unnestNode(node: LogicalNode, context: RuleContext): LogicalNode {
  if (node.kind === 'filter') return unnestFilter(node, context);
  if (node.kind === 'project' || node.kind === 'aggregate') return unnestExprs(node, context);
  if (node.kind === 'join' && node.lateral) return unnestLateral(node, context);
  return node;
}

function unnestFilter(node: FilterNode, context: RuleContext): LogicalNode {
  let input = node.input;
  const kept: Expr[] = [];
  for (const conjunct of conjunctsOf(node.predicate)) {
    const joined = joinFor(input, conjunct, context);
    if (joined === null) kept.push(conjunct);
    else input = joined;
  }
  const plain = kept.filter((c) => subqueriesOf(c).length === 0);
  const joins = new SubqueryJoins(input, filtered(input, plain), context, sources);
  const predicates = kept.map((c) => joins.rewrite(c));
  if (joins.input === input) return input === node.input ? node : filtered(input, kept);
  const result = filtered(joins.input, predicates);
  // The joined columns must not show: a projection gives the filter's own columns back.
  const exprs = node.columns.map((c) => columnRef(c.id, c));
  return { kind: 'project', input: result, exprs, columns: node.columns };
}

function unnestExprs(node: ProjectNode | AggregateNode, context: RuleContext): LogicalNode {
  const joins = new SubqueryJoins(node.input, node.input, context, sources);
  const order = orderOf(node.input);
  if (order?.some(({ expr }) => holdsSubquery(expr)) === true) return node;
  // Arguments of an aggregate are not evaluated where its FILTER is not true.
  const isGuarded = node.kind === 'aggregate' && node.aggregates.some((call) => call.filter !== null);
  const rewritten = mapNodeExprs(node, (expr) => joins.rewrite(expr, isGuarded));
  if (joins.input === node.input) return node;
  return withInputs(rewritten, [order === null ? joins.input : sorted(joins.input, order)]);
}

/** Joins promise no order: the few rows that a limit left in theirs are put back into it. */
function sorted(input: LogicalNode, keys: readonly SortKey[]): LogicalNode {
  return { kind: 'sort', input, keys, columns: input.columns };
}

function orderOf(node: LogicalNode): readonly SortKey[] | null {
  return node.kind === 'limit' && node.input.kind === 'sort' ? node.input.keys : null;
}

/** The semi or anti join a conjunct stands for; null when it is none or cannot be one. */
function joinFor(input: LogicalNode, conjunct: Expr, context: RuleContext): LogicalNode | null {
  let expr = conjunct;
  let isNegated = false;
  while (expr.kind === 'not') {
    isNegated = !isNegated;
    expr = expr.arg;
  }
  if (expr.kind !== 'subquery') return null;
  if (expr.negated) isNegated = !isNegated;
  const plan = expr.plan as LogicalNode;
  if (isVolatilePlan(plan)) return null;
  const outer = outputIds(input);
  if (expr.mode === 'exists') {
    if (!intersects(freeColumns(plan), outer)) return null;
    return existsJoin(input, plan, isNegated ? 'anti' : 'semi', [], context);
  }
  if (expr.rowOp !== null || (expr.mode !== 'any' && expr.mode !== 'all')) return null;
  const symbol = expr.ops[0]?.operator?.symbol;
  if (expr.mode === 'any' && !isNegated) return existsJoin(input, plan, 'semi', comparisons(expr), context);
  const isNotIn = isNegated ? expr.mode === 'any' && symbol === '=' : expr.mode === 'all' && symbol === '<>';
  if (!isNotIn) return null;
  return notInJoin(input, expr, plan, context);
}

/** `left[i] op column[i]` for each column of the subquery. */
function comparisons(expr: SubqueryExpr): readonly Expr[] {
  const plan = expr.plan as LogicalNode;
  return expr.ops.map((fn, i) => {
    const column = plan.columns[i] as LogicalNode['columns'][number];
    const right = columnRef(column.id, column);
    return {
      kind: 'call',
      fn,
      args: [expr.left[i] as Expr, right],
      type: expr.type,
      typmod: -1,
      location: -1,
    };
  });
}

function notInJoin(
  input: LogicalNode,
  expr: SubqueryExpr,
  plan: LogicalNode,
  context: RuleContext,
): LogicalNode | null {
  // `<>` has no equality to hash on here; and a comparison that may be NULL must keep its row out.
  if (expr.ops.some((op) => op.operator?.btree !== '=')) return null;
  const conditions = comparisons(expr);
  const neverNull =
    expr.left.every((e) => isKnownNotNull(e, input)) &&
    plan.columns.every((c) => isKnownNotNull(columnRef(c.id, c), plan));
  if (neverNull) return existsJoin(input, plan, 'anti', conditions, context);
  // Correlated: the ties can be hashed, and "not known to be different" is tested beside them.
  if (!intersects(freeColumns(plan), outputIds(input)) || conditions.length !== 1) return null;
  const [condition] = conditions as readonly [Expr];
  const possible: Expr = { ...condition, kind: 'booleanTest', arg: condition, test: 'false', negated: true };
  return existsJoin(input, plan, 'anti', [possible], context);
}

function existsJoin(
  input: LogicalNode,
  subquery: LogicalNode,
  join: 'semi' | 'anti',
  conditions: readonly Expr[],
  context: RuleContext,
): LogicalNode | null {
  const plan = conditions.length === 0 ? existenceOnly(subquery) : membersOnly(subquery);
  if (plan === null) return null;
  const outer = outputIds(input);
  if (conditions.some((c) => subqueriesOf(c).length > 0)) return null;
  const lifted = liftCorrelation(plan, outer, context);
  if (lifted === null || lifted.empty !== null) return null;
  const all = [...lifted.lifted, ...conditions.map((c) => substitute(c, lifted.outputs))];
  // A predicate that itself holds a subquery over both sides cannot be a join condition of every method.
  if (all.some((c) => subqueriesOf(c).some((s) => intersects(freeColumns(s.plan as LogicalNode), outer))))
    return null;
  return {
    kind: 'join',
    join,
    left: input,
    right: lifted.node,
    condition: conjunction(all),
    lateral: false,
    mark: null,
    columns: joinColumns(join, input, lifted.node, null),
  };
}

const sources = { existence: existenceOnly, members: membersOnly };

/** Whether rows exist does not depend on order, duplicates, what is selected, or a limit above zero. */
function existenceOnly(node: LogicalNode): LogicalNode | null {
  switch (node.kind) {
    case 'project':
    case 'sort':
    case 'distinct':
      return existenceOnly(node.input);
    case 'limit': {
      const isPositive =
        node.count === null ||
        (node.count.kind === 'const' && node.count.value !== null && Number(node.count.value) > 0);
      return isPositive && node.offset === null ? existenceOnly(node.input) : null;
    }
    default:
      return node;
  }
}

/** Which values occur does not depend on order or duplicates. */
function membersOnly(node: LogicalNode): LogicalNode {
  return node.kind === 'sort' || (node.kind === 'distinct' && node.on === null)
    ? membersOnly(node.input)
    : node;
}

/** A LATERAL whose ties to the left can be lifted is a plain join. */
function unnestLateral(node: JoinNode, context: RuleContext): LogicalNode {
  const outer: ReadonlySet<ColumnId> = outputIds(node.left);
  if (!intersects(freeColumns(node.right), outer)) return { ...node, lateral: false };
  if (node.join !== 'inner' && node.join !== 'left') return node;
  const lifted = liftCorrelation(node.right, outer, context);
  if (lifted === null || lifted.outputs.size > 0 || lifted.empty !== null) return node;
  const condition = conjunction([...lifted.lifted, ...conjunctsOf(node.condition)]);
  const joined: JoinNode = {
    ...node,
    right: lifted.node,
    condition,
    lateral: false,
    columns: joinColumns(node.join, node.left, lifted.node, null),
  };
  const exprs = node.columns.map((c) => columnRef(c.id, c));
  return { kind: 'project', input: joined, exprs, columns: node.columns };
}

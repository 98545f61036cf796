/**
 * EXISTS and IN anywhere in an expression become a join that adds a column to each row: whether it has a partner.
 *
 *     WHERE a = 1 OR EXISTS (SELECT 1 FROM t WHERE t.k = o.k)    ->    o MARK JOIN t ON t.k = o.k,  WHERE a = 1 OR mark
 *
 * I1  A mark is what the subquery would give: true, false, or NULL. EXISTS knows no NULL; IN does where a comparison that would decide
 *     is NULL. What ties the subquery to the row (`t.k = o.k`) selects its rows: there NULL is as good as false.
 * I2  I1 holds of hash joins, which look at the rows with equal ties alone; other joins take no ties and NULLs together.
 * I3  Not worth it for few rows, or where an index answers a tie and the outer side is small (unnest-scalar.ts).
 */
import type { Expr, SubqueryExpr } from '../../exec/expr.ts';
import { resolveOperator } from '../../functions/resolve.ts';
import { boolType } from '../../types/bool-type.ts';
import { equalityOf, splitKeys } from '../emit/join-keys.ts';
import { columnRef, subqueriesOf } from '../expr-walk.ts';
import type { JoinNode, LogicalNode, OutputColumn } from '../logical.ts';
import { freeColumns, intersects, joinColumns, outputIds } from '../node-walk.ts';
import { conjunction, isVolatilePlan, substitute } from '../predicates.ts';
import { type Lifted, liftCorrelation } from './decorrelate.ts';
import { isKnownNotNull } from './nullability.ts';
import type { RuleContext } from './rule.ts';

export interface Marked {
  readonly input: LogicalNode;
  readonly value: Expr;
}

/** The plan whose rows decide EXISTS, or IN; null when that is not a matter of which rows there are. */
export interface MarkSources {
  readonly existence: (plan: LogicalNode) => LogicalNode | null;
  readonly members: (plan: LogicalNode) => LogicalNode;
  /** Whether joining the plan is better than running it for each row. */
  readonly isWorthIt: (plan: LogicalNode) => boolean;
}

/** Fewer rows than these are looked up in the subquery's result one by one. */
export const MARKED_ROWS_LEAST = 500;

export function joinMark(
  input: LogicalNode,
  expr: SubqueryExpr,
  sources: MarkSources,
  context: RuleContext,
): Marked | null {
  const plan = expr.plan as LogicalNode;
  if (!context.env.isRuleOn('mark_join') || isVolatilePlan(plan)) return null;
  if (expr.mode === 'exists') return joinExists(input, expr, plan, sources, context);
  if (expr.mode === 'any' || expr.mode === 'all') return joinMembers(input, expr, plan, sources, context);
  return null;
}

function joinExists(
  input: LogicalNode,
  expr: SubqueryExpr,
  plan: LogicalNode,
  sources: MarkSources,
  context: RuleContext,
): Marked | null {
  const outer = outputIds(input);
  if (!intersects(freeColumns(plan), outer) || !sources.isWorthIt(plan)) return null;
  const source = sources.existence(plan);
  const lifted = source === null ? null : liftedPlain(source, input, context);
  if (lifted === null || !hasKey(lifted.lifted, input, lifted.node)) return null;
  const { node, mark } = markJoin(input, lifted.node, lifted.lifted, context);
  return { input: node, value: negatedIf(isTrue(mark), expr.negated) };
}

function joinMembers(
  input: LogicalNode,
  expr: SubqueryExpr,
  plan: LogicalNode,
  sources: MarkSources,
  context: RuleContext,
): Marked | null {
  const [left] = expr.left;
  const [column] = plan.columns;
  if (expr.rowOp !== null || expr.left.length !== 1 || left === undefined || column === undefined)
    return null;
  const comparison = equalTo(expr, left, columnRef(column.id, column));
  if (comparison === null || subqueriesOf(left).length > 0 || !sources.isWorthIt(plan)) return null;
  const source = sources.members(plan);
  const lifted = liftedPlain(source, input, context);
  if (lifted === null) return null;
  const isNegated = expr.negated !== (expr.mode === 'all');
  const equal = substitute(comparison, lifted.outputs);
  const value = (mark: Expr): Expr => negatedIf(mark, isNegated);
  if (lifted.lifted.length === 0) {
    if (!hasKey([equal], input, lifted.node)) return null;
    const { node, mark } = markJoin(input, lifted.node, [equal], context);
    return { input: node, value: value(mark) };
  }
  if (!hasKey(lifted.lifted, input, lifted.node)) return null;
  const member = lifted.outputs.get(column.id) ?? columnRef(column.id, column);
  if (isKnownNotNull(left, input) && isKnownNotNull(member, lifted.node)) {
    const { node, mark } = markJoin(input, lifted.node, [...lifted.lifted, equal], context);
    return { input: node, value: value(isTrue(mark)) };
  }
  // I2: the comparison stays beside the keys, and what is no key is true or false.
  if (!context.env.isRuleOn('hash_join')) return null;
  const outer = outputIds(input);
  const inner = outputIds(lifted.node);
  const ties = lifted.lifted.map((tie) => (splitKeys(tie, outer, inner).left.length > 0 ? tie : isTrue(tie)));
  const { node, mark } = markJoin(input, lifted.node, [...ties, negated(negated(equal))], context);
  return { input: node, value: value(mark) };
}

/** The subquery without its ties; null when it cannot be had so, or something of it still holds a subquery over both sides. */
function liftedPlain(source: LogicalNode, input: LogicalNode, context: RuleContext): Lifted | null {
  const lifted = liftCorrelation(source, outputIds(input), context);
  if (lifted === null || lifted.empty !== null) return null;
  return lifted.lifted.some((tie) => subqueriesOf(tie).length > 0) ? null : lifted;
}

/** Whether some predicate is an equality of both sides. */
function hasKey(predicates: readonly Expr[], left: LogicalNode, right: LogicalNode): boolean {
  return splitKeys(conjunction(predicates), outputIds(left), outputIds(right)).left.length > 0;
}

function equalTo({ mode, ops }: SubqueryExpr, left: Expr, right: Expr): Expr | null {
  const [op] = ops;
  if (op === undefined || ops.length !== 1) return null;
  const isEquality = mode === 'any' && op.operator?.btree === '=';
  if (!isEquality && !(mode === 'all' && op.operator?.symbol === '<>')) return null;
  const fn = isEquality ? op : resolveOperator('=', left.type, right.type).fn;
  const equal: Expr = { kind: 'call', fn, args: [left, right], type: boolType, typmod: -1, location: -1 };
  return equalityOf(equal) === null ? null : equal;
}

function markJoin(
  left: LogicalNode,
  right: LogicalNode,
  condition: readonly Expr[],
  context: RuleContext,
): { readonly node: JoinNode; readonly mark: Expr } {
  const id = context.newColumnId();
  const column: OutputColumn = { id, name: '?', type: boolType, typmod: -1, origin: null };
  const node: JoinNode = {
    kind: 'join',
    join: 'mark',
    left,
    right,
    condition: conjunction(condition),
    lateral: false,
    mark: id,
    columns: joinColumns('mark', left, right, column),
  };
  return { node, mark: columnRef(id, column) };
}

function isTrue(arg: Expr): Expr {
  return { kind: 'booleanTest', arg, test: 'true', negated: false, type: boolType, typmod: -1, location: -1 };
}

function negated(arg: Expr): Expr {
  return { kind: 'not', arg, type: boolType, typmod: -1, location: -1 };
}

function negatedIf(expr: Expr, isNegated: boolean): Expr {
  return isNegated ? negated(expr) : expr;
}

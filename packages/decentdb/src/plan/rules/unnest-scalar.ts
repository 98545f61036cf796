/**
 * Correlated scalar subqueries become outer joins: grouped by what ties them to the row, or "single" joins that refuse a
 * second match.
 *
 * I1  Not worth it when the outer side is small and an index answers the tie: then the subquery is run for each row.
 * I2  A subquery in a branch that may not be evaluated (CASE, COALESCE, AND, OR) is lifted only if it cannot fail.
 * I3  The value is computed above the join: without a match it must be NULL, or what the grouping gives for no rows.
 */
import type { ColumnId, Expr, SubqueryExpr } from '../../exec/expr.ts';
import { columnRef, mapChildren } from '../expr-walk.ts';
import type { JoinNode, LogicalNode } from '../logical.ts';
import {
  freeColumns,
  holdsSubquery,
  inputsOf,
  intersects,
  joinColumns,
  outputIds,
  usedColumns,
} from '../node-walk.ts';
import { conjunction, isNullWhenNull, isVolatilePlan, substitute } from '../predicates.ts';
import { type Lifted, liftCorrelation } from './decorrelate.ts';
import { neverFails, planNeverFails } from './never-fails.ts';
import type { RuleContext } from './rule.ts';
import { joinMark, MARKED_ROWS_LEAST, type MarkSources } from './unnest-mark.ts';

/**
 * Joins the subqueries of expressions to the rows these are computed over. `restricted` is the input as far as other predicates
 * narrow it: the rows that the subqueries would run for.
 */
export class SubqueryJoins {
  #input: LogicalNode;
  readonly #restricted: LogicalNode;
  readonly #context: RuleContext;
  readonly #sources: MarkSources;

  constructor(
    input: LogicalNode,
    restricted: LogicalNode,
    context: RuleContext,
    sources: Omit<MarkSources, 'isWorthIt'>,
  ) {
    this.#input = input;
    this.#restricted = restricted;
    this.#context = context;
    const outer = outputIds(input);
    const isWorthMarking = (plan: LogicalNode): boolean =>
      intersects(freeColumns(plan), outer)
        ? isWorthIt(restricted, plan, outer, context)
        : context.cardinality(restricted).rows(restricted) >= MARKED_ROWS_LEAST;
    this.#sources = { ...sources, isWorthIt: isWorthMarking };
  }

  /** The input with what has been joined to it so far. */
  get input(): LogicalNode {
    return this.#input;
  }

  /** The expression with columns of joins in the place of its subqueries. */
  rewrite(expr: Expr, isGuarded = false): Expr {
    if (!holdsSubquery(expr)) return expr;
    if (expr.kind === 'subquery') {
      const joined =
        joinScalar(this.#input, expr, isGuarded, this.#restricted, this.#context) ??
        (isGuarded && !(expr.left.every(neverFails) && planNeverFails(expr.plan as LogicalNode))
          ? null
          : joinMark(this.#input, expr, this.#sources, this.#context));
      if (joined === null) return expr;
      this.#input = joined.input;
      return joined.value;
    }
    // The first child is evaluated in any case.
    let guards = isGuarded;
    return mapChildren(expr, (child) => {
      const rewritten = this.rewrite(child, guards);
      guards ||= guarding.has(expr.kind);
      return rewritten;
    });
  }
}

const guarding: ReadonlySet<Expr['kind']> = new Set(['case', 'coalesce', 'or', 'and']);

function joinScalar(
  input: LogicalNode,
  expr: SubqueryExpr,
  isGuarded: boolean,
  restricted: LogicalNode,
  context: RuleContext,
): { readonly input: LogicalNode; readonly value: Expr } | null {
  const plan = expr.plan as LogicalNode;
  const outer = outputIds(input);
  if (expr.mode !== 'scalar' || expr.left.length > 0 || isVolatilePlan(plan)) return null;
  if (!intersects(freeColumns(plan), outer) || !isWorthIt(restricted, plan, outer, context)) return null;
  const lifted = liftCorrelation(plan, outer, context);
  if (lifted === null) return null;
  const isSingleRow = lifted.empty !== null;
  if (isGuarded && !(isSingleRow && planNeverFails(plan))) return null;
  const value = valueOf(plan, lifted, expr);
  // Where nothing matches, the subquery is NULL, whatever it would make of the outer row (I3).
  if (!isSingleRow && !isNullWhenNull(value, outputIds(lifted.node))) return null;
  const join = isSingleRow ? 'left' : 'single';
  const node: JoinNode = {
    kind: 'join',
    join,
    left: input,
    right: lifted.node,
    condition: conjunction(lifted.lifted),
    lateral: false,
    mark: null,
    columns: joinColumns(join, input, lifted.node, null),
  };
  return { input: node, value };
}

function valueOf(plan: LogicalNode, lifted: Lifted, expr: SubqueryExpr): Expr {
  const column = plan.columns[0] as LogicalNode['columns'][number];
  const value = lifted.outputs.get(column.id) ?? columnRef(column.id, column);
  if (lifted.empty === null) return value;
  const onEmpty = lifted.empty.values.get(column.id) ?? substitute(value, lifted.empty.values);
  if (onEmpty.kind === 'const' && onEmpty.value === null) return value;
  const when: Expr = {
    kind: 'isNull',
    arg: lifted.empty.marker,
    negated: false,
    isRow: false,
    type: booleanOf(lifted) ?? expr.type,
    typmod: -1,
    location: -1,
  };
  return {
    kind: 'case',
    operand: null,
    branches: [{ when, then: onEmpty }],
    otherwise: value,
    type: column.type,
    typmod: column.typmod,
    location: expr.location,
  };
}

function booleanOf(lifted: Lifted): Expr['type'] | null {
  return lifted.lifted[0]?.type ?? null;
}

/** Rows of an outer side below which look-ups by index beat joining, as a share of the inner table. */
const LOOK_UP_SHARE = 0.02;

function isWorthIt(
  input: LogicalNode,
  plan: LogicalNode,
  outer: ReadonlySet<ColumnId>,
  context: RuleContext,
): boolean {
  const cardinality = context.cardinality(input);
  const outerRows = cardinality.rows(input);
  const inner = largestScan(plan, (n) => context.env.statistics.tableRows(n));
  if (outerRows > inner * LOOK_UP_SHARE) return true;
  return !isTieIndexed(plan, outer);
}

function largestScan(
  node: LogicalNode,
  rows: (table: Extract<LogicalNode, { kind: 'scan' }>['table']) => number,
): number {
  const own = node.kind === 'scan' ? rows(node.table) : 0;
  return Math.max(own, ...inputsOf(node).map((input) => largestScan(input, rows)), 0);
}

/** Whether a filter ties a column that leads an index (or is the row id) to the outer row. */
function isTieIndexed(node: LogicalNode, outer: ReadonlySet<ColumnId>): boolean {
  if (node.kind === 'filter' && node.input.kind === 'scan') {
    const { table, columns, stored } = node.input;
    const tied = new Set<number>();
    const conjuncts = node.predicate.kind === 'and' ? node.predicate.args : [node.predicate];
    for (const c of conjuncts) {
      if (c.kind !== 'call' || c.fn.operator?.btree !== '=' || !intersects(usedColumns(c), outer)) continue;
      for (const arg of c.args) {
        if (arg.kind !== 'column') continue;
        const at = columns.findIndex((column) => column.id === arg.id);
        if (at !== -1) tied.add(stored[at] as number);
      }
    }
    if (tied.has(table.rowIdColumn)) return true;
    if (table.indexes.some((index) => index.predicateSql === null && tied.has(index.keys[0]?.column ?? -2)))
      return true;
  }
  return inputsOf(node).some((input) => isTieIndexed(input, outer));
}

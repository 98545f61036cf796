/**
 * Lifts what ties a subquery to the enclosing row out of its plan, so that it can be joined instead of run for each row.
 *
 * Follows the idea of Neumann and Kemper, "Unnesting Arbitrary Queries", kept to the shapes that end in plain joins:
 * correlated predicates rise through filters, joins and projections; through a grouping they turn into group keys.
 *
 * I1  The result has no free column in `outer`; `lifted` together with it means what the plan meant for one outer row.
 * I2  Null means "cannot": the subquery then stays what it is, run for each row.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { columnRef } from '../expr-walk.ts';
import type { AggregateNode, JoinNode, LogicalNode, OutputColumn, ProjectNode } from '../logical.ts';
import { freeColumns, intersects, isSubset, outputIds, usedColumns, withInputs } from '../node-walk.ts';
import { conjunction, conjunctsOf, filtered, isVolatilePlan, substitute } from '../predicates.ts';
import type { RuleContext } from './rule.ts';

export interface Lifted {
  readonly node: LogicalNode;
  /** Predicates over the outer columns and columns of `node`. */
  readonly lifted: readonly Expr[];
  /** Former output columns that are now expressions over the outer columns and columns of `node`. */
  readonly outputs: ReadonlyMap<ColumnId, Expr>;
  /**
   * Set when the plan gave a row even where nothing matched (an aggregate without GROUP BY): for its former output columns,
   * the value in that case, and a column that is NULL exactly then.
   */
  readonly empty: { readonly values: ReadonlyMap<ColumnId, Expr>; readonly marker: Expr } | null;
}

const nothing: ReadonlyMap<ColumnId, Expr> = new Map();

/** `node` without its ties to `outer`. */
export function liftCorrelation(
  node: LogicalNode,
  outer: ReadonlySet<ColumnId>,
  context: RuleContext,
): Lifted | null {
  if (!intersects(freeColumns(node), outer)) return { node, lifted: [], outputs: nothing, empty: null };
  if (isVolatilePlan(node)) return null;
  switch (node.kind) {
    case 'filter': {
      const below = liftCorrelation(node.input, outer, context);
      if (below === null || below.empty !== null) return null;
      const conjuncts = conjunctsOf(node.predicate).map((c) => substitute(c, below.outputs));
      const tied = conjuncts.filter((c) => intersects(usedColumns(c), outer));
      const own = conjuncts.filter((c) => !intersects(usedColumns(c), outer));
      return { ...below, node: filtered(below.node, own), lifted: [...below.lifted, ...tied] };
    }
    case 'project':
      return liftProject(node, outer, context);
    case 'join':
      return liftJoin(node, outer, context);
    case 'aggregate':
      return liftAggregate(node, outer, context);
    case 'sort': {
      const below = liftCorrelation(node.input, outer, context);
      if (below === null || below.outputs.size > 0 || below.empty !== null) return null;
      if (node.keys.some((key) => intersects(usedColumns(key.expr), outer))) return null;
      return { ...below, node: withInputs(node, [below.node]) };
    }
    default:
      return null;
  }
}

function liftProject(node: ProjectNode, outer: ReadonlySet<ColumnId>, context: RuleContext): Lifted | null {
  const below = liftCorrelation(node.input, outer, context);
  if (below === null) return null;
  const exprs = node.exprs.map((e) => substitute(e, below.outputs));
  const outputs = new Map(below.outputs);
  const columns: OutputColumn[] = [];
  const kept: Expr[] = [];
  node.columns.forEach((column, i) => {
    const expr = exprs[i] as Expr;
    if (intersects(usedColumns(expr), outer)) outputs.set(column.id, expr);
    else {
      columns.push(column);
      kept.push(expr);
    }
  });
  let empty = below.empty;
  if (empty !== null) {
    const { values } = empty;
    const onEmpty = new Map(values);
    node.columns.forEach((column, i) => onEmpty.set(column.id, substitute(node.exprs[i] as Expr, values)));
    empty = { ...empty, values: onEmpty };
  }
  // What the lifted predicates and outputs need from below must come out of the projection.
  const made = new Set(columns.map((c) => c.id));
  const needs = new Set<ColumnId>();
  for (const e of [...below.lifted, ...outputs.values()]) for (const id of usedColumns(e)) needs.add(id);
  if (empty !== null) for (const id of usedColumns(empty.marker)) needs.add(id);
  for (const column of below.node.columns) {
    if (!needs.has(column.id) || made.has(column.id)) continue;
    columns.push(column);
    kept.push(columnRef(column.id, column));
    made.add(column.id);
  }
  const project: LogicalNode = { ...node, input: below.node, columns, exprs: kept };
  return { node: project, lifted: below.lifted, outputs, empty };
}

function liftJoin(node: JoinNode, outer: ReadonlySet<ColumnId>, context: RuleContext): Lifted | null {
  if (node.lateral && intersects(freeColumns(node.right), outputIds(node.left))) return null;
  const keepsRight = node.join === 'inner' || node.join === 'right';
  const keepsLeft = node.join !== 'right' && node.join !== 'full';
  const left = liftCorrelation(node.left, outer, context);
  const right = liftCorrelation(node.right, outer, context);
  if (left === null || right === null || left.empty !== null || right.empty !== null) return null;
  if (!keepsLeft && (left.lifted.length > 0 || left.outputs.size > 0)) return null;
  if (!keepsRight && (right.lifted.length > 0 || right.outputs.size > 0)) return null;
  const outputs = new Map([...left.outputs, ...right.outputs]);
  const conjuncts = conjunctsOf(node.condition).map((c) => substitute(c, outputs));
  const tied = conjuncts.filter((c) => intersects(usedColumns(c), outer));
  if (tied.length > 0 && node.join !== 'inner') return null;
  const own = conjuncts.filter((c) => !tied.includes(c));
  const joined = withInputs({ ...node, condition: conjunction(own) }, [left.node, right.node]);
  return { node: joined, lifted: [...left.lifted, ...right.lifted, ...tied], outputs, empty: null };
}

/** Each lifted predicate must be `inner = outer`: the inner side becomes a group key. */
function liftAggregate(
  node: AggregateNode,
  outer: ReadonlySet<ColumnId>,
  context: RuleContext,
): Lifted | null {
  if (node.sets.length !== 1 || node.groupings.length > 0) return null;
  const below = liftCorrelation(node.input, outer, context);
  if (below === null || below.empty !== null || below.outputs.size > 0) return null;
  const exprs = [
    ...node.groups.map((g) => g.expr),
    ...node.aggregates.flatMap((a) => [
      ...a.args,
      ...a.orderBy.map((k) => k.expr),
      ...(a.filter ? [a.filter] : []),
    ]),
  ];
  if (exprs.some((e) => intersects(usedColumns(e), outer))) return null;
  const inputIds = outputIds(below.node);
  const groups = [...node.groups];
  const groupColumns: OutputColumn[] = [];
  const lifted: Expr[] = [];
  for (const predicate of below.lifted) {
    const tie = tieOf(predicate, inputIds, outer);
    if (tie === null) return null;
    const output = context.newColumnId();
    groups.push({ output, expr: tie.inner });
    groupColumns.push({
      id: output,
      name: '?',
      type: tie.inner.type,
      typmod: tie.inner.typmod,
      origin: null,
    });
    lifted.push(tie.over(columnRef(output, tie.inner)));
  }
  if (lifted.length === 0) return null;
  const old = node.groups.length;
  const columns = [...node.columns.slice(0, old), ...groupColumns, ...node.columns.slice(old)];
  const grouped: LogicalNode = {
    ...node,
    input: below.node,
    groups,
    sets: [groups.map((_, i) => i)],
    columns,
  };
  if (old > 0) return { node: grouped, lifted, outputs: nothing, empty: null };
  const values = new Map<ColumnId, Expr>();
  for (const call of node.aggregates) {
    const value =
      call.fn.vectorized === 'count' || call.fn.vectorized === 'countStar' ? 0 : emptyValue(call.fn);
    if (value === undefined) return null;
    values.set(call.output, { kind: 'const', value, type: call.type, typmod: call.typmod, location: -1 });
  }
  const first = groupColumns[0] as OutputColumn;
  return { node: grouped, lifted, outputs: nothing, empty: { values, marker: columnRef(first.id, first) } };
}

/** Aggregates over no rows give NULL, the counting ones (known by name) zero; others are not guessed. */
function emptyValue(fn: AggregateNode['aggregates'][number]['fn']): 0 | null | undefined {
  if (fn.name === 'count' || fn.name === 'regr_count') return 0;
  return fn.orderedSet?.hypothetical === true ? undefined : null;
}

interface Tie {
  readonly inner: Expr;
  /** The predicate with another expression in the inner side's place. */
  over(inner: Expr): Expr;
}

function tieOf(predicate: Expr, inner: ReadonlySet<ColumnId>, outer: ReadonlySet<ColumnId>): Tie | null {
  if (predicate.kind !== 'call' || predicate.fn.operator?.btree !== '=' || predicate.args.length !== 2)
    return null;
  const [a, b] = predicate.args as readonly [Expr, Expr];
  const isInner = (e: Expr): boolean => isSubset(usedColumns(e), inner) && usedColumns(e).size > 0;
  const isOuter = (e: Expr): boolean =>
    intersects(usedColumns(e), outer) && !intersects(usedColumns(e), inner);
  if (isInner(a) && isOuter(b)) return { inner: a, over: (e) => ({ ...predicate, args: [e, b] }) };
  if (isInner(b) && isOuter(a)) return { inner: b, over: (e) => ({ ...predicate, args: [a, e] }) };
  return null;
}

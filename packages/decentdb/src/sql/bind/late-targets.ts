/**
 * Targets that are computed after the sort: volatile ones, and set-returning functions.
 *
 * I1  As PostgreSQL does it (make_sort_input_target): a volatile target that nothing sorts by is computed for the sorted rows,
 *     in their order and no further than LIMIT reads; set-returning functions likewise unless something sorts by one.
 * I2  Only where there is ORDER BY: without it DISTINCT ON picks among the rows sets were made into; DISTINCT needs all targets before.
 */
import type { Expr, SortKey } from '../../exec/expr.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { isVolatile } from '../../plan/predicates.ts';
import type * as ast from '../ast/nodes.ts';
import type { Level } from './level.ts';
import { applyLimit } from './limit.ts';
import { applyLocking } from './locking.ts';
import type { SortTarget } from './order-by.ts';
import { type Clauses, dropJunk, outputColumn, referTo } from './select.ts';
import { applySetFunctions, hasSetFunction } from './set-functions.ts';
import type { Target } from './targets.ts';

export function lateTargets(level: Level, clauses: Clauses): ReadonlySet<Target> {
  const { targets, sort, distinct } = clauses;
  const late = new Set<Target>();
  if (sort.length === 0 || distinct?.on === null) return late;
  const keys = new Set([
    ...sort.map((key) => key.target),
    ...(distinct?.extraKeys ?? []).map((key) => key.target),
    ...(distinct?.on ?? []),
  ]);
  const areSetsLate = ![...keys].some((key) => hasSetFunction(level, key.expr));
  for (const target of targets) {
    if (keys.has(target)) continue;
    if (isVolatile(target.expr) || (areSetsLate && hasSetFunction(level, target.expr))) late.add(target);
  }
  return late;
}

/** Projection, sort, late targets, limit, and the removal of junk columns. */
export function finishLate(
  level: Level,
  rows: LogicalNode,
  clauses: Clauses,
  stmt: ast.SelectStmt,
  late: ReadonlySet<Target>,
): LogicalNode {
  const { targets, sort, distinct } = clauses;
  const areSetsLate = [...late].some((target) => hasSetFunction(level, target.expr));
  const input = areSetsLate ? rows : applySetFunctions(level, rows);
  const columns = targets.map((target) => outputColumn(level, target));
  const sorted = new Map<Target, OutputColumn>();
  for (const target of targets) if (!late.has(target)) sorted.set(target, outputColumn(level, target));
  const early = [...sorted.keys()];
  // Late targets are made of what the query reads.
  let node: LogicalNode = {
    kind: 'project',
    input,
    exprs: [...early.map((target) => target.expr), ...input.columns.map(referTo)],
    columns: [...sorted.values(), ...input.columns],
  };
  const keyOn = (key: SortTarget, column: OutputColumn | undefined): SortKey => ({
    expr: referTo(column as OutputColumn),
    descending: key.descending,
    nullsFirst: key.nullsFirst,
  });
  const keyOf = (key: SortTarget): SortKey => keyOn(key, sorted.get(key.target));
  const sortKeys = [...sort, ...(distinct?.extraKeys ?? [])].map(keyOf);
  node = { kind: 'sort', input: node, keys: sortKeys, columns: node.columns };
  if (distinct !== null) {
    const on = (distinct.on ?? []).map((target) => referTo(sorted.get(target) as OutputColumn));
    node = { kind: 'distinct', input: node, on, columns: node.columns };
  }
  if (areSetsLate) node = applySetFunctions(level, node);
  const exprs = targets.map((target): Expr => {
    const column = sorted.get(target);
    return column === undefined ? target.expr : referTo(column);
  });
  node = { kind: 'project', input: node, exprs, columns };
  const keys = sort.map((key) => keyOn(key, columns[targets.indexOf(key.target)]));
  node = applyLimit(node, clauses.limit, keys);
  node = applyLocking(level, stmt, node);
  return dropJunk(node, targets, columns);
}

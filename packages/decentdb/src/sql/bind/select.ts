/**
 * SELECT: from parse tree to a plan whose columns are the result's.
 *
 *     FROM -> WHERE -> aggregate -> HAVING -> windows -> set functions -> project -> DISTINCT -> sort -> limit -> drop junk
 *                                                    -> project -> sort -> late targets (late-targets.ts) -> limit -> drop junk
 *
 * I1  Output columns get fresh ids, so that a query level never shares ids with what it reads.
 * I2  Clauses are bound in PostgreSQL's order (targets, WHERE, HAVING, ORDER BY, GROUP BY, DISTINCT, LIMIT, WINDOW), which
 *     decides which of two errors is reported.
 */
import type { Expr, SortKey } from '../../exec/expr.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceToBoolean } from './coerce.ts';
import { bindDistinct, type DistinctSpec } from './distinct.ts';
import { bindError } from './errors.ts';
import { bindExpr } from './expressions.ts';
import { bindFrom } from './from.ts';
import { bindGroupBy, type GroupBy } from './group-by.ts';
import { applyGrouping } from './grouping.ts';
import { finishLate, lateTargets } from './late-targets.ts';
import { Level } from './level.ts';
import { applyLimit, bindLimit, type LimitSpec } from './limit.ts';
import { applyLocking } from './locking.ts';
import { bindOrderBy, type SortTarget } from './order-by.ts';
import { applySetFunctions } from './set-functions.ts';
import { bindSetOperation } from './set-operations.ts';
import type { BindState } from './state.ts';
import { bindTargets, resolveTargets, type Target } from './targets.ts';
import { bindValues } from './values.ts';
import { applyWindows } from './window-plan.ts';
import { checkWindowNames } from './windows.ts';
import { bindWith, wrapWith } from './with.ts';

export interface SelectOptions {
  /** Leave untyped literals unknown: the consumer (INSERT, a set operation) decides. */
  readonly keepUnknown?: boolean;
}

/** PostgreSQL's limit on columns of a result. */
const TARGETS_MAX = 1664;

/** Binds a query in its own level below `parent`. */
export function bindSelect(
  state: BindState,
  parent: Level | null,
  stmt: ast.SelectStmt,
  options: SelectOptions = {},
): LogicalNode {
  const level = new Level(state, parent);
  const ctes = stmt.withClause === null ? [] : bindWith(level, stmt.withClause);
  return wrapWith(ctes, bindSelectBody(level, stmt, options));
}

/** A subquery of an expression. */
export function bindSubquery(level: Level, stmt: ast.SelectStmt): LogicalNode {
  return bindSelect(level.state, level, stmt);
}

export function bindSelectBody(level: Level, stmt: ast.SelectStmt, options: SelectOptions): LogicalNode {
  if (stmt.intoClause !== null)
    throw bindError('42601', 'SELECT ... INTO is not allowed here', stmt.intoClause.location);
  if (stmt.valuesLists.length > 0) return bindValues(level, stmt, options);
  if (stmt.op !== 'SETOP_NONE') return bindSetOperation(level, stmt);
  return bindPlain(level, stmt, options);
}

export interface Clauses {
  readonly targets: Target[];
  readonly where: Expr | null;
  having: Expr | null;
  readonly sort: SortTarget[];
  readonly groupBy: GroupBy | null;
  readonly distinct: DistinctSpec | null;
  readonly limit: LimitSpec;
}

function bindPlain(level: Level, stmt: ast.SelectStmt, options: SelectOptions): LogicalNode {
  checkWindowNames(stmt.windowClause);
  level.namedWindows = stmt.windowClause;
  const from = bindFrom(level, stmt.fromClause);
  const clauses = bindClauses(level, stmt, options);
  let node: LogicalNode = from ?? { kind: 'values', rows: [[]], columns: [] };
  if (clauses.where !== null) node = filter(node, clauses.where);
  node = applyGrouping(level, node, clauses, stmt);
  node = applyWindows(level, node);
  const late = lateTargets(level, clauses);
  if (late.size > 0) return finishLate(level, node, clauses, stmt, late);
  node = applySetFunctions(level, node);
  return finish(level, node, clauses, stmt);
}

function bindClauses(level: Level, stmt: ast.SelectStmt, options: SelectOptions): Clauses {
  const targets = bindTargets(level, stmt.targetList, 'selectTarget');
  if (targets.length > TARGETS_MAX)
    throw bindError('54011', `target lists can have at most ${TARGETS_MAX} entries`, -1);
  const where =
    stmt.whereClause === null
      ? null
      : coerceToBoolean(level, bindExpr(level, stmt.whereClause, 'where'), 'WHERE');
  const having =
    stmt.havingClause === null
      ? null
      : coerceToBoolean(level, bindExpr(level, stmt.havingClause, 'having'), 'HAVING');
  const sort = bindOrderBy(level, stmt.sortClause, targets);
  const groupBy = bindGroupBy(level, stmt, targets);
  const distinct = bindDistinct(level, stmt, targets, sort);
  const limit = bindLimit(level, stmt);
  if (options.keepUnknown !== true) resolveTargets(level, targets);
  return { targets, where, having, sort, groupBy, distinct, limit };
}

export function filter(input: LogicalNode, predicate: Expr): LogicalNode {
  return { kind: 'filter', input, predicate, columns: input.columns };
}

/** Projection, DISTINCT, sort, limit, and the removal of junk columns. */
function finish(level: Level, input: LogicalNode, clauses: Clauses, stmt: ast.SelectStmt): LogicalNode {
  const { targets, sort, distinct } = clauses;
  const columns = targets.map((target) => outputColumn(level, target));
  let node: LogicalNode = {
    kind: 'project',
    input,
    exprs: targets.map((target) => target.expr),
    columns,
  };
  const keyOf = (key: SortTarget): SortKey => ({
    expr: referTo(columns[targets.indexOf(key.target)] as OutputColumn),
    descending: key.descending,
    nullsFirst: key.nullsFirst,
  });
  const keys = sort.map(keyOf);
  if (distinct?.on === null) node = { kind: 'distinct', input: node, on: null, columns };
  const sortKeys = distinct?.on == null ? keys : [...keys, ...distinct.extraKeys.map(keyOf)];
  if (sortKeys.length > 0) node = { kind: 'sort', input: node, keys: sortKeys, columns };
  if (distinct !== null && distinct.on !== null) {
    const on = distinct.on.map((target) => referTo(columns[targets.indexOf(target)] as OutputColumn));
    node = { kind: 'distinct', input: node, on, columns };
  }
  node = applyLimit(node, clauses.limit, keys);
  node = applyLocking(level, stmt, node);
  return dropJunk(node, targets, columns);
}

export function outputColumn(level: Level, target: Target): OutputColumn {
  const { expr, name } = target;
  const id = level.state.newColumnId(level, null, name);
  const stored = expr.kind === 'column' ? level.state.infoOf(expr.id).stored : null;
  const origin = stored === null ? null : { table: stored.table, column: stored.position };
  return { id, name, type: expr.type, typmod: expr.typmod, origin };
}

export function referTo(column: OutputColumn): Expr {
  return { kind: 'column', id: column.id, type: column.type, typmod: column.typmod, location: -1 };
}

export function dropJunk(
  node: LogicalNode,
  targets: readonly Target[],
  columns: readonly OutputColumn[],
): LogicalNode {
  if (!targets.some((target) => target.isJunk)) return node;
  const kept = columns.filter((_, i) => targets[i]?.isJunk === false);
  return { kind: 'project', input: node, exprs: kept.map(referTo), columns: kept };
}

/**
 * ORDER BY, and the rule shared with GROUP BY and DISTINCT ON for what a bare name or number means.
 *
 * I1  SQL92: an output name or position; else (SQL99) an expression over the input columns.
 * I2  An expression equal to a target is that target; else it becomes a junk target.
 */
import type { Expr } from '../../exec/expr.ts';
import { textType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import { type ClauseKind, clauseName } from './clauses.ts';
import { coerceUnknownTo } from './coerce.ts';
import { bindError } from './errors.ts';
import { exprEqual } from './expr-equal.ts';
import { bindExpr } from './expressions.ts';
import type { Level } from './level.ts';
import { orderingOperator } from './operator-lookup.ts';
import { columnOf } from './scope.ts';
import type { Target } from './targets.ts';

export interface SortTarget {
  readonly target: Target;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** Binds the clause; expressions that are no targets are appended to `targets` as junk. */
export function bindOrderBy(level: Level, clause: readonly ast.SortBy[], targets: Target[]): SortTarget[] {
  const sort: SortTarget[] = [];
  for (const item of clause) {
    const target = findTarget(level, item.node, targets, 'orderBy');
    const key = sortTarget(level, item, target);
    if (!sort.some((other) => other.target === target)) sort.push(key);
  }
  return sort;
}

/** The key for a bound target: unknown literals become text, the type must have an order. */
export function sortTarget(level: Level, item: ast.SortBy, target: Target): SortTarget {
  target.expr = coerceUnknownTo(level, target.expr, textType);
  return { target, ...sortDirection(level, item, target.expr) };
}

/** Direction and place of NULLs of an ORDER BY item. */
export function sortDirection(
  level: Level,
  item: ast.SortBy,
  expr: Expr,
): { readonly descending: boolean; readonly nullsFirst: boolean } {
  let descending = item.sortby_dir === 'SORTBY_DESC';
  if (item.sortby_dir === 'SORTBY_USING') descending = usingDescends(item);
  orderingOperator(level, expr.type, descending ? '>' : '<', item.node.location);
  const nullsFirst =
    item.sortby_nulls === 'SORTBY_NULLS_DEFAULT' ? descending : item.sortby_nulls === 'SORTBY_NULLS_FIRST';
  return { descending, nullsFirst };
}

function usingDescends(item: ast.SortBy): boolean {
  const symbol = item.useOp.at(-1) ?? '';
  if (symbol === '<') return false;
  if (symbol === '>') return true;
  throw bindError('42809', `operator ${symbol} is not a valid ordering operator`, item.location, {
    hint: 'Ordering operators must be "<" or ">" members of btree operator families.',
  });
}

/** The target an ORDER BY, GROUP BY or DISTINCT ON item means, added as junk when it is none of the list. */
export function findTarget(level: Level, node: ast.Expr, targets: Target[], kind: ClauseKind): Target {
  return findSql92(level, node, targets, kind) ?? addTarget(bindExpr(level, node, kind), targets);
}

function addTarget(expr: Expr, targets: Target[]): Target {
  const equal = targets.find((target) => exprEqual(target.expr, expr));
  if (equal !== undefined) return equal;
  const target: Target = { expr, name: '?column?', isJunk: true };
  targets.push(target);
  return target;
}

function findSql92(level: Level, node: ast.Expr, targets: Target[], kind: ClauseKind): Target | null {
  if (node.kind === 'ColumnRef' && node.fields.length === 1 && !node.star)
    return findByName(level, node, targets, kind);
  if (node.kind === 'A_Const') return findByPosition(node, targets, kind);
  return null;
}

function findByName(level: Level, node: ast.ColumnRef, targets: Target[], kind: ClauseKind): Target | null {
  const name = node.fields[0] as string;
  // GROUP BY prefers an input column to an output name, as SQL99 asks.
  if (kind === 'groupBy' && isInputColumn(level, name, node.location)) return null;
  let found: Target | null = null;
  for (const target of targets) {
    if (target.isJunk || target.name !== name) continue;
    if (found !== null && !exprEqual(found.expr, target.expr))
      throw bindError('42702', `${clauseName(kind)} "${name}" is ambiguous`, node.location);
    found ??= target;
  }
  if (found !== null && kind === 'groupBy') level.state.recorder?.output?.(node, targets.indexOf(found) + 1);
  return found;
}

function isInputColumn(level: Level, name: string, location: number): boolean {
  return level.namespace.some((item) => {
    const column = item.columnsVisible ? columnOf(item, name, location) : null;
    return column !== null && column.isLater !== true;
  });
}

function findByPosition(node: ast.A_Const, targets: Target[], kind: ClauseKind): Target {
  if (node.constType !== 'Integer')
    throw bindError('42601', `non-integer constant in ${clauseName(kind)}`, node.location);
  const visible = targets.filter((target) => !target.isJunk);
  const target = visible[node.ival - 1];
  if (target === undefined)
    throw bindError(
      '42P10',
      `${clauseName(kind)} position ${node.ival} is not in select list`,
      node.location,
    );
  return target;
}

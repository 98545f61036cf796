/**
 * LIMIT, OFFSET, FETCH FIRST ... WITH TIES.
 */
import type { Expr, SortKey } from '../../exec/expr.ts';
import type { LogicalNode } from '../../plan/logical.ts';
import { int8Type } from '../../types/integer-types.ts';
import type * as ast from '../ast/nodes.ts';
import type { ClauseKind } from './clauses.ts';
import { coerceToType } from './coerce.ts';
import { bindError } from './errors.ts';
import { someDeep } from './expr-rewrite.ts';
import { bindExpr } from './expressions.ts';
import type { Level } from './level.ts';

export interface LimitSpec {
  readonly count: Expr | null;
  readonly offset: Expr | null;
  readonly withTies: boolean;
}

export function bindLimit(level: Level, stmt: ast.SelectStmt): LimitSpec {
  const offset = bindBound(level, stmt.limitOffset, 'offset', 'OFFSET');
  const count = bindBound(level, stmt.limitCount, 'limit', 'LIMIT');
  const withTies = stmt.limitOption === 'LIMIT_OPTION_WITH_TIES';
  if (withTies && stmt.limitCount !== null && isNull(stmt.limitCount))
    throw bindError('2201W', 'row count cannot be null in FETCH FIRST ... WITH TIES clause', -1);
  if (withTies && stmt.sortClause.length === 0)
    throw bindError('42601', 'WITH TIES cannot be specified without ORDER BY clause', -1);
  return { count, offset, withTies };
}

function isNull(node: ast.Expr): boolean {
  return node.kind === 'A_Const' && node.constType === 'Null';
}

function bindBound(level: Level, node: ast.Expr | null, kind: ClauseKind, name: string): Expr | null {
  if (node === null || isNull(node)) return null;
  const expr = coerceToType(level, bindExpr(level, node, kind), int8Type, name);
  const isOwnColumn = (at: Expr): boolean =>
    at.kind === 'column' && level.state.infoOf(at.id).level === level;
  if (someDeep(expr, isOwnColumn))
    throw bindError('42P10', `argument of ${name} must not contain variables`, firstColumn(level, expr));
  return expr;
}

function firstColumn(level: Level, expr: Expr): number {
  let location = -1;
  someDeep(expr, (at) => {
    if (at.kind !== 'column' || level.state.infoOf(at.id).level !== level) return false;
    location = at.location;
    return true;
  });
  return location;
}

export function applyLimit(node: LogicalNode, limit: LimitSpec, keys: readonly SortKey[]): LogicalNode {
  if (limit.count === null && limit.offset === null) return node;
  return {
    kind: 'limit',
    input: node,
    count: limit.count,
    offset: limit.offset,
    ties: limit.withTies ? keys : null,
    columns: node.columns,
  };
}

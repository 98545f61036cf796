/**
 * Target lists: the columns of SELECT and RETURNING.
 *
 * I1  A target without a name takes PostgreSQL's guess (column-names.ts).
 * I2  `isJunk` targets are computed for ORDER BY or DISTINCT ON only and dropped at the end.
 */
import type { Expr } from '../../exec/expr.ts';
import { textType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import type { ClauseKind } from './clauses.ts';
import { coerceUnknownTo } from './coerce.ts';
import { columnNameOf } from './column-names.ts';
import { bindExpr } from './expressions.ts';
import type { Level } from './level.ts';
import { expandQualifiedStar, expandRowValue, expandStar, type StarColumn } from './stars.ts';

export interface Target {
  expr: Expr;
  readonly name: string;
  readonly isJunk: boolean;
}

/** Binds a list with stars expanded. */
export function bindTargets(level: Level, list: readonly ast.ResTarget[], kind: ClauseKind): Target[] {
  return list.flatMap((target) => bindTarget(level, target, kind));
}

function bindTarget(level: Level, target: ast.ResTarget, kind: ClauseKind): Target[] {
  const node = target.val as ast.Expr;
  const stars = bindStar(level, node, kind);
  if (stars !== null) {
    level.state.recorder?.star(target, stars);
    return stars.map(({ name, expr }) => ({ expr, name, isJunk: false }));
  }
  return [{ expr: bindExpr(level, node, kind), name: target.name ?? columnNameOf(node), isJunk: false }];
}

function bindStar(level: Level, node: ast.Expr, kind: ClauseKind): StarColumn[] | null {
  if (node.kind === 'ColumnRef' && node.star)
    return node.fields.length === 0 ? expandStar(level, node.location) : expandQualifiedStar(level, node);
  if (node.kind !== 'A_Indirection' || node.indirection.at(-1)?.kind !== 'A_Star') return null;
  const before = level.kind;
  level.kind = kind;
  const stars = expandRowValue(level, node);
  level.kind = before;
  return stars;
}

/** Literals and parameters nobody gave a type become text. */
export function resolveTargets(level: Level, targets: readonly Target[]): void {
  for (const target of targets) target.expr = coerceUnknownTo(level, target.expr, textType);
}

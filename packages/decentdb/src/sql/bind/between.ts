/**
 * BETWEEN: two comparisons of one operand.
 */
import type { Expr } from '../../exec/expr.ts';
import { boolType } from '../../types/bool-type.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceToBoolean } from './coerce.ts';
import { bindNode } from './expressions.ts';
import type { Level } from './level.ts';
import { leftmost, operatorCall } from './operators.ts';

export function bindBetween(level: Level, node: ast.A_Expr): Expr {
  const [lowNode, highNode] = (node.rexpr as ast.ExprList).items as [ast.Expr, ast.Expr];
  const value = bindNode(level, node.lexpr as ast.Expr);
  const low = bindNode(level, lowNode);
  const high = bindNode(level, highNode);
  const compare = (symbol: string, bound: Expr): Expr =>
    coerceToBoolean(level, operatorCall(level, [symbol], value, bound, node.location), 'BETWEEN');
  const location = leftmost(node.location, value);
  const all = (args: readonly Expr[]): Expr => ({ kind: 'and', args, type: boolType, typmod: -1, location });
  const any = (args: readonly Expr[]): Expr => ({ kind: 'or', args, type: boolType, typmod: -1, location });
  const inside = (from: Expr, to: Expr): Expr => all([compare('>=', from), compare('<=', to)]);
  const outside = (from: Expr, to: Expr): Expr => any([compare('<', from), compare('>', to)]);
  switch (node.exprKind) {
    case 'AEXPR_BETWEEN':
      return inside(low, high);
    case 'AEXPR_NOT_BETWEEN':
      return outside(low, high);
    case 'AEXPR_BETWEEN_SYM':
      return any([inside(low, high), inside(high, low)]);
    default:
      return all([outside(low, high), outside(high, low)]);
  }
}

/**
 * BETWEEN: two comparisons of one operand.
 *
 * I1  A row that is written out is compared field by field, as by the operators alone; it is bound once for each comparison.
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
  const valueNode = node.lexpr as ast.Expr;
  if (valueNode.kind === 'RowExpr') {
    const compare = (symbol: string, rexpr: ast.Expr): Expr =>
      bindNode(level, { ...node, exprKind: 'AEXPR_OP', name: [symbol], rexpr });
    return combined(node, lowNode, highNode, compare, node.location);
  }
  const value = bindNode(level, valueNode);
  const low = bindNode(level, lowNode);
  const high = bindNode(level, highNode);
  const compare = (symbol: string, bound: Expr): Expr =>
    coerceToBoolean(level, operatorCall(level, [symbol], value, bound, node.location), 'BETWEEN');
  return combined(node, low, high, compare, leftmost(node.location, value));
}

function combined<B>(
  node: ast.A_Expr,
  low: B,
  high: B,
  compare: (symbol: string, bound: B) => Expr,
  location: number,
): Expr {
  const all = (args: readonly Expr[]): Expr => ({ kind: 'and', args, type: boolType, typmod: -1, location });
  const any = (args: readonly Expr[]): Expr => ({ kind: 'or', args, type: boolType, typmod: -1, location });
  const inside = (from: B, to: B): Expr => all([compare('>=', from), compare('<=', to)]);
  const outside = (from: B, to: B): Expr => any([compare('<', from), compare('>', to)]);
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

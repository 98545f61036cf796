/**
 * `x op ANY (array)` and `x op ALL (array)`.
 */
import type { Expr } from '../../exec/expr.ts';
import { boolType } from '../../types/bool-type.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { convert, convertImplicitly } from './coerce.ts';
import { bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import type { Level } from './level.ts';
import { lookUpOperator } from './operator-lookup.ts';
import { leftmost } from './operators.ts';

export function bindQuantifiedArray(level: Level, node: ast.A_Expr): Expr {
  const left = bindNode(level, node.lexpr as ast.Expr);
  const array = typedArray(level, left, bindNode(level, node.rexpr as ast.Expr));
  const element = domainBase(array.type).elementType;
  if (element === null)
    throw bindError('42809', 'op ANY/ALL (array) requires array on right side', node.location);
  const resolved = lookUpOperator(node.name, left.type, element, node.location);
  if (resolved.resultType.oid !== Oid.bool)
    throw bindError('42809', 'op ANY/ALL (array) requires operator to yield boolean', node.location);
  const [leftType, rightType] = resolved.argTypes as [SqlType, SqlType];
  const wanted = rightType.oid === element.oid ? array.type : rightType.arrayType;
  if (wanted === null)
    throw bindError(
      '42704',
      `could not find array type for data type ${rightType.sqlName(-1)}`,
      node.location,
    );
  return {
    kind: 'quantified',
    quantifier: node.exprKind === 'AEXPR_OP_ANY' ? 'any' : 'all',
    left: convertImplicitly(level, left, leftType),
    op: resolved.fn,
    list: null,
    array: convertImplicitly(level, array, wanted),
    type: boolType,
    typmod: -1,
    location: leftmost(node.location, left),
  };
}

/** An untyped literal or parameter on the right is an array of the left side's type. */
function typedArray(level: Level, left: Expr, right: Expr): Expr {
  if (right.type.oid !== Oid.unknown) return right;
  const wanted = left.type.oid === Oid.unknown ? null : domainBase(left.type).arrayType;
  if (wanted === null) return right;
  return convert(level, right, wanted, 'implicit') ?? right;
}

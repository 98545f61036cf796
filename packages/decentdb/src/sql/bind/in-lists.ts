/**
 * IN and NOT IN over lists.
 *
 * I1  Members without columns are brought to one type with the left side and compared by one operator; members that use
 *     columns are compared one by one, as PostgreSQL does.
 */
import type { Expr } from '../../exec/expr.ts';
import { commonTypeOrNull } from '../../functions/coercion.ts';
import { boolType } from '../../types/bool-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceToBoolean, convertImplicitly } from './coerce.ts';
import { someDeep } from './expr-rewrite.ts';
import { bindNode } from './expressions.ts';
import type { Level } from './level.ts';
import { lookUpOperator } from './operator-lookup.ts';
import { leftmost, operatorCall } from './operators.ts';
import { compareRows } from './row-compare.ts';

export function bindIn(level: Level, node: ast.A_Expr): Expr {
  const { items } = node.rexpr as ast.ExprList;
  const isNot = node.name[0] === '<>';
  const lexpr = node.lexpr as ast.Expr;
  const tests: Expr[] = [];
  if (lexpr.kind === 'RowExpr' || items.some((item) => item.kind === 'RowExpr')) {
    for (const item of items) tests.push(rowTest(level, node, lexpr, item));
    return combine(tests, isNot, node.location);
  }
  const left = bindNode(level, lexpr);
  const members = items.map((item) => bindNode(level, item));
  const simple = members.filter((member) => !usesColumns(member));
  const common =
    simple.length > 1 ? commonTypeOrNull([left.type, ...simple.map((member) => member.type)]) : null;
  if (common !== null) tests.push(listTest(level, node, left, simple, common));
  const single = common === null ? members : members.filter(usesColumns);
  for (const member of single)
    tests.push(coerceToBoolean(level, operatorCall(level, node.name, left, member, node.location), 'IN'));
  return combine(tests, isNot, leftmost(node.location, left));
}

function rowTest(level: Level, node: ast.A_Expr, left: ast.Expr, right: ast.Expr): Expr {
  if (left.kind === 'RowExpr' && right.kind === 'RowExpr')
    return compareRows(level, node.name, left, right, node.location);
  return operatorCall(level, node.name, bindNode(level, left), bindNode(level, right), node.location);
}

function usesColumns(expr: Expr): boolean {
  return someDeep(expr, (at) => at.kind === 'column');
}

/** `left = ANY (members)` or `left <> ALL (members)`. */
function listTest(
  level: Level,
  node: ast.A_Expr,
  left: Expr,
  members: readonly Expr[],
  common: SqlType,
): Expr {
  const typed = members.map((member) => convertImplicitly(level, member, common));
  const resolved = lookUpOperator(node.name, left.type, common, node.location);
  const [leftType, rightType] = resolved.argTypes as [SqlType, SqlType];
  return {
    kind: 'quantified',
    quantifier: node.name[0] === '<>' ? 'all' : 'any',
    left: convertImplicitly(level, left, leftType),
    op: resolved.fn,
    list: typed.map((member) => convertImplicitly(level, member, rightType)),
    array: null,
    type: boolType,
    typmod: -1,
    location: leftmost(node.location, left),
  };
}

function combine(tests: readonly Expr[], isNot: boolean, location: number): Expr {
  if (tests.length === 1) return tests[0] as Expr;
  return { kind: isNot ? 'and' : 'or', args: tests, type: boolType, typmod: -1, location };
}

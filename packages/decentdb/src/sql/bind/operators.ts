/**
 * A_Expr: binary and prefix operators and the constructs written like them.
 *
 * I1  Left-deep chains (1 + 1 + 1 ...) are walked in a loop.
 * I2  The location of an operator expression is its leftmost part, as PostgreSQL reports it; errors of the operator itself
 *     point at the operator.
 */
import type { Expr } from '../../exec/expr.ts';
import { boolType } from '../../types/bool-type.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { bindBetween } from './between.ts';
import { requireOneCollation } from './casts.ts';
import { coerceToBoolean, convertImplicitly } from './coerce.ts';
import { bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import { bindIn } from './in-lists.ts';
import type { Level } from './level.ts';
import { lookUpOperator, splitCall } from './operator-lookup.ts';
import { bindQuantifiedArray } from './quantified.ts';
import { compareRows, distinctRows } from './row-compare.ts';
import { bindRowSubquery } from './subqueries.ts';

export function bindOperator(level: Level, node: ast.A_Expr): Expr {
  switch (node.exprKind) {
    case 'AEXPR_OP':
      return bindChain(level, node);
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
    case 'AEXPR_SIMILAR':
      return bindPair(level, node, bindNode(level, node.lexpr as ast.Expr));
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
      return bindQuantifiedArray(level, node);
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT':
      return bindDistinctFrom(level, node);
    case 'AEXPR_NULLIF':
      return bindNullIf(level, node);
    case 'AEXPR_IN':
      return bindIn(level, node);
    default:
      return bindBetween(level, node);
  }
}

/** Operators whose left operand is an operator again, and so on down. */
function bindChain(level: Level, top: ast.A_Expr): Expr {
  const chain: ast.A_Expr[] = [];
  let node: ast.Expr = top;
  while (isPlainPair(node)) {
    chain.push(node);
    node = node.lexpr as ast.Expr;
  }
  if (chain.length === 0) return bindSpecial(level, top);
  let left = bindNode(level, node);
  while (chain.length > 0) left = bindPair(level, chain.pop() as ast.A_Expr, left);
  return left;
}

function isPlainPair(node: ast.Expr): node is ast.A_Expr {
  return (
    node.kind === 'A_Expr' &&
    node.exprKind === 'AEXPR_OP' &&
    node.lexpr !== null &&
    node.lexpr.kind !== 'RowExpr' &&
    (node.rexpr as ast.Expr).kind !== 'RowExpr'
  );
}

/** Prefix operators and operators on rows. */
function bindSpecial(level: Level, node: ast.A_Expr): Expr {
  const right = node.rexpr as ast.Expr;
  const { lexpr } = node;
  if (lexpr === null) return operatorCall(level, node.name, null, bindNode(level, right), node.location);
  if (lexpr.kind === 'RowExpr' && right.kind === 'RowExpr')
    return compareRows(level, node.name, lexpr, right, node.location);
  if (lexpr.kind === 'RowExpr' && right.kind === 'SubLink' && right.subLinkType === 'EXPR_SUBLINK')
    return bindRowSubquery(level, node, lexpr, right);
  return operatorCall(level, node.name, bindNode(level, lexpr), bindNode(level, right), node.location);
}

function bindPair(level: Level, node: ast.A_Expr, left: Expr): Expr {
  requireOneCollation(node);
  return operatorCall(level, node.name, left, bindNode(level, node.rexpr as ast.Expr), node.location);
}

/** The call of an operator with its operands converted. */
export function operatorCall(
  level: Level,
  name: readonly string[],
  left: Expr | null,
  right: Expr,
  location: number,
): Expr {
  const resolved = lookUpOperator(name, left?.type ?? null, right.type, location);
  const operands = left === null ? [right] : [left, right];
  const args = operands.map((operand, i) =>
    convertImplicitly(level, operand, resolved.argTypes[i] as SqlType),
  );
  return {
    kind: 'call',
    fn: resolved.fn,
    args,
    type: resolved.resultType,
    typmod: -1,
    location: leftmost(location, ...operands),
  };
}

/** The first of several places in the text; -1 when none is known. */
export function leftmost(location: number, ...exprs: readonly Expr[]): number {
  let least = location;
  for (const expr of exprs)
    if (expr.location >= 0 && (least < 0 || expr.location < least)) least = expr.location;
  return least;
}

function bindDistinctFrom(level: Level, node: ast.A_Expr): Expr {
  const lexpr = node.lexpr as ast.Expr;
  const rexpr = node.rexpr as ast.Expr;
  const negated = node.exprKind === 'AEXPR_NOT_DISTINCT';
  if (lexpr.kind === 'RowExpr' && rexpr.kind === 'RowExpr')
    return distinctRows(level, lexpr, rexpr, negated, node.location);
  const left = bindNode(level, lexpr);
  const right = bindNode(level, rexpr);
  if (isNullConst(right) || isNullConst(left)) {
    const arg = isNullConst(right) ? left : right;
    const base = { type: boolType, typmod: -1, location: leftmost(node.location, left) };
    return { kind: 'isNull', arg, negated: !negated, isRow: false, ...base };
  }
  return distinctFrom(level, left, right, negated, node.location);
}

function isNullConst(expr: Expr): boolean {
  return expr.kind === 'const' && expr.value === null && expr.type.oid === Oid.unknown;
}

/** `left IS [NOT] DISTINCT FROM right` of two scalars. */
export function distinctFrom(
  level: Level,
  left: Expr,
  right: Expr,
  negated: boolean,
  location: number,
): Expr {
  const call = operatorCall(level, ['='], left, right, location);
  if (call.type.oid !== Oid.bool)
    throw bindError('42804', 'IS DISTINCT FROM requires = operator to yield boolean', location);
  const { fn, args } = splitCall(call);
  return {
    kind: 'distinct',
    left: args[0] as Expr,
    right: args[1] as Expr,
    equals: fn,
    negated,
    type: boolType,
    typmod: -1,
    location: call.location,
  };
}

function bindNullIf(level: Level, node: ast.A_Expr): Expr {
  const left = bindNode(level, node.lexpr as ast.Expr);
  const right = bindNode(level, node.rexpr as ast.Expr);
  const call = operatorCall(level, ['='], left, right, node.location);
  coerceToBoolean(level, call, 'NULLIF');
  const { fn, args } = splitCall(call);
  const first = args[0] as Expr;
  return {
    kind: 'nullIf',
    left: first,
    right: args[1] as Expr,
    equals: fn,
    type: first.type,
    typmod: first.typmod,
    location: call.location,
  };
}

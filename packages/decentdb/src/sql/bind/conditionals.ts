/**
 * CASE, COALESCE, GREATEST, LEAST: branches brought to one type.
 */
import type { Expr } from '../../exec/expr.ts';
import { unknownType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceToBoolean, coerceToCommon, commonTypeOf, resolveUnknown } from './coerce.ts';
import { constant } from './constants.ts';
import { bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import type { Level } from './level.ts';
import { orderingOperator } from './operator-lookup.ts';
import { operatorCall } from './operators.ts';

export function bindCase(level: Level, node: ast.CaseExpr): Expr {
  const before = level.setFunctions.length;
  const operand = node.arg === null ? null : resolveUnknown(level, bindNode(level, node.arg));
  const whens = node.args.map((when) => bindWhen(level, when, operand));
  const results = node.args.map((when) => bindNode(level, when.result));
  const otherwise = node.defresult === null ? null : bindNode(level, node.defresult);
  // PostgreSQL lets the ELSE branch lead when types are chosen.
  const candidates = [otherwise ?? constant(null, unknownType, -1), ...results];
  const common = commonTypeOf(level, candidates, 'CASE');
  refuseSetFunctions(level, before, 'CASE');
  const branches = whens.map((when, i) => ({
    when,
    then: coerceToCommon(level, results[i] as Expr, common, 'CASE/WHEN'),
  }));
  return {
    kind: 'case',
    operand,
    branches,
    otherwise: otherwise === null ? null : coerceToCommon(level, otherwise, common, 'CASE/ELSE'),
    type: common.type,
    // Without ELSE there is a NULL of no length.
    typmod: otherwise === null ? -1 : commonTypmod([...branches.map(({ then }) => then), otherwise]),
    location: node.location,
  };
}

function bindWhen(level: Level, when: ast.CaseWhen, operand: Expr | null): Expr {
  if (operand === null) return coerceToBoolean(level, bindNode(level, when.expr), 'CASE/WHEN');
  const test: Expr = {
    kind: 'caseTest',
    type: operand.type,
    typmod: operand.typmod,
    location: operand.location,
  };
  const comparison = operatorCall(level, ['='], test, bindNode(level, when.expr), when.location);
  return coerceToBoolean(level, comparison, 'CASE/WHEN');
}

export function bindCoalesce(level: Level, node: ast.CoalesceExpr): Expr {
  const before = level.setFunctions.length;
  const args = node.args.map((arg) => bindNode(level, arg));
  const common = commonTypeOf(level, args, 'COALESCE');
  const coerced = args.map((arg) => coerceToCommon(level, arg, common, 'COALESCE'));
  refuseSetFunctions(level, before, 'COALESCE');
  return {
    kind: 'coalesce',
    args: coerced,
    type: common.type,
    typmod: commonTypmod(coerced),
    location: node.location,
  };
}

export function bindMinMax(level: Level, node: ast.MinMaxExpr): Expr {
  const kind = node.op === 'IS_GREATEST' ? 'greatest' : 'least';
  const args = node.args.map((arg) => bindNode(level, arg));
  const common = commonTypeOf(level, args, kind.toUpperCase());
  const coerced = args.map((arg) => coerceToCommon(level, arg, common, kind.toUpperCase()));
  orderingOperator(level, common.type, '<', node.location);
  return { kind, args: coerced, type: common.type, typmod: commonTypmod(coerced), location: node.location };
}

/** 0A000: an expression that may skip its parts cannot hold a set-returning function. */
function refuseSetFunctions(level: Level, before: number, construct: string): void {
  const call = level.setFunctions[before];
  if (call === undefined) return;
  throw bindError('0A000', `set-returning functions are not allowed in ${construct}`, call.location, {
    hint: 'You might be able to move the set-returning function into a LATERAL FROM item.',
  });
}

/** The typmod all share, or -1. */
export function commonTypmod(exprs: readonly Expr[]): number {
  const first = exprs[0]?.typmod ?? -1;
  return exprs.every((expr) => expr.typmod === first) ? first : -1;
}

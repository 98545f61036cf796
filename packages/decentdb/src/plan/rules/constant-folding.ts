/**
 * Evaluates what does not depend on rows, and simplifies three-valued logic around constants.
 *
 * I1  Only immutable functions are evaluated, and an evaluation that fails is left for run time: the error belongs to the
 *     row that reaches it, if any does.
 * I2  CASE and COALESCE lose branches that cannot be reached, so their errors never happen either.
 */

import { DecentDbError } from '../../base/errors.ts';
import type { ConstExpr, Expr } from '../../exec/expr.ts';
import type { EvalContext, ScalarFunction } from '../../functions/function.ts';
import type { Datum } from '../../types/vector.ts';
import { mapExpr } from '../expr-walk.ts';
import type { LogicalNode } from '../logical.ts';
import { mapNodeExprs, mapTree } from '../node-walk.ts';
import type { Rule } from './rule.ts';

export const constantFolding: Rule = {
  name: 'constant_folding',
  description: 'evaluate constant expressions once, at planning',
  apply: (root) => mapTree(root, (node) => dropTrueFilter(mapNodeExprs(node, foldConstants))),
};

function dropTrueFilter(node: LogicalNode): LogicalNode {
  if (node.kind === 'filter' && node.predicate.kind === 'const' && node.predicate.value === true)
    return node.input;
  if (node.kind === 'join' && node.condition?.kind === 'const' && node.condition.value === true)
    return { ...node, condition: null };
  return node;
}

/** The expression with constant parts evaluated. */
export function foldConstants(expr: Expr): Expr {
  return mapExpr(expr, foldOne);
}

const isConst = (expr: Expr): expr is ConstExpr => expr.kind === 'const';

function constant(like: Expr, value: ConstExpr['value']): ConstExpr {
  return { kind: 'const', value, type: like.type, typmod: like.typmod, location: like.location };
}

function foldOne(expr: Expr): Expr {
  switch (expr.kind) {
    case 'call':
      return foldCall(expr);
    case 'and':
    case 'or':
      return foldLogic(expr);
    case 'not':
      if (!isConst(expr.arg)) return expr;
      return constant(expr, expr.arg.value === null ? null : expr.arg.value !== true);
    case 'isNull':
      if (!isConst(expr.arg) || expr.isRow) return expr;
      return constant(expr, (expr.arg.value === null) !== expr.negated);
    case 'case':
      return foldCase(expr);
    case 'coalesce': {
      const args = expr.args.filter((arg) => !isConst(arg) || arg.value !== null);
      const first = args[0];
      if (first === undefined) return constant(expr, null);
      if (isConst(first)) return { ...first, type: expr.type, typmod: expr.typmod };
      return args.length === expr.args.length ? expr : { ...expr, args };
    }
    default:
      return expr;
  }
}

function foldCall(expr: Extract<Expr, { kind: 'call' }>): Expr {
  const { fn, args } = expr;
  if (fn.strict && fn.volatility !== 'volatile' && args.some((arg) => isConst(arg) && arg.value === null))
    return constant(expr, null);
  if (fn.volatility !== 'immutable' || !args.every(isConst)) return expr;
  const value = valueOfCall(
    fn,
    args.map((arg) => arg.value),
  );
  return value === undefined ? expr : constant(expr, value);
}

/** What a call with these arguments always gives; undefined where run time alone can say (I1). */
export function valueOfCall(fn: ScalarFunction, args: readonly Datum[]): Datum | undefined {
  try {
    return valueOrError(fn, args);
  } catch (error) {
    if (error instanceof DecentDbError) return undefined;
    throw error;
  }
}

/** The same where a failure is wanted now: what is assigned without regard to rows (sql/bind/coerce.ts). */
export function valueOrError(fn: ScalarFunction, args: readonly Datum[]): Datum | undefined {
  if (fn.strict && fn.volatility !== 'volatile' && args.includes(null)) return null;
  if (fn.volatility !== 'immutable') return undefined;
  try {
    return fn.eval(noContext, ...args);
  } catch (error) {
    if (error instanceof NeedsContext) return undefined;
    throw error;
  }
}

/** Immutable functions have no business with the session; one that asks anyway is not folded. */
class NeedsContext extends Error {}
const refuse = (): never => {
  throw new NeedsContext('an immutable function asked for the session');
};
const noContext: EvalContext = {
  get transactionMicros(): number {
    return refuse();
  },
  get statementMicros(): number {
    return refuse();
  },
  get typeSettings(): EvalContext['typeSettings'] {
    return refuse();
  },
  clockMicros: refuse,
  setting: refuse,
  setSetting: refuse,
  random: refuse,
  setSeed: refuse,
  randomBytes: refuse,
  service: refuse,
};

function foldLogic(expr: Extract<Expr, { kind: 'and' | 'or' }>): Expr {
  // FALSE decides an AND, TRUE an OR; the other one says nothing.
  const deciding = expr.kind === 'or';
  const args: Expr[] = [];
  for (const arg of expr.args.flatMap((a) => (a.kind === expr.kind ? a.args : [a]))) {
    if (isConst(arg) && arg.value === deciding) return constant(expr, deciding);
    if (isConst(arg) && arg.value === !deciding) continue;
    args.push(arg);
  }
  if (args.length === 0) return constant(expr, !deciding);
  if (args.length === 1) return args[0] as Expr;
  return args.length === expr.args.length && args.every((a, i) => a === expr.args[i])
    ? expr
    : { ...expr, args };
}

function foldCase(expr: Extract<Expr, { kind: 'case' }>): Expr {
  if (expr.operand !== null) return expr;
  const branches: { when: Expr; then: Expr }[] = [];
  let { otherwise } = expr;
  for (const branch of expr.branches) {
    if (!isConst(branch.when)) {
      branches.push(branch);
      continue;
    }
    if (branch.when.value !== true) continue;
    otherwise = branch.then;
    if (branches.length === 0) return otherwise;
    return { ...expr, branches, otherwise };
  }
  if (branches.length === 0) return otherwise ?? constant(expr, null);
  return branches.length === expr.branches.length ? expr : { ...expr, branches };
}

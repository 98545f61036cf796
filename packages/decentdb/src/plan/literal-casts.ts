/**
 * Calls on parameters alone, for plans whose parameters stand for literals.
 *
 * I1  The binder casts a literal that is assigned when it meets it, and one that is too long or too large is refused whether or not there
 *     are rows. A plan with parameters casts row by row: a text whose literals fail in it is not for that plan.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Expr } from '../exec/expr.ts';
import type { Datum } from '../types/vector.ts';
import { childrenOf } from './expr-walk.ts';
import type { LogicalNode } from './logical.ts';
import { forEachNodeExpr, mapTree } from './node-walk.ts';
import { valueOrError } from './rules/constant-folding.ts';

type Call = Extract<Expr, { kind: 'call' }>;

/** The largest calls of immutable functions on parameters and constants, wherever they stand. */
export function literalCasts(root: LogicalNode): readonly Expr[] {
  const found: Call[] = [];
  const visit = (expr: Expr): void => {
    if (expr.kind === 'call' && isOfLiterals(expr)) {
      if (hasParam(expr)) found.push(expr);
    } else for (const child of childrenOf(expr)) visit(child);
  };
  mapTree(root, (node) => {
    forEachNodeExpr(node, visit);
    return node;
  });
  return found;
}

/** Whether one of the calls fails for these values of the parameters. */
export function failsFor(casts: readonly Expr[], values: readonly Datum[]): boolean {
  if (casts.length === 0) return false;
  try {
    for (const cast of casts) valueOf(cast, values);
    return false;
  } catch (error) {
    if (error instanceof DecentDbError) return true;
    throw error;
  }
}

function isOfLiterals(expr: Expr): boolean {
  if (expr.kind === 'call') return expr.fn.volatility === 'immutable' && expr.args.every(isOfLiterals);
  return expr.kind === 'param' || expr.kind === 'const';
}

function hasParam(expr: Expr): boolean {
  return expr.kind === 'param' || (expr.kind === 'call' && expr.args.some(hasParam));
}

/** Undefined where only the session knows. */
function valueOf(expr: Expr, values: readonly Datum[]): Datum | undefined {
  if (expr.kind === 'const') return expr.value;
  if (expr.kind === 'param') return values[expr.index];
  if (expr.kind !== 'call') return undefined;
  const args: Datum[] = [];
  for (const arg of expr.args) {
    const value = valueOf(arg, values);
    if (value === undefined) return undefined;
    args.push(value);
  }
  return valueOrError(expr.fn, args);
}

/**
 * The closure interpreter: an expression as a tree of JavaScript closures.
 *
 * It defines what expressions mean. Compiled code (exec/compile/) must give the same answers; tests compare the two. It
 * runs where code may not be generated, for few rows, and for the expressions code generation leaves out.
 *
 * I1  NULL is `null`. AND, OR, CASE, COALESCE and quantified lists stop as PostgreSQL does: what need not be evaluated is not.
 * I2  Evaluators keep no state between rows; CASE operands live in a cell that is put back after use.
 */
import { unreachable } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import type { Datum } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type {
  BooleanTestExpr,
  CaseExpr,
  CoalesceExpr,
  Expr,
  IsNullExpr,
  LogicExpr,
  MinMaxExpr,
} from '../expr.ts';
import { rowFields } from '../row-value.ts';
import { datumAt } from '../vectors.ts';
import {
  callEvaluator,
  distinctEvaluator,
  nullIfEvaluator,
  quantifiedEvaluator,
  rowCompareEvaluator,
} from './calls.ts';
import { arrayEvaluator, fieldEvaluator, rowEvaluator, subscriptEvaluator } from './collections.ts';

/** Value of an expression for the row at position `at` of `batch`. */
export type Evaluator = (batch: Batch, at: number, context: ExecContext) => Datum;

/** Where the operand of the innermost CASE stands while its branches are evaluated. */
export interface CaseCell {
  value: Datum;
}

const cache = new WeakMap<Expr, Evaluator>();

/** The evaluator of a whole expression; kept with the expression. */
export function evaluatorOf(expr: Expr): Evaluator {
  let evaluator = cache.get(expr);
  if (evaluator === undefined) {
    evaluator = buildEvaluator(expr, null);
    cache.set(expr, evaluator);
  }
  return evaluator;
}

/** `cell`: of the innermost enclosing CASE with an operand. */
export function buildEvaluator(expr: Expr, cell: CaseCell | null): Evaluator {
  switch (expr.kind) {
    case 'const': {
      const { value } = expr;
      return () => value;
    }
    case 'slot': {
      const { slot } = expr;
      return (batch, at) => datumAt(batch.column(slot), at);
    }
    case 'param': {
      const { index } = expr;
      return (_batch, _at, context) => context.params[index] ?? null;
    }
    case 'outer': {
      const { index } = expr;
      return (_batch, _at, context) => context.outer[index] ?? null;
    }
    case 'call':
      return callEvaluator(expr, cell);
    case 'and':
    case 'or':
      return logicEvaluator(expr, cell);
    case 'not': {
      const arg = buildEvaluator(expr.arg, cell);
      return (batch, at, context) => {
        const value = arg(batch, at, context);
        return value === null ? null : value !== true;
      };
    }
    case 'isNull':
      return isNullEvaluator(expr, cell);
    case 'booleanTest':
      return booleanTestEvaluator(expr, cell);
    case 'distinct':
      return distinctEvaluator(expr, cell);
    case 'case':
      return caseEvaluator(expr, cell);
    case 'caseTest':
      return caseTestEvaluator(cell);
    case 'coalesce':
      return coalesceEvaluator(expr, cell);
    case 'greatest':
    case 'least':
      return minMaxEvaluator(expr, cell);
    case 'nullIf':
      return nullIfEvaluator(expr, cell);
    case 'quantified':
      return quantifiedEvaluator(expr, cell);
    case 'array':
      return arrayEvaluator(expr, cell);
    case 'row':
      return rowEvaluator(expr, cell);
    case 'rowCompare':
      return rowCompareEvaluator(expr, cell);
    case 'field':
      return fieldEvaluator(expr, cell);
    case 'subscript':
      return subscriptEvaluator(expr, cell);
    case 'subquery':
      return subqueryEvaluator(expr, cell);
    case 'context':
      return contextEvaluator(expr.what);
    case 'column':
      throw new DecentDbError('XX000', 'a column reference reached the executor unresolved');
    default:
      return unreachable(expr, 'buildEvaluator');
  }
}

export function buildEvaluators(exprs: readonly Expr[], cell: CaseCell | null): Evaluator[] {
  return exprs.map((expr) => buildEvaluator(expr, cell));
}

function logicEvaluator(expr: LogicExpr, cell: CaseCell | null): Evaluator {
  const args = buildEvaluators(expr.args, cell);
  const decisive = expr.kind === 'or';
  return (batch, at, context) => {
    let sawNull = false;
    for (let i = 0; i < args.length; i++) {
      const value = args[i]!(batch, at, context);
      if (value === null) sawNull = true;
      else if ((value === true) === decisive) return decisive;
    }
    return sawNull ? null : !decisive;
  };
}

function isNullEvaluator(expr: IsNullExpr, cell: CaseCell | null): Evaluator {
  const arg = buildEvaluator(expr.arg, cell);
  const { negated, isRow } = expr;
  if (!isRow) return (batch, at, context) => (arg(batch, at, context) === null) !== negated;
  return (batch, at, context) => {
    const value = arg(batch, at, context);
    if (value === null) return !negated;
    const fields = rowFields(value);
    for (let i = 0; i < fields.length; i++) if ((fields[i] === null) === negated) return false;
    return true;
  };
}

function booleanTestEvaluator(expr: BooleanTestExpr, cell: CaseCell | null): Evaluator {
  const arg = buildEvaluator(expr.arg, cell);
  const wanted = expr.test === 'unknown' ? null : expr.test === 'true';
  const { negated } = expr;
  return (batch, at, context) => (arg(batch, at, context) === wanted) !== negated;
}

function caseEvaluator(expr: CaseExpr, outerCell: CaseCell | null): Evaluator {
  const operand = expr.operand === null ? null : buildEvaluator(expr.operand, outerCell);
  const cell: CaseCell | null = operand === null ? outerCell : { value: null };
  const whens = expr.branches.map((branch) => buildEvaluator(branch.when, cell));
  const thens = expr.branches.map((branch) => buildEvaluator(branch.then, outerCell));
  const otherwise = expr.otherwise === null ? null : buildEvaluator(expr.otherwise, outerCell);
  const choose: Evaluator = (batch, at, context) => {
    for (let i = 0; i < whens.length; i++) {
      if (whens[i]!(batch, at, context) === true) return thens[i]!(batch, at, context);
    }
    return otherwise === null ? null : otherwise(batch, at, context);
  };
  if (operand === null) return choose;
  return (batch, at, context) => {
    const own = cell as CaseCell;
    const value = operand(batch, at, context);
    const saved = own.value;
    own.value = value;
    try {
      return choose(batch, at, context);
    } finally {
      own.value = saved;
    }
  };
}

function caseTestEvaluator(cell: CaseCell | null): Evaluator {
  if (cell === null) throw new DecentDbError('XX000', 'a CASE operand is used outside its CASE');
  return () => cell.value;
}

function coalesceEvaluator(expr: CoalesceExpr, cell: CaseCell | null): Evaluator {
  const args = buildEvaluators(expr.args, cell);
  return (batch, at, context) => {
    for (let i = 0; i < args.length; i++) {
      const value = args[i]!(batch, at, context);
      if (value !== null) return value;
    }
    return null;
  };
}

function minMaxEvaluator(expr: MinMaxExpr, cell: CaseCell | null): Evaluator {
  const args = buildEvaluators(expr.args, cell);
  const { type } = expr;
  const sign = expr.kind === 'greatest' ? 1 : -1;
  return (batch, at, context) => {
    let best: Datum = null;
    for (let i = 0; i < args.length; i++) {
      const value = args[i]!(batch, at, context);
      if (value !== null && (best === null || type.compare(value, best) * sign > 0)) best = value;
    }
    return best;
  };
}

function subqueryEvaluator(expr: Extract<Expr, { kind: 'subquery' }>, cell: CaseCell | null): Evaluator {
  const outer = buildEvaluators(expr.outer, cell);
  const left = buildEvaluators(expr.left, cell);
  return (batch, at, context) =>
    context.subplans!.run(
      expr,
      evaluateAll(outer, batch, at, context),
      evaluateAll(left, batch, at, context),
    );
}

const noDatums: readonly Datum[] = [];

export function evaluateAll(
  evaluators: readonly Evaluator[],
  batch: Batch,
  at: number,
  context: ExecContext,
): readonly Datum[] {
  const count = evaluators.length;
  if (count === 0) return noDatums;
  const values = new Array<Datum>(count);
  for (let i = 0; i < count; i++) values[i] = evaluators[i]!(batch, at, context);
  return values;
}

function contextEvaluator(what: 'rowId' | 'tableOid' | 'mergeAction'): Evaluator {
  if (what === 'mergeAction') return (_batch, _at, context) => context.mergeAction;
  throw new DecentDbError('XX000', `the planner left a ${what} reference unresolved`);
}

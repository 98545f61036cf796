/**
 * Interpreted calls and comparisons.
 *
 * I1  A strict function is not called when an argument is NULL, but all its arguments are evaluated first, as PostgreSQL does.
 */
import type { ScalarFunction } from '../../functions/function.ts';
import type { SqlArray } from '../../types/array.ts';
import type { Datum } from '../../types/vector.ts';
import { ExecContext, type StatementContext } from '../context.ts';
import type { CallExpr, DistinctExpr, Expr, NullIfExpr, QuantifiedExpr, RowCompareExpr } from '../expr.ts';
import {
  asksForMembership,
  asMember,
  isFixedExpr,
  isSameFamily,
  isSetType,
  type ValueSet,
  valueSetOf,
} from '../value-sets.ts';
import { buildEvaluator, buildEvaluators, type CaseCell, type Evaluator, evaluateAll } from './evaluator.ts';

export function callEvaluator(expr: CallExpr, cell: CaseCell | null): Evaluator {
  const { fn } = expr;
  const args = buildEvaluators(expr.args, cell);
  const { eval: call } = fn;
  if (args.length === 1) return unaryCall(fn, args[0]!);
  if (args.length === 2) return binaryCall(fn, args[0]!, args[1]!);
  if (!fn.strict) {
    return (batch, at, context) => call(context.eval, ...evaluateAll(args, batch, at, context));
  }
  return (batch, at, context) => {
    const values = evaluateAll(args, batch, at, context);
    for (let i = 0; i < values.length; i++) if (values[i] === null) return null;
    return call(context.eval, ...values);
  };
}

function unaryCall(fn: ScalarFunction, arg: Evaluator): Evaluator {
  const { eval: call } = fn;
  if (!fn.strict) return (batch, at, context) => call(context.eval, arg(batch, at, context));
  return (batch, at, context) => {
    const value = arg(batch, at, context);
    return value === null ? null : call(context.eval, value);
  };
}

function binaryCall(fn: ScalarFunction, left: Evaluator, right: Evaluator): Evaluator {
  const { eval: call } = fn;
  if (!fn.strict) {
    return (batch, at, context) => call(context.eval, left(batch, at, context), right(batch, at, context));
  }
  return (batch, at, context) => {
    const a = left(batch, at, context);
    const b = right(batch, at, context);
    return a === null || b === null ? null : call(context.eval, a, b);
  };
}

/** Calls a two-argument operator on values that may be NULL. */
export function applyOperator(fn: ScalarFunction, context: ExecContext, a: Datum, b: Datum): Datum {
  return fn.strict && (a === null || b === null) ? null : fn.eval(context.eval, a, b);
}

/** IS DISTINCT FROM. */
export function isDistinct(equals: ScalarFunction, context: ExecContext, a: Datum, b: Datum): boolean {
  if (a === null || b === null) return a !== b;
  return equals.eval(context.eval, a, b) !== true;
}

export function distinctEvaluator(expr: DistinctExpr, cell: CaseCell | null): Evaluator {
  const left = buildEvaluator(expr.left, cell);
  const right = buildEvaluator(expr.right, cell);
  const { equals, negated } = expr;
  return (batch, at, context) =>
    isDistinct(equals, context, left(batch, at, context), right(batch, at, context)) !== negated;
}

export function nullIfEvaluator(expr: NullIfExpr, cell: CaseCell | null): Evaluator {
  const left = buildEvaluator(expr.left, cell);
  const right = buildEvaluator(expr.right, cell);
  const { equals } = expr;
  return (batch, at, context) => {
    const a = left(batch, at, context);
    const b = right(batch, at, context);
    return a !== null && b !== null && equals.eval(context.eval, a, b) === true ? null : a;
  };
}

export function quantifiedEvaluator(expr: QuantifiedExpr, cell: CaseCell | null): Evaluator {
  const left = buildEvaluator(expr.left, cell);
  const { op } = expr;
  const isAny = expr.quantifier === 'any';
  if (expr.array !== null) {
    const array = buildEvaluator(expr.array, cell);
    return (batch, at, context) => {
      const value = left(batch, at, context);
      const elements = array(batch, at, context);
      return elements === null
        ? null
        : quantifyValues(op, isAny, context, value, (elements as SqlArray).elements);
    };
  }
  const members = membersOf(expr);
  if (members !== null) return membershipEvaluator(expr, left, buildEvaluators(members, null));
  const list = buildEvaluators(expr.list ?? [], cell);
  return (batch, at, context) => {
    const value = left(batch, at, context);
    let sawNull = false;
    for (let i = 0; i < list.length; i++) {
      const result = applyOperator(op, context, value, list[i]!(batch, at, context));
      if (result === null) sawNull = true;
      else if ((result === true) === isAny) return isAny;
    }
    return sawNull ? null : !isAny;
  };
}

/** Shorter lists are gone through. */
const SET_LENGTH_MIN = 16;

/** The members of a long list that a set can hold for a whole statement; null for other lists. */
function membersOf({ list, left, ...expr }: QuantifiedExpr): readonly Expr[] | null {
  if (list === null || list.length < SET_LENGTH_MIN || !isSetType(left.type)) return null;
  if (!asksForMembership({ list, left, ...expr })) return null;
  const fits = (item: Expr): boolean =>
    isFixedExpr(item) && isSetType(item.type) && isSameFamily(item.type, left.type);
  return list.every(fits) ? list : null;
}

/** `value IN (members)`: the set is made once a statement, whose parameters stay as they are. */
function membershipEvaluator(
  expr: QuantifiedExpr,
  left: Evaluator,
  members: readonly Evaluator[],
): Evaluator {
  const isAny = expr.quantifier === 'any';
  const sets = new WeakMap<StatementContext, ValueSet>();
  return (batch, at, context) => {
    const value = left(batch, at, context);
    if (value === null) return null;
    // Elsewhere than in a running plan one context serves many statements.
    const known = context instanceof ExecContext ? sets.get(context.statement) : undefined;
    const set = known ?? valueSetOf(members.map((member) => asMember(member(batch, at, context))));
    if (known === undefined && context instanceof ExecContext) sets.set(context.statement, set);
    if (set.values.has(asMember(value))) return isAny;
    return set.hasNull ? null : !isAny;
  };
}

/** `value op ANY/ALL (elements)`. */
export function quantifyValues(
  op: ScalarFunction,
  isAny: boolean,
  context: ExecContext,
  value: Datum,
  elements: readonly Datum[],
): Datum {
  if (elements.length === 0) return !isAny;
  if (value === null && op.strict) return null;
  let sawNull = false;
  for (let i = 0; i < elements.length; i++) {
    const result = applyOperator(op, context, value, elements[i] ?? null);
    if (result === null) sawNull = true;
    else if ((result === true) === isAny) return isAny;
  }
  return sawNull ? null : !isAny;
}

export function rowCompareEvaluator(expr: RowCompareExpr, cell: CaseCell | null): Evaluator {
  const left = buildEvaluators(expr.left, cell);
  const right = buildEvaluators(expr.right, cell);
  const { op, equals, less } = expr;
  const isEquality = op === '=' || op === '<>';
  return (batch, at, context) => {
    const a = evaluateAll(left, batch, at, context);
    const b = evaluateAll(right, batch, at, context);
    return isEquality
      ? compareRowsEqual(equals, context, a, b, op === '<>')
      : compareRowsOrdered(op, equals, less, context, a, b);
  };
}

/** `=` (or with `negated` `<>`): false as soon as one pair differs, else NULL if any pair is unknown. */
export function compareRowsEqual(
  equals: readonly ScalarFunction[],
  context: ExecContext,
  a: readonly Datum[],
  b: readonly Datum[],
  negated: boolean,
): Datum {
  let sawNull = false;
  for (let i = 0; i < a.length; i++) {
    const same = applyOperator(equals[i]!, context, a[i]!, b[i]!);
    if (same === null) sawNull = true;
    else if (same !== true) return negated;
  }
  return sawNull ? null : !negated;
}

/** The first pair that is not equal decides; NULL there makes the result NULL. */
export function compareRowsOrdered(
  op: RowCompareExpr['op'],
  equals: readonly ScalarFunction[],
  less: readonly ScalarFunction[],
  context: ExecContext,
  a: readonly Datum[],
  b: readonly Datum[],
): Datum {
  for (let i = 0; i < a.length; i++) {
    const same = applyOperator(equals[i]!, context, a[i]!, b[i]!);
    if (same === null) return null;
    if (same === true) continue;
    const isLess = applyOperator(less[i]!, context, a[i]!, b[i]!);
    if (isLess === null) return null;
    return (isLess === true) === (op === '<' || op === '<=');
  }
  return op === '<=' || op === '>=';
}

/**
 * An aggregate in two steps: over parts of a group, then over the results of the parts.
 *
 * I1  The two steps give exactly what one would: sums of floats, which round at every step, are not split.
 * I2  A part that an outer join made up (all its columns NULL) counts as the NULL-extended row it stands for.
 */
import type { AggregateCall, ColumnId, Expr } from '../../exec/expr.ts';
import { sumOfSums } from '../../functions/aggregates-basic.ts';
import { findCast } from '../../functions/coercion.ts';
import type { AggregateFunction } from '../../functions/function.ts';
import { resolveAggregate, resolveOperator } from '../../functions/resolve.ts';
import { int8Type } from '../../types/integer-types.ts';
import { numericType } from '../../types/numeric-type.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { columnRef } from '../expr-walk.ts';
import { isNullWhenNull, rejectsNulls } from '../predicates.ts';
import type { RuleContext } from './rule.ts';

/** What is computed of each part, what of the parts' results, and the aggregate's value in terms of the latter. */
export interface SplitCall {
  readonly parts: readonly AggregateCall[];
  readonly totals: readonly AggregateCall[];
  readonly value: Expr;
}

/** Whether rows twice are as good as once. */
export function ignoresDuplicates({ fn, distinct, orderBy }: AggregateCall): boolean {
  if (orderBy.length > 0) return false;
  if (distinct) return fn.vectorized !== undefined && !isFloat(fn.args[0]);
  return isExtreme(fn);
}

/** Whether one part makes up the whole group without the order of its rows mattering. */
export function isWholeCall(call: AggregateCall): boolean {
  return call.fn.vectorized !== undefined && call.directArgs.length === 0 && call.orderBy.length === 0;
}

/**
 * Whether the call makes nothing of a row whose columns are all NULL; `count(*)` counts it, which {@link splitCall} and
 * {@link wholeValue} see to.
 */
export function skipsNullRow(call: AggregateCall, columns: ReadonlySet<ColumnId>): boolean {
  if (call.filter !== null && rejectsNulls(call.filter, columns)) return true;
  if (call.fn.vectorized === 'countStar') return call.filter === null;
  return call.fn.strict && call.args.some((arg) => isNullWhenNull(arg, columns));
}

/** The call over parts of its groups; null when it cannot be split. `isNullable`: an outer join may make parts up. */
export function splitCall(call: AggregateCall, isNullable: boolean, context: RuleContext): SplitCall | null {
  const { fn, args } = call;
  const [arg] = args;
  if (!isWholeCall(call) || (call.distinct && !isExtreme(fn))) return null;
  if (fn.vectorized === 'count' || fn.vectorized === 'countStar')
    return splitCount(call, isNullable, context);
  if (arg === undefined || args.length !== 1) return null;
  if (isExtreme(fn)) {
    if (arg.type.oid !== call.type.oid) return null;
    const part = made(call, fn, call.type, context);
    const total = over(part, fn, call.type, context);
    return { parts: [part], totals: [total], value: columnRef(total.output, call) };
  }
  if (isFloat(arg.type.oid) || !isSummed(arg.type)) return null;
  const sums = splitSum(call, arg.type, context);
  if (fn.vectorized === 'sum') return { ...sums, value: columnRef(sums.totals[0].output, call) };
  const countFn = resolveAggregate('count', [arg.type]).fn;
  const counts = splitCount({ ...call, fn: countFn, type: int8Type, typmod: -1 }, false, context);
  const value = quotient(sums.value, (counts.totals[0] as AggregateCall).output);
  return { parts: [...sums.parts, ...counts.parts], totals: [...sums.totals, ...counts.totals], value };
}

/** The value of a call that one part has computed whole. */
export function wholeValue(call: AggregateCall, part: AggregateCall, isNullable: boolean): Expr {
  const value = columnRef(part.output, part);
  const { vectorized } = call.fn;
  if (!isNullable || (vectorized !== 'count' && vectorized !== 'countStar')) return value;
  return orElse(value, countOfNullRow(call));
}

function countOfNullRow(call: AggregateCall): number {
  return call.fn.vectorized === 'countStar' && call.filter === null ? 1 : 0;
}

function splitCount(call: AggregateCall, isNullable: boolean, context: RuleContext): SplitCall {
  const part = made(call, call.fn, call.type, context);
  const counted = columnRef(part.output, part);
  const arg = isNullable && countOfNullRow(call) === 1 ? orElse(counted, 1) : counted;
  const total = { ...over(part, sumOfSums, call.type, context), args: [arg] };
  return { parts: [part], totals: [total], value: orElse(columnRef(total.output, total), 0) };
}

function splitSum(
  call: AggregateCall,
  type: SqlType,
  context: RuleContext,
): SplitCall & { readonly totals: readonly [AggregateCall] } {
  const { fn, resultType } = resolveAggregate('sum', [type]);
  const part = made(call, fn, resultType, context);
  const totalFn = resultType.oid === Oid.int8 ? sumOfSums : resolveAggregate('sum', [resultType]).fn;
  const total = over(part, totalFn, resultType, context);
  return { parts: [part], totals: [total], value: columnRef(total.output, total) };
}

function made(
  call: AggregateCall,
  fn: AggregateFunction,
  type: SqlType,
  context: RuleContext,
): AggregateCall {
  return {
    ...call,
    fn,
    type,
    typmod: type === call.type ? call.typmod : -1,
    distinct: false,
    output: context.newColumnId(),
  };
}

function over(
  part: AggregateCall,
  fn: AggregateFunction,
  type: SqlType,
  context: RuleContext,
): AggregateCall {
  const args = [columnRef(part.output, part)];
  return { ...part, fn, args, type, filter: null, output: context.newColumnId() };
}

/** `sum / count` as avg divides. */
function quotient(sum: Expr, count: ColumnId): Expr {
  const counted = asNumeric(columnRef(count, { type: int8Type, typmod: -1 }));
  const { fn, resultType } = resolveOperator('/', numericType, numericType);
  return { kind: 'call', fn, args: [asNumeric(sum), counted], type: resultType, typmod: -1, location: -1 };
}

function asNumeric(expr: Expr): Expr {
  const fn =
    expr.type.oid === Oid.numeric ? null : (findCast(expr.type, numericType, 'implicit')?.fn ?? null);
  if (fn === null) return expr;
  return { kind: 'call', fn, args: [expr], type: numericType, typmod: -1, location: -1 };
}

function orElse(expr: Expr, value: number): Expr {
  const { type } = expr;
  const constant: Expr = { kind: 'const', value, type, typmod: -1, location: -1 };
  return { kind: 'coalesce', args: [expr, constant], type, typmod: -1, location: -1 };
}

function isExtreme(fn: AggregateFunction): boolean {
  const kind = fn.vectorized;
  return kind === 'min' || kind === 'max' || kind === 'boolAnd' || kind === 'boolOr';
}

function isFloat(oid: number | undefined): boolean {
  return oid === Oid.float4 || oid === Oid.float8;
}

function isSummed({ oid }: SqlType): boolean {
  return oid === Oid.int2 || oid === Oid.int4 || oid === Oid.int8 || oid === Oid.numeric;
}

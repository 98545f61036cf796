/**
 * RANGE frames with offsets: how the type of the ORDER BY key and the type of the offset are added.
 *
 * I1  The operators are the ones SQL would use for `key + offset` and `key - offset`, found by the argument types.
 * I2  As PostgreSQL's in_range functions: a sum beyond the type is beyond all keys; an infinite key moved infinitely far the other way
 *     reaches all keys but NaN.
 */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { EvalContext, ScalarFunction } from '../../functions/function.ts';
import { operatorsNamed } from '../../functions/registry.ts';
import { Decimal } from '../../types/decimal.ts';
import { Interval } from '../../types/interval.ts';
import { Oid } from '../../types/oids.ts';
import { builtinType } from '../../types/registry.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { SortKey } from '../expr.ts';
import type { RangeOrder, Reach } from './frames.ts';

function operatorFor(symbol: string, left: SqlType, right: SqlType): ScalarFunction {
  const fn = operatorsNamed(symbol).find((one) => one.args[0] === left.oid && one.args[1] === right.oid);
  if (fn === undefined) {
    throw notSupported(
      `RANGE with offset PRECEDING/FOLLOWING for column type ${left.sqlName(-1)} and offset type ${right.sqlName(-1)}`,
    );
  }
  return fn;
}

/** `zero` of the offset's type is below any allowed offset. */
function isNegative(offset: Datum): boolean {
  if (typeof offset === 'number' || typeof offset === 'bigint') return !(offset >= 0);
  if (offset instanceof Decimal) return offset.sign < 0 || offset.isNaN;
  if (offset instanceof Interval) return builtinType(Oid.interval).compare(offset, Interval.zero) < 0;
  return false;
}

function isInfinite(value: Datum): boolean {
  if (value instanceof Decimal) return !value.isFinite && !value.isNaN;
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

function isAbove(value: Datum): boolean {
  return value instanceof Decimal ? value.sign > 0 : (value as number) > 0;
}

function shifted(
  operator: ScalarFunction,
  context: EvalContext,
  value: Datum,
  offset: Datum,
  isPlus: boolean,
): { readonly value: Datum } | Reach {
  try {
    return { value: operator.eval(context, value, offset) };
  } catch (error) {
    if (!(error instanceof DecentDbError) || error.code !== '22003') throw error;
    return isPlus ? 'above' : 'below';
  }
}

/** What is shifted may be of another type than the key (date + interval is a timestamp): keys are then moved to it by adding nothing. */
export function rangeOrder(
  sortKey: SortKey,
  offsetType: SqlType,
  key: (row: number) => Datum,
  context: EvalContext,
): RangeOrder {
  const type = domainBase(sortKey.expr.type);
  const plus = operatorFor('+', type, domainBase(offsetType));
  const minus = operatorFor('-', type, domainBase(offsetType));
  const resultType = plus.returns === type.oid ? type : builtinType(plus.returns);
  // Numbers compare with those of another type as they are.
  const lift = (value: Datum): Datum =>
    plus.returns === type.oid || type.category === 'N'
      ? value
      : plus.eval(context, value, Interval.zero as Datum);
  return {
    key,
    descending: sortKey.descending,
    nullsFirst: sortKey.nullsFirst,
    shift: (value, offset, isPlus) => {
      if (isInfinite(offset) && isInfinite(value) && isAbove(value) !== isPlus) return 'all';
      return shifted(isPlus ? plus : minus, context, value, offset, isPlus);
    },
    compare: (value, bound) => resultType.compare(lift(value), bound),
    isNegative,
    isNaN: (value) => (value instanceof Decimal ? value.isNaN : Number.isNaN(value)),
  };
}

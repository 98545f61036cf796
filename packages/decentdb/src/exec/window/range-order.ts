/**
 * RANGE frames with offsets: how the type of the ORDER BY key and the type of the offset are added.
 *
 * I1  The operators are the ones SQL would use for `key + offset` and `key - offset`, found by the argument types.
 * I2  As PostgreSQL's in_range functions: a sum beyond the type is beyond all keys; an infinite key moved infinitely far the other way
 *     reaches all keys but NaN.
 * I3  A time of day does not go round midnight: it is moved beyond the day, and by the time of the offset alone.
 */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { EvalContext, ScalarFunction } from '../../functions/function.ts';
import { operatorsNamed } from '../../functions/registry.ts';
import { isFiniteDate, isFiniteTimestamp } from '../../types/calendar.ts';
import { TimeWithZone } from '../../types/date-time-types.ts';
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

/** I3. */
function movedTime(key: Datum, by: number): Datum {
  if (typeof key === 'number') return key + by;
  const { micros, offset } = key as TimeWithZone;
  return new TimeWithZone(micros + by, offset);
}

function isInfinite(value: Datum, { oid }: SqlType): boolean {
  if (value instanceof Interval) return !value.isFinite;
  if (oid === Oid.date) return !isFiniteDate(value as number);
  if (oid === Oid.timestamp || oid === Oid.timestamptz) return !isFiniteTimestamp(value as number | bigint);
  if (value instanceof Decimal) return !value.isFinite && !value.isNaN;
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

function isAbove(value: Datum): boolean {
  if (value instanceof Interval) return value.micros > 0;
  return value instanceof Decimal ? value.sign > 0 : (value as number | bigint) > 0;
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
  const ofOffset = domainBase(offsetType);
  const plus = operatorFor('+', type, ofOffset);
  const minus = operatorFor('-', type, ofOffset);
  const resultType = plus.returns === type.oid ? type : builtinType(plus.returns);
  // Numbers compare with those of another type as they are.
  const lift = (value: Datum): Datum =>
    plus.returns === type.oid || type.category === 'N'
      ? value
      : plus.eval(context, value, Interval.zero as Datum);
  const isTime = type.oid === Oid.time || type.oid === Oid.timetz;
  return {
    key,
    descending: sortKey.descending,
    nullsFirst: sortKey.nullsFirst,
    shift: (value, offset, isPlus) => {
      if (isTime) return { value: movedTime(value, Number((offset as Interval).micros) * (isPlus ? 1 : -1)) };
      if (isInfinite(offset, ofOffset) && isInfinite(value, type) && isAbove(value) !== isPlus) return 'all';
      return shifted(isPlus ? plus : minus, context, value, offset, isPlus);
    },
    compare: (value, bound) => resultType.compare(lift(value), bound),
    isNegative: (offset) => (isTime ? (offset as Interval).micros < 0 : isNegative(offset)),
    isNaN: (value) => (value instanceof Decimal ? value.isNaN : Number.isNaN(value)),
  };
}

/**
 * RANGE frames with offsets: how the type of the ORDER BY key and the type of the offset are added.
 *
 * I1  The operators are the ones SQL would use for `key + offset` and `key - offset`, found by the argument types.
 */
import { notSupported } from '../../base/errors.ts';
import type { EvalContext, ScalarFunction } from '../../functions/function.ts';
import { operatorsNamed } from '../../functions/registry.ts';
import { Decimal } from '../../types/decimal.ts';
import { Interval } from '../../types/interval.ts';
import { Oid } from '../../types/oids.ts';
import { builtinType } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { SortKey } from '../expr.ts';
import type { RangeOrder } from './frames.ts';

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

/** `shifted` may be of another type than the key (date + interval is a timestamp): keys are then moved to it by adding nothing. */
export function rangeOrder(
  sortKey: SortKey,
  offsetType: SqlType,
  key: (row: number) => Datum,
  context: EvalContext,
): RangeOrder {
  const { type } = sortKey.expr;
  const plus = operatorFor('+', type, offsetType);
  const minus = operatorFor('-', type, offsetType);
  const resultType = plus.returns === type.oid ? type : builtinType(plus.returns);
  const lift = (value: Datum): Datum =>
    plus.returns === type.oid ? value : plus.eval(context, value, Interval.zero as Datum);
  return {
    key,
    descending: sortKey.descending,
    nullsFirst: sortKey.nullsFirst,
    shift: (value, offset, isPlus) => (isPlus ? plus : minus).eval(context, value, offset),
    compare: (value, bound) => resultType.compare(lift(value), bound),
    isNegative,
  };
}

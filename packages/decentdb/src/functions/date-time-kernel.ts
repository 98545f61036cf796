/**
 * Date and time arithmetic.
 *
 * I1  Adding an interval adds months first (clipping the day to the month's length), then days, then microseconds.
 * I2  For timestamptz, months and days are added to civil time in the session's zone, microseconds to the instant.
 */
import { DecentDbError } from '../base/errors.ts';
import {
  addInt64,
  checkTimestamp,
  civilFromDays,
  civilFromTimestamp,
  daysFromCivil,
  daysInMonth,
  isFiniteTimestamp,
  joinTimestamp,
  MICROS_PER_DAY,
  splitTimestamp,
  TIMESTAMP_INFINITY,
  TIMESTAMP_NEGATIVE_INFINITY,
  timestampOutOfRange,
} from '../types/calendar.ts';
import { narrow } from '../types/decimal.ts';
import { Interval, intervalOutOfRange } from '../types/interval.ts';
import { instantFromLocal, localFromInstant, type TimeZone, timeZone } from '../types/time-zone.ts';
import type { EvalContext } from './function.ts';

export type Timestamp = number | bigint;

export function sessionZone(context: EvalContext): TimeZone {
  return timeZone(context.typeSettings.timeZone);
}

/** A finite day number moved by months, the day clipped to the month's length. */
export function addMonths(days: number, months: number): number {
  if (months === 0) return days;
  const date = civilFromDays(days);
  const index = date.year * 12 + (date.month - 1) + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  return daysFromCivil(year, month, Math.min(date.day, daysInMonth(year, month)));
}

/** Infinite operands: the sum of infinities of one sign, an error for opposite ones; null when both are finite. */
function addInfinite(value: Timestamp, span: Interval): Timestamp | null {
  const sign = span.infiniteSign;
  if (isFiniteTimestamp(value)) {
    return sign === 0 ? null : sign > 0 ? TIMESTAMP_INFINITY : TIMESTAMP_NEGATIVE_INFINITY;
  }
  if (sign !== 0 && value > 0 !== sign > 0) throw timestampOutOfRange();
  return value;
}

/** Civil timestamp plus interval. */
export function addToTimestamp(value: Timestamp, span: Interval): Timestamp {
  const infinite = addInfinite(value, span);
  if (infinite !== null) return infinite;
  if (span.months === 0 && span.days === 0) return checkTimestamp(addInt64(value, span.micros));
  const { days, micros } = splitTimestamp(value);
  const moved = joinTimestamp(addMonths(days, span.months) + span.days, micros);
  return checkTimestamp(addInt64(moved, span.micros));
}

/** Instant plus interval, in a zone. */
export function addToInstant(value: Timestamp, span: Interval, zone: TimeZone): Timestamp {
  const infinite = addInfinite(value, span);
  if (infinite !== null) return infinite;
  if (span.months === 0 && span.days === 0) return checkTimestamp(addInt64(value, span.micros));
  const { days, micros } = splitTimestamp(localFromInstant(value, zone));
  const moved = instantFromLocal(joinTimestamp(addMonths(days, span.months) + span.days, micros), zone);
  return checkTimestamp(addInt64(moved, span.micros));
}

/** Difference of two timestamps as days and time. */
export function subtractTimestamps(a: Timestamp, b: Timestamp): Interval {
  if (!isFiniteTimestamp(a) || !isFiniteTimestamp(b)) {
    const signA = isFiniteTimestamp(a) ? 0 : a > 0 ? 1 : -1;
    const signB = isFiniteTimestamp(b) ? 0 : b > 0 ? 1 : -1;
    if (signA === signB) throw intervalOutOfRange();
    return signA - signB > 0 ? Interval.infinity : Interval.negativeInfinity;
  }
  const difference = typeof a === 'number' && typeof b === 'number' ? addInt64(a, -b) : BigInt(a) - BigInt(b);
  if (typeof difference === 'bigint' && BigInt.asIntN(64, difference) !== difference)
    throw intervalOutOfRange();
  return justifyHours(new Interval(0, 0, difference));
}

function divideTruncating(value: Timestamp, divisor: number): { whole: number; rest: Timestamp } {
  if (typeof value === 'number') {
    const rest = value % divisor;
    return { whole: Math.round((value - rest) / divisor), rest: rest + 0 };
  }
  const big = BigInt(divisor);
  return { whole: Number(value / big), rest: narrow(value % big) };
}

/** 24-hour stretches become days; days and time get one sign. */
export function justifyHours(span: Interval): Interval {
  if (!span.isFinite) return span;
  const { whole, rest } = divideTruncating(span.micros, MICROS_PER_DAY);
  let days = span.days + whole;
  let micros = rest;
  if (days > 0 && micros < 0) {
    micros = addInt64(micros, MICROS_PER_DAY);
    days--;
  } else if (days < 0 && micros > 0) {
    micros = addInt64(micros, -MICROS_PER_DAY);
    days++;
  }
  return Interval.of(span.months, days, micros);
}

/** 30-day stretches become months. */
export function justifyDays(span: Interval): Interval {
  if (!span.isFinite) return span;
  const whole = Math.trunc(span.days / 30);
  let months = span.months + whole;
  let days = span.days - whole * 30;
  if (months > 0 && days < 0) {
    days += 30;
    months--;
  } else if (months < 0 && days > 0) {
    days -= 30;
    months++;
  }
  return Interval.of(months, days, span.micros);
}

/** Both, and all fields of one sign. */
export function justifyInterval(span: Interval): Interval {
  if (!span.isFinite) return span;
  const { whole, rest } = divideTruncating(span.micros, MICROS_PER_DAY);
  let days = span.days + whole;
  let micros = rest;
  const wholeMonths = Math.trunc(days / 30);
  let months = span.months + wholeMonths;
  days -= wholeMonths * 30;
  if (months > 0 && (days < 0 || (days === 0 && micros < 0))) {
    days += 30;
    months--;
  } else if (months < 0 && (days > 0 || (days === 0 && micros > 0))) {
    days -= 30;
    months++;
  }
  if (days > 0 && micros < 0) {
    micros = addInt64(micros, MICROS_PER_DAY);
    days--;
  } else if (days < 0 && micros > 0) {
    micros = addInt64(micros, -MICROS_PER_DAY);
    days++;
  }
  return Interval.of(months, days, micros);
}

/** Symbolic difference in years, months, days and time (age). Civil timestamps. */
export function ageBetween(a: Timestamp, b: Timestamp): Interval {
  if (!isFiniteTimestamp(a) || !isFiniteTimestamp(b)) return subtractTimestamps(a, b);
  if (a < b) return ageBetween(b, a).negate();
  const x = civilFromTimestamp(a);
  const y = civilFromTimestamp(b);
  let micros = splitTimestamp(a).micros - splitTimestamp(b).micros;
  let days = x.day - y.day;
  let months = x.month - y.month;
  let years = x.year - y.year;
  if (micros < 0) {
    micros += MICROS_PER_DAY;
    days--;
  }
  if (days < 0) {
    // The month of the earlier date lends its days.
    days += daysInMonth(y.year, y.month);
    months--;
  }
  if (months < 0) {
    months += 12;
    years--;
  }
  return Interval.of(years * 12 + months, days, micros);
}

/** Time of day moved by an interval's time part, wrapping at midnight. */
export function addToTime(micros: number, span: Interval, direction: 1 | -1): number {
  if (!span.isFinite) {
    throw new DecentDbError(
      '22008',
      direction === 1
        ? 'cannot add infinite interval to time'
        : 'cannot subtract infinite interval from time',
    );
  }
  const day = BigInt(MICROS_PER_DAY);
  const moved = BigInt(micros) + BigInt(span.micros) * BigInt(direction);
  return Number(((moved % day) + day) % day);
}

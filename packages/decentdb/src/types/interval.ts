/**
 * Interval values: months, days and microseconds kept apart, as PostgreSQL keeps them.
 *
 * I1  months and days are int32, micros is an int64 datum. Infinity has the largest values in all three, -infinity the smallest.
 * I2  Order and equality go by the total with 30-day months and 24-hour days: '1 month' = '30 days'.
 */
import { DecentDbError } from '../base/errors.ts';
import { addInt64, MICROS_PER_DAY, MICROS_PER_SECOND } from './calendar.ts';
import { narrow } from './decimal.ts';
import { INT8_MAX, INT8_MIN } from './integer-types.ts';
import { ByteReader, ByteWriter } from './object-bytes.ts';
import { hashNumber } from './sql-type.ts';
import type { ObjectCodec } from './vector.ts';

const INT4_MAX = 2147483647;
const INT4_MIN = -2147483648;

/** The datum of type interval. */
export class Interval {
  readonly months: number;
  readonly days: number;
  readonly micros: number | bigint;

  constructor(months: number, days: number, micros: number | bigint) {
    this.months = months;
    this.days = days;
    this.micros = micros;
  }

  static readonly zero: Interval = new Interval(0, 0, 0);
  static readonly infinity: Interval = new Interval(INT4_MAX, INT4_MAX, INT8_MAX);
  static readonly negativeInfinity: Interval = new Interval(INT4_MIN, INT4_MIN, INT8_MIN);

  /** Checks ranges (22008). */
  static of(months: number, days: number, micros: number | bigint): Interval {
    const isInRange =
      Math.abs(months) <= INT4_MAX && Math.abs(days) <= INT4_MAX && micros <= INT8_MAX && micros >= INT8_MIN;
    if (!isInRange) throw intervalOutOfRange();
    const value = new Interval(
      months === 0 ? 0 : months,
      days === 0 ? 0 : days,
      typeof micros === 'bigint' ? narrow(micros) : micros === 0 ? 0 : micros,
    );
    if (!value.isFinite) throw intervalOutOfRange();
    return value;
  }

  get isFinite(): boolean {
    if (this.months === INT4_MAX) return !(this.days === INT4_MAX && this.micros === INT8_MAX);
    return !(this.months === INT4_MIN && this.days === INT4_MIN && this.micros === INT8_MIN);
  }

  /** 1 for positive infinity, -1 for negative, 0 for finite. */
  get infiniteSign(): number {
    return this.isFinite ? 0 : this.months > 0 ? 1 : -1;
  }

  /** Microseconds in all, with 30-day months: what ordering goes by. */
  get totalMicros(): number | bigint {
    const days = this.months * 30 + this.days;
    const fromDays = days * MICROS_PER_DAY;
    if (Number.isSafeInteger(fromDays)) return addInt64(fromDays, this.micros);
    return narrow(BigInt(days) * BigInt(MICROS_PER_DAY) + BigInt(this.micros));
  }

  negate(): Interval {
    const sign = this.infiniteSign;
    if (sign !== 0) return sign > 0 ? Interval.negativeInfinity : Interval.infinity;
    return Interval.of(
      -this.months,
      -this.days,
      typeof this.micros === 'bigint' ? -this.micros : -this.micros,
    );
  }

  add(other: Interval): Interval {
    const a = this.infiniteSign;
    const b = other.infiniteSign;
    if (a !== 0 || b !== 0) {
      if (a * b < 0) throw intervalOutOfRange();
      return a > 0 || b > 0 ? Interval.infinity : Interval.negativeInfinity;
    }
    return Interval.of(
      this.months + other.months,
      this.days + other.days,
      addInt64(this.micros, other.micros),
    );
  }

  subtract(other: Interval): Interval {
    return this.add(other.negate());
  }

  /** Multiplied by a double; fractions of months go to days, of days to microseconds. */
  multiply(factor: number): Interval {
    const sign = this.infiniteSign;
    if (sign !== 0 || !Number.isFinite(factor)) {
      const direction = Number.isFinite(factor)
        ? sign * Math.sign(factor)
        : sign * Math.sign(factor) || this.sign * Math.sign(factor);
      if (direction === 0 || Number.isNaN(direction)) throw intervalOutOfRange();
      return direction > 0 ? Interval.infinity : Interval.negativeInfinity;
    }
    return this.scale((value) => value * factor);
  }

  divide(divisor: number): Interval {
    if (divisor === 0) throw new DecentDbError('22012', 'division by zero');
    const sign = this.infiniteSign;
    if (sign !== 0) {
      if (!Number.isFinite(divisor)) throw intervalOutOfRange();
      return sign * Math.sign(divisor) > 0 ? Interval.infinity : Interval.negativeInfinity;
    }
    if (Number.isNaN(divisor)) throw intervalOutOfRange();
    return this.scale((value) => value / divisor);
  }

  private get sign(): number {
    const total = this.totalMicros;
    return total > 0 ? 1 : total < 0 ? -1 : 0;
  }

  private scale(apply: (value: number) => number): Interval {
    const exactMonths = apply(this.months);
    const exactDays = apply(this.days);
    const months = Math.trunc(exactMonths);
    let days = Math.trunc(exactDays);
    const round = (value: number): number => Math.round(value * 1e6) / 1e6;
    const monthDays = round((exactMonths - months) * 30);
    const wholeMonthDays = Math.trunc(monthDays);
    let seconds = round((exactDays - days + (monthDays - wholeMonthDays)) * 86400);
    days += wholeMonthDays;
    if (Math.abs(seconds) >= 86400) {
      days += Math.trunc(seconds / 86400);
      seconds -= Math.trunc(seconds / 86400) * 86400;
    }
    const exactMicros = roundEven(apply(Number(this.micros)) + seconds * MICROS_PER_SECOND);
    if (!Number.isFinite(exactMicros) || Math.abs(exactMicros) >= 2 ** 63) throw intervalOutOfRange();
    const micros = Number.isSafeInteger(exactMicros) ? exactMicros : BigInt(exactMicros);
    return Interval.of(months, days, micros);
  }
}

function roundEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value - Math.trunc(value)) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

export function intervalOutOfRange(): DecentDbError {
  return new DecentDbError('22008', 'interval out of range');
}

export function compareIntervals(a: Interval, b: Interval): number {
  const x = a.totalMicros;
  const y = b.totalMicros;
  return x < y ? -1 : x > y ? 1 : 0;
}

export function hashInterval(value: Interval): number {
  return hashNumber(value.totalMicros);
}

export const intervalCodec: ObjectCodec = {
  toBytes: (value) => {
    const { months, days, micros } = value as Interval;
    const writer = new ByteWriter();
    writer.signed(months);
    writer.signed(days);
    writer.signed(micros);
    return writer.finish();
  },
  fromBytes: (bytes) => {
    const reader = new ByteReader(bytes);
    return new Interval(Number(reader.signed()), Number(reader.signed()), reader.signed());
  },
  compare: (a, b) => compareIntervals(a as Interval, b as Interval),
  memoryBytes: () => 56,
};

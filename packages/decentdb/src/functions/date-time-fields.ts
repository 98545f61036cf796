/**
 * extract, date_part and date_trunc: fields of dates, times and intervals.
 */
import { DecentDbError } from '../base/errors.ts';
import {
  civilFromDays,
  civilFromTimestamp,
  daysFromCivil,
  isFiniteTimestamp,
  joinTimestamp,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  splitTimestamp,
  weekday,
} from '../types/calendar.ts';
import type { TimeWithZone } from '../types/date-time-types.ts';
import { Decimal } from '../types/decimal.ts';
import { Interval } from '../types/interval.ts';
import { intervalUnits } from '../types/interval-text.ts';
import { EPOCH_2000_MICROS } from '../types/sql-type.ts';
import type { Timestamp } from './date-time-kernel.ts';

/** Fields that are no interval unit. */
const OTHER_FIELDS: Readonly<Record<string, string>> = {
  quarter: 'quarter',
  qtr: 'quarter',
  dow: 'dow',
  isodow: 'isodow',
  doy: 'doy',
  isoyear: 'isoyear',
  epoch: 'epoch',
  julian: 'julian',
  j: 'julian',
  jd: 'julian',
  timezone: 'timezone',
  timezone_hour: 'timezone_hour',
  timezone_h: 'timezone_hour',
  timezone_minute: 'timezone_minute',
  timezone_m: 'timezone_minute',
};

function fieldOf(name: string, typeName: string): string {
  const lower = name.toLowerCase();
  const field = intervalUnits.get(lower) ?? OTHER_FIELDS[lower];
  if (field === undefined)
    throw new DecentDbError('22023', `unit "${name}" not recognized for type ${typeName}`);
  return field;
}

/** A field that is a unit of time: date_trunc knows no others. */
function unitOf(name: string, typeName: string): string {
  const field = fieldOf(name, typeName);
  if (NO_UNITS.has(field))
    throw new DecentDbError('22023', `unit "${name}" not recognized for type ${typeName}`);
  return field;
}

const NO_UNITS: ReadonlySet<string> = new Set(['dow', 'isodow', 'doy', 'isoyear', 'epoch', 'julian']);

function unsupported(name: string, typeName: string): DecentDbError {
  return new DecentDbError('0A000', `unit "${name}" not supported for type ${typeName}`);
}

/** Integer as numeric. */
function int(value: number): Decimal {
  return Decimal.fromInteger(value + 0);
}

/** ISO 8601 week and its year. */
export function isoWeek(days: number): { year: number; week: number } {
  const dayOfWeek = (weekday(days) + 6) % 7;
  const thursday = days - dayOfWeek + 3;
  const { year } = civilFromDays(thursday);
  return { year, week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1 };
}

function centuryOf(year: number): number {
  return year > 0 ? Math.floor((year + 99) / 100) : -Math.floor((100 - year) / 100);
}

function millenniumOf(year: number): number {
  return year > 0 ? Math.floor((year + 999) / 1000) : -Math.floor((1000 - year) / 1000);
}

/** Fields of a date; null for fields of the time. */
function dateField(field: string, days: number): Decimal | null {
  const { year, month, day } = civilFromDays(days);
  switch (field) {
    case 'day':
      return int(day);
    case 'month':
      return int(month);
    case 'quarter':
      return int(Math.floor((month - 1) / 3) + 1);
    case 'week':
      return int(isoWeek(days).week);
    case 'year':
      return int(year > 0 ? year : year - 1);
    case 'isoyear': {
      const iso = isoWeek(days).year;
      return int(iso > 0 ? iso : iso - 1);
    }
    case 'decade':
      return int(Math.floor(year / 10));
    case 'century':
      return int(centuryOf(year));
    case 'millennium':
      return int(millenniumOf(year));
    case 'dow':
      return int(weekday(days));
    case 'isodow':
      return int(weekday(days) || 7);
    case 'doy':
      return int(days - daysFromCivil(year, 1, 1) + 1);
    default:
      return null;
  }
}

/** Fields of a time of day; null for others. `micros` may exceed a day (intervals). */
function timeField(field: string, micros: number | bigint): Decimal | null {
  const withinMinute = Number(BigInt(micros) % 60_000_000n);
  switch (field) {
    case 'microsecond':
      return int(withinMinute);
    case 'millisecond':
      return new Decimal(withinMinute + 0, 3);
    case 'second':
      return new Decimal(withinMinute + 0, 6);
    case 'minute':
      return int(Number((BigInt(micros) / 60_000_000n) % 60n));
    case 'hour':
      return Decimal.of(BigInt(micros) / 3_600_000_000n, 0);
    default:
      return null;
  }
}

const MONOTONIC: ReadonlySet<string> = new Set([
  'year',
  'decade',
  'century',
  'millennium',
  'julian',
  'isoyear',
  'epoch',
]);

/** A field of infinity: infinite where the field grows forever, else NULL. */
function infiniteField(field: string, isPositive: boolean): Decimal | null {
  if (!MONOTONIC.has(field)) return null;
  return isPositive ? Decimal.infinity : Decimal.negativeInfinity;
}

/** extract() from a civil timestamp; `zone` is given for timestamptz: the instant and the offset in force. */
export function extractTimestamp(
  name: string,
  local: Timestamp,
  zone: { instant: Timestamp; offset: number } | null,
  isDate = false,
): Decimal | null {
  const typeName = isDate
    ? 'date'
    : zone === null
      ? 'timestamp without time zone'
      : 'timestamp with time zone';
  const field = fieldOf(name, typeName);
  if (!isFiniteTimestamp(local)) {
    if (isDate && ['second', 'minute', 'hour', 'millisecond', 'microsecond'].includes(field))
      throw unsupported(name, typeName);
    return infiniteField(field, local > 0);
  }
  const { days, micros } = splitTimestamp(local);
  const ofDate = dateField(field, days);
  if (ofDate !== null) return ofDate;
  const ofTime = isDate ? null : timeField(field, micros);
  if (ofTime !== null) return ofTime;
  if (field === 'epoch') {
    const instant = BigInt(zone?.instant ?? local) + BigInt(EPOCH_2000_MICROS);
    return isDate ? Decimal.of(instant / 1_000_000n, 0) : Decimal.of(instant, 6);
  }
  if (field === 'julian') {
    const julian = int(days + 2451545);
    if (isDate) return julian;
    return julian.add(int(micros).divide(int(MICROS_PER_DAY)));
  }
  const ofZone = zone === null ? null : zoneField(field, zone.offset);
  if (ofZone === null) throw unsupported(name, typeName);
  return ofZone;
}

function zoneField(field: string, offset: number): Decimal | null {
  switch (field) {
    case 'timezone':
      return int(offset);
    case 'timezone_hour':
      return int(Math.trunc(offset / 3600));
    case 'timezone_minute':
      return int(Math.trunc(offset / 60) % 60);
    default:
      return null;
  }
}

export function extractTime(name: string, micros: number): Decimal {
  const typeName = 'time without time zone';
  const field = fieldOf(name, typeName);
  const value = field === 'epoch' ? new Decimal(micros, 6) : timeField(field, micros);
  if (value === null) throw unsupported(name, typeName);
  return value;
}

export function extractTimetz(name: string, value: TimeWithZone): Decimal {
  const typeName = 'time with time zone';
  const field = fieldOf(name, typeName);
  const found =
    field === 'epoch'
      ? new Decimal(value.micros - value.offset * MICROS_PER_SECOND, 6)
      : (timeField(field, value.micros) ?? zoneField(field, value.offset));
  if (found === null) throw unsupported(name, typeName);
  return found;
}

export function extractInterval(name: string, span: Interval): Decimal | null {
  const field = fieldOf(name, 'interval');
  if (!span.isFinite) {
    const grows = new Set(['hour', 'day', 'week', 'year', 'decade', 'century', 'millennium', 'epoch']);
    if (
      !grows.has(field) &&
      !['microsecond', 'millisecond', 'second', 'minute', 'month', 'quarter'].includes(field)
    )
      throw unsupported(name, 'interval');
    return grows.has(field) ? (span.infiniteSign > 0 ? Decimal.infinity : Decimal.negativeInfinity) : null;
  }
  const years = Math.trunc(span.months / 12);
  switch (field) {
    case 'day':
      return int(span.days);
    case 'week':
      return int(Math.trunc(span.days / 7));
    case 'month':
      return int(span.months % 12);
    case 'quarter':
      return int(
        span.months >= 0 ? Math.trunc((span.months % 12) / 3) + 1 : Math.trunc((span.months % 12) / 3) - 1,
      );
    case 'year':
      return int(years);
    case 'decade':
      return int(Math.trunc(years / 10));
    case 'century':
      return int(Math.trunc(years / 100));
    case 'millennium':
      return int(Math.trunc(years / 1000));
    case 'epoch': {
      const days =
        BigInt(years) * 36525n * 864n * 1_000_000n +
        (BigInt(span.months % 12) * 30n + BigInt(span.days)) * BigInt(MICROS_PER_DAY);
      return Decimal.of(days + BigInt(span.micros), 6);
    }
    default: {
      const value = timeField(field, span.micros);
      if (value === null) throw unsupported(name, 'interval');
      return value;
    }
  }
}

const TIME_UNIT: Readonly<Record<string, number>> = {
  microsecond: 1,
  millisecond: 1000,
  second: 1e6,
  minute: 6e7,
  hour: 3.6e9,
  day: MICROS_PER_DAY,
};

/** date_trunc of a civil timestamp. */
export function truncateTimestamp(name: string, local: Timestamp, typeName: string): Timestamp {
  const field = unitOf(name, typeName);
  if (!isFiniteTimestamp(local)) {
    if (
      TIME_UNIT[field] === undefined &&
      !['week', 'month', 'quarter', 'year', 'decade', 'century', 'millennium'].includes(field)
    ) {
      throw unsupported(name, typeName);
    }
    return local;
  }
  const { days, micros } = splitTimestamp(local);
  const unit = TIME_UNIT[field];
  if (unit !== undefined) return joinTimestamp(days, Math.floor(micros / unit) * unit);
  const { year, month } = civilFromTimestamp(local);
  switch (field) {
    case 'week':
      return joinTimestamp(days - ((weekday(days) + 6) % 7), 0);
    case 'month':
      return joinTimestamp(daysFromCivil(year, month, 1), 0);
    case 'quarter':
      return joinTimestamp(daysFromCivil(year, month - ((month - 1) % 3), 1), 0);
    case 'year':
      return joinTimestamp(daysFromCivil(year, 1, 1), 0);
    case 'decade':
      return joinTimestamp(
        daysFromCivil(year > 0 ? Math.floor(year / 10) * 10 : -Math.floor((8 - (year - 1)) / 10) * 10, 1, 1),
        0,
      );
    case 'century':
      return joinTimestamp(
        daysFromCivil(
          year > 0
            ? Math.floor((year + 99) / 100) * 100 - 99
            : -Math.floor((99 - (year - 1)) / 100) * 100 + 1,
          1,
          1,
        ),
        0,
      );
    case 'millennium':
      return joinTimestamp(
        daysFromCivil(
          year > 0
            ? Math.floor((year + 999) / 1000) * 1000 - 999
            : -Math.floor((999 - (year - 1)) / 1000) * 1000 + 1,
          1,
          1,
        ),
        0,
      );
    default:
      throw unsupported(name, typeName);
  }
}

/** date_trunc of an interval. */
export function truncateInterval(name: string, span: Interval): Interval {
  const field = unitOf(name, 'interval');
  const months: Readonly<Record<string, number>> = {
    month: 1,
    quarter: 3,
    year: 12,
    decade: 120,
    century: 1200,
    millennium: 12000,
  };
  const unit = TIME_UNIT[field];
  const byMonths = months[field];
  if (unit === undefined && byMonths === undefined) {
    const reason = field === 'week' ? 'Months usually have fractional weeks.' : undefined;
    throw new DecentDbError('0A000', `unit "${name}" not supported for type interval`, { detail: reason });
  }
  if (!span.isFinite) return span;
  if (byMonths !== undefined) return new Interval(span.months - (span.months % byMonths), 0, 0);
  if (field === 'day') return new Interval(span.months, span.days, 0);
  const step = BigInt(unit!);
  return Interval.of(span.months, span.days, (BigInt(span.micros) / step) * step);
}

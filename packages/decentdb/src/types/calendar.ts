/**
 * Days, microseconds and calendar fields: the proleptic Gregorian calendar counted from 2000-01-01.
 *
 * I1  A date datum is a day number (int32); timestamps are microseconds (number while safe, else bigint).
 * I2  Infinity is the largest, -infinity the smallest value of the storage type (int32 for dates, int64 for timestamps).
 * I3  Years are astronomical here (0 is 1 BC); only the text forms know BC.
 */
import { DecentDbError } from '../base/errors.ts';
import { narrow } from './decimal.ts';

export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_MINUTE = 60_000_000;
export const MICROS_PER_HOUR = 3_600_000_000;
export const MICROS_PER_DAY = 86_400_000_000;

export const DATE_INFINITY = 2147483647;
export const DATE_NEGATIVE_INFINITY: number = -2147483648;
export const TIMESTAMP_INFINITY = 9223372036854775807n;
export const TIMESTAMP_NEGATIVE_INFINITY: bigint = -9223372036854775808n;

/** 4714-11-24 BC, the first day of the Julian period. */
export const DATE_MIN: number = -2451545;
/** 5874897-12-31. */
export const DATE_MAX = 2145031948;
export const TIMESTAMP_MIN: bigint = -211813488000000000n;
/** First instant beyond 294276-12-31. */
export const TIMESTAMP_END = 9223371331200000000n;

/** A date and time of day, taken apart. */
export interface CivilTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  micros: number;
}

/** Day number of a date; months outside 1..12 must have been normalised by the caller. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 730425;
}

/** The date of a day number. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 730425;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : MONTH_DAYS[month - 1]!;
}

/** 0 Sunday .. 6 Saturday. */
export function weekday(days: number): number {
  return (((days + 6) % 7) + 7) % 7;
}

export function isFiniteTimestamp(value: number | bigint): boolean {
  return typeof value === 'number' || (value !== TIMESTAMP_INFINITY && value !== TIMESTAMP_NEGATIVE_INFINITY);
}

export function isFiniteDate(value: number): boolean {
  return value !== DATE_INFINITY && value !== DATE_NEGATIVE_INFINITY;
}

/** Splits a finite timestamp into its day and the microseconds of that day. */
export function splitTimestamp(value: number | bigint): { days: number; micros: number } {
  if (typeof value === 'number') {
    const days = Math.floor(value / MICROS_PER_DAY);
    return { days, micros: value - days * MICROS_PER_DAY };
  }
  const perDay = BigInt(MICROS_PER_DAY);
  let days = value / perDay;
  if (days * perDay > value) days -= 1n;
  return { days: Number(days), micros: Number(value - days * perDay) };
}

/** A timestamp from a day and microseconds (any safe count); range unchecked. */
export function joinTimestamp(days: number, micros: number): number | bigint {
  const value = days * MICROS_PER_DAY + micros;
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return narrow(BigInt(days) * BigInt(MICROS_PER_DAY) + BigInt(micros));
}

export function timestampOutOfRange(): DecentDbError {
  return new DecentDbError('22008', 'timestamp out of range');
}

export function dateOutOfRange(): DecentDbError {
  return new DecentDbError('22008', 'date out of range');
}

/** Returns a finite timestamp that is in range, else throws 22008. */
export function checkTimestamp(value: number | bigint): number | bigint {
  if (typeof value === 'bigint' && (value < TIMESTAMP_MIN || value >= TIMESTAMP_END))
    throw timestampOutOfRange();
  return value;
}

/** Returns a finite date that is in range, else throws 22008. */
export function checkDate(days: number): number {
  if (days < DATE_MIN || days > DATE_MAX) throw dateOutOfRange();
  return days;
}

/** Sum of two int64 values, unchecked. */
export function addInt64(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt(a) + BigInt(b));
}

/** Takes a finite timestamp apart. */
export function civilFromTimestamp(value: number | bigint): CivilTime {
  const { days, micros } = splitTimestamp(value);
  const date = civilFromDays(days);
  const seconds = Math.floor(micros / MICROS_PER_SECOND);
  return {
    year: date.year,
    month: date.month,
    day: date.day,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    micros: micros - seconds * MICROS_PER_SECOND,
  };
}

/** Microseconds of a time of day. */
export function timeOfDay(hour: number, minute: number, second: number, micros: number): number {
  return ((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND + micros;
}

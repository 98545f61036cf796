/**
 * Text of dates, times and timestamps in the four DateStyles.
 */
import {
  civilFromDays,
  DATE_INFINITY,
  isFiniteDate,
  isFiniteTimestamp,
  MICROS_PER_SECOND,
  splitTimestamp,
  TIMESTAMP_INFINITY,
  weekday,
} from './calendar.ts';
import type { DateOrder, DateStyle, TypeSettings } from './sql-type.ts';
import { localFromInstant, offsetText, type TimeZone, timeZone } from './time-zone.ts';

export const MONTH_NAMES: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const WEEKDAY_NAMES: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** `.123` without trailing zeros; empty for whole seconds. */
export function fractionText(micros: number): string {
  if (micros === 0) return '';
  return `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`;
}

/** hh:mm:ss[.ffffff] of microseconds since midnight (24:00:00 for a whole day). */
export function formatTimeOfDay(micros: number): string {
  const seconds = Math.floor(micros / MICROS_PER_SECOND);
  const fraction = micros - seconds * MICROS_PER_SECOND;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fractionText(fraction)}`;
}

/** The date part, without era. */
function dateText(year: number, month: number, day: number, style: DateStyle, order: DateOrder): string {
  const y = String(year).padStart(4, '0');
  const m = two(month);
  const d = two(day);
  switch (style) {
    case 'ISO':
      return `${y}-${m}-${d}`;
    case 'SQL':
      return order === 'DMY' ? `${d}/${m}/${y}` : `${m}/${d}/${y}`;
    case 'German':
      return `${d}.${m}.${y}`;
    default:
      return order === 'YMD' ? `${y}-${m}-${d}` : order === 'DMY' ? `${d}-${m}-${y}` : `${m}-${d}-${y}`;
  }
}

export function formatDate(days: number, settings: TypeSettings): string {
  if (!isFiniteDate(days)) return days === DATE_INFINITY ? 'infinity' : '-infinity';
  const { year, month, day } = civilFromDays(days);
  const text = dateText(year > 0 ? year : 1 - year, month, day, settings.dateStyle, settings.dateOrder);
  return year > 0 ? text : `${text} BC`;
}

/** A civil timestamp; `zoneSuffix` makes what follows the time. */
function formatCivil(
  local: number | bigint,
  settings: TypeSettings,
  zone: { offset: number; abbreviation: () => string } | null,
): string {
  const { days, micros } = splitTimestamp(local);
  const date = civilFromDays(days);
  const year = date.year > 0 ? date.year : 1 - date.year;
  const era = date.year > 0 ? '' : ' BC';
  const time = formatTimeOfDay(micros);
  const { dateStyle, dateOrder } = settings;
  if (dateStyle === 'Postgres') {
    const dayName = WEEKDAY_NAMES[weekday(days)]!.slice(0, 3);
    const monthName = MONTH_NAMES[date.month - 1]!.slice(0, 3);
    const dayMonth = dateOrder === 'DMY' ? `${two(date.day)} ${monthName}` : `${monthName} ${two(date.day)}`;
    const suffix = zone === null ? '' : ` ${zone.abbreviation()}`;
    return `${dayName} ${dayMonth} ${time} ${String(year).padStart(4, '0')}${suffix}${era}`;
  }
  const suffix =
    zone === null ? '' : dateStyle === 'ISO' ? offsetText(zone.offset) : ` ${zone.abbreviation()}`;
  return `${dateText(year, date.month, date.day, dateStyle, dateOrder)} ${time}${suffix}${era}`;
}

function infinityText(value: number | bigint): string {
  return value === TIMESTAMP_INFINITY ? 'infinity' : '-infinity';
}

export function formatTimestamp(value: number | bigint, settings: TypeSettings): string {
  return isFiniteTimestamp(value) ? formatCivil(value, settings, null) : infinityText(value);
}

export function formatTimestamptz(value: number | bigint, settings: TypeSettings): string {
  if (!isFiniteTimestamp(value)) return infinityText(value);
  const zone: TimeZone = timeZone(settings.timeZone);
  const { days, micros } = splitTimestamp(value);
  const seconds = days * 86400 + Math.floor(micros / MICROS_PER_SECOND);
  return formatCivil(localFromInstant(value, zone), settings, {
    offset: zone.offsetAt(seconds),
    abbreviation: () => zone.abbreviationAt(seconds),
  });
}

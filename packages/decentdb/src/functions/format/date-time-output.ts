/**
 * to_char for timestamps, timestamps with time zone and intervals (PostgreSQL manual 9.8).
 *
 * I1  Widths and padding are PostgreSQL's: FM takes blanks and leading zeros away, nothing else.
 */
import { DecentDbError } from '../../base/errors.ts';
import {
  civilFromDays,
  civilFromTimestamp,
  daysFromCivil,
  isFiniteTimestamp,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  splitTimestamp,
  weekday,
} from '../../types/calendar.ts';
import { MONTH_NAMES, WEEKDAY_NAMES } from '../../types/datetime-format.ts';
import type { Interval } from '../../types/interval.ts';
import { localFromInstant, timeZone } from '../../types/time-zone.ts';
import { ordinalSuffix, parseTemplate, romanMonth, type TemplateField } from './template.ts';

/** Calendar fields to print; an interval has no days of week or era. */
interface Fields {
  readonly isInterval: boolean;
  /** Astronomical: 0 is 1 BC. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  /** Days since 2000-01-01; 0 for intervals. */
  readonly days: number;
  readonly zone: { readonly abbreviation: string; readonly offsetSeconds: number } | null;
}

export function timestampToChar(value: number | bigint, format: string): string | null {
  if (format === '' || !isFiniteTimestamp(value)) return null;
  return print(timestampFields(value, null), format);
}

export function timestamptzToChar(value: number | bigint, format: string, zoneName: string): string | null {
  if (format === '' || !isFiniteTimestamp(value)) return null;
  const zone = timeZone(zoneName);
  const seconds = Math.floor(Number(value) / MICROS_PER_SECOND);
  const shown = { abbreviation: zone.abbreviationAt(seconds), offsetSeconds: zone.offsetAt(seconds) };
  return print(timestampFields(localFromInstant(value, zone), shown), format);
}

export function intervalToChar(value: Interval, format: string): string | null {
  if (format === '' || !value.isFinite) return null;
  const micros = Number(value.micros);
  const part = (unit: number, within: number): number => Math.trunc((micros % within) / unit);
  return print(
    {
      isInterval: true,
      year: Math.trunc(value.months / 12),
      month: value.months % 12,
      day: value.days,
      hour: Math.trunc(micros / MICROS_PER_HOUR),
      minute: part(MICROS_PER_MINUTE, MICROS_PER_HOUR),
      second: part(MICROS_PER_SECOND, MICROS_PER_MINUTE),
      micros: micros % MICROS_PER_SECOND,
      days: 0,
      zone: null,
    },
    format,
  );
}

function timestampFields(local: number | bigint, zone: Fields['zone']): Fields {
  return { ...civilFromTimestamp(local), isInterval: false, days: splitTimestamp(local).days, zone };
}

function print(fields: Fields, format: string): string {
  let result = '';
  for (const item of parseTemplate(format).items) {
    if (item.kind === 'text') {
      result += item.text;
      continue;
    }
    const text = fieldText(item, fields);
    result += item.ordinal === null || !/\d$/.test(text) ? text : text + ordinalSuffix(text, item.ordinal);
  }
  return result;
}

/** Zero-padded to `width`, the sign included; as it is when `fill`. */
function padded(value: number, width: number, fill: boolean): string {
  const digits = String(Math.abs(value));
  const sign = value < 0 ? '-' : '';
  return sign + (fill ? digits : digits.padStart(width - sign.length, '0'));
}

/** Parts of a time of day: a negative one is one wider. */
function paddedTime(value: number, width: number, fill: boolean): string {
  return padded(value, value < 0 ? width + 1 : width, fill);
}

function fieldText(field: TemplateField, f: Fields): string {
  return timeText(field, f) ?? calendarText(field, f) ?? namedText(field, f);
}

function timeText({ name, spelling, fill }: TemplateField, f: Fields): string | null {
  const hour12 = f.hour % 12 === 0 ? 12 : f.hour % 12;
  switch (name) {
    case 'HH':
    case 'HH12':
      return paddedTime(hour12, 2, fill);
    case 'HH24':
      return paddedTime(f.hour, 2, fill);
    case 'MI':
      return paddedTime(f.minute, 2, fill);
    case 'SS':
      return paddedTime(f.second, 2, fill);
    case 'MS':
      return padded(Math.trunc(f.micros / 1000), 3, false);
    case 'US':
      return padded(f.micros, 6, false);
    case 'SSSS':
    case 'SSSSS':
      return String(f.hour * 3600 + f.minute * 60 + f.second);
    case 'AM':
    case 'PM':
    case 'A.M.':
    case 'P.M.': {
      const half = f.hour % 24 >= 12 ? 'PM' : 'AM';
      const text = name.includes('.') ? `${half[0]}.M.` : half;
      return spelling === name ? text : text.toLowerCase();
    }
    default:
      if (!name.startsWith('FF')) return null;
      return padded(Math.trunc(f.micros / 10 ** (6 - Number(name[2]))), Number(name[2]), false);
  }
}

function calendarText({ name, spelling, fill }: TemplateField, f: Fields): string | null {
  const year = f.isInterval || f.year > 0 ? f.year : 1 - f.year;
  switch (name) {
    case 'YYYY':
      return paddedTime(year, 4, fill);
    case 'YYY':
      return paddedTime(year % 1000, 3, fill);
    case 'YY':
      return paddedTime(year % 100, 2, fill);
    case 'Y':
      return paddedTime(year % 10, 1, fill);
    case 'Y,YYY':
      return `${Math.trunc(year / 1000)},${padded(year % 1000, 3, false)}`;
    case 'MM':
      return f.isInterval ? paddedTime(f.month, 2, fill) : padded(f.month, 2, fill);
    case 'DD':
      return padded(f.day, 2, fill);
    case 'DDD':
      return padded(f.isInterval ? f.year * 360 + f.month * 30 + f.day : dayOfYear(f), 3, fill);
    case 'CC':
      return paddedTime(century(f), 2, fill);
    case 'Q':
      return f.month === 0 ? '' : String(Math.floor((f.month - 1) / 3) + 1);
    case 'W':
      return String(Math.floor((f.day - 1) / 7) + 1);
    case 'WW':
      return padded(Math.floor((dayOfYear(f) - 1) / 7) + 1, 2, fill);
    case 'J':
      return String(f.days + 2451545);
    case 'RM': {
      if (f.month === 0 && f.year === 0) return '';
      // Whole years of an interval: XII after them, I before.
      const month = f.month === 0 ? (f.year > 0 ? 12 : 1) : f.month < 0 ? f.month + 13 : f.month;
      const roman = spelling === 'rm' ? romanMonth(month).toLowerCase() : romanMonth(month);
      return fill ? roman : roman.padEnd(4);
    }
    default:
      return isoText(name, fill, f);
  }
}

function isoText(name: string, fill: boolean, f: Fields): string | null {
  if (f.isInterval && /^(I|IY|IYY|IYYY)$/.test(name)) return padded(f.year, name.length, fill);
  const iso = isoWeek(f.days);
  const year = iso.year > 0 ? iso.year : 1 - iso.year;
  switch (name) {
    case 'IYYY':
      return paddedTime(year, 4, fill);
    case 'IYY':
      return paddedTime(year % 1000, 3, fill);
    case 'IY':
      return paddedTime(year % 100, 2, fill);
    case 'I':
      return paddedTime(year % 10, 1, fill);
    case 'IW':
      return padded(iso.week, 2, fill);
    case 'IDDD':
      return padded((iso.week - 1) * 7 + iso.day, 3, fill);
    default:
      return null;
  }
}

/** Names of days, months, eras and zones: not for intervals. */
function namedText({ name, spelling, fill: isFilled, translated }: TemplateField, f: Fields): string {
  // Translated names are never padded.
  const fill = isFilled || translated;
  if (f.isInterval) {
    throw new DecentDbError('22007', 'invalid format specification for an interval value', {
      hint: 'Intervals are not tied to specific calendar dates.',
    });
  }
  switch (name) {
    case 'MONTH':
      return nameText(MONTH_NAMES[f.month - 1]!, spelling, fill ? 0 : 9);
    case 'MON':
      return nameText(MONTH_NAMES[f.month - 1]!.slice(0, 3), spelling, 0);
    case 'DAY':
      return nameText(WEEKDAY_NAMES[weekday(f.days)]!, spelling, fill ? 0 : 9);
    case 'DY':
      return nameText(WEEKDAY_NAMES[weekday(f.days)]!.slice(0, 3), spelling, 0);
    case 'D':
      return String(weekday(f.days) + 1);
    case 'ID':
      return String(weekday(f.days) === 0 ? 7 : weekday(f.days));
    case 'AD':
    case 'BC':
    case 'A.D.':
    case 'B.C.': {
      const era = f.year <= 0 ? 'BC' : 'AD';
      const text = name.includes('.') ? `${era[0]}.${era[1]}.` : era;
      return spelling === name ? text : text.toLowerCase();
    }
    default:
      return zoneText(name, spelling, f);
  }
}

function zoneText(name: string, spelling: string, f: Fields): string {
  const zone = f.zone;
  if (name === 'TZ') {
    if (zone === null) return '';
    return spelling === 'tz' ? zone.abbreviation.toLowerCase() : zone.abbreviation;
  }
  const offset = zone?.offsetSeconds ?? 0;
  const hours = `${offset < 0 ? '-' : '+'}${String(Math.floor(Math.abs(offset) / 3600)).padStart(2, '0')}`;
  const minutes = String(Math.floor((Math.abs(offset) % 3600) / 60)).padStart(2, '0');
  if (name === 'TZH') return hours;
  if (name === 'TZM') return minutes;
  return minutes === '00' ? hours : `${hours}:${minutes}`;
}

function nameText(name: string, spelling: string, width: number): string {
  const isUpper = spelling === spelling.toUpperCase();
  const text = isUpper ? name.toUpperCase() : spelling === spelling.toLowerCase() ? name.toLowerCase() : name;
  return text.padEnd(width);
}

function dayOfYear(f: Fields): number {
  return f.days - daysFromCivil(f.year, 1, 1) + 1;
}

function century(f: Fields): number {
  if (f.isInterval) return Math.trunc(f.year / 100);
  return f.year > 0 ? Math.floor((f.year - 1) / 100) + 1 : Math.trunc((f.year - 1) / 100) - 1;
}

/** ISO 8601 week-numbering year, week and day (Monday 1) of a day number. */
export function isoWeek(days: number): { year: number; week: number; day: number } {
  const day = weekday(days) === 0 ? 7 : weekday(days);
  const { year } = civilFromDays(days - day + 4);
  const week = Math.floor((days - day + 4 - daysFromCivil(year, 1, 1)) / 7) + 1;
  return { year, week, day };
}

/**
 * The date and time methods of jsonpath: .datetime(), .date(), .time(), .time_tz(), .timestamp(), .timestamp_tz().
 *
 * I1  Text is read in ISO forms, or by a template; null means that it fits none.
 */
import {
  daysFromCivil,
  daysInMonth,
  joinTimestamp,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  splitTimestamp,
} from '../../types/calendar.ts';
import { roundMicros, TimeWithZone } from '../../types/date-time-types.ts';
import { Oid as T } from '../../types/oids.ts';
import { instantFromLocal, localFromInstant, type TimeZone } from '../../types/time-zone.ts';
import { type DateTimeParts, readDateTime } from '../format/date-time-input.ts';
import { demandZone, PathDateTime } from './item.ts';

const ISO =
  /^(?:(\d+)-(\d+)-(\d+))?(?:([ T]|^)(\d+):(\d+):(\d+)(?:\.(\d{1,6}))?(?:\s?([+-]\d{1,2})(?::(\d{1,2}))?)?)?$/;

function itemOf(parts: DateTimeParts): PathDateTime | null {
  const { days, micros, offset } = parts;
  if (days === null) {
    if (micros === null) return null;
    return offset === null
      ? new PathDateTime(T.time, micros)
      : new PathDateTime(T.timetz, new TimeWithZone(micros, offset));
  }
  if (micros === null) return offset === null ? new PathDateTime(T.date, days) : null;
  if (offset === null) return new PathDateTime(T.timestamp, joinTimestamp(days, micros));
  return new PathDateTime(T.timestamptz, joinTimestamp(days, micros - offset * MICROS_PER_SECOND), offset);
}

function readIso(text: string): PathDateTime | null {
  const match = ISO.exec(text);
  if (match === null || text === '') return null;
  const [, y, mo, d, , h, mi, s, fraction = '', zone, zoneMinutes] = match;
  let days: number | null = null;
  if (y !== undefined) {
    const [year, month, day] = [Number(y), Number(mo), Number(d)];
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
    days = daysFromCivil(year, month, day);
  }
  let micros: number | null = null;
  if (h !== undefined) {
    const [hour, minute, second] = [Number(h), Number(mi), Number(s)];
    if (hour > 24 || minute > 59 || second > 60) return null;
    micros = ((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND + Number(fraction.padEnd(6, '0'));
    if (micros > MICROS_PER_DAY) return null;
  }
  let offset: number | null = null;
  if (zone !== undefined) {
    if (Math.abs(Number(zone)) > 15 || Number(zoneMinutes ?? 0) > 59) return null;
    offset = Number(zone) * 3600 + (zone.startsWith('-') ? -1 : 1) * Number(zoneMinutes ?? 0) * 60;
  }
  return itemOf({ days, micros, offset });
}

/** The item a text means, or null. A template may throw 22007 and 22008. */
export function readPathDateTime(text: string, template: string | null): PathDateTime | null {
  return template === null ? readIso(text) : itemOf(readDateTime(text, template));
}

const offsetAt = (instant: number | bigint, zone: TimeZone): number =>
  Math.round((Number(localFromInstant(instant, zone)) - Number(instant)) / MICROS_PER_SECOND);

function shortName(oid: number): string {
  return (
    { [T.date]: 'date', [T.time]: 'time', [T.timetz]: 'timetz', [T.timestamp]: 'timestamp' }[oid] ??
    'timestamptz'
  );
}

/** `item` as another date/time type, or null when there is no such conversion. */
export function convertDateTime(
  item: PathDateTime,
  oid: number,
  zone: TimeZone,
  isZoneAllowed: boolean,
): PathDateTime | null {
  if (item.oid === oid) return item;
  const demand = (): void => demandZone(isZoneAllowed, shortName(item.oid), shortName(oid));
  const isClock = item.oid === T.time || item.oid === T.timetz;
  if (isClock) {
    if (item.oid === T.timetz && oid === T.time)
      return new PathDateTime(T.time, (item.value as TimeWithZone).micros);
    if (oid !== T.timetz) return null;
    demand();
    return new PathDateTime(oid, new TimeWithZone(item.value as number, offsetAt(0, zone)));
  }
  let local: number | bigint = item.value as number;
  if (item.oid === T.date) local = (item.value as number) * MICROS_PER_DAY;
  if (item.oid === T.timestamptz) {
    if (oid !== T.timetz) demand();
    local = localFromInstant(item.value as number, zone);
  }
  const { days, micros } = splitTimestamp(local);
  switch (oid) {
    case T.date:
      return new PathDateTime(oid, days);
    case T.time:
      return item.oid === T.date ? null : new PathDateTime(oid, micros);
    case T.timetz:
      if (item.oid !== T.timestamptz) return null;
      demand();
      return new PathDateTime(oid, new TimeWithZone(micros, offsetAt(item.value as number, zone)));
    case T.timestamp:
      return new PathDateTime(oid, local);
    default: {
      demand();
      const instant = instantFromLocal(local, zone);
      return new PathDateTime(T.timestamptz, instant, offsetAt(instant, zone));
    }
  }
}

/** `item` with fractions of a second rounded to `precision` digits. */
export function roundDateTime(item: PathDateTime, precision: number): PathDateTime {
  const digits = Math.min(precision, 6);
  if (item.oid === T.date) return item;
  if (item.oid === T.timetz) {
    const { micros, offset } = item.value as TimeWithZone;
    return new PathDateTime(item.oid, new TimeWithZone(Number(roundMicros(micros, digits)), offset));
  }
  return new PathDateTime(item.oid, roundMicros(item.value as number, digits), item.offset);
}

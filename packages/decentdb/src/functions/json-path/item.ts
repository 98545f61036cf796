/**
 * What a jsonpath step yields: JSON values, and date/time values until they are handed out.
 *
 * I1  A date/time item remembers the offset it was written with, which its text form shows.
 */
import { DecentDbError } from '../../base/errors.ts';
import { MICROS_PER_DAY, MICROS_PER_SECOND, splitTimestamp } from '../../types/calendar.ts';
import { TimeWithZone } from '../../types/date-time-types.ts';
import { formatDate, formatTimeOfDay } from '../../types/datetime-format.ts';
import { type JsonNode, jsonKind } from '../../types/json.ts';
import { Oid as T } from '../../types/oids.ts';
import { builtinType } from '../../types/registry.ts';
import { defaultTypeSettings } from '../../types/sql-type.ts';
import { instantFromLocal, localFromInstant, offsetText, type TimeZone } from '../../types/time-zone.ts';
import type { Datum } from '../../types/vector.ts';

export class PathDateTime {
  /** Oid of date, time, timetz, timestamp or timestamptz. */
  readonly oid: number;
  readonly value: Datum;
  /** Seconds east of UTC; for timestamptz only. */
  readonly offset: number;

  constructor(oid: number, value: Datum, offset = 0) {
    this.oid = oid;
    this.value = value;
    this.offset = offset;
  }

  get typeName(): string {
    return builtinType(this.oid).sqlName(-1);
  }

  /** ISO 8601, as JSON output writes dates. */
  toString(): string {
    switch (this.oid) {
      case T.date:
        return formatDate(this.value as number, defaultTypeSettings);
      case T.time:
        return formatTimeOfDay(this.value as number);
      case T.timetz:
        return builtinType(T.timetz).output(this.value, defaultTypeSettings) + this.minutesOfZone();
      case T.timestamp:
        return isoTimestamp(this.value as number);
      default:
        return isoTimestamp(Number(this.value) + this.offset * MICROS_PER_SECOND) + isoOffset(this.offset);
    }
  }

  /** JSON writes the minutes of an offset even when they are zero. */
  private minutesOfZone(): string {
    return /[+-]\d\d$/.test(builtinType(T.timetz).output(this.value, defaultTypeSettings)) ? ':00' : '';
  }
}

function isoTimestamp(micros: number): string {
  const { days, micros: time } = splitTimestamp(micros);
  return `${formatDate(days, defaultTypeSettings)}T${formatTimeOfDay(time)}`;
}

function isoOffset(seconds: number): string {
  const text = offsetText(seconds);
  return text.includes(':') ? text : `${text}:00`;
}

export type PathValue = JsonNode | PathDateTime;

/** The JSON value a step's result becomes. */
export function nodeOfItem(item: PathValue): JsonNode {
  return item instanceof PathDateTime ? item.toString() : item;
}

/** What `.type()` says. */
export function itemType(item: PathValue): string {
  return item instanceof PathDateTime ? item.typeName : jsonKind(item);
}

/** 0A000: a comparison or cast that depends on the session's time zone, in a function that may not. */
export function demandZone(isZoneAllowed: boolean, from: string, to: string): void {
  if (isZoneAllowed) return;
  throw new DecentDbError('0A000', `cannot convert value from ${from} to ${to} without time zone usage`, {
    hint: 'Use *_tz() function for time zone support.',
  });
}

function microsOf(
  item: PathDateTime,
  to: PathDateTime,
  zone: TimeZone,
  isZoneAllowed: boolean,
): number | bigint {
  const local = item.oid === T.date ? (item.value as number) * MICROS_PER_DAY : (item.value as number);
  if (item.oid === T.timestamptz || to.oid !== T.timestamptz) return local;
  demandZone(
    isZoneAllowed,
    item.typeName === 'timestamp without time zone' ? 'timestamp' : 'date',
    'timestamptz',
  );
  return instantFromLocal(local, zone);
}

function timeWithZone(item: PathDateTime, zone: TimeZone, isZoneAllowed: boolean): Datum {
  if (item.oid === T.timetz) return item.value;
  demandZone(isZoneAllowed, 'time', 'timetz');
  const local = localFromInstant(0, zone);
  return new TimeWithZone(item.value as number, Number(local) / MICROS_PER_SECOND);
}

/** Order of two date/time items, or null when their types cannot be compared. */
export function compareDateTimes(
  a: PathDateTime,
  b: PathDateTime,
  zone: TimeZone,
  isZoneAllowed: boolean,
): number | null {
  const isClock = (item: PathDateTime): boolean => item.oid === T.time || item.oid === T.timetz;
  if (isClock(a) !== isClock(b)) return null;
  if (isClock(a)) {
    if (a.oid === T.time && b.oid === T.time) return (a.value as number) - (b.value as number);
    return builtinType(T.timetz).compare(
      timeWithZone(a, zone, isZoneAllowed),
      timeWithZone(b, zone, isZoneAllowed),
    );
  }
  const left = microsOf(a, b, zone, isZoneAllowed);
  const right = microsOf(b, a, zone, isZoneAllowed);
  return left < right ? -1 : left > right ? 1 : 0;
}

export { localFromInstant };

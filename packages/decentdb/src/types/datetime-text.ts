/**
 * Reading dates, times and timestamps, as broadly as PostgreSQL does.
 *
 * The decoder walks the fields of datetime-tokens.ts once; `known` says which of year, month, day, time and zone it has,
 * and the meaning of a number follows from what is missing and from the session's date order.
 *
 * I1  Malformed text is 22007, a field out of range 22008, a bad zone offset 22009, an unknown zone 22023.
 */
import { DecentDbError } from '../base/errors.ts';
import { daysFromCivil, daysInMonth, MICROS_PER_SECOND, splitTimestamp, timeOfDay } from './calendar.ts';
import { dateWords, type Field, splitDateTime, type Word } from './datetime-tokens.ts';
import type { TypeSettings } from './sql-type.ts';
import { findTimeZone, fixedZone, localFromInstant, type TimeZone, timeZone } from './time-zone.ts';
import { zoneAbbreviations } from './zone-abbreviations.ts';

/** What the text says. */
export interface ParsedDateTime {
  /** 'infinity', '-infinity', 'epoch', or a date and time. */
  readonly special: 'infinity' | '-infinity' | 'epoch' | null;
  /** Day number; null when the text gave no date. */
  readonly days: number | null;
  /** Microseconds of the day, 0 .. one day. */
  readonly micros: number;
  readonly hasTime: boolean;
  /** Zone the text names, or null. */
  readonly zone: TimeZone | null;
}

const YEAR = 1;
const MONTH = 2;
const DAY = 4;
const TIME = 8;
const ZONE = 16;
const DATE: number = YEAR | MONTH | DAY;

type Failure = 'format' | 'field' | 'monthDay' | 'zoneDisplacement';

/** Thrown inside the decoder; turned into a worded error at its edge. */
class DateTimeFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure);
    this.failure = failure;
  }
}

function fail(failure: Failure): never {
  throw new DateTimeFailure(failure);
}

function wordFailure(failure: Failure, text: string, typeName: string): DecentDbError {
  switch (failure) {
    case 'field':
      return new DecentDbError('22008', `date/time field value out of range: "${text}"`);
    case 'monthDay':
      return new DecentDbError('22008', `date/time field value out of range: "${text}"`, {
        hint: 'Perhaps you need a different "DateStyle" setting.',
      });
    case 'zoneDisplacement':
      return new DecentDbError('22009', `time zone displacement out of range: "${text}"`);
    default:
      return new DecentDbError('22007', `invalid input syntax for type ${typeName}: "${text}"`);
  }
}

/** Fast path for `YYYY-MM-DD[ HH:MM[:SS[.f]]]`, which is nearly all text in practice. */
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Reads a timestamp or date; `typeName` words the errors. */
export function parseDateTime(text: string, typeName: string, settings: TypeSettings): ParsedDateTime {
  try {
    const iso = ISO.exec(text);
    const quick = iso === null ? null : fromIso(iso);
    if (quick !== null) return quick;
    const fields = splitDateTime(text);
    if (fields === null || fields.length === 0) return fail('format');
    return new Decoder(settings, false).decode(fields);
  } catch (error) {
    if (error instanceof DateTimeFailure) throw wordFailure(error.failure, text, typeName);
    throw error;
  }
}

/** Reads a time of day, with or without zone and date. */
export function parseTime(text: string, typeName: string, settings: TypeSettings): ParsedDateTime {
  try {
    const fields = splitDateTime(text);
    if (fields === null || fields.length === 0) return fail('format');
    return new Decoder(settings, true).decode(fields);
  } catch (error) {
    if (error instanceof DateTimeFailure) throw wordFailure(error.failure, text, typeName);
    throw error;
  }
}

function fromIso(match: RegExpExecArray): ParsedDateTime | null {
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4] ?? 0);
  const minute = Number(match[5] ?? 0);
  const second = Number(match[6] ?? 0);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const hasTime = match[4] !== undefined;
  const zoneText = match[8];
  if (zoneText !== undefined && !hasTime) return null;
  return {
    special: null,
    days: daysFromCivil(year, month, day),
    micros: timeOfDay(hour, minute, second, Number((match[7] ?? '').padEnd(6, '0'))),
    hasTime,
    zone:
      zoneText === undefined ? null : zoneText === 'Z' ? fixedZone(0) : fixedZone(parseZoneOffset(zoneText)),
  };
}

/** Seconds east of `+hh`, `+hhmm`, `+hh:mm`, `+hh:mm:ss`. */
function parseZoneOffset(text: string): number {
  const match = /^([+-])(\d+)(?::(\d{1,2}))?(?::(\d{1,2}))?$/.exec(text);
  if (match === null) return fail('format');
  let hours = Number(match[2]);
  let minutes = Number(match[3] ?? 0);
  let seconds = Number(match[4] ?? 0);
  if (match[3] === undefined && match[2]!.length > 2) {
    if (match[2]!.length > 4) {
      seconds = hours % 100;
      hours = Math.floor(hours / 100);
    }
    minutes = hours % 100;
    hours = Math.floor(hours / 100);
  }
  if (hours > 15 || minutes > 59 || seconds > 59) return fail('zoneDisplacement');
  const offset = (hours * 60 + minutes) * 60 + seconds;
  return match[1] === '-' && offset !== 0 ? -offset : offset;
}

/** Microseconds of a fraction such as `.123`, ties to even. */
function fractionMicros(text: string): number {
  if (text === '.') return 0;
  const micros = Number(text) * 1e6;
  const floor = Math.floor(micros);
  if (micros - floor !== 0.5) return Math.round(micros);
  return floor % 2 === 0 ? floor : floor + 1;
}

class Decoder {
  private readonly settings: TypeSettings;
  private readonly timeOnly: boolean;
  private known = 0;
  private year = 0;
  private month = 0;
  private day = 0;
  private dayOfYear = 0;
  private hour = 0;
  private minute = 0;
  private second = 0;
  private micros = 0;
  private hasTextMonth = false;
  private isTwoDigitYear = false;
  private isBeforeChrist = false;
  private half: number | null = null;
  private expecting: 'julian' | 'time' | null = null;
  private julianDays: number | null = null;
  private zone: TimeZone | null = null;
  private special: ParsedDateTime['special'] = null;

  constructor(settings: TypeSettings, timeOnly: boolean) {
    this.settings = settings;
    this.timeOnly = timeOnly;
  }

  decode(fields: readonly Field[]): ParsedDateTime {
    for (const field of fields) this.field(field);
    if (this.expecting !== null) return fail('format');
    return this.finish();
  }

  private add(mask: number): void {
    if ((this.known & mask) !== 0) fail('format');
    this.known |= mask;
  }

  private field({ kind, text }: Field): void {
    switch (kind) {
      case 'date':
        return this.dateField(text);
      case 'time':
        if (this.expecting !== null && this.expecting !== 'time') return fail('format');
        this.expecting = null;
        return this.clock(text);
      case 'zone':
        this.zone = fixedZone(parseZoneOffset(text));
        return this.add(ZONE);
      case 'number':
        return this.numberField(text);
      default:
        return this.word(text);
    }
  }

  private dateField(text: string): void {
    if (this.expecting === 'julian') return this.julian(text);
    const hasDate = (this.known & (MONTH | DAY)) === (MONTH | DAY);
    if (this.expecting === null && !hasDate && !(this.timeOnly && /^[a-z]/.test(text) && this.known !== 0))
      return this.date(text);
    if (!/^\d/.test(text) && this.expecting === null) return this.zoneName(text);
    this.expecting = null;
    if ((this.known & TIME) !== 0) return fail('format');
    const sign = text.indexOf('-');
    if (sign < 0) return fail('format');
    this.zone = fixedZone(parseZoneOffset(text.slice(sign)));
    this.add(ZONE);
    if (this.run(text.slice(0, sign)) !== TIME) fail('format');
  }

  private zoneName(text: string): void {
    const zone = findTimeZone(text);
    if (zone === null) throw new DecentDbError('22023', `time zone "${text}" not recognized`);
    this.zone = zone;
    this.add(ZONE);
  }

  private clock(text: string): void {
    const match = /^(\d+):(\d*)(?::(\d*)(\.\d*)?)?$/.exec(text);
    if (match === null) return fail('format');
    this.add(TIME);
    this.hour = Number(match[1]);
    this.minute = Number(match[2]);
    this.second = Number(match[3] ?? 0);
    this.micros = match[4] === undefined ? 0 : fractionMicros(match[4]);
    if (this.minute > 59 || this.second > 60) fail('field');
    const total = timeOfDay(this.hour, this.minute, this.second, this.micros);
    if (this.hour > 24 || total > 24 * 3600 * MICROS_PER_SECOND) fail('field');
  }

  private julian(text: string): void {
    this.expecting = null;
    const match = /^(\d+)(\.\d*)?(?:([+-].*))?$/.exec(text);
    if (match === null) return fail('format');
    const days = Number(match[1]);
    if (days > 2147483647) fail('field');
    this.julianDays = days - 2451545;
    this.add(DATE);
    if (match[2] !== undefined) {
      this.add(TIME);
      const micros = Math.round(Number(`0${match[2]}`) * 24 * 3600 * 1e6);
      this.second = Math.floor(micros / MICROS_PER_SECOND);
      this.micros = micros % MICROS_PER_SECOND;
    }
    if (match[3] !== undefined) {
      this.zone = fixedZone(parseZoneOffset(match[3]));
      this.add(ZONE);
    }
  }

  private numberField(text: string): void {
    if (this.expecting === 'julian') return this.julian(text);
    if (this.expecting === 'time') {
      this.expecting = null;
      if (this.run(text) !== TIME) fail('format');
      return;
    }
    const point = text.indexOf('.');
    const hasDate = (this.known & DATE) === DATE;
    if (point >= 0 && (this.known & DATE) === 0 && !this.timeOnly) return this.date(text);
    if (point > 2) {
      this.run(text);
      return;
    }
    if (this.timeOnly && (this.known & (DATE | TIME)) === 0) {
      if (text.length >= 4 && point < 0) this.run(text);
      else if (text.length <= 2) this.bareHour(text);
      else fail('format');
      return;
    }
    if (point < 0 && text.length >= 6 && (!hasDate || (this.known & TIME) === 0)) {
      this.run(text);
      return;
    }
    this.number(text);
  }

  /** `04 AM`: an hour alone, valid only with am or pm. */
  private bareHour(text: string): void {
    this.add(TIME);
    this.hour = Number(text);
    this.half = -1;
  }

  /** A number of its own or a part of a date: decided by what is known. */
  private number(text: string): void {
    const point = text.indexOf('.');
    if (point > 2) {
      this.run(text);
      return;
    }
    const value = Number(point < 0 ? text : text.slice(0, point));
    if (point >= 0) this.micros = fractionMicros(text.slice(point));
    const { dateOrder } = this.settings;
    const isLong = text.length >= 3;
    const have = this.known & DATE;
    if (text.length === 3 && have === YEAR && value >= 1 && value <= 366) {
      this.dayOfYear = value;
      this.known |= MONTH | DAY;
      return;
    }
    if (have === 0) {
      if (isLong || dateOrder === 'YMD') return this.setYear(value, text);
      return dateOrder === 'DMY' ? this.setDay(value) : this.setMonth(value);
    }
    if (have === YEAR || have === DAY) return this.setMonth(value);
    if (have === MONTH) {
      if (this.hasTextMonth && (isLong || dateOrder === 'YMD')) return this.setYear(value, text);
      return this.setDay(value);
    }
    if (have === (YEAR | MONTH)) {
      if (this.hasTextMonth && isLong && this.isTwoDigitYear) {
        this.day = this.year;
        this.year = value;
        this.isTwoDigitYear = false;
        return this.add(DAY);
      }
      return this.setDay(value);
    }
    if (have === (MONTH | DAY)) return this.setYear(value, text);
    if (have === DATE) {
      if (this.run(text) !== TIME) fail('format');
      return;
    }
    fail('format');
  }

  private setYear(value: number, text: string): void {
    this.add(YEAR);
    this.year = value;
    this.isTwoDigitYear = text.length <= 2;
  }

  private setMonth(value: number): void {
    this.add(MONTH);
    this.month = value;
  }

  private setDay(value: number): void {
    this.add(DAY);
    this.day = value;
  }

  /** Digits run together: YYMMDD, YYYYMMDD, HHMM, HHMMSS, with fraction. Returns DATE or TIME. */
  private run(source: string): number {
    let text = source;
    const point = text.indexOf('.');
    let fraction = '';
    if (point >= 0) {
      fraction = text.slice(point);
      text = text.slice(0, point);
    } else if (
      (this.known & DATE) !== DATE &&
      text.length >= 6 &&
      !(this.timeOnly && (this.known & TIME) === 0 && text.length === 6)
    ) {
      const day = Number(text.slice(-2));
      const month = Number(text.slice(-4, -2));
      this.add(DATE);
      this.day = day;
      this.month = month;
      this.year = Number(text.slice(0, -4));
      this.isTwoDigitYear = text.length === 6;
      return DATE;
    }
    if ((this.known & TIME) !== 0 || (text.length !== 4 && text.length !== 6)) return fail('format');
    this.add(TIME);
    this.hour = Number(text.slice(0, 2));
    this.minute = Number(text.slice(2, 4));
    this.second = text.length === 6 ? Number(text.slice(4)) : 0;
    this.micros = fraction === '' ? 0 : fractionMicros(fraction);
    if (this.hour > 24 || this.minute > 59 || this.second > 60) fail('field');
    return TIME;
  }

  /** A date field with embedded punctuation. */
  private date(text: string): void {
    const parts = text.split(/[^a-z\d]+/).filter((part) => part !== '');
    if (parts.length > 3) return fail('format');
    const numbers: string[] = [];
    for (const part of parts) {
      if (/^[a-z]/.test(part)) {
        const word = dateWords.get(part);
        if (word?.kind !== 'month') {
          if (word?.kind === 'weekday' || word?.kind === 'ignore') continue;
          return fail('format');
        }
        if (this.hasTextMonth) return fail('format');
        this.hasTextMonth = true;
        this.setMonth(word.value);
      } else numbers.push(part);
    }
    for (const part of numbers) {
      if (!/^\d+$/.test(part)) return fail('format');
      if ((this.known & DATE) === DATE) return fail('format');
      this.number(part);
    }
    if ((this.known & DATE) !== DATE) fail('format');
  }

  private word(text: string): void {
    const abbreviation = zoneAbbreviations.get(text);
    if (abbreviation !== undefined && text !== 'at' && text !== 'z') {
      this.zone = findTimeZone(text);
      return this.add(ZONE);
    }
    const word = dateWords.get(text.slice(0, 10));
    if (word !== undefined) return this.knownWord(word);
    if (findTimeZone(text) === null) return fail('format');
    this.zoneName(text);
  }

  private knownWord(word: Word): void {
    switch (word.kind) {
      case 'month':
        if (
          (this.known & MONTH) !== 0 &&
          !this.hasTextMonth &&
          (this.known & DAY) === 0 &&
          this.month >= 1 &&
          this.month <= 31
        ) {
          this.day = this.month;
          this.known = (this.known & ~MONTH) | DAY;
        }
        this.hasTextMonth = true;
        return this.setMonth(word.value);
      case 'ampm':
        this.half = word.value;
        return;
      case 'era':
        this.isBeforeChrist = word.value === 1;
        return;
      case 'julian':
        this.expecting = 'julian';
        return;
      case 'isoTime':
        if ((this.known & DATE) !== DATE && !this.timeOnly) fail('format');
        this.expecting = 'time';
        return;
      case 'reserved':
        return this.reserved(word.name);
      case 'daylight':
        return fail('format');
      default:
        return;
    }
  }

  private reserved(name: string): void {
    switch (name) {
      case 'now':
        this.add(DATE | TIME | ZONE);
        return this.setNow();
      case 'today':
      case 'tomorrow':
      case 'yesterday': {
        this.add(DATE);
        const today = splitTimestamp(
          localFromInstant(this.settings.nowMicros(), timeZone(this.settings.timeZone)),
        ).days;
        this.julianDays = today + (name === 'tomorrow' ? 1 : name === 'yesterday' ? -1 : 0);
        return;
      }
      case 'zulu':
        this.zone = fixedZone(0);
        return this.add(ZONE);
      case 'allballs':
        this.zone = fixedZone(0);
        return this.add(TIME | ZONE);
      default:
        this.add(DATE | TIME | ZONE);
        this.special = name as ParsedDateTime['special'];
    }
  }

  private setNow(): void {
    const zone = timeZone(this.settings.timeZone);
    const local = splitTimestamp(localFromInstant(this.settings.nowMicros(), zone));
    this.julianDays = local.days;
    this.second = Math.floor(local.micros / MICROS_PER_SECOND);
    this.micros = local.micros % MICROS_PER_SECOND;
    this.zone = zone;
  }

  private finish(): ParsedDateTime {
    if (this.special !== null) {
      return { special: this.special, days: null, micros: 0, hasTime: false, zone: null };
    }
    this.applyHalf();
    const hasTime = (this.known & TIME) !== 0;
    const hasDate = (this.known & DATE) === DATE;
    if (this.timeOnly ? !hasTime || ((this.known & DATE) !== 0 && !hasDate) : !hasDate) return fail('format');
    // The offset of a place depends on the date.
    if (!hasDate && this.zone !== null && !this.zone.isFixed) return fail('format');
    const days = hasDate ? this.dayNumber() : null;
    const micros = timeOfDay(this.hour, this.minute, this.second, this.micros);
    return { special: null, days, micros, hasTime, zone: this.zone };
  }

  private applyHalf(): void {
    if (this.half === null) return;
    if (this.half === -1) fail('format');
    if (this.hour > 12) fail('field');
    if (this.half === 1 && this.hour !== 12) this.hour += 12;
    else if (this.half === 0 && this.hour === 12) this.hour = 0;
  }

  private dayNumber(): number {
    if (this.julianDays !== null) return this.julianDays;
    let { year } = this;
    if (this.isBeforeChrist) {
      if (year <= 0) fail('field');
      year = 1 - year;
    } else if (this.isTwoDigitYear) year += year < 70 ? 2000 : year < 100 ? 1900 : 0;
    else if (year <= 0) fail('field');
    // Day 366 of a common year is New Year's Day of the next, as PostgreSQL has it.
    if (this.dayOfYear > 0) return daysFromCivil(year, 1, 1) + this.dayOfYear - 1;
    if (this.month < 1 || this.month > 12) fail('monthDay');
    if (this.day < 1 || this.day > 31) fail('monthDay');
    if (this.day > daysInMonth(year, this.month)) fail('field');
    return daysFromCivil(year, this.month, this.day);
  }
}

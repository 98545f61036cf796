/**
 * to_date and to_timestamp: reading dates by a template (PostgreSQL manual 9.8).
 *
 * I1  Without FX, blanks around fields are skipped, and a separator in the template matches one in the text, or none.
 * I2  A number field followed by another number field reads its own width; else it reads all digits there are.
 * I3  Errors: 22007 for text that does not fit the template, 22008 for fields out of range.
 * I4  Strict reading (jsonpath): literal text must be there as written, nothing may be left over or missing.
 */
import { DecentDbError } from '../../base/errors.ts';
import {
  checkTimestamp,
  DATE_MAX,
  DATE_MIN,
  daysFromCivil,
  daysInMonth,
  isLeapYear,
  joinTimestamp,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  weekday,
} from '../../types/calendar.ts';
import { MONTH_NAMES, WEEKDAY_NAMES } from '../../types/datetime-format.ts';
import { instantFromLocal, timeZone } from '../../types/time-zone.ts';
import {
  parseRomanMonth,
  parseTemplate,
  type Template,
  type TemplateField,
  type TemplateItem,
} from './template.ts';

/** What the template found. */
interface Found {
  /** What was read. */
  readonly text: string;
  year?: number;
  isoYear?: number;
  century?: number;
  isBc?: boolean;
  month?: number;
  day?: number;
  dayOfYear?: number;
  weekOfYear?: number;
  weekOfMonth?: number;
  isoWeek?: number;
  isoDayOfYear?: number;
  /** Monday 1 .. Sunday 7. */
  isoDay?: number;
  julian?: number;
  hour?: number;
  isTwelveHour?: boolean;
  isPm?: boolean;
  minute?: number;
  second?: number;
  secondOfDay?: number;
  micros?: number;
  zoneHours?: number;
  zoneMinutes?: number;
  zoneName?: string;
}

/** Digits a field reads when another number follows it directly. */
const WIDTHS: Readonly<Record<string, number>> = {
  HH: 2,
  HH12: 2,
  HH24: 2,
  MI: 2,
  SS: 2,
  MS: 3,
  US: 6,
  SSSS: 5,
  SSSSS: 5,
  YYYY: 4,
  YYY: 3,
  YY: 2,
  Y: 1,
  IYYY: 4,
  IYY: 3,
  IY: 2,
  I: 1,
  MM: 2,
  DD: 2,
  DDD: 3,
  IDDD: 3,
  D: 1,
  ID: 1,
  WW: 2,
  IW: 2,
  W: 1,
  CC: 2,
  J: 7,
  Q: 1,
  FF1: 1,
  FF2: 2,
  FF3: 3,
  FF4: 4,
  FF5: 5,
  FF6: 6,
  TZH: 2,
  TZM: 2,
};

/** Days since 2000-01-01. */
export function toDate(text: string, format: string): number {
  const found = read(text, format);
  // The time is thrown away, but it must be one.
  microsOf(found);
  const days = dayOf(found);
  if (!(days >= DATE_MIN && days <= DATE_MAX)) throw outOfRange(found);
  return days;
}

/** Microseconds since 2000-01-01 UTC; fields without a zone are local time of `zoneName`. */
export function toTimestamp(text: string, format: string, zoneName: string): number | bigint {
  const found = read(text, format);
  const local = checkTimestamp(joinTimestamp(dayOf(found), microsOf(found)));
  if (found.zoneHours !== undefined || found.zoneMinutes !== undefined) {
    return joinTimestamp(dayOf(found), microsOf(found) - zoneSeconds(found) * MICROS_PER_SECOND);
  }
  return instantFromLocal(local, timeZone(found.zoneName ?? zoneName));
}

const GREGORIAN = /^(Y|YY|YYY|YYYY|Y,YYY|MM|MON|MONTH|RM|DD|DDD|D|W|WW)$/;
const ISO_WEEK = /^(I|IY|IYY|IYYY|IW|ID|IDDD)$/;

/** Calendar dates and ISO week dates do not mix (22007). */
function checkConventions(template: Template): void {
  const names = template.items.flatMap((item) => (item.kind === 'field' ? [item.name] : []));
  if (!names.some((name) => GREGORIAN.test(name)) || !names.some((name) => ISO_WEEK.test(name))) return;
  throw new DecentDbError('22007', 'invalid combination of date conventions', {
    hint: 'Do not mix Gregorian and ISO week date conventions in a formatting template.',
  });
}

function read(text: string, format: string): Found {
  const template = parseTemplate(format);
  checkConventions(template);
  return new TemplateReader(text, template, false).read();
}

/** A date and time of day as far as a template has them; seconds east of UTC. */
export interface DateTimeParts {
  readonly days: number | null;
  readonly micros: number | null;
  readonly offset: number | null;
}

const CLOCK_FIELD = /^(HH|HH12|HH24|MI|SS|MS|US|SSSS|SSSSS|FF\d|AM|PM|A\.M\.|P\.M\.)$/;
const ZONE_FIELD = /^(TZH|TZM|TZ|OF)$/;

/** What jsonpath's .datetime(template) reads: separators and length must fit exactly (I4). */
export function readDateTime(text: string, format: string): DateTimeParts {
  const template = parseTemplate(format);
  const fields = template.items.flatMap((item) => (item.kind === 'field' ? [item.name] : []));
  const isTimed = fields.some((name) => CLOCK_FIELD.test(name));
  const isZoned = fields.some((name) => ZONE_FIELD.test(name));
  const isDated = fields.some((name) => !CLOCK_FIELD.test(name) && !ZONE_FIELD.test(name));
  if (!isDated && !isTimed) throw new DecentDbError('22007', 'datetime format is not dated and not timed');
  if (isZoned && !isTimed) throw new DecentDbError('22007', 'datetime format is zoned but not timed');
  const found = new TemplateReader(text, template, true).read();
  let offset: number | null = null;
  if (isZoned) offset = zoneSeconds(found);
  return { days: isDated ? dayOf(found) : null, micros: isTimed ? microsOf(found) : null, offset };
}

function zoneSeconds(found: Found): number {
  if (found.zoneName !== undefined) return timeZone(found.zoneName).offsetAt(0);
  const hours = found.zoneHours ?? 0;
  const sign = hours < 0 || Object.is(hours, -0) ? -1 : 1;
  return hours * 3600 + sign * (found.zoneMinutes ?? 0) * 60;
}

class TemplateReader {
  private readonly text: string;
  private readonly template: Template;
  private readonly found: Found;
  private readonly isStrict: boolean;
  private at = 0;
  /** Characters passed over beyond what the template says, since the last field. */
  private skipped = 0;

  constructor(text: string, template: Template, isStrict: boolean) {
    this.text = text;
    this.found = { text };
    this.template = template;
    this.isStrict = isStrict;
  }

  read(): Found {
    const { items, isExact } = this.template;
    for (const [index, item] of items.entries()) {
      if (this.at >= this.text.length) {
        if (this.isStrict) throw new DecentDbError('22007', 'input string is too short for datetime format');
        if (!isExact) break;
      }
      if (item.kind === 'text') this.literal(item.text, item.isQuoted);
      else this.field(item, items[index + 1]);
    }
    const rest = this.text.slice(this.at);
    if (this.isStrict ? rest !== '' : isExact && rest.trim() !== '') {
      throw new DecentDbError('22007', 'trailing characters remain in input string after datetime format');
    }
    return this.found;
  }

  private literal(text: string, isQuoted: boolean): void {
    const isSeparator = !isQuoted && /^[^A-Za-z0-9]$/.test(text);
    if (this.isStrict) {
      if (!this.text.startsWith(text, this.at)) {
        const what = isSeparator ? 'separator' : 'character';
        throw new DecentDbError('22007', `unmatched format ${what} "${text}"`);
      }
      this.at += text.length;
    } else if (this.template.isExact) {
      this.at += text.length;
    } else if (isSeparator) {
      this.separator();
    } else {
      for (const _ of text) {
        if (this.at === 0) this.skipBlanks();
        // Blanks skipped before may have been what the text stands for.
        if (this.skipped > 0) this.skipped--;
        else this.at += (this.text.codePointAt(this.at) ?? 0) > 0xffff ? 2 : 1;
      }
    }
  }

  /** One separator in the template is one in the text, or none (I1). */
  private separator(): void {
    this.skipBlanks();
    this.skipped--;
    if (/[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/.test(this.text[this.at] ?? '')) {
      this.at++;
      this.skipped++;
    }
  }

  private field(field: TemplateField, next: TemplateItem | undefined): void {
    const isLoose = !this.template.isExact && !this.isStrict;
    if (isLoose) this.skipBlanks();
    if (!this.named(field)) {
      // A minus taken for a separator belongs to the zone behind it.
      const isWest = field.name === 'TZH' && this.skipped > 0 && this.text[this.at - 1] === '-';
      const value = this.number(field, next);
      if (field.ordinal !== null) this.at += 2;
      this.store(field.name, isWest ? -value.value : value.value, value.digits);
    }
    if (!isLoose) return;
    this.skipped = 0;
    this.skipBlanks();
  }

  private skipBlanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) {
      this.at++;
      this.skipped++;
    }
  }

  /** Fields of letters; false when the field is a number. */
  private named({ name }: TemplateField): boolean {
    const { found } = this;
    switch (name) {
      case 'MONTH':
      case 'MON':
        found.month = this.word(MONTH_NAMES, name === 'MON', name) + 1;
        return true;
      case 'DAY':
      case 'DY': {
        const day = this.word(WEEKDAY_NAMES, name === 'DY', name);
        found.isoDay = day === 0 ? 7 : day;
        return true;
      }
      case 'AM':
      case 'PM':
      case 'A.M.':
      case 'P.M.':
        found.isPm = this.oneOf(name.includes('.') ? ['a.m.', 'p.m.'] : ['am', 'pm'], name) === 1;
        found.isTwelveHour = true;
        return true;
      case 'AD':
      case 'BC':
      case 'A.D.':
      case 'B.C.':
        found.isBc = this.oneOf(name.includes('.') ? ['a.d.', 'b.c.'] : ['ad', 'bc'], name) === 1;
        return true;
      case 'RM': {
        const roman = parseRomanMonth(this.text.slice(this.at));
        if (roman === null) throw this.invalid(name);
        found.month = roman.month;
        this.at += roman.length;
        return true;
      }
      case 'TZ':
      case 'OF':
        this.zone();
        return true;
      default:
        return false;
    }
  }

  private word(names: readonly string[], isShort: boolean, field: string): number {
    return this.oneOf(
      names.map((name) => (isShort ? name.slice(0, 3) : name).toLowerCase()),
      field,
    );
  }

  private oneOf(words: readonly string[], field: string): number {
    const rest = this.text.slice(this.at).toLowerCase();
    const index = words.findIndex((word) => rest.startsWith(word));
    if (index < 0) throw this.invalid(field);
    this.at += words[index]!.length;
    return index;
  }

  private zone(): void {
    const offset = /^([+-]?)(\d{1,2})(?::?(\d{2}))?/.exec(this.text.slice(this.at));
    if (offset !== null) {
      const sign = offset[1] === '-' ? -1 : 1;
      this.found.zoneHours = sign * Number(offset[2]);
      this.found.zoneMinutes = Number(offset[3] ?? 0);
      this.at += offset[0].length;
      return;
    }
    const name = /^[A-Za-z]+/.exec(this.text.slice(this.at));
    if (name === null) throw this.invalid('TZ');
    this.found.zoneName = name[0];
    this.at += name[0].length;
  }

  private number(field: TemplateField, next: TemplateItem | undefined): { value: number; digits: number } {
    const isNextNumber =
      next !== undefined && (next.kind === 'field' ? next.name in WIDTHS : /^\d/.test(next.text));
    const width = WIDTHS[field.name === 'Y,YYY' ? 'YYYY' : field.name]!;
    if (field.name === 'Y,YYY') return this.thousands();
    const isFixed = isNextNumber || this.template.isExact;
    const most = isFixed ? width : 20;
    const rest = this.text.slice(this.at);
    if (isFixed && rest.length < width && !this.isStrict) {
      throw new DecentDbError('22007', `source string too short for "${field.spelling}" formatting field`, {
        detail: `Field requires ${width} characters, but only ${rest.length} remain.`,
      });
    }
    const signed = /^[+-]?/.exec(rest)![0];
    const room = isFixed ? most - signed.length : most;
    const digits = new RegExp(`^\\d{1,${Math.max(room, 1)}}`).exec(rest.slice(signed.length))?.[0];
    if (digits === undefined) throw this.invalid(field.name);
    if (isFixed && !this.isStrict && signed.length + digits.length < width) throw this.invalid(field.name);
    this.at += signed.length + digits.length;
    const value = Number(digits);
    if (value > 2147483647) {
      throw new DecentDbError('22008', `value for "${field.spelling}" in source string is out of range`, {
        detail: 'Value must be in the range -2147483648 to 2147483647.',
      });
    }
    return { value: signed === '-' ? -value : value, digits: digits.length };
  }

  private thousands(): { value: number; digits: number } {
    const match = /^(\d+),(\d{3})/.exec(this.text.slice(this.at));
    if (match === null) throw this.invalid('Y,YYY');
    this.at += match[0].length;
    return { value: Number(match[1]) * 1000 + Number(match[2]), digits: 4 };
  }

  private invalid(name: string): DecentDbError {
    const width = WIDTHS[name] ?? name.length;
    const shown = this.text.slice(this.at, this.at + width);
    return new DecentDbError('22007', `invalid value "${shown}" for "${name}"`, {
      detail:
        name in WIDTHS
          ? 'Value must be an integer.'
          : 'The given value did not match any of the allowed values for this field.',
    });
  }

  private store(name: string, value: number, digits: number): void {
    const { found } = this;
    switch (name) {
      case 'HH':
      case 'HH12':
        found.hour = value;
        found.isTwelveHour = true;
        return;
      case 'HH24':
        found.hour = value;
        return;
      case 'MI':
        found.minute = value;
        return;
      case 'SS':
        found.second = value;
        return;
      case 'MS':
        found.micros = (found.micros ?? 0) + value * 10 ** Math.max(0, 3 - digits) * 1000;
        return;
      case 'US':
        found.micros = (found.micros ?? 0) + value * 10 ** Math.max(0, 6 - digits);
        return;
      case 'SSSS':
      case 'SSSSS':
        found.secondOfDay = value;
        return;
      case 'TZH':
        found.zoneHours = value;
        return;
      case 'TZM':
        found.zoneMinutes = value;
        return;
      default:
        if (name.startsWith('FF')) found.micros = value * 10 ** Math.max(0, 6 - digits);
        else this.storeDate(name, value, digits);
    }
  }

  private storeDate(name: string, value: number, digits: number): void {
    const { found } = this;
    switch (name) {
      case 'YYYY':
      case 'Y,YYY':
        found.year = value;
        return;
      case 'YYY':
      case 'YY':
      case 'Y':
        found.year = fullYear(value, digits);
        return;
      case 'IYYY':
        found.isoYear = value;
        return;
      case 'IYY':
      case 'IY':
      case 'I':
        found.isoYear = fullYear(value, digits);
        return;
      case 'MM':
        found.month = value;
        return;
      case 'DD':
        found.day = value;
        return;
      case 'DDD':
        found.dayOfYear = value;
        return;
      case 'IDDD':
        found.isoDayOfYear = value;
        return;
      case 'D':
        found.isoDay = value === 1 ? 7 : value - 1;
        return;
      case 'ID':
        found.isoDay = value;
        return;
      case 'WW':
        found.weekOfYear = value;
        return;
      case 'IW':
        found.isoWeek = value;
        return;
      case 'W':
        found.weekOfMonth = value;
        return;
      case 'CC':
        found.century = value;
        return;
      case 'J':
        found.julian = value;
        return;
    }
  }
}

/** A year of fewer than four digits: the one nearest to 2020. */
function fullYear(value: number, digits: number): number {
  if (digits >= 4 || value >= 1000) return value;
  if (value < 70) return value + 2000;
  if (value < 100) return value + 1900;
  return value < 520 ? value + 2000 : value + 1000;
}

function outOfRange({ text }: Found): DecentDbError {
  return new DecentDbError('22008', `date/time field value out of range: "${text}"`);
}

function dayOf(found: Found): number {
  if (found.julian !== undefined) return found.julian - 2451545;
  if (found.isoYear !== undefined) return isoDayOf(found);
  let year = found.year ?? (found.century === undefined ? 0 : undefined);
  if (year === undefined)
    year = found.century! > 0 ? (found.century! - 1) * 100 + 1 : found.century! * 100 + 1;
  else if (found.century !== undefined && (found.year ?? 0) < 100) year += (found.century - 1) * 100;
  if (found.isBc === true) year = -year;
  if (year < 0) year += 1;
  if (found.dayOfYear !== undefined && found.month === undefined) {
    const days = found.dayOfYear;
    if (days < 1 || days > (isLeapYear(year) ? 366 : 365)) throw outOfRange(found);
    return daysFromCivil(year, 1, 1) + days - 1;
  }
  if (found.weekOfYear !== undefined) {
    return daysFromCivil(year, 1, 1) + (found.weekOfYear - 1) * 7;
  }
  // A month or day of 0 counts as not given.
  const month = found.month || 1;
  const day = found.day || (found.weekOfMonth === undefined ? 1 : (found.weekOfMonth - 1) * 7 + 1);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) throw outOfRange(found);
  return daysFromCivil(year, month, day);
}

function isoDayOf(found: Found): number {
  const january4 = daysFromCivil(found.isoYear!, 1, 4);
  const monday = january4 - ((weekday(january4) + 6) % 7);
  if (found.isoDayOfYear !== undefined) return monday + found.isoDayOfYear - 1;
  return monday + ((found.isoWeek ?? 1) - 1) * 7 + (found.isoDay ?? 1) - 1;
}

function microsOf(found: Found): number {
  const micros = found.micros ?? 0;
  if (found.secondOfDay !== undefined) {
    if (found.secondOfDay >= 86400 || micros > 999_999) throw outOfRange(found);
    return found.secondOfDay * MICROS_PER_SECOND + micros;
  }
  let hour = found.hour ?? 0;
  if (found.isTwelveHour === true) {
    if (hour < 1 || hour > 12) {
      throw new DecentDbError('22007', `hour "${hour}" is invalid for the 12-hour clock`, {
        hint: 'Use the 24-hour clock, or give an hour between 1 and 12.',
      });
    }
    if (hour === 12) hour = 0;
    if (found.isPm === true) hour += 12;
  }
  const minute = found.minute ?? 0;
  const second = found.second ?? 0;
  if (hour > 23 || minute > 59 || second > 59 || hour < 0 || minute < 0 || second < 0)
    throw outOfRange(found);
  if (micros > 999_999 || micros < 0) throw outOfRange(found);
  return hour * MICROS_PER_HOUR + minute * MICROS_PER_MINUTE + second * MICROS_PER_SECOND + micros;
}

/**
 * Time zones: IANA names through Intl, abbreviations and POSIX specifications as fixed offsets.
 *
 * I1  Offsets are seconds east of Greenwich.
 * I2  Zone data is asked of Intl once a zone and year; look-ups after that are a few comparisons.
 * I3  Nothing stored depends on zone data: timestamptz is an instant; zones matter only to text and to civil fields.
 */
import { DecentDbError } from '../base/errors.ts';
import {
  civilFromDays,
  daysFromCivil,
  joinTimestamp,
  MICROS_PER_SECOND,
  splitTimestamp,
} from './calendar.ts';
import { zoneAbbreviations } from './zone-abbreviations.ts';

/** Seconds from the Unix epoch to 2000-01-01. */
const EPOCH_2000_SECONDS = 946_684_800;
/** Years Intl's Date can hold with room to spare; others are mapped into the same place of the 400-year cycle. */
const YEAR_MIN = -200000;
const YEAR_MAX = 200000;

export interface TimeZone {
  readonly name: string;
  /** Whether the offset never changes. */
  readonly isFixed: boolean;
  /** Seconds east at an instant given in seconds since 2000-01-01 UTC. */
  offsetAt(seconds: number): number;
  /** Zone abbreviation at that instant (EST, +03, ...). */
  abbreviationAt(seconds: number): string;
  isDaylightAt(seconds: number): boolean;
}

class FixedZone implements TimeZone {
  readonly name: string;
  readonly isFixed = true;
  private readonly offset: number;
  private readonly abbreviation: string;
  private readonly daylight: boolean;

  constructor(name: string, offset: number, abbreviation: string, daylight: boolean) {
    this.name = name;
    this.offset = offset;
    this.abbreviation = abbreviation;
    this.daylight = daylight;
  }

  offsetAt(): number {
    return this.offset;
  }

  abbreviationAt(): string {
    return this.abbreviation;
  }

  isDaylightAt(): boolean {
    return this.daylight;
  }
}

/** Offsets within one UTC year: `offsets[i]` holds from `starts[i]` on. */
interface YearOffsets {
  readonly starts: number[];
  readonly offsets: number[];
}

class IntlZone implements TimeZone {
  readonly name: string;
  readonly isFixed = false;
  private readonly format: Intl.DateTimeFormat;
  private readonly years = new Map<number, YearOffsets>();
  private lastYear: YearOffsets | null = null;
  private lastFrom = 0;
  private lastTo = 0;

  constructor(name: string, format: Intl.DateTimeFormat) {
    this.name = name;
    this.format = format;
  }

  offsetAt(seconds: number): number {
    if (this.lastYear === null || seconds < this.lastFrom || seconds >= this.lastTo) this.selectYear(seconds);
    const { starts, offsets } = this.lastYear!;
    let i = starts.length - 1;
    const at = seconds - this.lastFrom;
    while (i > 0 && starts[i]! > at) i--;
    return offsets[i]!;
  }

  private selectYear(seconds: number): void {
    const { year } = civilFromDays(Math.floor(seconds / 86400));
    this.lastFrom = daysFromCivil(year, 1, 1) * 86400;
    this.lastTo = daysFromCivil(year + 1, 1, 1) * 86400;
    let sampled = year;
    if (year > YEAR_MAX) sampled = YEAR_MAX - 400 + ((year - YEAR_MAX) % 400);
    if (year < YEAR_MIN) sampled = YEAR_MIN;
    let known = this.years.get(sampled);
    if (known === undefined) {
      known = this.sampleYear(sampled);
      if (this.years.size > 1000) this.years.clear();
      this.years.set(sampled, known);
    }
    this.lastYear = known;
  }

  /** Offsets at half-month steps, and a binary search where two neighbours differ. */
  private sampleYear(year: number): YearOffsets {
    const from = daysFromCivil(year, 1, 1) * 86400;
    const length = daysFromCivil(year + 1, 1, 1) * 86400 - from;
    const starts = [0];
    const offsets = [this.ask(from)];
    const steps = 26;
    let previousAt = 0;
    for (let i = 1; i <= steps; i++) {
      const at = Math.min(Math.floor((length * i) / steps), length - 1);
      const offset = this.ask(from + at);
      const previous = offsets[offsets.length - 1]!;
      if (offset !== previous) {
        let low = previousAt;
        let high = at;
        while (high - low > 1) {
          const middle = (low + high) >> 1;
          if (this.ask(from + middle) === previous) low = middle;
          else high = middle;
        }
        starts.push(high);
        offsets.push(offset);
      }
      previousAt = at;
    }
    return { starts, offsets };
  }

  private ask(seconds: number): number {
    const text = this.format.format((seconds + EPOCH_2000_SECONDS) * 1000);
    const match = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(text);
    if (match?.[1] === undefined) return 0;
    const magnitude = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
    return match[1] === '-' ? -magnitude : magnitude;
  }

  /** Daylight time is the larger of the offsets a year has, where it has two. */
  isDaylightAt(seconds: number): boolean {
    const offset = this.offsetAt(seconds);
    return offset > Math.min(...this.lastYear!.offsets);
  }

  abbreviationAt(seconds: number): string {
    const known = CUSTOMARY[this.name];
    if (known !== undefined) return known;
    const instant = (seconds + EPOCH_2000_SECONDS) * 1000;
    for (const locale of ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-NZ', 'en-ZA']) {
      const format = new Intl.DateTimeFormat(locale, { timeZone: this.name, timeZoneName: 'short' });
      const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value;
      if (name !== undefined && !/^GMT[+-]/.test(name)) return name;
    }
    return offsetText(this.offsetAt(seconds)).replace(':', '');
  }
}

/** Abbreviations that Intl does not give in any English locale. */
const CUSTOMARY: Readonly<Record<string, string>> = {
  'Asia/Tokyo': 'JST',
  'Asia/Seoul': 'KST',
  'Asia/Shanghai': 'CST',
  'Asia/Taipei': 'CST',
  'Asia/Hong_Kong': 'HKT',
  'Asia/Manila': 'PST',
  'Asia/Karachi': 'PKT',
  'Asia/Jakarta': 'WIB',
  'Europe/Moscow': 'MSK',
  'Africa/Nairobi': 'EAT',
  'Africa/Lagos': 'WAT',
  'Africa/Johannesburg': 'SAST',
};

/** +05:30, -08, +00:19:32: the form ISO timestamps end in. */
export function offsetText(offset: number): string {
  const magnitude = Math.abs(offset);
  const two = (value: number): string => String(value).padStart(2, '0');
  let text = (offset < 0 ? '-' : '+') + two(Math.floor(magnitude / 3600));
  if (magnitude % 3600 !== 0) text += `:${two(Math.floor(magnitude / 60) % 60)}`;
  if (magnitude % 60 !== 0) text += `:${two(magnitude % 60)}`;
  return text;
}

/** A zone of constant offset. */
export function fixedZone(offset: number): TimeZone {
  return new FixedZone(offsetText(offset), offset, offsetText(offset), false);
}

const zones = new Map<string, TimeZone | null>();
const ZONES_KEPT_MAX = 1000;
export const utcZone: TimeZone = new FixedZone('UTC', 0, 'UTC', false);

/** The zone of a name, abbreviation or POSIX specification; null when there is none. */
export function findTimeZone(name: string): TimeZone | null {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = makeZone(name.trim());
    if (zones.size > ZONES_KEPT_MAX) zones.clear();
    zones.set(name, zone);
  }
  return zone;
}

/** As {@link findTimeZone}, but throws 22023. */
export function timeZone(name: string): TimeZone {
  const zone = findTimeZone(name);
  if (zone === null) throw new DecentDbError('22023', `time zone "${name}" not recognized`);
  return zone;
}

function makeZone(name: string): TimeZone | null {
  const lower = name.toLowerCase();
  if (lower === 'utc' || lower === 'gmt' || lower === 'z' || lower === 'zulu') {
    return new FixedZone(name, 0, lower === 'gmt' ? 'GMT' : 'UTC', false);
  }
  const abbreviation = zoneAbbreviations.get(lower);
  if (abbreviation !== undefined) {
    return new FixedZone(name, abbreviation.offsetSeconds, name.toUpperCase(), abbreviation.isDaylight);
  }
  if (/^[A-Za-z][\w+\-/]*$/.test(name)) {
    try {
      const format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        timeZoneName: 'longOffset',
        year: 'numeric',
      });
      return new IntlZone(name, format);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
    }
  }
  return posixZone(name);
}

/** `ABC+3`, `<+03>-3`, `-04:30`: the sign counts west, as POSIX has it. */
function posixZone(name: string): TimeZone | null {
  const match = /^(?:([A-Za-z]+)|<([\w+:-]+)>)?([+-]?)(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?$/.exec(name);
  if (match === null) return null;
  const abbreviation = match[1] ?? match[2];
  if (abbreviation === undefined && match[3] === '') return null;
  const magnitude = Number(match[4]) * 3600 + Number(match[5] ?? 0) * 60 + Number(match[6] ?? 0);
  if (magnitude > 167 * 3600) return null;
  const offset = match[3] === '-' ? magnitude : magnitude === 0 ? 0 : -magnitude;
  return new FixedZone(name, offset, abbreviation ?? offsetText(offset), false);
}

/** The civil timestamp (in zone) of an instant. */
export function localFromInstant(instant: number | bigint, zone: TimeZone): number | bigint {
  const { days, micros } = splitTimestamp(instant);
  const offset = zone.offsetAt(days * 86400 + Math.floor(micros / MICROS_PER_SECOND));
  return joinTimestamp(days, micros + offset * MICROS_PER_SECOND);
}

/** Offset that applies to a civil time: in a gap the offset before it, in an overlap the one after it. */
export function offsetOfLocal(days: number, micros: number, zone: TimeZone): number {
  const local = days * 86400 + Math.floor(micros / MICROS_PER_SECOND);
  const before = zone.offsetAt(local - 86400);
  const after = zone.offsetAt(local + 86400);
  if (before === after) return before;
  const isBeforeValid = zone.offsetAt(local - before) === before;
  const isAfterValid = zone.offsetAt(local - after) === after;
  if (isBeforeValid !== isAfterValid) return isBeforeValid ? before : after;
  return before < after ? before : after;
}

/** The instant of a civil timestamp in a zone. */
export function instantFromLocal(local: number | bigint, zone: TimeZone): number | bigint {
  const { days, micros } = splitTimestamp(local);
  return joinTimestamp(days, micros - offsetOfLocal(days, micros, zone) * MICROS_PER_SECOND);
}

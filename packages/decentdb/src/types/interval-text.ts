/**
 * Reading intervals: PostgreSQL's units ('1 year 2 mons', '@ 3 hours ago'), SQL standard ('1-2 3 4:05:06') and ISO 8601 ('P1Y2M').
 *
 * Fields are read right to left, as in PostgreSQL: a unit word applies to the number before it.
 */
import { DecentDbError } from '../base/errors.ts';
import { type Field, splitDateTime } from './datetime-tokens.ts';
import { narrow } from './decimal.ts';
import { INT8_MAX, INT8_MIN } from './integer-types.ts';
import { Interval } from './interval.ts';
import type { TypeSettings } from './sql-type.ts';

export type IntervalUnit =
  | 'microsecond'
  | 'millisecond'
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  | 'year'
  | 'decade'
  | 'century'
  | 'millennium';

const SPELLINGS: Readonly<Record<IntervalUnit, string>> = {
  microsecond: 'us usec usecs usecond useconds microsecon microsecond microseconds',
  millisecond: 'ms msec msecs msecond mseconds millisecon millisecond milliseconds',
  second: 's sec secs second seconds',
  minute: 'm min mins minute minutes',
  hour: 'h hr hrs hour hours',
  day: 'd day days',
  week: 'w week weeks',
  month: 'mon mons month months',
  year: 'y yr yrs year years',
  decade: 'dec decs decade decades',
  century: 'c cent century centuries',
  millennium: 'mil mils millennia millennium millenniums',
};

export const intervalUnits: ReadonlyMap<string, IntervalUnit> = new Map(
  (Object.entries(SPELLINGS) as [IntervalUnit, string][]).flatMap(([unit, names]) =>
    names.split(' ').map((name) => [name, unit] as [string, IntervalUnit]),
  ),
);

const MICROS_PER: Partial<Record<IntervalUnit, number>> = {
  microsecond: 1,
  millisecond: 1000,
  second: 1e6,
  minute: 6e7,
  hour: 3.6e9,
};
const MONTHS_PER: Partial<Record<IntervalUnit, number>> = {
  month: 1,
  year: 12,
  decade: 120,
  century: 1200,
  millennium: 12000,
};

function badInterval(text: string): DecentDbError {
  return new DecentDbError('22007', `invalid input syntax for type interval: "${text}"`);
}

function outOfRange(text: string): DecentDbError {
  return new DecentDbError('22015', `interval field value out of range: "${text}"`);
}

/** Sums up fields; ranges are checked once at the end. */
class IntervalSum {
  months = 0;
  days = 0;
  micros = 0n;

  /** Whole `amount` and `fraction` of a unit; fractions cascade to the next lower fields. */
  add(unit: IntervalUnit, amount: number | bigint, fraction: number): void {
    const micros = MICROS_PER[unit];
    if (micros !== undefined) {
      this.micros += BigInt(amount) * BigInt(micros) + BigInt(roundHalfEven(fraction * micros));
      return;
    }
    const whole = Number(amount);
    const months = MONTHS_PER[unit];
    if (months === undefined)
      return this.addDays(whole * (unit === 'week' ? 7 : 1), fraction * (unit === 'week' ? 7 : 1));
    this.months += whole * months;
    if (unit === 'month') this.addDays(0, fraction * 30);
    else this.months += roundHalfEven(fraction * months);
  }

  private addDays(days: number, fraction: number): void {
    const whole = Math.trunc(fraction);
    this.days += days + whole;
    this.micros += BigInt(roundHalfEven((fraction - whole) * 86_400_000_000));
  }

  finish(text: string, isNegated: boolean): Interval {
    const sign = isNegated ? -1 : 1;
    const micros = isNegated ? -this.micros : this.micros;
    const isInRange =
      Math.abs(this.months) <= 2147483648 &&
      Math.abs(this.days) <= 2147483648 &&
      micros <= INT8_MAX &&
      micros >= INT8_MIN;
    if (!isInRange || this.months * sign > 2147483647 || this.days * sign > 2147483647)
      throw outOfRange(text);
    return new Interval(this.months * sign || 0, this.days * sign || 0, narrow(micros));
  }
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const gap = value - floor;
  if (gap !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * Reads an interval. `lastUnit` is the unit of a bare number: 'second' unless the type is restricted (INTERVAL YEAR ...);
 * `isMinuteToSecond` says what 1:20 means.
 */
export function parseInterval(
  text: string,
  lastUnit: IntervalUnit,
  settings: TypeSettings,
  isMinuteToSecond: boolean = false,
): Interval {
  const trimmed = text.trim();
  if (/^[Pp]/.test(trimmed)) {
    const iso = parseIso(trimmed, text);
    if (iso !== null) return iso;
  }
  const fields = splitDateTime(text);
  if (fields === null || fields.length === 0) throw badInterval(text);
  const special = parseSpecial(fields);
  if (special !== null) return special;
  return parseFields(fields, text, lastUnit, settings, isMinuteToSecond);
}

function parseSpecial(fields: readonly Field[]): Interval | null {
  if (fields.length !== 1) return null;
  const { text } = fields[0]!;
  if (text === 'infinity' || text === '+infinity') return Interval.infinity;
  return text === '-infinity' ? Interval.negativeInfinity : null;
}

function parseFields(
  fields: readonly Field[],
  text: string,
  lastUnit: IntervalUnit,
  settings: TypeSettings,
  isMinuteToSecond: boolean,
): Interval {
  const sum = new IntervalSum();
  const seen = new Set<string>();
  let unit: IntervalUnit | null = null;
  let pendingUnit = false;
  let isAgo = false;
  // SQL standard: a lone leading minus applies to every field.
  const first = fields[0]!;
  const isAllNegative =
    settings.intervalStyle === 'sql_standard' &&
    first.text.startsWith('-') &&
    !fields.slice(1).some((field) => field.kind === 'zone' || field.kind === 'special');
  const mark = (name: string): void => {
    if (seen.has(name)) throw badInterval(text);
    seen.add(name);
  };
  for (let i = fields.length - 1; i >= 0; i--) {
    const field = fields[i]!;
    if (field.kind === 'text' || field.kind === 'special') {
      if (field.text === 'ago' && i === fields.length - 1 && i > 0) {
        isAgo = true;
        continue;
      }
      const named = intervalUnits.get(field.text.slice(0, 12));
      if (named === undefined || pendingUnit) throw badInterval(text);
      unit = named;
      pendingUnit = true;
      continue;
    }
    if (field.text.includes(':')) {
      if (pendingUnit) throw badInterval(text);
      for (const name of ['hour', 'minute', 'second']) mark(name);
      addClock(sum, field.text, isAllNegative, text, isMinuteToSecond);
      unit = 'day';
      continue;
    }
    const counted: IntervalUnit = unit ?? lastUnit;
    const used = addAmount(sum, field.text, counted, isAllNegative, text);
    for (const name of used) mark(name);
    // What stands before hours are days: '1 2' DAY TO HOUR.
    if (counted === 'hour') unit = 'day';
    pendingUnit = false;
  }
  if (seen.size === 0 || pendingUnit) throw badInterval(text);
  return sum.finish(text, isAgo);
}

/** `4:05`, `4:05:06.7`, with sign. */
function addClock(
  sum: IntervalSum,
  field: string,
  isNegated: boolean,
  text: string,
  isMinuteToSecond: boolean,
): void {
  const match = /^([+-]?)(\d+):(\d*)(?::(\d*))?(\.\d*)?$/.exec(field);
  if (match === null) throw badInterval(text);
  let hours = BigInt(match[2]!);
  let minutes = Number(match[3]);
  let seconds = Number(match[4] ?? 0);
  // Two fields with a fraction are minutes and seconds.
  const isMinuteSecond = match[4] === undefined && (match[5] !== undefined || isMinuteToSecond);
  if (isMinuteSecond) {
    seconds = minutes;
    minutes = Number(hours);
    hours = 0n;
  }
  if (minutes > 59 || seconds > 60)
    throw new DecentDbError('22015', `interval field value out of range: "${text}"`);
  const sign = match[1] === '-' || isNegated ? -1 : 1;
  sum.add('hour', hours * BigInt(sign), 0);
  sum.add('minute', minutes * sign, 0);
  sum.add('second', seconds * sign, match[5] === undefined || match[5] === '.' ? 0 : Number(match[5]) * sign);
}

/** A number with the unit that applies; returns the fields it sets, for the duplicate check. */
function addAmount(
  sum: IntervalSum,
  field: string,
  unit: IntervalUnit,
  isNegated: boolean,
  text: string,
): readonly string[] {
  const yearMonth = /^([+-]?)(\d+)-(\d+)$/.exec(field);
  if (yearMonth !== null) {
    if (Number(yearMonth[3]) > 11) throw outOfRange(text);
    const sign = yearMonth[1] === '-' || isNegated ? -1 : 1;
    sum.add('year', Number(yearMonth[2]) * sign, 0);
    sum.add('month', Number(yearMonth[3]) * sign, 0);
    return ['month'];
  }
  const match = /^([+-]?)(\d*)(\.\d*)?$/.exec(field);
  if (match === null) throw badInterval(text);
  const sign = match[1] === '-' || isNegated ? -1 : 1;
  const amount = BigInt(match[2] === '' ? 0 : match[2]!) * BigInt(sign);
  if (amount > INT8_MAX || amount < INT8_MIN) throw outOfRange(text);
  const fraction = match[3] === undefined || match[3] === '.' ? 0 : Number(match[3]) * sign;
  sum.add(unit, amount, fraction);
  return unit === 'second' && fraction !== 0 ? ['second', 'millisecond', 'microsecond'] : [unit];
}

const ISO_DATE: Readonly<Record<string, IntervalUnit>> = { Y: 'year', M: 'month', W: 'week', D: 'day' };
const ISO_TIME: Readonly<Record<string, IntervalUnit>> = { H: 'hour', M: 'minute', S: 'second' };

/** ISO 8601 with designators, or the alternative form P0001-02-03T04:05:06. */
function parseIso(trimmed: string, text: string): Interval | null {
  const sum = new IntervalSum();
  const alternative = /^P(-?\d+)-(-?\d+)-(-?\d+)(?:T(-?\d+):(-?\d+):(-?\d+)(\.\d+)?)?$/i.exec(trimmed);
  if (alternative !== null) {
    const number = (i: number): number => Number(alternative[i] ?? 0);
    sum.add('year', number(1), 0);
    sum.add('month', number(2), 0);
    sum.add('day', number(3), 0);
    sum.add('hour', number(4), 0);
    sum.add('minute', number(5), 0);
    sum.add('second', number(6), alternative[6]?.startsWith('-') ? -number(7) : number(7));
    return sum.finish(text, false);
  }
  let units = ISO_DATE;
  const piece = /(T)|([+-]?)(\d*)(\.\d*)?([A-Z])/giy;
  piece.lastIndex = 1;
  while (piece.lastIndex < trimmed.length) {
    const match = piece.exec(trimmed);
    if (match === null) return null;
    if (match[1] !== undefined) {
      units = ISO_TIME;
      continue;
    }
    const unit = units[match[5]!.toUpperCase()];
    if (unit === undefined || (match[3] === '' && match[4] === undefined)) return null;
    const sign = match[2] === '-' ? -1 : 1;
    const fraction = match[4] === undefined || match[4] === '.' ? 0 : Number(match[4]) * sign;
    sum.add(unit, BigInt(match[3] === '' ? 0 : match[3]!) * BigInt(sign), fraction);
  }
  return trimmed.length === 1 ? null : sum.finish(text, false);
}

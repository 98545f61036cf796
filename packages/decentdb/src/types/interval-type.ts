/**
 * interval, with its field restrictions (INTERVAL YEAR TO MONTH) and precision.
 *
 * I1  typmod = (range << 16) | precision, with 0x7fff for all fields and 0xffff for full precision, as in PostgreSQL.
 */
import { DecentDbError } from '../base/errors.ts';
import { roundMicros } from './date-time-types.ts';
import { narrow } from './decimal.ts';
import { compareIntervals, hashInterval, Interval, intervalCodec } from './interval.ts';
import { formatInterval } from './interval-format.ts';
import { type IntervalUnit, parseInterval } from './interval-text.ts';
import { Oid } from './oids.ts';
import { defineType, Physical, type SqlType, textFromJs } from './sql-type.ts';

const MONTH = 1 << 1;
const YEAR = 1 << 2;
const DAY = 1 << 3;
const HOUR = 1 << 10;
const MINUTE = 1 << 11;
const SECOND = 1 << 12;
const FULL_RANGE = 0x7fff;
const FULL_PRECISION = 0xffff;

/** Field restrictions by their SQL text, as bit masks for `typmodIn`. */
export const intervalRanges: Readonly<Record<string, number>> = {
  year: YEAR,
  month: MONTH,
  day: DAY,
  hour: HOUR,
  minute: MINUTE,
  second: SECOND,
  'year to month': YEAR | MONTH,
  'day to hour': DAY | HOUR,
  'day to minute': DAY | HOUR | MINUTE,
  'day to second': DAY | HOUR | MINUTE | SECOND,
  'hour to minute': HOUR | MINUTE,
  'hour to second': HOUR | MINUTE | SECOND,
  'minute to second': MINUTE | SECOND,
};

function rangeOf(typmod: number): number {
  return typmod < 0 ? FULL_RANGE : (typmod >> 16) & FULL_RANGE;
}

function precisionOf(typmod: number): number {
  const precision = typmod < 0 ? FULL_PRECISION : typmod & FULL_PRECISION;
  return precision === FULL_PRECISION ? -1 : precision;
}

function sqlName(typmod: number): string {
  const range = rangeOf(typmod);
  const name = Object.keys(intervalRanges).find((key) => intervalRanges[key] === range);
  const precision = precisionOf(typmod);
  return `interval${name === undefined ? '' : ` ${name}`}${precision < 0 ? '' : `(${precision})`}`;
}

/** Modifiers: [range] or [range, precision]; a range of 0x7fff is all fields. */
function typmodIn(modifiers: readonly number[]): number {
  const [range = FULL_RANGE, precision = FULL_PRECISION] = modifiers;
  if (precision < 0)
    throw new DecentDbError('22023', `INTERVAL(${precision}) precision must not be negative`);
  const kept = precision === FULL_PRECISION ? precision : Math.min(precision, 6);
  return range === FULL_RANGE && kept === FULL_PRECISION ? -1 : (range << 16) | kept;
}

function lastUnit(typmod: number): IntervalUnit {
  const range = rangeOf(typmod);
  if (range === FULL_RANGE || (range & SECOND) !== 0) return 'second';
  if ((range & MINUTE) !== 0) return 'minute';
  if ((range & HOUR) !== 0) return 'hour';
  if ((range & DAY) !== 0) return 'day';
  return (range & MONTH) !== 0 ? 'month' : 'year';
}

/** Cuts fields below the range, rounds to the precision. */
function applyTypmod(value: Interval, typmod: number): Interval {
  if (typmod < 0 || !value.isFinite) return value;
  const range = rangeOf(typmod);
  let { months, days, micros } = value;
  if (range !== FULL_RANGE && (range & SECOND) === 0) {
    const unit = (range & MINUTE) !== 0 ? 60_000_000n : (range & HOUR) !== 0 ? 3_600_000_000n : 0n;
    micros = unit === 0n ? 0 : narrow((BigInt(micros) / unit) * unit);
    if (unit === 0n && (range & DAY) === 0) days = 0;
    if (range === YEAR) months -= months % 12;
  }
  return new Interval(months, days, roundMicros(micros, precisionOf(typmod)));
}

export const intervalType: SqlType = defineType({
  oid: Oid.interval,
  name: 'interval',
  sqlName,
  category: 'T',
  isPreferred: true,
  physical: Physical.object,
  codec: intervalCodec,
  typmodIn,
  input: (text, typmod, settings) => {
    const isMinuteToSecond = rangeOf(typmod) === (MINUTE | SECOND);
    return applyTypmod(parseInterval(text, lastUnit(typmod), settings, isMinuteToSecond), typmod);
  },
  output: (value: Interval, settings) => formatInterval(value, settings.intervalStyle),
  compare: compareIntervals,
  hash: hashInterval,
  applyTypmod,
  toJs: (value: Interval, options) => formatInterval(value, options.settings.intervalStyle),
  fromJs: (value, settings) => {
    if (value instanceof Interval) return value;
    const parts = value as { months?: unknown; days?: unknown; micros?: unknown };
    if (
      typeof value === 'object' &&
      value !== null &&
      ('months' in value || 'days' in value || 'micros' in value)
    ) {
      return Interval.of(Number(parts.months ?? 0), Number(parts.days ?? 0), Number(parts.micros ?? 0));
    }
    return parseInterval(textFromJs(value, intervalType), 'second', settings);
  },
});

/**
 * Date and time functions.
 */
import { DecentDbError } from '../base/errors.ts';
import {
  checkTimestamp,
  DATE_MAX,
  DATE_MIN,
  daysFromCivil,
  daysInMonth,
  isFiniteDate,
  isFiniteTimestamp,
  joinTimestamp,
  MICROS_PER_SECOND,
  splitTimestamp,
  TIMESTAMP_INFINITY,
  TIMESTAMP_NEGATIVE_INFINITY,
  timeOfDay,
} from '../types/calendar.ts';
import { roundMicros, TimeWithZone } from '../types/date-time-types.ts';
import { formatTimestamptz } from '../types/datetime-format.ts';
import { type Decimal, narrow } from '../types/decimal.ts';
import { INT8_MAX, INT8_MIN } from '../types/integer-types.ts';
import { Interval, intervalOutOfRange } from '../types/interval.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import { EPOCH_2000_MICROS } from '../types/sql-type.ts';
import {
  fixedZone,
  instantFromLocal,
  localFromInstant,
  type TimeZone,
  timeZone,
} from '../types/time-zone.ts';
import type { Datum } from '../types/vector.ts';
import { dateOfTimestamp, localInSession } from './casts.ts';
import { timestampOfDate } from './comparison.ts';
import * as f from './date-time-fields.ts';
import * as k from './date-time-kernel.ts';
import { fn, overloads } from './define.ts';
import type { EvalContext, ScalarFunction } from './function.ts';
import { overflow } from './math-kernel.ts';

const { date, time, timetz, timestamp, timestamptz, interval, int4, float8, numeric, text, bool } = T;
type Timestamp = k.Timestamp;
const stable = { volatility: 'stable' } as const;

/** extract() from an instant, in the session's zone. */
function extractInstant(context: EvalContext, field: string, instant: Timestamp): Datum {
  const zone = k.sessionZone(context);
  if (!isFiniteTimestamp(instant)) return f.extractTimestamp(field, instant, { instant, offset: 0 });
  const { days, micros } = splitTimestamp(instant);
  const offset = zone.offsetAt(days * 86400 + Math.floor(micros / MICROS_PER_SECOND));
  return f.extractTimestamp(field, localFromInstant(instant, zone), { instant, offset });
}

type Extractor = readonly [
  source: number,
  extract: (context: EvalContext, field: string, value: never) => Datum,
  volatility: 'immutable' | 'stable',
];
const EXTRACTORS: readonly Extractor[] = [
  [timestamp, (_, field, value: Timestamp) => f.extractTimestamp(field, value, null), 'immutable'],
  [timestamptz, (c, field, value: Timestamp) => extractInstant(c, field, value), 'stable'],
  [
    date,
    (_, field, value: number) => f.extractTimestamp(field, timestampOfDate(value), null, true),
    'immutable',
  ],
  [time, (_, field, value: number) => f.extractTime(field, value), 'immutable'],
  [timetz, (_, field, value: TimeWithZone) => f.extractTimetz(field, value), 'immutable'],
  [interval, (_, field, value: Interval) => f.extractInterval(field, value), 'immutable'],
];

/** date_part's double: seconds and their fraction are added in floating point, as PostgreSQL does. */
function toFloat(value: Decimal | null, field: string): Datum {
  if (value === null) return null;
  const { coefficient, scale } = value;
  if (scale === 0 || typeof coefficient === 'bigint' || field.toLowerCase() === 'epoch')
    return value.toNumber();
  const fraction = coefficient % MICROS_PER_SECOND;
  const seconds = (coefficient - fraction) / MICROS_PER_SECOND;
  if (scale === 3) return seconds * 1000 + fraction / 1000;
  return scale === 6 ? seconds + fraction / MICROS_PER_SECOND : value.toNumber();
}

const fields: readonly ScalarFunction[] = EXTRACTORS.flatMap(([source, extract, volatility], i) => [
  fn(
    'extract',
    [text, source],
    numeric,
    (c, field: string, value) => extract(c, field, value as never),
    'A field of a date or time, as numeric; the function behind EXTRACT(field FROM value).',
    i === 0 ? ["\"extract\"('hour', timestamp '2001-02-16 20:38:40')", '20'] : null,
    { volatility },
  ),
  // A date has no time fields of its own in extract; date_part sees it as a timestamp.
  fn(
    'date_part',
    [text, source],
    float8,
    (c, field: string, value) =>
      toFloat(
        (source === date
          ? f.extractTimestamp(field, timestampOfDate(value as number), null)
          : extract(c, field, value as never)) as Decimal | null,
        field,
      ),
    'A field of a date or time, as double precision.',
    i === 0 ? ["date_part('hour', timestamp '2001-02-16 20:38:40')", '20'] : null,
    { volatility },
  ),
]);

function truncateInstant(field: string, instant: Timestamp, zone: TimeZone): Timestamp {
  const name = 'timestamp with time zone';
  if (!isFiniteTimestamp(instant)) return f.truncateTimestamp(field, instant, name);
  return instantFromLocal(f.truncateTimestamp(field, localFromInstant(instant, zone), name), zone);
}

/** Start of the stride-wide bin, counted from `origin`, that holds a timestamp. */
function binTimestamp(stride: Interval, value: Timestamp, origin: Timestamp): Timestamp {
  if (!isFiniteTimestamp(value)) return value;
  if (!isFiniteTimestamp(origin)) throw new DecentDbError('22008', 'origin out of range');
  if (!stride.isFinite)
    throw new DecentDbError('22008', 'timestamps cannot be binned into infinite intervals');
  if (stride.months !== 0)
    throw new DecentDbError('0A000', 'timestamps cannot be binned into intervals containing months or years');
  const step = BigInt(stride.totalMicros);
  if (step <= 0n) throw new DecentDbError('22008', 'stride must be greater than zero');
  const gap = BigInt(value) - BigInt(origin);
  for (const micros of [step, gap])
    if (micros > INT8_MAX || micros < INT8_MIN) throw new DecentDbError('22008', 'interval out of range');
  let bins = gap / step;
  if (gap < 0n && gap % step !== 0n) bins--;
  return checkTimestamp(narrow(BigInt(origin) + bins * step));
}

const truncation: readonly ScalarFunction[] = [
  ...overloads(
    'date_trunc',
    'Cuts a timestamp to a field.',
    ["date_trunc('hour', timestamp '2001-02-16 20:38:40')", '2001-02-16 20:00:00'],
    [
      [
        [text, timestamp],
        timestamp,
        (_, field: string, value: Timestamp) =>
          f.truncateTimestamp(field, value, 'timestamp without time zone'),
      ],
      [
        [text, timestamptz],
        timestamptz,
        (c, field: string, value: Timestamp) => truncateInstant(field, value, k.sessionZone(c)),
        stable,
      ],
      [
        [text, timestamptz, text],
        timestamptz,
        (_, field: string, value: Timestamp, zone: string) => truncateInstant(field, value, timeZone(zone)),
        stable,
      ],
      [[text, interval], interval, (_, field: string, value: Interval) => f.truncateInterval(field, value)],
    ],
  ),
  ...overloads(
    'date_bin',
    'Start of the bin that holds a timestamp.',
    [
      "date_bin('15 minutes', timestamp '2020-02-11 15:44:17', timestamp '2001-01-01')",
      '2020-02-11 15:30:00',
    ],
    [
      [
        [interval, timestamp, timestamp],
        timestamp,
        (_, a: Interval, b: Timestamp, c: Timestamp) => binTimestamp(a, b, c),
      ],
      [
        [interval, timestamptz, timestamptz],
        timestamptz,
        (_, a: Interval, b: Timestamp, c: Timestamp) => binTimestamp(a, b, c),
      ],
    ],
  ),
];

/** Midnight today in the session's zone, as civil time. */
function today(context: EvalContext): Timestamp {
  return joinTimestamp(splitTimestamp(localInSession(context, context.transactionMicros)).days, 0);
}

const ages: readonly ScalarFunction[] = [
  ...overloads(
    'age',
    'Difference in years, months and days.',
    ["age(timestamp '2001-04-10', timestamp '1957-06-13')", '43 years 9 mons 27 days'],
    [
      [[timestamp, timestamp], interval, (_, a: Timestamp, b: Timestamp) => k.ageBetween(a, b)],
      [
        [timestamptz, timestamptz],
        interval,
        (c, a: Timestamp, b: Timestamp) => k.ageBetween(localInSession(c, a), localInSession(c, b)),
        stable,
      ],
      [[timestamp], interval, (c, a: Timestamp) => k.ageBetween(today(c), a), stable],
      [[timestamptz], interval, (c, a: Timestamp) => k.ageBetween(today(c), localInSession(c, a)), stable],
    ],
  ),
  fn(
    'justify_hours',
    [interval],
    interval,
    (_, a: Interval) => k.justifyHours(a),
    'Turns 24-hour stretches into days.',
    ["justify_hours(interval '50 hours 10 minutes')", '2 days 02:10:00'],
  ),
  fn(
    'justify_days',
    [interval],
    interval,
    (_, a: Interval) => k.justifyDays(a),
    'Turns 30-day stretches into months.',
    ["justify_days(interval '1 year 65 days')", '1 year 2 mons 5 days'],
  ),
  fn(
    'justify_interval',
    [interval],
    interval,
    (_, a: Interval) => k.justifyInterval(a),
    'Both, with one sign throughout.',
    ["justify_interval(interval '1 mon -1 hour')", '29 days 23:00:00'],
  ),
  ...overloads(
    'isfinite',
    'Whether a date, timestamp or interval is finite.',
    ["isfinite(date '2001-02-16')", 't'],
    [
      [[date], bool, (_, a: number) => isFiniteDate(a)],
      [[timestamp], bool, (_, a: Timestamp) => isFiniteTimestamp(a)],
      [[timestamptz], bool, (_, a: Timestamp) => isFiniteTimestamp(a)],
      [[interval], bool, (_, a: Interval) => a.isFinite],
    ],
  ),
  ...overloads(
    'date_add',
    'Adds an interval in a time zone.',
    null,
    [
      [
        [timestamptz, interval],
        timestamptz,
        (c, a: Timestamp, b: Interval) => k.addToInstant(a, b, k.sessionZone(c)),
      ],
      [
        [timestamptz, interval, text],
        timestamptz,
        (_, a: Timestamp, b: Interval, zone: string) => k.addToInstant(a, b, timeZone(zone)),
      ],
    ],
    stable,
  ),
  ...overloads(
    'date_subtract',
    'Subtracts an interval in a time zone.',
    null,
    [
      [
        [timestamptz, interval],
        timestamptz,
        (c, a: Timestamp, b: Interval) => k.addToInstant(a, b.negate(), k.sessionZone(c)),
      ],
      [
        [timestamptz, interval, text],
        timestamptz,
        (_, a: Timestamp, b: Interval, zone: string) => k.addToInstant(a, b.negate(), timeZone(zone)),
      ],
    ],
    stable,
  ),
];

function makeDate(year: number, month: number, day: number): number {
  const astronomical = year < 0 ? year + 1 : year;
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(astronomical, month)) {
    throw new DecentDbError(
      '22008',
      `date field value out of range: ${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
    );
  }
  const days = daysFromCivil(astronomical, month, day);
  if (days < DATE_MIN || days > DATE_MAX)
    throw new DecentDbError(
      '22008',
      `date out of range: ${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
    );
  return days;
}

function makeTime(hour: number, minute: number, second: number): number {
  const micros = Math.round(second * 1e6);
  const isInRange =
    hour >= 0 &&
    hour <= 24 &&
    minute >= 0 &&
    minute <= 59 &&
    micros >= 0 &&
    micros <= 60e6 &&
    (hour < 24 || (minute === 0 && micros === 0));
  if (!isInRange || Number.isNaN(second)) {
    throw new DecentDbError(
      '22008',
      `time field value out of range: ${hour}:${String(minute).padStart(2, '0')}:${second < 10 ? '0' : ''}${second}`,
    );
  }
  return timeOfDay(hour, minute, 0, micros);
}

function makeTimestamp(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): Timestamp {
  return checkTimestamp(joinTimestamp(makeDate(year, month, day), makeTime(hour, minute, second)));
}

function makeInterval(
  years: number,
  months: number,
  weeks: number,
  days: number,
  hours: number,
  minutes: number,
  seconds: number,
): Interval {
  if (!Number.isFinite(seconds)) throw intervalOutOfRange();
  if (!Number.isFinite(seconds * MICROS_PER_SECOND)) throw overflow();
  const micros =
    BigInt(hours) * 3_600_000_000n +
    BigInt(minutes) * 60_000_000n +
    BigInt(Math.round(seconds * MICROS_PER_SECOND));
  return Interval.of(years * 12 + months, weeks * 7 + days, narrow(micros));
}

function timestampOfEpoch(seconds: number): Timestamp {
  if (Number.isNaN(seconds)) throw new DecentDbError('22008', 'timestamp cannot be NaN');
  if (!Number.isFinite(seconds)) return seconds > 0 ? TIMESTAMP_INFINITY : TIMESTAMP_NEGATIVE_INFINITY;
  if (Math.abs(seconds) > 1e13)
    throw new DecentDbError('22008', `timestamp out of range: "${sixDigits(seconds)}"`);
  const whole = Math.floor(seconds);
  const micros = Math.round((seconds - whole) * 1e6);
  return checkTimestamp(narrow(BigInt(whole) * 1_000_000n + BigInt(micros) - BigInt(EPOCH_2000_MICROS)));
}

/** C's `%g` of a large number: 1e+15. */
function sixDigits(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(5).split('e+');
  return `${mantissa.replace(/\.?0+$/, '')}e+${exponent.padStart(2, '0')}`;
}

const makers: readonly ScalarFunction[] = [
  fn(
    'make_date',
    [int4, int4, int4],
    date,
    (_, a: number, b: number, c: number) => makeDate(a, b, c),
    'Date from year, month, day; negative years are BC.',
    ['make_date(2013, 7, 15)', '2013-07-15'],
    { argNames: ['year', 'month', 'day'] },
  ),
  fn(
    'make_time',
    [int4, int4, float8],
    time,
    (_, a: number, b: number, c: number) => makeTime(a, b, c),
    'Time from hour, minute, seconds.',
    ['make_time(8, 15, 23.5)', '08:15:23.5'],
    { argNames: ['hour', 'min', 'sec'] },
  ),
  fn(
    'make_timestamp',
    [int4, int4, int4, int4, int4, float8],
    timestamp,
    (_, ...a: number[]) => makeTimestamp(...(a as [number, number, number, number, number, number])),
    'Timestamp from its fields.',
    ['make_timestamp(2013, 7, 15, 8, 15, 23.5)', '2013-07-15 08:15:23.5'],
    { argNames: ['year', 'month', 'mday', 'hour', 'min', 'sec'] },
  ),
  ...overloads(
    'make_timestamptz',
    'Timestamp with time zone from its fields.',
    null,
    [
      [
        [int4, int4, int4, int4, int4, float8],
        timestamptz,
        (c, ...a: number[]) =>
          instantFromLocal(
            makeTimestamp(...(a as [number, number, number, number, number, number])),
            k.sessionZone(c),
          ),
      ],
      [
        [int4, int4, int4, int4, int4, float8, text],
        timestamptz,
        (_, a: number, b: number, c: number, d: number, e: number, g: number, zone: string) =>
          instantFromLocal(makeTimestamp(a, b, c, d, e, g), namedZone(zone)),
      ],
    ],
    { ...stable, argNames: ['year', 'month', 'mday', 'hour', 'min', 'sec', 'timezone'] },
  ),
  fn(
    'make_interval',
    [int4, int4, int4, int4, int4, int4, float8],
    interval,
    (_, ...a: number[]) => makeInterval(...(a as [number, number, number, number, number, number, number])),
    'Interval from its fields.',
    ['make_interval(0, 0, 0, 10)', '10 days'],
    {
      defaults: [0, 0, 0, 0, 0, 0, 0],
      argNames: ['years', 'months', 'weeks', 'days', 'hours', 'mins', 'secs'],
    },
  ),
  fn(
    'to_timestamp',
    [float8],
    timestamptz,
    (_, a: number) => timestampOfEpoch(a),
    'Instant of a Unix time.',
    ['to_timestamp(1284352323)', '2010-09-13 04:32:03+00'],
  ),
];

/** A zone as make_timestamptz takes it: a bare offset counts east. */
function namedZone(name: string): TimeZone {
  const match = /^([+-])(\d{1,2})(?::(\d{2}))?$/.exec(name);
  if (match === null) return timeZone(name);
  const offset = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return fixedZone(match[1] === '-' ? -offset : offset);
}

function intervalZone(span: Interval): TimeZone {
  if (!span.isFinite || span.months !== 0 || span.days !== 0) {
    throw new DecentDbError('22023', `interval time zone must not include months or days`);
  }
  return fixedZone(Math.trunc(Number(span.micros) / MICROS_PER_SECOND));
}

const toLocal = (instant: Timestamp, zone: TimeZone): Timestamp =>
  isFiniteTimestamp(instant) ? localFromInstant(instant, zone) : instant;
const toInstant = (local: Timestamp, zone: TimeZone): Timestamp =>
  isFiniteTimestamp(local) ? checkTimestamp(instantFromLocal(local, zone)) : local;

function timetzIn(value: TimeWithZone, zone: TimeZone, context: EvalContext): TimeWithZone {
  const offset = zone.offsetAt(Math.floor(Number(context.transactionMicros) / MICROS_PER_SECOND));
  const day = 86_400_000_000;
  const micros = (((value.micros + (offset - value.offset) * MICROS_PER_SECOND) % day) + day) % day;
  return new TimeWithZone(micros, offset);
}

const zones: readonly ScalarFunction[] = overloads(
  'timezone',
  'The function behind AT TIME ZONE.',
  ["timezone('America/Denver', timestamp '2001-02-16 20:38:40')", '2001-02-17 03:38:40+00'],
  [
    [
      [text, timestamp],
      timestamptz,
      (_, zone: string, a: Timestamp) => (isFiniteTimestamp(a) ? toInstant(a, timeZone(zone)) : a),
    ],
    [
      [text, timestamptz],
      timestamp,
      (_, zone: string, a: Timestamp) => (isFiniteTimestamp(a) ? toLocal(a, timeZone(zone)) : a),
    ],
    [[text, timetz], timetz, (c, zone: string, a: TimeWithZone) => timetzIn(a, timeZone(zone), c), stable],
    [
      [interval, timestamp],
      timestamptz,
      (_, zone: Interval, a: Timestamp) => (isFiniteTimestamp(a) ? toInstant(a, intervalZone(zone)) : a),
    ],
    [
      [interval, timestamptz],
      timestamp,
      (_, zone: Interval, a: Timestamp) => (isFiniteTimestamp(a) ? toLocal(a, intervalZone(zone)) : a),
    ],
    [[interval, timetz], timetz, (c, zone: Interval, a: TimeWithZone) => timetzIn(a, intervalZone(zone), c)],
    [[timestamp], timestamptz, (c, a: Timestamp) => toInstant(a, k.sessionZone(c)), stable],
    [[timestamptz], timestamp, (c, a: Timestamp) => toLocal(a, k.sessionZone(c)), stable],
    [[timetz], timetz, (c, a: TimeWithZone) => timetzIn(a, k.sessionZone(c), c), stable],
  ],
);

function timetzNow(context: EvalContext, precision: number): TimeWithZone {
  const instant = context.transactionMicros;
  const offset = k.sessionZone(context).offsetAt(Math.floor(instant / MICROS_PER_SECOND));
  return new TimeWithZone(
    Number(roundMicros(splitTimestamp(localInSession(context, instant)).micros, precision)),
    offset,
  );
}

const localTime = (c: EvalContext, precision: number): number =>
  Number(roundMicros(splitTimestamp(localInSession(c, c.transactionMicros)).micros, precision));

/** The `now` family; current_date and its kin are what the grammar's keywords stand for. */
/** The time of the call, never before the start of the statement, which is taken when first asked for. */
function clockNow(context: EvalContext): number {
  const start = context.statementMicros;
  return Math.max(start, context.clockMicros());
}

const clocks: readonly ScalarFunction[] = [
  ...['now', 'transaction_timestamp'].map((name) =>
    fn(name, [], timestamptz, (c) => c.transactionMicros, 'Start of the transaction.', null, stable),
  ),
  fn(
    'statement_timestamp',
    [],
    timestamptz,
    (c) => c.statementMicros,
    'Start of the statement.',
    null,
    stable,
  ),
  fn('clock_timestamp', [], timestamptz, clockNow, 'The time of the call.', null, {
    volatility: 'volatile',
  }),
  fn(
    'timeofday',
    [],
    text,
    (c) => formatTimestamptz(clockNow(c), { ...c.typeSettings, dateStyle: 'Postgres' }),
    'The time of the call as text.',
    null,
    { volatility: 'volatile' },
  ),
  fn(
    'current_date',
    [],
    date,
    (c) => dateOfTimestamp(localInSession(c, c.transactionMicros)),
    'Today, in the session time zone.',
    null,
    stable,
  ),
  ...overloads(
    'current_timestamp',
    'Start of the transaction.',
    null,
    [
      [[], timestamptz, (c) => c.transactionMicros],
      [[int4], timestamptz, (c, precision: number) => roundMicros(c.transactionMicros, precision)],
    ],
    stable,
  ),
  ...overloads(
    'localtimestamp',
    'Start of the transaction as civil time.',
    null,
    [
      [[], timestamp, (c) => localInSession(c, c.transactionMicros)],
      [
        [int4],
        timestamp,
        (c, precision: number) => roundMicros(localInSession(c, c.transactionMicros), precision),
      ],
    ],
    stable,
  ),
  ...overloads(
    'current_time',
    'Time of day at the start of the transaction.',
    null,
    [
      [[], timetz, (c) => timetzNow(c, 6)],
      [[int4], timetz, (c, precision: number) => timetzNow(c, precision)],
    ],
    stable,
  ),
  ...overloads(
    'localtime',
    'Time of day at the start of the transaction, without zone.',
    null,
    [
      [[], time, (c) => localTime(c, 6)],
      [[int4], time, (c, precision: number) => localTime(c, precision)],
    ],
    stable,
  ),
];

/** OVERLAPS on two periods given by start and end; either end may be NULL. */
function overlaps(compare: (a: never, b: never) => number): ScalarFunction['eval'] {
  const cmp = compare as (a: Datum, b: Datum) => number;
  const ordered = (start: Datum, end: Datum): [Datum, Datum] | null => {
    if (start === null) return end === null ? null : [end, null];
    if (end === null) return [start, null];
    return cmp(start, end) > 0 ? [end, start] : [start, end];
  };
  return (_context, s1, e1, s2, e2) => {
    const a = ordered(s1 ?? null, e1 ?? null);
    const b = ordered(s2 ?? null, e2 ?? null);
    if (a === null || b === null) return null;
    const order = cmp(a[0], b[0]);
    if (order === 0) return a[1] === null || b[1] === null ? null : true;
    const [first, second] = order > 0 ? [b, a] : [a, b];
    if (first[1] === null) return null;
    if (cmp(second[0], first[1]) < 0) return true;
    return second[1] === null ? null : false;
  };
}

const byNumber = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
const periods: readonly ScalarFunction[] = [
  ...overloads(
    'overlaps',
    'Whether two periods overlap; the function behind OVERLAPS.',
    null,
    [
      [[timestamp, timestamp, timestamp, timestamp], bool, overlaps(byNumber)],
      [[timestamptz, timestamptz, timestamptz, timestamptz], bool, overlaps(byNumber)],
      [[time, time, time, time], bool, overlaps(byNumber)],
    ],
    { strict: false },
  ),
  ...[timestamp, timestamptz, time].flatMap((type) => [
    overlapsWithSpans(type, true, true),
    overlapsWithSpans(type, true, false),
    overlapsWithSpans(type, false, true),
  ]),
  fn(
    'overlaps',
    [timetz, timetz, timetz, timetz],
    bool,
    overlaps(builtinType(timetz).compare),
    'Whether two periods overlap.',
    null,
    { strict: false },
  ),
];

/** Periods that are a start and a length, either or both of them. */
function overlapsWithSpans(type: number, isFirstSpan: boolean, isSecondSpan: boolean): ScalarFunction {
  const end = (c: EvalContext, start: Datum, bound: Datum, isSpan: boolean): Datum => {
    if (!isSpan || start === null || bound === null) return isSpan ? null : bound;
    const span = bound as Interval;
    if (type === time) return k.addToTime(start as number, span, 1);
    return type === timestamp
      ? k.addToTimestamp(start as Timestamp, span)
      : k.addToInstant(start as Timestamp, span, k.sessionZone(c));
  };
  return fn(
    'overlaps',
    [type, isFirstSpan ? interval : type, type, isSecondSpan ? interval : type],
    bool,
    (c, s1: Datum, d1: Datum, s2: Datum, d2: Datum) =>
      overlaps(byNumber)(c, s1, end(c, s1, d1, isFirstSpan), s2, end(c, s2, d2, isSecondSpan)),
    'Whether two periods overlap.',
    null,
    { strict: false, volatility: type === timestamptz ? 'stable' : 'immutable' },
  );
}

export const dateTimeFunctions: readonly ScalarFunction[] = [
  ...fields,
  ...truncation,
  ...ages,
  ...makers,
  ...zones,
  ...clocks,
  ...periods,
];

/**
 * The arithmetic operators of dates, times and intervals.
 */

import { DecentDbError } from '../base/errors.ts';
import {
  addInt64,
  checkDate,
  checkTimestamp,
  isFiniteDate,
  isFiniteTimestamp,
  MICROS_PER_SECOND,
} from '../types/calendar.ts';
import { TimeWithZone } from '../types/date-time-types.ts';
import { Interval } from '../types/interval.ts';
import { Oid as T } from '../types/oids.ts';
import { checkedTimestampOfDate } from './casts.ts';
import { timestampOfDate } from './comparison.ts';
import * as k from './date-time-kernel.ts';
import { type Evaluate, op } from './define.ts';
import type { ScalarFunction } from './function.ts';

const { date, time, timetz, timestamp, timestamptz, interval, int4, float8 } = T;
type Example = readonly [string, string];

function addDays(days: number, count: number): number {
  if (!isFiniteDate(days)) return days;
  return checkDate(days + count);
}

function subtractDates(a: number, b: number): number {
  if (!isFiniteDate(a) || !isFiniteDate(b))
    throw new DecentDbError('22008', 'cannot subtract infinite dates');
  return a - b;
}

function dateAndTime(days: number, micros: number): number | bigint {
  const midnight = timestampOfDate(days);
  return isFiniteTimestamp(midnight) ? checkTimestamp(addInt64(midnight, micros)) : midnight;
}

function dateAndTimetz(days: number, value: TimeWithZone): number | bigint {
  const local = dateAndTime(days, value.micros);
  return isFiniteTimestamp(local)
    ? checkTimestamp(addInt64(local, -value.offset * MICROS_PER_SECOND))
    : local;
}

/** `a + b` and, with the arguments swapped, `b + a`. */
function sum(
  left: number,
  right: number,
  returns: number,
  evaluate: Evaluate,
  description: string,
  example: Example | null,
  volatility: 'immutable' | 'stable' = 'immutable',
): ScalarFunction[] {
  const swapped: Evaluate = (c, a, b) => evaluate(c, b!, a!);
  const info = { commutator: '+' };
  return [
    op('+', [left, right], returns, evaluate, description, example, { info, volatility }),
    ...(left === right
      ? []
      : [op('+', [right, left], returns, swapped, description, null, { info, volatility })]),
  ];
}

const onDates: readonly ScalarFunction[] = [
  ...sum(date, int4, date, (_, a: number, b: number) => addDays(a, b), 'Adds days.', [
    "date '2001-09-28' + 7",
    '2001-10-05',
  ]),
  op('-', [date, int4], date, (_, a: number, b: number) => addDays(a, -b), 'Subtracts days.', [
    "date '2001-10-01' - 7",
    '2001-09-24',
  ]),
  op('-', [date, date], int4, (_, a: number, b: number) => subtractDates(a, b), 'Days between dates.', [
    "date '2001-10-01' - date '2001-09-28'",
    '3',
  ]),
  ...sum(
    date,
    interval,
    timestamp,
    (_, a: number, b: Interval) => k.addToTimestamp(checkedTimestampOfDate(a), b),
    'Adds an interval to midnight of the date.',
    ["date '2001-09-28' + interval '1 hour'", '2001-09-28 01:00:00'],
  ),
  op(
    '-',
    [date, interval],
    timestamp,
    (_, a: number, b: Interval) => k.addToTimestamp(checkedTimestampOfDate(a), b.negate()),
    'Subtracts an interval from midnight of the date.',
    ["date '2001-09-28' - interval '1 hour'", '2001-09-27 23:00:00'],
  ),
  ...sum(date, time, timestamp, (_, a: number, b: number) => dateAndTime(a, b), 'Date and time of day.', [
    "date '2001-09-28' + time '03:00'",
    '2001-09-28 03:00:00',
  ]),
  ...sum(
    date,
    timetz,
    timestamptz,
    (_, a: number, b: TimeWithZone) => dateAndTimetz(a, b),
    'Date and time of day with zone.',
    null,
  ),
];

const onTimestamps: readonly ScalarFunction[] = [
  ...sum(
    timestamp,
    interval,
    timestamp,
    (_, a: k.Timestamp, b: Interval) => k.addToTimestamp(a, b),
    'Adds an interval.',
    ["timestamp '2001-09-28 01:00' + interval '23 hours'", '2001-09-29 00:00:00'],
  ),
  op(
    '-',
    [timestamp, interval],
    timestamp,
    (_, a: k.Timestamp, b: Interval) => k.addToTimestamp(a, b.negate()),
    'Subtracts an interval.',
    ["timestamp '2001-09-28 23:00' - interval '23 hours'", '2001-09-28 00:00:00'],
  ),
  ...sum(
    timestamptz,
    interval,
    timestamptz,
    (c, a: k.Timestamp, b: Interval) => k.addToInstant(a, b, k.sessionZone(c)),
    'Adds an interval, days in the session time zone.',
    null,
    'stable',
  ),
  op(
    '-',
    [timestamptz, interval],
    timestamptz,
    (c, a: k.Timestamp, b: Interval) => k.addToInstant(a, b.negate(), k.sessionZone(c)),
    'Subtracts an interval, days in the session time zone.',
    null,
    { volatility: 'stable' },
  ),
  op(
    '-',
    [timestamp, timestamp],
    interval,
    (_, a: k.Timestamp, b: k.Timestamp) => k.subtractTimestamps(a, b),
    'Time between timestamps, in days and hours.',
    ["timestamp '2001-09-29 03:00' - timestamp '2001-07-27 12:00'", '63 days 15:00:00'],
  ),
  op(
    '-',
    [timestamptz, timestamptz],
    interval,
    (_, a: k.Timestamp, b: k.Timestamp) => k.subtractTimestamps(a, b),
    'Time between timestamps, in days and hours.',
    null,
  ),
];

const onTimes: readonly ScalarFunction[] = [
  ...sum(
    time,
    interval,
    time,
    (_, a: number, b: Interval) => k.addToTime(a, b, 1),
    'Adds an interval, wrapping at midnight.',
    ["time '01:00' + interval '3 hours'", '04:00:00'],
  ),
  op(
    '-',
    [time, interval],
    time,
    (_, a: number, b: Interval) => k.addToTime(a, b, -1),
    'Subtracts an interval, wrapping at midnight.',
    ["time '05:00' - interval '2 hours'", '03:00:00'],
  ),
  op(
    '-',
    [time, time],
    interval,
    (_, a: number, b: number) => new Interval(0, 0, a - b),
    'Time between times of day.',
    ["time '05:00' - time '03:00'", '02:00:00'],
  ),
  ...sum(
    timetz,
    interval,
    timetz,
    (_, a: TimeWithZone, b: Interval) => new TimeWithZone(k.addToTime(a.micros, b, 1), a.offset),
    'Adds an interval, wrapping at midnight.',
    null,
  ),
  op(
    '-',
    [timetz, interval],
    timetz,
    (_, a: TimeWithZone, b: Interval) => new TimeWithZone(k.addToTime(a.micros, b, -1), a.offset),
    'Subtracts an interval, wrapping at midnight.',
    null,
  ),
];

const onIntervals: readonly ScalarFunction[] = [
  op(
    '+',
    [interval, interval],
    interval,
    (_, a: Interval, b: Interval) => a.add(b),
    'Adds intervals.',
    ["interval '1 day' + interval '1 hour'", '1 day 01:00:00'],
    { info: { commutator: '+' } },
  ),
  op(
    '-',
    [interval, interval],
    interval,
    (_, a: Interval, b: Interval) => a.subtract(b),
    'Subtracts intervals.',
    ["interval '1 day' - interval '1 hour'", '1 day -01:00:00'],
  ),
  op('-', [interval], interval, (_, a: Interval) => a.negate(), 'Negates an interval.', [
    "- interval '23 hours'",
    '-23:00:00',
  ]),
  op(
    '*',
    [interval, float8],
    interval,
    (_, a: Interval, b: number) => a.multiply(b),
    'Multiplies an interval.',
    ["interval '1 hour' * 3.5", '03:30:00'],
    { info: { commutator: '*' } },
  ),
  op(
    '*',
    [float8, interval],
    interval,
    (_, a: number, b: Interval) => b.multiply(a),
    'Multiplies an interval.',
    ["900 * interval '1 second'", '00:15:00'],
    { info: { commutator: '*' } },
  ),
  op('/', [interval, float8], interval, (_, a: Interval, b: number) => a.divide(b), 'Divides an interval.', [
    "interval '1 hour' / 1.5",
    '00:40:00',
  ]),
];

export const dateTimeOperators: readonly ScalarFunction[] = [
  ...onDates,
  ...onTimestamps,
  ...onTimes,
  ...onIntervals,
];

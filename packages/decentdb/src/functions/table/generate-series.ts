/**
 * generate_series over integers, numerics and timestamps; generate_subscripts (PostgreSQL manual 9.25).
 *
 * I1  A step of zero is 22023; a series that would leave its type's range ends instead of overflowing.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { SqlArray } from '../../types/array.ts';
import { Decimal, narrow } from '../../types/decimal.ts';
import type { Interval } from '../../types/interval.ts';
import { Oid as T } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import { dateTimeFunctions } from '../date-time.ts';
import { dateTimeOperators } from '../date-time-operators.ts';
import type { EvalContext, TableFunction } from '../function.ts';
import { tableFn } from './define.ts';

function zeroStep(): DecentDbError {
  return new DecentDbError('22023', 'step size cannot equal zero');
}

function* int4Series(start: number, stop: number, step: number): Generator<[number]> {
  if (step === 0) throw zeroStep();
  if (step > 0) for (let v = start; v <= stop; v += step) yield [v];
  else for (let v = start; v >= stop; v += step) yield [v];
}

function* int8Series(
  start: number | bigint,
  stop: number | bigint,
  step: number | bigint,
): Generator<[Datum]> {
  if (BigInt(step) === 0n) throw zeroStep();
  const isSafe = [start, stop, step].every((v) => typeof v === 'number' && Math.abs(v) < 2 ** 51);
  if (isSafe) {
    yield* int4Series(start as number, stop as number, step as number);
    return;
  }
  const [end, by] = [BigInt(stop), BigInt(step)];
  const isUp = by > 0n;
  for (let v = BigInt(start); isUp ? v <= end : v >= end; v += by) yield [narrow(v)];
}

function* numericSeries(start: Decimal, stop: Decimal, step: Decimal): Generator<[Decimal]> {
  for (const [what, value] of [
    ['start', start],
    ['stop', stop],
    ['step size', step],
  ] as const) {
    if (!value.isFinite) {
      const kind = value.isNaN ? 'NaN' : 'infinity';
      throw new DecentDbError('22023', `${what === 'step size' ? what : `${what} value`} cannot be ${kind}`);
    }
  }
  const direction = step.compare(Decimal.zero);
  if (direction === 0) throw zeroStep();
  const isUp = direction > 0;
  for (let v = start; isUp ? v.compare(stop) <= 0 : v.compare(stop) >= 0; v = v.add(step)) yield [v];
}

/** `value + step` by the registry's own operator, so that months and time zones mean what `+` means. */
function stepper(context: EvalContext, type: number): (value: Datum, step: Datum) => Datum {
  const plus = dateTimeOperators.find(
    ({ name, args }) => name === '+' && args[0] === type && args[1] === T.interval,
  );
  if (plus === undefined) throw new DecentDbError('42883', 'operator + is missing for this series');
  return (value, step) => plus.eval(context, value, step);
}

function* timeSeries(
  context: EvalContext,
  type: number,
  start: number | bigint,
  stop: number | bigint,
  step: Interval,
): Generator<[Datum]> {
  const total = step.totalMicros;
  if (BigInt(total) === 0n) throw zeroStep();
  if (!step.isFinite) throw new DecentDbError('22023', 'step size cannot be infinite');
  const add = stepper(context, type);
  const isUp = total > 0;
  let value: number | bigint = start;
  while (isUp ? value <= stop : value >= stop) {
    yield [value];
    value = add(value, step) as number | bigint;
  }
}

function* subscripts(array: SqlArray, dimension: number, reverse: boolean): Generator<[number]> {
  if (dimension < 1 || dimension > array.dimensions) return;
  const low = array.lowerBounds[dimension - 1]!;
  const high = low + array.lengths[dimension - 1]! - 1;
  yield* reverse ? int4Series(high, low, -1) : int4Series(low, high, 1);
}

const column = (type: number) => [{ name: 'generate_series', type }];

/** `value + step` with days and months counted in a named zone. */
function zoneAdd(context: EvalContext, value: Datum, step: Datum, zone: Datum): Datum {
  const add = dateTimeFunctions.find(({ name, args }) => name === 'date_add' && args.length === 3);
  if (add === undefined)
    throw new DecentDbError('0A000', 'generate_series with a time zone is not supported');
  return add.eval(context, value, step, zone);
}

export const seriesFunctions: readonly TableFunction[] = [
  tableFn(
    'generate_series',
    [T.int4, T.int4],
    column(T.int4),
    (_c, [a, b]) => int4Series(a as number, b as number, 1),
    'Numbers from start to stop.',
    ['select count(*) from generate_series(1, 5)', '5'],
  ),
  tableFn(
    'generate_series',
    [T.int4, T.int4, T.int4],
    column(T.int4),
    (_c, [a, b, s]) => int4Series(a as number, b as number, s as number),
    'Numbers from start to stop by step.',
    ['select max(g) from generate_series(1, 10, 4) g', '9'],
  ),
  tableFn(
    'generate_series',
    [T.int8, T.int8],
    column(T.int8),
    (_c, [a, b]) => int8Series(a as number, b as number, 1),
    'Numbers from start to stop.',
    null,
  ),
  tableFn(
    'generate_series',
    [T.int8, T.int8, T.int8],
    column(T.int8),
    (_c, [a, b, s]) => int8Series(a as number, b as number, s as number),
    'Numbers from start to stop by step.',
    null,
  ),
  tableFn(
    'generate_series',
    [T.numeric, T.numeric],
    column(T.numeric),
    (_c, [a, b]) => numericSeries(a as Decimal, b as Decimal, Decimal.one),
    'Numbers from start to stop.',
    null,
  ),
  tableFn(
    'generate_series',
    [T.numeric, T.numeric, T.numeric],
    column(T.numeric),
    (_c, [a, b, s]) => numericSeries(a as Decimal, b as Decimal, s as Decimal),
    'Numbers from start to stop by step.',
    ["select string_agg(g::text, ' ') from generate_series(0.5, 2, 0.5) g", '0.5 1.0 1.5 2.0'],
  ),
  ...([T.timestamp, T.timestamptz] as const).map((type) =>
    tableFn(
      'generate_series',
      [type, type, T.interval],
      column(type),
      (context, [a, b, s]) => timeSeries(context, type, a as number, b as number, s as Interval),
      'Instants from start to stop by step.',
      null,
      type === T.timestamptz ? { volatility: 'stable' } : {},
    ),
  ),
  tableFn(
    'generate_series',
    [T.timestamptz, T.timestamptz, T.interval, T.text],
    column(T.timestamptz),
    function* (context, [a, b, s, zone]) {
      const total = (s as Interval).totalMicros;
      if (BigInt(total) === 0n) throw zeroStep();
      for (let v = a as number; total > 0 ? v <= (b as number) : v >= (b as number); ) {
        yield [v];
        v = zoneAdd(context, v, s as Interval, zone as string) as number;
      }
    },
    'Instants from start to stop by step, days and months counted in the zone.',
    null,
  ),
  tableFn(
    'generate_subscripts',
    [T.anyarray, T.int4],
    [{ name: 'generate_subscripts', type: T.int4 }],
    (_c, [array, dimension]) => subscripts(array as SqlArray, dimension as number, false),
    'Valid subscripts of a dimension of an array.',
    null,
  ),
  tableFn(
    'generate_subscripts',
    [T.anyarray, T.int4, T.bool],
    [{ name: 'generate_subscripts', type: T.int4 }],
    (_c, [array, dimension, reverse]) =>
      subscripts(array as SqlArray, dimension as number, reverse as boolean),
    'Valid subscripts of a dimension of an array, descending when asked.',
    null,
  ),
];

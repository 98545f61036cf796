/**
 * date, time, timetz, timestamp, timestamptz and interval as SQL types.
 *
 * I1  Precision typmods are 0..6; larger ones are cut to 6 as PostgreSQL does (with its warning left out).
 * I2  timestamptz keeps the instant; the zone of the text is used to find it and then forgotten.
 */
import { DecentDbError } from '../base/errors.ts';
import {
  checkDate,
  checkTimestamp,
  DATE_INFINITY,
  DATE_MAX,
  DATE_MIN,
  DATE_NEGATIVE_INFINITY,
  isFiniteDate,
  isFiniteTimestamp,
  joinTimestamp,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  TIMESTAMP_END,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MIN,
  TIMESTAMP_NEGATIVE_INFINITY,
} from './calendar.ts';
import { formatDate, formatTimeOfDay, formatTimestamp, formatTimestamptz } from './datetime-format.ts';
import { type ParsedDateTime, parseDateTime, parseTime } from './datetime-text.ts';
import { narrow } from './decimal.ts';
import { ByteReader, ByteWriter } from './object-bytes.ts';
import { Oid } from './oids.ts';
import {
  defineType,
  EPOCH_2000_MICROS,
  hashNumber,
  type JsOptions,
  Physical,
  type SqlType,
  type TypeSettings,
  textFromJs,
} from './sql-type.ts';
import { instantFromLocal, offsetOfLocal, offsetText, timeZone } from './time-zone.ts';
import type { ObjectCodec } from './vector.ts';

const PRECISION_MAX = 6;

function precisionTypmodIn(name: string): (modifiers: readonly number[]) => number {
  return (modifiers) => {
    const precision = modifiers[0] ?? -1;
    if (modifiers.length !== 1) throw new DecentDbError('22023', 'invalid type modifier');
    if (precision < 0)
      throw new DecentDbError('22023', `${name}(${precision}) precision must not be negative`);
    return Math.min(precision, PRECISION_MAX);
  };
}

function withPrecision(before: string, after: string): (typmod: number) => string {
  return (typmod) => (typmod < 0 ? `${before}${after}` : `${before}(${typmod})${after}`);
}

/** Rounds microseconds to `precision` digits, half away from zero. */
export function roundMicros(value: number | bigint, precision: number): number | bigint {
  if (precision < 0 || precision >= PRECISION_MAX) return value;
  const unit = 10 ** (PRECISION_MAX - precision);
  if (typeof value === 'number') {
    const rest = value % unit;
    if (rest === 0) return value;
    const cut = value - rest;
    const rounded = Math.abs(rest) * 2 >= unit ? cut + (value < 0 ? -unit : unit) : cut;
    return rounded === 0 ? 0 : rounded;
  }
  const step = BigInt(unit);
  const rest = value % step;
  const magnitude = rest < 0n ? -rest : rest;
  const cut = value - rest;
  return narrow(magnitude * 2n >= step ? cut + (value < 0n ? -step : step) : cut);
}

function dateFromText(text: string, settings: TypeSettings): number {
  const parsed = parseDateTime(text, 'date', settings);
  if (parsed.special === 'epoch') return -10957;
  if (parsed.special !== null) return parsed.special === 'infinity' ? DATE_INFINITY : DATE_NEGATIVE_INFINITY;
  const days = parsed.days!;
  if (days < DATE_MIN || days > DATE_MAX) throw new DecentDbError('22008', `date out of range: "${text}"`);
  return days;
}

/** Days and microseconds of a JavaScript Date; UTC. */
function microsFromDate(value: Date): number | bigint {
  const millis = value.getTime();
  if (Number.isNaN(millis)) throw new DecentDbError('22007', 'Invalid Date cannot be stored');
  const days = Math.floor(millis / 86_400_000);
  return joinTimestamp(days - 10957, (millis - days * 86_400_000) * 1000);
}

function toJsTemporal(text: string, value: number | bigint | null, options: JsOptions): unknown {
  const { timestamp } = options;
  if (typeof timestamp === 'function') return timestamp(text);
  if (timestamp === 'string' || value === null) return text;
  const millis = Math.floor(Number(value) / 1000) + EPOCH_2000_MICROS / 1000;
  return Math.abs(millis) > 8.64e15 ? text : new Date(millis);
}

export const dateType: SqlType = defineType({
  oid: Oid.date,
  name: 'date',
  sqlName: 'date',
  category: 'D',
  physical: Physical.int32,
  input: (text, _typmod, settings) => dateFromText(text, settings),
  output: formatDate,
  toJs: (value: number, options) => {
    if (!isFiniteDate(value)) return value > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return toJsTemporal(
      options.timestamp === 'date' ? '' : formatDate(value, options.settings),
      value * MICROS_PER_DAY,
      options,
    );
  },
  fromJs: (value, settings) => {
    if (value instanceof Date) return checkDate(Math.floor(Number(microsFromDate(value)) / MICROS_PER_DAY));
    if (value === Number.POSITIVE_INFINITY) return DATE_INFINITY;
    if (value === Number.NEGATIVE_INFINITY) return DATE_NEGATIVE_INFINITY;
    return dateFromText(textFromJs(value, dateType), settings);
  },
});

export const timeType: SqlType = defineType({
  oid: Oid.time,
  name: 'time',
  sqlName: withPrecision('time', ' without time zone'),
  category: 'D',
  physical: Physical.int64,
  typmodIn: precisionTypmodIn('TIME'),
  input: (text, typmod, settings) => {
    const parsed = parseTime(text, 'time', settings);
    if (parsed.special !== null)
      throw new DecentDbError('22007', `invalid input syntax for type time: "${text}"`);
    return roundMicros(parsed.micros, typmod);
  },
  output: (value: number) => formatTimeOfDay(value),
  hash: hashNumber,
  applyTypmod: roundMicros,
  toJs: (value: number) => formatTimeOfDay(value),
});

/** The datum of time with time zone: local microseconds and seconds east. */
export class TimeWithZone {
  readonly micros: number;
  readonly offset: number;

  constructor(micros: number, offset: number) {
    this.micros = micros;
    this.offset = offset;
  }
}

/** By instant, then by offset, the more eastern first. */
function compareTimetz(a: TimeWithZone, b: TimeWithZone): number {
  const gap = a.micros - a.offset * MICROS_PER_SECOND - (b.micros - b.offset * MICROS_PER_SECOND);
  if (gap !== 0) return gap < 0 ? -1 : 1;
  return a.offset > b.offset ? -1 : a.offset < b.offset ? 1 : 0;
}

const timetzCodec: ObjectCodec = {
  toBytes: (value) => {
    const writer = new ByteWriter();
    writer.signed((value as TimeWithZone).micros);
    writer.signed((value as TimeWithZone).offset);
    return writer.finish();
  },
  fromBytes: (bytes) => {
    const reader = new ByteReader(bytes);
    return new TimeWithZone(Number(reader.signed()), Number(reader.signed()));
  },
  compare: (a, b) => compareTimetz(a as TimeWithZone, b as TimeWithZone),
  memoryBytes: () => 32,
};

/** The offset that applies to a time of day: its own zone's, on its date or today. */
function timetzOffset(parsed: ParsedDateTime, settings: TypeSettings): number {
  const zone = parsed.zone ?? timeZone(settings.timeZone);
  const days = parsed.days ?? Math.floor(Number(settings.nowMicros()) / MICROS_PER_DAY);
  return offsetOfLocal(days, parsed.micros, zone);
}

export const timetzType: SqlType = defineType({
  oid: Oid.timetz,
  name: 'timetz',
  sqlName: withPrecision('time', ' with time zone'),
  category: 'D',
  physical: Physical.object,
  codec: timetzCodec,
  typmodIn: precisionTypmodIn('TIME'),
  input: (text, typmod, settings) => {
    const parsed = parseTime(text, 'time with time zone', settings);
    if (parsed.special !== null)
      throw new DecentDbError('22007', `invalid input syntax for type time with time zone: "${text}"`);
    return new TimeWithZone(Number(roundMicros(parsed.micros, typmod)), timetzOffset(parsed, settings));
  },
  output: (value: TimeWithZone) => formatTimeOfDay(value.micros) + offsetText(value.offset),
  compare: compareTimetz,
  hash: (value: TimeWithZone) => hashNumber(value.micros - value.offset * MICROS_PER_SECOND) ^ value.offset,
  applyTypmod: (value: TimeWithZone, typmod) =>
    new TimeWithZone(Number(roundMicros(value.micros, typmod)), value.offset),
  toJs: (value: TimeWithZone) => formatTimeOfDay(value.micros) + offsetText(value.offset),
});

function roundTimestamp(value: number | bigint, typmod: number): number | bigint {
  return typmod < 0 || !isFiniteTimestamp(value) ? value : checkTimestamp(roundMicros(value, typmod));
}

function timestampFromText(
  text: string,
  typmod: number,
  typeName: string,
  isZoned: boolean,
  settings: TypeSettings,
): number | bigint {
  const parsed = parseDateTime(text, typeName, settings);
  if (parsed.special === 'epoch') return -EPOCH_2000_MICROS;
  if (parsed.special !== null)
    return parsed.special === 'infinity' ? TIMESTAMP_INFINITY : TIMESTAMP_NEGATIVE_INFINITY;
  let value = joinTimestamp(parsed.days!, parsed.micros);
  if (isZoned) value = instantFromLocal(value, parsed.zone ?? timeZone(settings.timeZone));
  if (typeof value === 'bigint' && (value < TIMESTAMP_MIN || value >= TIMESTAMP_END)) {
    throw new DecentDbError('22008', `timestamp out of range: "${text}"`);
  }
  return roundTimestamp(value, typmod);
}

function defineTimestamp(oid: number, name: string, typeName: string, isZoned: boolean): SqlType {
  const format = isZoned ? formatTimestamptz : formatTimestamp;
  const type: SqlType = defineType({
    oid,
    name,
    sqlName: withPrecision('timestamp', isZoned ? ' with time zone' : ' without time zone'),
    category: 'D',
    isPreferred: isZoned,
    physical: Physical.int64,
    typmodIn: precisionTypmodIn('TIMESTAMP'),
    input: (text, typmod, settings) => timestampFromText(text, typmod, typeName, isZoned, settings),
    output: format,
    hash: hashNumber,
    applyTypmod: roundTimestamp,
    toJs: (value: number | bigint, options) => {
      if (!isFiniteTimestamp(value)) return value > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      const isPlain = options.timestamp === 'date' && typeof value === 'number';
      return toJsTemporal(isPlain ? '' : format(value, options.settings), value, options);
    },
    fromJs: (value, settings) => {
      if (value instanceof Date) return microsFromDate(value);
      if (value === Number.POSITIVE_INFINITY) return TIMESTAMP_INFINITY;
      if (value === Number.NEGATIVE_INFINITY) return TIMESTAMP_NEGATIVE_INFINITY;
      return timestampFromText(textFromJs(value, type), -1, typeName, isZoned, settings);
    },
  });
  return type;
}

export const timestampType: SqlType = defineTimestamp(Oid.timestamp, 'timestamp', 'timestamp', false);
export const timestamptzType: SqlType = defineTimestamp(
  Oid.timestamptz,
  'timestamptz',
  'timestamp with time zone',
  true,
);

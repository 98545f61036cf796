/**
 * The cast table: PostgreSQL's pg_cast for the types we have.
 *
 * I1  A cast entry's function takes the source datum and gives the target datum; `null` means the datum serves as it is.
 * I2  Casts not in the table go through text: to a string type in assignment, from one only when explicit (findCast).
 */
import { DecentDbError } from '../base/errors.ts';
import {
  checkTimestamp,
  DATE_INFINITY,
  DATE_NEGATIVE_INFINITY,
  isFiniteDate,
  isFiniteTimestamp,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  splitTimestamp,
  TIMESTAMP_INFINITY,
} from '../types/calendar.ts';
import { TimeWithZone } from '../types/date-time-types.ts';
import { Decimal, narrow } from '../types/decimal.ts';
import { INT8_MAX, INT8_MIN, outOfRange } from '../types/integer-types.ts';
import { Interval } from '../types/interval.ts';
import { type Jsonb, jsonKind } from '../types/json.ts';
import { jsonbType } from '../types/json-types.ts';
import { Oid as T } from '../types/oids.ts';
import { charOfText, textOfChar, trimBlanks, truncateName } from '../types/text-types.ts';
import { localFromInstant, timeZone } from '../types/time-zone.ts';
import type { Datum } from '../types/vector.ts';
import { instantInSession, timestampOfDate } from './comparison.ts';
import { type Evaluate, fn } from './define.ts';
import type { EvalContext, InlineTemplate, ScalarFunction, Volatility } from './function.ts';
import { inlineHelpers as h } from './inline-kernel.ts';
import { roundHalfEven } from './math-kernel.ts';

export type CastContext = 'implicit' | 'assignment' | 'explicit';

export interface CastEntry {
  readonly source: number;
  readonly target: number;
  readonly context: CastContext;
  /** Null: binary compatible. */
  readonly fn: ScalarFunction | null;
}

const NAMES = new Map<number, string>(Object.entries(T).map(([name, oid]) => [oid, name]));

function cast(
  source: number,
  target: number,
  context: CastContext,
  evaluate: Evaluate | null,
  options: { readonly volatility?: Volatility; readonly inline?: InlineTemplate } = {},
): CastEntry {
  const name = NAMES.get(target) ?? 'cast';
  const description = `Converts ${NAMES.get(source)} to ${name}.`;
  return {
    source,
    target,
    context,
    fn: evaluate === null ? null : fn(name, [source], target, evaluate, description, null, options),
  };
}

/** A double rounded half to even and checked for an integer type. */
function floatToInt(value: number, min: number, max: number, typeName: string): number {
  const rounded = roundHalfEven(value);
  if (!(rounded >= min && rounded <= max)) throw outOfRange(typeName);
  return rounded + 0;
}

function floatToInt8(value: number): number | bigint {
  const rounded = roundHalfEven(value);
  if (!(rounded >= -(2 ** 63) && rounded < 2 ** 63)) throw outOfRange('bigint');
  return Number.isSafeInteger(rounded) ? rounded + 0 : BigInt(rounded);
}

function numericToInteger(
  value: Decimal,
  min: number | bigint,
  max: number | bigint,
  typeName: string,
): number | bigint {
  if (!value.isFinite)
    throw new DecentDbError('0A000', `cannot convert ${value.isNaN ? 'NaN' : 'infinity'} to ${typeName}`);
  const { coefficient } = value.round(0);
  if (coefficient < min || coefficient > max) throw outOfRange(typeName);
  return coefficient;
}

export function numericToInt4(value: Decimal): number {
  return numericToInteger(value, -2147483648, 2147483647, 'integer') as number;
}

export function numericToFloat8(value: Decimal): number {
  const result = value.toNumber();
  if (!Number.isFinite(result) && value.isFinite) {
    throw new DecentDbError('22003', `"${value}" is out of range for type double precision`);
  }
  return result;
}

const checkInt4 = (value: number | bigint): number => {
  if (value > 2147483647 || value < -2147483648) throw outOfRange('integer');
  return value as number;
};

const numberCasts: readonly CastEntry[] = [
  cast(T.int2, T.int4, 'implicit', null),
  cast(T.int2, T.int8, 'implicit', null),
  cast(T.int4, T.int8, 'implicit', null),
  cast(T.int2, T.float4, 'implicit', null),
  cast(T.int2, T.float8, 'implicit', null),
  cast(T.int4, T.float8, 'implicit', null),
  cast(T.int4, T.float4, 'implicit', (_, a: number) => Math.fround(a), {
    inline: (a) => `Math.fround(${a})`,
  }),
  cast(T.int8, T.float4, 'implicit', (_, a: number | bigint) => Math.fround(Number(a))),
  cast(T.int8, T.float8, 'implicit', (_, a: number | bigint) => Number(a), { inline: (a) => `Number(${a})` }),
  cast(T.int2, T.numeric, 'implicit', (_, a: number) => Decimal.fromInteger(a)),
  cast(T.int4, T.numeric, 'implicit', (_, a: number) => Decimal.fromInteger(a)),
  cast(T.int8, T.numeric, 'implicit', (_, a: number | bigint) => Decimal.fromInteger(a)),
  cast(T.float4, T.float8, 'implicit', null),
  cast(T.numeric, T.float4, 'implicit', (_, a: Decimal) => {
    const single = Math.fround(a.toNumber());
    if (!Number.isFinite(single) && a.isFinite)
      throw new DecentDbError('22003', `"${a}" is out of range for type real`);
    return single;
  }),
  cast(T.numeric, T.float8, 'implicit', (_, a: Decimal) => numericToFloat8(a)),
  cast(T.int8, T.int2, 'assignment', (_, a: number | bigint) => {
    if (a > 32767 || a < -32768) throw outOfRange('smallint');
    return a;
  }),
  cast(T.int8, T.int4, 'assignment', (_, a: number | bigint) => checkInt4(a)),
  cast(T.int4, T.int2, 'assignment', (_, a: number) => h.checkInt2(a), {
    inline: (a) => `h.checkInt2(${a})`,
  }),
  cast(T.float4, T.int2, 'assignment', (_, a: number) => floatToInt(a, -32768, 32767, 'smallint')),
  cast(T.float4, T.int4, 'assignment', (_, a: number) => floatToInt(a, -2147483648, 2147483647, 'integer')),
  cast(T.float4, T.int8, 'assignment', (_, a: number) => floatToInt8(a)),
  cast(T.float4, T.numeric, 'assignment', (_, a: number) => Decimal.fromFloat(a, 6)),
  cast(T.float8, T.int2, 'assignment', (_, a: number) => floatToInt(a, -32768, 32767, 'smallint')),
  cast(T.float8, T.int4, 'assignment', (_, a: number) => floatToInt(a, -2147483648, 2147483647, 'integer')),
  cast(T.float8, T.int8, 'assignment', (_, a: number) => floatToInt8(a)),
  cast(T.float8, T.float4, 'assignment', (_, a: number) => h.toFloat4(a), {
    inline: (a) => `h.toFloat4(${a})`,
  }),
  cast(T.float8, T.numeric, 'assignment', (_, a: number) => Decimal.fromFloat(a)),
  cast(T.numeric, T.int2, 'assignment', (_, a: Decimal) => numericToInteger(a, -32768, 32767, 'smallint')),
  cast(T.numeric, T.int4, 'assignment', (_, a: Decimal) => numericToInt4(a)),
  cast(T.numeric, T.int8, 'assignment', (_, a: Decimal) => numericToInteger(a, INT8_MIN, INT8_MAX, 'bigint')),
  cast(T.int4, T.bool, 'explicit', (_, a: number) => a !== 0),
  cast(T.bool, T.int4, 'explicit', (_, a: boolean) => (a ? 1 : 0)),
];

const textCasts: readonly CastEntry[] = [
  cast(T.text, T.bpchar, 'implicit', null),
  cast(T.text, T.varchar, 'implicit', null),
  cast(T.varchar, T.text, 'implicit', null),
  cast(T.varchar, T.bpchar, 'implicit', null),
  cast(T.bpchar, T.text, 'implicit', (_, a: string) => trimBlanks(a)),
  cast(T.bpchar, T.varchar, 'implicit', (_, a: string) => trimBlanks(a)),
  cast(T.char, T.text, 'implicit', (_, a: string) => textOfChar(a)),
  cast(T.char, T.bpchar, 'assignment', (_, a: string) => textOfChar(a)),
  cast(T.char, T.varchar, 'assignment', (_, a: string) => textOfChar(a)),
  cast(T.name, T.text, 'implicit', null),
  cast(T.name, T.bpchar, 'assignment', null),
  cast(T.name, T.varchar, 'assignment', null),
  cast(T.text, T.char, 'assignment', (_, a: string) => charOfText(a)),
  cast(T.bpchar, T.char, 'assignment', (_, a: string) => charOfText(trimBlanks(a))),
  cast(T.varchar, T.char, 'assignment', (_, a: string) => charOfText(a)),
  cast(T.text, T.name, 'implicit', (_, a: string) => truncateName(a)),
  cast(T.bpchar, T.name, 'implicit', (_, a: string) => truncateName(trimBlanks(a))),
  cast(T.varchar, T.name, 'implicit', (_, a: string) => truncateName(a)),
  cast(T.char, T.int4, 'explicit', (_, a: string) => (a === '' ? 0 : (a.charCodeAt(0) << 24) >> 24)),
  cast(T.int4, T.char, 'explicit', (_, a: number) => {
    if (a < -128 || a > 127) throw outOfRange('"char"');
    return a === 0 ? '' : String.fromCharCode(a & 255);
  }),
  cast(T.bool, T.text, 'assignment', (_, a: boolean) => (a ? 'true' : 'false')),
  cast(T.bool, T.varchar, 'assignment', (_, a: boolean) => (a ? 'true' : 'false')),
  cast(T.bool, T.bpchar, 'assignment', (_, a: boolean) => (a ? 'true' : 'false')),
];

/** Civil time, in the session's zone, of an instant. */
export function localInSession(context: EvalContext, instant: number | bigint): number | bigint {
  return isFiniteTimestamp(instant)
    ? localFromInstant(instant, timeZone(context.typeSettings.timeZone))
    : instant;
}

export function dateOfTimestamp(value: number | bigint): number {
  if (!isFiniteTimestamp(value)) return value === TIMESTAMP_INFINITY ? DATE_INFINITY : DATE_NEGATIVE_INFINITY;
  return splitTimestamp(value).days;
}

/** Midnight of a date as a timestamp, which has a smaller range (22008). */
export function checkedTimestampOfDate(days: number): number | bigint {
  const value = timestampOfDate(days);
  if (!isFiniteDate(days)) return value;
  try {
    return checkTimestamp(value);
  } catch (cause) {
    throw new DecentDbError('22008', 'date out of range for timestamp', { cause });
  }
}

/** Time of day; NULL for infinity. */
function timeOfTimestamp(value: number | bigint): Datum {
  return isFiniteTimestamp(value) ? splitTimestamp(value).micros : null;
}

function timetzOfInstant(context: EvalContext, value: number | bigint): Datum {
  if (!isFiniteTimestamp(value)) return null;
  const { days, micros } = splitTimestamp(value);
  const offset = timeZone(context.typeSettings.timeZone).offsetAt(
    days * 86400 + Math.floor(micros / MICROS_PER_SECOND),
  );
  return new TimeWithZone(splitTimestamp(localInSession(context, value)).micros, offset);
}

const stable = { volatility: 'stable' } as const;

const timeCasts: readonly CastEntry[] = [
  cast(T.date, T.timestamp, 'implicit', (_, a: number) => checkedTimestampOfDate(a)),
  cast(
    T.date,
    T.timestamptz,
    'implicit',
    (c, a: number) => instantInSession(c, checkedTimestampOfDate(a)),
    stable,
  ),
  cast(
    T.timestamp,
    T.timestamptz,
    'implicit',
    (c, a: number | bigint) => {
      const instant = instantInSession(c, a);
      return isFiniteTimestamp(instant) ? checkTimestamp(instant) : instant;
    },
    stable,
  ),
  cast(T.timestamp, T.date, 'assignment', (_, a: number | bigint) => dateOfTimestamp(a)),
  cast(T.timestamp, T.time, 'assignment', (_, a: number | bigint) => timeOfTimestamp(a)),
  cast(T.timestamptz, T.timestamp, 'assignment', (c, a: number | bigint) => localInSession(c, a), stable),
  cast(
    T.timestamptz,
    T.date,
    'assignment',
    (c, a: number | bigint) => dateOfTimestamp(localInSession(c, a)),
    stable,
  ),
  cast(
    T.timestamptz,
    T.time,
    'assignment',
    (c, a: number | bigint) => timeOfTimestamp(localInSession(c, a)),
    stable,
  ),
  cast(T.timestamptz, T.timetz, 'assignment', (c, a: number | bigint) => timetzOfInstant(c, a), stable),
  cast(T.time, T.interval, 'implicit', (_, a: number) => new Interval(0, 0, a)),
  cast(
    T.time,
    T.timetz,
    'implicit',
    (c, a: number) => {
      const zone = timeZone(c.typeSettings.timeZone);
      return new TimeWithZone(a, zone.offsetAt(Math.floor(Number(c.transactionMicros) / MICROS_PER_SECOND)));
    },
    stable,
  ),
  cast(T.interval, T.time, 'assignment', (_, a: Interval) => {
    if (!a.isFinite) throw new DecentDbError('22008', 'cannot convert infinite interval to time');
    const day = BigInt(MICROS_PER_DAY);
    return Number(((BigInt(a.micros) % day) + day) % day);
  }),
  cast(T.timetz, T.time, 'assignment', (_, a: TimeWithZone) => a.micros),
];

/** A scalar out of jsonb; JSON null gives SQL NULL (PostgreSQL 18). */
function fromJsonb(kind: 'number' | 'boolean', typeName: string, convert: (node: never) => Datum): Evaluate {
  return (_, value: Jsonb) => {
    const actual = jsonKind(value.node);
    if (actual === kind) return convert(value.node as never);
    if (actual === 'null') return null;
    const shown =
      actual === 'number' ? 'numeric' : actual === 'array' || actual === 'object' ? `${actual}` : actual;
    throw new DecentDbError('22023', `cannot cast jsonb ${shown} to type ${typeName}`);
  };
}

const jsonCasts: readonly CastEntry[] = [
  cast(T.json, T.jsonb, 'assignment', (c, text: string) => jsonbType.input(text, -1, c.typeSettings)),
  cast(T.jsonb, T.json, 'assignment', (c, value: Jsonb) => jsonbType.output(value, c.typeSettings)),
  cast(
    T.jsonb,
    T.bool,
    'explicit',
    fromJsonb('boolean', 'boolean', (node: boolean) => node),
  ),
  cast(
    T.jsonb,
    T.numeric,
    'explicit',
    fromJsonb('number', 'numeric', (node: Decimal) => node),
  ),
  cast(
    T.jsonb,
    T.int2,
    'explicit',
    fromJsonb('number', 'smallint', (node: Decimal) => numericToInteger(node, -32768, 32767, 'smallint')),
  ),
  cast(
    T.jsonb,
    T.int4,
    'explicit',
    fromJsonb('number', 'integer', (node: Decimal) => numericToInt4(node)),
  ),
  cast(
    T.jsonb,
    T.int8,
    'explicit',
    fromJsonb('number', 'bigint', (node: Decimal) => numericToInteger(node, INT8_MIN, INT8_MAX, 'bigint')),
  ),
  cast(
    T.jsonb,
    T.float4,
    'explicit',
    fromJsonb('number', 'real', (node: Decimal) => Math.fround(node.toNumber())),
  ),
  cast(
    T.jsonb,
    T.float8,
    'explicit',
    fromJsonb('number', 'double precision', (node: Decimal) => numericToFloat8(node)),
  ),
];

/** PostgreSQL 18: integers as big-endian bytes and back. */
function bytesOfInteger(width: number): Evaluate {
  return (_, value: number | bigint) => {
    const bytes = new Uint8Array(width);
    let rest = BigInt.asUintN(width * 8, BigInt(value));
    for (let i = width - 1; i >= 0; i--) {
      bytes[i] = Number(rest & 255n);
      rest >>= 8n;
    }
    return bytes;
  };
}

function integerOfBytes(width: number, typeName: string): Evaluate {
  return (_, bytes: Uint8Array) => {
    if (bytes.length > width) throw outOfRange(typeName);
    let value = 0n;
    for (const byte of bytes) value = (value << 8n) | BigInt(byte);
    return narrow(bytes.length === width ? BigInt.asIntN(width * 8, value) : value);
  };
}

const bytesCasts: readonly CastEntry[] = [
  cast(T.int2, T.bytea, 'explicit', bytesOfInteger(2)),
  cast(T.int4, T.bytea, 'explicit', bytesOfInteger(4)),
  cast(T.int8, T.bytea, 'explicit', bytesOfInteger(8)),
  cast(T.bytea, T.int2, 'explicit', integerOfBytes(2, 'smallint')),
  cast(T.bytea, T.int4, 'explicit', integerOfBytes(4, 'integer')),
  cast(T.bytea, T.int8, 'explicit', integerOfBytes(8, 'bigint')),
];

export const casts: readonly CastEntry[] = [
  ...numberCasts,
  ...textCasts,
  ...timeCasts,
  ...jsonCasts,
  ...bytesCasts,
];

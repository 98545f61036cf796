/**
 * smallint, integer, bigint and oid.
 *
 * I1  int8 datums are numbers while safe and bigints beyond (types/vector.ts I3): `narrow` after every bigint step.
 */
import { DecentDbError } from '../base/errors.ts';
import { narrow } from './decimal.ts';
import { Oid } from './oids.ts';
import {
  cannotBind,
  defineType,
  hashNumber,
  invalidInput,
  type JsOptions,
  Physical,
  type SqlType,
  textFromJs,
} from './sql-type.ts';
import type { Datum } from './vector.ts';

export const INT8_MAX = 9223372036854775807n;
export const INT8_MIN: bigint = -9223372036854775808n;

const DECIMAL = /^[ \t-\r]*([+-]?\d+)[ \t-\r]*$/;
const UNUSUAL =
  /^[ \t-\r]*([+-]?)(?:(0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)|(\d+(?:_\d+)*))[ \t-\r]*$/;

/** Any integer text PostgreSQL reads (decimal, 0x, 0o, 0b, underscores); null when it is none. */
export function parseInteger(text: string): number | bigint | null {
  const plain = DECIMAL.exec(text);
  if (plain !== null) {
    const digits = plain[1]!;
    const value = Number(digits);
    return Number.isSafeInteger(value)
      ? value === 0
        ? 0
        : value
      : narrow(BigInt(digits.startsWith('+') ? digits.slice(1) : digits));
  }
  const unusual = UNUSUAL.exec(text);
  if (unusual === null) return null;
  const magnitude = BigInt((unusual[2] ?? unusual[3] ?? '').replaceAll('_', ''));
  return narrow(unusual[1] === '-' ? -magnitude : magnitude);
}

/** `value "99999" is out of range for type smallint` (22003). */
export function valueOutOfRange(text: string, typeName: string): DecentDbError {
  return new DecentDbError('22003', `value "${text}" is out of range for type ${typeName}`);
}

/** `integer out of range` (22003): results of arithmetic and casts. */
export function outOfRange(typeName: string): DecentDbError {
  return new DecentDbError('22003', `${typeName} out of range`);
}

function defineInteger(
  oid: number,
  name: string,
  sqlName: string,
  min: number | bigint,
  max: number | bigint,
  physical: Physical,
  isPreferred = false,
): SqlType {
  const input = (text: string): Datum => {
    const value = parseInteger(text);
    if (value === null) throw invalidInput(sqlName, text);
    if (value < min || value > max) throw valueOutOfRange(text, sqlName);
    return value;
  };
  const type: SqlType = defineType({
    oid,
    name,
    sqlName,
    category: 'N',
    isPreferred,
    physical,
    input,
    hash: hashNumber,
    equals: (a: Datum, b: Datum) => a === b,
    ...(physical === Physical.int64 ? { toJs: int8ToJs } : {}),
    fromJs: (value) => {
      if (typeof value === 'number' && Number.isSafeInteger(value)) {
        if (value < min || value > max) throw valueOutOfRange(String(value), sqlName);
        return value === 0 ? 0 : value;
      }
      if (typeof value === 'bigint') {
        if (value < min || value > max) throw valueOutOfRange(String(value), sqlName);
        return narrow(value);
      }
      if (typeof value === 'boolean') throw cannotBind(value, type);
      return input(textFromJs(value, type));
    },
  });
  return type;
}

function int8ToJs(value: number | bigint, options: JsOptions): unknown {
  switch (options.int8) {
    case 'auto':
      return value;
    case 'bigint':
      return BigInt(value);
    case 'string':
      return String(value);
    default:
      if (typeof value === 'number') return value;
      throw new DecentDbError('22003', `bigint value ${value} is not a safe JavaScript number`, {
        hint: "Use the option int8: 'auto', 'bigint' or 'string'.",
      });
  }
}

export const int2Type: SqlType = defineInteger(Oid.int2, 'int2', 'smallint', -32768, 32767, Physical.int32);
export const int4Type: SqlType = defineInteger(
  Oid.int4,
  'int4',
  'integer',
  -2147483648,
  2147483647,
  Physical.int32,
);
export const int8Type: SqlType = defineInteger(
  Oid.int8,
  'int8',
  'bigint',
  INT8_MIN,
  INT8_MAX,
  Physical.int64,
);

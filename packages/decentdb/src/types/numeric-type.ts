/**
 * numeric(precision, scale).
 *
 * I1  typmod = ((precision << 16) | (scale & 0x7ff)) + 4, scale a signed 11-bit number; -1 for plain numeric.
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal, decimalExponent } from './decimal.ts';
import { Oid } from './oids.ts';
import {
  cannotBind,
  defineType,
  invalidInput,
  type JsOptions,
  Physical,
  type SqlType,
  textFromJs,
} from './sql-type.ts';

const PRECISION_MAX = 1000;

export function numericTypmod(precision: number, scale: number): number {
  return ((precision << 16) | (scale & 0x7ff)) + 4;
}

export function numericPrecision(typmod: number): number {
  return ((typmod - 4) >> 16) & 0xffff;
}

export function numericScale(typmod: number): number {
  return (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
}

/** Rounds to the declared scale and checks the declared precision (22003). */
export function applyNumericTypmod(value: Decimal, typmod: number): Decimal {
  if (typmod < 0) return value;
  const precision = numericPrecision(typmod);
  const scale = numericScale(typmod);
  if (!value.isFinite) {
    if (value.isNaN) return value;
    throw fieldOverflow(`A field with precision ${precision}, scale ${scale} cannot hold an infinite value.`);
  }
  const rounded = value.round(scale);
  if (rounded.coefficient !== 0 && decimalExponent(rounded) >= precision - scale) {
    const limit = precision === scale ? '1' : `10^${precision - scale}`;
    throw fieldOverflow(
      `A field with precision ${precision}, scale ${scale} must round to an absolute value less than ${limit}.`,
    );
  }
  return rounded;
}

function fieldOverflow(detail: string): DecentDbError {
  return new DecentDbError('22003', 'numeric field overflow', { detail });
}

function typmodIn(modifiers: readonly number[]): number {
  const [precision = 0, scale = 0] = modifiers;
  if (modifiers.length === 0 || modifiers.length > 2)
    throw new DecentDbError('22023', 'invalid NUMERIC type modifier');
  if (precision < 1 || precision > PRECISION_MAX) {
    throw new DecentDbError('22023', `NUMERIC precision ${precision} must be between 1 and ${PRECISION_MAX}`);
  }
  if (scale < -PRECISION_MAX || scale > PRECISION_MAX) {
    throw new DecentDbError(
      '22023',
      `NUMERIC scale ${scale} must be between -${PRECISION_MAX} and ${PRECISION_MAX}`,
    );
  }
  return numericTypmod(precision, scale);
}

function input(text: string, typmod: number): Decimal {
  const value = Decimal.parse(text);
  if (value === null) throw invalidInput('numeric', text);
  return applyNumericTypmod(value, typmod);
}

function toJs(value: Decimal, options: JsOptions): unknown {
  if (options.numeric === 'string') return value.toString();
  return options.numeric === 'number' ? value.toNumber() : options.numeric(value.toString());
}

export const numericType: SqlType = defineType({
  oid: Oid.numeric,
  name: 'numeric',
  sqlName: (typmod) =>
    typmod < 0 ? 'numeric' : `numeric(${numericPrecision(typmod)},${numericScale(typmod)})`,
  category: 'N',
  physical: Physical.numeric,
  typmodIn,
  input,
  output: (value: Decimal) => value.toString(),
  compare: (a: Decimal, b: Decimal) => a.compare(b),
  equals: (a: Decimal, b: Decimal) => a.equals(b),
  hash: (value: Decimal) => value.hash(),
  applyTypmod: applyNumericTypmod,
  toJs,
  fromJs: (value) => {
    if (value instanceof Decimal) return value;
    if (typeof value === 'bigint') return Decimal.of(value, 0);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return Decimal.fromInteger(value);
    if (typeof value === 'boolean') throw cannotBind(value, numericType);
    const isDecimalObject =
      typeof value === 'object' && value !== null && !(value instanceof Date) && 'toFixed' in value;
    return input(isDecimalObject ? String(value) : textFromJs(value, numericType), -1);
  },
});

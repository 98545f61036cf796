/**
 * jsonpath's item methods on one value: numbers, conversions, types.
 *
 * I1  Each throws a DecentDbError when the value does not fit; whoever runs the path decides whether that is an error or nothing.
 */
import { DecentDbError } from '../../base/errors.ts';
import { Decimal } from '../../types/decimal.ts';
import { formatJson, isJsonArray } from '../../types/json.ts';
import type { PathItem, PathMethod } from '../../types/jsonpath.ts';
import { Oid as T } from '../../types/oids.ts';
import { builtinType } from '../../types/registry.ts';
import { defaultTypeSettings } from '../../types/sql-type.ts';
import { PathDateTime, type PathValue } from './item.ts';

export function nonNumeric(method: string, what = 'a numeric value'): DecentDbError {
  return new DecentDbError('22036', `jsonpath item method .${method}() can only be applied to ${what}`);
}

function invalidArgument(text: string, method: string, typeName: string): DecentDbError {
  return new DecentDbError(
    '22036',
    `argument "${text}" of jsonpath item method .${method}() is invalid for type ${typeName}`,
  );
}

/** Text of a number or string that is to be read as another type; null for other values. */
function convertible(item: PathValue): string | null {
  if (typeof item === 'string') return item;
  return item instanceof Decimal ? item.toString() : null;
}

function readAs(oid: number, text: string, method: string): unknown {
  const type = builtinType(oid);
  try {
    return type.input(text, -1, defaultTypeSettings);
  } catch (cause) {
    if (cause instanceof DecentDbError) throw invalidArgument(text, method, type.sqlName(-1));
    throw cause;
  }
}

function finite(value: Decimal, method: string): Decimal {
  if (value.isFinite) return value;
  throw new DecentDbError('22036', `NaN or Infinity is not allowed for jsonpath item method .${method}()`);
}

function toDouble(item: PathValue): Decimal {
  const text = convertible(item);
  if (text === null) throw nonNumeric('double', 'a string or numeric value');
  const value = readAs(T.float8, text, 'double') as number;
  if (!Number.isFinite(value))
    throw new DecentDbError('22036', 'NaN or Infinity is not allowed for jsonpath item method .double()');
  return item instanceof Decimal ? item : Decimal.fromFloat(value);
}

function toInteger(item: PathValue, method: 'bigint' | 'integer'): Decimal {
  const text = convertible(item);
  if (text === null) throw nonNumeric(method, 'a string or numeric value');
  const oid = method === 'bigint' ? T.int8 : T.int4;
  const whole = item instanceof Decimal ? item.round(0).toString() : text;
  return Decimal.fromInteger(readAs(oid, whole, method) as number);
}

function toBoolean(item: PathValue): boolean {
  if (typeof item === 'boolean') return item;
  if (item instanceof Decimal) return (readAs(T.int4, item.toString(), 'boolean') as number) !== 0;
  if (typeof item === 'string') return readAs(T.bool, item, 'boolean') as boolean;
  throw nonNumeric('boolean', 'a boolean, string, or numeric value');
}

function toNumber(item: PathValue, method: 'number' | 'decimal'): Decimal {
  const text = convertible(item);
  if (text === null) throw nonNumeric(method, 'a string or numeric value');
  return finite(readAs(T.numeric, text, method) as Decimal, method);
}

/** An int4 argument of a method. */
function integerArgument(item: PathItem, method: string, what: string): number {
  const value = (item.value as Decimal).toNumber();
  if (Math.abs(value) > 2147483647)
    throw new DecentDbError(
      '22036',
      `${what} of jsonpath item method .${method}() is out of range for type integer`,
    );
  return value;
}

function toDecimal(item: PathValue, path: PathItem): Decimal {
  const value = toNumber(item, 'decimal');
  if (path.left === null) return value;
  const precision = integerArgument(path.left, 'decimal', 'precision');
  const modifiers =
    path.right === null ? [precision] : [precision, integerArgument(path.right, 'decimal', 'scale')];
  const type = builtinType(T.numeric);
  const typmod = type.typmodIn(modifiers);
  try {
    return type.applyTypmod(value, typmod, false) as Decimal;
  } catch (cause) {
    if (cause instanceof DecentDbError) throw invalidArgument(value.toString(), 'decimal', 'numeric');
    throw cause;
  }
}

function toText(item: PathValue): string {
  if (typeof item === 'string') return item;
  if (item instanceof PathDateTime) return item.toString();
  if (item instanceof Decimal || typeof item === 'boolean') return formatJson(item);
  throw nonNumeric('string', 'a boolean, string, numeric, or datetime value');
}

/** abs, floor, ceiling. */
export function numericMethod(item: PathValue, method: PathMethod): Decimal {
  if (!(item instanceof Decimal)) throw nonNumeric(method);
  return method === 'abs' ? item.abs() : method === 'floor' ? item.floor() : item.ceiling();
}

/** The number of elements; a value that is no array counts as one in lax mode. */
export function sizeOf(item: PathValue, isLax: boolean): Decimal {
  if (!(item instanceof PathDateTime) && isJsonArray(item)) return Decimal.fromInteger(item.length);
  if (isLax) return Decimal.one;
  throw new DecentDbError('22039', 'jsonpath item method .size() can only be applied to an array');
}

/** double, number, decimal, integer, bigint, boolean, string. */
export function convertItem(item: PathValue, path: PathItem): PathValue {
  switch (path.operator) {
    case 'double':
      return toDouble(item);
    case 'integer':
    case 'bigint':
      return toInteger(item, path.operator);
    case 'boolean':
      return toBoolean(item);
    case 'string':
      return toText(item);
    case 'decimal':
      return toDecimal(item, path);
    default:
      return toNumber(item, 'number');
  }
}

/** Precision of .time(n) and its kin. */
export function precisionOf(path: PathItem): number | null {
  return path.left === null ? null : integerArgument(path.left, path.operator!, 'time precision');
}

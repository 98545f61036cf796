/**
 * Computed values of jsonpath: arithmetic, array indexes, dates and times.
 */
import { DecentDbError } from '../../base/errors.ts';
import { Decimal } from '../../types/decimal.ts';
import type { PathItem } from '../../types/jsonpath.ts';
import { Oid as T } from '../../types/oids.ts';
import { convertDateTime, readPathDateTime, roundDateTime } from './date-time.ts';
import { Outcome, type PathExecution } from './execution.ts';
import type { PathDateTime, PathValue } from './item.ts';
import { precisionOf } from './methods.ts';

function apply(operator: string, a: Decimal, b: Decimal): Decimal {
  switch (operator) {
    case '+':
      return a.add(b);
    case '-':
      return a.subtract(b);
    case '*':
      return a.multiply(b);
    case '/':
      return a.divide(b);
    default:
      return a.remainder(b);
  }
}

export function arithmetic(
  run: PathExecution,
  path: PathItem,
  value: PathValue,
  found: PathValue[] | null,
): Outcome {
  const sides: PathValue[][] = [[], []];
  for (const [i, operand] of [path.left!, path.right!].entries())
    if (run.unwrapped(operand, value, true, sides[i]!) === Outcome.error) return Outcome.error;
  for (const [i, side] of ['left', 'right'].entries()) {
    if (sides[i]!.length === 1 && sides[i]![0] instanceof Decimal) continue;
    return run.fail(
      '22038',
      `${side} operand of jsonpath operator ${path.operator} is not a single numeric value`,
    );
  }
  let result: Decimal;
  try {
    result = apply(path.operator!, sides[0]![0] as Decimal, sides[1]![0] as Decimal);
  } catch (cause) {
    if (run.isThrowing || !(cause instanceof DecentDbError)) throw cause;
    return Outcome.error;
  }
  return run.forward(path, result, found);
}

/** + and - before each of some numbers. */
export function signed(
  run: PathExecution,
  path: PathItem,
  value: PathValue,
  found: PathValue[] | null,
): Outcome {
  const values: PathValue[] = [];
  if (run.unwrapped(path.left!, value, true, values) === Outcome.error) return Outcome.error;
  let outcome: Outcome = Outcome.none;
  for (const item of values) {
    if (!(item instanceof Decimal)) {
      if (found === null && path.next === null) continue;
      return run.fail('2203B', `operand of unary jsonpath operator ${path.operator} is not a numeric value`);
    }
    const one = run.forward(path, path.operator === '-' ? item.negate() : item, found);
    if (one === Outcome.error) return one;
    if (one === Outcome.ok) outcome = one;
    if (one === Outcome.ok && found === null) return one;
  }
  return outcome;
}

/** A subscript as an integer; null after a silenced error. */
export function arrayIndex(run: PathExecution, path: PathItem, value: PathValue): number | null {
  const found: PathValue[] = [];
  if (run.step(path, value, found, run.isLax) === Outcome.error) return null;
  const [index] = found;
  if (found.length !== 1 || !(index instanceof Decimal)) {
    run.fail('22033', 'jsonpath array subscript is not a single numeric value');
    return null;
  }
  const whole = index.truncate(0).toNumber();
  if (whole > 2147483647 || whole < -2147483648) {
    run.fail('22033', 'jsonpath array subscript is out of integer range');
    return null;
  }
  return whole;
}

const TARGETS: Readonly<Record<string, number>> = {
  date: T.date,
  time: T.time,
  time_tz: T.timetz,
  timestamp: T.timestamp,
  timestamp_tz: T.timestamptz,
};

export function dateTimeMethod(run: PathExecution, path: PathItem, value: PathValue): PathDateTime {
  const method = path.operator!;
  if (typeof value !== 'string')
    throw new DecentDbError('22031', `jsonpath item method .${method}() can only be applied to a string`);
  const target = TARGETS[method];
  const template = target === undefined && path.left !== null ? (path.left.value as string) : null;
  const read = readPathDateTime(value, template);
  if (read === null || target === undefined) {
    if (read !== null) return read;
    const what = target === undefined ? 'datetime' : method;
    throw new DecentDbError('22031', `${what} format is not recognized: "${value}"`, {
      ...(target === undefined
        ? { hint: 'Use a datetime template argument to specify the input data format.' }
        : {}),
    });
  }
  const converted = convertDateTime(read, target, run.zone, run.surroundings.isZoneAllowed);
  if (converted === null) throw new DecentDbError('22031', `${method} format is not recognized: "${value}"`);
  const precision = precisionOf(path);
  return precision === null ? converted : roundDateTime(converted, precision);
}

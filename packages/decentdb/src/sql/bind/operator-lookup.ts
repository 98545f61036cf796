/**
 * Operators by symbol and types, and the questions "has this type an order" and "has it equality".
 */
import { assert } from '../../base/assert.ts';
import type { Expr } from '../../exec/expr.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { type Resolved, resolveOperator, tryResolveOperator } from '../../functions/resolve.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { atLocation, bindError } from './errors.ts';
import type { Level } from './level.ts';
import { ResolveCache } from './resolve-cache.ts';

const operators = new ResolveCache<Resolved<ScalarFunction>>();
const orders = new ResolveCache<boolean>();

/** Whether the operator exists between two values of the type. */
function hasOperator(symbol: string, type: SqlType): boolean {
  return orders.get(symbol, [type], () => tryResolveOperator(symbol, type, type) !== null);
}

/** The same of arrays and rows, which have what their elements and fields have; of what ROW(...) makes is asked when values meet. */
function hasOperatorOfRows(symbol: string, type: SqlType): boolean {
  if (type.elementType !== null && !hasOperatorOfRows(symbol, type.elementType)) return false;
  if (type.fields === null) return hasOperator(symbol, type);
  return type.kind !== 'composite' || type.fields.every((field) => hasOperatorOfRows(symbol, field.type));
}

/** The operator for two operand types (`left` null: prefix); 42883 at `location`. */
export function lookUpOperator(
  name: readonly string[],
  left: SqlType | null,
  right: SqlType,
  location: number,
): Resolved<ScalarFunction> {
  const symbol = name.at(-1) as string;
  return operators.get(symbol, [left, right], () =>
    atLocation(location, () => resolveOperator(symbol, left, right)),
  );
}

/** The parts of a two-operand call made by operatorCall. */
export function splitCall(call: Expr): {
  readonly fn: ScalarFunction;
  readonly args: readonly Expr[];
  readonly negated: boolean;
} {
  assert(call.kind === 'call', 'operators are bound as calls');
  return { fn: call.fn, args: call.args, negated: false };
}

/** The function of `symbol` between two values of one type; 42883 when the type has no order. */
export function orderingOperator(_level: Level, type: SqlType, symbol: '<' | '>', location: number): void {
  if (type.oid === Oid.unknown || hasOperatorOfRows(symbol, type)) return;
  throw bindError('42883', `could not identify an ordering operator for type ${type.sqlName(-1)}`, location, {
    hint: 'Use an explicit ordering operator or modify the query.',
  });
}

/** 42883 unless values of the expression's type can be compared for equality (GROUP BY, DISTINCT). */
export function requireEquality(level: Level, expr: Expr): void {
  requireEqualityOf(level, expr.type, expr.location);
}

export function requireEqualityOf(_level: Level, type: SqlType, location: number): void {
  if (type.oid === Oid.unknown || hasOperatorOfRows('=', type)) return;
  throw bindError('42883', `could not identify an equality operator for type ${type.sqlName(-1)}`, location);
}

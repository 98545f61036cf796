/**
 * Values as sets, for `value IN (many)`.
 *
 * I1  Only for types whose equality is `===` on datums; integers of different widths, and texts of different types, are one family.
 */
import { narrow } from '../types/decimal.ts';
import type { SqlType } from '../types/sql-type.ts';
import { type Datum, Physical } from '../types/vector.ts';
import type { Expr, QuantifiedExpr } from './expr.ts';
import { isPlainText } from './type-traits.ts';

export interface ValueSet {
  readonly values: Set<Datum>;
  readonly hasNull: boolean;
}

export function valueSetOf(elements: readonly Datum[]): ValueSet {
  const values = new Set(elements);
  const hasNull = values.delete(null);
  return { values, hasNull };
}

/** Types whose equality is `===` on datums. */
export function isSetType(type: SqlType): boolean {
  switch (type.physical) {
    case Physical.int32:
    case Physical.int64:
      return true;
    case Physical.text:
      return isPlainText(type) && type.kind === 'base';
    case Physical.uuid:
      return type.kind === 'base';
    default:
      return false;
  }
}

export function isSameFamily(a: SqlType, b: SqlType): boolean {
  const isInteger = (type: SqlType): boolean => type.category === 'N' && type.physical <= Physical.int64;
  return a.oid === b.oid || (isInteger(a) && isInteger(b)) || (a.category === 'S' && b.category === 'S');
}

/** Whether the test is `= ANY` or `<> ALL`, which a set of values can answer. */
export function asksForMembership({ op, quantifier }: QuantifiedExpr): boolean {
  return quantifier === 'any' ? op.operator?.btree === '=' : op.operator?.symbol === '<>';
}

/** Whether an expression has one value throughout a statement. */
export function isFixedExpr(expr: Expr): boolean {
  if (expr.kind === 'const' || expr.kind === 'param') return true;
  return expr.kind === 'call' && expr.fn.volatility !== 'volatile' && expr.args.every(isFixedExpr);
}

/** Integers as they are compared with `===`. */
export function asMember(value: Datum): Datum {
  return typeof value === 'bigint' ? narrow(value) : value;
}

/**
 * Structural equality of bound expressions: the same value wherever both may stand (PostgreSQL's equal()).
 *
 * I1  Locations do not count. Two uses of a volatile function are equal too: GROUP BY random() and the like mean the same column.
 */
import type { Expr } from '../../exec/expr.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { isSameQuery } from './subquery-sources.ts';

export function exprEqual(a: Expr, b: Expr): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || !isSameType(a.type, b.type)) return false;
  switch (a.kind) {
    case 'const':
      return datumEqual(a.value, (b as typeof a).value, a);
    case 'column':
      return a.id === (b as typeof a).id;
    case 'param':
      return a.index === (b as typeof a).index;
    case 'subquery':
      return isSameQuery(a.plan, (b as typeof a).plan) && fieldsEqual(a, b);
    default:
      return fieldsEqual(a, b);
  }
}

function datumEqual(a: Datum, b: Datum, expr: Expr): boolean {
  if (a === null || b === null) return a === b;
  if (a === b) return true;
  return typeof a === 'object' && typeof b === 'object' && expr.type.compare(a, b) === 0;
}

/** Rows without a name have one oid, and a type for each place: their fields tell. */
function isSameType(a: SqlType, b: SqlType): boolean {
  if (a === b) return true;
  if (a.oid !== b.oid) return false;
  if (a.kind === 'array' && a.elementType !== null && b.elementType !== null)
    return isSameType(a.elementType, b.elementType);
  if (a.kind !== 'pseudo' || a.fields === null) return true;
  const others = b.fields;
  if (others === null || a.fields.length !== others.length) return false;
  return a.fields.every(({ name, type }, i) => {
    const other = others[i] as (typeof others)[number];
    return name === other.name && isSameType(type, other.type);
  });
}

function fieldsEqual(a: object, b: object): boolean {
  for (const name of Object.keys(a)) {
    if (name === 'location' || name === 'typmod' || name === 'plan' || name === 'type' || name === 'unread')
      continue;
    if (!valueEqual((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name])) return false;
  }
  return true;
}

function valueEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => valueEqual(item, b[i]));
  if (isExpr(a) && isExpr(b)) return exprEqual(a, b);
  if (isPlainRecord(a) && isPlainRecord(b)) return fieldsEqual(a, b);
  return false;
}

function isExpr(value: object): value is Expr {
  return 'kind' in value && 'location' in value && 'type' in value;
}

/** Branches, subscripts and the like; functions and types compare by identity only. */
function isPlainRecord(value: object): boolean {
  return !('eval' in value) && !('oid' in value) && Object.getPrototypeOf(value) === Object.prototype;
}

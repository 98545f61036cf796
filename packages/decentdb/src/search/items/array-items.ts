/**
 * The items of an array: what an index over arrays keeps of it, and what operators ask for.
 *
 *     =x   an element; numbers and texts as they are, others by a hash
 *     N    an element that is NULL
 *     E    there are no elements
 *
 * I1  Elements that are equal give the same item: no row is missed. Different ones may, too: rows are tested.
 */
import type { SqlArray } from '../../types/array.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { ANYTHING, holding, holdingAll, holdingAny, type ItemQuery, NOTHING } from './item-query.ts';

const NULL_ITEM = 'N';
const EMPTY_ITEM = 'E';

/** Texts that are equal only if all characters are. */
const PLAIN_TEXTS: ReadonlySet<number> = new Set([Oid.text, Oid.varchar, Oid.name]);

/** Of more items than this not all are looked for (item-query.ts). */
const EXACT_MAX = 64;
const EXACT_TYPES: ReadonlySet<number> = new Set([Oid.int2, Oid.int4, Oid.int8, Oid.text, Oid.varchar]);

/** Whether different elements of arrays of the type have different items: then these tell what an array holds. */
export function hasExactItems(type: SqlType): boolean {
  return EXACT_TYPES.has(elementType(type).oid);
}

/** Whether the items of a pattern are all looked for. */
export function isLookedForWhole(pattern: SqlArray): boolean {
  return pattern.elements.length <= EXACT_MAX;
}

function elementItem(value: Datum, type: SqlType): string {
  if (typeof value === 'number' || typeof value === 'bigint') return `=${value}`;
  if (typeof value === 'string' && PLAIN_TEXTS.has(type.oid)) return `=${value}`;
  return `=${(type.hash(value) >>> 0).toString(36)}`;
}

function elementType(type: SqlType): SqlType {
  return domainBase(domainBase(type).elementType ?? type);
}

/** The items of an array of `type`, each once. */
export function arrayItems(array: SqlArray, type: SqlType): ReadonlySet<string> {
  const element = elementType(type);
  const items = new Set<string>();
  for (const value of array.elements) items.add(value === null ? NULL_ITEM : elementItem(value, element));
  if (items.size === 0) items.add(EMPTY_ITEM);
  return items;
}

/** `array @> pattern`: NULL is contained in nothing. */
export function arraysWith(pattern: SqlArray, type: SqlType): ItemQuery {
  if (pattern.elements.length === 0) return ANYTHING;
  return pattern.elements.includes(null) ? NOTHING : holdingAll(arrayItems(pattern, type));
}

/** `array && pattern`. */
export function arraysWithAny(pattern: SqlArray, type: SqlType): ItemQuery {
  const items = new Set(arrayItems(pattern, type));
  items.delete(NULL_ITEM);
  items.delete(EMPTY_ITEM);
  return holdingAny(items);
}

/** `array <@ pattern`: one of the pattern's elements, or none at all. */
export function arraysWithin(pattern: SqlArray, type: SqlType): ItemQuery {
  const items = new Set(arrayItems(pattern, type));
  items.delete(NULL_ITEM);
  return holdingAny(items.add(EMPTY_ITEM));
}

/** `array = pattern`. */
export function arraysEqual(pattern: SqlArray, type: SqlType): ItemQuery {
  return holdingAll(arrayItems(pattern, type));
}

/** `value = ANY (array)`, for arrays of `type`. */
export function arraysHolding(value: Datum, type: SqlType): ItemQuery {
  return holding(elementItem(value, elementType(type)));
}

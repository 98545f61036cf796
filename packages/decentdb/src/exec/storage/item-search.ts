/**
 * Indexes over the items of arrays and jsonb values (`USING gin`): what they keep of a value, what they are asked.
 *
 * I1  An index keeps items as a full text index keeps lexemes (search/fulltext/): a value is a vector of its items. NULL has none.
 * I2  What an operator asks for is necessary, not sufficient: every row found is tested. Where elements have items of their own
 *     (isExactMatch), it is sufficient for `@>`, `&&` and `= ANY`.
 */
import type { IndexDef, IndexKey } from '../../catalog/schema.ts';
import {
  arrayItems,
  arraysEqual,
  arraysHolding,
  arraysWith,
  arraysWithAny,
  arraysWithin,
  hasExactItems,
  isLookedForWhole,
} from '../../search/items/array-items.ts';
import {
  ANYTHING,
  holding,
  holdingAll,
  holdingAny,
  type ItemQuery,
  NOTHING,
} from '../../search/items/item-query.ts';
import { type JsonClass, jsonItems, jsonWith, keyItem } from '../../search/items/json-items.ts';
import { pathExistsQuery, pathHoldsQuery } from '../../search/items/json-path-query.ts';
import { SqlArray } from '../../types/array.ts';
import { Jsonb } from '../../types/json.ts';
import { JsonPath } from '../../types/jsonpath.ts';
import { type Places, TsVector } from '../../types/tsvector.ts';
import type { Datum } from '../../types/vector.ts';
import type { ItemMatch, TextMatch } from '../physical/access.ts';

/** By what is asked, the operator that asks it. */
export const itemMatches: Readonly<Record<ItemMatch, string>> = {
  arrayContains: '@>',
  arrayWithin: '<@',
  arrayOverlaps: '&&',
  arrayEquals: '=',
  arrayHolds: '=',
  jsonContains: '@>',
  jsonHasKey: '?',
  jsonHasAnyKey: '?|',
  jsonHasAllKeys: '?&',
  jsonPathExists: '@?',
  jsonPathHolds: '@@',
};

export function isItemMatch(match: TextMatch): match is ItemMatch {
  return match in itemMatches;
}

/** Whether the items of an index's key decide a match, so that no row need be tested. */
export function isExactMatch(match: TextMatch, key: IndexKey): boolean {
  const isOfItems = match === 'arrayContains' || match === 'arrayOverlaps' || match === 'arrayHolds';
  return isOfItems && hasExactItems(key.type);
}

/** What decides such a match; null where a pattern is too long to be looked for whole. */
export function exactItemQuery(match: ItemMatch, key: IndexKey, pattern: Datum): ItemQuery | null {
  if (!isExactMatch(match, key)) return null;
  if (pattern instanceof SqlArray && !isLookedForWhole(pattern)) return null;
  return itemQuery(match, key, pattern);
}

/** Whether testing a row is dear: the value is read as JSON. */
export function isJsonMatch(match: TextMatch): boolean {
  return match.startsWith('json');
}

export function jsonClassOf(key: IndexKey): JsonClass {
  return key.opclass?.endsWith('jsonb_path_ops') === true ? 'jsonb_path_ops' : 'jsonb_ops';
}

/** Stands for the places of an item: they would all be alike. */
const PLACE: Places = Uint16Array.of(1);
const ITEMS_SIZE = 1;

/** What the postings of an index are made of: the items of arrays and jsonb values, in no order; other values as they are. */
export function searchedValue(index: IndexDef, key: number, value: Datum): Datum {
  if (index.method !== 'gin' || value === null) return value;
  const items = itemsOf(value, index.keys[key]!);
  if (items === null) return value;
  const lexemes = [...items];
  return new TsVector(lexemes, new Array<Places>(lexemes.length).fill(PLACE), null, ITEMS_SIZE);
}

function itemsOf(value: Datum, key: IndexKey): ReadonlySet<string> | null {
  if (value instanceof SqlArray) return arrayItems(value, key.type);
  return value instanceof Jsonb ? jsonItems(value.node, jsonClassOf(key)) : null;
}

/** What rows must hold whose value has to do with `pattern` as the match says. */
export function itemQuery(match: ItemMatch, key: IndexKey, pattern: Datum): ItemQuery {
  if (pattern === null) return NOTHING;
  if (match === 'arrayHolds') return arraysHolding(pattern, key.type);
  if (match === 'jsonHasKey') return holding(keyItem(pattern as string));
  const of = jsonClassOf(key);
  if (pattern instanceof JsonPath)
    return match === 'jsonPathExists' ? pathExistsQuery(pattern, of) : pathHoldsQuery(pattern, of);
  if (pattern instanceof Jsonb) return jsonWith(pattern.node, of);
  return pattern instanceof SqlArray ? arrayQuery(match, key, pattern) : ANYTHING;
}

function arrayQuery(match: ItemMatch, { type }: IndexKey, pattern: SqlArray): ItemQuery {
  switch (match) {
    case 'arrayContains':
      return arraysWith(pattern, type);
    case 'arrayWithin':
      return arraysWithin(pattern, type);
    case 'arrayOverlaps':
      return arraysWithAny(pattern, type);
    case 'arrayEquals':
      return arraysEqual(pattern, type);
    default: {
      const keys = (pattern.elements.filter((one) => one !== null) as string[]).map(keyItem);
      return match === 'jsonHasAnyKey' ? holdingAny(keys) : holdingAll(keys);
    }
  }
}

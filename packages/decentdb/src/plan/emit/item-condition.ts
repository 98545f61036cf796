/**
 * Which parts of a filter gin indexes over arrays and jsonb values can help with.
 *
 * I1  The condition follows from the filter and never replaces a part of it.
 * I2  What is compared is a key as it stands: both sides have its type, so equal elements have equal items.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { ItemMatch, TrigramCondition } from '../../exec/physical.ts';
import { jsonClassOf } from '../../exec/storage/item-search.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import { isBound } from '../ranges.ts';
import { isKey, type SearchIndex } from './search-keys.ts';

const arrayMatches: Readonly<Record<string, ItemMatch | undefined>> = {
  '@>': 'arrayContains',
  '<@': 'arrayWithin',
  '&&': 'arrayOverlaps',
  '=': 'arrayEquals',
};

const jsonMatches: Readonly<Record<string, ItemMatch | undefined>> = {
  '@>': 'jsonContains',
  '?': 'jsonHasKey',
  '?|': 'jsonHasAnyKey',
  '?&': 'jsonHasAllKeys',
  '@?': 'jsonPathExists',
  '@@': 'jsonPathHolds',
};

/** Operators seen from their other side. */
const turned: Readonly<Record<string, string | undefined>> = { '@>': '<@', '<@': '@>', '&&': '&&', '=': '=' };

/** What jsonb_path_ops knows nothing of. */
const KEY_MATCHES: ReadonlySet<ItemMatch> = new Set(['jsonHasKey', 'jsonHasAnyKey', 'jsonHasAllKeys']);

/** What an operator asks of the items of a value of the type; null: nothing that an index knows. */
export function itemMatchOf(symbol: string, type: SqlType): ItemMatch | null {
  const base = domainBase(type);
  const matches = base.kind === 'array' ? arrayMatches : base.oid === Oid.jsonb ? jsonMatches : null;
  return matches?.[symbol] ?? null;
}

/** `value operator pattern`, either way round. */
export function itemCondition(
  left: Expr,
  symbol: string,
  right: Expr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): TrigramCondition | null {
  const found = matched(left, itemMatchOf(symbol, left.type), right, indexes, own);
  const other = turned[symbol];
  if (found !== null || other === undefined) return found;
  return matched(right, itemMatchOf(other, right.type), left, indexes, own);
}

/** `value = ANY (array)`. */
export function heldCondition(
  value: Expr,
  array: Expr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): TrigramCondition | null {
  const element = domainBase(array.type).elementType;
  if (element === null || kindOf(element) !== kindOf(value.type)) return null;
  return matched(array, 'arrayHolds', value, indexes, own);
}

/** Types whose equal values have equal items. */
function kindOf(type: SqlType): number {
  const { oid } = domainBase(type);
  if (oid === Oid.int2 || oid === Oid.int8) return Oid.int4;
  return oid === Oid.varchar ? Oid.text : oid;
}

function matched(
  value: Expr,
  match: ItemMatch | null,
  pattern: Expr,
  indexes: readonly SearchIndex[],
  own: ReadonlySet<ColumnId>,
): TrigramCondition | null {
  if (match === null || !isBound(pattern, own)) return null;
  for (const { index, keys } of indexes) {
    if (index.method !== 'gin') continue;
    const key = keys.findIndex(
      (one, i) =>
        isKey(one, value) && !(KEY_MATCHES.has(match) && jsonClassOf(index.keys[i]!) === 'jsonb_path_ops'),
    );
    if (key >= 0) return { kind: 'match', index, key, match, pattern };
  }
  return null;
}

/**
 * What a value must hold, as a query of the item index (`TsNode`, types/tsquery.ts: the machinery of words answers it).
 *
 * I1  ANYTHING says nothing; NOTHING is held by no value. A query is necessary for what it was made of, never sufficient.
 */
import type { TsNode } from '../../types/tsquery.ts';

export const ANYTHING: unique symbol = Symbol('anything');
export const NOTHING: unique symbol = Symbol('nothing');

export type ItemQuery = TsNode | typeof ANYTHING | typeof NOTHING;

/** Of many items that must all be there, so many are looked for: the rest is for the test of the row. */
const ALL_MAX = 64;
/** Of more alternatives than this an index is no shorter way. */
const ANY_MAX = 8192;

export function holding(item: string): TsNode {
  return { kind: 'value', lexeme: item, weights: 0, isPrefix: false };
}

export function allOf(queries: readonly ItemQuery[]): ItemQuery {
  if (queries.includes(NOTHING)) return NOTHING;
  const nodes = queries.filter((query) => query !== ANYTHING) as TsNode[];
  return nodes.length === 0 ? ANYTHING : balanced('and', nodes.slice(0, ALL_MAX));
}

export function anyOf(queries: readonly ItemQuery[]): ItemQuery {
  if (queries.includes(ANYTHING)) return ANYTHING;
  const nodes = queries.filter((query) => query !== NOTHING) as TsNode[];
  if (nodes.length > ANY_MAX) return ANYTHING;
  return nodes.length === 0 ? NOTHING : balanced('or', nodes);
}

export function holdingAll(items: Iterable<string>): ItemQuery {
  return allOf(Array.from(items, holding));
}

export function holdingAny(items: Iterable<string>): ItemQuery {
  return anyOf(Array.from(items, holding));
}

/** As flat as can be: whoever walks it does so by recursion. */
function balanced(kind: 'and' | 'or', nodes: readonly TsNode[]): TsNode {
  if (nodes.length === 1) return nodes[0]!;
  const middle = nodes.length >>> 1;
  return {
    kind,
    left: balanced(kind, nodes.slice(0, middle)),
    right: balanced(kind, nodes.slice(middle)),
    distance: 0,
  };
}

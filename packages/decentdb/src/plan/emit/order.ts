/**
 * Orders of rows: what a sort asks for, what a tree gives, and when the one covers the other.
 *
 * I1  Only plain columns are followed; an expression key ends what can be compared.
 */
import type { ColumnId, SortKey } from '../../exec/expr.ts';
import type { OrderItem } from './frame.ts';

/** The sort keys as an order; null when a key is not a plain column. */
export function orderOf(keys: readonly SortKey[]): readonly OrderItem[] | null {
  const items: OrderItem[] = [];
  for (const key of keys) {
    if (key.expr.kind !== 'column') return null;
    items.push({ id: key.expr.id, descending: key.descending, nullsFirst: key.nullsFirst });
  }
  return items;
}

/**
 * How many leading items of `wanted` rows in order `given` satisfy. `isFixed`: columns with one value in all rows;
 * `isNotNull`: columns for which the place of NULLs does not matter.
 */
export function coveredItems(
  given: readonly OrderItem[],
  wanted: readonly OrderItem[],
  isFixed: (id: ColumnId) => boolean,
  isNotNull: (id: ColumnId) => boolean,
): number {
  let g = 0;
  for (let w = 0; w < wanted.length; w++) {
    const want = wanted[w] as OrderItem;
    if (isFixed(want.id)) continue;
    while (g < given.length && isFixed((given[g] as OrderItem).id) && given[g]?.id !== want.id) g++;
    const have = given[g];
    if (have === undefined || have.id !== want.id || have.descending !== want.descending) return w;
    if (have.nullsFirst !== want.nullsFirst && !isNotNull(want.id)) return w;
    g++;
  }
  return wanted.length;
}

export function reversed(order: readonly OrderItem[]): readonly OrderItem[] {
  return order.map((o) => ({ id: o.id, descending: !o.descending, nullsFirst: !o.nullsFirst }));
}

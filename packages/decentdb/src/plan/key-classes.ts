/**
 * Selectivity of join keys of several columns.
 *
 * Columns that equalities tie together are one class; a class counts once however many equalities it is written with. Where
 * a table on either side has a column in every class, the combinations that occur (told by an index) are fewer than the
 * product of the columns' values, and the key is as selective as one in so many.
 *
 * I1  A key of several columns is never less selective than its most selective class.
 */
import type { ColumnId } from '../exec/expr.ts';
import type { Selectivity } from './selectivity.ts';

export interface KeyClass {
  selectivity: number;
  readonly ids: Set<ColumnId>;
}

/** Groups equalities into classes; `ids` are the columns of one equality (none: an equality of expressions). */
export function addEquality(classes: KeyClass[], ids: readonly ColumnId[], selectivity: number): void {
  const touched = classes.filter((one) => ids.some((id) => one.ids.has(id)));
  const merged: KeyClass = { selectivity, ids: new Set(ids) };
  for (const one of touched) {
    merged.selectivity = Math.min(merged.selectivity, one.selectivity);
    for (const id of one.ids) merged.ids.add(id);
    classes.splice(classes.indexOf(one), 1);
  }
  classes.push(merged);
}

/** Of all classes together; every further one counts by its square root, for they tend to go together. */
export function dampedProduct(selectivities: readonly number[]): number {
  let keys = 1;
  [...selectivities]
    .sort((a, b) => a - b)
    .forEach((s, i) => {
      keys *= i === 0 ? s : Math.sqrt(s);
    });
  return keys;
}

/** Combinations of the classes' values in a table among `side`'s columns; null when no one table has them all. */
export function combinationsOn(
  classes: readonly KeyClass[],
  side: ReadonlySet<ColumnId>,
  selectivity: Selectivity,
): number | null {
  let fewest: number | null = null;
  const [first, ...rest] = classes;
  for (const id of first?.ids ?? []) {
    const table = side.has(id) ? selectivity.tableOf(id) : null;
    if (table === null) continue;
    const ids = [id];
    for (const one of rest) {
      for (const other of one.ids) {
        if (!side.has(other) || selectivity.tableOf(other) !== table) continue;
        ids.push(other);
        break;
      }
    }
    const known = ids.length === classes.length ? selectivity.combinations(ids) : null;
    if (known !== null) fewest = Math.min(fewest ?? known, known);
  }
  return fewest;
}

/** Selectivity of classes that tie two sides, of which the combinations are known or not. */
export function keySelectivity(
  selectivities: readonly number[],
  left: number | null,
  right: number | null,
): number {
  const product = dampedProduct(selectivities);
  if (selectivities.length < 2 || left === null || right === null) return product;
  return Math.min(Math.min(...selectivities), Math.max(product, 1 / Math.max(left, right, 1)));
}

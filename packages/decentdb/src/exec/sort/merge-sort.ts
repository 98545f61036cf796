/** Merge sort of row numbers by comparison, stable, insertion sort at the bottom. */
import type { RowOrder } from './key-order.ts';

const INSERTION_ROWS = 12;
/** Rows merged between two calls of `pause`, less one. */
const PAUSE_MASK = 0x3fff;

/** Stable; `scratch` has room for to - from rows. `pause` is called now and then, and may throw. */
export function mergeSort(
  rows: Int32Array,
  from: number,
  to: number,
  order: RowOrder,
  scratch: Int32Array,
  pause: (() => void) | null = null,
): void {
  if (to - from <= INSERTION_ROWS) {
    for (let i = from + 1; i < to; i++) {
      const row = rows[i]!;
      let at = i;
      while (at > from && order(rows[at - 1]!, row) > 0) {
        rows[at] = rows[at - 1]!;
        at--;
      }
      rows[at] = row;
    }
    return;
  }
  const middle = (from + to) >> 1;
  mergeSort(rows, from, middle, order, scratch, pause);
  mergeSort(rows, middle, to, order, scratch, pause);
  if (order(rows[middle - 1]!, rows[middle]!) <= 0) return;
  const left = middle - from;
  for (let i = 0; i < left; i++) scratch[i] = rows[from + i]!;
  let i = 0;
  let j = middle;
  let out = from;
  while (i < left && j < to) {
    if ((out & PAUSE_MASK) === 0) pause?.();
    rows[out++] = order(scratch[i]!, rows[j]!) <= 0 ? scratch[i++]! : rows[j++]!;
  }
  while (i < left) rows[out++] = scratch[i++]!;
}

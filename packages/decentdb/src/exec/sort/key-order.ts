/**
 * Order of rows by sort keys held as vectors.
 *
 * I1  Comparators give PostgreSQL's order: NULLs where the key says, NaN above all numbers, text by code point.
 */

import type { SqlType } from '../../types/sql-type.ts';
import { compareText } from '../../types/text-order.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { isPlainText } from '../type-traits.ts';
import { dataOf, datumAt } from '../vectors.ts';

/** One sort key over rows 0..n-1 of a vector. */
export interface OrderColumn {
  readonly vector: Vector;
  readonly type: SqlType;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** < 0 when row a comes before row b. */
export type RowOrder = (a: number, b: number) => number;

/** Whether the column's order is that of the numbers in its array. */
export function isNumberColumn(column: OrderColumn): boolean {
  const { vector } = column;
  switch (vector.physical) {
    case Physical.bool:
    case Physical.int32:
    case Physical.float64:
      return true;
    case Physical.int64:
      return vector.values instanceof Float64Array;
    case Physical.numeric:
      return vector.scaled !== null;
    default:
      return false;
  }
}

/** Text ordered by code points (not bpchar, whose trailing blanks do not count). */
export function isTextColumn(column: OrderColumn): boolean {
  const { physical } = column.vector;
  return physical === Physical.uuid || (physical === Physical.text && isPlainText(column.type));
}

/** Order of two non-NULL rows by one column, ascending or descending. */
export function valueOrder(column: OrderColumn): RowOrder {
  const sign = column.descending ? -1 : 1;
  if (isNumberColumn(column)) return numberOrder(dataOf(column.vector) as Float64Array, sign);
  if (isTextColumn(column)) {
    const values = column.vector.values as readonly string[];
    return (a, b) => compareText(values[a]!, values[b]!) * sign;
  }
  const { vector, type } = column;
  return (a, b) => type.compare(datumAt(vector, a), datumAt(vector, b)) * sign;
}

function numberOrder(values: Float64Array, sign: number): RowOrder {
  return (a, b) => {
    const x = values[a]!;
    const y = values[b]!;
    if (x < y) return -sign;
    if (x > y) return sign;
    if (x === y) return 0;
    return x !== x ? (y !== y ? 0 : sign) : -sign;
  };
}

/** Order of two rows by one column, NULLs included. */
export function columnOrder(column: OrderColumn): RowOrder {
  const values = valueOrder(column);
  const { nulls } = column.vector;
  if (nulls === null) return values;
  const nullSide = column.nullsFirst ? -1 : 1;
  return (a, b) => {
    const x = nulls[a]!;
    const y = nulls[b]!;
    if (x === 0 && y === 0) return values(a, b);
    return x === y ? 0 : x === 1 ? nullSide : -nullSide;
  };
}

/** Order by columns from..end in turn. */
export function rowOrder(columns: readonly OrderColumn[], from = 0): RowOrder {
  const orders = columns.slice(from).map(columnOrder);
  if (orders.length === 1) return orders[0]!;
  return (a, b) => {
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i]!(a, b);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** The rows of a window in its order, their partitions and peers. */
import type { Datum, Vector } from '../../types/vector.ts';
import { identity } from '../batch.ts';
import type { WindowNode } from '../physical.ts';
import type { RowStore } from '../row-store.ts';
import { columnOrder, type OrderColumn, type RowOrder } from '../sort/key-order.ts';
import { sortRows } from '../sort/sort-rows.ts';
import { datumAt } from '../vectors.ts';
import { ASK_MASK } from './frame-sums.ts';
import { makePartition, type Partition } from './partition.ts';

/** Rows in window order with their partitions. */
export class SortedRows {
  readonly order: Int32Array;
  readonly partitions: readonly Partition[];
  readonly vectors: readonly Vector[];

  constructor(node: WindowNode, count: number, values: RowStore, checkCancel: () => void) {
    this.vectors = values.columns.map((column) => column.vector());
    const keys = orderColumns(node, this.vectors);
    this.order = node.isSorted || keys.length === 0 ? identity(0, count) : sortRows(keys, count, checkCancel);
    const partitionWidth = node.partitionBy.length;
    const isSame = sameBy(keys.slice(0, partitionWidth), this.order);
    const isPeer = sameBy(keys.slice(partitionWidth), this.order);
    const partitions: Partition[] = [];
    for (let from = 0; from < count; ) {
      let to = from + 1;
      for (; to < count && isSame(to); to++) if ((to & ASK_MASK) === 0) checkCancel();
      partitions.push(makePartition(from, to, isPeer));
      from = to;
    }
    this.partitions = partitions;
  }

  value(column: number, row: number): Datum {
    return datumAt(this.vectors[column]!, this.order[row]!);
  }
}

export function orderColumns(node: WindowNode, vectors: readonly Vector[]): OrderColumn[] {
  const partition = node.partitionBy.map((expr, i) => ({
    vector: vectors[i]!,
    type: expr.type,
    descending: false,
    nullsFirst: false,
  }));
  const order = node.orderBy.map((key, i) => ({
    vector: vectors[partition.length + i]!,
    type: key.expr.type,
    descending: key.descending,
    nullsFirst: key.nullsFirst,
  }));
  return [...partition, ...order];
}

/** Whether row i (in sorted order) equals row i - 1 on the columns. */
export function sameBy(columns: readonly OrderColumn[], order: Int32Array): (row: number) => boolean {
  const orders: RowOrder[] = columns.map(columnOrder);
  return (row) => {
    for (const compare of orders) if (compare(order[row - 1]!, order[row]!) !== 0) return false;
    return true;
  };
}

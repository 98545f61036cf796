/**
 * A partition that does not fit the statement's memory: its rows in temporary files, read where the frames of the calls are.
 *
 *     rows: the input's columns       values: keys, filters, arguments, peer group       starts: first row of each peer group
 *
 * I1  Rows are numbered from 0 in window order; they come in that order and leave in it.
 * I2  What is held are the blocks at the ends of frames and around the rows at hand (spill/indexed-rows.ts), however large the
 *     partition is; and what aggregates over frames keep.
 * I3  Answers are those of a partition in memory: the same evaluator asks for the same rows.
 */
import { int4Type } from '../../types/integer-types.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { Batch, identity } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import type { WindowNode } from '../physical.ts';
import type { RowStore } from '../row-store.ts';
import { IndexedRows } from '../spill/indexed-rows.ts';
import { gather } from '../vectors.ts';
import { CallEvaluator } from './call-evaluator.ts';
import type { Partition } from './partition.ts';
import { orderColumns, sameBy } from './sorted-rows.ts';
import { WindowKeys } from './window-keys.ts';

const numberSlot = { type: int4Type, typmod: -1 };

export class StoredPartition implements Partition {
  readonly from = 0;
  groups = 0;
  private readonly node: WindowNode;
  private readonly context: ExecContext;
  private readonly keys: WindowKeys;
  private readonly rows: IndexedRows;
  private readonly values: IndexedRows;
  private readonly starts: IndexedRows;
  private readonly groupColumn: number;
  private readonly places: readonly number[];
  /** Keys of the last row given. */
  private last: ReturnType<WindowKeys['of']> | null = null;
  private valueAt: ReturnType<CallEvaluator['over']>[] = [];
  private block = 0;

  /** `exprs`: what `values` holds; `places`: where each call's values begin; `rowBytes` and `valueBytes`: what a row takes. */
  constructor(
    node: WindowNode,
    exprs: readonly Expr[],
    places: readonly number[],
    rowBytes: number,
    valueBytes: number,
    context: ExecContext,
  ) {
    const { memory } = context.statement;
    this.node = node;
    this.context = context;
    this.places = places;
    this.keys = new WindowKeys(node);
    this.groupColumn = exprs.length;
    this.rows = new IndexedRows(node.input.slots, rowBytes, memory, 1);
    this.values = new IndexedRows([...exprs, numberSlot], valueBytes + 4, memory);
    this.starts = new IndexedRows([numberSlot], 4, memory);
  }

  static canHold(node: WindowNode, exprs: readonly Expr[]): boolean {
    return IndexedRows.canHold(node.input.slots) && IndexedRows.canHold(exprs);
  }

  get to(): number {
    return this.values.count;
  }

  /** How many of the first rows belong to this partition: all of them, or those before the next one begins. */
  extent(values: RowStore): number {
    const vectors = values.columns.map((column) => column.vector());
    return this.keys.restOfPartition(this.last, vectors, values.count);
  }

  /** Takes the first `count` rows. */
  append(rows: RowStore, values: RowStore, count: number): void {
    if (count === 0) return;
    const order = identity(0, count);
    const firstOf = (store: RowStore): Vector[] =>
      store.columns.map((column) => gather(column.vector(), order, count));
    const vectors = firstOf(values);
    const width = this.node.partitionBy.length;
    const isPeer = sameBy(orderColumns(this.node, vectors).slice(width), order);
    const groupOf = new Int32Array(count);
    const begun: number[] = [];
    const first = this.keys.of(vectors, 0);
    for (let i = 0; i < count; i++) {
      const goesOn = i > 0 ? isPeer(i) : this.last !== null && this.keys.isPeer(this.last, first);
      if (!goesOn) begun.push(this.to + i);
      groupOf[i] = this.groups + begun.length - 1;
    }
    this.groups += begun.length;
    this.last = this.keys.of(vectors, count - 1);
    this.rows.appendVectors(firstOf(rows), count);
    this.values.appendVectors([...vectors, int32Vector(groupOf)], count);
    if (begun.length > 0) this.starts.appendVectors([int32Vector(Int32Array.from(begun))], begun.length);
  }

  /** No rows come any more. */
  finish(): void {
    const { node, context, places, values } = this;
    this.starts.appendVectors([int32Vector(Int32Array.of(this.to))], 1);
    for (const part of [this.rows, this.values, this.starts]) part.finish();
    this.valueAt = node.calls.map((call, i) =>
      new CallEvaluator(node, call, values, places[i]!, context).over(this),
    );
  }

  groupOf(row: number): number {
    return this.values.value(this.groupColumn, row) as number;
  }

  groupStart(group: number): number {
    return this.starts.value(0, group) as number;
  }

  /** Some more rows with the calls' values; null at the end. */
  next(): Batch | null {
    const { rows, node, block } = this;
    const from = block * rows.blockRows;
    if (from >= this.to) return null;
    this.block++;
    this.context.statement.checkCancel();
    const count = Math.min(rows.blockRows, this.to - from);
    const results = node.calls.map((call, i) => {
      const store = new ColumnStore(call.type.physical, count);
      const valueAt = this.valueAt[i]!;
      for (let row = from; row < from + count; row++) store.append(valueAt(row));
      return store.vector();
    });
    const width = node.input.slots.length;
    return Batch.lazy(width + results.length, count, null, {
      load: (column) => (column < width ? rows.blockColumn(block, column) : results[column - width]!),
    });
  }

  close(): void {
    for (const part of [this.rows, this.values, this.starts]) part.close();
    this.valueAt = [];
  }
}

function int32Vector(values: Int32Array): Vector {
  return { physical: Physical.int32, values, nulls: null };
}

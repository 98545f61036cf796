/**
 * One call of a window over partitions that are known whole: in memory, or in a file (window/stored-partition.ts).
 *
 * I1  Rows of a partition are asked for in their order.
 */
import type { Datum, Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { ExecContext } from '../context.ts';
import type { FrameBound } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import type { WindowCall, WindowNode } from '../physical.ts';
import { frameAggregate } from './frame-aggregate.ts';
import { ASK_MASK, frameSums } from './frame-sums.ts';
import { FrameFinder, type RangeOrder } from './frames.ts';
import type { Partition } from './partition.ts';
import { rangeOrder } from './range-order.ts';
import { windowFunctionFor } from './rank-functions.ts';
import type { SortedRows } from './sorted-rows.ts';

/** Values of keys, filters and arguments by their place and the row's number in window order. */
export interface WindowRows {
  value(column: number, row: number): Datum;
}

export class CallEvaluator {
  private readonly node: WindowNode;
  private readonly call: WindowCall;
  private readonly rows: WindowRows;
  private readonly filterColumn: number;
  private readonly argColumn: number;
  private readonly context: ExecContext;
  private readonly frames: FrameFinder;
  private readonly offsets = new Map<FrameBound, Datum>();

  /** `column`: where the values of the call begin. */
  constructor(node: WindowNode, call: WindowCall, rows: WindowRows, column: number, context: ExecContext) {
    this.node = node;
    this.call = call;
    this.rows = rows;
    this.filterColumn = call.filter === null ? -1 : column;
    this.argColumn = call.filter === null ? column : column + 1;
    this.context = context;
    this.frames = new FrameFinder(call.frame, this.rangeOf(), (bound) => this.offsetOf(bound));
  }

  private rangeOf(): RangeOrder | null {
    const { frame } = this.call;
    const offset = frame.start.offset ?? frame.end.offset;
    const sortKey = this.node.orderBy[0];
    if (frame.mode !== 'range' || offset === null || sortKey === undefined) return null;
    const column = this.node.partitionBy.length;
    return rangeOrder(sortKey, offset.type, (row) => this.rows.value(column, row), this.context.eval);
  }

  /** Offsets have no columns of the query: one value for all rows. */
  private offsetOf(bound: FrameBound): Datum {
    let value = this.offsets.get(bound);
    if (value === undefined) {
      value = evaluatorOf(bound.offset!)(Batch.of([], 1), 0, this.context);
      this.offsets.set(bound, value);
    }
    return value;
  }

  /** The call's values at all of the rows, at the rows' own positions. */
  all(sorted: SortedRows): Vector {
    const { call, argColumn, filterColumn } = this;
    const sums = frameSums({
      call,
      order: sorted.order,
      partitions: sorted.partitions,
      argument: call.args.length === 1 ? sorted.vectors[argColumn]! : null,
      filter: filterColumn < 0 ? null : sorted.vectors[filterColumn]!,
      frames: this.frames,
      checkCancel: () => this.context.statement.checkCancel(),
    });
    if (sums !== null) return sums;
    const { order } = sorted;
    const results = new Array<Datum>(order.length);
    for (const partition of sorted.partitions) {
      this.context.statement.checkCancel();
      const valueAt = this.over(partition);
      for (let row = partition.from; row < partition.to; row++) {
        if ((row & ASK_MASK) === 0) this.context.statement.checkCancel();
        results[order[row]!] = valueAt(row);
      }
    }
    const store = new ColumnStore(call.type.physical, Math.max(order.length, 1));
    for (let i = 0; i < order.length; i++) store.append(results[i]!);
    return store.vector();
  }

  /** The call's value at a row of the partition (I1). */
  over(partition: Partition): (row: number) => Datum {
    const { rows, argColumn, filterColumn, frames, call, context } = this;
    const { fn } = call;
    if (fn.kind === 'aggregate') {
      const args = (row: number): readonly Datum[] | null => {
        if (filterColumn >= 0 && rows.value(filterColumn, row) !== true) return null;
        return call.args.map((_, k) => rows.value(argColumn + k, row));
      };
      return frameAggregate({
        fn,
        partition,
        frames,
        context: context.eval,
        args,
        checkCancel: () => context.statement.checkCancel(),
      });
    }
    const valueOf = windowFunctionFor(fn.name);
    const input = {
      partition,
      frames,
      argCount: call.args.length,
      arg: (k: number, row: number) => rows.value(argColumn + k, row),
    };
    return (row) => valueOf(input, row);
  }
}

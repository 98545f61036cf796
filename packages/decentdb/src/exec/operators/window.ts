/**
 * Window functions sharing one PARTITION BY and ORDER BY.
 *
 * I1  Input is kept, sorted by partition and order keys (unless it comes so), and leaves in that order.
 * I2  Beyond the statement's memory the input is sorted through a temporary file and worked through a few partitions at a
 *     time: what is held then is the largest partition; or some rows, where the calls look at rows before alone (window/running.ts).
 * I3  Calls that only number rows are answered as the rows come, where those come in order.
 * I4  Order, peers and results are counted like the rows; what sorting needs is reserved as rows come.
 */
import type { Datum, Vector } from '../../types/vector.ts';
import { BATCH_ROWS, Batch, identity } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { vectorBytes } from '../datum-bytes.ts';
import type { Expr, FrameBound } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import type { WindowCall, WindowNode } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { spillSpecs } from '../spill/block-codec.ts';
import { gather } from '../vectors.ts';
import { aggregateFrames } from '../window/frame-aggregate.ts';
import { frameSums } from '../window/frame-sums.ts';
import { FrameFinder, type RangeOrder } from '../window/frames.ts';
import type { Partition } from '../window/partition.ts';
import { rangeOrder } from '../window/range-order.ts';
import { windowFunctionFor } from '../window/rank-functions.ts';
import { isAlwaysRunning, RunningWindow } from '../window/running.ts';
import { orderColumns, SortedRows, sameBy } from '../window/sorted-rows.ts';
import { derivedExprs, type Operator, projectProgram } from './operator.ts';
import { SortOperator, sortScratchBytes } from './sort.ts';

/** Fewer rows are not worth a file, and not worth looking for a complete partition. */
const PART_ROWS_MIN = 4096;

/** The same where nobody has seen a row yet: whoever asked may want few. */
const FIRST_ROWS_MIN = 64;

/** Bytes of a row: its place in the order and its peer group; a value of a call before it is in its column. */
const ORDER_BYTES = 8;
const VALUE_BYTES = 16;

/** Rows computed and on their way out: `order` are their numbers in window order. */
interface Output {
  readonly order: Int32Array;
  readonly columns: readonly Vector[];
}

export class WindowOperator implements Operator {
  private readonly node: WindowNode;
  private readonly input: Operator;
  private readonly program: ProjectProgram;
  private readonly exprs: readonly Expr[];
  private context!: ExecContext;
  private rows: RowStore | null = null;
  private values: RowStore | null = null;
  private output: Output | null = null;
  private at = 0;
  /** Bytes reported for order, peers and results of the rows at hand. */
  private held = 0;
  /** The whole input in window order, once it is too large to be held. */
  private sorted: Operator | null = null;
  private isEnded = false;
  private running: RunningWindow | null = null;

  constructor(node: WindowNode, input: Operator) {
    this.node = node;
    this.input = input;
    this.exprs = derivedExprs(node, () => valueExprs(node));
    this.program = projectProgram(this.exprs);
  }

  open(context: ExecContext): void {
    const { memory } = context.statement;
    this.context = context;
    this.rows = new RowStore(this.node.input.slots, memory);
    this.values = new RowStore(this.exprs, memory);
    this.output = null;
    this.at = 0;
    this.isEnded = false;
    this.input.open(context);
    if (!this.node.isSorted || !isAlwaysRunning(this.node)) return;
    this.sorted = new HeadThenInput(new RowStore(this.node.input.slots, memory), this.input);
    this.startRunning();
  }

  private startRunning(): void {
    const { node, context } = this;
    const places = node.calls.map((_, i) => firstArgument(node, i));
    this.running = RunningWindow.of(node, places, context);
  }

  next(): Batch | null {
    while (this.output === null || this.at >= this.output.order.length) {
      if (this.isEnded) return null;
      this.output = this.nextPartitions(this.rows!, this.values!);
      this.at = 0;
    }
    const { order, columns } = this.output;
    const from = this.at;
    const to = Math.min(order.length, from + BATCH_ROWS);
    if (from >= to) return null;
    this.at = to;
    const rows = this.rows!;
    const width = rows.columns.length;
    return Batch.lazy(width + columns.length, to - from, order.subarray(from, to), {
      load: (column) => (column < width ? rows.column(column) : columns[column - width]!),
    });
  }

  /** All rows; or, once they do not fit, the partitions that are complete after some more input. */
  private nextPartitions(rows: RowStore, values: RowStore): Output {
    if (this.sorted === null && !this.collectAll(rows, values)) {
      this.sorted = this.sortedInput(rows);
      this.startRunning();
    }
    if (this.sorted === null) {
      this.isEnded = true;
      return this.compute(rows, values, this.node, rows.count);
    }
    return this.collectPartitions(this.sorted, rows, values);
  }

  /** False when the memory is used up before the input ends. */
  private collectAll(rows: RowStore, values: RowStore): boolean {
    const { statement } = this.context;
    const perRow = this.scratchOfRow(this.node);
    for (let batch = this.input.next(); batch !== null; batch = this.input.next()) {
      statement.checkCancel();
      this.append(batch, rows, values);
      this.hold(rows.count * perRow);
      if (statement.memory.wantsSpill && rows.count >= PART_ROWS_MIN && this.canSpill()) return false;
    }
    return true;
  }

  private append(batch: Batch, rows: RowStore, values: RowStore): void {
    values.appendVectors(this.program.vectors(batch, this.context), batch.count);
    values.count = rows.count + batch.count;
    rows.append(batch);
  }

  /** The rows kept so far and the rest of the input, in window order. */
  private sortedInput(rows: RowStore): Operator {
    const { node, context } = this;
    this.hold(0);
    const head = new RowStore(node.input.slots, context.statement.memory);
    head.append(rows.batch());
    rows.clear();
    this.values!.clear();
    const all = new HeadThenInput(head, this.input);
    if (node.isSorted) return all;
    const ascending = { descending: false, nullsFirst: false };
    const keys = [...node.partitionBy.map((expr) => ({ expr, ...ascending })), ...node.orderBy];
    const { id, input } = node;
    const sort = new SortOperator({ kind: 'sort', id, slots: input.slots, input, keys, presorted: 0 }, all);
    sort.open(context);
    return sort;
  }

  /** Reads on until some partitions are complete, and computes those. */
  private collectPartitions(source: Operator, rows: RowStore, values: RowStore): Output {
    const { node, context } = this;
    const sorted = { ...node, isSorted: true };
    this.keepFrom(rows, values, this.output?.order.length ?? 0);
    let complete = 0;
    while (complete === 0) {
      const least = rows.count + (this.output === null ? FIRST_ROWS_MIN : PART_ROWS_MIN);
      while (rows.count < least) {
        const batch = source.next();
        context.statement.checkCancel();
        if (batch === null) {
          this.isEnded = true;
          break;
        }
        this.append(batch, rows, values);
      }
      rows.report();
      values.report();
      complete = this.isEnded ? rows.count : this.completeRows(rows.count, values);
      if (this.isEnded) break;
    }
    return this.running === null
      ? this.compute(rows, values, sorted, complete)
      : this.runOn(this.running, values, complete);
  }

  /** How many of the first rows can be worked through now. */
  private completeRows(count: number, values: RowStore): number {
    const { node, running } = this;
    if (running?.needsPeers === false) return count;
    return lastGroup(
      node,
      count,
      values,
      node.partitionBy.length + (running === null ? 0 : node.orderBy.length),
    );
  }

  private runOn(running: RunningWindow, values: RowStore, count: number): Output {
    const vectors = values.columns.map((column) => column.vector());
    const keys = orderColumns(this.node, vectors);
    const width = this.node.partitionBy.length;
    const order = identity(0, count);
    const isSame = sameBy(keys.slice(0, width), order);
    const isPeer = sameBy(keys.slice(width), order);
    return { order, columns: running.run({ count, vectors, isSame, isPeer }) };
  }

  /** Without partitions nothing is gained by a file, unless rows are worked through one after the other. */
  private canSpill(): boolean {
    const { node, context } = this;
    if (spillSpecs(node.input.slots) === null) return false;
    const places = node.calls.map((_, i) => firstArgument(node, i));
    return node.partitionBy.length > 0 || RunningWindow.of(node, places, context) !== null;
  }

  /** Forgets the first rows, whose output is through. */
  private keepFrom(rows: RowStore, values: RowStore, from: number): void {
    if (from === 0) return;
    const kept = identity(from, rows.count);
    for (const store of [rows, values]) {
      const vectors = store.columns.map((column) => gather(column.vector(), kept, kept.length));
      store.clear();
      store.appendVectors(vectors, kept.length);
    }
  }

  private compute(rows: RowStore, values: RowStore, node: WindowNode, count: number): Output {
    const { context } = this;
    rows.report();
    values.report();
    this.hold(count * this.scratchOfRow(node));
    const sorted = new SortedRows(node, count, values);
    let kept = count * ORDER_BYTES;
    const columns = node.calls.map((call, i) => {
      this.hold(kept + count * VALUE_BYTES);
      const result = new CallEvaluator(node, call, sorted, firstArgument(node, i), context).run();
      kept += vectorBytes(result, count);
      this.hold(kept);
      return result;
    });
    return { order: sorted.order, columns };
  }

  private scratchOfRow(node: WindowNode): number {
    if (node.isSorted) return ORDER_BYTES;
    return ORDER_BYTES + sortScratchBytes([...node.partitionBy, ...node.orderBy.map((key) => key.expr)]);
  }

  private hold(bytes: number): void {
    this.held = this.context.statement.memory.resize(this.held, bytes);
  }

  close(): void {
    this.rows?.clear();
    this.values?.clear();
    this.rows = null;
    this.values = null;
    this.output = null;
    if (this.held > 0) this.hold(0);
    this.running = null;
    this.sorted?.close();
    this.sorted = null;
    this.input.close();
  }
}

/** Rows kept in memory first, then an input that is open. */
class HeadThenInput implements Operator {
  private readonly head: RowStore;
  private readonly input: Operator;
  private at = 0;

  constructor(head: RowStore, input: Operator) {
    this.head = head;
    this.input = input;
  }

  open(): void {
    this.at = 0;
  }

  next(): Batch | null {
    const from = this.at;
    const to = Math.min(this.head.count, from + BATCH_ROWS);
    if (from < to) {
      this.at = to;
      return this.head.batch().slice(from, to);
    }
    this.head.clear();
    return this.input.next();
  }

  close(): void {
    this.head.clear();
  }
}

/** Where the last rows that agree on the first `width` keys begin: those before are complete. */
function lastGroup(node: WindowNode, count: number, values: RowStore, width: number): number {
  const vectors = values.columns.map((column) => column.vector());
  const isSame = sameBy(orderColumns(node, vectors).slice(0, width), identity(0, count));
  let from = count - 1;
  while (from > 0 && isSame(from)) from--;
  return from;
}

/** Partition keys, order keys, then for each call its filter (if any) and arguments. */
function valueExprs(node: WindowNode): readonly Expr[] {
  return [
    ...node.partitionBy,
    ...node.orderBy.map((key) => key.expr),
    ...node.calls.flatMap((call) => (call.filter === null ? call.args : [call.filter, ...call.args])),
  ];
}

/** Where the values of call `index` begin. */
function firstArgument(node: WindowNode, index: number): number {
  let at = node.partitionBy.length + node.orderBy.length;
  for (let i = 0; i < index; i++) at += node.calls[i]!.args.length + (node.calls[i]!.filter === null ? 0 : 1);
  return at;
}

/** One call over all partitions. */
class CallEvaluator {
  private readonly node: WindowNode;
  private readonly call: WindowCall;
  private readonly sorted: SortedRows;
  private readonly filterColumn: number;
  private readonly argColumn: number;
  private readonly context: ExecContext;
  private readonly frames: FrameFinder;

  constructor(node: WindowNode, call: WindowCall, sorted: SortedRows, column: number, context: ExecContext) {
    this.node = node;
    this.call = call;
    this.sorted = sorted;
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
    return rangeOrder(sortKey, offset.type, (row) => this.sorted.value(column, row), this.context.eval);
  }

  private readonly offsets = new Map<FrameBound, Datum>();

  /** Offsets have no columns of the query: one value for all rows. */
  private offsetOf(bound: FrameBound): Datum {
    let value = this.offsets.get(bound);
    if (value === undefined) {
      value = evaluatorOf(bound.offset!)(Batch.of([], 1), 0, this.context);
      this.offsets.set(bound, value);
    }
    return value;
  }

  /** The call's values at the rows' own positions. */
  run(): Vector {
    const { sorted, call, argColumn, filterColumn } = this;
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
    const count = sorted.order.length;
    const results = new Array<Datum>(count);
    const put = (row: number, value: Datum): void => {
      results[sorted.order[row]!] = value;
    };
    for (const partition of sorted.partitions) {
      this.context.statement.checkCancel();
      if (call.fn.kind === 'aggregate') this.aggregate(partition, put);
      else this.rank(partition, put);
    }
    const store = new ColumnStore(call.type.physical, Math.max(count, 1));
    for (let i = 0; i < count; i++) store.append(results[i]!);
    return store.vector();
  }

  private rank(partition: Partition, put: (row: number, value: Datum) => void): void {
    const { sorted, argColumn, frames, call } = this;
    const fn = windowFunctionFor(call.fn.name);
    const input = {
      partition,
      frames,
      argCount: call.args.length,
      arg: (k: number, row: number) => sorted.value(argColumn + k, row),
    };
    for (let row = partition.from; row < partition.to; row++) put(row, fn(input, row));
  }

  private aggregate(partition: Partition, put: (row: number, value: Datum) => void): void {
    const { sorted, argColumn, filterColumn, frames, call } = this;
    if (call.fn.kind !== 'aggregate') return;
    const args = (row: number): readonly Datum[] | null => {
      if (filterColumn >= 0 && sorted.value(filterColumn, row) !== true) return null;
      return call.args.map((_, k) => sorted.value(argColumn + k, row));
    };
    aggregateFrames({ fn: call.fn, partition, frames, context: this.context.eval, args }, put);
  }
}

/**
 * Window functions sharing one PARTITION BY and ORDER BY.
 *
 * I1  Input is kept, sorted by partition and order keys (unless it comes so), and leaves in that order.
 * I2  Beyond the statement's memory the input is sorted through a temporary file and worked through a few partitions at a
 *     time, or some rows, where the calls look at rows before alone (window/running.ts). A partition that does not fit goes to a file
 *     of its own (window/stored-partition.ts).
 * I3  Calls that only number rows are answered as the rows come, where those come in order.
 * I4  Order, peers and results are counted like the rows; what sorting needs is reserved as rows come.
 */
import type { Vector } from '../../types/vector.ts';
import { BATCH_ROWS, Batch, identity } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { vectorBytes } from '../datum-bytes.ts';
import type { Expr } from '../expr.ts';
import type { WindowNode } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { spillSpecs } from '../spill/block-codec.ts';
import { gather } from '../vectors.ts';
import { CallEvaluator } from '../window/call-evaluator.ts';
import { isAlwaysRunning, RunningWindow } from '../window/running.ts';
import { orderColumns, SortedRows, sameBy } from '../window/sorted-rows.ts';
import { StoredGroup } from '../window/stored-group.ts';
import { StoredPartition } from '../window/stored-partition.ts';
import { derivedExprs, type Operator, projectProgram } from './operator.ts';
import { SortOperator, sortScratchBytes } from './sort.ts';

/** Fewer rows are not worth a file. */
const SPILL_ROWS_MIN = 1024;

/** Rows read before a complete partition is looked for: as many as take this part of the budget. */
const PART_ROWS_MIN = 256;
const PART_ROWS_MAX = 4096;
const PART_SHARE = 8;

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
  private stored: StoredPartition | StoredGroup | null = null;

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
    for (;;) {
      if (this.stored !== null) {
        const batch = this.stored.next();
        if (batch !== null) return batch;
        this.stored.close();
        this.stored = null;
      }
      if (this.output !== null && this.at < this.output.order.length) return this.nextOutput(this.output);
      if (this.isEnded) return null;
      this.output = this.nextPartitions(this.rows!, this.values!);
      this.at = 0;
    }
  }

  private nextOutput({ order, columns }: Output): Batch {
    const from = this.at;
    const to = Math.min(order.length, from + BATCH_ROWS);
    this.at = to;
    const rows = this.rows!;
    const width = rows.columns.length;
    return Batch.lazy(width + columns.length, to - from, order.subarray(from, to), {
      load: (column) => (column < width ? rows.column(column) : columns[column - width]!),
    });
  }

  /** All rows; or, once they do not fit, the partitions that are complete after some more input; null: one is in a file now. */
  private nextPartitions(rows: RowStore, values: RowStore): Output | null {
    if (this.sorted === null && !this.collectAll(rows, values)) {
      this.sorted = this.sortedInput(rows);
      this.startRunning();
    }
    if (this.sorted === null) {
      this.isEnded = true;
      return this.compute(rows, values, this.node, rows.count);
    }
    return this.collectPartitions(this.sorted, this.rows!, values);
  }

  /** False when the memory is used up before the input ends. */
  private collectAll(rows: RowStore, values: RowStore): boolean {
    const { statement } = this.context;
    const perRow = this.scratchOfRow(this.node);
    for (let batch = this.input.next(); batch !== null; batch = this.input.next()) {
      statement.checkCancel();
      this.append(batch, rows, values);
      this.hold(rows.count * perRow);
      if (statement.memory.wantsSpill && rows.count >= SPILL_ROWS_MIN && this.canSpill()) return false;
    }
    return true;
  }

  /** Reads on; false at the end of the input. */
  private pull(source: Operator, rows: RowStore, values: RowStore): boolean {
    const batch = source.next();
    this.context.statement.checkCancel();
    if (batch === null) this.isEnded = true;
    else this.append(batch, rows, values);
    return batch !== null;
  }

  private append(batch: Batch, rows: RowStore, values: RowStore): void {
    values.appendVectors(this.program.vectors(batch, this.context), batch.count);
    values.count = rows.count + batch.count;
    rows.append(batch);
  }

  /** The rows kept so far and the rest of the input, in window order. */
  private sortedInput(head: RowStore): Operator {
    const { node, context } = this;
    this.hold(0);
    this.rows = new RowStore(node.input.slots, context.statement.memory);
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

  /** Reads on until some partitions are complete, and computes those; null: the first has gone to a file. */
  private collectPartitions(source: Operator, rows: RowStore, values: RowStore): Output | null {
    const { node } = this;
    const sorted = { ...node, isSorted: true };
    this.keepFrom(rows, values, this.output?.order.length ?? 0);
    let complete = 0;
    while (complete === 0) {
      const least = rows.count + this.rowsAtOnce(rows, values);
      while (rows.count < least && this.pull(source, rows, values));
      rows.report();
      values.report();
      complete = this.isEnded ? rows.count : this.completeRows(rows.count, values);
      if (this.isEnded) break;
      if (complete === 0 && this.shouldStore(rows, values)) {
        this.store(source, rows, values);
        return null;
      }
    }
    return this.running === null
      ? this.compute(rows, values, sorted, complete)
      : this.runOn(this.running, values, complete);
  }

  private rowsAtOnce(rows: RowStore, values: RowStore): number {
    if (this.output === null && rows.count === 0) return FIRST_ROWS_MIN;
    const bytes = (rows.heldBytes + values.heldBytes) / Math.max(1, rows.count);
    const few = Math.floor(this.context.statement.memory.limits.workBytes / PART_SHARE / Math.max(1, bytes));
    return Math.max(PART_ROWS_MIN, Math.min(PART_ROWS_MAX, few));
  }

  /** Whether the partition, or group of peers, at hand, which has not ended, takes too much. */
  private shouldStore(rows: RowStore, values: RowStore): boolean {
    if (rows.count < SPILL_ROWS_MIN) return false;
    const own = rows.heldBytes + values.heldBytes;
    return own > this.context.statement.memory.shareOf(own) && StoredPartition.canHold(this.node, this.exprs);
  }

  private newStored(rows: RowStore, values: RowStore): StoredPartition | StoredGroup {
    const { node, exprs, context, running } = this;
    const [rowBytes, valueBytes] = [rows.heldBytes / rows.count, values.heldBytes / rows.count];
    if (running !== null) return new StoredGroup(node, exprs, rowBytes + valueBytes, running, context);
    const places = node.calls.map((_, i) => firstArgument(node, i));
    return new StoredPartition(node, exprs, places, rowBytes, valueBytes, context);
  }

  /** Moves the rows at hand, all of one partition (or peers, where rows run), to files, and those of the input that go with them. */
  private store(source: Operator, rows: RowStore, values: RowStore): void {
    const stored = this.newStored(rows, values);
    this.stored = stored;
    stored.append(rows, values, rows.count);
    rows.clear();
    values.clear();
    let isOver = false;
    while (!isOver && this.pull(source, rows, values)) {
      const count = stored.extent(values);
      stored.append(rows, values, count);
      isOver = count < rows.count;
      this.keepFrom(rows, values, count);
    }
    stored.finish();
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

  /** One partition that cannot be stored is better left where it is, unless rows are worked through one after the other. */
  private canSpill(): boolean {
    const { node, exprs, context } = this;
    if (spillSpecs(node.input.slots) === null) return false;
    if (node.partitionBy.length > 0 || StoredPartition.canHold(node, exprs)) return true;
    const places = node.calls.map((_, i) => firstArgument(node, i));
    return RunningWindow.of(node, places, context) !== null;
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
    const sorted = new SortedRows(node, count, values, () => this.context.statement.checkCancel());
    let kept = count * ORDER_BYTES;
    const columns = node.calls.map((call, i) => {
      this.hold(kept + count * VALUE_BYTES);
      const result = new CallEvaluator(node, call, sorted, firstArgument(node, i), context).all(sorted);
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
    this.stored?.close();
    this.stored = null;
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

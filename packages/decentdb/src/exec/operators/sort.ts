/**
 * Sort and top-N.
 *
 * I1  Stable, and rows leave in the order of the keys.
 * I3  A sort of more than the statement's memory writes sorted runs to a temporary file and merges them.
 * I4  A top-N that asks for more rows than the statement's memory holds writes runs as a sort does.
 * I2  Top-N keeps at most a few times count + offset rows: rows that sort after the worst kept one are dropped a batch at a time.
 */
import { Physical, type Vector } from '../../types/vector.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import type { Expr, SortKey } from '../expr.ts';
import type { StatementMemory } from '../memory.ts';
import type { Slot, SortNode, TopNNode } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import type { OrderColumn, RowOrder } from '../sort/key-order.ts';
import { sortRows } from '../sort/sort-rows.ts';
import { spillSpecs } from '../spill/block-codec.ts';
import { type RunMerger, SortRuns } from '../spill/sort-runs.ts';
import { isPlainText } from '../type-traits.ts';
import { dataOf, datumAt, gather } from '../vectors.ts';
import { limitValue } from './limit.ts';
import { derivedExprs, drain, type Operator, projectProgram } from './operator.ts';

/** Fewer rows are not worth a run of their own, however little memory there is. */
const RUN_ROWS_MIN = 2048;

/** Rows a top-N gathers before it drops all but the first: few at first, so that most rows soon are seen to be none of them. */
const CUT_ROWS_FIRST = 256;
const CUT_ROWS = 4096;

/** What sorting takes for a row beside the row: its number, twice, with the codes; of a text also its place and a copy of its bytes. */
const SCRATCH_BYTES = 24;
const TEXT_SCRATCH_BYTES = 60;

/** Bytes that sorting by these takes for a row, beside the row. */
export function sortScratchBytes(keys: readonly Expr[]): number {
  return keys.some((expr) => isPlainText(expr.type)) ? TEXT_SCRATCH_BYTES : SCRATCH_BYTES;
}

/** Keeps rows together with the values of their sort keys. */
export class SortBuffer {
  readonly rows: RowStore;
  private readonly keyRows: RowStore;
  private readonly keys: readonly SortKey[];
  private readonly slots: readonly Slot[];
  private readonly computed: readonly Expr[];
  private readonly program: ProjectProgram;
  /** Keys that are plain slots are not stored twice. */
  private readonly stored: readonly number[];
  private readonly memory: StatementMemory;
  /** Bytes reserved for sorting the rows there are. */
  private scratch = 0;
  private readonly scratchOfRow: number;

  constructor(slots: readonly Slot[], keys: readonly SortKey[], context: ExecContext) {
    const { memory } = context.statement;
    this.memory = memory;
    this.scratchOfRow = sortScratchBytes(keys.map((key) => key.expr));
    this.keys = keys;
    this.slots = slots;
    this.rows = new RowStore(slots, memory);
    this.stored = keys.map((key) => (key.expr.kind === 'slot' ? key.expr.slot : -1));
    const computed = derivedExprs(keys, () =>
      keys.filter((key) => key.expr.kind !== 'slot').map((key) => key.expr),
    );
    this.computed = computed;
    this.program = projectProgram(computed);
    this.keyRows = new RowStore(computed, memory);
  }

  append(batch: Batch, context: ExecContext): void {
    this.rows.append(batch);
    if (this.keyRows.columns.length > 0) {
      this.keyRows.appendVectors(this.program.vectors(batch, context), batch.count);
    }
    this.scratch = this.memory.resize(this.scratch, this.rows.count * this.scratchOfRow);
  }

  orderColumns(): OrderColumn[] {
    let computed = 0;
    return this.keys.map((key, i) => ({
      vector: this.stored[i]! >= 0 ? this.rows.column(this.stored[i]!) : this.keyRows.column(computed++),
      type: key.expr.type,
      descending: key.descending,
      nullsFirst: key.nullsFirst,
    }));
  }

  sorted(): Int32Array {
    const order = sortRows(this.orderColumns(), this.rows.count, this.memory.checkCancel);
    this.releaseScratch();
    return order;
  }

  private releaseScratch(): void {
    this.scratch = this.memory.resize(this.scratch, 0);
  }

  get isLarge(): boolean {
    return this.rows.count >= RUN_ROWS_MIN;
  }

  /** Runs to spill to; null when a column has no stored form. */
  makeRuns(memory: StatementMemory): SortRuns | null {
    const specs = spillSpecs([...this.slots, ...this.computed]);
    if (specs === null) return null;
    let computed = this.slots.length;
    const columns = this.stored.map((slot) => (slot >= 0 ? slot : computed++));
    return new SortRuns(specs, { keys: this.keys, columns }, memory);
  }

  /** Moves the rows, sorted, to a run. */
  spillTo(runs: SortRuns): void {
    const order = this.sorted();
    const columns = [...this.rows.columns, ...this.keyRows.columns].map((column) => column.vector());
    runs.add(order.length, (from, to) => {
      const part = order.subarray(from, to);
      return columns.map((vector) => gather(vector, part, part.length));
    });
    this.clear();
  }

  /** Keeps only the given rows, in that order. */
  keep(positions: Int32Array): void {
    for (const store of [this.rows, this.keyRows]) {
      if (store.columns.length === 0) continue;
      const kept = store.batch(positions, positions.length);
      const vectors: Vector[] = store.columns.map((_, i) => kept.column(i));
      store.clear();
      for (let i = 0; i < vectors.length; i++)
        store.columns[i]!.appendRows(vectors[i]!, positions, 0, positions.length);
      store.count = positions.length;
    }
  }

  clear(): void {
    this.rows.clear();
    this.keyRows.clear();
    this.releaseScratch();
  }
}

/** Hands out rows of a store in a given order. */
class SortedOutput {
  private at = 0;
  private readonly rows: RowStore;
  private readonly order: Int32Array;

  constructor(rows: RowStore, order: Int32Array) {
    this.rows = rows;
    this.order = order;
  }

  next(): Batch | null {
    const from = this.at;
    const to = Math.min(this.order.length, from + BATCH_ROWS);
    if (from >= to) return null;
    this.at = to;
    return this.rows.batch(this.order.subarray(from, to), to - from);
  }
}

/** Hands out merged runs, without the columns that were added for the order alone. */
class MergedOutput {
  private readonly merger: RunMerger;
  private readonly columns: readonly number[];

  constructor(merger: RunMerger, width: number) {
    this.merger = merger;
    this.columns = Array.from({ length: width }, (_, i) => i);
  }

  next(): Batch | null {
    const batch = this.merger.next();
    return batch === null || batch.width === this.columns.length ? batch : batch.pick(this.columns);
  }
}

/** Some of the merged rows: behind `offset` of them, up to number `until`. */
class MergedPart {
  private at = 0;
  private readonly merged: MergedOutput;
  private readonly offset: number;
  private readonly until: number;

  constructor(merged: MergedOutput, offset: number, until: number) {
    this.merged = merged;
    this.offset = offset;
    this.until = until;
  }

  next(): Batch | null {
    while (this.at < this.until) {
      const batch = this.merged.next();
      if (batch === null) return null;
      const from = Math.max(0, this.offset - this.at);
      const to = Math.min(batch.count, this.until - this.at);
      this.at += batch.count;
      if (from < to) return batch.slice(from, to);
    }
    return null;
  }
}

export class SortOperator implements Operator {
  private readonly node: SortNode;
  private readonly input: Operator;
  private context!: ExecContext;
  private buffer: SortBuffer | null = null;
  private output: SortedOutput | MergedOutput | null = null;
  private runs: SortRuns | null = null;

  constructor(node: SortNode, input: Operator) {
    this.node = node;
    this.input = input;
  }

  open(context: ExecContext): void {
    this.context = context;
    this.input.open(context);
    // Rows and keys are copied.
    this.input.reuse?.();
    this.buffer = new SortBuffer(this.node.slots, this.node.keys, context);
    this.output = null;
  }

  next(): Batch | null {
    this.output ??= this.collect();
    return this.output.next();
  }

  private collect(): SortedOutput | MergedOutput {
    const buffer = this.buffer!;
    const { statement } = this.context;
    drain(this.input, (batch) => {
      statement.checkCancel();
      buffer.append(batch, this.context);
      if (!statement.memory.wantsSpill || !buffer.isLarge) return;
      this.runs ??= buffer.makeRuns(statement.memory);
      if (this.runs !== null) buffer.spillTo(this.runs);
    });
    buffer.rows.report();
    if (this.runs === null) return new SortedOutput(buffer.rows, buffer.sorted());
    buffer.spillTo(this.runs);
    return new MergedOutput(this.runs.merge(), this.node.slots.length);
  }

  close(): void {
    this.runs?.close();
    this.runs = null;
    this.buffer?.clear();
    this.buffer = null;
    this.output = null;
    this.input.close();
  }
}

export class TopNOperator implements Operator {
  private readonly node: TopNNode;
  private readonly input: Operator;
  private context!: ExecContext;
  private buffer: SortBuffer | null = null;
  private output: SortedOutput | MergedPart | null = null;
  private runs: SortRuns | null = null;
  /** Of a partial one: rows that sort after this are none of the first, whatever piece they are in. */
  private bound: Threshold | null = null;
  private readonly firstKey: ProjectProgram;

  constructor(node: TopNNode, input: Operator) {
    this.node = node;
    this.input = input;
    this.firstKey = projectProgram(derivedExprs(node, () => [node.keys[0]!.expr]));
  }

  open(context: ExecContext): void {
    this.context = context;
    this.input.open(context);
    // Rows and keys are copied.
    this.input.reuse?.();
    this.buffer = new SortBuffer(this.node.slots, this.node.keys, context);
    this.output = null;
  }

  next(): Batch | null {
    this.output ??= this.collect();
    return this.output.next();
  }

  private collect(): SortedOutput | MergedPart {
    const buffer = this.buffer!;
    const { memory } = this.context.statement;
    const offset =
      this.node.offset === null ? 0 : (limitValue(this.node.offset, this.context, 'OFFSET') ?? 0);
    const count = limitValue(this.node.count, this.context, 'LIMIT') ?? Number.MAX_SAFE_INTEGER;
    const wanted = count + offset;
    if (wanted === 0) return new SortedOutput(buffer.rows, new Int32Array(0));
    let cutAt = Math.max(wanted * 2, CUT_ROWS_FIRST);
    let threshold = this.bound;
    drain(this.input, (batch) => {
      this.context.statement.checkCancel();
      const kept = threshold === null ? batch : threshold.filter(batch, this.firstKey, this.context);
      if (kept === null) return;
      buffer.append(kept, this.context);
      const isTight = memory.wantsSpill && buffer.isLarge && this.node.isPartial !== true;
      if (buffer.rows.count >= cutAt || (isTight && buffer.rows.count > wanted)) {
        buffer.keep(buffer.sorted().slice(0, wanted));
        threshold = new Threshold(buffer.orderColumns()[0]!, wanted - 1);
        cutAt = Math.max(cutAt, Math.min(cutAt * 2, CUT_ROWS));
      } else if (isTight) {
        this.runs ??= buffer.makeRuns(memory);
        if (this.runs !== null) buffer.spillTo(this.runs);
      }
    });
    if (this.runs !== null) {
      buffer.spillTo(this.runs);
      return new MergedPart(new MergedOutput(this.runs.merge(), this.node.slots.length), offset, wanted);
    }
    const first = buffer.sorted().subarray(0, wanted);
    if (this.node.isPartial !== true) return new SortedOutput(buffer.rows, first.subarray(offset));
    if (first.length === wanted) this.bound = Threshold.of(buffer.orderColumns()[0]!, first[wanted - 1]!);
    return new SortedOutput(buffer.rows, first);
  }

  close(): void {
    this.runs?.close();
    this.runs = null;
    this.buffer?.clear();
    this.buffer = null;
    this.output = null;
    this.input.close();
  }
}

/** The first key of the worst row kept: later rows that sort after it cannot be among the first. */
class Threshold {
  private readonly column: OrderColumn;
  private readonly row: number;

  constructor(column: OrderColumn, row: number) {
    this.column = column;
    this.row = row;
  }

  /** One that lasts longer than the column's memory. */
  static of(column: OrderColumn, row: number): Threshold {
    return new Threshold({ ...column, vector: gather(column.vector, Int32Array.of(row), 1) }, 0);
  }

  filter(batch: Batch, program: ProjectProgram, context: ExecContext): Batch | null {
    const keys = program.run(batch, context);
    const vector = keys.column(0);
    const out = new Int32Array(batch.count);
    const kept = this.filterNumbers(vector, keys, batch, out) ?? this.filterAny(vector, keys, batch, out);
    return kept === 0 ? null : kept === batch.count ? batch : batch.select(out, kept);
  }

  /** Plain numbers without NULLs on both sides; null: not that case. */
  private filterNumbers(vector: Vector, keys: Batch, batch: Batch, out: Int32Array): number | null {
    const known = this.column.vector;
    if (vector.nulls !== null || vector.physical !== known.physical) return null;
    if (known.nulls !== null && known.nulls[this.row] === 1) return null;
    const values = dataOf(vector);
    const bound = dataOf(known)[this.row];
    if (typeof bound !== 'number' || Number.isNaN(bound)) return null;
    if (
      vector.physical === Physical.numeric &&
      known.physical === Physical.numeric &&
      vector.scale !== known.scale
    )
      return null;
    if (!(values instanceof Float64Array || values instanceof Int32Array)) return null;
    const { count, selection } = batch;
    const keySelection = keys.selection;
    const { descending } = this.column;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const value = values[keySelection === null ? i : keySelection[i]!]!;
      // Written so that NaN (which is above all numbers) is kept when descending and dropped when ascending.
      if (descending ? !(value < bound) : value <= bound)
        out[kept++] = selection === null ? i : selection[i]!;
    }
    return kept;
  }

  private filterAny(vector: Vector, keys: Batch, batch: Batch, out: Int32Array): number {
    const order = orderAcross(this.column, vector);
    let kept = 0;
    for (let i = 0; i < batch.count; i++) {
      if (order(this.row, keys.position(i)) >= 0) out[kept++] = batch.position(i);
    }
    return kept;
  }
}

/** Compares a row of `known` with a row of `vector`. */
function orderAcross(known: OrderColumn, vector: Vector): RowOrder {
  const nullSide = known.nullsFirst ? -1 : 1;
  const pair: RowOrder = (a, b) => {
    const x = known.vector.nulls !== null && known.vector.nulls[a] === 1;
    const y = vector.nulls !== null && vector.nulls[b] === 1;
    if (x || y) return x === y ? 0 : x ? nullSide : -nullSide;
    return compareAcross(known, vector, a, b);
  };
  return pair;
}

function compareAcross(known: OrderColumn, vector: Vector, a: number, b: number): number {
  const order = known.type.compare(datumAt(known.vector, a), datumAt(vector, b));
  return known.descending ? -order : order;
}

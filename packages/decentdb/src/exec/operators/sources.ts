/** VALUES, set-returning functions in FROM, system views. */
import type { RowVectors } from '../../functions/function.ts';
import type { Datum } from '../../types/vector.ts';
import { BATCH_ROWS, Batch } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { ExecContext } from '../context.ts';
import { type Evaluator, evaluateAll, evaluatorOf } from '../interpret/evaluator.ts';
import type { Slot, TableFunctionNode, ValuesNode, VirtualScanNode } from '../physical.ts';
import type { Operator } from './operator.ts';

/** The single row without columns, for expressions that use no slots. */
export const emptyRow: Batch = Batch.of([], 1);

export class ValuesOperator implements Operator {
  private readonly node: ValuesNode;
  private readonly rows: readonly (readonly Evaluator[])[];
  private context!: ExecContext;
  private at = 0;

  constructor(node: ValuesNode) {
    this.node = node;
    this.rows = node.rows.map((row) => row.map(evaluatorOf));
  }

  open(context: ExecContext): void {
    this.context = context;
    this.at = 0;
  }

  next(): Batch | null {
    const from = this.at;
    const to = Math.min(this.rows.length, from + BATCH_ROWS);
    if (from === to) return null;
    this.at = to;
    const stores = this.node.slots.map((slot) => new ColumnStore(slot.type.physical, to - from));
    for (let i = from; i < to; i++) {
      const row = this.rows[i]!;
      for (let k = 0; k < stores.length; k++) stores[k]!.append(row[k]!(emptyRow, 0, this.context));
    }
    return Batch.of(
      stores.map((store) => store.vector()),
      to - from,
    );
  }

  close(): void {}
}

/** Turns rows of an iterator into batches. */
class RowReader {
  private readonly slots: readonly Slot[];
  private rows: Iterator<readonly unknown[]> | null = null;

  constructor(slots: readonly Slot[]) {
    this.slots = slots;
  }

  start(rows: Iterable<readonly unknown[]>): void {
    this.rows = rows[Symbol.iterator]();
  }

  /** `columns[i]` of each row feeds slot i. */
  next(columns: readonly number[] | null): Batch | null {
    if (this.rows === null) return null;
    const stores = this.slots.map((slot) => new ColumnStore(slot.type.physical));
    let count = 0;
    while (count < BATCH_ROWS) {
      const step = this.rows.next();
      if (step.done === true) {
        this.rows = null;
        break;
      }
      for (let k = 0; k < stores.length; k++) {
        stores[k]!.append((step.value[columns === null ? k : columns[k]!] ?? null) as Datum);
      }
      count++;
    }
    if (count === 0) return null;
    return Batch.of(
      stores.map((store) => store.vector()),
      count,
    );
  }

  stop(): void {
    this.rows?.return?.();
    this.rows = null;
  }
}

export class TableFunctionOperator implements Operator {
  private readonly node: TableFunctionNode;
  private readonly args: readonly (readonly Evaluator[])[];
  private readonly reader: RowReader;
  private context!: ExecContext;
  /** Batches of a function that has its rows column by column. */
  private batches: Iterator<RowVectors> | null = null;

  constructor(node: TableFunctionNode) {
    this.node = node;
    this.args = node.functions.map((entry) => entry.args.map(evaluatorOf));
    this.reader = new RowReader(node.slots);
  }

  open(context: ExecContext): void {
    this.context = context;
    this.batches = this.batchesOfOnly();
    if (this.batches === null) this.reader.start(this.rows());
  }

  next(): Batch | null {
    this.context.statement.checkCancel();
    if (this.batches === null) return this.reader.next(null);
    const step = this.batches.next();
    return step.done === true ? null : Batch.of(step.value.vectors, step.value.count);
  }

  close(): void {
    this.batches?.return?.();
    this.batches = null;
    this.reader.stop();
  }

  private batchesOfOnly(): Iterator<RowVectors> | null {
    const { functions, withOrdinality } = this.node;
    const [only] = functions;
    if (functions.length !== 1 || withOrdinality || only?.fn.batches === undefined) return null;
    const values = evaluateAll(this.args[0]!, emptyRow, 0, this.context);
    if (only.fn.strict && values.includes(null)) return null;
    return only.fn.batches(this.context.eval, values, only.columnTypes)[Symbol.iterator]();
  }

  private rowsOf(index: number): Iterator<readonly Datum[]> {
    const { fn, columnTypes } = this.node.functions[index]!;
    const values = evaluateAll(this.args[index]!, emptyRow, 0, this.context);
    const rows = fn.strict && values.includes(null) ? [] : fn.rows(this.context.eval, values, columnTypes);
    return rows[Symbol.iterator]();
  }

  private *rows(): Generator<readonly Datum[]> {
    const { functions, withOrdinality } = this.node;
    const iterators = functions.map((_, i) => this.rowsOf(i));
    for (let ordinal = 1; ; ordinal++) {
      const row: Datum[] = [];
      let hasRow = false;
      for (let i = 0; i < iterators.length; i++) {
        const step = iterators[i]!.next();
        const width = functions[i]!.columnTypes.length;
        if (step.done !== true) hasRow = true;
        for (let k = 0; k < width; k++) row.push(step.done === true ? null : (step.value[k] ?? null));
      }
      if (!hasRow) return;
      if (withOrdinality) row.push(ordinal);
      yield row;
    }
  }
}

export class VirtualScanOperator implements Operator {
  private readonly node: VirtualScanNode;
  private readonly reader: RowReader;

  constructor(node: VirtualScanNode) {
    this.node = node;
    this.reader = new RowReader(node.slots);
  }

  open(context: ExecContext): void {
    this.reader.start(this.node.view.rows(context.statement.session));
  }

  next(): Batch | null {
    return this.reader.next(this.node.columns);
  }

  close(): void {
    this.reader.stop();
  }
}

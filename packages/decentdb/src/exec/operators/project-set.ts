/**
 * Set-returning functions in a select list.
 *
 * I1  The sets of one input row advance together; a set that has ended gives NULL while another goes on, and an input row
 *     whose sets are all empty gives nothing. Plain expressions repeat.
 * I2  A set is asked for no more rows than are handed out: whoever stops reading early does not pay for the rest.
 */
import type { Datum } from '../../types/vector.ts';
import { BATCH_ROWS, Batch } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { ExecContext } from '../context.ts';
import { type Evaluator, evaluateAll, evaluatorOf } from '../interpret/evaluator.ts';
import type { ProjectSetNode } from '../physical.ts';
import type { Operator } from './operator.ts';

type SetExpr = Extract<ProjectSetNode['exprs'][number], { readonly set: true }>;

/** Rows of the first batch; each later one may have twice as many. */
const FIRST_ROWS = 16;

/** A plain expression, and its value for the input row at hand. */
class PlainItem {
  readonly column: number;
  value: Datum = null;
  private readonly evaluator: Evaluator;

  constructor(column: number, evaluator: Evaluator) {
    this.column = column;
    this.evaluator = evaluator;
  }

  start(batch: Batch, at: number, context: ExecContext): void {
    this.value = this.evaluator(batch, at, context);
  }
}

/** A set-returning function, and its rows for the input row at hand. */
class SetItem {
  readonly column: number;
  /** Null when the set has ended. */
  rows: Iterator<readonly Datum[]> | null = null;
  private readonly item: SetExpr;
  private readonly args: readonly Evaluator[];
  private readonly isRow: boolean;

  constructor(column: number, item: SetExpr) {
    this.column = column;
    this.item = item;
    this.args = item.args.map(evaluatorOf);
    this.isRow = item.fn.withFields !== undefined || item.fn.columns.length !== 1;
  }

  start(batch: Batch, at: number, context: ExecContext): void {
    const { fn, columnTypes } = this.item;
    const values = evaluateAll(this.args, batch, at, context);
    this.rows =
      fn.strict && values.includes(null)
        ? null
        : fn.rows(context.eval, values, columnTypes)[Symbol.iterator]();
  }

  /** The next value; undefined at the end. */
  next(): Datum | undefined {
    const step = this.rows!.next();
    if (step.done === true) {
      this.rows = null;
      return undefined;
    }
    return this.isRow ? (step.value as unknown as Datum) : (step.value[0] ?? null);
  }

  stop(): void {
    const { rows } = this;
    this.rows = null;
    rows?.return?.();
  }
}

export class ProjectSetOperator implements Operator {
  private readonly node: ProjectSetNode;
  private readonly input: Operator;
  private readonly plain: readonly PlainItem[];
  private readonly sets: readonly SetItem[];
  private readonly values: (Datum | undefined)[] = [];
  private context!: ExecContext;
  private batch: Batch | null = null;
  /** The input row after the one at hand. */
  private row = 0;
  private isRowOpen = false;
  private capacity = FIRST_ROWS;

  constructor(node: ProjectSetNode, input: Operator) {
    this.node = node;
    this.input = input;
    this.plain = node.exprs.flatMap((item, i) =>
      item.set ? [] : [new PlainItem(i, evaluatorOf(item.expr))],
    );
    this.sets = node.exprs.flatMap((item, i) => (item.set ? [new SetItem(i, item)] : []));
  }

  open(context: ExecContext): void {
    this.context = context;
    this.batch = null;
    this.isRowOpen = false;
    this.capacity = FIRST_ROWS;
    this.input.open(context);
  }

  next(): Batch | null {
    this.context.statement.checkCancel();
    const { capacity } = this;
    this.capacity = Math.min(BATCH_ROWS, capacity * 2);
    const stores = this.node.slots.map((slot) => new ColumnStore(slot.type.physical));
    let count = 0;
    while (count < capacity && (this.isRowOpen || this.nextRow())) {
      const made =
        this.sets.length === 1 ? this.fillOne(stores, capacity - count) : this.fill(stores, capacity - count);
      this.repeatPlain(stores, made);
      count += made;
    }
    if (count === 0) return null;
    return Batch.of(
      stores.map((store) => store.vector()),
      count,
    );
  }

  /** Starts the sets of the next input row; false behind the last. */
  private nextRow(): boolean {
    while (this.batch === null || this.row >= this.batch.count) {
      this.batch = this.input.next();
      this.row = 0;
      if (this.batch === null) return false;
      this.context.statement.checkCancel();
    }
    const at = this.batch.position(this.row++);
    for (const item of this.plain) item.start(this.batch, at, this.context);
    for (const item of this.sets) item.start(this.batch, at, this.context);
    this.isRowOpen = true;
    return true;
  }

  private fillOne(stores: readonly ColumnStore[], max: number): number {
    const item = this.sets[0]!;
    const store = stores[item.column]!;
    let made = 0;
    while (made < max && item.rows !== null) {
      const value = item.next();
      if (value === undefined) break;
      store.append(value);
      made++;
    }
    this.isRowOpen = item.rows !== null;
    return made;
  }

  /** I1. */
  private fill(stores: readonly ColumnStore[], max: number): number {
    const { sets, values } = this;
    let made = 0;
    while (made < max) {
      let hasRow = false;
      for (let i = 0; i < sets.length; i++) {
        values[i] = sets[i]!.rows === null ? undefined : sets[i]!.next();
        if (values[i] !== undefined) hasRow = true;
      }
      if (!hasRow) {
        this.isRowOpen = false;
        return made;
      }
      for (let i = 0; i < sets.length; i++) stores[sets[i]!.column]!.append(values[i] ?? null);
      made++;
    }
    return made;
  }

  private repeatPlain(stores: readonly ColumnStore[], times: number): void {
    for (const { column, value } of this.plain) for (let i = 0; i < times; i++) stores[column]!.append(value);
  }

  close(): void {
    this.batch = null;
    for (const item of this.sets) item.stop();
    this.input.close();
  }
}

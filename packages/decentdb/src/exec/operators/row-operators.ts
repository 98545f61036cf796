/** Filter, project, and set-returning functions in a select list. */

import type { Datum } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { FilterProgram } from '../compile/filter-program.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { type Evaluator, evaluateAll, evaluatorOf } from '../interpret/evaluator.ts';
import { type KeyFilter, runFilters, type SlotFilter } from '../join/key-filter.ts';
import type { FilterNode, ProjectNode, ProjectSetNode } from '../physical.ts';
import { filterProgram, type Operator, projectProgram } from './operator.ts';

export class FilterOperator implements Operator {
  private readonly input: Operator;
  private readonly program: FilterProgram;
  private context!: ExecContext;
  private filters: SlotFilter[] = [];

  constructor(node: FilterNode, input: Operator) {
    this.input = input;
    this.program = filterProgram(node.predicate);
  }

  open(context: ExecContext): void {
    this.context = context;
    this.filters = [];
    this.input.open(context);
  }

  restrict(slot: number, keys: KeyFilter): boolean {
    if (this.input.restrict?.(slot, keys) !== true) this.filters.push({ slot, keys });
    return true;
  }

  next(): Batch | null {
    for (;;) {
      const read = this.input.next();
      if (read === null) return null;
      const batch = runFilters(this.filters, read);
      if (batch === null) continue;
      const kept = this.program.run(batch, this.context);
      if (kept !== null) return kept;
    }
  }

  close(): void {
    this.input.close();
  }
}

export class ProjectOperator implements Operator {
  private readonly input: Operator;
  private readonly program: ProjectProgram;
  private context!: ExecContext;

  constructor(node: ProjectNode, input: Operator) {
    this.input = input;
    this.program = projectProgram(node.exprs);
  }

  open(context: ExecContext): void {
    this.context = context;
    this.input.open(context);
  }

  restrict(slot: number, keys: KeyFilter): boolean {
    const expr = this.program.exprs[slot]!;
    return expr.kind === 'slot' && this.input.restrict?.(expr.slot, keys) === true;
  }

  next(): Batch | null {
    const batch = this.input.next();
    return batch === null ? null : this.program.run(batch, this.context);
  }

  close(): void {
    this.input.close();
  }
}

type SetItem =
  | { readonly set: false; readonly evaluator: Evaluator }
  | { readonly set: true; readonly args: readonly Evaluator[]; readonly item: SetExpr };
type SetExpr = Extract<ProjectSetNode['exprs'][number], { readonly set: true }>;

/** Output rows of one input row are built together; rows of one input batch make one output batch. */
export class ProjectSetOperator implements Operator {
  private readonly node: ProjectSetNode;
  private readonly input: Operator;
  private readonly items: readonly SetItem[];
  private context!: ExecContext;

  constructor(node: ProjectSetNode, input: Operator) {
    this.node = node;
    this.input = input;
    this.items = node.exprs.map(
      (item): SetItem =>
        item.set
          ? { set: true, args: item.args.map(evaluatorOf), item }
          : { set: false, evaluator: evaluatorOf(item.expr) },
    );
  }

  open(context: ExecContext): void {
    this.context = context;
    this.input.open(context);
  }

  next(): Batch | null {
    for (;;) {
      const batch = this.input.next();
      if (batch === null) return null;
      this.context.statement.checkCancel();
      const stores = this.node.slots.map((slot) => new ColumnStore(slot.type.physical));
      let rows = 0;
      for (let i = 0; i < batch.count; i++) rows += this.expand(batch, batch.position(i), stores);
      if (rows > 0) {
        return Batch.of(
          stores.map((store) => store.vector()),
          rows,
        );
      }
    }
  }

  /** Appends the rows of one input row; returns how many. */
  private expand(batch: Batch, at: number, stores: readonly ColumnStore[]): number {
    const { items, context } = this;
    const sets: (Datum[] | null)[] = [];
    let rows = 0;
    for (const entry of items) {
      const values = entry.set ? this.valuesOf(entry.args, entry.item, batch, at) : null;
      sets.push(values);
      if (values !== null && values.length > rows) rows = values.length;
    }
    if (rows === 0) return 0;
    for (let k = 0; k < items.length; k++) {
      const entry = items[k]!;
      const store = stores[k]!;
      const values = sets[k]!;
      if (values === null) {
        const value = entry.set ? null : entry.evaluator(batch, at, context);
        for (let i = 0; i < rows; i++) store.append(value);
      } else {
        for (let i = 0; i < rows; i++) store.append(values[i] ?? null);
      }
    }
    return rows;
  }

  private valuesOf(args: readonly Evaluator[], item: SetExpr, batch: Batch, at: number): Datum[] {
    const values = evaluateAll(args, batch, at, this.context);
    if (item.fn.strict && values.includes(null)) return [];
    const out: Datum[] = [];
    const isRow = item.fn.withFields !== undefined || item.fn.columns.length !== 1;
    for (const row of item.fn.rows(this.context.eval, values, item.columnTypes))
      out.push(isRow ? (row as unknown as Datum) : (row[0] ?? null));
    return out;
  }

  close(): void {
    this.input.close();
  }
}

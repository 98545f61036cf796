/**
 * Filter and project.
 *
 * I1  A row that fails fails when it is asked for (failing-row.ts).
 * I2  A gate that is not true ends a filter before its input is read; one that fails leaves its error to the rows, if there are any.
 */

import { DecentDbError } from '../../base/errors.ts';
import type { Batch } from '../batch.ts';
import type { FilterProgram } from '../compile/filter-program.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { type KeyFilter, runFilters, type SlotFilter } from '../join/key-filter.ts';
import type { FilterNode, ProjectNode } from '../physical.ts';
import { FailingRow, isOfRow } from './failing-row.ts';
import { filterProgram, type Operator, projectProgram } from './operator.ts';
import { emptyRow } from './sources.ts';

export class FilterOperator implements Operator {
  private readonly input: Operator;
  private readonly program: FilterProgram;
  private readonly gates: readonly Evaluator[];
  private isShut: boolean | null = null;
  private context!: ExecContext;
  private filters: SlotFilter[] = [];
  private readonly failing: FailingRow = new FailingRow();

  constructor(node: FilterNode, input: Operator) {
    this.input = input;
    this.program = filterProgram(node.predicate);
    this.gates = (node.gates ?? []).map(evaluatorOf);
  }

  open(context: ExecContext): void {
    this.context = context;
    this.filters = [];
    this.isShut = null;
    this.failing.reset();
    this.input.open(context);
  }

  /** Rows leave with the columns they came with, before the next are read; so it is with expressions over them. */
  reuse(): void {
    this.input.reuse?.();
  }

  restrict(slot: number, keys: KeyFilter): boolean {
    if (this.input.restrict?.(slot, keys) !== true) this.filters.push({ slot, keys });
    return true;
  }

  next(): Batch | null {
    const { program, context, failing } = this;
    failing.check();
    this.isShut ??= this.gates.some((gate) => shuts(gate, context));
    if (this.isShut) return null;
    for (;;) {
      const read = this.input.next();
      if (read === null) return null;
      const batch = runFilters(this.filters, read);
      if (batch === null) continue;
      const kept = failing.run(program, batch, (rows) => program.run(rows, context));
      if (kept !== null) return kept;
    }
  }

  close(): void {
    this.input.close();
  }
}

/** I2. */
function shuts(gate: Evaluator, context: ExecContext): boolean {
  try {
    return gate(emptyRow, 0, context) !== true;
  } catch (error) {
    if (isOfRow(error) || (error instanceof DecentDbError && error.code === '21000')) return false;
    throw error;
  }
}

export class ProjectOperator implements Operator {
  private readonly input: Operator;
  private readonly program: ProjectProgram;
  private readonly failing: FailingRow = new FailingRow();
  private context!: ExecContext;

  constructor(node: ProjectNode, input: Operator) {
    this.input = input;
    this.program = projectProgram(node.exprs);
  }

  open(context: ExecContext): void {
    this.context = context;
    this.failing.reset();
    this.input.open(context);
  }

  reuse(): void {
    this.input.reuse?.();
  }

  restrict(slot: number, keys: KeyFilter): boolean {
    const expr = this.program.exprs[slot]!;
    return expr.kind === 'slot' && this.input.restrict?.(expr.slot, keys) === true;
  }

  want(rows: number): void {
    this.input.want?.(rows);
  }

  next(): Batch | null {
    const { program, context, failing } = this;
    failing.check();
    const batch = this.input.next();
    return batch === null ? null : failing.run(program, batch, (rows) => program.run(rows, context));
  }

  close(): void {
    this.input.close();
  }
}

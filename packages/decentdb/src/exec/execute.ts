/**
 * Running a plan: the executor's front door.
 *
 *     const run = startPlan(plan, options);
 *     try { for (let batch = run.next(); batch !== null; batch = run.next()) use(batch); } finally { run.close(); }
 *
 * I1  `close` is idempotent and gives everything back, after errors too.
 * I2  A plan may be run by any number of executions at once; each has operators of its own.
 */

import { isWriteView, type ReadView } from '../txn/page-view.ts';
import type { Batch } from './batch.ts';
import { ExecContext, StatementContext, type StatementOptions } from './context.ts';
import { buildOperator } from './operators/build.ts';
import type { Operator } from './operators/operator.ts';
import { SubplanRunnerOf } from './operators/subplan.ts';
import type { PhysicalPlan } from './physical.ts';

/** One execution of a plan. */
export class PlanRun {
  readonly statement: StatementContext;
  readonly plan: PhysicalPlan;
  private readonly root: Operator;
  private readonly context: ExecContext;
  private readonly subplans: SubplanRunnerOf;
  private readonly view: ReadView;
  private isOpen = false;
  private isClosed = false;

  constructor(plan: PhysicalPlan, options: StatementOptions) {
    this.plan = plan;
    this.view = options.view;
    this.statement = new StatementContext(options);
    const build = { isCounting: this.statement.counters !== null };
    this.context = new ExecContext(this.statement, [], new Map());
    this.subplans = new SubplanRunnerOf(this.context, (node) => buildOperator(node, build));
    this.context.subplans = this.subplans;
    this.root = buildOperator(plan.root, build);
  }

  /** The next rows, or null at the end. The batch is valid until the next call. */
  next(): Batch | null {
    if (this.isClosed) return null;
    if (this.isOpen) return this.root.next();
    this.isOpen = true;
    this.countPlan(1);
    this.root.open(this.context);
    const first = this.root.next();
    // Data-changing nodes, WITH definitions included, change all their rows before the first batch comes out.
    this.statement.aftermath?.finish();
    return first;
  }

  /** Runs to the end, for statements whose rows nobody wants. Returns the number of rows output. */
  drain(): number {
    let rows = 0;
    for (let batch = this.next(); batch !== null; batch = this.next()) rows += batch.count;
    return rows;
  }

  /** Rows changed by an INSERT, UPDATE, DELETE or MERGE. */
  get affected(): number {
    return this.statement.affected;
  }

  /** A write transaction knows of plans under way: they hold columns as they are on its pages (write-txn.ts I5). */
  private countPlan(step: 1 | -1): void {
    const { view } = this;
    if (isWriteView(view) && view.openPlans !== undefined) view.openPlans += step;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    try {
      if (this.isOpen) this.root.close();
      this.subplans.release();
    } finally {
      if (this.isOpen) this.countPlan(-1);
      this.statement.memory.release();
    }
  }
}

/** Prepares an execution; nothing is read or changed before the first `next`. */
export function startPlan(plan: PhysicalPlan, options: StatementOptions): PlanRun {
  return new PlanRun(plan, options);
}

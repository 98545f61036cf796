/**
 * WITH: definitions computed once and read any number of times; recursive definitions.
 *
 * I1  A definition runs when first read; an eager one that nobody read runs after the body, the last one first.
 * I2  Recursive definitions are computed by exec/operators/recursion.ts.
 * I4  With an eager definition all parts read the state before the statement (StatementContext.fixReads), and the body's rows
 *     come out when all parts have run.
 * I3  Rows live in the context of the plan that holds the WITH, so a subplan below sees them and a re-run starts afresh.
 */
import { assert } from '../../base/assert.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { CteState, ExecContext } from '../context.ts';
import type { CteDefinition, CteScanNode, WithNode } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { Spool, type SpoolReader } from '../spill/spool.ts';
import { drain, type Operator } from './operator.ts';
import { Recursion } from './recursion.ts';

/** Rows of one definition while its WITH is open. */
class CteRows implements CteState {
  readonly cteId: number;
  private readonly definition: CteDefinition;
  private readonly plan: Operator;
  private readonly term: Operator | null;
  private readonly context: ExecContext;
  private store: Spool | null = null;
  private isRunning = false;
  private isComplete = false;
  private recursion: Recursion | null = null;
  /** Rows of the last round, while the recursive term runs. */
  workTable: Spool | null = null;

  constructor(definition: CteDefinition, plan: Operator, term: Operator | null, context: ExecContext) {
    this.cteId = definition.cteId;
    this.definition = definition;
    this.plan = plan;
    this.term = term;
    this.context = context;
  }

  get token(): object {
    return this.workToken ?? this;
  }

  private workToken: object | null = null;

  /** Each round has a token of its own, though tables are used again. */
  private setWorkTable(rows: Spool | null): void {
    this.workTable = rows;
    this.workToken = rows === null ? null : {};
  }

  /** All rows. */
  rows(): Spool {
    while (this.advance());
    return this.store!;
  }

  /** The rows so far; more come with `advance`. */
  sofar(): Spool {
    const { definition, context } = this;
    this.store ??= new Spool(definition.plan.slots, context.statement.memory);
    return this.store;
  }

  /** Computes more rows, or all where it is not a recursion; false when there are no more. */
  advance(): boolean {
    if (this.isComplete) return false;
    assert(!this.isRunning, 'a WITH definition reads itself outside its recursive term');
    const { statement } = this.context;
    // Only the statement's own top node counts rows for the caller.
    const { affected } = statement;
    this.isRunning = true;
    this.isComplete = !this.step(this.sofar());
    this.isRunning = false;
    statement.affected = affected;
    if (this.isComplete) this.endRecursion();
    return !this.isComplete;
  }

  private step(store: Spool): boolean {
    const { definition, context, term, plan } = this;
    if (term !== null) {
      this.recursion ??= new Recursion(definition, term, context, store);
      return this.recursion.advance(plan, (rows) => this.setWorkTable(rows));
    }
    try {
      plan.open(context);
      drain(plan, (batch) => store.append(batch));
    } finally {
      plan.close();
    }
    store.report();
    return false;
  }

  private endRecursion(): void {
    this.recursion?.close();
    this.recursion = null;
    this.store?.report();
  }

  release(): void {
    this.recursion?.close();
    this.recursion = null;
    this.store?.clear();
    this.store = null;
    this.setWorkTable(null);
  }
}

export class WithOperator implements Operator {
  private readonly node: WithNode;
  private readonly plans: readonly { readonly plan: Operator; readonly term: Operator | null }[];
  private readonly body: Operator;
  private states: CteRows[] = [];
  private isBodyOpen = false;
  private readonly isChanging: boolean;
  private context!: ExecContext;
  private endReads: (() => void) | null = null;
  /** The body's rows, when other parts must run before they are handed out. */
  private rows: RowStore | null = null;
  private at = 0;

  constructor(
    node: WithNode,
    plans: readonly { readonly plan: Operator; readonly term: Operator | null }[],
    body: Operator,
  ) {
    this.node = node;
    this.plans = plans;
    this.body = body;
    this.isChanging = node.definitions.some((definition) => definition.run === 'eager');
  }

  open(context: ExecContext): void {
    this.states = this.node.definitions.map((definition, i) => {
      const { plan, term } = this.plans[i]!;
      const state = new CteRows(definition, plan, term, context);
      context.ctes.set(definition.cteId, state);
      return state;
    });
    this.context = context;
    this.at = 0;
    if (this.isChanging) this.endReads = context.statement.fixReads();
    this.isBodyOpen = true;
    this.body.open(context);
  }

  next(): Batch | null {
    if (!this.isChanging) return this.body.next();
    this.rows ??= this.runAll();
    const from = this.at;
    this.at = Math.min(this.rows.count, from + BATCH_ROWS);
    return from < this.at ? this.rows.batch().slice(from, this.at) : null;
  }

  /** The body first, then the parts nobody read. */
  private runAll(): RowStore {
    const { memory } = this.context.statement;
    const rows = new RowStore(this.node.body.slots, memory);
    drain(this.body, (batch) => rows.append(batch));
    for (let i = this.states.length - 1; i >= 0; i--) {
      if (this.node.definitions[i]!.run === 'eager') this.states[i]!.rows();
    }
    rows.report();
    this.endReads?.();
    this.endReads = null;
    return rows;
  }

  close(): void {
    if (this.isBodyOpen) this.body.close();
    this.isBodyOpen = false;
    this.endReads = null;
    this.rows?.clear();
    this.rows = null;
    for (const state of this.states) state.release();
    this.states = [];
  }
}

export class CteScanOperator implements Operator {
  private readonly node: CteScanNode;
  private context!: ExecContext;
  private rows: SpoolReader | null = null;
  /** A definition that may have more rows to come. */
  private growing: CteRows | null = null;
  private readonly isIdentity: boolean;

  constructor(node: CteScanNode) {
    this.node = node;
    this.isIdentity = node.columns.every((column, i) => column === i);
  }

  open(context: ExecContext): void {
    this.context = context;
    this.rows = null;
    this.growing = null;
  }

  next(): Batch | null {
    this.rows ??= this.find().reader();
    let batch = this.rows.next();
    while (batch === null && this.growing?.advance() === true) batch = this.rows.next();
    // The last step may have brought rows too.
    batch ??= this.rows.next();
    if (batch === null) return null;
    return this.isIdentity && this.node.columns.length === batch.width
      ? batch
      : batch.pick(this.node.columns);
  }

  private find(): Spool {
    const state = this.context.ctes.get(this.node.cteId);
    assert(state instanceof CteRows, 'a WITH reference has no definition');
    if (!this.node.isWorkTable) {
      this.growing = state;
      return state.sofar();
    }
    assert(state.workTable !== null, 'a working table is read outside its recursion');
    return state.workTable;
  }

  close(): void {
    this.rows = null;
  }
}

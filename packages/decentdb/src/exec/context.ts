/**
 * What a running statement carries with it.
 *
 * I1  One StatementContext an execution; one ExecContext for its main plan and one for each running subplan: they differ
 *     in `outer` (and nothing else of a subplan's state leaks out).
 * I2  `checkCancel` is called at least once a batch by every operator that loops, and re-validates the view.
 */

import { assert } from '../base/assert.ts';
import type { EvalContext } from '../functions/function.ts';
import type { KeyRange } from '../tree/tree-cursor.ts';
import { hasSavepoints, isWriteView, type ReadView, type WriteView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import type { SubqueryExpr } from './expr.ts';
import { StatementMemory } from './memory.ts';
import type { ParallelService } from './parallel.ts';
import { RowIdSet } from './row-id-set.ts';
import type { SessionServices } from './services.ts';

/** Actual figures of one plan node, for EXPLAIN ANALYZE. */
export interface NodeCounter {
  rows: number;
  batches: number;
  loops: number;
  /** Time in `open` and `next`, inputs included, milliseconds. */
  ms: number;
  /** The part of it until the first batch was there, of all loops. */
  firstMs: number;
  /** Rows read but not output (filters, join residuals). */
  removed: number;
  memoryBytes: number;
  /** What a search scan found out and did. */
  search?: string;
  /** Threads a gather node asked for help. */
  workers?: number;
  /** Pieces of its scan that they ran. */
  piecesHelped?: number;
}

export interface StatementOptions {
  readonly view: ReadView;
  readonly params: readonly Datum[];
  readonly eval: EvalContext;
  readonly memory?: StatementMemory;
  /** Handed to virtual tables. */
  readonly session?: unknown;
  readonly services?: SessionServices | null;
  /** Throws (57014) when the statement was cancelled or timed out. */
  readonly checkCancel?: (() => void) | null;
  /** How a failure is undone; without it whoever runs the plan undoes all of it. */
  readonly guard?: StatementGuard | null;
  /** Collect counters by node id. */
  readonly counters?: (NodeCounter | undefined)[] | null;
  /** Milliseconds, for counters. */
  readonly now?: () => number;
  /** Other threads; null or absent: there are none. */
  readonly parallel?: ParallelService | null;
  /** false: never generate code (Content-Security-Policy, or to compare both ways). */
  readonly allowCodegen?: boolean;
}

/** What the session does to undo a statement that fails; plans that `protectsItself` names say when it is needed. */
export interface StatementGuard {
  /** From now on the statement can be undone alone. Nothing may have been changed yet. */
  protect(): void;
  /** Changes follow that only a broken disk or exhausted memory can stop; if they do, the transaction has failed. */
  rely(): void;
}

/** Values computed by WITH definitions, owned by the operators of exec/operators/with.ts. */
export interface CteState {
  readonly cteId: number;
  /** Another object whenever readers may get other rows. */
  readonly token: object;
}

export class StatementContext {
  /** What the statement reads. */
  view: ReadView;
  /** What it changes, its own changes included; `view` unless reads are fixed. */
  readonly latest: ReadView;
  readonly params: readonly Datum[];
  readonly eval: EvalContext;
  readonly memory: StatementMemory;
  readonly session: unknown;
  readonly services: SessionServices | null;
  readonly guard: StatementGuard | null;
  readonly counters: (NodeCounter | undefined)[] | null;
  readonly now: () => number;
  readonly allowCodegen: boolean;
  readonly parallel: ParallelService | null;
  /** What a parallel scan reads of its tree when it is opened, null for all; set by whoever opens it. */
  piece: readonly KeyRange[] | null = null;
  /** What is to be done when all rows are changed; made by the first data-changing node. */
  aftermath: StatementAftermath | null = null;
  /** Rows inserted, updated, deleted or merged by the statement's top node. */
  affected = 0;
  /** Rows changed so far, by table, while reads are fixed: what one part changed, no other part changes again. */
  changedRows: Map<number, RowIdSet> | null = null;
  private readonly cancelCheck: (() => void) | null;

  constructor(options: StatementOptions) {
    this.view = options.view;
    this.latest = options.view;
    this.params = options.params;
    this.eval = options.eval;
    this.memory = options.memory ?? new StatementMemory();
    this.session = options.session;
    this.services = options.services ?? null;
    this.guard = options.guard ?? null;
    this.counters = options.counters ?? null;
    this.now = options.now ?? (() => performance.now());
    this.allowCodegen = options.allowCodegen ?? true;
    this.parallel = options.parallel ?? null;
    this.cancelCheck = options.checkCancel ?? null;
  }

  checkCancel(): void {
    this.view.validate();
    if (this.cancelCheck !== null) this.cancelCheck();
  }

  get writeView(): WriteView {
    assert(isWriteView(this.latest), 'a data-changing plan runs in a write transaction');
    return this.latest;
  }

  /**
   * From now on all parts read the state as it is now, whatever the others change: data-modifying WITH. Returns what ends it,
   * to be called when no part reads any more; after an error the session's savepoint takes everything back.
   */
  fixReads(): () => void {
    const { latest } = this;
    if (!hasSavepoints(latest) || this.view !== latest) return () => {};
    const mark = latest.savepoint();
    this.view = latest.viewAt(mark);
    this.changedRows = new Map();
    return () => {
      this.view = latest;
      for (const rows of this.changedRows?.values() ?? []) rows.clear();
      this.changedRows = null;
      latest.release(mark);
    };
  }

  /** Row ids of a table changed by this statement; null when nobody needs to know. */
  changedIn(tableId: number): RowIdSet | null {
    const tables = this.changedRows;
    if (tables === null) return null;
    let rows = tables.get(tableId);
    if (rows === undefined) {
      rows = new RowIdSet(this.memory);
      tables.set(tableId, rows);
    }
    return rows;
  }
}

/** Implemented by exec/dml/aftermath.ts. */
export interface StatementAftermath {
  finish(): void;
}

/** Runs subqueries found in expressions; implemented by exec/operators/subplan.ts. */
export interface SubplanRunner {
  /** The subquery's value for one row: `outer` and `left` are values of its expressions. */
  run(expr: SubqueryExpr, outer: readonly Datum[], left: readonly Datum[]): Datum;
}

/** The context of one plan or running subplan. */
export class ExecContext {
  readonly statement: StatementContext;
  readonly params: readonly Datum[];
  readonly eval: EvalContext;
  /** Values of the enclosing row; see OuterExpr. */
  outer: readonly Datum[];
  readonly ctes: Map<number, CteState>;
  subplans: SubplanRunner | null = null;
  /** The action of the MERGE row at hand. */
  mergeAction: string | null = null;

  constructor(statement: StatementContext, outer: readonly Datum[], ctes: Map<number, CteState>) {
    this.statement = statement;
    this.params = statement.params;
    this.eval = statement.eval;
    this.outer = outer;
    this.ctes = ctes;
  }
}

/**
 * What the executor asks of the session while a statement runs.
 *
 * I1  Everything here is optional for plans that do not need it: plain reads run with no services at all.
 */
import type { TableDef, TriggerDef } from '../catalog/schema.ts';
import type { SavepointMark } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import type { WriteTarget } from './physical/write.ts';

export interface SessionServices {
  /** The write target of any table, for cascades; from the same schema version as the plan. */
  writeTarget(tableId: number): WriteTarget;
  /** Whether a deferrable constraint is deferred now (SET CONSTRAINTS). */
  isDeferred(constraintId: number): boolean;
  /** Keeps a check for commit (or SET CONSTRAINTS IMMEDIATE). Run with a context of that time. */
  defer(constraintId: number, check: DeferredCheck): void;
  /** Next free row id of a table in this transaction: cached maximum + 1; see exec/dml/row-ids.ts. */
  readonly rowIds: RowIdCounters;
  /** Runs a trigger. Absent: the table's triggers cannot run here (0A000). */
  readonly fireTrigger?: (call: TriggerCall) => readonly Datum[] | null;
}

/** Re-checks rows when the constraint becomes due. Keys, not rows: a row may be gone by then. */
export interface DeferredCheck {
  readonly constraintId: number;
  readonly tableId: number;
  /** Row ids of `tableId` to check again. */
  readonly rowIds: readonly (number | bigint)[];
  /** Foreign keys: the rows are checked because their parent went, not because they were written. */
  readonly isLoss?: boolean;
}

/** What statements of few rows on their short paths ask of the session. */
export type PointServices = Pick<SessionServices, 'rowIds' | 'isDeferred' | 'defer'>;

/** Last row id given out, by table id; belongs to one write transaction. */
export interface RowIdCounters {
  get(tableId: number): number | undefined;
  set(tableId: number, last: number): void;
}

export interface TriggerCall {
  readonly trigger: TriggerDef;
  readonly table: TableDef;
  readonly event: 'insert' | 'update' | 'delete' | 'truncate';
  /** Values by table column; null where the event has none. */
  readonly oldRow: readonly Datum[] | null;
  readonly newRow: readonly Datum[] | null;
  /** Transition tables, where the trigger names them. */
  readonly oldRows: TransitionRows | null;
  readonly newRows: TransitionRows | null;
}

/** Rows of a transition table, read while the trigger runs. */
export interface TransitionRows {
  all(): Iterable<readonly Datum[]>;
}

export type { SavepointMark };

/**
 * Trigger functions as the session calls them; made by the API from JavaScript functions.
 */
import type { TableDef, TriggerDef } from '../catalog/schema.ts';
import type { Datum } from '../types/vector.ts';

/** One firing of a trigger. Rows are datums by table column. */
export interface TriggerFiring {
  readonly trigger: TriggerDef;
  readonly table: TableDef;
  readonly event: 'insert' | 'update' | 'delete' | 'truncate';
  readonly oldRow: readonly Datum[] | null;
  readonly newRow: readonly Datum[] | null;
  /** Transition tables, where the trigger names them. */
  readonly oldRows: readonly (readonly Datum[])[] | null;
  readonly newRows: readonly (readonly Datum[])[] | null;
}

/** Gives the row to go on with; null: skip it. Only BEFORE row triggers' answers matter. */
export interface TriggerRun {
  run(firing: TriggerFiring): readonly Datum[] | null;
}

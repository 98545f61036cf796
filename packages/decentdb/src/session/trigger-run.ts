/**
 * Trigger functions as the session calls them; made by the API from JavaScript functions.
 */
import { DecentDbError } from '../base/errors.ts';
import type { TableDef, TriggerDef } from '../catalog/schema.ts';
import type { TransitionRows } from '../exec/services.ts';
import { defaultTypeSettings } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { updateVector, updateVectorByColumn } from './text-search-triggers.ts';

/** One firing of a trigger. Rows are datums by table column. */
export interface TriggerFiring {
  readonly trigger: TriggerDef;
  readonly table: TableDef;
  readonly event: 'insert' | 'update' | 'delete' | 'truncate';
  readonly oldRow: readonly Datum[] | null;
  readonly newRow: readonly Datum[] | null;
  /** Transition tables, where the trigger names them. */
  readonly oldRows: TransitionRows | null;
  readonly newRows: TransitionRows | null;
}

/** Gives the row to go on with; null: skip it. Only BEFORE row triggers' answers matter. */
export interface TriggerRun {
  run(firing: TriggerFiring): readonly Datum[] | null;
}

/** Trigger functions PostgreSQL has built in. */
const BUILT_IN: ReadonlyMap<string, TriggerRun> = new Map([
  ['suppress_redundant_updates_trigger', { run: suppressRedundantUpdate }],
  ['tsvector_update_trigger', updateVector],
  ['tsvector_update_trigger_column', updateVectorByColumn],
]);

export function isBuiltInTrigger(name: string): boolean {
  return BUILT_IN.has(name);
}

export function builtInTrigger(name: string): TriggerRun | undefined {
  return BUILT_IN.get(name);
}

/** An UPDATE that changes nothing is not done. Equal values may be written differently (1.5 and 1.50, 0 and -0): that is a change. */
function suppressRedundantUpdate({
  table,
  trigger,
  event,
  oldRow,
  newRow,
}: TriggerFiring): readonly Datum[] | null {
  const refuse = (message: string): DecentDbError =>
    new DecentDbError('39P01', `suppress_redundant_updates_trigger: ${message}`);
  if (event !== 'update') throw refuse('must be called on update');
  if (trigger.timing !== 'before') throw refuse('must be called before update');
  if (trigger.forEach !== 'row' || oldRow === null || newRow === null)
    throw refuse('must be called for each row');
  const isSame = table.columns.every(({ type }, i) => {
    const before = oldRow[i] ?? null;
    const after = newRow[i] ?? null;
    if (before === null || after === null) return before === after;
    return (
      type.equals(before, after) &&
      type.output(before, defaultTypeSettings) === type.output(after, defaultTypeSettings)
    );
  });
  return isSame ? null : newRow;
}

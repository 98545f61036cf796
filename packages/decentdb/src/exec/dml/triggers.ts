/**
 * Triggers while a statement runs: BEFORE ones at once, AFTER ones kept for its end.
 *
 * I1  Triggers of one event fire in the order of their names (`TableDef.triggers` is sorted).
 * I2  AFTER row triggers fire in the order the rows were changed, when foreign keys have been seen to; AFTER statement
 *     triggers come last, with the transition tables.
 * I3  A table with row triggers is changed row by row: a trigger sees what the rows before it left.
 */
import { notSupported } from '../../base/errors.ts';
import type { TableDef, TriggerDef } from '../../catalog/schema.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import type { TriggerCall } from '../services.ts';
import { datumAt } from '../vectors.ts';
import { type RowEvent, TriggerRows } from './trigger-rows.ts';

/** Rows told of between looks at cancellation and at what the transaction holds. */
const ROWS_BETWEEN_RELIEF = 64;

export type { RowEvent } from './trigger-rows.ts';

type Row = readonly Datum[];

/** Whether rows of the table must be changed one at a time. */
export function hasRowTriggers(table: TableDef): boolean {
  return table.triggers.some((trigger) => trigger.enabled && trigger.forEach === 'row');
}

/** Enabled triggers of one kind, in order. `columns`: those an UPDATE sets. */
function triggersOf(
  table: TableDef,
  timing: TriggerDef['timing'],
  forEach: TriggerDef['forEach'],
  event: RowEvent,
  columns: readonly number[] | null,
): readonly TriggerDef[] {
  if (table.triggers.length === 0) return table.triggers;
  return table.triggers.filter(
    (one) =>
      one.enabled &&
      one.timing === timing &&
      one.forEach === forEach &&
      one.events.includes(event) &&
      (event !== 'update' ||
        one.updateColumns.length === 0 ||
        columns === null ||
        one.updateColumns.some((column) => columns.includes(column))),
  );
}

export function rowOf(table: TableDef, vectors: readonly Vector[], row: number): Row {
  return table.columns.map((_, column) => datumAt(vectors[column]!, row));
}

function fire(context: ExecContext, call: TriggerCall): Row | null {
  const { services } = context.statement;
  if (services?.fireTrigger === undefined) throw notSupported('a trigger on a table');
  return services.fireTrigger(call);
}

/** BEFORE row triggers: the row to go on with, null to leave it alone. For DELETE the row itself. */
export function fireBeforeRow(
  context: ExecContext,
  table: TableDef,
  event: RowEvent,
  oldRow: Row | null,
  newRow: Row | null,
  columns: readonly number[] | null,
): Row | null {
  let row = newRow ?? oldRow;
  for (const trigger of triggersOf(table, 'before', 'row', event, columns)) {
    row = fire(context, {
      trigger,
      table,
      event,
      oldRow,
      newRow: newRow === null ? null : row,
      oldRows: null,
      newRows: null,
    });
    if (row === null) return null;
  }
  return row;
}

export function fireBeforeStatement(
  context: ExecContext,
  table: TableDef,
  event: RowEvent,
  columns: readonly number[] | null,
): void {
  for (const trigger of triggersOf(table, 'before', 'statement', event, columns))
    fire(context, { trigger, table, event, oldRow: null, newRow: null, oldRows: null, newRows: null });
}

interface StatementChange {
  readonly table: TableDef;
  readonly event: RowEvent;
  readonly columns: readonly number[] | null;
}

/** Whether AFTER triggers want to know of changes of a kind. */
interface Concern extends StatementChange {
  readonly triggers: readonly TriggerDef[];
  readonly hasTransition: boolean;
}

/** What the statement did, for AFTER triggers. */
export class AfterTriggers {
  private readonly context: ExecContext;
  private rows: TriggerRows;
  private statements: StatementChange[] = [];
  private last: Concern | null = null;

  constructor(context: ExecContext) {
    this.context = context;
    this.rows = new TriggerRows(context.statement.memory);
  }

  noteRow(
    table: TableDef,
    event: RowEvent,
    old: readonly Vector[] | null,
    current: readonly Vector[] | null,
    row: number,
    columns: readonly number[] | null,
  ): void {
    const { triggers, hasTransition } = this.concernOf(table, event, columns);
    if (triggers.length === 0 && !hasTransition) return;
    this.rows.note({
      table,
      event,
      oldRow: old === null ? null : rowOf(table, old, row),
      newRow: current === null ? null : rowOf(table, current, row),
      triggers,
    });
  }

  /** What is to be told of a change; rows of one kind mostly come after each other. */
  private concernOf(table: TableDef, event: RowEvent, columns: readonly number[] | null): Concern {
    const { last } = this;
    if (last !== null && last.table === table && last.event === event && last.columns === columns)
      return last;
    const triggers = triggersOf(table, 'after', 'row', event, columns);
    const hasTransition = table.triggers.some(
      (one) => one.enabled && (one.oldTable !== null || one.newTable !== null),
    );
    this.last = { table, event, columns, triggers, hasTransition };
    return this.last;
  }

  noteStatement(table: TableDef, event: RowEvent, columns: readonly number[] | null): void {
    if (table.triggers.length > 0) this.statements.push({ table, event, columns });
  }

  finish(): void {
    const { rows, statements, context } = this;
    this.rows = new TriggerRows(context.statement.memory);
    this.statements = [];
    let told = 0;
    try {
      for (const { table, event, oldRow, newRow, triggers } of rows.changes()) {
        if (told++ % ROWS_BETWEEN_RELIEF === 0) {
          context.statement.checkCancel();
          context.statement.writeView.relieve();
        }
        for (const trigger of triggers)
          fire(context, { trigger, table, event, oldRow, newRow, ...tablesFor(rows, trigger, table, event) });
      }
      for (const { table, event, columns } of statements)
        for (const trigger of triggersOf(table, 'after', 'statement', event, columns)) {
          const tables = tablesFor(rows, trigger, table, event);
          fire(context, { trigger, table, event, oldRow: null, newRow: null, ...tables });
        }
    } finally {
      rows.clear();
    }
  }
}

function tablesFor(
  rows: TriggerRows,
  trigger: TriggerDef,
  table: TableDef,
  event: RowEvent,
): Pick<TriggerCall, 'oldRows' | 'newRows'> {
  return {
    oldRows: trigger.oldTable === null ? null : rows.transition(table, event, true),
    newRows: trigger.newTable === null ? null : rows.transition(table, event, false),
  };
}

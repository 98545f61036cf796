/** information_schema's views about views, triggers and routines, and what each of them uses. */
import type { TriggerDef, ViewDef } from '../../catalog/schema.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { shownView } from '../../sql/bind/shown-definitions.ts';
import { writableColumns } from '../../sql/bind/view-targets.ts';
import { quoteString } from '../../sql/print/quote.ts';
import type { Datum } from '../../types/vector.ts';
import { type VirtualContext, view } from './define.ts';
import { quoted } from './definitions.ts';
import { OWNER_NAME } from './object-ids.ts';

type Row = readonly Datum[];
const DB = OWNER_NAME;
const IS = 'information_schema';

const yesNo = (is: boolean): 'YES' | 'NO' => (is ? 'YES' : 'NO');

function* viewsOf({ catalog }: VirtualContext): Iterable<ViewDef> {
  for (const v of catalog.views.values()) if (v.materializedTableId === null) yield v;
}

/** Whether an INSTEAD OF trigger takes this change. */
export function hasInsteadOf(v: ViewDef, event: 'insert' | 'update' | 'delete'): boolean {
  return v.triggers.some((trigger) => trigger.timing === 'insteadOf' && trigger.events.includes(event));
}

function* viewRows(context: VirtualContext): Iterable<Row> {
  const env = context.bindEnv();
  for (const v of viewsOf(context)) {
    const writable = writableColumns(context.catalog, v);
    yield [
      DB,
      v.schema,
      v.name,
      shownView(env, v),
      v.checkOption === null ? 'NONE' : v.checkOption.toUpperCase(),
      yesNo(writable !== null && writable.size > 0),
      yesNo(writable !== null && writable.size > 0),
      yesNo(hasInsteadOf(v, 'update')),
      yesNo(hasInsteadOf(v, 'delete')),
      yesNo(hasInsteadOf(v, 'insert')),
    ];
  }
}

interface Used {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
}

function relationOf({ catalog }: VirtualContext, id: number): Used | undefined {
  return catalog.tables.get(id) ?? catalog.views.get(id);
}

function* viewTableRows(context: VirtualContext): Iterable<Row> {
  for (const v of viewsOf(context))
    for (const { id } of v.dependsOn) {
      const used = relationOf(context, id);
      if (used !== undefined) yield [DB, v.schema, v.name, DB, used.schema, used.name];
    }
}

function* viewColumnRows(context: VirtualContext): Iterable<Row> {
  for (const v of viewsOf(context))
    for (const { id, columns } of v.dependsOn) {
      const used = relationOf(context, id);
      if (used === undefined) continue;
      for (const column of new Set(columns ?? [])) {
        const name = used.columns[column]?.name;
        if (name !== undefined) yield [DB, v.schema, v.name, DB, used.schema, used.name, name];
      }
    }
}

function* viewRoutineRows(context: VirtualContext): Iterable<Row> {
  for (const v of viewsOf(context))
    for (const { id } of v.dependsOn) {
      const routine = context.catalog.routines.get(id);
      if (routine !== undefined)
        yield [DB, v.schema, v.name, DB, routine.schema, `${routine.name}_${routine.id}`];
    }
}

/** The columns every view of what a routine uses begins with. */
function* usesOfRoutines(
  context: VirtualContext,
): Iterable<{ readonly head: Row; readonly id: number; readonly columns: readonly number[] }> {
  for (const routine of context.catalog.routines.values()) {
    const head = [DB, routine.schema, `${routine.name}_${routine.id}`, DB, routine.schema, routine.name];
    for (const { id, columns } of routine.dependsOn) yield { head, id, columns: columns ?? [] };
  }
}

function* routineTableRows(context: VirtualContext): Iterable<Row> {
  for (const { head, id } of usesOfRoutines(context)) {
    const used = relationOf(context, id);
    if (used !== undefined) yield [...head, DB, used.schema, used.name];
  }
}

function* routineColumnRows(context: VirtualContext): Iterable<Row> {
  for (const { head, id, columns } of usesOfRoutines(context)) {
    const used = relationOf(context, id);
    for (const column of new Set(columns)) {
      const name = used?.columns[column]?.name;
      if (used !== undefined && name !== undefined) yield [...head, DB, used.schema, used.name, name];
    }
  }
}

function* routineSequenceRows(context: VirtualContext): Iterable<Row> {
  for (const { head, id } of usesOfRoutines(context)) {
    const sequence = context.catalog.sequences.get(id);
    if (sequence !== undefined) yield [...head, DB, sequence.schema, sequence.name];
  }
}

function* routineRoutineRows(context: VirtualContext): Iterable<Row> {
  for (const { head, id } of usesOfRoutines(context)) {
    const other = context.catalog.routines.get(id);
    if (other !== undefined) yield [...head.slice(0, 3), DB, other.schema, `${other.name}_${other.id}`];
  }
}

// --- triggers ---------------------------------------------------------------------------------------------------

const TIMINGS = { before: 'BEFORE', after: 'AFTER', insteadOf: 'INSTEAD OF' } as const;
const EVENTS = ['insert', 'delete', 'update'] as const;

interface Triggered {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
  readonly triggers: readonly TriggerDef[];
}

function* triggeredRelations({ catalog }: VirtualContext): Iterable<Triggered> {
  yield* catalog.tables.values();
  yield* catalog.views.values();
}

/** One row an event; TRUNCATE is no event of the standard. */
function* triggerRows(context: VirtualContext): Iterable<Row> {
  for (const owner of triggeredRelations(context))
    for (const trigger of owner.triggers)
      for (const event of EVENTS) {
        if (!trigger.events.includes(event)) continue;
        yield [
          DB,
          owner.schema,
          trigger.name,
          event.toUpperCase(),
          DB,
          owner.schema,
          owner.name,
          orderOf(owner, trigger, event),
          trigger.whenSql === null ? null : `(${trigger.whenSql})`,
          `EXECUTE FUNCTION ${quoted(trigger.functionName)}(${trigger.args.map(quoteString).join(', ')})`,
          trigger.forEach === 'row' ? 'ROW' : 'STATEMENT',
          TIMINGS[trigger.timing],
          trigger.oldTable,
          trigger.newTable,
          null,
          null,
          null,
        ];
      }
}

/** Place among the triggers of the same event, time and level, by name: the order they fire in. */
function orderOf(owner: Triggered, trigger: TriggerDef, event: (typeof EVENTS)[number]): number {
  return owner.triggers.filter(
    (other) =>
      other.timing === trigger.timing &&
      other.forEach === trigger.forEach &&
      other.events.includes(event) &&
      other.name <= trigger.name,
  ).length;
}

function* triggerColumnRows(context: VirtualContext): Iterable<Row> {
  for (const owner of triggeredRelations(context))
    for (const trigger of owner.triggers)
      for (const column of trigger.updateColumns)
        yield [
          DB,
          owner.schema,
          trigger.name,
          DB,
          owner.schema,
          owner.name,
          owner.columns[column]?.name ?? '?',
        ];
}

const ROUTINE_USE =
  'specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name, routine_name name';
const TABLE = 'table_catalog name, table_schema name, table_name name';
const VIEW = 'view_catalog name, view_schema name, view_name name';

export const informationViewViews: readonly VirtualTable[] = [
  view(
    IS,
    'views',
    `${TABLE}, view_definition text, check_option varchar, is_updatable varchar, is_insertable_into varchar, is_trigger_updatable varchar, is_trigger_deletable varchar, is_trigger_insertable_into varchar`,
    viewRows,
  ),
  view(IS, 'view_table_usage', `${VIEW}, ${TABLE}`, viewTableRows),
  view(IS, 'view_column_usage', `${VIEW}, ${TABLE}, column_name name`, viewColumnRows),
  view(
    IS,
    'view_routine_usage',
    `${TABLE}, specific_catalog name, specific_schema name, specific_name name`,
    viewRoutineRows,
  ),
  view(IS, 'routine_table_usage', `${ROUTINE_USE}, ${TABLE}`, routineTableRows),
  view(IS, 'routine_column_usage', `${ROUTINE_USE}, ${TABLE}, column_name name`, routineColumnRows),
  view(
    IS,
    'routine_sequence_usage',
    `${ROUTINE_USE}, sequence_catalog name, sequence_schema name, sequence_name name`,
    routineSequenceRows,
  ),
  view(
    IS,
    'routine_routine_usage',
    'specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name, routine_name name',
    routineRoutineRows,
  ),
  view(
    IS,
    'triggers',
    'trigger_catalog name, trigger_schema name, trigger_name name, event_manipulation varchar, event_object_catalog name, event_object_schema name, event_object_table name, action_order int4, action_condition text, action_statement text, action_orientation varchar, action_timing varchar, action_reference_old_table name, action_reference_new_table name, action_reference_old_row name, action_reference_new_row name, created timestamptz',
    triggerRows,
  ),
  view(
    IS,
    'triggered_update_columns',
    'trigger_catalog name, trigger_schema name, trigger_name name, event_object_catalog name, event_object_schema name, event_object_table name, event_object_column name',
    triggerColumnRows,
  ),
];

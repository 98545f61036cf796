/**
 * A view in the shape of a table: what INSTEAD OF triggers, the statements that fire them and defaults of its columns work with.
 *
 * I1  It has the view's id and columns, and no storage: its root is page 0, which no tree has.
 */
import type { PageNo } from '../base/ids.ts';
import { plainColumn } from './plain-column.ts';
import type { TableDef, TriggerDef, ViewDef } from './schema.ts';

const made = new WeakMap<ViewDef, TableDef>();

export function viewAsTable(view: ViewDef): TableDef {
  let table = made.get(view);
  if (table === undefined) {
    table = {
      id: view.id,
      schema: view.schema,
      name: view.name,
      columns: view.columns.map(({ name, type, typmod, defaultSql = null, sequenceId = null }, i) => ({
        ...plainColumn(name, i + 1, type, typmod),
        defaultSql,
        sequenceId,
      })),
      root: 0 as PageNo,
      rowIdColumn: -1,
      constraints: [],
      indexes: [],
      triggers: view.triggers,
      isTemporary: view.isTemporary,
      onCommit: 'preserve',
      comment: null,
      version: view.version,
    };
    made.set(view, table);
  }
  return table;
}

export type RowEvent = 'insert' | 'update' | 'delete';

/** INSTEAD OF triggers for an event, in the order they fire. */
export function insteadOfTriggers(view: ViewDef, event: RowEvent): readonly TriggerDef[] {
  return view.triggers.filter(
    (one) => one.enabled && one.timing === 'insteadOf' && one.events.includes(event),
  );
}

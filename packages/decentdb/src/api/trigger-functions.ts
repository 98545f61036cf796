/**
 * Trigger functions in JavaScript: what they are given, and what their answer means.
 *
 * I1  A BEFORE row trigger answers with the row to write (an object with all or some columns), null to skip the row, or
 *     undefined to go on with `new` as it is then: changing `event.new` in place works too. Other answers do not matter.
 * I2  `event.query` runs inside the statement's transaction and may change data.
 * I3  Transition tables are made when a function looks at one, and can be only while it runs.
 */
import { DecentDbError } from '../base/errors.ts';
import type { TransitionRows } from '../exec/services.ts';
import { callFunction } from '../session/function-calls.ts';
import type { TriggerFiring, TriggerRun } from '../session/trigger-run.ts';
import type { Datum } from '../types/vector.ts';
import type { Database } from './database.ts';
import type { Result, Row } from './result.ts';
import type { UserFunction } from './user-functions.ts';

/** What a trigger function is given. */
export interface TriggerEvent {
  readonly op: 'insert' | 'update' | 'delete' | 'truncate';
  readonly when: 'before' | 'after' | 'insteadOf';
  readonly level: 'row' | 'statement';
  readonly trigger: string;
  readonly table: string;
  readonly schema: string;
  /** The row as it was; null for INSERT and statement triggers. */
  readonly old: Row | null;
  /** The row as it will be or is; null for DELETE and statement triggers. */
  readonly new: Row | null;
  /** Arguments written in CREATE TRIGGER. */
  readonly args: readonly string[];
  /** Transition tables (REFERENCING), by the names the trigger gave them. Each is made when it is looked at first, while the trigger runs. */
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  query(sql: string, params?: readonly unknown[]): Result<Row>;
}

export function triggerRun(db: Database, name: string, fn: UserFunction): TriggerRun {
  return {
    run(firing) {
      const event = eventOf(db, firing);
      const given = { ...(event.new ?? event.old) };
      const answer = callFunction(
        db.session,
        name,
        () => (fn as (event: TriggerEvent) => unknown)(event),
        true,
      );
      if (answer === null) return null;
      return datumsOf(db, firing, (answer ?? event.new) as Row | null, given);
    },
  };
}

function eventOf(db: Database, firing: TriggerFiring): TriggerEvent {
  const { trigger, table, event, oldRow, newRow, oldRows, newRows } = firing;
  const tables: Record<string, readonly Row[]> = {};
  const add = (name: string | null, rows: TransitionRows | null): void => {
    if (name === null || rows === null) return;
    // Made when they are looked at (I3).
    let made: readonly Row[] | null = null;
    const get = (): readonly Row[] =>
      (made ??= Array.from(rows.all(), (row) => rowOf(db, firing, row) as Row));
    Object.defineProperty(tables, name, { get, enumerable: true, configurable: true });
  };
  add(trigger.oldTable, oldRows);
  add(trigger.newTable, newRows);
  return {
    op: event,
    when: trigger.timing,
    level: trigger.forEach,
    trigger: trigger.name,
    table: table.name,
    schema: table.schema,
    old: rowOf(db, firing, oldRow),
    new: rowOf(db, firing, newRow),
    args: trigger.args,
    tables,
    query: (sql, params = []) => db.query<Row>(sql, params),
  };
}

function rowOf(db: Database, { table }: TriggerFiring, row: readonly Datum[] | null): Row | null {
  if (row === null) return null;
  const js = db.jsOptions();
  const made: Row = {};
  for (const [i, { name, type, isDropped }] of table.columns.entries()) {
    if (isDropped) continue;
    const value = row[i] ?? null;
    Object.defineProperty(made, name, {
      value: value === null ? null : type.toJs(value, js),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return made;
}

/** The row as datums: columns the answer does not have keep their value. */
function datumsOf(db: Database, firing: TriggerFiring, row: Row | null, given: Row): readonly Datum[] | null {
  const base = firing.newRow ?? firing.oldRow;
  if (row === null || base === null) return base;
  const { table, trigger } = firing;
  for (const name of Object.keys(row)) {
    if (table.columns.some((column) => column.name === name && !column.isDropped)) continue;
    throw new DecentDbError(
      '42703',
      `trigger "${trigger.name}" returned column "${name}", which "${table.name}" has not`,
    );
  }
  return table.columns.map((column, i): Datum => {
    const { name, type, typmod, isDropped } = column;
    if (isDropped || !Object.hasOwn(row, name)) return base[i] ?? null;
    const value = row[name];
    if (value === given[name]) return base[i] ?? null;
    if (value === null || value === undefined) return null;
    const datum = type.fromJs(value, db.session.settings.types);
    return typmod === -1 ? datum : type.applyTypmod(datum, typmod, false);
  });
}

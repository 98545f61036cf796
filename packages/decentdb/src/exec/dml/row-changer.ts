/**
 * Updates and deletes rows given by row id: what UPDATE, DELETE, MERGE and foreign key actions do with the rows they found.
 *
 * I1  Row ids are distinct within a call and were collected before it: nothing here reads what it writes (Halloween).
 * I2  Rows that are gone already are skipped.
 */

import { DecentDbError } from '../../base/errors.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import { denseColumn } from '../compile/project-program.ts';
import { visitExpr } from '../compile/shape.ts';
import type { ExecContext, StatementGuard } from '../context.ts';
import type { IndexTarget, Slot, WriteTarget } from '../physical.ts';
import { RowFetcher } from '../storage/row-fetcher.ts';
import { tableTree } from '../storage/stored-trees.ts';
import { datumAt } from '../vectors.ts';
import type { ForeignKeyEnforcer } from './foreign-keys.ts';
import { conformed, layoutColumns, layoutSlots, vectorsOfRows } from './row-batch.ts';
import { staysInside } from './row-mover.ts';
import { TableWriter } from './table-writer.ts';
import { fireBeforeRow, hasRowTriggers, rowOf } from './triggers.ts';

/** Rows handled at once. */
export const CHANGE_ROWS = 1024;

/** Rows as they were and as they are; either may be missing. `kept` are the row numbers that were changed. */
export interface ChangedRows {
  readonly old: Vector[];
  readonly current: Vector[] | null;
  readonly count: number;
}

export class RowChanger {
  readonly target: WriteTarget;
  readonly writer: TableWriter;
  private readonly context: ExecContext;
  /** Row triggers are there: changes come one row at a time. */
  readonly isRowByRow: boolean;
  /** Set: a call checks all its rows, says so here, and only then writes. */
  guard: StatementGuard | null = null;
  /** Set: rows that leave their partition go on through it, one row at a time. */
  mover: { insert(row: readonly Vector[]): readonly Vector[] | null } | null = null;
  /** Of the last `updateRows`: the row as the mover gives it, null when it stayed or was kept. */
  moved: readonly Vector[] | null = null;
  private readonly slots: readonly Slot[];
  private readonly fetcher: RowFetcher;

  /** `changed`: only indexes that depend on these columns are looked after; null: all. */
  constructor(target: WriteTarget, context: ExecContext, changed: readonly number[] | null = null) {
    this.isRowByRow = hasRowTriggers(target.table);
    // A trigger may change any column.
    const affected = changed === null || this.isRowByRow ? target : narrowed(target, changed);
    this.target = target;
    this.context = context;
    this.writer = new TableWriter(affected, context);
    this.slots = layoutSlots(target.table);
    this.fetcher = new RowFetcher(
      target.table,
      layoutColumns(target.table),
      this.slots,
      context.statement.latest,
    );
  }

  /** The rows among `rowIds` that exist, in row layout. */
  existing(rowIds: readonly Datum[]): { readonly vectors: Vector[]; readonly count: number } {
    const tree = tableTree(this.target.table);
    const { latest } = this.context.statement;
    const ids = rowIds.filter((id) => tree.get(latest, [id], tree.duplicate));
    return { vectors: this.fetch(ids), count: ids.length };
  }

  /** Rows by id, all of them there. Virtual columns are computed. */
  fetch(rowIds: readonly Datum[]): Vector[] {
    // With row triggers there is one row at a time: that of a row before may have deleted it.
    if (this.isRowByRow && rowIds.length === 1) this.checkThere(rowIds[0]!);
    const batch = this.fetcher.fetch(rowIds, rowIds.length);
    const vectors = this.slots.map((_, i) => denseColumn(batch, i));
    this.writer.fillVirtual(vectors, rowIds.length);
    return vectors;
  }

  private checkThere(rowId: Datum): void {
    const tree = tableTree(this.target.table);
    if (tree.get(this.context.statement.latest, [rowId], tree.duplicate)) return;
    throw new DecentDbError(
      '27000',
      'tuple to be updated was already modified by an operation triggered by the current command',
      {
        hint: 'Consider using an AFTER trigger instead of a BEFORE trigger to propagate changes to other rows.',
      },
    );
  }

  get rowsAtOnce(): number {
    return this.isRowByRow || this.mover !== null ? 1 : CHANGE_ROWS;
  }

  /** Deletes rows; `enforcer` is told. */
  delete(rowIds: readonly Datum[], enforcer: ForeignKeyEnforcer | null): void {
    const { rowsAtOnce } = this;
    for (let from = 0; from < rowIds.length; from += rowsAtOnce) {
      const { vectors, count } = this.existing(distinct(rowIds.slice(from, from + rowsAtOnce)));
      this.deleteRows(vectors, count, enforcer);
    }
  }

  /** Deletes rows whose old values are at hand; `moved`: to be inserted elsewhere like that. False when a trigger kept the row. */
  deleteRows(
    vectors: Vector[],
    count: number,
    enforcer: ForeignKeyEnforcer | null,
    moved: readonly Vector[] | null = null,
  ): boolean {
    const { writer } = this;
    if (this.isRowByRow && count === 1) {
      const { table } = this.target;
      const old = rowOf(table, vectors, 0);
      if (fireBeforeRow(this.context, table, 'delete', old, null, null) === null) return false;
    }
    const entries = writer.target.indexes.map((index) => writer.indexValues(index, vectors, count));
    this.guard?.rely();
    for (let i = 0; i < count; i++) {
      if (!writer.deleteRow(vectors, entries, i)) continue;
      if (moved === null) enforcer?.deleted(this.target, vectors, i);
      else enforcer?.moved(this.target, vectors, moved, i);
    }
    return true;
  }

  /** Sets `columns` of each row to its values. */
  update(
    rowIds: readonly Datum[],
    columns: readonly number[],
    values: readonly (readonly Datum[])[],
    enforcer: ForeignKeyEnforcer | null,
  ): void {
    const slots = columns.map((column) => this.slots[column]!);
    const { rowsAtOnce } = this;
    for (let from = 0; from < rowIds.length; from += rowsAtOnce) {
      const ids = rowIds.slice(from, from + rowsAtOnce);
      const set = vectorsOfRows(slots, values.slice(from, from + rowsAtOnce));
      this.updateRows(this.fetch(ids), columns, set, ids.length, enforcer);
    }
  }

  /** Updates rows from `old`, setting `columns` to the dense vectors `set`. Returns the new rows; null when a trigger kept the row. */
  updateRows(
    old: Vector[],
    columns: readonly number[],
    set: readonly Vector[],
    count: number,
    enforcer: ForeignKeyEnforcer | null,
  ): Vector[] | null {
    const { writer, target } = this;
    const { table } = target;
    this.moved = null;
    let current = [...old];
    columns.forEach((column, k) => {
      current[column] = conformed(set[k]!, this.slots[column]!.type.physical, count);
    });
    if (table.rowIdColumn >= 0) current[table.columns.length] = current[table.rowIdColumn]!;
    let changed = [...columns, ...target.generated.map((one) => one.column)];
    if (this.isRowByRow && count === 1) {
      const before = rowOf(table, old, 0);
      const row = fireBeforeRow(this.context, table, 'update', before, rowOf(table, current, 0), columns);
      if (row === null) return null;
      const rowId = table.rowIdColumn >= 0 ? row[table.rowIdColumn]! : datumAt(old[table.columns.length]!, 0);
      current = vectorsOfRows(this.slots, [[...row, rowId]]);
      changed = table.columns.map((_, column) => column);
    }
    if (this.mover !== null && !staysInside(target, current, this.context)) {
      if (this.deleteRows(old, 1, enforcer, current)) this.moved = this.mover.insert(current);
      return null;
    }
    const rows = writer.prepare(current, count);
    if (rows.failure !== null && this.guard !== null) throw rows.failure;
    const oldEntries = writer.target.indexes.map((index) => writer.indexValues(index, old, count));
    this.guard?.rely();
    for (let i = 0; i < rows.failedRow; i++) {
      writer.updateRow(old, oldEntries, rows, i, changed);
      enforcer?.updated(target, old, rows.vectors, i, columns);
    }
    if (rows.failure !== null) throw rows.failure;
    return rows.vectors;
  }
}

function distinct(rowIds: readonly Datum[]): readonly Datum[] {
  return [...new Set(rowIds)];
}

/** The target without the indexes that changes of these columns cannot touch. */
function narrowed(target: WriteTarget, changed: readonly number[]): WriteTarget {
  const { table } = target;
  if (changed.includes(table.rowIdColumn)) return target;
  const touched = new Set([
    ...changed,
    ...target.generated.map((g) => g.column),
    ...target.virtual.map((v) => v.column),
  ]);
  return { ...target, indexes: target.indexes.filter((index) => dependsOn(index, touched)) };
}

/** Whether an index looks at one of the columns. */
export function dependsOn(index: IndexTarget, touched: ReadonlySet<number>): boolean {
  if (index.index.include.some((column) => touched.has(column))) return true;
  const exprs = index.predicate === null ? index.keys : [...index.keys, index.predicate];
  let depends = false;
  for (const expr of exprs) {
    visitExpr(expr, (node) => {
      if (node.kind === 'slot' && touched.has(node.slot)) depends = true;
    });
  }
  return depends;
}

/**
 * Foreign keys of one row: each key must exist in the table it refers to, looked up before the row is written.
 *
 * I1  Only for keys without MATCH FULL, into tables without partitions, of the same types on both sides; the rest is the business of dml/foreign-keys.ts.
 * I2  A key into its own table may refer to the row it is in.
 * I3  Keys that wait for the end of the transaction are noted here, and handed on when all rows are written.
 */
import type { ForeignKeyConstraint, TableDef } from '../../catalog/schema.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { ReadView } from '../../txn/page-view.ts';
import { missingParent } from '../dml/constraint-errors.ts';
import { keyConversion } from '../dml/key-conversion.ts';
import { KeyLookup } from '../dml/key-lookup.ts';
import type { WriteTarget } from '../physical.ts';
import type { DeferredCheck } from '../services.ts';
import type { DatumRow, PointContext } from './datum-row.ts';

interface ParentKey {
  readonly constraint: ForeignKeyConstraint;
  readonly parent: TableDef;
  lookup: KeyLookup | null;
}

export class ParentKeys {
  private readonly table: TableDef;
  private readonly keys: readonly ParentKey[];
  private view: ReadView | null = null;
  private readonly waiting: DeferredCheck[] = [];

  private constructor(table: TableDef, keys: readonly ParentKey[]) {
    this.table = table;
    this.keys = keys;
  }

  /** Of the foreign keys that columns in `written` are part of (null: all); null when one of them is not for single rows. */
  static of(
    target: WriteTarget,
    written: ReadonlySet<number> | null,
    context: EvalContext,
  ): ParentKeys | null {
    const keys: ParentKey[] = [];
    for (const { constraint, target: parent } of target.foreignKeys) {
      if (written !== null && !constraint.columns.some((column) => written.has(column))) continue;
      if (constraint.match === 'full' || parent.partitionKey !== undefined) return null;
      const own = constraint.columns.map((column) => target.table.columns[column]!);
      const theirs = constraint.targetColumns.map((column) => parent.columns[column]!);
      if (keyConversion(own, theirs, context) !== null) return null;
      keys.push({ constraint, parent, lookup: null });
    }
    return new ParentKeys(target.table, keys);
  }

  get count(): number {
    return this.keys.length;
  }

  /** Whether a row may refer to another row of its table. */
  get isWithinTable(): boolean {
    return this.keys.some((key) => key.parent.id === this.table.id);
  }

  /** Whether a check may be left for the end of the transaction. */
  get mayWait(): boolean {
    return this.keys.some((key) => key.constraint.deferrable);
  }

  /** Forgets what a statement that failed noted. */
  begin(): void {
    if (this.waiting.length > 0) this.waiting.length = 0;
  }

  /** When all rows are written (I3). */
  finish(context: PointContext): void {
    if (this.waiting.length === 0) return;
    for (const check of this.waiting) context.services!.defer(check.constraintId, check);
    this.waiting.length = 0;
  }

  /** Columns the keys are made of. */
  get columns(): number[] {
    return this.keys.flatMap((key) => [...key.constraint.columns]);
  }

  /** 23503 when a key has no row to refer to. `old`: keys that are as they were there are not looked up. */
  check(view: ReadView, row: DatumRow, old: DatumRow | null, context: PointContext): void {
    for (const key of this.keys) {
      const { constraint, parent } = key;
      const values = constraint.columns.map((column) => row.get(column));
      if (values.includes(null)) continue;
      if (old !== null && constraint.columns.every((column, i) => old.get(column) === values[i])) continue;
      if (constraint.deferrable && context.services!.isDeferred(constraint.id)) {
        this.wait(constraint.id, row);
        continue;
      }
      if (parent.id === this.table.id && constraint.targetColumns.every((at, i) => row.get(at) === values[i]))
        continue;
      if (this.view !== view) this.forget(view);
      key.lookup ??= new KeyLookup(parent, constraint.targetColumns, view);
      if (key.lookup.has(values)) continue;
      const { typeSettings } = context.eval;
      throw missingParent(this.table, constraint.name, constraint.columns, values, parent, typeSettings);
    }
  }

  private wait(constraintId: number, row: DatumRow): void {
    const { table } = this;
    const rowIds = [row.get(table.columns.length) as number | bigint];
    this.waiting.push({ constraintId, tableId: table.id, rowIds });
  }

  private forget(view: ReadView): void {
    this.view = view;
    for (const key of this.keys) key.lookup = null;
  }
}

/** Whether other tables' foreign keys refer to one of these columns (null: to any). */
export function isReferredTo(target: WriteTarget, columns: ReadonlySet<number> | null): boolean {
  return target.referencedBy.some(
    ({ constraint }) => columns === null || constraint.targetColumns.some((column) => columns.has(column)),
  );
}

/**
 * Foreign keys of one row: each key must exist in the table it refers to, looked up before the row is written.
 *
 * I1  Only for keys checked at the end of their statement, without MATCH FULL, of the same types on both sides and into
 *     another table: a statement of one row changes nothing in between. The rest is the business of dml/foreign-keys.ts.
 */
import type { ForeignKeyConstraint, TableDef } from '../../catalog/schema.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { ReadView } from '../../txn/page-view.ts';
import { missingParent } from '../dml/constraint-errors.ts';
import { keyConversion } from '../dml/key-conversion.ts';
import { KeyLookup } from '../dml/key-lookup.ts';
import type { WriteTarget } from '../physical.ts';
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
      if (constraint.deferrable || constraint.match === 'full' || parent.id === target.table.id) return null;
      const own = constraint.columns.map((column) => target.table.columns[column]!.type);
      const theirs = constraint.targetColumns.map((column) => parent.columns[column]!.type);
      if (keyConversion(own, theirs, context) !== null) return null;
      keys.push({ constraint, parent, lookup: null });
    }
    return new ParentKeys(target.table, keys);
  }

  get count(): number {
    return this.keys.length;
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
      if (this.view !== view) this.forget(view);
      key.lookup ??= new KeyLookup(parent, constraint.targetColumns, view);
      if (key.lookup.has(values)) continue;
      const { typeSettings } = context.eval;
      throw missingParent(this.table, constraint.name, constraint.columns, values, parent, typeSettings);
    }
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

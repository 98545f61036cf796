/**
 * Writes the changed columns of one row found, and moves its index entries.
 *
 * I1  Foreign keys and unique keys are checked before the first write.
 */
import { storedPosition } from '../../catalog/schema.ts';
import type { Tree } from '../../tree/tree.ts';
import type { TreePosition } from '../../tree/tree-position.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import type { DatumRow, PointContext } from './datum-row.ts';
import type { ParentKeys } from './parent-keys.ts';
import { indexColumns, type RowRules } from './row-rules.ts';

export class RowWrite {
  /** Columns written: those set and those generated. */
  readonly written: readonly number[];
  /** Indexes the written columns touch. */
  readonly touched: readonly number[];
  private readonly rules: RowRules;
  private readonly parents: ParentKeys;
  private readonly positions: readonly number[];

  constructor(rules: RowRules, columns: readonly number[], parents: ParentKeys) {
    const { target } = rules;
    this.rules = rules;
    this.parents = parents;
    this.written = [...columns, ...target.generated.map((one) => one.column)];
    this.positions = this.written.map((column) => storedPosition(target.table, column));
    const changed = new Set([...this.written, ...target.virtual.map((one) => one.column)]);
    this.touched = target.indexes.flatMap((_, k) => {
      const needed = indexColumns(target, k);
      return [...needed].some((column) => changed.has(column)) ? [k] : [];
    });
  }

  /** `current` has passed its checks; `old` is read only for touched indexes and foreign keys. */
  run(
    view: WriteView,
    tree: Tree,
    position: TreePosition,
    old: DatumRow,
    current: DatumRow,
    context: PointContext,
  ): void {
    const { rules, touched, parents } = this;
    const moves: { readonly k: number; readonly before: Datum[] | null; readonly after: Datum[] | null }[] =
      [];
    const writers = touched.length === 0 ? [] : rules.writersFor(view);
    const rowId = old.get(rules.target.table.columns.length);
    for (const k of touched) {
      const before = rules.entry(k, old, context);
      const after = rules.entry(k, current, context);
      if (before !== null && after !== null && before.every((value, i) => value === after[i])) continue;
      if (after !== null && writers[k]!.findConflict(after, rowId) !== null)
        throw writers[k]!.violation(after, context.eval.typeSettings);
      moves.push({ k, before, after });
    }
    if (parents.count > 0) parents.check(view, current, old, context);
    const values = this.written.map((column) => current.get(column));
    tree.updateAt(view, position, this.positions, values);
    for (const { k, before } of moves) if (before !== null) writers[k]!.delete(before);
    for (const { k, after } of moves) if (after !== null) writers[k]!.insert(after);
  }
}

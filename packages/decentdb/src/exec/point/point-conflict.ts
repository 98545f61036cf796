/**
 * ON CONFLICT for one row: looks for the row that has its key and, for DO UPDATE, changes that.
 *
 * I1  The changed row is checked whole before anything is written, as in point-insert.ts.
 * I2  Expressions see the proposed row (EXCLUDED), then the row that is there: physical/write.ts.
 */
import { storedPosition } from '../../catalog/schema.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import { asksBounds } from '../dml/row-shape.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { InsertNode } from '../physical.ts';
import { tableTree } from '../storage/stored-trees.ts';
import { DatumRow, type PointContext } from './datum-row.ts';
import { isReferredTo, ParentKeys } from './parent-keys.ts';
import { isSimple } from './point-plan.ts';
import type { PointReturning } from './point-returning.ts';
import type { RowRules } from './row-rules.ts';
import { RowWrite } from './row-write.ts';

type Conflict = NonNullable<InsertNode['onConflict']>;

export class PointConflict {
  private readonly tree: Tree;
  private readonly rules: RowRules;
  private readonly arbiters: readonly number[];
  private readonly columns: readonly number[];
  private readonly evaluators: readonly Evaluator[];
  private readonly where: Evaluator | null;
  readonly isUpdate: boolean;
  private readonly position: TreePosition = new TreePosition();
  private readonly key: Datum[] = [null];
  /** Proposed row, then the row there. */
  private readonly both: DatumRow;
  private readonly old: DatumRow;
  private readonly current: DatumRow;
  private readonly write: RowWrite;

  private constructor(node: InsertNode, conflict: Conflict, rules: RowRules, parents: ParentKeys) {
    const { target } = node;
    const width = target.table.columns.length + 1;
    this.tree = tableTree(target.table);
    this.rules = rules;
    this.arbiters = conflict.arbiters;
    this.isUpdate = conflict.action === 'update';
    this.columns = conflict.set.map((one) => one.column);
    this.evaluators = conflict.set.map((one) => evaluatorOf(one.expr));
    this.where = conflict.where === null ? null : evaluatorOf(conflict.where);
    this.both = new DatumRow(width * 2);
    this.old = new DatumRow(width);
    this.current = new DatumRow(width);
    this.write = new RowWrite(rules, this.columns, parents);
  }

  /** Null when the clause is not for single rows. */
  static of(node: InsertNode, rules: RowRules, evalContext: EvalContext): PointConflict | null {
    const conflict = node.onConflict;
    if (conflict === null) return null;
    const { table, generated, virtual } = node.target;
    // Virtual columns of the row that is there are not computed here.
    if (virtual.length > 0) return null;
    const written = new Set([...conflict.set, ...generated].map((one) => one.column));
    if (written.has(table.rowIdColumn) || isReferredTo(node.target, written)) return null;
    // A row that would leave its partition is refused there, in other words.
    if (conflict.action === 'update' && asksBounds(node.target, written)) return null;
    if (conflict.where !== null && !isSimple(conflict.where)) return null;
    for (const { column, expr } of conflict.set)
      if (!isSimple(expr) || expr.type.physical !== table.columns[column]!.type.physical) return null;
    const parents = ParentKeys.of(node.target, written, evalContext);
    return parents === null ? null : new PointConflict(node, conflict, rules, parents);
  }

  get mayWait(): boolean {
    return this.write.parents.mayWait;
  }

  /**
   * Rows changed in place of inserting `row`: 0 or 1; -1 when nothing is in its way. `isChosen`: its row id was given.
   */
  resolve(
    view: WriteView,
    row: DatumRow,
    entries: readonly (Datum[] | null)[],
    isChosen: boolean,
    context: PointContext,
    returning: PointReturning | null,
  ): number {
    const rowId = this.conflicting(view, row, entries, isChosen);
    if (rowId === null) return -1;
    return this.isUpdate ? this.update(view, row, rowId, context, returning) : 0;
  }

  /** Whether the clause asks about that index; -1: about the row id. */
  isArbiter(indexId: number): boolean {
    return this.arbiters.length === 0 || this.arbiters.includes(indexId);
  }

  private conflicting(
    view: WriteView,
    row: DatumRow,
    entries: readonly (Datum[] | null)[],
    isChosen: boolean,
  ): Datum {
    const { rules, key } = this;
    const { indexes, table } = rules.target;
    if (isChosen && this.isArbiter(-1)) {
      key[0] = row.get(table.columns.length);
      if (this.tree.has(view, key)) return key[0]!;
    }
    const writers = rules.writersFor(view);
    for (let k = 0; k < writers.length; k++) {
      const { index } = indexes[k]!;
      if (!index.unique || !this.isArbiter(index.id)) continue;
      const entry = entries[k]!;
      const other = entry === null ? null : writers[k]!.findConflict(entry, null);
      if (other !== null) return other;
    }
    return null;
  }

  private update(
    view: WriteView,
    row: DatumRow,
    rowId: Datum,
    context: PointContext,
    returning: PointReturning | null,
  ): number {
    const { both, old, current, columns, evaluators, position, key, tree, rules } = this;
    const { table } = rules.target;
    const width = table.columns.length + 1;
    key[0] = rowId;
    if (!tree.get(view, key, position)) return 0;
    for (let column = 0; column < width; column++) {
      const value =
        column === width - 1
          ? rowId
          : tree.datum(view, position.leaf!, position.index, storedPosition(table, column));
      both.set(column, row.get(column));
      both.set(width + column, value);
      old.set(column, value);
      current.set(column, value);
    }
    if (this.where !== null && both.evaluate(this.where, context) !== true) return 0;
    for (let i = 0; i < columns.length; i++) current.set(columns[i]!, both.evaluate(evaluators[i]!, context));
    rules.check(current, context);
    this.write.parents.begin();
    const change = this.write.check(view, old, current, context);
    returning?.add(current, old, context);
    this.write.write(view, tree, position, change);
    this.write.parents.finish(context);
    return 1;
  }
}

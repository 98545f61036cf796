/**
 * ON CONFLICT for one row: looks for the row that has its key and, for DO UPDATE, changes that.
 *
 * I1  The changed row is checked whole before anything is written, as in point-insert.ts.
 * I2  Expressions see the proposed row (EXCLUDED), then the row that is there: physical/write.ts.
 * I3  Of the row that is there only columns that expressions, checks, touched indexes and RETURNING look at are read.
 */

import { storedPosition } from '../../catalog/schema.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import type { Datum } from '../../types/vector.ts';
import { asksBounds } from '../dml/row-shape.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { InsertNode } from '../physical.ts';
import { tableTree } from '../storage/stored-trees.ts';
import { DatumRow, type PointContext } from './datum-row.ts';
import { isReferredTo, ParentKeys } from './parent-keys.ts';
import { isSimple, slotsOf } from './point-plan.ts';
import type { PointReturning } from './point-returning.ts';
import { RowRules } from './row-rules.ts';
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
  private readonly key: Datum[] = datumList(1);
  /** Proposed row, then the row there. */
  private readonly both: DatumRow;
  private readonly old: DatumRow;
  private readonly current: DatumRow;
  private readonly write: RowWrite;
  /** What must hold of the changed columns. */
  private readonly changeRules: RowRules;
  /** Columns of the proposed and of the old row that expressions read, and those that checks and indexes look at (I3). */
  private readonly proposedSlots: readonly number[];
  private readonly storedSlots: readonly number[];
  private readonly needed: readonly number[];

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
    this.changeRules = new RowRules(target, new Set(this.write.written));
    const exprs = conflict.set.map((one) => one.expr);
    const slots = slotsOf(conflict.where === null ? exprs : [...exprs, conflict.where]);
    this.proposedSlots = slots.filter((slot) => slot < width);
    this.storedSlots = slots.filter((slot) => slot >= width).map((slot) => slot - width);
    const returned = node.returning === null ? [] : slotsOf(node.returning).map((slot) => slot % width);
    const needed = new Set([...this.changeRules.inputs(), ...this.write.inputs(), ...returned]);
    this.needed = [...needed].filter((column) => column < width - 1);
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
    const { both, old, current, columns, evaluators, position, key, tree, needed } = this;
    const { proposedSlots, storedSlots } = this;
    const width = this.rules.rowIdSlot + 1;
    key[0] = rowId;
    if (!tree.get(view, key, position)) return 0;
    for (let i = 0; i < proposedSlots.length; i++) both.set(proposedSlots[i]!, row.get(proposedSlots[i]!));
    for (let i = 0; i < storedSlots.length; i++)
      both.set(width + storedSlots[i]!, this.stored(view, storedSlots[i]!));
    if (this.where !== null && both.evaluate(this.where, context) !== true) return 0;
    for (let i = 0; i < needed.length; i++) {
      const value = this.stored(view, needed[i]!);
      old.set(needed[i]!, value);
      current.set(needed[i]!, value);
    }
    old.set(width - 1, rowId);
    current.set(width - 1, rowId);
    for (let i = 0; i < columns.length; i++) current.set(columns[i]!, both.evaluate(evaluators[i]!, context));
    if (!this.changeRules.passes(current, context)) this.fail(view, context);
    this.write.parents.begin();
    const change = this.write.check(view, old, current, context);
    returning?.add(current, old, context);
    this.write.write(view, tree, position, change);
    this.write.parents.finish(context);
    return 1;
  }

  /** A column of the row found; behind the last, its row id. */
  private stored(view: WriteView, column: number): Datum {
    const { table } = this.rules.target;
    const { leaf, index } = this.position;
    return column === table.columns.length
      ? this.key[0]!
      : this.tree.datum(view, leaf!, index, storedPosition(table, column));
  }

  /** Throws what is wrong with the changed row, all of whose columns go into the message. */
  private fail(view: WriteView, context: PointContext): never {
    const { current, needed, write, changeRules } = this;
    const set = new Set([...write.written, ...needed]);
    for (let column = 0; column < changeRules.target.table.columns.length; column++)
      if (!set.has(column)) current.set(column, this.stored(view, column));
    throw changeRules.failure(current, context);
  }
}

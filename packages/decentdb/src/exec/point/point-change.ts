/**
 * Updating or deleting the few rows that have some row ids, share a key of an index or lie in ranges.
 *
 * I1  All checks of all rows come before the first write, as in point-insert.ts.
 * I2  Only columns that expressions, checks and touched indexes need are read from the old row.
 * I3  New values are computed from rows as they were: nothing reads what the statement writes (Halloween).
 * I4  Places are trusted until a leaf has split or merged: from then on every row is looked for anew.
 */

import { assert } from '../../base/assert.ts';
import { storedPosition } from '../../catalog/schema.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { TreePosition } from '../../tree/tree-position.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import type { Datum } from '../../types/vector.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { DeleteNode, PhysicalPlan, UpdateNode, WriteTarget } from '../physical.ts';
import type { PointServices } from '../services.ts';
import { DatumRow, PointContext } from './datum-row.ts';
import type { TargetOf } from './dependent-rows.ts';
import { FewRows } from './few-rows.ts';
import { isReferredTo, ParentKeys } from './parent-keys.ts';
import { PointCascade } from './point-cascade.ts';
import { isSimple, type RowsAccess, rowsAccess, slotsOf } from './point-plan.ts';
import { PointReturning } from './point-returning.ts';
import { hasVirtualKeys, indexColumns, isPlainTarget, RowRules } from './row-rules.ts';
import { type CheckedChange, RowWrite } from './row-write.ts';

/** Positions of rows found, to go back to once all of them are checked. */
class Places {
  readonly ids: Datum[] = datumList(1);
  private readonly leaves: TreePosition['leaf'][] = [];
  private readonly rows: number[] = [];

  keep(k: number, id: Datum, position: TreePosition): void {
    this.ids[k] = id;
    this.leaves[k] = position.leaf;
    this.rows[k] = position.index;
  }

  /** The position of `rows` becomes that of row `k`. */
  moveTo(k: number, isInPlace: boolean, view: WriteView, rows: FewRows): void {
    if (isInPlace) {
      rows.position.leaf = this.leaves[k]!;
      rows.position.index = this.rows[k]!;
    } else assert(rows.find(view, this.ids[k]), 'a row that was found is gone before it is written');
  }
}

export class PointUpdate {
  private readonly target: WriteTarget;
  private readonly rows: FewRows;
  private readonly rules: RowRules;
  private readonly context: PointContext;
  private readonly old: DatumRow;
  private readonly current: DatumRow;
  private readonly columns: readonly number[];
  private readonly evaluators: readonly Evaluator[];
  private readonly rowWrite: RowWrite;
  /** Table columns of the old row that checks and indexes look at, and where they are stored. */
  private readonly needed: readonly number[];
  private readonly neededAt: readonly number[];
  private readonly places: Places = new Places();
  private readonly changes: CheckedChange[] = [];
  readonly returning: PointReturning | null;
  readonly mayWait: boolean;

  constructor(node: UpdateNode, access: RowsAccess, parents: ParentKeys, evalContext: EvalContext) {
    const { target } = node;
    const width = target.table.columns.length;
    const exprs = node.set.map((one) => one.expr);
    this.target = target;
    this.rows = new FewRows(access, slotsOf(exprs));
    this.columns = node.set.map((one) => one.column);
    this.evaluators = exprs.map(evaluatorOf);
    this.rules = new RowRules(target, new Set([...this.columns, ...target.generated.map((g) => g.column)]));
    this.context = new PointContext(evalContext);
    this.old = new DatumRow(width + 1);
    this.current = new DatumRow(width + 1);
    this.rowWrite = new RowWrite(this.rules, this.columns, parents);
    this.mayWait = parents.mayWait;
    this.returning = PointReturning.of(node.returning, target);
    const returned =
      this.returning === null ? [] : [...this.returning.currentSlots, ...this.returning.oldSlots];
    const needed = new Set([...this.rules.inputs(), ...this.rowWrite.inputs(), ...returned]);
    this.needed = [...needed].filter((column) => column < width);
    this.neededAt = this.needed.map((column) => storedPosition(target.table, column));
  }

  /** Number of rows changed; -1: not for this path, nothing was changed. */
  run(view: WriteView, params: readonly Datum[], services: PointServices): number {
    const { rows, rules, context, places, changes, rowWrite } = this;
    context.params = params;
    context.services = services;
    rowWrite.parents.begin();
    this.returning?.begin();
    const found = rows.ids(view, context);
    // Whether a new key of one row is that of another is for the operators to say.
    if (
      found === null ||
      (found.length > 1 && (rowWrite.touchesUnique || !rules.alwaysFits(view, rows.tree)))
    )
      return -1;
    let count = 0;
    for (let i = 0; i < found.length; i++) {
      const id = found[i];
      if (!rows.moveTo(view, id, context)) continue;
      places.keep(count, id as Datum, rows.position);
      changes[count++] = this.checked(view, id as Datum);
    }
    let isInPlace = true;
    for (let k = 0; k < count; k++) {
      places.moveTo(k, isInPlace, view, rows);
      if (!rowWrite.write(view, rows.tree, rows.position, changes[k]!)) isInPlace = false;
    }
    rowWrite.parents.finish(context);
    return count;
  }

  /** The change of the row that was moved to, checked. */
  private checked(view: WriteView, rowId: Datum): CheckedChange {
    const { columns, evaluators, current, old, context, rows, needed, neededAt, rules } = this;
    const { leaf, index } = rows.position;
    const width = rules.rowIdSlot;
    for (let i = 0; i < needed.length; i++) {
      const value = rows.tree.datum(view, leaf!, index, neededAt[i]!);
      old.set(needed[i]!, value);
      current.set(needed[i]!, value);
    }
    old.set(width, rowId);
    current.set(width, rowId);
    for (let i = 0; i < columns.length; i++)
      current.set(columns[i]!, rows.input.evaluate(evaluators[i]!, context));
    if (!rules.passes(current, context)) this.fail(view);
    const change = this.rowWrite.check(view, old, current, context);
    this.returning?.add(current, old, context);
    return change;
  }

  /** Throws what is wrong with the row, all of whose columns go into the message. */
  private fail(view: WriteView): never {
    const { rows, current, context, rules, target } = this;
    const { leaf, index } = rows.position;
    const computed = [...target.generated, ...target.virtual].map((one) => one.column);
    const set = new Set([...this.columns, ...computed, ...this.needed]);
    for (let column = 0; column < target.table.columns.length; column++) {
      if (!set.has(column))
        current.set(column, rows.tree.datum(view, leaf!, index, storedPosition(target.table, column)));
    }
    throw rules.failure(current, context);
  }
}

export class PointDelete {
  private readonly rows: FewRows;
  private readonly rules: RowRules;
  private readonly context: PointContext;
  private readonly row: DatumRow;
  private readonly width: number;
  /** Table columns that index entries and RETURNING are made of, and where they are stored. */
  private readonly indexed: readonly number[];
  private readonly indexedAt: readonly number[];
  private readonly key: Datum[] = datumList(1);
  private readonly places: Places = new Places();
  /** By row, by index. */
  private readonly entries: (Datum[] | null)[] = [];
  readonly returning: PointReturning | null;
  readonly mayWait: boolean = false;

  constructor(node: DeleteNode, access: RowsAccess, evalContext: EvalContext) {
    const { target } = node;
    const { table } = target;
    this.rows = new FewRows(access, []);
    this.rules = new RowRules(target);
    this.context = new PointContext(evalContext);
    this.width = table.columns.length;
    this.row = new DatumRow(this.width + 1);
    this.returning = PointReturning.of(node.returning, target);
    const indexed = new Set(target.indexes.flatMap((_, i) => [...indexColumns(target, i)]));
    for (const column of this.returning?.oldSlots ?? []) indexed.add(column);
    this.indexed = [...indexed].filter((column) => column < this.width);
    this.indexedAt = this.indexed.map((column) => storedPosition(table, column));
  }

  /** Number of rows deleted; -1: not for this path, nothing was changed. */
  run(view: WriteView, params: readonly Datum[], services: PointServices): number {
    const { rows, context, places, key, entries, rules, returning } = this;
    context.params = params;
    context.services = services;
    returning?.begin();
    const found = rows.ids(view, context);
    if (found === null) return -1;
    const writers = rules.writersFor(view);
    let count = 0;
    for (let i = 0; i < found.length; i++) {
      const id = found[i];
      if (!rows.moveTo(view, id, context)) continue;
      places.keep(count, id as Datum, rows.position);
      if (writers.length > 0 || returning !== null) this.readRow(view, id as Datum);
      for (let k = 0; k < writers.length; k++)
        entries[count * writers.length + k] = rules.entry(k, this.row, context);
      returning?.add(null, this.row, context);
      count++;
    }
    let isInPlace = true;
    // From the last: those before it stay where they are.
    for (let k = count - 1; k >= 0; k--) {
      places.moveTo(k, isInPlace, view, rows);
      key[0] = places.ids[k]!;
      if (!rows.tree.deleteAt(view, rows.position, key)) isInPlace = false;
      for (let w = 0; w < writers.length; w++) {
        const entry = entries[k * writers.length + w]!;
        if (entry === null) continue;
        // The entry that led to the only row is where it was found.
        const isFound = found.length === 1 && rows.entryPosition.leaf !== null;
        if (isFound && writers[w]!.index === rows.indexDef) writers[w]!.deleteAt(entry, rows.entryPosition);
        else writers[w]!.delete(entry);
      }
    }
    return count;
  }

  private readRow(view: WriteView, rowId: Datum): void {
    const { rows, row, indexed, indexedAt } = this;
    const { leaf, index } = rows.position;
    for (let i = 0; i < indexed.length; i++)
      row.set(indexed[i]!, rows.tree.datum(view, leaf!, index, indexedAt[i]!));
    row.set(this.width, rowId);
  }
}

/** The short path of a plan that updates few rows; null when the plan is not such. */
export function pointUpdateOf(plan: PhysicalPlan, evalContext: EvalContext): PointUpdate | null {
  const node = plan.root;
  if (node.kind !== 'update' || !isPlainTarget(node.target) || hasVirtualKeys(node.target)) return null;
  if (!PointReturning.allows(node.returning, node.target)) return null;
  const written = new Set([...node.set, ...node.target.generated].map((one) => one.column));
  const parents = ParentKeys.of(node.target, written, evalContext);
  if (parents === null || isReferredTo(node.target, written)) return null;
  const access = rowsAccess(node.input, true);
  if (access === null || access.table.id !== node.target.table.id) return null;
  const { table } = node.target;
  for (const { column, expr } of node.set) {
    // A changed row id moves the row; a value of another kind is conformed by the batch path.
    if (column === table.rowIdColumn || !isSimple(expr)) return null;
    if (expr.type.physical !== table.columns[column]!.type.physical) return null;
  }
  return new PointUpdate(node, access, parents, evalContext);
}

/** The short path of a plan that deletes few rows; null when the plan is not such. */
export function pointDeleteOf(
  plan: PhysicalPlan,
  targetOf: TargetOf,
  evalContext: EvalContext,
): PointDelete | PointCascade | null {
  const node = plan.root;
  if (node.kind !== 'delete' || !isPlainTarget(node.target)) return null;
  if (node.target.virtual.length > 0 || !PointReturning.allows(node.returning, node.target)) return null;
  const access = rowsAccess(node.input, true);
  // Deleted from the last to the first: they have to come in order.
  if (access === null || access.table.id !== node.target.table.id || !access.isByRowId) return null;
  return isReferredTo(node.target, null)
    ? new PointCascade(node, access, targetOf, evalContext)
    : new PointDelete(node, access, evalContext);
}

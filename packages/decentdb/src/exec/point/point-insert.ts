/**
 * Inserting one row of expressions: INSERT ... VALUES (...) [ON CONFLICT ...].
 *
 * I1  The row is checked whole, unique keys included, before anything is written: a failure leaves no trace and needs no
 *     savepoint.
 */

import { assert } from '../../base/assert.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import { domainBase } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { visitExpr } from '../compile/shape.ts';
import { rowIdViolation } from '../dml/table-writer.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { Expr, InsertNode, PhysicalPlan } from '../physical.ts';
import type { PointServices } from '../services.ts';
import { PointContext } from './datum-row.ts';
import { NewRow, type RowValues } from './new-row.ts';
import { ParentKeys } from './parent-keys.ts';
import { PointConflict } from './point-conflict.ts';
import { INSERTED_MAX, PointInsertMany } from './point-insert-many.ts';
import { isSimple } from './point-plan.ts';
import { PointReturning } from './point-returning.ts';
import { hasVirtualKeys, isPlainTarget, RowRules } from './row-rules.ts';

/** What both forms of an insert are made of. */
export interface InsertChecks {
  readonly rules: RowRules;
  readonly parents: ParentKeys;
  readonly conflict: PointConflict | null;
}

export class PointInsert {
  private readonly values: RowValues;
  private readonly rules: RowRules;
  private readonly parents: ParentKeys;
  private readonly conflict: PointConflict | null;
  readonly returning: PointReturning | null;
  readonly mayWait: boolean;
  private readonly made: NewRow;
  private readonly stored: Datum[];
  private readonly context: PointContext;
  private readonly hasUnique: boolean;
  private readonly isChosen: boolean;
  /** Of the row, by index. */
  private readonly entries: (Datum[] | null)[] = [];

  constructor(node: InsertNode, values: RowValues, checks: InsertChecks, evalContext: EvalContext) {
    const { target } = node;
    this.values = values;
    this.rules = checks.rules;
    this.parents = checks.parents;
    this.conflict = checks.conflict;
    this.mayWait = checks.parents.mayWait || checks.conflict?.mayWait === true;
    this.returning = PointReturning.of(node.returning, target);
    this.made = new NewRow(target);
    this.stored = datumList(this.made.width);
    this.context = new PointContext(evalContext);
    this.hasUnique = target.indexes.some(({ index }) => index.unique);
    this.isChosen = this.made.choosesRowId(values);
  }

  /** Rows inserted or, on conflict, updated: 0 or 1. */
  run(view: WriteView, params: readonly Datum[], services: PointServices): number {
    const { made, rules, context, conflict, parents, isChosen, entries } = this;
    const { row } = made;
    context.params = params;
    context.services = services;
    this.returning?.begin();
    parents.begin();
    const ids = made.allocator(view, services.rowIds);
    const rowId = made.evaluate(this.values, ids, context);
    rules.check(row, context);
    for (let k = 0; k < rules.indexCount; k++) entries[k] = rules.entry(k, row, context);
    const resolved =
      conflict === null ? -1 : conflict.resolve(view, row, entries, isChosen, context, this.returning);
    if (resolved < 0) {
      this.write(view, rowId);
      if (parents.count > 0) parents.finish(context);
    }
    if (isChosen) ids.note(rowId);
    ids.save();
    return resolved < 0 ? 1 : resolved;
  }

  private write(view: WriteView, rowId: Datum): void {
    const { made, rules, stored } = this;
    if (rules.target.indexes.length > 0 || this.parents.count > 0) {
      this.writeChecked(view, rowId);
      return;
    }
    this.returning?.add(made.row, null, this.context);
    made.store(stored);
    if (!made.tree.insert(view, stored)) throw rowIdViolation(rules.target.table, rowId);
  }

  /** All unique keys and then foreign keys first (I1), the row, then the index entries. */
  private writeChecked(view: WriteView, rowId: Datum): void {
    const { rules, made, context, stored, entries, conflict, isChosen } = this;
    const { row, tree } = made;
    const writers = rules.writersFor(view);
    const { table } = rules.target;
    // The row id comes before other keys; where there are none, the insert itself finds out.
    const looksFirst = isChosen && (this.hasUnique || this.parents.count > 0);
    const isKnownFree = conflict?.isArbiter(-1) === true;
    if (looksFirst && !isKnownFree && tree.has(view, this.keyOf(rowId))) throw rowIdViolation(table, rowId);
    for (let k = 0; k < writers.length; k++) {
      const entry = entries[k]!;
      if (entry === null) continue;
      const writer = writers[k]!;
      writer.checkSize(entry);
      // Keys that ON CONFLICT asked about are free.
      if (conflict?.isArbiter(writer.index.id) !== true && writer.findConflict(entry, null) !== null)
        throw writer.violation(entry, context.eval.typeSettings);
    }
    if (this.parents.count > 0) this.parents.check(view, row, null, context);
    this.returning?.add(row, null, context);
    made.store(stored);
    if (!tree.insert(view, stored)) {
      assert(isChosen && !looksFirst, 'a new row has a row id of its own');
      throw rowIdViolation(table, rowId);
    }
    for (let k = 0; k < writers.length; k++) if (entries[k] !== null) writers[k]!.insert(entries[k]!);
  }

  /** The row id as a key. */
  private keyOf(rowId: Datum): readonly Datum[] {
    this.stored[0] = rowId;
    return this.stored;
  }
}

/** The short path of a plan that inserts one row or few; null when the plan is not such. */
export function pointInsertOf(
  plan: PhysicalPlan,
  evalContext: EvalContext,
): PointInsert | PointInsertMany | null {
  const node = plan.root;
  if (node.kind !== 'insert' || !PointReturning.allows(node.returning, node.target)) return null;
  if (node.input.kind !== 'values' || !isPlainTarget(node.target)) return null;
  const { rows } = node.input;
  if (rows.length === 0 || rows.length > INSERTED_MAX) return null;
  const values: RowValues[] = [];
  for (const source of rows) {
    const row = valuesOf(node, source);
    if (row === null) return null;
    values.push(row);
  }
  const parents = ParentKeys.of(node.target, null, evalContext);
  const rules = new RowRules(node.target);
  const conflict = PointConflict.of(node, rules, evalContext);
  if (parents === null || (conflict === null && node.onConflict !== null)) return null;
  const checks = { rules, parents, conflict };
  if (rows.length === 1) return new PointInsert(node, values[0]!, checks, evalContext);
  // A row that is changed twice, and rows that refer to each other, are for the operators to look at.
  if (parents.isWithinTable || conflict?.isUpdate === true || hasVirtualKeys(node.target)) return null;
  return new PointInsertMany(node, values, checks, evalContext);
}

/** What the columns of a row are made of; null where that needs operators. */
function valuesOf(node: InsertNode, source: readonly Expr[]): RowValues | null {
  const values: (Evaluator | null)[] = [];
  for (let i = 0; i < node.values.length; i++) {
    let value = node.values[i]!;
    const column = node.target.table.columns[i]!;
    if (value !== null && value.kind === 'slot') value = source[value.slot]!;
    if (value === null) {
      values.push(null);
      continue;
    }
    // An expression over the input's slots (a cast of a VALUES column) reads the batch form; leave it to the operators.
    if (!isSimple(value) || hasSlot(value) || domainBase(value.type).physical !== column.type.physical)
      return null;
    values.push(evaluatorOf(value));
  }
  return values;
}

function hasSlot(expr: Expr): boolean {
  let found = false;
  visitExpr(expr, (node) => {
    if (node.kind === 'slot') found = true;
  });
  return found;
}

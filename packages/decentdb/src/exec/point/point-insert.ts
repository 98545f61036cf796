/**
 * Inserting one row of expressions: INSERT ... VALUES (...) [ON CONFLICT ...].
 *
 * I1  The row is checked whole, unique keys included, before anything is written: a failure leaves no trace and needs no
 *     savepoint.
 */
import { assert } from '../../base/assert.ts';
import { storedPosition } from '../../catalog/schema.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { domainBase } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { visitExpr } from '../compile/shape.ts';
import { RowIdAllocator } from '../dml/row-ids.ts';
import { rowIdViolation } from '../dml/table-writer.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import type { Expr, InsertNode, PhysicalPlan } from '../physical.ts';
import type { PointServices, RowIdCounters } from '../services.ts';
import { tableTree } from '../storage/stored-trees.ts';
import { DatumRow, PointContext } from './datum-row.ts';
import { ParentKeys } from './parent-keys.ts';
import { PointConflict } from './point-conflict.ts';
import { isSimple } from './point-plan.ts';
import { PointReturning } from './point-returning.ts';
import { isPlainTarget, RowRules } from './row-rules.ts';

export class PointInsert {
  private readonly node: InsertNode;
  private readonly values: readonly (Evaluator | null)[];
  private readonly rules: RowRules;
  private readonly parents: ParentKeys;
  private readonly conflict: PointConflict | null;
  readonly returning: PointReturning | null;
  readonly mayWait: boolean;
  private readonly tree: Tree;
  private readonly row: DatumRow;
  private readonly stored: Datum[];
  /** Table column by tree position; position 0 is the row id. */
  private readonly columnAt: readonly number[];
  private readonly context: PointContext;
  private readonly hasUnique: boolean;
  /** Of the row, by index. */
  private readonly entries: (Datum[] | null)[] = [];
  private view: WriteView | null = null;
  private ids: RowIdAllocator | null = null;

  constructor(
    node: InsertNode,
    values: readonly (Evaluator | null)[],
    rules: RowRules,
    checks: { readonly parents: ParentKeys; readonly conflict: PointConflict | null },
    evalContext: EvalContext,
  ) {
    const { table } = node.target;
    this.node = node;
    this.values = values;
    this.rules = rules;
    this.parents = checks.parents;
    this.conflict = checks.conflict;
    this.mayWait = checks.parents.mayWait || checks.conflict?.mayWait === true;
    this.returning = PointReturning.of(node.returning, node.target);
    this.tree = tableTree(table);
    this.row = new DatumRow(table.columns.length + 1);
    this.stored = new Array<Datum>(this.tree.schema.leaf.length).fill(null);
    const columnAt = new Array<number>(this.stored.length).fill(table.columns.length);
    table.columns.forEach((column, i) => {
      // Virtual columns are stored as NULL.
      if (i !== table.rowIdColumn)
        columnAt[storedPosition(table, i)] = column.generated === 'virtual' ? -1 : i;
    });
    this.columnAt = columnAt;
    this.context = new PointContext(evalContext);
    this.hasUnique = node.target.indexes.some(({ index }) => index.unique);
  }

  /** Rows inserted or, on conflict, updated: 0 or 1. */
  run(view: WriteView, params: readonly Datum[], services: PointServices): number {
    const { row, rules, context, conflict, parents } = this;
    const { table } = this.node.target;
    context.params = params;
    context.services = services;
    this.returning?.begin();
    parents.begin();
    const ids = this.allocator(view, services.rowIds);
    for (let i = 0; i < this.values.length; i++) {
      const evaluator = this.values[i]!;
      row.set(i, evaluator === null ? null : evaluator(emptyRow, 0, context));
    }
    const rowId = this.rowId(ids);
    rules.check(row, context);
    const isChosen = table.rowIdColumn >= 0 && this.values[table.rowIdColumn] !== null;
    const { entries } = this;
    for (let k = 0; k < rules.indexCount; k++) entries[k] = rules.entry(k, row, context);
    const resolved =
      conflict === null ? -1 : conflict.resolve(view, row, entries, isChosen, context, this.returning);
    if (resolved < 0) {
      this.write(view, rowId, isChosen);
      if (parents.count > 0) parents.finish(context);
    }
    if (isChosen) ids.note(rowId);
    ids.save();
    return resolved < 0 ? 1 : resolved;
  }

  private write(view: WriteView, rowId: Datum, isChosen: boolean): void {
    const { row, rules, tree, stored, columnAt } = this;
    if (rules.target.indexes.length > 0 || this.parents.count > 0) {
      this.writeChecked(view, rowId, isChosen);
      return;
    }
    this.returning?.add(row, null, this.context);
    for (let i = 0; i < stored.length; i++) stored[i] = columnAt[i]! < 0 ? null : row.get(columnAt[i]!);
    if (!tree.insert(view, stored)) throw rowIdViolation(this.node.target.table, rowId);
  }

  private rowId(ids: RowIdAllocator): Datum {
    const { row } = this;
    const { table } = this.node.target;
    const { rowIdColumn } = table;
    const isGiven = rowIdColumn >= 0 && this.values[rowIdColumn] !== null;
    const rowId = isGiven ? row.get(rowIdColumn) : ids.next();
    if (rowIdColumn >= 0) row.set(rowIdColumn, rowId);
    row.set(table.columns.length, rowId);
    return rowId;
  }

  /** All unique keys and then foreign keys first (I1), the row, then the index entries. */
  private writeChecked(view: WriteView, rowId: Datum, isChosen: boolean): void {
    const { rules, row, context, tree, stored, columnAt, entries, conflict } = this;
    const writers = rules.writersFor(view);
    const { table } = this.node.target;
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
    for (let i = 0; i < stored.length; i++) stored[i] = columnAt[i]! < 0 ? null : row.get(columnAt[i]!);
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

  private allocator(view: WriteView, counters: RowIdCounters): RowIdAllocator {
    if (this.view !== view || this.ids === null) {
      this.ids = new RowIdAllocator(this.node.target.table, this.tree, view, counters);
      this.view = view;
    } else {
      this.ids.refresh();
    }
    return this.ids;
  }
}

/** The short path of a plan that inserts one row; null when the plan is not such. */
export function pointInsertOf(plan: PhysicalPlan, evalContext: EvalContext): PointInsert | null {
  const node = plan.root;
  if (node.kind !== 'insert' || !PointReturning.allows(node.returning, node.target)) return null;
  if (node.input.kind !== 'values' || node.input.rows.length !== 1 || !isPlainTarget(node.target))
    return null;
  const source = node.input.rows[0]!;
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
  const parents = ParentKeys.of(node.target, null, evalContext);
  const rules = new RowRules(node.target);
  const conflict = PointConflict.of(node, rules, evalContext);
  if (parents === null || (conflict === null && node.onConflict !== null)) return null;
  return new PointInsert(node, values, rules, { parents, conflict }, evalContext);
}

function hasSlot(expr: Expr): boolean {
  let found = false;
  visitExpr(expr, (node) => {
    if (node.kind === 'slot') found = true;
  });
  return found;
}

/**
 * Inserting a few rows of expressions: INSERT ... VALUES (...), (...) [ON CONFLICT DO NOTHING].
 *
 * I1  As in point-insert.ts: all rows are checked whole before the first is written.
 * I2  Rows are looked at in order, each against what is there and the rows before it, so that the first that is wrong is the one
 *     spoken of; foreign keys come when all rows have passed.
 */

import { assert } from '../../base/assert.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import type { Datum } from '../../types/vector.ts';
import type { IndexWriter } from '../dml/index-writer.ts';
import { rowIdViolation } from '../dml/table-writer.ts';
import type { InsertNode } from '../physical.ts';
import type { PointServices } from '../services.ts';
import { PointContext } from './datum-row.ts';
import { NewRow, type RowValues } from './new-row.ts';
import type { ParentKeys } from './parent-keys.ts';
import type { PointConflict } from './point-conflict.ts';
import type { InsertChecks } from './point-insert.ts';
import { PointReturning } from './point-returning.ts';
import type { RowRules } from './row-rules.ts';

/** Rows inserted one by one at most: each is held against those before it. */
export const INSERTED_MAX = 32;

type Entry = readonly Datum[] | null;

/** A row that passed, as it is stored, and its index entries. */
interface PassedRow {
  readonly stored: readonly Datum[];
  readonly entries: readonly Entry[];
}

export class PointInsertMany {
  readonly returning: PointReturning | null;
  readonly mayWait: boolean;
  private readonly values: readonly RowValues[];
  private readonly rules: RowRules;
  private readonly parents: ParentKeys;
  private readonly conflict: PointConflict | null;
  private readonly made: NewRow;
  private readonly context: PointContext;
  private readonly isChosen: boolean;
  private readonly key: Datum[] = datumList(1);

  constructor(
    node: InsertNode,
    values: readonly RowValues[],
    checks: InsertChecks,
    evalContext: EvalContext,
  ) {
    this.values = values;
    this.rules = checks.rules;
    this.parents = checks.parents;
    this.conflict = checks.conflict;
    this.mayWait = checks.parents.mayWait;
    this.returning = PointReturning.of(node.returning, node.target);
    this.made = new NewRow(node.target);
    this.context = new PointContext(evalContext);
    this.isChosen = this.made.choosesRowId(values[0]!);
  }

  /** Number of rows inserted; -1: not for this path, nothing was changed. */
  run(view: WriteView, params: readonly Datum[], services: PointServices): number {
    const { made, context, parents, values, isChosen } = this;
    if (!this.rules.alwaysFits(view, made.tree)) return -1;
    context.params = params;
    context.services = services;
    this.returning?.begin();
    parents.begin();
    const ids = made.allocator(view, services.rowIds);
    const passed: PassedRow[] = [];
    for (let i = 0; i < values.length; i++) {
      const rowId = made.evaluate(values[i]!, ids, context);
      if (this.pass(view, rowId, passed)) this.returning?.add(made.row, null, context);
    }
    if (parents.count > 0) {
      for (const { stored } of passed) {
        made.load(stored);
        parents.check(view, made.row, null, context);
      }
    }
    this.write(view, passed);
    if (isChosen) for (const { stored } of passed) ids.note(stored[0]!);
    ids.save();
    parents.finish(context);
    return passed.length;
  }

  /** Checks the row just made and adds it to those that passed; false when ON CONFLICT leaves it out. */
  private pass(view: WriteView, rowId: Datum, passed: PassedRow[]): boolean {
    const { made, rules, context, conflict, isChosen } = this;
    const { row } = made;
    rules.check(row, context);
    const entries: (Datum[] | null)[] = [];
    for (let k = 0; k < rules.indexCount; k++) entries.push(rules.entry(k, row, context));
    if (conflict !== null) {
      if (conflict.resolve(view, row, entries, isChosen, context, null) >= 0) return false;
      if (this.meetsBefore(view, rowId, entries, passed)) return false;
    }
    this.checkKeys(view, rowId, entries, passed);
    const stored = datumList(made.width);
    made.store(stored);
    passed.push({ stored, entries });
    return true;
  }

  /** Whether a row before this one has a key that ON CONFLICT asks about. */
  private meetsBefore(
    view: WriteView,
    rowId: Datum,
    entries: readonly Entry[],
    passed: readonly PassedRow[],
  ): boolean {
    const conflict = this.conflict!;
    if (this.isChosen && conflict.isArbiter(-1) && hasRowId(passed, rowId)) return true;
    return this.rules
      .writersFor(view)
      .some((writer, k) => conflict.isArbiter(writer.index.id) && hasKey(writer, k, entries[k]!, passed));
  }

  /** 23505 where a key is taken, 54000 where an entry is too large. */
  private checkKeys(
    view: WriteView,
    rowId: Datum,
    entries: readonly Entry[],
    passed: readonly PassedRow[],
  ): void {
    const { rules, context, key, made } = this;
    const { table } = rules.target;
    const writers = rules.writersFor(view);
    key[0] = rowId;
    if (this.isChosen && (hasRowId(passed, rowId) || made.tree.has(view, key)))
      throw rowIdViolation(table, rowId);
    for (let k = 0; k < writers.length; k++) {
      const entry = entries[k]!;
      if (entry === null) continue;
      const writer = writers[k]!;
      writer.checkSize(entry);
      if (hasKey(writer, k, entry, passed) || writer.findConflict(entry, null) !== null)
        throw writer.violation(entry, context.eval.typeSettings);
    }
  }

  private write(view: WriteView, passed: readonly PassedRow[]): void {
    const writers = this.rules.writersFor(view);
    for (const { stored, entries } of passed) {
      assert(this.made.tree.insert(view, stored), 'a row id found free is taken');
      for (let k = 0; k < writers.length; k++) if (entries[k] !== null) writers[k]!.insert(entries[k]!);
    }
  }
}

function hasRowId(passed: readonly PassedRow[], rowId: Datum): boolean {
  for (const { stored } of passed) if (stored[0] === rowId) return true;
  return false;
}

/** Whether one of the rows has the key of an entry, in index number `k`. */
function hasKey(writer: IndexWriter, k: number, entry: Entry, passed: readonly PassedRow[]): boolean {
  if (!writer.index.unique || entry === null) return false;
  for (const { entries } of passed)
    if (entries[k] !== null && writer.isSameKey(entries[k]!, entry)) return true;
  return false;
}

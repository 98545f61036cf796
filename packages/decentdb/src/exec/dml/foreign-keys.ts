/**
 * Foreign keys: checks and actions, at the end of the statement and for all its rows together.
 *
 *     rows written to the referring table   their keys must exist in the target       (23503, deferrable)
 *     rows removed from the target, or      NO ACTION: no row may still refer         (23503, deferrable)
 *     whose key changed                     RESTRICT: the same, at once               (23001)
 *                                           CASCADE, SET NULL, SET DEFAULT: the referring rows change,
 *                                           which may in turn be work for other foreign keys
 *
 * I1  The work list ends: an action removes the reference it was about, and a row already gone is not deleted again.
 * I2  A key that exists again by the end of the statement (deleted and inserted, swapped) breaks nothing.
 * I3  MATCH SIMPLE: a key with a NULL refers to nothing. MATCH FULL: all NULL or none.
 */
import { assert } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import { columnsIn, type ReferringKey } from '../../catalog/family.ts';
import type { ColumnDef, ForeignKeyConstraint, TableDef } from '../../catalog/schema.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import type { WriteTarget } from '../physical.ts';
import { RowIdList } from '../row-id-list.ts';
import type { DeferredCheck } from '../services.ts';
import { datumAt } from '../vectors.ts';
import { missingParent, mixedNullKey, stillReferenced } from './constraint-errors.ts';
import { FoundRows } from './found-rows.ts';
import { type KeyConversion, keyConversion } from './key-conversion.ts';
import { KeyList } from './key-list.ts';
import { KeyLookup } from './key-lookup.ts';
import { rowIdType } from './row-batch.ts';
import { CHANGE_ROWS, RowChanger } from './row-changer.ts';
import type { AfterTriggers } from './triggers.ts';

const SEEN_KEYS_MAX = 4096;

/** Keys that appeared in a referring table. */
interface NewReferences {
  readonly table: TableDef;
  readonly constraint: ForeignKeyConstraint;
  readonly parent: TableDef;
  readonly keys: KeyList;
  /** Whether its rows are looked at when the transaction ends; then `rowIds` has them all, and `keys` nothing. */
  readonly isDeferred: boolean;
  /** Keys of one value that are known to be among `keys`: a few, as parents with many children are met first. */
  readonly seen: Set<Datum>;
  readonly rowIds: RowIdList;
  /** Rows whose key was partly NULL under MATCH FULL. */
  readonly mixed: RowIdList;
}

/** Keys that left a target table, and what they became where their rows are not gone. */
interface LostKeys {
  readonly parent: TableDef;
  readonly constraint: ForeignKeyConstraint;
  readonly child: TableDef;
  readonly isUpdate: boolean;
  readonly keys: KeyList;
}

export class ForeignKeyEnforcer {
  private readonly context: ExecContext;
  private readonly references = new Map<number, NewReferences>();
  private losses: LostKeys[] = [];
  /** Targets of the statement's own nodes, by table. */
  private readonly known = new Map<number, WriteTarget>();
  private readonly changers = new Map<number, RowChanger>();

  private readonly triggers: AfterTriggers;

  constructor(context: ExecContext, triggers: AfterTriggers) {
    this.context = context;
    this.triggers = triggers;
  }

  /** A target of the statement itself: cascades use it rather than ask the session. */
  know(target: WriteTarget): void {
    this.known.set(target.table.id, target);
  }

  /** Whether changes of a table are the business of a foreign key or trigger. */
  static concerns(target: WriteTarget): boolean {
    const { table, foreignKeys, referencedBy } = target;
    return foreignKeys.length > 0 || referencedBy.length > 0 || table.triggers.length > 0;
  }

  inserted(target: WriteTarget, vectors: readonly Vector[], row: number): void {
    if (target.table.triggers.length > 0)
      this.triggers.noteRow(target.table, 'insert', null, vectors, row, null);
    for (const { constraint, target: parent } of target.foreignKeys) {
      this.refer(target.table, constraint, parent, vectors, row);
    }
  }

  /** `columns` are those the statement set. */
  updated(
    target: WriteTarget,
    old: readonly Vector[],
    vectors: readonly Vector[],
    row: number,
    columns: readonly number[],
  ): void {
    if (target.table.triggers.length > 0)
      this.triggers.noteRow(target.table, 'update', old, vectors, row, columns);
    for (const { constraint, target: parent } of target.foreignKeys) {
      // A deferred check finds its rows by row id: a row that moved is looked at under its new one.
      const isMoved = this.isDeferred(constraint) && isMovedRow(target.table, old, vectors, row);
      if (isMoved || !isSameKey(target.table, constraint.columns, old, vectors, row)) {
        this.refer(target.table, constraint, parent, vectors, row);
      }
    }
    for (const referring of target.referencedBy) {
      const { targetColumns } = referring.constraint;
      if (isSameKey(target.table, targetColumns, old, vectors, row)) continue;
      this.lose(target.table, referring, old, row, keyOf(targetColumns, vectors, row));
    }
  }

  /** A row went to another partition: deleted here, and for what refers to the partitioned table one that was updated. */
  moved(target: WriteTarget, old: readonly Vector[], vectors: readonly Vector[], row: number): void {
    if (target.table.triggers.length > 0) this.triggers.noteRow(target.table, 'delete', old, null, row, null);
    for (const referring of target.referencedBy) {
      const { constraint, whole } = referring;
      if (whole === undefined) {
        this.lose(target.table, referring, old, row, null);
        continue;
      }
      if (whole.table.bound !== undefined) throw movedFromReferenced(target.table, whole.table);
      if (isSameKey(target.table, constraint.targetColumns, old, vectors, row)) continue;
      this.lose(target.table, referring, old, row, keyOf(constraint.targetColumns, vectors, row));
    }
  }

  deleted(target: WriteTarget, old: readonly Vector[], row: number): void {
    if (target.table.triggers.length > 0) this.triggers.noteRow(target.table, 'delete', old, null, row, null);
    for (const referring of target.referencedBy) this.lose(target.table, referring, old, row, null);
  }

  private refer(
    table: TableDef,
    constraint: ForeignKeyConstraint,
    parent: TableDef,
    vectors: readonly Vector[],
    row: number,
  ): void {
    const key = keyOf(constraint.columns, vectors, row);
    let entry = this.references.get(constraint.id);
    const isSingle = key.length === 1;
    if (entry !== undefined && isSingle && entry.seen.has(key[0]!)) return;
    const isMixed = key.includes(null);
    // A key with a NULL refers to nothing; under MATCH FULL all of it must be NULL, which is checked with the rest.
    if (isMixed && (constraint.match !== 'full' || key.every((value) => value === null))) return;
    if (entry === undefined) {
      entry = {
        table,
        constraint,
        parent,
        keys: new KeyList(table, constraint.columns, false, this.context.statement.memory),
        isDeferred: this.isDeferred(constraint),
        seen: new Set(),
        rowIds: new RowIdList(),
        mixed: new RowIdList(),
      };
      this.references.set(constraint.id, entry);
    }
    if (isMixed) {
      entry.mixed.push(rowIdOf(table, vectors, row));
      return;
    }
    // Deferred checks look at rows again, so each row counts; immediate ones look at keys.
    if (entry.isDeferred) entry.rowIds.push(rowIdOf(table, vectors, row));
    else if (entry.keys.add(key, null) && isSingle && entry.seen.size < SEEN_KEYS_MAX)
      entry.seen.add(key[0]!);
  }

  private lose(
    table: TableDef,
    { constraint: own, table: child, whole }: ReferringKey,
    old: readonly Vector[],
    row: number,
    next: readonly Datum[] | null,
  ): void {
    const key = keyOf(own.targetColumns, old, row);
    if (key.includes(null)) return;
    const { table: parent, constraint } = whole ?? { table, constraint: own };
    const isUpdate = next !== null;
    let entry = this.losses.find((one) => one.constraint.id === constraint.id && one.isUpdate === isUpdate);
    if (entry === undefined) {
      entry = {
        parent,
        constraint,
        child,
        isUpdate,
        keys: new KeyList(parent, constraint.targetColumns, isUpdate, this.context.statement.memory),
      };
      this.losses.push(entry);
    }
    entry.keys.add(key, next);
  }

  private isDeferred(constraint: ForeignKeyConstraint): boolean {
    return constraint.deferrable && this.context.statement.services?.isDeferred(constraint.id) === true;
  }

  /** Runs actions until none is left, then the checks, when the statement has changed all its rows. */
  finish(): void {
    const kept: LostKeys[] = [];
    while (this.losses.length > 0) {
      const losses = this.losses;
      this.losses = [];
      for (const loss of losses) {
        if (this.act(loss)) loss.keys.clear();
        else kept.push(loss);
      }
    }
    const references = [...this.references.values()];
    this.references.clear();
    for (const reference of references) this.checkReferences(reference);
    for (const loss of kept) this.checkLoss(loss);
  }

  /**
   * Carries out an action; false when a check is left to do: for NO ACTION, and for SET DEFAULT, whose default may be the very
   * key that went.
   */
  private act(loss: LostKeys): boolean {
    const { constraint, child, isUpdate } = loss;
    const action = isUpdate ? constraint.onUpdate : constraint.onDelete;
    if (action === 'noAction') return false;
    const conversion = this.conversionBetween(
      loss.parent,
      constraint.targetColumns,
      child,
      constraint.columns,
    );
    const { latest } = this.context.statement;
    const lookup = new KeyLookup(child, constraint.columns, latest, conversion);
    if (action === 'restrict') {
      for (const { keys } of loss.keys.chunks())
        lookup.each(keys, (_, key) => {
          throw this.stillReferred(loss, keys[key]!, true);
        });
      return true;
    }
    const found = this.referringRows(loss, lookup, action === 'cascade' ? conversion : null);
    try {
      if (found.count > 0) this.changeReferring(loss, action, found);
    } finally {
      found.clear();
    }
    return found.count === 0 || action !== 'setDefault';
  }

  /** The rows that have the keys, each once, with what their keys become: all are found before the first is changed. */
  private referringRows(
    { constraint, child, isUpdate, keys: list }: LostKeys,
    lookup: KeyLookup,
    conversion: KeyConversion | null,
  ): FoundRows {
    const withNext = isUpdate && constraint.onUpdate === 'cascade';
    const types = withNext ? constraint.columns.map((column) => child.columns[column]!.type) : [];
    const found = new FoundRows([rowIdType(child), ...types], this.context.statement.memory);
    for (const { keys, next } of list.chunks()) {
      this.context.statement.checkCancel();
      lookup.each(keys, (rowId, key) => {
        if (!withNext) found.add([rowId]);
        else found.add([rowId, ...(conversion === null ? next![key]! : conversion.assign(next![key]!))]);
      });
    }
    return found;
  }

  private changeReferring(
    { constraint, child, isUpdate }: LostKeys,
    action: ForeignKeyConstraint['onDelete'],
    found: FoundRows,
  ): void {
    const changer = this.changerOf(child);
    const { statement } = this.context;
    const columns =
      action === 'cascade' || isUpdate
        ? constraint.columns
        : (constraint.deleteSetColumns ?? constraint.columns);
    for (const rows of found.batches(CHANGE_ROWS)) {
      statement.checkCancel();
      statement.writeView.relieve();
      const rowIds = rows.map((row) => row[0]!);
      if (action === 'cascade' && !isUpdate) {
        changer.delete(rowIds, this);
        continue;
      }
      const values = rows.map((row) =>
        action === 'cascade'
          ? row.slice(1)
          : columns.map((column) => (action === 'setNull' ? null : this.defaultOf(changer.target, column))),
      );
      changer.update(rowIds, columns, values, this);
    }
  }

  private defaultOf(target: WriteTarget, column: number): Datum {
    const expr = target.defaults[column] ?? null;
    return expr === null ? null : evaluatorOf(expr)(emptyRow, 0, this.context);
  }

  private changerOf(table: TableDef): RowChanger {
    let changer = this.changers.get(table.id);
    if (changer === undefined) {
      const { services } = this.context.statement;
      const target = this.known.get(table.id) ?? services?.writeTarget(table.id);
      assert(target !== undefined, 'cascades need the write targets of other tables');
      changer = new RowChanger(target, this.context);
      this.changers.set(table.id, changer);
    }
    return changer;
  }

  private checkReferences(reference: NewReferences): void {
    const { constraint, table, keys: list, rowIds, mixed } = reference;
    if (reference.isDeferred) {
      for (const ids of [rowIds, mixed]) this.defer(reference.constraint, table, ids, false);
      return;
    }
    for (let from = 0; from < mixed.length; from += CHANGE_ROWS)
      runDeferredReferences(
        { constraintId: constraint.id, tableId: table.id, rowIds: mixed.slice(from, from + CHANGE_ROWS) },
        this.changerOf(table).target,
        this.context,
      );
    for (const { keys } of list.chunks()) {
      this.context.statement.checkCancel();
      this.context.statement.writeView.relieve();
      this.requireParents(reference, keys);
    }
    list.clear();
  }

  private requireParents(reference: NewReferences, keys: readonly (readonly Datum[])[]): void {
    const { constraint, table, parent } = reference;
    const present = presentKeys(
      keys,
      parent,
      constraint.targetColumns,
      this.context.statement.latest,
      this.conversionBetween(table, constraint.columns, parent, constraint.targetColumns),
      this.context,
    );
    keys.forEach((key, i) => {
      if (present.has(i) || this.isGone(reference, key)) return;
      throw missingParent(
        table,
        constraint.name,
        constraint.columns,
        key,
        parent,
        this.context.eval.typeSettings,
      );
    });
  }

  /** A key whose rows were changed again by a cascade of the same statement needs no parent. */
  private isGone(reference: NewReferences, key: readonly Datum[]): boolean {
    return !new KeyLookup(reference.table, reference.constraint.columns, this.context.statement.latest).has(
      key,
    );
  }

  private checkLoss(loss: LostKeys): void {
    const { constraint, parent, child, isUpdate } = loss;
    const { statement } = this.context;
    const action = isUpdate ? constraint.onUpdate : constraint.onDelete;
    const conversion = this.conversionBetween(parent, constraint.targetColumns, child, constraint.columns);
    const lookup = new KeyLookup(child, constraint.columns, statement.view, conversion);
    // As in PostgreSQL actions are not put off, nor is the look at what a default refers to.
    const isDeferred = action !== 'setDefault' && this.isDeferred(constraint);
    const rowIds = new RowIdList();
    for (const { keys } of loss.keys.chunks()) {
      statement.checkCancel();
      statement.writeView.relieve();
      const again = presentKeys(keys, parent, constraint.targetColumns, statement.view, null, this.context);
      const lost = keys.filter((_, i) => !again.has(i));
      lookup.each(lost, (rowId, key) => {
        if (isDeferred) rowIds.push(rowId as number | bigint);
        else throw this.stillReferred(loss, lost[key]!, false);
      });
    }
    loss.keys.clear();
    this.defer(constraint, child, rowIds, true);
  }

  private stillReferred(
    { parent, constraint, child }: LostKeys,
    key: readonly Datum[],
    isRestrict: boolean,
  ): DecentDbError {
    const { typeSettings } = this.context.eval;
    const { targetColumns, name } = constraint;
    return stillReferenced(parent, targetColumns, key, name, child, isRestrict, typeSettings);
  }

  private conversionBetween(
    from: TableDef,
    fromColumns: readonly number[],
    to: TableDef,
    toColumns: readonly number[],
  ): KeyConversion | null {
    return keyConversion(columnsOf(from, fromColumns), columnsOf(to, toColumns), this.context.eval);
  }

  private defer(
    { id: constraintId }: ForeignKeyConstraint,
    table: TableDef,
    ids: RowIdList,
    isLoss: boolean,
  ): void {
    const of = { constraintId, tableId: table.id, ...(isLoss ? { isLoss } : {}) };
    for (let from = 0; from < ids.length; from += CHANGE_ROWS)
      this.context.statement.services!.defer(constraintId, {
        ...of,
        rowIds: ids.slice(from, from + CHANGE_ROWS),
      });
  }
}

function columnsOf(table: TableDef, columns: readonly number[]): ColumnDef[] {
  return columns.map((column) => table.columns[column]!);
}

function keyOf(columns: readonly number[], vectors: readonly Vector[], row: number): Datum[] {
  return columns.map((column) => datumAt(vectors[column]!, row));
}

function rowIdOf(table: TableDef, vectors: readonly Vector[], row: number): number | bigint {
  return datumAt(vectors[table.columns.length]!, row) as number | bigint;
}

function isMovedRow(
  table: TableDef,
  old: readonly Vector[],
  vectors: readonly Vector[],
  row: number,
): boolean {
  return table.rowIdColumn >= 0 && rowIdOf(table, old, row) !== rowIdOf(table, vectors, row);
}

function isSameKey(
  table: TableDef,
  columns: readonly number[],
  old: readonly Vector[],
  vectors: readonly Vector[],
  row: number,
): boolean {
  return columns.every((column) => {
    const a = datumAt(old[column]!, row);
    const b = datumAt(vectors[column]!, row);
    return a === null || b === null ? a === b : table.columns[column]!.type.equals(a, b);
  });
}

/** Numbers of the keys that some row of the table has, or of a partition of it. */
function presentKeys(
  keys: readonly (readonly Datum[])[],
  table: TableDef,
  columns: readonly number[],
  view: ReadView,
  conversion: KeyConversion | null,
  context: ExecContext,
): Set<number> {
  if (table.partitionKey === undefined) return new KeyLookup(table, columns, view, conversion).present(keys);
  const { services } = context.statement;
  assert(services !== null, 'partitions are known where the session gives write targets');
  const found = new Set<number>();
  for (const { tableId } of services.writeTarget(table.id).routing?.routes ?? []) {
    const member = services.writeTarget(tableId).table;
    const there = columnsIn(table, member);
    const own = columns.map((column) => there[column]!);
    const missing = keys.flatMap((_, i) => (found.has(i) ? [] : [i]));
    const asked = missing.map((i) => keys[i]!);
    for (const i of presentKeys(asked, member, own, view, conversion, context)) found.add(missing[i]!);
  }
  return found;
}

function movedFromReferenced(from: TableDef, whole: TableDef): DecentDbError {
  return new DecentDbError(
    '0A000',
    'cannot move tuple across partitions when a non-root ancestor of the source partition is directly referenced in a foreign key',
    {
      detail: `A foreign key points to ancestor "${whole.name}" but not the root ancestor of "${from.name}".`,
    },
  );
}

/** Checks rows whose constraint was deferred: those that still exist must have a parent. `target` is the referring table's. */
export function runDeferredReferences(check: DeferredCheck, target: WriteTarget, context: ExecContext): void {
  const entry = target.foreignKeys.find((one) => one.constraint.id === check.constraintId);
  if (entry === undefined) return;
  const { constraint, target: parent } = entry;
  const { view } = context.statement;
  const conversion = keyConversion(
    columnsOf(target.table, constraint.columns),
    columnsOf(parent, constraint.targetColumns),
    context.eval,
  );
  const rows = new RowChanger(target, context).existing(check.rowIds);
  const keys: (readonly Datum[])[] = [];
  for (let row = 0; row < rows.count; row++) {
    const key = keyOf(constraint.columns, rows.vectors, row);
    if (!key.includes(null)) keys.push(key);
    else if (constraint.match === 'full' && key.some((value) => value !== null))
      throw mixedNullKey(target.table, constraint.name);
  }
  const present = presentKeys(keys, parent, constraint.targetColumns, view, conversion, context);
  const missing = keys.findIndex((_, i) => !present.has(i));
  if (missing >= 0 && check.isLoss === true) {
    const key = conversion === null ? keys[missing]! : conversion.assign(keys[missing]!);
    throw stillReferenced(
      parent,
      constraint.targetColumns,
      key,
      constraint.name,
      target.table,
      false,
      context.eval.typeSettings,
    );
  }
  if (missing >= 0) {
    throw missingParent(
      target.table,
      constraint.name,
      constraint.columns,
      keys[missing]!,
      parent,
      context.eval.typeSettings,
    );
  }
}

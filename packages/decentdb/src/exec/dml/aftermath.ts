/**
 * What is left to do when a statement has changed its rows: foreign keys and keys that are checked at the statement's end.
 *
 * I1  One of a statement, shared by all its data-changing nodes: rows of one WITH definition may be the parents of another's.
 * I2  `finish` runs after the last row is changed and before the first RETURNING row is handed out.
 * I3  A key noted here was taken when it was written; it is free again or it is an error (or a deferred check) at the end.
 */
import type { DecentDbError } from '../../base/errors.ts';
import { type KeyConstraint, keyOfIndex } from '../../catalog/schema.ts';
import type { Datum } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import type { WriteTarget } from '../physical.ts';
import { RowIdList } from '../row-id-list.ts';
import { RowIdSet } from '../row-id-set.ts';
import type { DeferredCheck } from '../services.ts';
import { ForeignKeyEnforcer, runDeferredReferences } from './foreign-keys.ts';
import { CHANGE_ROWS, RowChanger } from './row-changer.ts';
import { AfterTriggers } from './triggers.ts';

interface TakenKeys {
  readonly target: WriteTarget;
  readonly constraint: KeyConstraint;
  readonly rowIds: RowIdList;
  readonly met: RowIdSet;
}

export class Aftermath {
  private readonly context: ExecContext;
  readonly triggers: AfterTriggers;
  private foreignKeys: ForeignKeyEnforcer | null = null;
  private readonly taken = new Map<number, TakenKeys>();

  constructor(context: ExecContext) {
    this.context = context;
    this.triggers = new AfterTriggers(context);
  }

  /** The enforcer for a table's changes; null when no foreign key concerns it. */
  enforcerFor(target: WriteTarget): ForeignKeyEnforcer | null {
    if (!ForeignKeyEnforcer.concerns(target)) return null;
    this.foreignKeys ??= new ForeignKeyEnforcer(this.context, this.triggers);
    this.foreignKeys.know(target.viewChecks === undefined ? target : { ...target, viewChecks: [] });
    return this.foreignKeys;
  }

  /** A row was written whose deferrable key another row has, too. */
  noteTaken(target: WriteTarget, constraint: KeyConstraint, rowId: Datum): void {
    let entry = this.taken.get(constraint.id);
    if (entry === undefined) {
      entry = {
        target,
        constraint,
        rowIds: new RowIdList(),
        met: new RowIdSet(this.context.statement.memory),
      };
      this.taken.set(constraint.id, entry);
    }
    if (entry.met.add(rowId)) entry.rowIds.push(rowId as number | bigint);
  }

  finish(): void {
    this.foreignKeys?.finish();
    const { services } = this.context.statement;
    for (const { target, constraint, rowIds, met } of this.taken.values()) {
      const isDeferred = services?.isDeferred(constraint.id) === true;
      met.clear();
      for (let from = 0; from < rowIds.length; from += CHANGE_ROWS) {
        this.context.statement.checkCancel();
        this.context.statement.writeView.relieve();
        const check: DeferredCheck = {
          constraintId: constraint.id,
          tableId: target.table.id,
          rowIds: rowIds.slice(from, from + CHANGE_ROWS),
        };
        if (isDeferred) services.defer(constraint.id, check);
        else checkKeys(check, target, constraint, this.context);
      }
    }
    this.taken.clear();
    this.triggers.finish();
  }
}

/** The aftermath of the running statement. */
export function aftermathOf(context: ExecContext): Aftermath {
  const { statement } = context;
  statement.aftermath ??= new Aftermath(context);
  return statement.aftermath as Aftermath;
}

/** Throws 23505 when one of the rows, if it is still there, shares its key with another. */
function checkKeys(
  check: DeferredCheck,
  target: WriteTarget,
  constraint: KeyConstraint,
  context: ExecContext,
): void {
  const changer = new RowChanger(target, context);
  const rows = changer.existing(check.rowIds);
  const violation = firstTaken(changer, rows.vectors, rows.count, constraint);
  if (violation !== null) throw violation;
}

function firstTaken(
  changer: RowChanger,
  vectors: Parameters<RowChanger['deleteRows']>[0],
  count: number,
  constraint: KeyConstraint,
): DecentDbError | null {
  const { writer } = changer;
  const k = writer.indexes.findIndex((one) => one.index.id === constraint.indexId);
  const index = writer.indexes[k];
  if (index === undefined) return null;
  const entries = writer.indexValues(index.target, vectors, count);
  for (let i = 0; i < count; i++) {
    if (!index.covers(entries, i)) continue;
    const rowId = writer.rowIdAt(vectors, i);
    const entry = index.entry(entries, i, rowId);
    if (index.findConflict(entry, rowId) !== null) return index.violation(entry, writer.settings);
  }
  return null;
}

/** Runs a check that was deferred. `target` is the write target of the check's table. */
export function runDeferredCheck(check: DeferredCheck, target: WriteTarget, context: ExecContext): void {
  for (const { index } of target.indexes) {
    const key = keyOfIndex(target.table, index);
    if (key?.id === check.constraintId) {
      checkKeys(check, target, key, context);
      return;
    }
  }
  runDeferredReferences(check, target, context);
}

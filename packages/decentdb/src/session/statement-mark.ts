/**
 * What to go back to when a statement inside a transaction fails.
 *
 * I1  A statement that failed leaves nothing of itself in its transaction, or the transaction has failed (25P02) and can only be
 *     rolled back.
 */
import { AssertionFailure, DecentDbError } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { StatementGuard } from '../exec/context.ts';
import type { WriteTxn } from '../txn/write-txn.ts';
import type { DeferredMark } from './deferred-checks.ts';
import type { Settings } from './settings/settings.ts';
import type { Transaction } from './transaction.ts';

export interface StatementMark {
  /** Set by the statement's guard; null: nothing to go back to, or to the start of the write transaction. */
  physical: ReturnType<WriteTxn['savepoint']> | null;
  /** The statement changes rows without a savepoint. */
  isRelied: boolean;
  readonly wasWriting: boolean;
  readonly catalog: Catalog | null;
  readonly settings: ReturnType<Settings['mark']>;
  readonly deferred: DeferredMark;
  readonly deferredTriggers: number;
  readonly signals: number;
}

export function markStatement(txn: Transaction, settings: Settings): StatementMark {
  return {
    physical: null,
    isRelied: false,
    wasWriting: txn.write !== null,
    catalog: txn.catalog,
    settings: settings.mark(),
    deferred: txn.deferred.mark(),
    deferredTriggers: txn.deferredTriggers.length,
    signals: txn.signals.length,
  };
}

export function guardOf(txn: Transaction, mark: StatementMark): StatementGuard {
  return {
    protect: () => {
      if (mark.wasWriting && txn.write !== null) mark.physical ??= txn.write.savepoint();
    },
    rely: () => {
      mark.isRelied = true;
    },
  };
}

/** Takes back what the statement did, or fails the transaction where that cannot be done (I1). */
export function undoStatement(
  txn: Transaction,
  mark: StatementMark,
  settings: Settings,
  error: unknown,
): void {
  if (txn.write?.isActive === true) {
    if (mark.physical !== null) {
      txn.write.rollbackTo(mark.physical);
      txn.write.release(mark.physical);
    } else if (mark.wasWriting) {
      if (mark.isRelied || isHalfDone(error)) txn.isFailed = true;
    } else {
      // The statement was the first to write: nothing of the write transaction is worth keeping. A new one starts with
      // the next write, on the same state, since nobody else can have committed meanwhile.
      txn.abandonWrite();
    }
  }
  txn.catalog = mark.catalog;
  txn.deferred.restore(mark.deferred);
  txn.deferredTriggers.length = Math.min(txn.deferredTriggers.length, mark.deferredTriggers);
  txn.signals.length = Math.min(txn.signals.length, mark.signals);
  txn.rowIds.clear();
  settings.rollbackTo(mark.settings);
}

/** Disks that fail (58), damage (XX), exhausted memory (53): no check finds them before the first change. */
const BETWEEN_CHANGES = /^(?:53|58|XX)/;

/** Checks come before the first change; an error that is none of them may have come between two changes. */
export function isHalfDone(error: unknown): boolean {
  if (!(error instanceof DecentDbError) || error instanceof AssertionFailure) return true;
  return BETWEEN_CHANGES.test(error.code);
}

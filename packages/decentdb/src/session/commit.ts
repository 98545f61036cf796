/**
 * The end of a transaction that is to stay.
 *
 * I1  Deferred constraints are checked before anything is written; one that fails undoes the whole transaction.
 * I2  The catalogue of a committed schema change is remembered under its cookie, never before.
 */

import { runDeferredChecks, runDeferredTriggers } from './deferred.ts';
import { sendSignals } from './notifications.ts';
import { checkHeldCursors, endCursors } from './run/portals.ts';
import { mergeBeforeCommit } from './search-upkeep.ts';
import type { Session } from './session.ts';
import { endTemporaryTables } from './temporary.ts';
import type { Transaction } from './transaction.ts';

export function commitTransaction(session: Session, txn: Transaction): void {
  const { write, read } = txn;
  checkHeldCursors(session, txn);
  if (write !== null) {
    try {
      runDeferredTriggers(session, txn, () => true);
      runDeferredChecks(session, txn, () => true);
      endTemporaryTables(session, txn);
      mergeBeforeCommit(session, txn, write);
      session.shared.sequences.store(write, session.catalogOf(txn).sequences);
      // A schema change waits: its catalogue is remembered by number, which a lost commit would give out again.
      if (session.groupCommits && !txn.hasSchemaChange) session.pendingCommit = write.commitGrouped();
      else write.commit();
      if (txn.hasSchemaChange && txn.catalog !== null) session.shared.store.remember(txn.catalog);
    } finally {
      txn.write = null;
      if (write.isActive) write.rollback();
    }
  }
  endCursors(session, txn);
  const { signals } = txn;
  txn.signals = [];
  if (signals.length > 0) sendSignals(session, signals);
  if (read !== null) {
    txn.read = null;
    if (txn.isExplicit) read.end();
    else session.keepReader(read);
  }
}

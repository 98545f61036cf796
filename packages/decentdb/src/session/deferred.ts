/**
 * Deferred constraints: checked at COMMIT, or when SET CONSTRAINTS makes them immediate.
 *
 * I1  Checks see the transaction as it is now; what they find changes nothing but whether it may go on.
 */
import { ExecContext, StatementContext } from '../exec/context.ts';
import { runDeferredCheck } from '../exec/dml/aftermath.ts';
import type { WriteTarget } from '../exec/physical.ts';
import { RowIdSet } from '../exec/row-id-set.ts';
import type { TriggerCall } from '../exec/services.ts';
import type { PendingCheck } from './deferred-checks.ts';
import { runTrigger } from './fire-trigger.ts';
import type { Session } from './session.ts';
import { SessionServicesOf } from './session-services.ts';
import type { Transaction } from './transaction.ts';

const ROWS_AT_ONCE = 4096;

/** Runs the checks that are due, each row once; throws 23503, 23505 ... of the first that fails. */
export function runDeferredChecks(
  session: Session,
  txn: Transaction,
  isDue: (check: PendingCheck) => boolean,
): void {
  const due = txn.deferred.pending.filter(isDue);
  if (due.length === 0) return;
  const before = session.running;
  session.running = txn;
  try {
    const catalog = session.catalogOf(txn);
    const services = new SessionServicesOf(session, txn, catalog);
    const statement = new StatementContext({
      view: txn.writeView(),
      params: [],
      eval: session.evalContext,
      services,
      checkCancel: session.cancelCheck(),
    });
    const context = new ExecContext(statement, [], new Map());
    for (const check of due) {
      if (catalog.table(check.tableId) !== undefined)
        checkRows(check, services.writeTarget(check.tableId), context);
      check.checked = check.rowIds.length;
    }
  } finally {
    session.running = before;
  }
}

function checkRows(check: PendingCheck, target: WriteTarget, context: ExecContext): void {
  const { rowIds } = check;
  const met = new RowIdSet();
  for (let from = check.checked; from < rowIds.length; from += ROWS_AT_ONCE) {
    context.statement.checkCancel();
    // Pages the transaction has spilled were read back.
    context.statement.writeView.relieve();
    const fresh = rowIds.slice(from, from + ROWS_AT_ONCE).filter((id) => met.add(id));
    if (fresh.length > 0) runDeferredCheck({ ...check, rowIds: fresh }, target, context);
  }
}

/** Runs constraint triggers that wait and are due; what they change may make others wait. */
export function runDeferredTriggers(
  session: Session,
  txn: Transaction,
  isDue: (call: TriggerCall) => boolean,
): void {
  const before = session.running;
  session.running = txn;
  try {
    for (;;) {
      const at = txn.deferredTriggers.findIndex(isDue);
      const [call] = at < 0 ? [] : txn.deferredTriggers.splice(at, 1);
      if (call === undefined) return;
      runTrigger(session, call);
    }
  } finally {
    session.running = before;
  }
}

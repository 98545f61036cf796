/**
 * Deferred constraints: checked at COMMIT, or when SET CONSTRAINTS makes them immediate.
 *
 * I1  Checks see the transaction as it is now; what they find changes nothing but whether it may go on.
 */
import { ExecContext, StatementContext } from '../exec/context.ts';
import { runDeferredCheck } from '../exec/dml/aftermath.ts';
import type { DeferredCheck, TriggerCall } from '../exec/services.ts';
import { runTrigger } from './fire-trigger.ts';
import type { Session } from './session.ts';
import { SessionServicesOf } from './session-services.ts';
import type { Transaction } from './transaction.ts';

/** Runs the checks that are due and forgets them; throws 23503, 23505 ... of the first that fails. */
export function runDeferredChecks(
  session: Session,
  txn: Transaction,
  isDue: (check: DeferredCheck) => boolean,
): void {
  const due = txn.deferred.filter(isDue);
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
    });
    const context = new ExecContext(statement, [], new Map());
    for (const check of merged(due))
      if (catalog.table(check.tableId) !== undefined)
        runDeferredCheck(check, services.writeTarget(check.tableId), context);
  } finally {
    session.running = before;
  }
  txn.deferred = txn.deferred.filter((check) => !isDue(check));
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

/** One check a constraint and cause. */
function merged(checks: readonly DeferredCheck[]): DeferredCheck[] {
  const rows = new Map<string, { readonly check: DeferredCheck; readonly rowIds: Set<number | bigint> }>();
  for (const check of checks) {
    const key = `${check.constraintId} ${check.isLoss === true}`;
    const known = rows.get(key);
    if (known === undefined) rows.set(key, { check, rowIds: new Set(check.rowIds) });
    else for (const id of check.rowIds) known.rowIds.add(id);
  }
  return [...rows.values()].map(({ check, rowIds }) => ({ ...check, rowIds: [...rowIds] }));
}

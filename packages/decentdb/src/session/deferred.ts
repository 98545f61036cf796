/** Deferred constraints: checked at COMMIT, or when SET CONSTRAINTS makes them immediate. */
import { notSupported } from '../base/errors.ts';
import type { DeferredCheck } from '../exec/services.ts';
import type { Session } from './session.ts';
import type { Transaction } from './transaction.ts';

/** Runs the checks that are due and forgets them; throws 23503, 23505 ... of the first that fails. */
export function runDeferredChecks(
  _session: Session,
  txn: Transaction,
  isDue: (check: DeferredCheck) => boolean,
): void {
  const due = txn.deferred.filter(isDue);
  if (due.length === 0) return;
  txn.deferred = txn.deferred.filter((check) => !isDue(check));
  throw notSupported('checking deferred constraints');
}

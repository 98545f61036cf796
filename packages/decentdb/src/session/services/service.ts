/** What a service is: a function that SQL can call and that needs the session to answer. */
import { DecentDbError } from '../../base/errors.ts';
import type { Datum } from '../../types/vector.ts';
import type { Session } from '../session.ts';
import type { Transaction } from '../transaction.ts';

export type SessionService = (session: Session, args: readonly Datum[]) => Datum;

/** The transaction of the running statement: services answer from its catalogue and view. */
export function runningOf(session: Session): Transaction {
  const txn = session.running ?? session.transaction;
  if (txn === null) throw new DecentDbError('25000', 'no statement is running');
  return txn;
}

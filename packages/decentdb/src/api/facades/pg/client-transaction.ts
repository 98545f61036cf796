/** A transaction of a client: it stays open over any number of calls, until it is told how to end. */
import type { AsyncDatabase } from '../../async-database.ts';
import type { AsyncTransaction } from '../../async-transaction.ts';

export interface ClientTransaction {
  readonly tx: AsyncTransaction;
  readonly done: Promise<void>;
  readonly end: (how: 'commit' | 'rollback') => void;
  isFailed: boolean;
}

class RolledBack extends Error {}

export function openTransaction(db: AsyncDatabase): Promise<ClientTransaction> {
  return new Promise((resolve, reject) => {
    let end: ClientTransaction['end'] = () => {};
    const told = new Promise<void>((commit, fail) => {
      end = (how) => {
        if (how === 'commit') commit();
        else fail(new RolledBack());
      };
    });
    told.catch(() => {});
    const done = db.transaction(async (tx) => {
      await null; // `ended` is known once this function has waited.
      resolve({ tx, done: ended, end, isFailed: false });
      await told;
    });
    const ended: Promise<void> = done.catch((error: unknown) => {
      if (error instanceof RolledBack) return;
      reject(error);
      throw error;
    });
    ended.catch(() => {}); // Who ends the transaction waits for it.
  });
}

/** What a statement does to the transaction: begins one (with modes), ends it, or neither. */
export type Control =
  | { readonly kind: 'begin'; readonly modes: string }
  | { readonly kind: 'commit' | 'rollback' }
  | null;

export function controlOf(text: string): Control {
  const begin = /^(?:begin(?:\s+(?:work|transaction))?|start\s+transaction)\b([^;]*);?\s*$/i.exec(text);
  if (begin !== null) return { kind: 'begin', modes: (begin[1] as string).trim() };
  if (/^(commit|end)\b(?!\s+prepared)[^;]*;?\s*$/i.test(text)) return { kind: 'commit' };
  return /^(rollback|abort)\b(?!\s+((work|transaction)\s+)?(to|prepared)\b)[^;]*;?\s*$/i.test(text)
    ? { kind: 'rollback' }
    : null;
}

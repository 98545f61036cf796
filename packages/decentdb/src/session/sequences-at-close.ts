/** Values of sequences that were taken by what was rolled back do not come again when the database is opened again. */
import { DecentDbError } from '../base/errors.ts';
import type { Session } from './session.ts';

/** Stores them as the last session closes; nothing stands in the way of closing. */
export function storeTakenValues(session: Session): void {
  const { engine, shared } = session;
  if (engine.isReadOnly || engine.failureCause !== undefined || !shared.sequences.hasUnstored) return;
  try {
    const write = engine.beginWrite();
    try {
      shared.sequences.storeLeft(write, shared.store.load(write, write.meta).sequences);
      write.commit();
    } finally {
      if (write.isActive) write.rollback();
    }
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
  }
}

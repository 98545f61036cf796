/**
 * Rows of a query pulled by the caller while other statements go on.
 *
 * I1  A cursor has a snapshot of its own (or its read-only transaction's): writes of the same session do not reach it.
 * I2  Inside a transaction that writes, and for statements that write, the rows are computed at once and kept, beyond
 *     work_mem in a file: there is no snapshot of half a transaction.
 * I3  Whatever way it ends (exhausted, closed, an error) the snapshot is given back exactly once.
 */
import { platformError } from '../base/platform-errors.ts';
import type { Batch } from '../exec/batch.ts';
import { Spool } from '../exec/spill/spool.ts';
import type { OutputColumn } from '../plan/logical.ts';
import type { ReadTxn } from '../txn/read-txn.ts';
import { slotsOfColumns } from './run/outcome.ts';
import { isPreparable, type Prepared } from './run/prepared.ts';
import type { ParamSource, Session } from './session.ts';

export interface Cursor {
  readonly columns: readonly OutputColumn[];
  next(): Batch | null;
  close(): void;
}

/** Opens a cursor over a statement's rows. */
export function openCursor(session: Session, prepared: Prepared, params: ParamSource): Cursor {
  session.checkOpen();
  session.checkNotFailed(prepared);
  const explicit = session.transaction;
  const isWriting = explicit !== null && (explicit.write !== null || !explicit.isReadOnly);
  if (!isPreparable(prepared.stmt) || isWriting || prepared.compiled?.plan.isReadOnly === false)
    return bufferedCursor(session, prepared, params);
  const txn = explicit ?? session.newTransaction(false, true);
  const before = session.running;
  session.running = txn;
  try {
    session.evalContext.beginStatement();
    const compiled = session.compiledFor(prepared, txn);
    if (!compiled.plan.isReadOnly) {
      if (explicit === null) txn.abandon();
      session.running = before;
      return bufferedCursor(session, prepared, params);
    }
    const values = params(compiled.paramTypes);
    const view = session.readView(txn) as ReadTxn;
    const run = session.startRun(txn, compiled.plan, values, view);
    let isOpen = true;
    const close = (): void => {
      if (!isOpen) return;
      isOpen = false;
      run.close();
      if (explicit === null) txn.abandon();
    };
    return {
      columns: compiled.columns,
      next(): Batch | null {
        if (!isOpen) return null;
        try {
          const batch = run.next();
          if (batch === null) close();
          return batch;
        } catch (error) {
          close();
          throw platformError(error);
        }
      },
      close,
    };
  } catch (error) {
    if (explicit === null) txn.abandon();
    throw platformError(error);
  } finally {
    session.running = before;
  }
}

function bufferedCursor(session: Session, prepared: Prepared, params: ParamSource): Cursor {
  const memory = session.keptMemory.take(session);
  let spool: Spool | null = null;
  const close = (): void => {
    spool?.clear();
    spool = null;
    session.keptMemory.release(memory);
  };
  try {
    const { value: kept, columns } = session.run(prepared, params, (rows) => {
      spool = new Spool(slotsOfColumns(rows.columns), memory);
      for (let batch = rows.next(); batch !== null; batch = rows.next()) spool.append(batch);
      spool.report();
      return spool;
    });
    const reader = kept.reader();
    return {
      columns,
      next(): Batch | null {
        try {
          const batch = spool === null ? null : reader.next();
          if (batch === null) close();
          return batch;
        } catch (error) {
          close();
          throw platformError(error);
        }
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Temporary tables: they live in schema pg_temp, like any other table, and are cleared away.
 *
 * I1  None survives its sessions: the last session of a database drops them when it closes, and the first drops what a crash
 *     left behind.
 * I2  ON COMMIT DELETE ROWS and DROP happen inside the commit, after deferred checks.
 */
import { DecentDbError } from '../base/errors.ts';
import type { DdlContext } from './ddl/context.ts';
import { remove } from './ddl/drop.ts';
import { truncateStorage } from './ddl/storage.ts';
import { TEMPORARY_SCHEMA } from './ddl/work.ts';
import { ddlContext } from './run/ddl.ts';
import type { Session } from './session.ts';
import type { Transaction } from './transaction.ts';

/** Drops all temporary objects. */
export function dropTemporary(session: Session): void {
  if (session.engine.isReadOnly) return;
  const text = `DROP SCHEMA ${TEMPORARY_SCHEMA} CASCADE`;
  try {
    if (session.currentCatalog().schema(TEMPORARY_SCHEMA) === undefined) return;
    session.run(
      session.prepare(text),
      () => [],
      () => null,
    );
  } catch (error) {
    // An engine that failed writes no more; what is left goes at the next opening.
    if (!(error instanceof DecentDbError)) throw error;
  }
}

/** What ON COMMIT asks for, in a transaction that wrote. */
export function endTemporaryTables(session: Session, txn: Transaction): void {
  const tables = [...session.catalogOf(txn).tables.values()].filter((table) => table.onCommit !== 'preserve');
  if (tables.length === 0) return;
  const before = session.running;
  session.running = txn;
  try {
    // Cursors of the transaction end with it: they hold no table any more.
    const context: DdlContext = { ...ddlContext(session, txn, ''), requireUnused: () => undefined };
    const { catalog } = context;
    for (const table of tables) {
      if (table.onCommit === 'delete') truncateStorage(context, table);
      else remove(context, { kind: 'table', table });
    }
    if (context.catalog === catalog) return;
    txn.catalog = context.store.save(context.view, catalog, context.catalog);
    txn.hasSchemaChange = true;
  } finally {
    session.running = before;
  }
}

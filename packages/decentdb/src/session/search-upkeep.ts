/**
 * When noted rows of trigram indexes become postings.
 *
 *     every commit     indexes of mode 'immediate' that changed; of the others those whose notes passed the budget (rows, bytes,
 *                      part of the table)
 *     checkpoint       one that commits are about to start: those with notes worth it. CHECKPOINT: all of them
 *     close            all of them, if nobody else is writing; what stays noted is as durable and exact as ever
 *
 * I1  A merge is part of a write transaction like any change: a crash or rollback undoes notes and postings alike.
 * I2  What a commit merges is bounded by the budget and what its own transaction noted; memory by a slice.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import { mergeTrigramIndex } from '../exec/dml/trigram-merge.ts';
import { isSearchable, searchChanges, searchMode, searchTrees } from '../exec/storage/search-stores.ts';
import { writeTargetFor } from '../plan/emit/write.ts';
import type { WriteTxn } from '../txn/write-txn.ts';
import type { Session } from './session.ts';
import { tableRowsNow } from './statistics.ts';
import type { Transaction } from './transaction.ts';

/** Noted rows a merge turns into postings in one go: enough to meet most posting leaves more than once. */
const SLICE_ROWS = 8192;

/** Notes of small tables are merged sooner: no more than this part of the rows, and no fewer than so many. */
const PENDING_PART = 1 / 8;
const PENDING_LEAST = 2048;

/** Merges what a transaction that is about to commit has to merge. */
export function mergeBeforeCommit(session: Session, txn: Transaction, write: WriteTxn): void {
  const changes = searchChanges(write);
  if (changes === undefined) return;
  const catalog = session.catalogOf(txn);
  for (const [changed, of] of changes) {
    // DDL of this transaction may have replaced or dropped what was changed before it.
    const table = catalog.table(of.id);
    const index = table?.indexes.find(({ id }) => id === changed.id);
    if (table === undefined || index === undefined || !isSearchable(index)) continue;
    if (searchMode(index) === 'immediate' || isOverBudget(session, table, index, write))
      mergeAll(session, catalog, table, index, write);
  }
  if (session.engine.isCheckpointNear) mergeForCheckpoint(session, catalog, write);
}

function isOverBudget(session: Session, table: TableDef, index: IndexDef, write: WriteTxn): boolean {
  const { searchPendingRows, searchPendingBytes } = session.settings;
  const store = searchTrees(index);
  const rows = store.pendingRows(write);
  if (rows > searchPendingRows) return true;
  if (rows > PENDING_LEAST && rows > tableRowsNow(table, write) * PENDING_PART) return true;
  return store.pendingBytes(write) > searchPendingBytes;
}

/** What an automatic checkpoint is about to copy should have the postings in it, where there are enough of them to be worth it. */
function mergeForCheckpoint(session: Session, catalog: Catalog, write: WriteTxn): void {
  for (const table of catalog.tables.values())
    for (const index of table.indexes)
      if (isSearchable(index) && searchTrees(index).pendingRows(write) >= PENDING_LEAST)
        mergeAll(session, catalog, table, index, write);
}

function mergeAll(
  session: Session,
  catalog: Catalog,
  table: TableDef,
  index: IndexDef,
  write: WriteTxn,
): void {
  const target = targetOf(session, catalog, table);
  const position = table.indexes.indexOf(index);
  while (mergeTrigramIndex(target, position, write, session.evalContext, SLICE_ROWS) === SLICE_ROWS)
    write.relieve();
}

function targetOf(session: Session, catalog: Catalog, table: TableDef): ReturnType<typeof writeTargetFor> {
  const env = session.bindEnv(catalog);
  return writeTargetFor(table, { tableExpressions: (t) => session.shared.tableExpressions(t, env) });
}

/** Merges every trigram index there is, each slice in a transaction of its own. For CHECKPOINT and close. */
export function mergeEverything(session: Session): void {
  const { engine } = session;
  if (engine.isReadOnly || session.transaction !== null) return;
  for (const { table, index } of waiting(session)) {
    for (let merged = SLICE_ROWS; merged === SLICE_ROWS; ) {
      let write: WriteTxn;
      try {
        write = engine.beginWrite();
      } catch (error) {
        if (error instanceof DecentDbError && error.code === '55P03') return;
        throw error;
      }
      try {
        const catalog = session.shared.store.load(write, write.meta);
        const now = catalog.table(table.id);
        const position = now?.indexes.findIndex(({ id }) => id === index.id) ?? -1;
        if (now === undefined || position < 0) break;
        merged = mergeTrigramIndex(
          targetOf(session, catalog, now),
          position,
          write,
          session.evalContext,
          SLICE_ROWS,
        );
        if (merged > 0) write.commit();
      } finally {
        if (write.isActive) write.rollback();
      }
    }
  }
}

/** Indexes with noted rows. */
function waiting(session: Session): readonly { readonly table: TableDef; readonly index: IndexDef }[] {
  const read = session.engine.beginRead();
  try {
    const found: { table: TableDef; index: IndexDef }[] = [];
    for (const table of session.shared.store.load(read, read.meta).tables.values())
      for (const index of table.indexes)
        if (isSearchable(index) && searchTrees(index).pendingRows(read) > 0) found.push({ table, index });
    return found;
  } finally {
    read.end();
  }
}

/** As `mergeEverything`, but nothing stands in the way of closing: notes that could not be merged are durable as they are. */
export function mergeAtClose(session: Session): void {
  const { engine } = session;
  if (engine.isReadOnly || engine.failureCause !== undefined) return;
  try {
    mergeEverything(session);
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
  }
}

/**
 * When noted rows of search indexes become postings (search/run-merge.ts), and how much of that a commit does.
 *
 *     every commit     of the indexes it changed: mode 'immediate' is merged at once. Others: when notes pass three quarters of the
 *                      budget (rows, bytes, part of the table) they are frozen, and commits that follow each merge a part as large as
 *                      what they noted themselves is of the last quarter: they are merged before the budget is reached
 *     checkpoint       one that commits are about to start: notes worth it are frozen, and each commit merges a part. CHECKPOINT: all
 *     close            as many as take a bounded number of leaves, if nobody else is writing; what stays noted is as durable and
 *                      exact as ever
 *
 * I1  A merge is part of a write transaction like any change: a crash or rollback undoes notes and postings alike.
 * I2  A commit does not end above the budget: a transaction that notes more than the last quarter at once merges what it noted itself.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import { indexedValues } from '../exec/dml/trigram-merge.ts';
import { isSearchable, searchChanges, searchMode, searchTrees } from '../exec/storage/search-stores.ts';
import { writeTargetFor } from '../plan/emit/write.ts';
import type { ValuesOf } from '../search/posting-changes.ts';
import type { SearchTrees } from '../search/search-trees.ts';
import type { WriteTxn } from '../txn/write-txn.ts';
import type { Session } from './session.ts';
import { tableRowsNow } from './statistics.ts';
import type { Transaction } from './transaction.ts';

/** Noted rows merged in one transaction, for CHECKPOINT and at close, where an index's notes have no runs. */
const ROWS_AT_ONCE = 8192;
/** The same for others: a part of the run. */
const SHARE_AT_ONCE = 1 / 32;
/** The same for commits before a checkpoint, of an index they did not change. */
const CHECKPOINT_SHARE = 1 / 256;

/** Leaves of an index's postings that closing may write, about. */
const CLOSE_LEAVES = 512;
/** Leaves that a noted row's postings lie in, about. */
const ROW_LEAVES = 32;

/** From this part of the budget on notes are merged. */
const FREEZE_PART = 3 / 4;
/** The same before a checkpoint: fewer notes to a leaf of postings make the merge dearer. */
const CHECKPOINT_PART = 3 / 8;
/** How much sooner than needed a merge should be through. */
const HASTE = 1.5;

/**
 * Notes of small tables are merged sooner: no more than this part of the rows, and no fewer than so many. Where these are more than a
 * search is worth, queries scan the table, which is small then; of words that is dear.
 */
const PENDING_PART = 1 / 8;
const PENDING_LEAST = { trigram: 4096, vectors: 2048 } as const;

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
    new IndexMerge(session, catalog, table, index, write).afterChange();
  }
  if (session.engine.isCheckpointNear) mergeForCheckpoint(session, catalog, write);
}

/** What an automatic checkpoint is about to copy should have the postings in it, where there are enough of them to be worth it. */
function mergeForCheckpoint(session: Session, catalog: Catalog, write: WriteTxn): void {
  for (const table of catalog.tables.values())
    for (const index of table.indexes)
      if (isSearchable(index)) new IndexMerge(session, catalog, table, index, write).beforeCheckpoint();
}

/** One index in a transaction that is about to commit. */
class IndexMerge {
  readonly session: Session;
  readonly catalog: Catalog;
  readonly table: TableDef;
  readonly index: IndexDef;
  readonly write: WriteTxn;
  readonly store: SearchTrees;

  constructor(session: Session, catalog: Catalog, table: TableDef, index: IndexDef, write: WriteTxn) {
    this.session = session;
    this.catalog = catalog;
    this.table = table;
    this.index = index;
    this.write = write;
    this.store = searchTrees(index);
  }

  afterChange(): void {
    const { store, write } = this;
    if (searchMode(this.index) === 'immediate') {
      this.mergeAll();
      return;
    }
    const rowsMax = this.rowsMax();
    const used = this.usedOf(rowsMax);
    if (used > 1 || (used > FREEZE_PART && !store.notes.hasRuns)) this.mergeAll();
    else if (!store.notes.hasRuns) return;
    else if (store.notes.state(write).isMerging)
      this.advance((HASTE * store.notes.notedBy(write)) / (rowsMax * (1 - FREEZE_PART)));
    else if (used > FREEZE_PART) store.merging.freeze(write);
  }

  beforeCheckpoint(): void {
    const { store, write } = this;
    if (store.notes.hasRuns && store.notes.state(write).isMerging) {
      if (store.notes.notedBy(write) === 0) this.advance(CHECKPOINT_SHARE);
    } else if (
      store.pendingRows(write) >= this.rowsLeast() &&
      this.usedOf(this.rowsMax()) > CHECKPOINT_PART
    ) {
      if (store.notes.hasRuns) store.merging.freeze(write);
      else this.mergeAll();
    }
  }

  private rowsLeast(): number {
    return PENDING_LEAST[this.index.method === 'trigram' ? 'trigram' : 'vectors'];
  }

  /** Most rows that may be noted. */
  private rowsMax(): number {
    const ofTable = Math.max(this.rowsLeast(), tableRowsNow(this.table, this.write) * PENDING_PART);
    return Math.min(this.session.settings.searchPendingRows, ofTable);
  }

  /** Which part of the budget the notes take. */
  private usedOf(rowsMax: number): number {
    const { store, write } = this;
    const rows = store.pendingRows(write);
    if (rows === 0) return 0;
    return Math.max(rows / rowsMax, store.pendingBytes(write) / this.session.settings.searchPendingBytes);
  }

  private advance(share: number): void {
    if (!this.store.merging.isFrozenBy(this.write))
      this.store.merging.advance(this.write, this.values(), share);
  }

  private mergeAll(): void {
    this.store.merge(this.write, this.values(), Number.POSITIVE_INFINITY);
  }

  private values(): ValuesOf {
    const { session, catalog, table, index, write } = this;
    return valuesOf(session, catalog, table, table.indexes.indexOf(index), write);
  }
}

function valuesOf(
  session: Session,
  catalog: Catalog,
  table: TableDef,
  position: number,
  write: WriteTxn,
): ValuesOf {
  return indexedValues(targetOf(session, catalog, table), position, write, session.evalContext);
}

function targetOf(session: Session, catalog: Catalog, table: TableDef): ReturnType<typeof writeTargetFor> {
  const env = session.bindEnv(catalog);
  return writeTargetFor(table, { tableExpressions: (t) => session.shared.tableExpressions(t, env) });
}

/** Merges every search index there is, each slice in a transaction of its own. For CHECKPOINT. */
export function mergeEverything(session: Session): void {
  mergeWaiting(session, Number.POSITIVE_INFINITY);
}

/** `leavesMax`: of each index, about. */
function mergeWaiting(session: Session, leavesMax: number): void {
  const { engine } = session;
  if (engine.isReadOnly || session.transaction !== null) return;
  for (const { table, index, leaves } of waiting(session)) {
    // The part of all the work that is left to do.
    let left = leaves <= leavesMax ? Number.POSITIVE_INFINITY : leavesMax / leaves;
    // What others note meanwhile is theirs to merge: the run that is being merged, and the one behind it.
    let runs = 0;
    for (let goesOn = true; goesOn && runs < 3 && left > 0; ) {
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
        const store = searchTrees(now.indexes[position]!);
        const values = valuesOf(session, catalog, now, position, write);
        const step = mergeStep(store, values, write);
        if (step === 'frozen') runs++;
        else left -= SHARE_AT_ONCE;
        goesOn = step !== 'done';
        if (goesOn || !store.notes.hasRuns) write.commit();
      } finally {
        if (write.isActive) write.rollback();
      }
    }
  }
}

/** One transaction's part of merging all that is noted. */
function mergeStep(store: SearchTrees, values: ValuesOf, write: WriteTxn): 'frozen' | 'merged' | 'done' {
  if (!store.notes.hasRuns)
    return store.merge(write, values, ROWS_AT_ONCE) === ROWS_AT_ONCE ? 'merged' : 'done';
  if (store.notes.state(write).isMerging) {
    store.merging.advance(write, values, SHARE_AT_ONCE);
    return 'merged';
  }
  if (store.notes.count(write) === 0) return 'done';
  store.merging.freeze(write);
  return 'frozen';
}

/** An index with noted rows, and how many leaves of its postings these change, about. */
interface Waiting {
  readonly table: TableDef;
  readonly index: IndexDef;
  readonly leaves: number;
}

function waiting(session: Session): readonly Waiting[] {
  const read = session.engine.beginRead();
  try {
    const found: Waiting[] = [];
    for (const table of session.shared.store.load(read, read.meta).tables.values())
      for (const index of table.indexes) {
        const store = isSearchable(index) ? searchTrees(index) : null;
        const rows = store?.pendingRows(read) ?? 0;
        if (store === null || rows === 0) continue;
        const all = store.postingBytes(read) / read.payloadBytes;
        found.push({ table, index, leaves: Math.max(1, Math.min(all, rows * ROW_LEAVES)) });
      }
    return found;
  } finally {
    read.end();
  }
}

/**
 * As `mergeEverything`, but nothing stands in the way of closing: it does a bounded part of the work, and notes that were not merged
 * are durable as they are.
 */
export function mergeAtClose(session: Session): void {
  const { engine } = session;
  if (engine.isReadOnly || engine.failureCause !== undefined) return;
  try {
    mergeWaiting(session, CLOSE_LEAVES);
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
  }
}

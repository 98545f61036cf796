/**
 * `db.bulkLoad`: many rows into a table, fast, watched, and all or nothing.
 *
 * I1  One transaction (or one for each `commitEveryRows`): readers keep their snapshots, a crash or an error leaves all or
 *     nothing of it.
 * I2  Nothing is skipped silently: a row that is refused ends the load, or is handed to `onReject` and counted.
 * I3  What a load chooses about durability holds for its own commits: a mark on each transaction, nothing to be set back.
 * I4  Indexes built at the end are checked like those kept up to date: a duplicate ends the load (session/deferred-indexes.ts).
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { DeferredIndexes } from '../session/deferred-indexes.ts';
import { MEMORY_PATH } from '../txn/open-storage.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { monotonicMs } from '../vfs/node-platform.ts';
import { NodeVfs } from '../vfs/node-vfs.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { checkOptionNames } from './did-you-mean.ts';
import { openRejects, type RejectSink, type RejectTarget } from './load/reject-file.ts';
import {
  type Feeder,
  type LoadColumns,
  type LoadFormat,
  type LoadSink,
  type LoadSource,
  lengthOf,
  type OpenedSource,
  openSource,
} from './load/sources.ts';
import type { BadRecord, CsvFileOptions, TextBatch } from './load/text-rows.ts';
import {
  type BatchHost,
  defaultColumns,
  type Reject,
  type RejectedRow,
  RowBatches,
  type RowInput,
} from './row-batches.ts';

export interface LoadProgress {
  readonly rows: number;
  readonly rejected: number;
  /** Bytes of the source read, where `bytesRead` tells. */
  readonly bytes: number;
  readonly rowsPerSec: number;
  /** Milliseconds to go; null where the size of the source is not known. */
  readonly etaMs: number | null;
}

export interface BulkLoadOptions {
  /** Columns the rows fill. Default: the keys of the first row, or all columns that are not generated. */
  readonly columns?: readonly string[];
  /** What the source consists of; of files their ending says it. */
  readonly format?: LoadFormat;
  /** How CSV is written. */
  readonly csv?: CsvFileOptions;
  /** Rows of one INSERT; of large rows fewer. Default 8192, or `commitEveryRows` if that is less. */
  readonly batchRows?: number;
  /**
   * maintain: indexes follow each batch. rebuild: they are built at the end, sorted. auto (default): rebuild where the table
   * was empty or the source is known to have at least as many rows as the table, and nothing speaks against it.
   */
  readonly indexes?: 'auto' | 'maintain' | 'rebuild';
  /** Identity columns take the values of the source even when GENERATED ALWAYS. Default false. */
  readonly overrideIdentity?: boolean;
  /** Commit after every so many rows instead of once: what is committed stays if the load ends early. */
  readonly commitEveryRows?: number;
  /**
   * What the commits of this load wait for; default: what the database was opened with. full: each is on disk. deferred: they
   * are synced every `syncEveryRows` and before the load is done. none: they are left to the next sync of anybody.
   */
  readonly durability?: 'full' | 'deferred' | 'none';
  /** With `durability: 'deferred'`: rows committed between two syncs. Default 100,000. */
  readonly syncEveryRows?: number;
  /** abort (default): the first row refused ends the load. skip: rows refused go to `rejectFile` and `onReject`. */
  readonly onError?: 'abort' | 'skip';
  /**
   * With `onError: 'skip'`: refused rows as lines of JSON, in a file that gets its name (replacing one that is there) when the
   * load has ended, or in a stream.
   */
  readonly rejectFile?: RejectTarget;
  readonly onReject?: (rejected: RejectedRow) => void;
  /** bulkLoad: part of the transaction that is open on the connection. Default false. */
  readonly join?: boolean;
  /** Called after each batch. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Called before an index is built at the end. */
  readonly onIndex?: (name: string) => void;
  /** Size of the source, for the time to go. Known for arrays. */
  readonly totalRows?: number;
  readonly totalBytes?: number;
  /** How many bytes of the source have been read. */
  readonly bytesRead?: () => number;
  /** Stops the load between two batches; what is not committed is undone. */
  readonly signal?: AbortSignal;
}

export interface BulkLoadResult {
  readonly rows: number;
  readonly rejected: number;
  readonly durationMs: number;
}

const optionNames = [
  'columns',
  'format',
  'csv',
  'batchRows',
  'indexes',
  'overrideIdentity',
  'join',
  'commitEveryRows',
  'durability',
  'syncEveryRows',
  'onError',
  'rejectFile',
  'onReject',
  'onProgress',
  'onIndex',
  'totalRows',
  'totalBytes',
  'bytesRead',
  'signal',
] as const satisfies readonly (keyof BulkLoadOptions)[];

/** Rows of one INSERT: some tens of leaves, which are written whole but for the last one. */
const BATCH_ROWS = 8192;
/** Rows committed between two syncs of a deferred load. */
const SYNC_ROWS = 100_000;

/** What a load needs of its connection. */
export interface LoadHost extends BatchHost {
  readonly inTransaction: boolean;
  exec(sql: string): unknown;
}

/** One load: fed batch by batch, then finished or abandoned. */
export class BulkLoad implements LoadSink {
  readonly batchRows: number;
  readonly #db: LoadHost;
  readonly #table: string;
  readonly #options: BulkLoadOptions;
  readonly #startedMs: number = monotonicMs();
  readonly #ownsTransaction: boolean;
  readonly #source: OpenedSource;
  readonly #reject: Reject | null;
  #batches: RowBatches | null = null;
  #deferred: DeferredIndexes | null = null;
  #read = 0;
  #rows = 0;
  #rejected = 0;
  #uncommitted = 0;
  /** Rows committed that no sync of this load has covered. */
  #unsynced = 0;
  #hasCommitted = false;
  /** Rows refused since the last batch: those that are no rows at all are told before the others. */
  #refused: RejectedRow[] = [];
  readonly #rejects: RejectSink | null;

  constructor(db: LoadHost, table: string, source: LoadSource, options: BulkLoadOptions) {
    checkOptions(options);
    // Who commits every few rows gets batches of as many.
    const { batchRows = Math.min(BATCH_ROWS, options.commitEveryRows ?? BATCH_ROWS) } = options;
    for (const name of ['commitEveryRows', 'durability'] as const)
      if (options[name] !== undefined && db.inTransaction)
        throw new DecentDbError('25001', `${name} cannot be used inside a transaction`);
    checkDurability(db, options);
    this.batchRows = batchRows;
    this.#db = db;
    this.#table = table;
    this.#options = options;
    this.#source = openSource(source, options, this);
    this.#rejects = options.rejectFile === undefined ? null : openRejects(options.rejectFile, vfsFor(db));
    this.#reject =
      options.onError === 'skip'
        ? (row) => {
            this.#refused.push(row);
          }
        : null;
    this.#ownsTransaction = !db.inTransaction;
    try {
      if (this.#ownsTransaction) db.exec('BEGIN');
    } catch (error) {
      this.#rejects?.discard();
      throw error;
    }
  }

  get source(): OpenedSource {
    return this.#source;
  }

  get feeder(): Feeder {
    return this.#source.feeder;
  }

  /** Inserts the next rows of the source. */
  rows(rows: readonly RowInput[]): void {
    this.#checkCancelled();
    const batches = this.#begun(() => defaultColumns(this.#db, this.#table, rows[0]));
    this.#insert(rows.length, batches.insert(rows, this.#read, this.#reject));
  }

  columns(columns: LoadColumns): void {
    this.#checkCancelled();
    const count = lengthOf(columns);
    if (count === 0) return;
    const batches = this.#begun(() => Object.keys(columns));
    const values = batches.columns.map((name) => {
      const column = columns[name];
      if (column === undefined) throw invalidUse(`the source has no column "${name}"`);
      return column;
    });
    const extra = Object.keys(columns).find((name) => !batches.columns.includes(name));
    if (extra !== undefined)
      throw new DecentDbError(
        '42703',
        `the source has a column "${extra}", which is not a column of the load`,
      );
    this.#insert(count, batches.insertColumns(values, count, this.#read, this.#reject));
  }

  startText(names: readonly string[] | null, width: number): void {
    const batches = this.#begun(() => names ?? defaultColumns(this.#db, this.#table, undefined));
    if (batches.columns.length !== width)
      throw new DecentDbError(
        '22P04',
        `the file has ${width} columns, the load has ${batches.columns.length}: ${batches.columns.join(', ')}`,
      );
  }

  text(batch: TextBatch): void {
    this.#checkCancelled();
    const inserted = (this.#batches as RowBatches).insertText(batch, this.#read, this.#reject);
    this.#insert(batch.count, inserted);
  }

  bad({ fields, line, error }: BadRecord): void {
    if (this.#reject === null) throw error;
    this.#reject({ row: fields, index: this.#read, line, error });
  }

  finish(): BulkLoadResult {
    this.#deferred?.finish(this.#options.onIndex ?? (() => {}));
    this.#deferred = null;
    this.#tellRefused();
    this.#rejects?.seal();
    if (this.#ownsTransaction) this.#commit(true);
    this.#rejects?.publish();
    return {
      rows: this.#rows,
      rejected: this.#rejected,
      durationMs: monotonicMs() - this.#startedMs,
    };
  }

  /** Undoes what is not committed. The error that led here is the one to report. */
  abandon(): void {
    this.#deferred?.abandon();
    this.#deferred = null;
    if (this.#ownsTransaction && this.#db.inTransaction) this.#db.exec('ROLLBACK');
    if (!this.#hasCommitted) {
      this.#rejects?.discard();
      return;
    }
    try {
      // What is committed stays, so it is made durable, and the rows refused before it are told.
      this.#sync();
      this.#rejects?.publish();
    } catch {
      // A failed sync has ended all writing, which the next write says; the draft of the reject file stays beside its name.
    }
  }

  /** Ends the open transaction as the load's durability says. */
  #commit(isLast: boolean): void {
    const { durability, syncEveryRows = SYNC_ROWS } = this.#options;
    const write = this.#db.session.transaction?.write ?? null;
    // The last commit of a deferred load is the sync that covers the others.
    if (write !== null && durability !== undefined)
      write.waitsForSync = durability === 'full' || (durability === 'deferred' && isLast);
    this.#db.exec('COMMIT');
    this.#hasCommitted = true;
    this.#unsynced += this.#uncommitted;
    this.#uncommitted = 0;
    const isDue = isLast || durability === 'full' || this.#unsynced >= syncEveryRows;
    if (durability !== undefined && isDue) this.#sync();
  }

  #sync(): void {
    const { durability } = this.#options;
    this.#unsynced = 0;
    if (durability === 'full' || durability === 'deferred') this.#db.session.engine.flush();
  }

  #checkCancelled(): void {
    const { signal } = this.#options;
    if (signal?.aborted === true)
      throw new DecentDbError('57014', 'the load was cancelled', { cause: signal.reason });
  }

  /** Chooses columns and what becomes of the indexes, at the first rows. */
  #begun(columnsOf: () => readonly string[]): RowBatches {
    if (this.#batches !== null) return this.#batches;
    const columns = this.#options.columns ?? columnsOf();
    const overrideIdentity = this.#options.overrideIdentity ?? false;
    // The INSERT is prepared once the table is seen without the indexes that wait.
    this.#deferIndexes();
    this.#batches = new RowBatches(this.#db, this.#table, columns, { overrideIdentity });
    return this.#batches;
  }

  #deferIndexes(): void {
    const { indexes = 'auto', commitEveryRows, onError, totalRows = this.#source.totalRows } = this.#options;
    if (indexes === 'maintain') return;
    const isAsked = indexes === 'rebuild';
    if (commitEveryRows !== undefined) {
      if (isAsked) throw invalidUse('indexes: "rebuild" and commitEveryRows do not go together');
      return;
    }
    const { session } = this.#db;
    const [column] = this.#db.prepare(`SELECT * FROM ${this.#table} LIMIT 0`).columns();
    const { schema = null, table = null } = column ?? {};
    const relation =
      schema === null || table === null ? undefined : session.currentCatalog().relation(schema, table);
    if (relation?.kind !== 'table' || relation.table.indexes.length === 0) return;
    if (!isAsked && !this.#isLargeLoad(totalRows)) return;
    this.#deferred = DeferredIndexes.begin(session, relation.table.id, { withUnique: onError !== 'skip' });
  }

  /** Whether the table is empty, or has no more rows than are to come. */
  #isLargeLoad(totalRows: number | undefined): boolean {
    const rowsMax = totalRows === undefined ? 0 : totalRows;
    if (totalRows !== undefined && totalRows < 1000) return false;
    const { rows } = this.#db.query(`SELECT 1 FROM ${this.#table} LIMIT 1 OFFSET $1`, [rowsMax], {
      rowMode: 'array',
    });
    return rows.length === 0;
  }

  #insert(read: number, inserted: number): void {
    const { commitEveryRows, onProgress } = this.#options;
    this.#tellRefused();
    this.#read += read;
    this.#rows += inserted;
    this.#uncommitted += inserted;
    if (commitEveryRows !== undefined && this.#uncommitted >= commitEveryRows) {
      this.#rejects?.seal();
      this.#commit(false);
      this.#db.exec('BEGIN');
    }
    onProgress?.(this.#progress());
  }

  /** Hands refused rows on, in the order of the source. */
  #tellRefused(): void {
    const refused = this.#refused;
    if (refused.length === 0) return;
    this.#refused = [];
    refused.sort((a, b) => (a.line ?? a.index) - (b.line ?? b.index));
    for (const row of refused) {
      this.#rejected++;
      this.#rejects?.add(row);
      this.#options.onReject?.(row);
    }
  }

  #progress(): LoadProgress {
    const source = this.#source;
    const { totalRows = source.totalRows, totalBytes = source.totalBytes } = this.#options;
    const bytesRead = this.#options.bytesRead ?? source.bytesRead;
    const elapsedMs = Math.max(monotonicMs() - this.#startedMs, 0.001);
    const bytes = bytesRead?.() ?? 0;
    const share =
      totalRows !== undefined && totalRows > 0
        ? this.#read / totalRows
        : totalBytes !== undefined && totalBytes > 0
          ? bytes / totalBytes
          : 0;
    return {
      rows: this.#rows,
      rejected: this.#rejected,
      bytes,
      rowsPerSec: Math.round((this.#rows / elapsedMs) * 1000),
      etaMs: share > 0 ? Math.max(0, Math.round(elapsedMs / Math.min(share, 1) - elapsedMs)) : null,
    };
  }
}

function checkOptions(options: BulkLoadOptions): void {
  checkOptionNames(options, optionNames, 'bulkLoad');
  const { batchRows = 1, commitEveryRows = 1, syncEveryRows = 1 } = options;
  const { onError = 'abort', indexes = 'auto', durability } = options;
  for (const [name, value] of Object.entries({ batchRows, commitEveryRows, syncEveryRows }))
    if (!Number.isInteger(value) || value < 1)
      throw invalidUse(`option ${name} must be a whole number from 1, not ${value}`);
  if (onError !== 'abort' && onError !== 'skip')
    throw invalidUse(`option onError must be "abort" or "skip", not ${JSON.stringify(onError)}`);
  if (indexes !== 'auto' && indexes !== 'maintain' && indexes !== 'rebuild')
    throw invalidUse(
      `option indexes must be "auto", "maintain" or "rebuild", not ${JSON.stringify(indexes)}`,
    );
  if (durability !== undefined && !['full', 'deferred', 'none'].includes(durability))
    throw invalidUse(
      `option durability must be "full", "deferred" or "none", not ${JSON.stringify(durability)}`,
    );
  if (options.syncEveryRows !== undefined && durability !== 'deferred')
    throw invalidUse('syncEveryRows needs durability: "deferred"');
  if (options.rejectFile !== undefined && onError !== 'skip')
    throw invalidUse('rejectFile needs onError: "skip"');
}

/** A database that never syncs cannot make a load durable. */
function checkDurability(db: LoadHost, { durability }: BulkLoadOptions): void {
  if (durability === undefined || durability === 'none') return;
  if (db.session.engine.options.durability === 'none')
    throw invalidUse(
      `a load cannot be ${durability === 'full' ? 'durable' : 'synced'} in a database opened with durability "none"`,
    );
}

/** Where a reject file goes: that of a database in memory is a real file. */
function vfsFor({ session: { engine } }: LoadHost): Vfs {
  const { vfs } = engine.options;
  return engine.path === MEMORY_PATH && vfs instanceof MemoryVfs ? new NodeVfs() : vfs;
}

/** Loads all rows in one go. */
export function bulkLoadSync(
  db: LoadHost,
  table: string,
  source: LoadSource,
  options: BulkLoadOptions,
): BulkLoadResult {
  const load = new BulkLoad(db, table, source, options);
  try {
    const { pieces } = load.source;
    if (!(Symbol.iterator in pieces))
      throw invalidUse('bulkLoadSync cannot wait for a file or an async source', 'Use bulkLoad.');
    const { feeder } = load;
    for (const piece of pieces) feeder.push(piece);
    feeder.end();
    return load.finish();
  } catch (error) {
    load.abandon();
    throw error;
  }
}

/** Loads rows as they come; between two batches the event loop turns. */
export async function bulkLoad(
  db: LoadHost,
  table: string,
  source: LoadSource,
  options: BulkLoadOptions,
  turn: () => Promise<void>,
): Promise<BulkLoadResult> {
  const load = new BulkLoad(db, table, source, options);
  try {
    const { pieces } = load.source;
    const { feeder } = load;
    if (Symbol.asyncIterator in pieces) {
      for await (const piece of pieces) if (feeder.push(piece)) await turn();
    } else for (const piece of pieces) if (feeder.push(piece)) await turn();
    feeder.end();
    return load.finish();
  } catch (error) {
    load.abandon();
    throw error;
  }
}

/**
 * `db.bulkLoad`: many rows into a table, fast, watched, and all or nothing.
 *
 * I1  One transaction (or one for each `commitEveryRows`): readers keep their snapshots, a crash or an error leaves all or
 *     nothing of it.
 * I2  Nothing is skipped silently: a row that is refused ends the load, or is handed to `onReject` and counted.
 * I3  Indexes built at the end are checked like those kept up to date: a duplicate ends the load (session/deferred-indexes.ts).
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { DeferredIndexes } from '../session/deferred-indexes.ts';
import { monotonicMs } from '../vfs/node-platform.ts';
import { checkOptionNames } from './did-you-mean.ts';
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
  /** Rows of one INSERT. Default 2048. */
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
  /** abort (default): the first row refused ends the load. skip: rows refused go to `onReject`. */
  readonly onError?: 'abort' | 'skip';
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
  'onError',
  'onReject',
  'onProgress',
  'onIndex',
  'totalRows',
  'totalBytes',
  'bytesRead',
  'signal',
] as const satisfies readonly (keyof BulkLoadOptions)[];

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

  constructor(db: LoadHost, table: string, source: LoadSource, options: BulkLoadOptions) {
    checkOptions(options);
    const { batchRows = 2048, commitEveryRows, onReject } = options;
    if (commitEveryRows !== undefined && db.inTransaction)
      throw new DecentDbError('25001', 'commitEveryRows cannot be used inside a transaction');
    this.batchRows = batchRows;
    this.#db = db;
    this.#table = table;
    this.#options = options;
    this.#source = openSource(source, options, this);
    this.#reject =
      options.onError === 'skip'
        ? (row) => {
            this.#rejected++;
            onReject?.(row);
          }
        : null;
    this.#ownsTransaction = !db.inTransaction;
    if (this.#ownsTransaction) db.exec('BEGIN');
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
    if (this.#ownsTransaction) this.#db.exec('COMMIT');
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
    this.#read += read;
    this.#rows += inserted;
    this.#uncommitted += inserted;
    if (commitEveryRows !== undefined && this.#uncommitted >= commitEveryRows) {
      this.#db.exec('COMMIT');
      this.#uncommitted = 0;
      this.#db.exec('BEGIN');
    }
    onProgress?.(this.#progress());
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
  const { batchRows = 1, commitEveryRows = 1, onError = 'abort', indexes = 'auto' } = options;
  for (const [name, value] of Object.entries({ batchRows, commitEveryRows }))
    if (!Number.isInteger(value) || value < 1)
      throw invalidUse(`option ${name} must be a whole number from 1, not ${value}`);
  if (onError !== 'abort' && onError !== 'skip')
    throw invalidUse(`option onError must be "abort" or "skip", not ${JSON.stringify(onError)}`);
  if (indexes !== 'auto' && indexes !== 'maintain' && indexes !== 'rebuild')
    throw invalidUse(
      `option indexes must be "auto", "maintain" or "rebuild", not ${JSON.stringify(indexes)}`,
    );
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

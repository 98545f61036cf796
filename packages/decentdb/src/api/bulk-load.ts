/**
 * `db.bulkLoad`: many rows into a table, fast, watched, and all or nothing.
 *
 * I1  One transaction (or one for each `commitEveryRows`): readers keep their snapshots, a crash or an error leaves all or
 *     nothing of it.
 * I2  Nothing is skipped silently: a row that is refused ends the load, or is handed to `onReject` and counted.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { monotonicMs } from '../vfs/node-platform.ts';
import { checkOptionNames } from './did-you-mean.ts';
import {
  type BatchHost,
  defaultColumns,
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
  /** Rows of one INSERT. Default 2048. */
  readonly batchRows?: number;
  /** Commit after every so many rows instead of once: what is committed stays if the load ends early. */
  readonly commitEveryRows?: number;
  /** abort (default): the first row refused ends the load. skip: rows refused go to `onReject`. */
  readonly onError?: 'abort' | 'skip';
  readonly onReject?: (rejected: RejectedRow) => void;
  /** Called after each batch. */
  readonly onProgress?: (progress: LoadProgress) => void;
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
  'batchRows',
  'commitEveryRows',
  'onError',
  'onReject',
  'onProgress',
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
export class BulkLoad {
  readonly batchRows: number;
  readonly #db: LoadHost;
  readonly #table: string;
  readonly #options: BulkLoadOptions;
  readonly #startedMs: number = monotonicMs();
  readonly #ownsTransaction: boolean;
  #batches: RowBatches | null = null;
  #read = 0;
  #rows = 0;
  #rejected = 0;
  #uncommitted = 0;

  constructor(db: LoadHost, table: string, options: BulkLoadOptions) {
    checkOptionNames(options, optionNames, 'bulkLoad');
    const { batchRows = 2048, commitEveryRows, onError = 'abort' } = options;
    for (const [name, value] of Object.entries({ batchRows, commitEveryRows: commitEveryRows ?? 1 }))
      if (!Number.isInteger(value) || value < 1)
        throw invalidUse(`option ${name} must be a whole number from 1, not ${value}`);
    if (onError !== 'abort' && onError !== 'skip')
      throw invalidUse(`option onError must be "abort" or "skip", not ${JSON.stringify(onError)}`);
    if (commitEveryRows !== undefined && db.inTransaction)
      throw new DecentDbError('25001', 'commitEveryRows cannot be used inside a transaction');
    this.batchRows = batchRows;
    this.#db = db;
    this.#table = table;
    this.#options = options;
    this.#ownsTransaction = !db.inTransaction;
    if (this.#ownsTransaction) db.exec('BEGIN');
  }

  /** Inserts the next rows of the source. */
  add(rows: readonly RowInput[]): void {
    const { signal, columns, onError, onReject, commitEveryRows, onProgress } = this.#options;
    if (signal?.aborted === true)
      throw new DecentDbError('57014', 'the load was cancelled', { cause: signal.reason });
    if (rows.length === 0) return;
    this.#batches ??= new RowBatches(
      this.#db,
      this.#table,
      columns ?? defaultColumns(this.#db, this.#table, rows[0]),
    );
    const reject =
      onError === 'skip'
        ? (row: RejectedRow): void => {
            this.#rejected++;
            onReject?.(row);
          }
        : null;
    const inserted = this.#batches.insert(rows, this.#read, reject);
    this.#read += rows.length;
    this.#rows += inserted;
    this.#uncommitted += inserted;
    if (commitEveryRows !== undefined && this.#uncommitted >= commitEveryRows) {
      this.#db.exec('COMMIT');
      this.#uncommitted = 0;
      this.#db.exec('BEGIN');
    }
    onProgress?.(this.#progress());
  }

  finish(): BulkLoadResult {
    if (this.#ownsTransaction) this.#db.exec('COMMIT');
    return {
      rows: this.#rows,
      rejected: this.#rejected,
      durationMs: monotonicMs() - this.#startedMs,
    };
  }

  /** Undoes what is not committed. The error that led here is the one to report. */
  abandon(): void {
    if (this.#ownsTransaction && this.#db.inTransaction) this.#db.exec('ROLLBACK');
  }

  #progress(): LoadProgress {
    const { totalRows, totalBytes, bytesRead } = this.#options;
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

/** Loads all rows in one go. */
export function bulkLoadSync(
  db: LoadHost,
  table: string,
  source: Iterable<RowInput>,
  options: BulkLoadOptions,
): BulkLoadResult {
  const load = new BulkLoad(db, table, withTotal(source, options));
  try {
    let batch: RowInput[] = [];
    for (const row of source) {
      batch.push(row);
      if (batch.length < load.batchRows) continue;
      load.add(batch);
      batch = [];
    }
    load.add(batch);
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
  source: Iterable<RowInput> | AsyncIterable<RowInput>,
  options: BulkLoadOptions,
  turn: () => Promise<void>,
): Promise<BulkLoadResult> {
  const load = new BulkLoad(db, table, withTotal(source, options));
  try {
    let batch: RowInput[] = [];
    const flush = async (): Promise<void> => {
      load.add(batch);
      batch = [];
      await turn();
    };
    if (Symbol.asyncIterator in source) {
      for await (const row of source) if (batch.push(row) >= load.batchRows) await flush();
    } else for (const row of source) if (batch.push(row) >= load.batchRows) await flush();
    load.add(batch);
    return load.finish();
  } catch (error) {
    load.abandon();
    throw error;
  }
}

function withTotal(source: unknown, options: BulkLoadOptions): BulkLoadOptions {
  if (
    typeof source !== 'object' ||
    source === null ||
    !(Symbol.iterator in source || Symbol.asyncIterator in source)
  )
    throw invalidUse('bulkLoad takes an array, an iterable or an async iterable of rows');
  return Array.isArray(source) ? { totalRows: source.length, ...options } : options;
}

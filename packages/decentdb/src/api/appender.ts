/**
 * `db.appender`: rows one by one, written in batches.
 *
 * I1  A batch is one INSERT: in whole or not at all. Outside a transaction each batch commits by itself; inside one it
 *     belongs to it.
 * I2  Rows appended but not flushed are in memory only. `close` (and the end of a `using` block) flushes.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { checkOptionNames } from './did-you-mean.ts';
import { type BatchHost, defaultColumns, RowBatches, type RowInput } from './row-batches.ts';

export interface AppenderOptions {
  /** Columns the rows fill. Default: the keys of the first row, or all columns that are not generated. */
  readonly columns?: readonly string[];
  /** Rows gathered before they are written. Default 2048. */
  readonly batchRows?: number;
}

/**
 * @example
 * const appender = db.appender('event');
 * for (const event of events) appender.append([event.at, event.name]);
 * appender.close();
 */
export class Appender {
  readonly #db: BatchHost;
  readonly #table: string;
  readonly #options: AppenderOptions;
  readonly #batchRows: number;
  #batches: RowBatches | null = null;
  #waiting: RowInput[] = [];
  #written = 0;
  #isClosed = false;

  constructor(db: BatchHost, table: string, options: AppenderOptions) {
    checkOptionNames(options, ['columns', 'batchRows'], 'appender');
    const { batchRows = 2048, columns } = options;
    if (!Number.isInteger(batchRows) || batchRows < 1)
      throw invalidUse(`option batchRows must be a whole number from 1, not ${batchRows}`);
    this.#db = db;
    this.#table = table;
    this.#options = options;
    this.#batchRows = batchRows;
    // A wrong table or column shows here, not at the first flush.
    const known = defaultColumns(db, table, undefined);
    if (columns !== undefined) this.#batches = new RowBatches(db, table, columns);
    else if (known.length === 0) throw invalidUse(`table ${table} has no column to fill`);
  }

  /** Rows written so far. */
  get rows(): number {
    return this.#written;
  }

  append(row: RowInput): this {
    if (this.#isClosed) throw new DecentDbError('55000', 'the appender is closed');
    this.#waiting.push(row);
    if (this.#waiting.length >= this.#batchRows) this.flush();
    return this;
  }

  /** Writes the rows that wait. On an error they are gone, none of them written. */
  flush(): void {
    const rows = this.#waiting;
    if (rows.length === 0) return;
    this.#waiting = [];
    this.#batches ??= new RowBatches(
      this.#db,
      this.#table,
      this.#options.columns ?? defaultColumns(this.#db, this.#table, rows[0]),
    );
    const batches = this.#batches;
    this.#db.transaction(() => batches.insert(rows, this.#written, null))();
    this.#written += rows.length;
  }

  /** Writes the rows that wait and ends the appender. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.flush();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

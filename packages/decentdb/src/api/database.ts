/**
 * An open database, as a user holds it in their hand.
 *
 * I1  Everything is synchronous. One connection: statements run one after the other, cursors beside them.
 * I2  After `close` every call is a clear error; `close` itself may be called again.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import type { Notice } from '../session/ddl/context.ts';
import type { Compiled } from '../session/run/compiled.ts';
import { type SchemaScript, schemaScript } from '../session/schema-script.ts';
import { mergeAtClose, mergeEverything } from '../session/search-upkeep.ts';
import { Session } from '../session/session.ts';
import type { EngineStats } from '../txn/engine-stats.ts';
import type { ReaderWarning } from '../txn/maintenance.ts';
import { MEMORY_PATH, openStorage, type StorageHandle } from '../txn/open-storage.ts';
import type { JsOptions, TypeSettings } from '../types/sql-type.ts';
import { Appender, type AppenderOptions } from './appender.ts';
import {
  type BackupOptions,
  type BackupResult,
  backup,
  backupSync,
  memoryVfsOf,
  serialize,
  type VacuumIntoOptions,
  type VacuumIntoResult,
  vacuumIntoSteps,
} from './backup.ts';
import { type BulkLoadOptions, type BulkLoadResult, bulkLoad, bulkLoadSync } from './bulk-load.ts';
import { type CheckOptions, type CheckReport, checkSteps } from './check.ts';
import {
  type CopyFromOptions,
  type CopyResult,
  type CopySink,
  type CopySource,
  type CopyToOptions,
  copyFrom,
  copyTo,
} from './copy.ts';
import { checkOptionNames } from './did-you-mean.ts';
import type { LoadSource } from './load/sources.ts';
import { listenTo, type Notification } from './notifications.ts';
import {
  checkOpenOptions,
  checkQueryOptions,
  jsOptions,
  type OpenOptions,
  type QueryOptions,
  storageOptions,
} from './options.ts';
import { directParams, fewRows, pointReadFor } from './point-reads.ts';
import { fieldsOf, type Result, type Row } from './result.ts';
import { collectRows, type RowForm, rowForm } from './result-rows.ts';
import { Snapshot } from './snapshot.ts';
import { SqlFragment } from './sql-template.ts';
import { Statement } from './statement.ts';
import { paramSource, type Understood, understand } from './statement-text.ts';
import { runSteps } from './steps.ts';
import {
  Transaction,
  type TransactionFunction,
  type TransactionMode,
  transactionFunction,
} from './transactions.ts';
import { triggerRun } from './trigger-functions.ts';
import {
  type AggregateOptions,
  aggregateFunction,
  type FunctionOptions,
  scalarFunction,
  type TableOptions,
  tableFunction,
  type UserFunction,
} from './user-functions.ts';

/** Options of `explain`. */
export interface ExplainChoices {
  /** Run the statement and show what happened. */
  readonly analyze?: boolean;
  readonly format?: 'text' | 'json';
}

/** Figures of a database. */
export interface DatabaseStats extends EngineStats {
  readonly plans: { readonly size: number; readonly hits: number; readonly misses: number };
}

/** Storage that somebody else has opened. */
export interface AttachedStorage {
  readonly storage: StorageHandle;
  /** Commits wait for their sync together with others; whoever runs statements waits for `session.pendingCommit`. */
  readonly groupCommits: boolean;
}

export class Database {
  readonly path: string;
  readonly session: Session;
  readonly #storage: StorageHandle;
  readonly #options: OpenOptions;
  #onReaderWarning: ReaderWarning | null = null;
  #js: JsOptions | null = null;
  #jsFor: TypeSettings | null = null;

  /** `attached` is for the layers above: another connection to storage that is open already. */
  constructor(path: string, options: OpenOptions = {}, attached?: AttachedStorage) {
    checkOpenOptions(options);
    this.path = path;
    this.#options = options;
    this.#storage = attached?.storage ?? openStorage(path, storageOptions(options));
    try {
      const workMem =
        options.workMemBytes === undefined
          ? {}
          : { work_mem: `${Math.floor(options.workMemBytes / 1024)}kB` };
      const { onNotice } = options;
      if (onNotice !== undefined && attached === undefined) this.#warnOfReaders(onNotice);
      this.session = new Session(this.#storage.engine, {
        settings: { ...workMem, ...options.settings },
        ...(onNotice === undefined ? {} : { onNotice }),
        groupCommits: attached?.groupCommits ?? false,
      });
    } catch (error) {
      this.#storage.close();
      throw error;
    }
  }

  get open(): boolean {
    return !this.session.isClosed;
  }

  get readOnly(): boolean {
    return this.session.engine.isReadOnly;
  }

  get memory(): boolean {
    return this.path === MEMORY_PATH;
  }

  get inTransaction(): boolean {
    return this.session.transaction !== null;
  }

  /**
   * Runs one or more statements and throws their rows away. Several statements run as one transaction unless they begin and
   * commit themselves.
   */
  exec(sql: string): this {
    this.session.checkOpen();
    if (typeof sql !== 'string') throw invalidUse(`SQL must be a string, not ${typeof sql}`);
    this.session.runScript(sql);
    return this;
  }

  /**
   * Runs one statement and returns its rows.
   *
   * @example
   * db.query('SELECT $1::int + 1 AS next', [41]).rows[0].next === 42
   */
  query<R = Row>(sql: string, params: readonly unknown[] = [], options: QueryOptions = {}): Result<R> {
    this.session.checkOpen();
    if (!Array.isArray(params))
      params = typeof params === 'object' && params !== null ? [params] : paramsNotArray(params);
    checkQueryOptions(options);
    const form = rowForm(options.rowMode, options.format);
    const js = this.jsOptions();
    return understand(this.session, sql, (understood) => {
      const { prepared } = understood;
      const point = this.#queryPoint<R>(understood, params, form);
      if (point !== null) return point;
      const outcome = this.session.run(prepared, paramSource(this.session, understood, params), (rows) =>
        collectRows(rows, form, js),
      );
      const { value, affected, columns, command } = outcome;
      const affectedRows = affected ?? 0;
      const rowCount = columns.length > 0 ? value.length : affectedRows;
      return { rows: value as R[], fields: fieldsOf(columns), command, rowCount, affectedRows };
    });
  }

  /**
   * A statement with its values in place.
   *
   * @example
   * db.sql`SELECT * FROM customer WHERE city = ${city} ORDER BY ${sql.ident(column)}`.rows;
   */
  sql<R = Row>(strings: TemplateStringsArray, ...values: unknown[]): Result<R> {
    const { text, params } = new SqlFragment(strings, values).compile();
    return this.query<R>(text, params);
  }

  /** Runs the statements of a script and returns the result of each; all or none unless they say BEGIN and COMMIT themselves. */
  queryAll(script: string, options: QueryOptions = {}): Result[] {
    this.session.checkOpen();
    const texts = this.session.texts.all(script).map(({ text }) => text);
    const hasOwn =
      this.inTransaction || texts.some((text) => /^\s*(begin|start|commit|end|rollback|abort)\b/i.test(text));
    const run = (): Result[] => texts.map((text) => this.query(text, [], options));
    return hasOwn || texts.length < 2 ? run() : this.transaction(run)();
  }

  /** The result of a read by key on its short path; null when the statement has none. */
  #queryPoint<R>(understood: Understood, params: readonly unknown[], form: RowForm): Result<R> | null {
    const { compiled } = understood.prepared;
    if (compiled === null || understood.names !== null) return null;
    if (form !== 'object' && form !== 'array') return null;
    if (!compiled.isPointRead) {
      const rows = fewRows(this, understood, form, params);
      return rows === null ? null : selected(rows as R[], compiled);
    }
    const read = pointReadFor(this, compiled);
    const view = read === null ? null : this.session.beginPointRead(compiled);
    if (read === null || view === null) return null;
    try {
      const datums = directParams(this.session, understood, compiled, params);
      const row = (form === 'object' ? read.object(view, datums) : read.array(view, datums)) as R | undefined;
      return selected(row === undefined ? [] : [row], compiled);
    } finally {
      this.session.endPointRead(view);
    }
  }

  /** Prepares one statement. Throws at once if it cannot be understood. */
  prepare<R = Row>(sql: string): Statement<R> {
    this.session.checkOpen();
    return understand(this.session, sql, (understood) => {
      if (understood.prepared.compiled === null) this.session.check(understood.prepared);
      return new Statement<R>(this, sql, understood);
    });
  }

  /**
   * Registers a JavaScript function that SQL may call.
   *
   * @example
   * db.function('shout', { args: ['text'], returns: 'text' }, (s) => `${s}!`);
   * db.query("SELECT shout('hi') AS s").rows[0].s === 'hi!'
   */
  function(name: string, options: FunctionOptions, fn: UserFunction): this {
    this.session.checkOpen();
    if (options?.returns === 'trigger') this.session.functions.addTrigger(name, triggerRun(this, name, fn));
    else
      this.session.functions.addScalar(
        scalarFunction(this.session, () => this.jsOptions(), name, options, fn),
        options.directOnly ?? true,
      );
    return this.#functionsChanged();
  }

  /** Registers an aggregate; it may also be used over windows. */
  aggregate(name: string, options: AggregateOptions): this {
    this.session.checkOpen();
    const made = aggregateFunction(this.session, () => this.jsOptions(), name, options);
    this.session.functions.addAggregate(made, options.directOnly ?? true);
    return this.#functionsChanged();
  }

  /** Registers a function that gives rows, for FROM. */
  table(name: string, options: TableOptions): this {
    this.session.checkOpen();
    const made = tableFunction(this.session, () => this.jsOptions(), name, options);
    this.session.functions.addTable(made, options.directOnly ?? true);
    return this.#functionsChanged();
  }

  #functionsChanged(): this {
    this.session.settings.changePlans();
    this.session.shared.forgetExpressions();
    return this;
  }

  /** A function that runs in a transaction: committed when it returns, rolled back when it throws. */
  transaction<A extends unknown[], R>(fn: (...args: A) => R): TransactionFunction<A, R> {
    return transactionFunction(this, fn);
  }

  /** Begins a transaction. */
  begin(mode: TransactionMode = 'deferred'): Transaction {
    return new Transaction(this, mode);
  }

  /** The database as it is now, for any number of reads while others write. */
  snapshot(): Snapshot {
    this.session.checkOpen();
    return new Snapshot(this.#storage.engine, this.jsOptions(), this.#options);
  }

  /** The plan of a statement; with `analyze` also what happened when it ran. */
  explain(sql: string, params: readonly unknown[] = [], choices: ExplainChoices = {}): string {
    const { rows } = this.query<string[]>(explainSql(sql, choices), params, { rowMode: 'array' });
    return rows.map((row) => row[0]).join('\n');
  }

  /** Verifies every page, tree, index and large value. Repairs nothing. */
  check(options: CheckOptions = {}): CheckReport {
    this.session.checkOpen();
    return runSteps(checkSteps(this.session, options), options, 'the check');
  }

  /** Copies the log into the database file. False when there was nothing to do. */
  checkpoint(): boolean {
    this.session.checkOpen();
    mergeEverything(this.session);
    return this.session.engine.checkpoint();
  }

  /**
   * Copies the state of now into a new file while others read and write: complete, synced and checked, or not there at all.
   *
   * @example
   * await db.backup('app-backup.ddb', { progress: ({ pages, pagesTotal }) => show(pages / pagesTotal) });
   */
  backup(path: string, options: BackupOptions = {}): Promise<BackupResult> {
    this.session.checkOpen();
    return backup(this.session.engine, path, options);
  }

  /** The same in one go. */
  backupSync(path: string, options: BackupOptions = {}): BackupResult {
    this.session.checkOpen();
    return backupSync(this.session.engine, path, options);
  }

  /** Writes a compact copy into a new file: rows in key order on full pages, no free pages. */
  vacuumInto(path: string, options: VacuumIntoOptions = {}): VacuumIntoResult {
    this.session.checkOpen();
    return runSteps(vacuumIntoSteps(this.session.engine, path, options), options, 'the vacuum');
  }

  /** A database in memory with the state of now; what happens in one does not show in the other. */
  clone(options: OpenOptions = {}): Database {
    return Database.deserialize(this.serialize(), options);
  }

  /** The state of now as the bytes of a database file. */
  serialize(): Uint8Array {
    this.session.checkOpen();
    return serialize(this.session.engine);
  }

  /** A database in memory that begins with what `serialize` gave, or with the bytes of a cleanly closed file. */
  static deserialize(bytes: Uint8Array, options: OpenOptions = {}): Database {
    if (options.vfs !== undefined) throw invalidUse('deserialize makes a database in memory: leave out vfs');
    const settings = { durability: 'deferred', flushIntervalMs: 0, mode: 'open' } as const;
    return new Database(MEMORY_PATH, { ...settings, ...options, vfs: memoryVfsOf(bytes) });
  }

  /**
   * Loads many rows into a table (named as SQL writes it), in one transaction of a connection of its own: what this one does
   * meanwhile is not part of it. Writes wait for its end with 55P03. With `join: true` it becomes part of the transaction that
   * is open here; run nothing else on this connection until it is done.
   *
   * @example
   * await db.bulkLoad('track', rows, { onProgress: ({ rows, rowsPerSec }) => show(rows, rowsPerSec) });
   */
  async bulkLoad(table: string, source: LoadSource, options: BulkLoadOptions = {}): Promise<BulkLoadResult> {
    this.session.checkOpen();
    const { defer } = this.session.engine.options;
    const turn = (): Promise<void> => new Promise((resolve) => defer(resolve));
    if (options.join === true) return this.#bulkLoadJoined(table, source, options, turn);
    if (this.inTransaction)
      throw new DecentDbError('25001', 'bulkLoad cannot run inside a transaction of this connection', {
        hint: 'bulkLoadSync, and bulkLoad with join: true, become part of the transaction.',
      });
    const own = this.#sibling();
    try {
      return await bulkLoad(own, table, source, options, turn);
    } finally {
      own.close();
    }
  }

  async #bulkLoadJoined(
    table: string,
    source: LoadSource,
    options: BulkLoadOptions,
    turn: () => Promise<void>,
  ): Promise<BulkLoadResult> {
    if (!this.inTransaction)
      throw new DecentDbError('25P01', 'bulkLoad with join: true needs an open transaction');
    this.exec('SAVEPOINT decentdb_bulk_load');
    try {
      const result = await bulkLoad(this, table, source, options, turn);
      this.exec('RELEASE SAVEPOINT decentdb_bulk_load');
      return result;
    } catch (error) {
      if (this.open && this.inTransaction)
        this.exec('ROLLBACK TO SAVEPOINT decentdb_bulk_load; RELEASE SAVEPOINT decentdb_bulk_load');
      throw error;
    }
  }

  /** The same in one go; part of the transaction that is open, if one is. */
  bulkLoadSync(table: string, source: LoadSource, options: BulkLoadOptions = {}): BulkLoadResult {
    this.session.checkOpen();
    const load = (): BulkLoadResult => bulkLoadSync(this, table, source, options);
    return this.inTransaction ? this.transaction(load)() : load();
  }

  /**
   * COPY ... FROM STDIN: `target` is such a statement, or a table with the options as an object. All rows or none.
   *
   * @example
   * db.copyFrom('COPY city (name, people) FROM STDIN WITH (FORMAT csv, HEADER)', 'name,people\nOslo,709000\n').rowCount === 1
   */
  copyFrom(target: string, source: CopySource, options: CopyFromOptions = {}): CopyResult {
    return copyFrom(this.session, target, source, options);
  }

  /**
   * COPY ... TO STDOUT: pieces of text of the rows, given to `sink` as they are made; without a sink, all of it as `text`.
   *
   * @example
   * db.copyTo('COPY (SELECT 1, NULL) TO STDOUT').text === '1\t\\N\n'
   */
  copyTo(target: string, sink: CopySink | null = null, options: CopyToOptions = {}): CopyResult {
    return copyTo(this.session, target, sink, options);
  }

  /**
   * Calls `listener` for every notification of a channel that a transaction of this process commits; returns what ends it. It is
   * called from the event loop, never inside a statement.
   *
   * @example
   * const stop = db.listen('jobs', ({ payload }) => run(payload)); // elsewhere: NOTIFY jobs, '17'
   */
  listen(channel: string, listener: (notification: Notification) => void): () => void {
    this.session.checkOpen();
    return listenTo(this.session.shared.notifications, channel, listener);
  }

  /** NOTIFY: told when the open transaction commits, or at once outside of one. */
  notify(channel: string, payload = ''): void {
    this.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }

  /** Calls `listener` for notifications of the channels that LISTEN statements of this connection named. */
  onNotification(listener: (notification: Notification) => void): () => void {
    this.session.checkOpen();
    return this.session.listening.addHandler(listener);
  }

  /** Takes rows one by one and writes them in batches. */
  appender(table: string, options: AppenderOptions = {}): Appender {
    this.session.checkOpen();
    return new Appender(this, table, options);
  }

  /** Another connection to the same storage, with the settings of this one that say what texts mean. */
  #sibling(): Database {
    const settings: Record<string, string> = { ...this.#options.settings };
    for (const name of ['TimeZone', 'DateStyle', 'IntervalStyle', 'search_path'])
      settings[name] = String(this.query<string[]>(`SHOW ${name}`, [], { rowMode: 'array' }).rows[0]?.[0]);
    const { engine } = this.session;
    const borrowed = { engine, close: () => {} };
    const options = { ...this.#options, settings };
    return new Database(this.path, options, { storage: borrowed, groupCommits: false });
  }

  /** The schema as SQL statements for DecentDB and PostgreSQL; what the open transaction sees, if one is open. */
  schemaScript(): SchemaScript {
    this.session.checkOpen();
    const { transaction, engine } = this.session;
    if (transaction !== null) {
      const view = transaction.readView();
      return schemaScript(this.session.catalogOf(transaction), view, view.meta);
    }
    const read = engine.beginRead();
    try {
      return schemaScript(this.session.shared.store.load(read, read.meta), read, read.meta);
    } finally {
      read.end();
    }
  }

  stats(): DatabaseStats {
    this.session.checkOpen();
    return { ...this.session.engine.stats(), plans: this.session.texts.stats };
  }

  /** Asks what is running on this connection (an open iterator, say) to stop with 57014. */
  interrupt(): void {
    this.session.interrupt();
  }

  /**
   * A statement runs to its end before anything else happens on its thread; a check given here is asked some fifty times a second
   * while one runs, and stops it (57014) by answering true. It may look at shared memory that another thread writes, or at a
   * terminal. Null takes it away.
   *
   * @example
   * const stop = new Int32Array(new SharedArrayBuffer(4)); // Atomics.store(stop, 0, 1) in another thread ends the statement
   * db.setInterruptCheck(() => Atomics.load(stop, 0) === 1);
   */
  setInterruptCheck(check: (() => boolean) | null): this {
    this.session.checkOpen();
    if (check !== null && typeof check !== 'function')
      throw invalidUse('setInterruptCheck takes a function or null');
    this.session.interruptCheck = check;
    return this;
  }

  /** Rolls back an open transaction and closes the files. Idempotent. */
  close(): void {
    if (this.session.isClosed) return;
    this.session.checkMayClose();
    // Whatever fails on the way (a damaged index, a full disk), files and lock are given back.
    try {
      mergeAtClose(this.session);
    } finally {
      try {
        this.session.close();
      } finally {
        if (this.#onReaderWarning !== null)
          this.#storage.engine.maintenance.listeners.delete(this.#onReaderWarning);
        this.#storage.close();
      }
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Old readers keep the log from being emptied: whoever listens is told. */
  #warnOfReaders(onNotice: (notice: Notice) => void): void {
    const { listeners } = this.#storage.engine.maintenance;
    this.#onReaderWarning = (reader) =>
      onNotice({
        severity: 'WARNING',
        code: '01000',
        message: `a read transaction has been open for ${Math.round(reader.ageMs / 1000)} s`,
        detail: `Reader ${reader.id} keeps snapshot ${reader.snapshot}: the log cannot be emptied beyond it.`,
        hint: 'End iterators and snapshots soon, or set readerTimeoutMs.',
      });
    listeners.add(this.#onReaderWarning);
  }

  /** How values reach JavaScript, under the settings of the moment. */
  jsOptions(): JsOptions {
    const settings = this.session.settings.types;
    if (this.#js === null || this.#jsFor !== settings) {
      this.#js = jsOptions(this.#options, settings);
      this.#jsFor = settings;
    }
    return this.#js;
  }
}

function paramsNotArray(params: unknown): never {
  throw new DecentDbError('22023', `parameters must be an array, not ${typeof params}`, {
    hint: 'Give query(sql, [value, ...]).',
  });
}

/**
 * Opens the database at `path`, or one in memory for ':memory:'.
 *
 * @example
 * const db = openSync('app.ddb');
 * db.exec('CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, name text)');
 * db.close();
 */
export function openSync(path: string | URL, options: OpenOptions = {}): Database {
  if (path instanceof URL) return new Database(decodeURIComponent(path.pathname), options);
  if (typeof path !== 'string' || path === '')
    throw invalidUse('openSync takes the path of a database file, or ":memory:"');
  return new Database(path, options);
}

/** The result of a query that was answered on a short path. */
function selected<R>(rows: R[], compiled: Compiled): Result<R> {
  const fields = fieldsOf(compiled.columns);
  return { rows, fields, command: 'SELECT', rowCount: rows.length, affectedRows: 0 };
}

/** The EXPLAIN statement of a statement. */
export function explainSql(sql: string, choices: ExplainChoices): string {
  checkOptionNames(choices, ['analyze', 'format'], 'explain');
  if (choices.format !== undefined && choices.format !== 'text' && choices.format !== 'json')
    throw invalidUse(`option format of explain is 'text' or 'json', not ${String(choices.format)}`);
  const options = [
    choices.analyze === true ? 'ANALYZE' : null,
    choices.format === 'json' ? 'FORMAT JSON' : null,
  ];
  const list = options.filter((o) => o !== null).join(', ');
  return `EXPLAIN ${list === '' ? '' : `(${list}) `}${sql}`;
}

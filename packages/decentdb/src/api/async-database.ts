/**
 * An open database for programs that must not wait: every call returns a promise.
 *
 * Reads run on a connection of their own (and on reader threads, when there are some); writes take turns in a queue, and
 * commits that wait at the same time share one sync, done off the event loop.
 *
 * I1  A write's promise resolves when it is durable (as the durability mode says) and visible to every later read.
 * I2  Writes happen in the order they were called; a transaction is one place in that order.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import type { SchemaScript } from '../session/schema-script.ts';
import type { StorageEngine } from '../txn/engine.ts';
import { MEMORY_PATH, openStorage } from '../txn/open-storage.ts';
import { boundHere, soon } from '../vfs/node-platform.ts';
import { AsyncCalls, type CallOptions, callScope } from './async-calls.ts';
import { AsyncStatement } from './async-statement.ts';
import { AsyncTransaction } from './async-transaction.ts';
import {
  type BackupOptions,
  type BackupResult,
  memoryVfsOf,
  type VacuumIntoOptions,
  type VacuumIntoResult,
  vacuumIntoSteps,
} from './backup.ts';
import type { BulkLoadOptions, BulkLoadResult } from './bulk-load.ts';
import { type CheckOptions, type CheckReport, checkSteps } from './check.ts';
import {
  type AsyncCopySource,
  type CopyFromOptions,
  type CopyResult,
  type CopySink,
  type CopyToOptions,
  copyFromAsync,
  copyToAsync,
} from './copy.ts';
import {
  type AttachedStorage,
  Database,
  type DatabaseStats,
  type ExplainChoices,
  explainSql,
} from './database.ts';
import { checkOptionNames } from './did-you-mean.ts';
import type { LoadSource } from './load/sources.ts';
import type { Notification } from './notifications.ts';
import { checkOpenOptions, type OpenOptions, type QueryOptions, storageOptions } from './options.ts';
import type { Result, Row } from './result.ts';
import type { Snapshot } from './snapshot.ts';
import { SqlFragment } from './sql-template.ts';
import type { StatementColumn } from './statement.ts';
import { takeSteps } from './steps.ts';
import { beginTransaction } from './transactions.ts';
import type { AggregateOptions, FunctionOptions, TableOptions, UserFunction } from './user-functions.ts';

const CALL_OPTIONS = ['signal', 'timeoutMs'] as const;

/** Options of a query: how rows look, and how long it may take. */
export interface AsyncQueryOptions extends QueryOptions, CallOptions {}

export interface StreamOptions extends AsyncQueryOptions {
  /** Rows handed out before the event loop gets a turn. Default 1,000. */
  readonly batchRows?: number;
}

/** One statement of a batch. */
export type BatchItem = string | readonly [sql: string, params?: readonly unknown[]];

/** Runs reads somewhere else than on this thread. */
export interface ReadPool {
  readonly size: number;
  /** `settings`: what SET left for the session; the query runs under it. */
  query<R>(
    sql: string,
    params: readonly unknown[],
    options: AsyncQueryOptions,
    settings: ReadonlyMap<string, string>,
  ): Promise<Result<R>>;
  /** Ends the threads when they have answered what they were asked. */
  retire(): Promise<void>;
  /** Ends them now; what they were asked fails (57P01). */
  close(): Promise<void>;
}

/** Makes the threads of `readers`. */
export type PoolFactory = (db: AsyncDatabase, size: number) => Promise<ReadPool>;

const queryOptionNames = ['rowMode', 'format', 'signal', 'timeoutMs', 'batchRows'] as const;

export class AsyncDatabase {
  readonly path: string;
  readonly #calls: AsyncCalls;
  readonly #storage: AttachedStorage['storage'];
  readonly #options: OpenOptions;
  #sync: Database | null = null;
  readonly #makePool: PoolFactory | null;
  /** The database that this is another connection to. */
  readonly #root: AsyncDatabase | null;
  /** Connections to this database, and the functions the application gave to all of them. */
  readonly #others = new Set<AsyncDatabase>();
  readonly #registered: ((db: Database) => void)[] = [];
  #pool: ReadPool | null = null;
  /** Threads that answer what they were asked and then end. */
  #retiring: ReadPool | null = null;
  /** Settles when the calls of `readers` so far are done: one after the other. */
  #resizing: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;

  /** Use `open`. */
  constructor(
    path: string,
    options: OpenOptions = {},
    makePool: PoolFactory | null = null,
    root: AsyncDatabase | null = null,
  ) {
    this.#makePool = makePool;
    checkOpenOptions(options, 'open');
    this.path = path;
    this.#options = options;
    this.#root = root;
    this.#storage =
      root === null ? openStorage(path, storageOptions(options)) : { engine: root.engine, close: () => {} };
    const borrowed = { engine: this.#storage.engine, close: () => {} };
    try {
      const reader = new Database(path, options, { storage: borrowed, groupCommits: false });
      const writer = new Database(path, options, { storage: borrowed, groupCommits: true });
      this.#calls = new AsyncCalls(root ?? this, reader, writer, options.lockTimeoutMs ?? 0);
    } catch (error) {
      this.#storage.close();
      throw error;
    }
  }

  get open(): boolean {
    return this.#closing === null;
  }

  get readOnly(): boolean {
    return this.#storage.engine.isReadOnly;
  }

  get memory(): boolean {
    return this.path === MEMORY_PATH;
  }

  /** A synchronous connection to the same database. While a transaction is open here, its writes are refused (55P03). */
  get sync(): Database {
    this.#calls.reader.session.checkOpen();
    const borrowed = { engine: this.#storage.engine, close: () => {} };
    this.#sync ??= new Database(this.path, this.#options, { storage: borrowed, groupCommits: false });
    return this.#sync;
  }

  /**
   * Runs one statement and returns its rows.
   *
   * @example
   * const { rows } = await db.query('SELECT $1::int + 1 AS next', [41]);
   */
  async query<R = Row>(
    sql: string,
    params: readonly unknown[] = [],
    options: AsyncQueryOptions = {},
  ): Promise<Result<R>> {
    this.#calls.check('query()', options);
    checkOptionNames(options, queryOptionNames, 'query');
    const { rowMode, format } = options;
    const form: QueryOptions = { ...(rowMode && { rowMode }), ...(format && { format }) };
    const target = this.#calls.targetOf(sql);
    if (target === 'read') {
      const { pool } = this;
      if (pool !== null && !this.#calls.isPointRead(sql))
        return pool.query<R>(sql, params, options, this.sessionSettings);
      return this.#calls.read(options, (db) => db.query<R>(sql, params, form));
    }
    const point = target === 'write' && Array.isArray(params) ? this.#calls.joinable(sql) : null;
    if (point !== null) {
      const changed = await this.#calls.writeJoined(point, params, options);
      const command = point.compiled?.plan.command ?? '';
      return { rows: [], fields: [], command, rowCount: changed, affectedRows: changed };
    }
    return this.#calls.write(options, (db) => db.query<R>(sql, params, form));
  }

  /** Runs statements and throws their rows away: all or none, unless they say BEGIN and COMMIT themselves. */
  async exec(sql: string, options: CallOptions = {}): Promise<void> {
    checkOptionNames(options, CALL_OPTIONS, 'exec');
    this.#calls.check('exec()', options);
    await this.#calls.write(options, (db) => void db.exec(sql));
  }

  /** A statement with its parameters in place: db.sql`SELECT ${1}::int AS one`. */
  sql<R = Row>(strings: TemplateStringsArray, ...values: unknown[]): Promise<Result<R>> {
    const { text, params } = new SqlFragment(strings, values).compile();
    return this.query<R>(text, params);
  }

  /** Runs the statements of a script and returns the result of each. */
  async queryAll(script: string, options: AsyncQueryOptions = {}): Promise<Result[]> {
    checkOptionNames(options, queryOptionNames, 'queryAll');
    this.#calls.check('queryAll()', options);
    const { rowMode, format } = options;
    return this.#calls.write(options, (db) =>
      db.queryAll(script, { ...(rowMode && { rowMode }), ...(format && { format }) }),
    );
  }

  /** Types of a statement's parameters and columns, without running it. */
  async describeQuery(sql: string): Promise<{
    readonly queryParams: readonly { readonly dataTypeID: number; readonly type: string }[];
    readonly resultFields: readonly StatementColumn[];
  }> {
    this.#calls.check('describeQuery()', undefined);
    const statement = this.#calls.reader.prepare(sql);
    return {
      queryParams: statement.params().map(({ typeOid, type }) => ({ dataTypeID: typeOid, type })),
      resultFields: statement.columns(),
    };
  }

  /** The plan of a statement; with `analyze` it runs. */
  async explain(sql: string, params: readonly unknown[] = [], choices: ExplainChoices = {}): Promise<string> {
    this.#calls.check('explain()', undefined);
    if (this.pool !== null) {
      // The plan of the thread that would run it.
      const { rows } = await this.query<string[]>(explainSql(sql, choices), params, { rowMode: 'array' });
      return rows.map((row) => row[0]).join('\n');
    }
    if (choices.analyze === true)
      return this.#calls.write(undefined, (db) => db.explain(sql, params, choices));
    return this.#calls.read(undefined, (db) => db.explain(sql, params, choices));
  }

  /** The database as it is now, for any number of reads while others write. */
  snapshot(): Snapshot {
    this.#calls.check('snapshot()', undefined);
    return this.#calls.reader.snapshot();
  }

  /**
   * Loads many rows into a table, in one transaction that has its place in the queue of writers; see {@link Database.bulkLoad}.
   *
   * @example
   * await db.bulkLoad('track', 'tracks.csv.gz');
   */
  async bulkLoad(
    table: string,
    source: LoadSource,
    options: BulkLoadOptions & CallOptions = {},
  ): Promise<BulkLoadResult> {
    this.#calls.check('bulkLoad()', options);
    const { timeoutMs, ...load } = options;
    const call = {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(load.signal && { signal: load.signal }),
    };
    return this.#calls.hold(call, async (db) => {
      // Commits on the way are the load's own.
      if (load.commitEveryRows !== undefined || load.durability !== undefined)
        return db.bulkLoad(table, source, load);
      beginTransaction(db.session, 'immediate');
      try {
        const result = await db.bulkLoad(table, source, { ...load, join: true });
        db.session.commit();
        return result;
      } catch (error) {
        if (db.inTransaction) db.session.rollback();
        throw error;
      }
    });
  }

  /** Copies the state of now into a new file while others read and write. */
  async backup(path: string, options: BackupOptions = {}): Promise<BackupResult> {
    this.#calls.check('backup()', undefined);
    return this.#calls.reader.backup(path, options);
  }

  /** Writes a compact copy into a new file. */
  async vacuumInto(path: string, options: VacuumIntoOptions = {}): Promise<VacuumIntoResult> {
    this.#calls.check('vacuumInto()', undefined);
    const { engine } = this.#calls.reader.session;
    return takeSteps(vacuumIntoSteps(engine, path, options), options, 'the vacuum');
  }

  /** The state of now as the bytes of a database file. */
  async serialize(): Promise<Uint8Array> {
    this.#calls.check('serialize()', undefined);
    await this.#storage.engine.whenPublished(this.#storage.engine.tipLsn);
    return this.#calls.reader.serialize();
  }

  /** A database in memory with the state of now; what happens in one does not show in the other. */
  async clone(options: OpenOptions = {}): Promise<AsyncDatabase> {
    const vfs = memoryVfsOf(await this.serialize());
    const settings = { durability: 'deferred', flushIntervalMs: 0, mode: 'open' } as const;
    return new AsyncDatabase(MEMORY_PATH, { ...settings, ...options, vfs }, this.#makePool);
  }

  /** The schema as SQL statements. */
  async schemaScript(): Promise<SchemaScript> {
    this.#calls.check('schemaScript()', undefined);
    return this.#calls.reader.schemaScript();
  }

  /** Registers a function for statements that run on this thread; those of `readers` do not know it. */
  function(name: string, options: FunctionOptions, fn: UserFunction): this {
    return this.#register((db) => db.function(name, options, fn));
  }

  aggregate(name: string, options: AggregateOptions): this {
    return this.#register((db) => db.aggregate(name, options));
  }

  table(name: string, options: TableOptions): this {
    return this.#register((db) => db.table(name, options));
  }

  #register(register: (db: Database) => void): this {
    const root = this.#root ?? this;
    for (const one of [root, ...root.#others]) for (const db of one.#sessions()) register(db);
    root.#registered.push(register);
    return this;
  }

  #sessions(): Database[] {
    this.#calls.reader.session.checkOpen();
    return [this.#calls.reader, this.#calls.writer, this.sync];
  }

  /** Prepares a statement; mistakes show at once. */
  async prepare<R = Row>(sql: string): Promise<AsyncStatement<R>> {
    this.#calls.check('prepare()', undefined);
    return new AsyncStatement<R>(this.#calls, sql);
  }

  /**
   * Runs a function in a transaction that nobody else writes beside: committed when it returns, rolled back when it throws.
   *
   * @example
   * await db.transaction(async (tx) => {
   *   await tx.query('UPDATE accounts SET balance = balance - 10 WHERE id = $1', [1]);
   *   await tx.query('UPDATE accounts SET balance = balance + 10 WHERE id = $1', [2]);
   * });
   */
  async transaction<T>(fn: (tx: AsyncTransaction) => Promise<T> | T, options: CallOptions = {}): Promise<T> {
    checkOptionNames(options, CALL_OPTIONS, 'transaction');
    this.#calls.check('transaction()', options);
    if (typeof fn !== 'function') throw invalidUse('transaction() takes a function');
    const inCallersContext = boundHere((tx: AsyncTransaction) => callScope.run(tx, async () => fn(tx)));
    return this.#calls.hold(options, async (db) => {
      beginTransaction(db.session, 'immediate');
      const tx = new AsyncTransaction(this, db);
      try {
        const value = await inCallersContext(tx);
        tx.finish();
        return value;
      } catch (error) {
        if (tx.isOpen) db.session.rollback();
        throw error;
      }
    });
  }

  /** As {@link Database.listen}. */
  listen(channel: string, listener: (notification: Notification) => void): () => void {
    this.#calls.check('listen()', undefined);
    return this.#calls.reader.listen(channel, listener);
  }

  /** As {@link Database.onNotification}: of the channels that LISTEN statements of this connection named. */
  onNotification(listener: (notification: Notification) => void): () => void {
    this.#calls.check('onNotification()', undefined);
    return this.#calls.writer.onNotification(listener);
  }

  /** NOTIFY; resolves when it is committed. */
  async notify(channel: string, payload = ''): Promise<void> {
    this.#calls.check('notify()', undefined);
    await this.#calls.write(undefined, (db) => db.notify(channel, payload));
  }

  /** COPY ... FROM STDIN, as {@link Database.copyFrom}; the data may come with time. Holds the writer until it has come. */
  async copyFrom(
    target: string,
    source: AsyncCopySource,
    options: CopyFromOptions = {},
    call: CallOptions = {},
  ): Promise<CopyResult> {
    this.#calls.check('copyFrom()', call);
    return this.#calls.hold(call, (db) => copyFromAsync(db.session, target, source, options));
  }

  /** COPY ... TO STDOUT, as {@link Database.copyTo}; the next piece is made when the sink has taken the last one. */
  async copyTo(
    target: string,
    sink: CopySink | null = null,
    options: CopyToOptions = {},
  ): Promise<CopyResult> {
    this.#calls.check('copyTo()', undefined);
    return copyToAsync(this.#calls.reader.session, target, sink, options);
  }

  /** Runs statements as one transaction and returns their results. */
  async batch(items: readonly BatchItem[], options: CallOptions = {}): Promise<Result[]> {
    checkOptionNames(options, CALL_OPTIONS, 'batch');
    this.#calls.check('batch()', options);
    return this.#calls.write(options, (db) =>
      db.transaction(() =>
        items.map((item) => (typeof item === 'string' ? db.query(item) : db.query(item[0], item[1] ?? []))),
      )(),
    );
  }

  /**
   * Rows of a query one after the other, from one snapshot, while other work goes on.
   *
   * @example
   * for await (const row of db.stream('SELECT * FROM track ORDER BY id')) console.log(row);
   */
  async *stream<R = Row>(
    sql: string,
    params: readonly unknown[] = [],
    options: StreamOptions = {},
  ): AsyncGenerator<R, void, undefined> {
    this.#calls.check('stream()', options);
    checkOptionNames(options, queryOptionNames, 'stream');
    if (this.#calls.targetOf(sql) !== 'read') throw invalidUse('stream() takes a query that only reads');
    const { batchRows = 1000, signal } = options;
    const statement = this.#calls.reader.prepare<R>(sql);
    if (options.rowMode === 'array') statement.raw();
    const rows = statement.iterate(...params);
    try {
      let count = 0;
      for (const row of rows) {
        yield row;
        if (++count % batchRows !== 0) continue;
        await giveWay();
        if (signal?.aborted === true)
          throw new DecentDbError('57014', 'canceling statement due to user request', {
            cause: signal.reason,
          });
      }
    } finally {
      rows[Symbol.dispose]();
    }
  }

  /** Resolves when everything committed so far is on disk, whatever the durability mode (but none). */
  get flushed(): Promise<void> {
    return this.#storage.engine.flushAsync();
  }

  /**
   * From now on queries that read run on `count` threads, beside this one; 0 ends them. Reads of one row by its key stay here:
   * sending them would cost more than running them.
   */
  async readers(count: number): Promise<void> {
    this.#calls.check('readers()', undefined);
    if (this.#root !== null) return this.#root.readers(count);
    const turn = this.#resizing.then(() => this.#resize(count));
    this.#resizing = turn.catch(() => {});
    await turn;
  }

  async #resize(count: number): Promise<void> {
    const before = this.#pool;
    this.#pool = null;
    this.#retiring = before;
    await before?.retire();
    this.#retiring = null;
    if (count === 0 || !this.open) return;
    if (this.#makePool === null)
      throw new DecentDbError('0A000', 'this database was opened without reader threads');
    const pool = await this.#makePool(this, count);
    if (this.open) this.#pool = pool;
    else await pool.close();
  }

  /** The threads of `readers`, if there are any. */
  get pool(): ReadPool | null {
    return this.#root === null ? this.#pool : this.#root.pool;
  }

  /**
   * Another connection to this database, with settings, prepared statements, cursors and advisory locks of its own. Its writes
   * wait in the same queue, its reads are answered by the same threads. It ends with its own `close` or the database's.
   *
   * @example
   * const other = db.connection();
   * await other.query("SET TimeZone = 'Asia/Tokyo'"); // for `other` alone
   * await other.close();
   */
  connection(): AsyncDatabase {
    this.#calls.check('connection()', undefined);
    const root = this.#root ?? this;
    if (!root.open) throw new DecentDbError('08003', `database "${this.path}" is being closed`);
    const made = new AsyncDatabase(this.path, this.#options, null, root);
    for (const register of root.#registered) for (const db of made.#sessions()) register(db);
    root.#others.add(made);
    return made;
  }

  /** What SET left for the session, for modules that share it with threads. */
  get sessionSettings(): ReadonlyMap<string, string> {
    return this.#calls.reader.session.settings.ofSession;
  }

  /** The storage engine, for modules that share it with threads. */
  get engine(): StorageEngine {
    return this.#storage.engine;
  }

  async checkpoint(): Promise<boolean> {
    this.#calls.check('checkpoint()', undefined);
    const { engine } = this.#storage;
    return engine.checkpointAsync(CHECKPOINT_PAGES, giveWay);
  }

  async check(options: CheckOptions = {}): Promise<CheckReport> {
    this.#calls.check('check()', undefined);
    return takeSteps(checkSteps(this.#calls.reader.session, options), options, 'the check');
  }

  stats(): DatabaseStats {
    return this.#calls.reader.stats();
  }

  /** Lets commits that wait become durable, then closes. Writes that have not begun are refused (08003). */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    for (const connection of this.#others) await connection.close();
    if (this.#root !== null) this.#root.#others.delete(this);
    await this.#pool?.close();
    await this.#retiring?.close();
    await this.#resizing;
    const { engine } = this.#storage;
    engine.queue.startWaiting();
    if (!engine.isReadOnly && engine.failureCause === undefined) {
      // A failure here has been told to everybody it concerns.
      await engine.whenPublished(engine.tipLsn).catch(() => {});
      // Closing copies what is left and waits for it: the most of that is done before, off the event loop.
      if (this.#root === null) await engine.checkpointAsync(CHECKPOINT_PAGES, giveWay).catch(() => {});
    }
    this.#sync?.close();
    this.#calls.writer.close();
    this.#calls.reader.close();
    this.#storage.close();
  }
}

/** Lets the event loop turn. */
function giveWay(): Promise<void> {
  return new Promise((resolve) => soon(resolve));
}

/** Pages of a checkpoint copied before the event loop gets a turn. */
const CHECKPOINT_PAGES = 256;

/**
 * Opens the database at `path`, or one in memory for ':memory:'.
 *
 * @example
 * const db = await open('app.ddb');
 * await db.exec('CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, name text)');
 * await db.close();
 */
export async function open(path: string | URL, options: OpenOptions = {}): Promise<AsyncDatabase> {
  if (path instanceof URL) return new AsyncDatabase(decodeURIComponent(path.pathname), options);
  if (typeof path !== 'string' || path === '')
    throw invalidUse('open takes the path of a database file, or ":memory:"');
  return new AsyncDatabase(path, options);
}

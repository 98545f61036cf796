/**
 * How the calls of an asynchronous database reach its connections.
 *
 *     query --reads?--> read connection, at once
 *           --else----> write queue -> write connection -> group commit -> acknowledged
 *
 * I1  A write is acknowledged when its commit is durable and published; so is a failure that may rest on what it saw of
 *     commits before it.
 * I2  Writes of one row by key that wait at the same time share one transaction; each still succeeds or fails alone.
 * I3  Inside the function given to `transaction`, calls of the database itself are refused: they would wait for the
 *     transaction that waits for them.
 * I4  What a session remembers - settings, values of sequences, prepared statements, cursors - the write connection
 *     remembers: it runs what asks for that, and whatever a job there set holds for reads when the job is done.
 */
import { DecentDbError } from '../base/errors.ts';
import { explainedQuery } from '../session/run/explain.ts';
import type { Prepared } from '../session/run/prepared.ts';
import { isHalfDone } from '../session/statement-mark.ts';
import { type AsyncContext, asyncContext } from '../vfs/node-platform.ts';
import type { Database } from './database.ts';
import { understand } from './statement-text.ts';

/** Options every asynchronous call takes. */
export interface CallOptions {
  /** Gives up waiting (57014). A write that has begun is finished. */
  readonly signal?: AbortSignal;
  /** Longest time, milliseconds: to wait for the turn (55P03), and for a statement to run (57014). */
  readonly timeoutMs?: number;
}

/** The transaction that the running code belongs to, if any. */
export interface CallScope {
  readonly owner: object;
  readonly isOpen: boolean;
}

export const callScope: AsyncContext<CallScope> = asyncContext<CallScope>();

/** What became of a job on the write connection. */
interface Done<T> {
  readonly value?: T;
  readonly error?: unknown;
  readonly isFailed: boolean;
  readonly durable: Promise<unknown> | null;
}

/** Where a statement has to run. */
export type Target = 'read' | 'write';

export class AsyncCalls {
  readonly owner: object;
  readonly reader: Database;
  readonly writer: Database;
  readonly lockTimeoutMs: number;
  /** Acknowledgement of the shared transaction that is open. */
  #batch: Promise<unknown> | null = null;
  /** Why the open batch cannot be committed. */
  #batchError: { readonly error: unknown } | null = null;

  constructor(owner: object, reader: Database, writer: Database, lockTimeoutMs: number) {
    this.owner = owner;
    this.reader = reader;
    this.writer = writer;
    this.lockTimeoutMs = lockTimeoutMs;
  }

  /** Throws for calls that cannot be: the database is closed, or the caller is inside its own transaction (I3). */
  check(what: string, options: CallOptions | undefined): void {
    this.reader.session.checkOpen();
    const scope = callScope.current();
    if (scope !== undefined && scope.owner === this.owner && scope.isOpen) throw insideError(what);
    if (options?.signal?.aborted === true) throw abortedError(options.signal);
  }

  /** Runs a read now. */
  read<T>(options: CallOptions | undefined, action: (db: Database) => T): T {
    const { session } = this.reader;
    session.timeoutMs = options?.timeoutMs ?? 0;
    try {
      return action(this.reader);
    } finally {
      session.timeoutMs = 0;
    }
  }

  /** Runs a write when it is its turn; resolves when it is durable (I1). */
  write<T>(options: CallOptions | undefined, action: (db: Database) => T): Promise<T> {
    const { engine } = this.writer.session;
    return engine.queue
      .run(() => this.#attempt(options, action), this.#queueOptions(options))
      .then((done) => settled(done));
  }

  /** Whether a read finds one row by its key. */
  isPointRead(sql: string): boolean {
    const { session } = this.reader;
    return understand(session, sql, ({ prepared }) => prepared.compiled?.isPointRead === true);
  }

  /** Whether a statement is a write of one row that can share a transaction with others (I2). */
  joinable(sql: string): Prepared | null {
    const { session } = this.writer;
    return understand(session, sql, ({ prepared, names, literals }) => {
      // What fails at the end of a transaction would take those with it that share it.
      const joins = prepared.compiled?.pointWrite?.mayWait === false;
      return names === null && literals === null && joins ? prepared : null;
    });
  }

  /** Runs a write of one row together with others; resolves to the rows changed. */
  writeJoined(
    prepared: Prepared,
    params: readonly unknown[],
    options: CallOptions | undefined,
  ): Promise<number> {
    const { engine } = this.writer.session;
    const job = (): Done<number> => this.#attemptJoined(prepared, params, options);
    return engine.queue
      .run(job, { ...this.#queueOptions(options), joins: this })
      .then((done) => settled(done));
  }

  /** Holds the write connection until `action` settles. */
  hold<T>(options: CallOptions | undefined, action: (db: Database) => Promise<T>): Promise<T> {
    const { engine } = this.writer.session;
    const job = async (): Promise<Done<T>> => {
      const seen = engine.tipLsn;
      try {
        const value = await action(this.writer);
        return { value, isFailed: false, durable: this.#durable(seen) };
      } catch (error) {
        return { error, isFailed: true, durable: this.#durable(seen) };
      } finally {
        this.#shareSettings();
      }
    };
    return engine.queue.run(job, this.#queueOptions(options)).then((done) => settled(done));
  }

  /** Which connection a statement runs on. */
  targetOf(sql: string): Target {
    const { session } = this.reader;
    return understand(session, sql, ({ prepared }) => {
      const query = explainedQuery(prepared) ?? prepared;
      // What it was compiled to may be out of date: a function that it calls may write under another search path.
      const { compiled } = query;
      if (query.stmt.kind === 'SelectStmt' && (compiled === null || !session.isCurrent(compiled)))
        session.check(query);
      return targetOfStatement(prepared, query);
    });
  }

  #attempt<T>(options: CallOptions | undefined, action: (db: Database) => T): Done<T> {
    const { session } = this.writer;
    const seen = session.engine.tipLsn;
    session.timeoutMs = options?.timeoutMs ?? 0;
    try {
      const value = action(this.writer);
      if (session.transaction !== null) throw leftOpenError();
      return { value, isFailed: false, durable: this.#durable(seen) };
    } catch (error) {
      if (session.transaction !== null) session.rollback();
      return { error, isFailed: true, durable: this.#durable(seen) };
    } finally {
      session.timeoutMs = 0;
      this.#shareSettings();
    }
  }

  /** I4. Its transaction is over: what it set stays, or has gone with it. */
  #shareSettings(): void {
    this.reader.session.settings.adopt(this.writer.session.settings.ofSession);
  }

  #attemptJoined(
    prepared: Prepared,
    params: readonly unknown[],
    options: CallOptions | undefined,
  ): Done<number> {
    const { session } = this.writer;
    try {
      const batch = this.#batch ?? this.#openBatch();
      const value = session.runPointWrite(prepared, params);
      if (value >= 0) return { value, isFailed: false, durable: batch };
    } catch (error) {
      const { transaction } = session;
      if (transaction !== null && isHalfDone(error)) return this.#spoilBatch(error);
      if (transaction !== null) transaction.isFailed = false;
      return { error, isFailed: true, durable: this.#batch };
    }
    // The schema or a setting changed: the long way plans it again.
    session.engine.queue.endBatch();
    return this.#attempt(options, (db) => db.query(prepared.sql, params).affectedRows);
  }

  /** A write was stopped between its changes: what shares its transaction cannot be kept, and everybody in it is told. */
  #spoilBatch(error: unknown): Done<number> {
    const { session } = this.writer;
    const batch = this.#batch;
    this.#batchError = { error };
    session.engine.queue.endBatch();
    return { error, isFailed: true, durable: batch };
  }

  /** Begins the shared transaction; the promise is the acknowledgement of everybody in it. */
  #openBatch(): Promise<unknown> {
    const { session } = this.writer;
    const txn = session.newTransaction(true, false, true);
    txn.writeView();
    session.catalogOf(txn);
    session.transaction = txn;
    let resolve: (value: unknown) => void = () => {};
    let reject: (error: unknown) => void = () => {};
    const done = new Promise<unknown>((res, rej) => {
      resolve = res;
      reject = rej;
    });
    done.catch(() => {}); // Whoever joined waits for it; nobody may have.
    this.#batch = done;
    session.engine.queue.batch = () => {
      this.#batch = null;
      const spoilt = this.#batchError;
      this.#batchError = null;
      try {
        if (spoilt !== null) {
          session.rollback();
          throw spoilt.error;
        }
        session.commit();
        const pending = session.pendingCommit;
        session.pendingCommit = null;
        if (pending === null) resolve(null);
        else pending.then(resolve, reject);
      } catch (error) {
        reject(error);
      }
    };
    return done;
  }

  /** What to wait for before anything is told: the commit made, else the commits it was built on. */
  #durable(seen: number): Promise<unknown> | null {
    const { session } = this.writer;
    const pending = session.pendingCommit;
    session.pendingCommit = null;
    if (pending !== null) return pending;
    const { engine } = session;
    return seen > engine.publishedMeta().lsn ? engine.whenPublished(seen as never) : null;
  }

  #queueOptions(options: CallOptions | undefined): { signal?: AbortSignal | undefined; timeoutMs: number } {
    return { signal: options?.signal, timeoutMs: options?.timeoutMs ?? this.lockTimeoutMs };
  }
}

async function settled<T>(done: Done<T>): Promise<T> {
  if (done.durable !== null) await done.durable;
  if (done.isFailed) throw done.error;
  return done.value as T;
}

/** `query`: the statement, or the one it explains. */
function targetOfStatement({ stmt, sql }: Prepared, { compiled }: Prepared): Target {
  const isRead = compiled?.plan.isReadOnly === true && !compiled.asksSession;
  switch (stmt.kind) {
    case 'SelectStmt':
      return isRead ? 'read' : 'write';
    case 'VariableShowStmt':
      return 'read';
    case 'ExplainStmt':
      return isRead || !/\banalyze\b/i.test(sql) ? 'read' : 'write';
    case 'TransactionStmt':
      throw new DecentDbError(
        '0A000',
        'BEGIN, COMMIT and SAVEPOINT are not used with an asynchronous database',
        {
          hint: 'Use transaction(async (tx) => ...): it keeps other callers out of the transaction.',
        },
      );
    default:
      return 'write';
  }
}

function insideError(what: string): DecentDbError {
  return new DecentDbError('25001', `${what} was called inside a transaction of the same database`, {
    detail: 'It would wait for the transaction, and the transaction for it.',
    hint: 'Inside transaction(async (tx) => ...) use tx.',
  });
}

function leftOpenError(): DecentDbError {
  return new DecentDbError('25001', 'the script left a transaction open; it was rolled back', {
    hint: 'End scripts with COMMIT, or use transaction(async (tx) => ...).',
  });
}

function abortedError(signal: AbortSignal): DecentDbError {
  return new DecentDbError('57014', 'canceling statement due to user request', { cause: signal.reason });
}

/**
 * The transaction handed to the function of `AsyncDatabase.transaction`.
 *
 * I1  While it is open nobody else writes. It ends with the function: commit when it returns, rollback when it throws.
 * I2  After it is over every call is an error: a promise that was not awaited cannot write into somebody else's transaction.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Session } from '../session/session.ts';
import type { CallScope } from './async-calls.ts';
import type { Database } from './database.ts';
import type { QueryOptions } from './options.ts';
import type { Result, Row } from './result.ts';

let savepoints = 0;

export class AsyncTransaction implements CallScope {
  readonly owner: object;
  readonly #db: Database;
  readonly #own: Session['transaction'];
  /** Ended by a call of its own, not by somebody who closed the connection. */
  #isEnded = false;

  constructor(owner: object, db: Database) {
    this.owner = owner;
    this.#db = db;
    this.#own = db.session.transaction;
  }

  get isOpen(): boolean {
    return this.#own !== null && this.#db.session.transaction === this.#own;
  }

  async query<R = Row>(
    sql: string,
    params: readonly unknown[] = [],
    options: QueryOptions = {},
  ): Promise<Result<R>> {
    this.#check();
    return this.#noteEnd(() => this.#db.query<R>(sql, params, options));
  }

  async exec(sql: string): Promise<void> {
    this.#check();
    this.#noteEnd(() => this.#db.exec(sql));
  }

  /** Runs a script; the result of each statement. */
  async queryAll(script: string, options: QueryOptions = {}): Promise<Result[]> {
    this.#check();
    return this.#noteEnd(() => this.#db.queryAll(script, options));
  }

  /** A savepoint around a function: what it did is undone when it throws, and the transaction goes on. */
  async transaction<T>(fn: (tx: AsyncTransaction) => Promise<T>): Promise<T> {
    this.#check();
    const { session } = this.#db;
    const name = `decentdb_async_${++savepoints}`;
    session.transaction?.setSavepoint(name, session.settings.mark());
    try {
      const value = await fn(this);
      this.#check();
      session.transaction?.releaseSavepoint(name);
      return value;
    } catch (error) {
      const txn = session.transaction;
      if (this.isOpen && txn !== null) {
        session.settings.rollbackTo(txn.rollbackToSavepoint(name).settings);
        txn.releaseSavepoint(name);
        txn.isFailed = false;
      }
      throw error;
    }
  }

  /** Undoes everything and ends the transaction. */
  async rollback(): Promise<void> {
    if (this.isOpen) this.#noteEnd(() => this.#db.session.rollback());
  }

  /** Commits what is still open; throws when closing the connection has undone it (08003). */
  finish(): void {
    if (this.isOpen) this.#db.session.commit();
    else this.#checkNotUndone();
  }

  #checkNotUndone(): void {
    if (!this.#isEnded && this.#db.session.isClosed)
      throw new DecentDbError(
        '08003',
        'the connection was closed while the transaction was open: it was rolled back',
      );
  }

  #noteEnd<T>(run: () => T): T {
    try {
      return run();
    } finally {
      this.#isEnded = !this.isOpen;
    }
  }

  #check(): void {
    this.#checkNotUndone();
    this.#db.session.checkOpen();
    if (!this.isOpen)
      throw new DecentDbError('25P01', 'the transaction is over', {
        hint: 'Await every call before the function given to transaction() returns.',
      });
  }
}

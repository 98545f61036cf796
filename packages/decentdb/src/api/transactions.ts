/**
 * Transactions as JavaScript knows them: functions that run in one, and objects that are one.
 *
 * I1  A transaction function that throws leaves nothing behind, whatever it throws; nested ones undo themselves alone.
 * I2  An async function cannot run in a synchronous transaction: a returned promise is refused and everything undone.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import type { Session } from '../session/session.ts';
import { nearest } from './did-you-mean.ts';
import type { QueryOptions } from './options.ts';
import type { Result, Row } from './result.ts';

/** What transaction objects use of their database. */
export interface TransactionHost {
  readonly session: Session;
  query<R = Row>(sql: string, params?: readonly unknown[], options?: QueryOptions): Result<R>;
  exec(sql: string): unknown;
}

export type TransactionMode = 'deferred' | 'immediate' | 'readOnly';

type Fn<A extends unknown[], R> = (...args: A) => R;

/** A function that runs in a transaction, and its variants. */
export interface TransactionFunction<A extends unknown[], R> {
  (...args: A): R;
  /** Takes the writer at the first write (the default). */
  deferred(...args: A): R;
  /** Takes the writer at once. */
  immediate(...args: A): R;
  /** Refuses writes; reads one snapshot. */
  readOnly(...args: A): R;
  /** A savepoint of the transaction that is open, which must be. */
  savepoint(...args: A): R;
}

const MODES: readonly string[] = ['deferred', 'immediate', 'readOnly'];

function checkMode(mode: string): void {
  if (MODES.includes(mode)) return;
  const near = nearest(String(mode), MODES);
  throw invalidUse(
    `there is no transaction mode "${String(mode)}"`,
    near === null ? `Modes are ${MODES.join(', ')}.` : `Did you mean "${near}"?`,
  );
}

/** Begins a transaction on the session. */
export function beginTransaction(session: Session, mode: TransactionMode): void {
  session.checkOpen();
  checkMode(mode);
  if (session.transaction !== null)
    throw new DecentDbError('25001', 'a transaction is already open on this connection', {
      hint: 'Commit it or roll it back, or use a savepoint.',
    });
  const txn = session.newTransaction(true, mode === 'readOnly');
  if (mode === 'immediate') txn.writeView();
  else if (mode === 'readOnly') txn.readView();
  session.transaction = txn;
}

export function transactionFunction<A extends unknown[], R>(
  host: TransactionHost,
  fn: Fn<A, R>,
): TransactionFunction<A, R> {
  if (typeof fn !== 'function') throw invalidUse('transaction() takes a function');
  const make = (mode: TransactionMode) =>
    function run(this: unknown, ...args: A): R {
      if (host.session.transaction !== null) return inSavepoint(host.session, () => fn.apply(this, args));
      return inTransaction(host.session, mode, () => fn.apply(this, args));
    };
  const wrapped = make('deferred') as TransactionFunction<A, R>;
  wrapped.deferred = make('deferred');
  wrapped.immediate = make('immediate');
  wrapped.readOnly = make('readOnly');
  wrapped.savepoint = function savepoint(this: unknown, ...args: A): R {
    if (host.session.transaction === null)
      throw new DecentDbError('25P01', 'a savepoint needs an open transaction');
    return inSavepoint(host.session, () => fn.apply(this, args));
  };
  return wrapped;
}

function inTransaction<R>(session: Session, mode: TransactionMode, work: () => R): R {
  beginTransaction(session, mode);
  const txn = session.transaction;
  try {
    const value = refuseThenable(work());
    if (session.transaction === txn) session.commit();
    return value;
  } catch (error) {
    if (session.transaction === txn) session.rollback();
    throw error;
  }
}

const NAME = 'decentdb_nested';
let nested = 0;

function inSavepoint<R>(session: Session, work: () => R): R {
  const txn = session.transaction;
  if (txn === null) throw new DecentDbError('25P01', 'a savepoint needs an open transaction');
  const name = `${NAME}_${++nested}`;
  txn.setSavepoint(name, session.settings.mark());
  try {
    const value = refuseThenable(work());
    if (session.transaction === txn) txn.releaseSavepoint(name);
    return value;
  } catch (error) {
    if (session.transaction === txn) {
      session.settings.rollbackTo(txn.rollbackToSavepoint(name).settings);
      txn.releaseSavepoint(name);
      txn.isFailed = false;
    }
    throw error;
  }
}

function refuseThenable<R>(value: R): R {
  const then = typeof value === 'object' && value !== null && 'then' in value ? value.then : undefined;
  if (typeof then === 'function')
    throw new TypeError(
      'a transaction function must not be async: it returned a promise, and the transaction was rolled back',
    );
  return value;
}

/**
 * An open transaction. Leaving its scope without `commit` rolls it back.
 *
 * @example
 * using tx = db.begin();
 * tx.query('UPDATE accounts SET balance = balance - 10 WHERE id = $1', [1]);
 * tx.commit();
 */
export class Transaction {
  readonly #host: TransactionHost;
  readonly #own: Session['transaction'];
  #savepoints = 0;

  constructor(host: TransactionHost, mode: TransactionMode) {
    beginTransaction(host.session, mode);
    this.#host = host;
    this.#own = host.session.transaction;
  }

  get isOpen(): boolean {
    return this.#own !== null && this.#host.session.transaction === this.#own;
  }

  query<R = Row>(sql: string, params: readonly unknown[] = [], options: QueryOptions = {}): Result<R> {
    this.#check();
    return this.#host.query<R>(sql, params, options);
  }

  exec(sql: string): this {
    this.#check();
    this.#host.exec(sql);
    return this;
  }

  /** Marks a point to go back to: `rollback` of the object returned undoes what came after. */
  savepoint(): Savepoint {
    this.#check();
    const name = `${NAME}_object_${++this.#savepoints}`;
    const { session } = this.#host;
    session.transaction?.setSavepoint(name, session.settings.mark());
    return new Savepoint(session, name, () => this.#check());
  }

  commit(): void {
    this.#check();
    this.#host.session.commit();
  }

  /** Undoes everything. Harmless when the transaction is over. */
  rollback(): void {
    if (this.isOpen) this.#host.session.rollback();
  }

  [Symbol.dispose](): void {
    this.rollback();
  }

  #check(): void {
    this.#host.session.checkOpen();
    if (!this.isOpen)
      throw new DecentDbError('25P01', 'the transaction is over', { hint: 'Begin another one.' });
  }
}

/** A point in a transaction. */
export class Savepoint {
  readonly #session: Session;
  readonly #name: string;
  readonly #check: () => void;

  constructor(session: Session, name: string, check: () => void) {
    this.#session = session;
    this.#name = name;
    this.#check = check;
  }

  /** Undoes what came after; the point stays. */
  rollback(): void {
    this.#check();
    const savepoint = this.#session.transaction?.rollbackToSavepoint(this.#name);
    if (savepoint !== undefined) this.#session.settings.rollbackTo(savepoint.settings);
    if (this.#session.transaction !== null) this.#session.transaction.isFailed = false;
  }

  /** Forgets the point and keeps the changes. */
  release(): void {
    this.#check();
    this.#session.transaction?.releaseSavepoint(this.#name);
  }
}

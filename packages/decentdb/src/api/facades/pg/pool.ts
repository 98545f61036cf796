/**
 * A pool of clients as node-postgres has it. The clients share one database; the pool bounds how many there are.
 *
 * I1  A client that comes back has no transaction open: what was left open is rolled back first. One given back with an
 *     error, or that cannot be rolled back, is ended.
 * I2  `end` waits for the clients on loan: their transactions go on.
 */
import { DecentDbError } from '../../../base/errors.ts';
import type { AsyncDatabase } from '../../async-database.ts';
import type { Row } from '../../result.ts';
import { type Callback, Client, type QueryConfig } from './client.ts';
import { EventListeners } from './event-listeners.ts';
import { acquire, type ClientConfig, type HeldDatabase } from './open-databases.ts';
import type { QueryResult } from './query-result.ts';

/** A client on loan from a pool. */
export interface PoolClient extends Client {
  release(error?: unknown): void;
}

type ConnectCallback = (
  error: Error | null,
  client?: PoolClient,
  release?: (error?: unknown) => void,
) => void;

export class Pool extends EventListeners {
  readonly options: ClientConfig;
  readonly #idle: Client[] = [];
  readonly #waiting: ((client: Client | Promise<Client>) => void)[] = [];
  readonly #max: number;
  #count = 0;
  #isEnded = false;
  /** Called when the last client has ended, by `end`. */
  #onEmpty: () => void = () => {};
  #base: HeldDatabase | null = null;

  constructor(config: ClientConfig | string = {}) {
    super();
    this.options = typeof config === 'string' ? { connectionString: config } : config;
    this.#max = this.options.max ?? 10;
  }

  get totalCount(): number {
    return this.#count;
  }

  get idleCount(): number {
    return this.#idle.length;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  get ended(): boolean {
    return this.#isEnded;
  }

  connect(): Promise<PoolClient>;
  connect(callback: ConnectCallback): void;
  connect(callback?: ConnectCallback): Promise<PoolClient> | undefined {
    const lent = this.#borrow();
    if (callback === undefined) return lent;
    lent.then(
      (client) => callback(null, client, (error) => client.release(error)),
      (error: Error) => callback(error, undefined, () => {}),
    );
    return undefined;
  }

  query<R = Row>(
    given: string | QueryConfig,
    values?: readonly unknown[] | Callback<R> | undefined,
    callback?: Callback<R>,
  ): Promise<QueryResult<R>> {
    const params = Array.isArray(values) ? (values as readonly unknown[]) : undefined;
    const done = this.#once<R>(given, params);
    const call = typeof values === 'function' ? (values as Callback<R>) : callback;
    if (call !== undefined)
      done.then(
        (result) => call(null, result),
        (error: Error) => call(error),
      );
    return done;
  }

  async end(callback?: () => void): Promise<void> {
    this.#isEnded = true;
    const isEmpty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    for (const client of this.#idle.splice(0)) await this.#drop(client);
    if (this.#count > 0) await isEmpty;
    const base = this.#base;
    this.#base = null;
    await base?.release();
    callback?.();
  }

  async #once<R>(given: string | QueryConfig, values?: readonly unknown[]): Promise<QueryResult<R>> {
    const client = await this.#borrow();
    try {
      return await client.query<R>(given, values);
    } finally {
      client.release();
    }
  }

  async #borrow(): Promise<PoolClient> {
    if (this.#isEnded) throw new DecentDbError('08003', 'Cannot use a pool after calling end on the pool');
    // The pool itself keeps the database open between loans.
    this.#base ??= acquire(this.options);
    let client = this.#idle.pop();
    if (client === undefined && this.#count < this.#max) client = await this.#make(this.#base.db);
    client ??= await new Promise<Client>((resolve) => this.#waiting.push(resolve));
    this.emit('acquire', client);
    return this.#lend(client);
  }

  async #make(db: AsyncDatabase): Promise<Client> {
    this.#count++;
    try {
      const client = await new Client({ ...this.options, db }).connect();
      this.emit('connect', client);
      return client;
    } catch (error) {
      this.#count--;
      throw error;
    }
  }

  async #takeBack(client: Client, isBroken: boolean): Promise<void> {
    const isSound =
      !isBroken &&
      (await client.query('ROLLBACK').then(
        () => true,
        () => false,
      ));
    if (!isSound || (this.#isEnded && this.#waiting.length === 0)) await this.#drop(client);
    const next = this.#waiting.shift();
    if (next === undefined) {
      if (isSound && !this.#isEnded) this.#idle.push(client);
    } else if (isSound) next(client);
    else if (this.#base !== null) next(this.#make(this.#base.db));
  }

  async #drop(client: Client): Promise<void> {
    // Its session has failed already: whoever used it has been told.
    await client.end().catch(() => {});
    this.emit('remove', client);
    if (--this.#count === 0 && this.#waiting.length === 0) this.#onEmpty();
  }

  #lend(client: Client): PoolClient {
    let isLent = true;
    return Object.assign(client, {
      release: (error?: unknown): void => {
        if (!isLent) return;
        isLent = false;
        this.emit('release', error, client);
        void this.#takeBack(client, Boolean(error));
      },
    });
  }
}

/**
 * The shape of node-postgres over this database: `import { Client, Pool } from 'decentdb/pg'`, for libraries that take one.
 *
 * I1  Clients of one file share one open database. A transaction has the writer for itself from BEGIN on; others wait their turn.
 * I2  Values arrive as node-postgres gives them: bigint and numeric as text, dates as Date.
 * I3  After an error inside a transaction its statements are refused until ROLLBACK (25P02), as by a server.
 */
import { DecentDbError } from '../../base/errors.ts';
import { AsyncDatabase } from '../async-database.ts';
import type { AsyncTransaction } from '../async-transaction.ts';
import type { OpenOptions } from '../options.ts';
import type { Field, Result, Row } from '../result.ts';

export { DecentDbError as DatabaseError } from '../../base/errors.ts';

export interface ClientConfig {
  /** Path of the database file; default in memory. A `connectionString` of the form file:PATH does the same. */
  readonly database?: string;
  readonly connectionString?: string;
  /** Options of the database, for the first client that opens it. */
  readonly options?: OpenOptions;
  /** Use a database that is open already. */
  readonly db?: AsyncDatabase;
  /** Pool only: how many clients at once. */
  readonly max?: number;
}

export interface QueryConfig {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly name?: string;
  readonly rowMode?: 'array';
}

export interface QueryResult<R = Row> {
  readonly command: string;
  readonly rowCount: number | null;
  readonly oid: number;
  readonly rows: R[];
  readonly fields: readonly (Field & { readonly dataTypeSize: number; readonly format: 'text' })[];
}

type Callback<R> = (error: Error | null, result?: QueryResult<R>) => void;

interface Shared {
  readonly db: AsyncDatabase;
  users: number;
}
const opened = new Map<string, Shared>();

function pathOf(config: ClientConfig): string {
  const { database, connectionString } = config;
  if (connectionString === undefined) return database ?? ':memory:';
  const path = /^(?:file|decentdb):(?:\/\/)?(.*)$/.exec(connectionString)?.[1];
  if (path === undefined)
    throw new DecentDbError('08001', `"${connectionString}" does not name a database file`, {
      hint: 'Write file:PATH; servers are for the package pg.',
    });
  return path;
}

/** Opens what a configuration names, or takes part in what is open. */
function acquire(config: ClientConfig): {
  readonly db: AsyncDatabase;
  readonly release: () => Promise<void>;
} {
  if (config.db !== undefined) return { db: config.db, release: async () => {} };
  const path = pathOf(config);
  const known = path === ':memory:' ? undefined : opened.get(path);
  const shared = known ?? { db: new AsyncDatabase(path, { int8: 'string', ...config.options }), users: 0 };
  if (path !== ':memory:') opened.set(path, shared);
  shared.users++;
  return {
    db: shared.db,
    release: async () => {
      if (--shared.users > 0) return;
      if (opened.get(path) === shared) opened.delete(path);
      await shared.db.close();
    },
  };
}

/** A transaction that is open: ended by telling it how. */
interface Open {
  readonly tx: AsyncTransaction;
  readonly done: Promise<void>;
  readonly end: (how: 'commit' | 'rollback') => void;
  isFailed: boolean;
}

class RolledBack extends Error {}

export class Client {
  readonly #config: ClientConfig;
  #held: { readonly db: AsyncDatabase; readonly release: () => Promise<void> } | null = null;
  #open: Open | null = null;
  /** Statements of a client run one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #listeners: Map<string, ((...args: unknown[]) => void)[]> = new Map();

  constructor(config: ClientConfig | string = {}) {
    this.#config = typeof config === 'string' ? { connectionString: config } : config;
  }

  async connect(callback?: (error: Error | null) => void): Promise<this> {
    this.#held ??= acquire(this.#config);
    callback?.(null);
    return this;
  }

  /** Runs a statement; without values a text may hold several, and the results come as an array. */
  query<R = Row>(
    given: string | QueryConfig,
    values?: readonly unknown[] | Callback<R>,
    callback?: Callback<R>,
  ): Promise<QueryResult<R>> {
    const config: QueryConfig = typeof given === 'string' ? { text: given } : given;
    const params = (Array.isArray(values) ? values : (config.values ?? [])) as readonly unknown[];
    const done = this.#turn.then(() => this.#run<R>(config, params));
    this.#turn = done.catch(() => {});
    const call = typeof values === 'function' ? (values as Callback<R>) : callback;
    if (call !== undefined) {
      done.then(
        (result) => call(null, result),
        (error: Error) => call(error),
      );
    }
    return done;
  }

  /** `error`, `notice`, `end`, `notification`. */
  on(event: string, listener: (...args: unknown[]) => void): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  off(event: string, listener: (...args: unknown[]) => void): this {
    this.#listeners.set(
      event,
      (this.#listeners.get(event) ?? []).filter((one) => one !== listener),
    );
    return this;
  }

  once(event: string, listener: (...args: unknown[]) => void): this {
    const once = (...args: unknown[]): void => {
      this.off(event, once);
      listener(...args);
    };
    return this.on(event, once);
  }

  removeListener(event: string, listener: (...args: unknown[]) => void): this {
    return this.off(event, listener);
  }

  async end(): Promise<void> {
    await this.#turn;
    await this.#endTransaction('rollback');
    const held = this.#held;
    this.#held = null;
    await held?.release();
    for (const listener of this.#listeners.get('end') ?? []) listener();
  }

  escapeIdentifier(name: string): string {
    return `"${name.replaceAll('"', '""')}"`;
  }

  escapeLiteral(text: string): string {
    return `'${text.replaceAll("'", "''")}'`;
  }

  async #run<R>(config: QueryConfig, params: readonly unknown[]): Promise<QueryResult<R>> {
    const held = this.#held;
    if (held === null)
      throw new DecentDbError('08003', 'the client is not connected', { hint: 'Call connect() first.' });
    const text = config.text.replace(/^(\s*(--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/))*\s*/, '');
    const control = controlOf(text);
    if (control === 'begin') return this.#begin(held.db) as Promise<QueryResult<R>>;
    if (control !== null) return this.#finish(control) as Promise<QueryResult<R>>;
    const open = this.#open;
    const options = config.rowMode === undefined ? {} : { rowMode: config.rowMode };
    if (open === null) {
      if (params.length > 0 || !text.replace(/;\s*$/, '').includes(';'))
        return shaped<R>(await held.db.query<R>(config.text, prepared(params), options));
      return manyOf<R>(await held.db.queryAll(config.text, options));
    }
    if (open.isFailed && !/^rollback\s+to\b/i.test(text))
      throw new DecentDbError(
        '25P02',
        'current transaction is aborted, commands ignored until end of transaction block',
      );
    try {
      const result = await open.tx.query<R>(config.text, prepared(params), options);
      open.isFailed = false;
      return shaped<R>(result);
    } catch (error) {
      open.isFailed = true;
      throw error;
    }
  }

  async #begin(db: AsyncDatabase): Promise<QueryResult> {
    if (this.#open === null) this.#open = await openTransaction(db);
    return tag('BEGIN');
  }

  async #finish(how: 'commit' | 'rollback'): Promise<QueryResult> {
    const ends = how === 'commit' && this.#open?.isFailed === true ? 'rollback' : how;
    await this.#endTransaction(ends);
    return tag(ends.toUpperCase());
  }

  async #endTransaction(how: 'commit' | 'rollback'): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    open.end(how);
    await open.done;
  }
}

/** I1: a transaction that stays open until it is told to end. */
function openTransaction(db: AsyncDatabase): Promise<Open> {
  return new Promise((resolve, reject) => {
    let end: Open['end'] = () => {};
    const told = new Promise<void>((commit, fail) => {
      end = (how) => {
        if (how === 'commit') commit();
        else fail(new RolledBack());
      };
    });
    told.catch(() => {});
    const done = db.transaction(async (tx) => {
      await null; // `ended` is known once this function has waited.
      resolve({ tx, done: ended, end, isFailed: false });
      await told;
    });
    const ended: Promise<void> = done.catch((error: unknown) => {
      if (error instanceof RolledBack) return;
      reject(error);
      throw error;
    });
    ended.catch(() => {}); // Who ends the transaction waits for it.
  });
}

function controlOf(text: string): 'begin' | 'commit' | 'rollback' | null {
  if (/^(begin|start\s+transaction)\b[^;]*;?\s*$/i.test(text)) return 'begin';
  if (/^(commit|end)\b[^;]*;?\s*$/i.test(text)) return 'commit';
  return /^(rollback|abort)\b(?!\s+(work\s+|transaction\s+)?to\b)[^;]*;?\s*$/i.test(text) ? 'rollback' : null;
}

/** Parameters as node-postgres prepares them: undefined is NULL, objects are JSON. */
function prepared(params: readonly unknown[]): unknown[] {
  return params.map((value) => (value === undefined ? null : value));
}

function shaped<R>(result: Result<R>): QueryResult<R> {
  const { command, rowCount, rows, fields } = result;
  return {
    command: command.split(' ', 1)[0] ?? '',
    rowCount: /^(SELECT|INSERT|UPDATE|DELETE|MERGE|COPY|FETCH)/.test(command) ? rowCount : null,
    oid: 0,
    rows,
    fields: fields.map((field) => ({ ...field, dataTypeSize: -1, format: 'text' as const })),
  };
}

function manyOf<R>(results: readonly Result[]): QueryResult<R> {
  const all = results.map((one) => shaped<R>(one as Result<R>));
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : (all as unknown as QueryResult<R>);
}

function tag(command: string): QueryResult {
  return { command, rowCount: null, oid: 0, rows: [], fields: [] };
}

/** A client on loan from a pool. */
export interface PoolClient extends Client {
  release(error?: unknown): void;
}

export class Pool {
  readonly #config: ClientConfig;
  readonly #idle: Client[] = [];
  readonly #waiting: ((client: Client) => void)[] = [];
  readonly #max: number;
  #count = 0;
  #isEnded = false;
  #base: { readonly db: AsyncDatabase; readonly release: () => Promise<void> } | null = null;

  constructor(config: ClientConfig | string = {}) {
    this.#config = typeof config === 'string' ? { connectionString: config } : config;
    this.#max = this.#config.max ?? 10;
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

  async connect(): Promise<PoolClient> {
    if (this.#isEnded) throw new DecentDbError('08003', 'Cannot use a pool after calling end on the pool');
    // The pool itself keeps the database open between loans.
    this.#base ??= acquire(this.#config);
    let client = this.#idle.pop();
    if (client === undefined && this.#count < this.#max) {
      this.#count++;
      client = await new Client({ db: this.#base.db }).connect();
    }
    client ??= await new Promise<Client>((resolve) => this.#waiting.push(resolve));
    return this.#lend(client);
  }

  async query<R = Row>(given: string | QueryConfig, values?: readonly unknown[]): Promise<QueryResult<R>> {
    const client = await this.connect();
    try {
      return await client.query<R>(given, values);
    } finally {
      client.release();
    }
  }

  on(): this {
    return this;
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    for (const client of this.#idle.splice(0)) await client.end();
    const base = this.#base;
    this.#base = null;
    await base?.release();
  }

  #lend(client: Client): PoolClient {
    let isLent = true;
    return Object.assign(client, {
      release: (): void => {
        if (!isLent) return;
        isLent = false;
        // A transaction left open must not be somebody else's.
        void client.query('ROLLBACK').then(() => {
          const next = this.#waiting.shift();
          if (next !== undefined) next(client);
          else if (this.#isEnded) void client.end();
          else this.#idle.push(client);
        });
      },
    });
  }
}

/** Type OIDs by name, and parsers that are taken and not asked: values are converted by their declared types. */
export const types: {
  readonly builtins: Readonly<Record<string, number>>;
  setTypeParser(oid: number, parse: (text: string) => unknown): void;
  getTypeParser(oid: number): (text: string) => unknown;
} = {
  builtins: {
    BOOL: 16,
    BYTEA: 17,
    INT8: 20,
    INT2: 21,
    INT4: 23,
    TEXT: 25,
    JSON: 114,
    FLOAT4: 700,
    FLOAT8: 701,
    VARCHAR: 1043,
    DATE: 1082,
    TIME: 1083,
    TIMESTAMP: 1114,
    TIMESTAMPTZ: 1184,
    INTERVAL: 1186,
    NUMERIC: 1700,
    UUID: 2950,
    JSONB: 3802,
  },
  setTypeParser(): void {
    throw new DecentDbError('0A000', 'type parsers are not supported', {
      hint: 'Choose how values look with the options int8, numeric and timestamp.',
    });
  },
  getTypeParser: () => (text) => text,
};

const facade: { Client: typeof Client; Pool: typeof Pool; types: typeof types } = { Client, Pool, types };
export default facade;

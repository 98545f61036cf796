/**
 * The shape of PGlite over this database: `import { PGlite } from 'decentdb/pglite'`, for libraries that take one.
 *
 * I1  `parsers` get the text PostgreSQL would send, by type OID; values of other types look as they always do here.
 */
import { AsyncDatabase } from '../async-database.ts';
import type { AsyncTransaction } from '../async-transaction.ts';
import type { Notification } from '../notifications.ts';
import type { OpenOptions } from '../options.ts';
import type { Result, Row } from '../result.ts';
import { SqlFragment } from '../sql-template.ts';

type Parser = (text: string, oid?: number) => unknown;

export interface PGliteQueryOptions {
  readonly rowMode?: 'array' | 'object';
  readonly parsers?: Readonly<Record<number, Parser>>;
}

export interface Results<T = Row> {
  readonly rows: T[];
  readonly fields: { readonly name: string; readonly dataTypeID: number }[];
  readonly affectedRows?: number;
}

/** What runs statements: the database or a transaction. */
interface Runner {
  query(sql: string, params: readonly unknown[], options: object): Promise<Result<unknown>>;
}

export interface Transaction {
  query<T = Row>(sql: string, params?: readonly unknown[], options?: PGliteQueryOptions): Promise<Results<T>>;
  sql<T = Row>(strings: TemplateStringsArray, ...values: unknown[]): Promise<Results<T>>;
  exec(sql: string): Promise<void>;
  rollback(): Promise<void>;
  readonly closed: boolean;
}

export interface PGliteOptions extends OpenOptions {
  /** The database file; `memory://` or nothing: in memory. */
  readonly dataDir?: string;
  readonly parsers?: Readonly<Record<number, Parser>>;
  /** Use a database that is open already. */
  readonly db?: AsyncDatabase;
}

export class PGlite {
  readonly db: AsyncDatabase;
  readonly waitReady: Promise<void> = Promise.resolve();
  readonly #parsers: Readonly<Record<number, Parser>>;

  constructor(path: string | PGliteOptions = ':memory:', options: PGliteOptions = {}) {
    const given = typeof path === 'string' ? { dataDir: path, ...options } : path;
    const { dataDir = ':memory:', parsers = {}, db, ...open } = given;
    const file = /^(memory:\/\/|:memory:|$)/.test(dataDir) ? ':memory:' : dataDir.replace(/^file:\/\//, '');
    this.db = db ?? new AsyncDatabase(file, open);
    this.#parsers = parsers;
  }

  static async create(...args: ConstructorParameters<typeof PGlite>): Promise<PGlite> {
    return new PGlite(...args);
  }

  get ready(): boolean {
    return this.db.open;
  }

  get closed(): boolean {
    return !this.db.open;
  }

  query<T = Row>(
    sql: string,
    params: readonly unknown[] = [],
    options: PGliteQueryOptions = {},
  ): Promise<Results<T>> {
    return run<T>(this.db, this.db, sql, params, this.#with(options));
  }

  sql<T = Row>(strings: TemplateStringsArray, ...values: unknown[]): Promise<Results<T>> {
    const { text, params } = new SqlFragment(strings, values).compile();
    return this.query<T>(text, params);
  }

  async exec(script: string, options: PGliteQueryOptions = {}): Promise<Results[]> {
    const results = await this.db.queryAll(script, options.rowMode === 'array' ? { rowMode: 'array' } : {});
    return results.map((result) => shaped<Row>(result));
  }

  transaction<T>(fn: (tx: Transaction) => Promise<T>): Promise<T | undefined> {
    return this.db.transaction(async (tx) => fn(this.#facade(tx)));
  }

  describeQuery(sql: string): ReturnType<AsyncDatabase['describeQuery']> {
    return this.db.describeQuery(sql);
  }

  /** Calls back with the payload; resolves to what ends it. */
  async listen(channel: string, callback: (payload: string) => void): Promise<() => Promise<void>> {
    const stop = this.db.listen(channel, ({ payload }: Notification) => callback(payload));
    return async () => stop();
  }

  /** A copy in memory. */
  async clone(): Promise<PGlite> {
    return new PGlite({ db: await this.db.clone(), parsers: this.#parsers });
  }

  close(): Promise<void> {
    return this.db.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #with(options: PGliteQueryOptions): PGliteQueryOptions {
    return { ...options, parsers: { ...this.#parsers, ...options.parsers } };
  }

  #facade(tx: AsyncTransaction): Transaction {
    const query = <T = Row>(sql: string, params: readonly unknown[] = [], options: PGliteQueryOptions = {}) =>
      run<T>(tx, this.db, sql, params, this.#with(options));
    return {
      query,
      sql<T = Row>(strings: TemplateStringsArray, ...values: unknown[]): Promise<Results<T>> {
        const { text, params } = new SqlFragment(strings, values).compile();
        return query<T>(text, params);
      },
      exec: (sql) => tx.exec(sql),
      rollback: () => tx.rollback(),
      get closed() {
        return !tx.isOpen;
      },
    };
  }
}

/** I1: with parsers the statement gives texts, which become values here. */
async function run<T>(
  runner: Runner,
  db: AsyncDatabase,
  sql: string,
  params: readonly unknown[],
  { rowMode = 'object', parsers = {} }: PGliteQueryOptions,
): Promise<Results<T>> {
  if (Object.keys(parsers).length === 0)
    return shaped<T>((await runner.query(sql, params, { rowMode })) as Result<T>);
  const result = await runner.query(sql, params, { rowMode: 'array', format: 'text' });
  const { sync } = db;
  const js = sync.jsOptions();
  const { userTypes } = sync.session.currentCatalog();
  const readers = result.fields.map(({ dataTypeID }): ((text: string) => unknown) => {
    const parse = parsers[dataTypeID];
    if (parse !== undefined) return (text) => parse(text, dataTypeID);
    const type = userTypes.resolve(dataTypeID);
    return (text) => type.toJs(type.input(text, -1, js.settings), js);
  });
  const rows = (result.rows as (string | null)[][]).map((texts) => {
    const values = texts.map((text, i) => (text === null ? null : readers[i]?.(text)));
    if (rowMode === 'array') return values as T;
    return Object.fromEntries(result.fields.map(({ name }, i) => [name, values[i]])) as T;
  });
  return shaped<T>({ ...result, rows });
}

function shaped<T>(result: Result<T>): Results<T> {
  const { rows, fields, affectedRows } = result;
  return { rows, fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })), affectedRows };
}

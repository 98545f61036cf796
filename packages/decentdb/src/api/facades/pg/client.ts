/**
 * A client as node-postgres has it, over a database in this process.
 *
 * I1  Clients of one file share one open database, over a connection each: what one of them SETs, prepares or locks is its
 *     own. A transaction has the writer for itself from BEGIN on; others wait their turn.
 * I2  Values arrive as node-postgres gives them: bigint and numeric as text, dates as Date; or as the parsers say that the query,
 *     the client or `types` has.
 * I3  After an error inside a transaction its statements are refused until ROLLBACK (25P02), as by a server.
 */
import { DecentDbError } from '../../../base/errors.ts';
import type { AsyncDatabase } from '../../async-database.ts';
import type { QueryOptions } from '../../options.ts';
import type { Result, Row } from '../../result.ts';
import { type ClientTransaction, controlOf, openTransaction } from './client-transaction.ts';
import { EventListeners } from './event-listeners.ts';
import { acquire, type ClientConfig, type HeldDatabase, pathOf } from './open-databases.ts';
import { manyOf, parsed, type QueryResult, shaped, tag, unparsed } from './query-result.ts';
import { type TypeSource, types } from './type-parsers.ts';

export interface QueryConfig {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly name?: string;
  readonly rowMode?: 'array' | undefined;
  readonly types?: TypeSource | undefined;
}

export type Callback<R> = (error: Error | null, result?: QueryResult<R>) => void;

/** How the values of a query are asked for. */
interface Form {
  readonly options: QueryOptions;
  readonly types: TypeSource | null;
  readonly isArray: boolean;
}

const REPORTED = [
  ['server_version', '15.0'],
  ['standard_conforming_strings', 'on'],
] as const;
const ABORTED = 'current transaction is aborted, commands ignored until end of transaction block';

export class Client extends EventListeners {
  readonly database: string;
  readonly host: string = '';
  readonly port: number = 0;
  readonly user: string = 'decentdb';
  /** Where node-postgres tells of the protocol; here only the parameters a server reports when it is reached. */
  readonly connection: EventListeners = new EventListeners();
  /** No process of its own. */
  readonly processID: number | null = null;
  readonly #config: ClientConfig;
  #held: HeldDatabase | null = null;
  #open: ClientTransaction | null = null;
  /** Statements of a client run one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(config: ClientConfig | string = {}) {
    super();
    this.#config = typeof config === 'string' ? { connectionString: config } : config;
    this.database = this.#config.db === undefined ? pathOf(this.#config) : this.#config.db.path;
  }

  async connect(callback?: (error: Error | null, client?: this) => void): Promise<this> {
    try {
      if (this.#held === null) {
        this.#held = acquire(this.#config);
        this.#held.db.onNotification(({ channel, payload }) =>
          this.emit('notification', { channel, payload, processId: 0 }),
        );
      }
    } catch (error) {
      if (callback === undefined) throw error;
      callback(error as Error);
      return this;
    }
    for (const [parameterName, parameterValue] of REPORTED)
      this.connection.emit('parameterStatus', { parameterName, parameterValue });
    this.emit('connect');
    callback?.(null, this);
    return this;
  }

  /** Runs a statement; without values a text may hold several, and the results come as an array. */
  query<R = Row>(
    given: string | QueryConfig,
    values?: readonly unknown[] | Callback<R> | undefined,
    callback?: Callback<R>,
  ): Promise<QueryResult<R>> {
    if (typeof given === 'object' && 'submit' in given)
      throw new DecentDbError('0A000', 'cursors and query streams of node-postgres are not supported', {
        hint: 'Stream rows with db.stream(sql, params) of the database itself.',
      });
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

  async end(callback?: (error: Error | null) => void): Promise<void> {
    await this.#turn;
    await this.#endTransaction('rollback');
    const held = this.#held;
    this.#held = null;
    await held?.release();
    this.emit('end');
    callback?.(null);
  }

  setTypeParser(...args: Parameters<typeof types.setTypeParser>): void {
    types.setTypeParser(...args);
  }

  getTypeParser(oid: number, format?: 'text' | 'binary'): ReturnType<TypeSource['getTypeParser']> {
    return (this.#config.types ?? types).getTypeParser(oid, format);
  }

  escapeIdentifier(name: string): string {
    return escapeIdentifier(name);
  }

  escapeLiteral(text: string): string {
    return escapeLiteral(text);
  }

  ref(): void {}

  unref(): void {}

  async #run<R>(config: QueryConfig, params: readonly unknown[]): Promise<QueryResult<R>> {
    const held = this.#held;
    if (held === null)
      throw new DecentDbError('08003', 'the client is not connected', { hint: 'Call connect() first.' });
    const text = config.text.replace(/^(\s*(--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/))*\s*/, '');
    // A server answers a text without a statement too, with nothing.
    if (/^[\s;]*$/.test(text)) return tag('') as QueryResult<R>;
    const control = controlOf(text);
    if (control?.kind === 'begin') return this.#begin(held.db, control.modes) as Promise<QueryResult<R>>;
    if (control !== null) return this.#finish(control.kind) as Promise<QueryResult<R>>;
    const form = this.#formOf(config);
    const open = this.#open;
    const isMany = params.length === 0 && text.replace(/;\s*$/, '').includes(';');
    if (open === null) {
      if (!isMany)
        return answer<R>(held.db, await held.db.query(config.text, prepared(params), form.options), form);
      return manyOf(
        (await held.db.queryAll(config.text, form.options)).map((one) => answer<R>(held.db, one, form)),
      );
    }
    if (open.isFailed && !/^rollback\b/i.test(text)) throw new DecentDbError('25P02', ABORTED);
    try {
      const results = isMany
        ? await open.tx.queryAll(config.text, form.options)
        : [await open.tx.query(config.text, prepared(params), form.options)];
      open.isFailed = false;
      return manyOf(results.map((one) => answer<R>(held.db, one, form)));
    } catch (error) {
      open.isFailed = true;
      throw error;
    }
  }

  #formOf(config: QueryConfig): Form {
    const chosen = config.types ?? this.#config.types ?? (types.hasOwn ? types : null);
    const isArray = config.rowMode === 'array';
    if (chosen !== null) return { options: { rowMode: 'array', format: 'text' }, types: chosen, isArray };
    return { options: isArray ? { rowMode: 'array' } : {}, types: null, isArray };
  }

  async #begin(db: AsyncDatabase, modes: string): Promise<QueryResult> {
    if (this.#open === null) {
      this.#open = await openTransaction(db);
      // A transaction has the writer for itself: it is serializable, whatever level was asked for.
      if (/\bread\s+only\b/i.test(modes)) await this.#open.tx.exec('SET TRANSACTION READ ONLY');
    }
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

export function escapeIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function escapeLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? ` E${quoted}` : quoted;
}

function answer<R>(
  { sync }: AsyncDatabase,
  result: Result<unknown>,
  { types: chosen, isArray }: Form,
): QueryResult<R> {
  if (chosen !== null) return shaped<R>(parsed<R>(result, chosen, isArray));
  const typeOf = (oid: number) => sync.session.currentCatalog().userTypes.resolve(oid);
  return shaped<R>(unparsed(result as Result<R>, typeOf, sync.jsOptions()));
}

/** Parameters as node-postgres prepares them: undefined is NULL. */
function prepared(params: readonly unknown[]): unknown[] {
  return params.map((value) => (value === undefined ? null : value));
}

/**
 * The databases that clients share: one open database a file, closed with its last user. Each client has a connection of its
 * own, as it has with a server.
 */
import { DecentDbError } from '../../../base/errors.ts';
import { AsyncDatabase } from '../../async-database.ts';
import type { OpenOptions } from '../../options.ts';
import type { TypeSource } from './type-parsers.ts';

export interface ClientConfig {
  /** Path of the database file; default in memory. A `connectionString` of the form file:PATH does the same. */
  readonly database?: string | undefined;
  readonly connectionString?: string | undefined;
  /** Options of the database, for the first client that opens it. */
  readonly options?: OpenOptions | string | undefined;
  /** Use a database that is open already. */
  readonly db?: AsyncDatabase | undefined;
  /** Pool only: how many clients at once. */
  readonly max?: number | undefined;
  /** Parsers of values by type OID, instead of those of `types`. */
  readonly types?: TypeSource | undefined;
}

/** A database in use until it is released. */
export interface HeldDatabase {
  readonly db: AsyncDatabase;
  readonly release: () => Promise<void>;
}

interface Shared {
  readonly db: AsyncDatabase;
  users: number;
}
const opened = new Map<string, Shared>();

export function pathOf(config: ClientConfig): string {
  const { database, connectionString } = config;
  if (connectionString === undefined) return database ?? ':memory:';
  if (connectionString === ':memory:') return connectionString;
  const path = /^(?:file|decentdb):(?:\/\/)?(.*)$/.exec(connectionString)?.[1];
  if (path === undefined)
    throw new DecentDbError('08001', `"${connectionString}" does not name a database file`, {
      hint: 'Write file:PATH; servers are for the package pg.',
    });
  return path;
}

/** Opens what a configuration names, or takes part in what is open. */
export function acquire(config: ClientConfig): HeldDatabase {
  if (config.db !== undefined) {
    const db = config.db.connection();
    return { db, release: () => db.close() };
  }
  const path = pathOf(config);
  const known = path === ':memory:' ? undefined : opened.get(path);
  // node-postgres takes settings of the server as text there.
  const options = typeof config.options === 'object' ? config.options : {};
  const shared = known ?? { db: new AsyncDatabase(path, { int8: 'string', ...options }), users: 0 };
  const leave = async (): Promise<void> => {
    if (--shared.users > 0) return;
    if (opened.get(path) === shared) opened.delete(path);
    await shared.db.close();
  };
  if (path !== ':memory:') opened.set(path, shared);
  shared.users++;
  let db: AsyncDatabase;
  try {
    db = shared.db.connection();
  } catch (error) {
    // What is wrong is said already; closing may fail for the same reason.
    leave().catch(() => {});
    throw error;
  }
  return { db, release: () => db.close().finally(leave) };
}

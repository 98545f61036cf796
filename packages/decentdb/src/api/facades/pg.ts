/**
 * The shape of node-postgres over this database: `import { Client, Pool } from 'decentdb/pg'`, for libraries that take one.
 *
 * @example
 * const pool = new Pool({ database: 'app.ddb' });
 * const { rows } = await pool.query('SELECT $1::int AS n', [1]);
 */
import { DecentDbError } from '../../base/errors.ts';
import { Client, escapeIdentifier, escapeLiteral } from './pg/client.ts';
import { Pool } from './pg/pool.ts';
import { TypeOverrides, types } from './pg/type-parsers.ts';

export { DecentDbError as DatabaseError } from '../../base/errors.ts';
export { type Callback, Client, escapeIdentifier, escapeLiteral, type QueryConfig } from './pg/client.ts';
export type { ClientConfig } from './pg/open-databases.ts';
export { Pool, type PoolClient } from './pg/pool.ts';
export type { QueryResult } from './pg/query-result.ts';
export { TypeOverrides, type TypeParser, type TypeSource, types } from './pg/type-parsers.ts';

/** What `import pg from 'pg'` gives; libraries look for `defaults` and `native` too. */
interface Facade {
  readonly Client: typeof Client;
  readonly Pool: typeof Pool;
  readonly types: typeof types;
  readonly TypeOverrides: typeof TypeOverrides;
  readonly DatabaseError: typeof DecentDbError;
  readonly defaults: Record<string, unknown>;
  readonly native: null;
  readonly escapeIdentifier: typeof escapeIdentifier;
  readonly escapeLiteral: typeof escapeLiteral;
}

export const defaults: Record<string, unknown> = {};

const facade: Facade = {
  Client,
  Pool,
  types,
  TypeOverrides,
  DatabaseError: DecentDbError,
  defaults,
  native: null,
  escapeIdentifier,
  escapeLiteral,
};
export default facade;

/**
 * Writes a whole database into one of a PostgreSQL server: what a dump says, statement by statement.
 *
 * I1  One snapshot here, one transaction there: all of it or nothing.
 * I2  What the server refuses is an error that names the statement.
 */
import { type Database, DecentDbError } from 'decentdb';
import { type DumpChoices, dumpScript } from '../dump/write-dump.ts';
import { connected } from './import-postgres.ts';

export interface PostgresExportChoices {
  /** Roles, owners and grants too. */
  readonly roles: boolean;
  readonly onRows: (rows: number) => void;
  readonly signal: AbortSignal;
}

/** Returns what the script could not hold. */
export async function exportPostgres(
  db: Database,
  url: string,
  { roles, onRows, signal }: PostgresExportChoices,
): Promise<readonly string[]> {
  const choices: DumpChoices = {
    schemaOnly: false,
    dataOnly: false,
    inserts: true,
    roles,
    tables: [],
    onRows,
  };
  const omitted: string[] = [];
  const client = await connected(url);
  // A connection that breaks fails the query that runs; there is nothing else to do about it.
  client.on('error', () => {});
  try {
    await client.query('BEGIN');
    for (const piece of dumpScript(db, choices, omitted)) {
      signal.throwIfAborted();
      try {
        await client.query(piece);
      } catch (cause) {
        throw serverError(cause as ServerError, piece);
      }
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  return omitted;
}

interface ServerError extends Error {
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
}

function serverError(cause: ServerError, statement: string): DecentDbError {
  const isSqlState = /^[0-9A-Z]{5}$/.test(cause.code ?? '');
  const line = statement.trim().split('\n', 1)[0] ?? '';
  return new DecentDbError(
    isSqlState ? (cause.code as string) : '08006',
    `the server says: ${cause.message}`,
    {
      detail: `Statement: ${line.length > 200 ? `${line.slice(0, 200)}...` : line}`,
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
      cause,
    },
  );
}

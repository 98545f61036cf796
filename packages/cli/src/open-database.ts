/** Opens the database a command works on, and closes it whatever happens. */
import { existsSync, rmSync } from 'node:fs';
import { type AsyncDatabase, type Database, DecentDbError, open, openSync } from 'decentdb';
import { OpenFailure } from './exit-code.ts';

export interface OpenChoices {
  /** Make the file where there is none. */
  readonly create?: boolean;
  readonly readOnly?: boolean;
}

function openOrSay(path: string, mode: 'readOnly' | 'create' | 'open'): Database {
  try {
    return openSync(path, { mode });
  } catch (cause) {
    if (cause instanceof DecentDbError) throw new OpenFailure(cause.message, { cause });
    throw cause;
  }
}

const CANNOT_OPEN = /^(58P01|58030|0A000|42501|42809|55006)$/;

/** An error of a call that takes paths: whether it says that the file cannot be opened is in its code. */
export function asOpenFailure(error: unknown): unknown {
  const isOpening = error instanceof DecentDbError && CANNOT_OPEN.test(error.code);
  return isOpening ? new OpenFailure(error.message, { cause: error }) : error;
}

/** The asynchronous form, opened for reading: for work that turns the event loop. */
export async function withReader<T>(path: string, work: (db: AsyncDatabase) => Promise<T>): Promise<T> {
  let db: AsyncDatabase;
  try {
    db = await open(path, { mode: 'readOnly' });
  } catch (cause) {
    if (cause instanceof DecentDbError) throw new OpenFailure(cause.message, { cause });
    throw cause;
  }
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** Runs `work` on the database at `path`; a missing file is an error unless `create` is given. */
export async function withDatabase<T>(
  path: string,
  choices: OpenChoices,
  work: (db: Database) => T | Promise<T>,
): Promise<T> {
  const mode = choices.readOnly === true ? 'readOnly' : choices.create === true ? 'create' : 'open';
  const db = openOrSay(path, mode);
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/** As {@link withDatabase} with `create`. A database that was made for work that failed is of no use: it goes again unless `keep` was called. */
export async function withDatabaseToFill<T>(
  path: string,
  work: (db: Database, keep: () => void) => T | Promise<T>,
): Promise<T> {
  let stays = path === ':memory:' || existsSync(path);
  const keep = (): void => {
    stays = true;
  };
  const db = openOrSay(path, 'create');
  try {
    return await work(db, keep);
  } finally {
    try {
      db.close();
    } finally {
      if (!stays)
        for (const suffix of ['', '-wal-a', '-wal-b', '-lock']) rmSync(`${path}${suffix}`, { force: true });
    }
  }
}

/** Opens the database a command works on, and closes it whatever happens. */
import { type Database, openSync } from 'decentdb';

export interface OpenChoices {
  /** Make the file where there is none. */
  readonly create?: boolean;
  readonly readOnly?: boolean;
}

/** Runs `work` on the database at `path`; a missing file is an error unless `create` is given. */
export async function withDatabase<T>(
  path: string,
  choices: OpenChoices,
  work: (db: Database) => T | Promise<T>,
): Promise<T> {
  const mode = choices.readOnly === true ? 'readOnly' : choices.create === true ? 'create' : 'open';
  const db = openSync(path, { mode });
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/** `open` with reader threads at hand; the module of threads is loaded when the first is wanted. */
import { AsyncDatabase } from '../api/async-database.ts';
import type { OpenOptions } from '../api/options.ts';
import { invalidUse } from '../base/errors.ts';

/**
 * Opens the database at `path`, or one in memory for ':memory:'.
 *
 * @example
 * const db = await open('app.ddb');
 * await db.exec('CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, name text)');
 * await db.close();
 */
export async function open(path: string | URL, options: OpenOptions = {}): Promise<AsyncDatabase> {
  if (!(path instanceof URL) && (typeof path !== 'string' || path === ''))
    throw invalidUse('open takes the path of a database file, or ":memory:"');
  const name = path instanceof URL ? decodeURIComponent(path.pathname) : path;
  return new AsyncDatabase(name, options, async (db, size) => {
    const { ReaderPool } = await import('./reader-pool.ts');
    return new ReaderPool(db, size, options);
  });
}

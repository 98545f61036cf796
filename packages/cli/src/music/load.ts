/**
 * Loads a music library into a database through the public API.
 *
 * I1  Rows arrive in transactions of `rowsPerTransaction`, each durable before the next begins; indexes are built
 *     after the rows.
 */
import type { Database } from 'decentdb';
import type { MusicLibrary } from './library.ts';
import { MUSIC_INDEXES, MUSIC_TABLES } from './schema.ts';

export interface LoadOptions {
  readonly rowsPerTransaction?: number;
  /** Called after each transaction with the rows loaded so far and in all. */
  readonly onProgress?: (rows: number, total: number) => void;
}

/** Creates the tables, loads every row, builds the indexes. Returns the number of rows. */
export function loadMusicLibrary(db: Database, library: MusicLibrary, options: LoadOptions = {}): number {
  const rowsPerTransaction = options.rowsPerTransaction ?? 10_000;
  const total = library.artists + library.albums + library.tracks;
  let done = 0;
  const load = (sql: string, batches: Iterable<readonly (readonly (string | number)[])[]>): void => {
    const insert = db.prepare(sql);
    const loadBatch = db.transaction((batch: readonly (readonly (string | number)[])[]) => {
      for (const row of batch) insert.run(...row);
    });
    for (const batch of batches) {
      loadBatch(batch);
      done += batch.length;
      options.onProgress?.(done, total);
    }
  };
  db.exec(MUSIC_TABLES);
  load('INSERT INTO artists VALUES ($1, $2, $3, $4)', library.artistBatches(rowsPerTransaction));
  load('INSERT INTO albums VALUES ($1, $2, $3, $4, $5)', library.albumBatches(rowsPerTransaction));
  load('INSERT INTO tracks VALUES ($1, $2, $3, $4, $5, $6)', library.trackBatches(rowsPerTransaction));
  db.exec(MUSIC_INDEXES);
  return done;
}

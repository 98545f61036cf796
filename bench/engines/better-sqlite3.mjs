/** SQLite through better-sqlite3: WAL, one sync per commit (synchronous=FULL), the harness's cache. */
import Sqlite from 'better-sqlite3';
import { sqliteCacheSize } from '../harness/cache.mjs';
import { syncLoops } from '../harness/loops.mjs';

export const dialect = 'sqlite';

/** SQLite's positional parameters: `$1` becomes `?1`, bound by position as an array. */
export const toQuestionMarks = (sql) => sql.replace(/\$\d+/g, '?');

export function open(path) {
  const db = new Sqlite(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma(`cache_size = ${sqliteCacheSize}`);
  // The standard's LIKE tells upper case from lower; SQLite's does not unless asked.
  db.pragma('case_sensitive_like = ON');
  return {
    dialect,
    version: `${db.prepare('SELECT sqlite_version() AS v').get().v}`,
    ...syncLoops({ prepare: (sql) => db.prepare(toQuestionMarks(sql)), exec: (sql) => void db.exec(sql) }),
    checkpoint: () => void db.pragma('wal_checkpoint(TRUNCATE)'),
    analyze: () => void db.exec('ANALYZE'),
    close: () => void db.close(),
  };
}

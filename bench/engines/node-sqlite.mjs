/** SQLite as Node itself ships it (Node 22 and newer): the settings of the better-sqlite3 engine. */
import { DatabaseSync } from 'node:sqlite';
import { sqliteCacheSize } from '../harness/cache.mjs';
import { syncLoops } from '../harness/loops.mjs';

export const dialect = 'sqlite';
export const needsNode24 = true;

export function open(path) {
  const db = new DatabaseSync(path);
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = ${sqliteCacheSize}; PRAGMA case_sensitive_like = ON`,
  );
  return {
    dialect,
    version: `${db.prepare('SELECT sqlite_version() AS v').get().v}`,
    ...syncLoops({
      prepare: (sql) => db.prepare(sql.replace(/\$\d+/g, '?')),
      exec: (sql) => void db.exec(sql),
    }),
    checkpoint: () => void db.exec('PRAGMA wal_checkpoint(TRUNCATE)'),
    analyze: () => void db.exec('ANALYZE'),
    close: () => void db.close(),
  };
}

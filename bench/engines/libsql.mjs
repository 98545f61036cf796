/** libSQL, the fork of SQLite, through its synchronous binding: the settings of the better-sqlite3 engine. */
import Libsql from 'libsql';
import { sqliteCacheSize } from '../harness/cache.mjs';
import { syncLoops } from '../harness/loops.mjs';
import { toQuestionMarks } from './better-sqlite3.mjs';

export const dialect = 'sqlite';

export function open(path) {
  const db = new Libsql(path);
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = ${sqliteCacheSize}; PRAGMA case_sensitive_like = ON`,
  );
  return {
    dialect,
    version: `${db.prepare('SELECT sqlite_version() AS v').get().v}`,
    ...syncLoops({ prepare: (sql) => db.prepare(toQuestionMarks(sql)), exec: (sql) => void db.exec(sql) }),
    checkpoint: () => void db.exec('PRAGMA wal_checkpoint(TRUNCATE)'),
    analyze: () => void db.exec('ANALYZE'),
    close: () => void db.close(),
  };
}

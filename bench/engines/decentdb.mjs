/** DecentDB: durability 'full' (one sync per commit), the harness's cache. */
import { openSync } from '../../packages/decentdb/dist/bundle/index.js';
import { cacheBytes } from '../harness/cache.mjs';
import { syncLoops } from '../harness/loops.mjs';

export const dialect = 'postgres';

/** How the harness opens a build of DecentDB. */
export function opener(openDatabase, version) {
  return (path) => {
    const db = openDatabase(path, { cacheBytes });
    return {
      dialect,
      version,
      ...syncLoops({ prepare: (sql) => db.prepare(sql), exec: (sql) => void db.exec(sql) }),
      checkpoint: () => void db.checkpoint(),
      analyze: () => void db.exec('ANALYZE'),
      close: () => void db.close(),
    };
  };
}

export const open = opener(openSync, '0.1');

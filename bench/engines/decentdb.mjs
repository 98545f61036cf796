/** DecentDB: durability 'full' (one sync per commit), 256 MiB of cache. */
import { openSync } from '../../packages/decentdb/dist/bundle/index.js';
import { syncLoops } from '../harness/loops.mjs';

export const dialect = 'postgres';

export function open(path) {
  const db = openSync(path, { cacheBytes: 256 * 1024 * 1024 });
  return {
    dialect,
    version: '0.1',
    ...syncLoops({ prepare: (sql) => db.prepare(sql), exec: (sql) => void db.exec(sql) }),
    checkpoint: () => void db.checkpoint(),
    analyze: () => void db.exec('ANALYZE'),
    close: () => void db.close(),
  };
}

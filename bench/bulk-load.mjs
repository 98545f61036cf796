/**
 * Loading the track table the fastest way each engine has, with and without two indexes: each run in a process of its own, on a
 * new database, the engines in turn. The time of the processor is told too, which other work on the machine changes less.
 *
 *     node bench/bulk-load.mjs [rows] [rounds]
 *
 * DecentDB: `bulkLoadSync`; SQLite: a prepared INSERT in one transaction, with the indexes in place, and with the indexes made
 * behind the rows. `node:sqlite` runs on tools/node24 where that is installed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trackRow } from './harness/data.mjs';

const SELF = fileURLToPath(import.meta.url);
const NODE_24 = join(SELF, '../../tools/node24/node_modules/node/bin/node');
const CREATE =
  'CREATE TABLE t (id INTEGER PRIMARY KEY, artist_id INTEGER, title TEXT, duration INTEGER, rating DOUBLE PRECISION)';
const INDEXES = ['CREATE INDEX t_artist ON t (artist_id)', 'CREATE INDEX t_title ON t (title)'];
const PRAGMAS = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -262144';

/** What each engine is given: rows as arrays, or as objects. */
function rowsOf(form, count) {
  const rows = new Array(count);
  for (let id = 1; id <= count; id++) {
    const [key, artist, title, duration, rating] = trackRow(id, count / 10);
    rows[id - 1] =
      form === 'arrays'
        ? [key, artist, title, duration, rating]
        : { id: key, artist_id: artist, title, duration, rating };
  }
  return rows;
}

const ENGINES = {
  decentdb: async (path) => {
    const { openSync } = await import('../packages/decentdb/dist/bundle/index.js');
    const db = openSync(path, { cacheBytes: 256 << 20 });
    return { exec: (sql) => db.exec(sql), load: (rows) => void db.bulkLoadSync('t', rows) };
  },
  'better-sqlite3': async (path) => {
    const { default: Sqlite } = await import('better-sqlite3');
    return sqlite(new Sqlite(path));
  },
  'node-sqlite': async (path) => {
    const { DatabaseSync } = await import('node:sqlite');
    return sqlite(new DatabaseSync(path));
  },
};

function sqlite(db) {
  db.exec(PRAGMAS);
  return {
    exec: (sql) => db.exec(sql),
    load: (rows, behind) => {
      const insert = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?)');
      db.exec('BEGIN');
      if (Array.isArray(rows[0])) for (const [a, b, c, d, e] of rows) insert.run(a, b, c, d, e);
      else for (const row of rows) insert.run(row.id, row.artist_id, row.title, row.duration, row.rating);
      for (const sql of behind) db.exec(sql);
      db.exec('COMMIT');
    },
  };
}

/** One run, in a process of its own: prints milliseconds by the clock and of the processor. */
async function run(engine, form, indexes, count) {
  const folder = mkdtempSync(join(tmpdir(), 'bulk-load-'));
  try {
    const rows = rowsOf(form, count);
    const db = await ENGINES[engine](join(folder, 'db'));
    db.exec(CREATE);
    if (indexes === 'inPlace') for (const sql of INDEXES) db.exec(sql);
    const started = performance.now();
    const before = process.cpuUsage();
    db.load(rows, indexes === 'behind' ? INDEXES : []);
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ ms: performance.now() - started, cpuMs: (user + system) / 1000 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(count, rounds) {
  const engines = Object.keys(ENGINES).filter((name) => name !== 'node-sqlite' || existsSync(NODE_24));
  const best = new Map();
  for (let round = 0; round < rounds; round++)
    for (const form of ['arrays', 'objects'])
      for (const engine of engines) {
        const kinds = engine === 'decentdb' ? ['none', 'inPlace'] : ['none', 'inPlace', 'behind'];
        for (const indexes of kinds) {
          const node = engine === 'node-sqlite' ? NODE_24 : process.execPath;
          const text = execFileSync(node, [SELF, 'run', engine, form, indexes, count], { encoding: 'utf8' });
          const { ms, cpuMs } = JSON.parse(text);
          const key = `${form}, indexes ${indexes}, ${engine}`;
          const known = best.get(key) ?? { ms: Infinity, cpuMs: Infinity };
          best.set(key, { ms: Math.min(ms, known.ms), cpuMs: Math.min(cpuMs, known.cpuMs) });
        }
      }
  for (const [key, { ms, cpuMs }] of [...best].sort())
    console.log(
      `${key.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms  ${(count / ms / 1000).toFixed(2)} M rows/s  (processor ${cpuMs.toFixed(0)} ms)`,
    );
}

const [first = '1000000', second, ...rest] = process.argv.slice(2);
if (first === 'run') await run(second, rest[0], rest[1], Number(rest[2]));
else measure(Number(first), Number(second ?? 3));

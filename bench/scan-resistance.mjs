/**
 * How a scan of a table ten times the size of the cache treats what point look-ups live on (PERF-002, AC-P2.2, AC-P2.3):
 * hit rates of the look-ups alone, and between slices of the scan. Fails when the second is less than 90% of the first.
 *
 *     npm run build && node bench/scan-resistance.mjs
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSync } from '../packages/decentdb/dist/bundle/index.js';
import { randomIds, trackRows } from './harness/data.mjs';

const ROWS = 500_000;
/** The table takes 16 MB on disk and at least 40 MB once it is read. */
const CACHE_BYTES = 4 * 1024 * 1024;
const HOT_KEYS = 100;
const LOOKUPS = 20_000;
const LOOKUPS_A_SLICE = 20;
const WANTED_SHARE = 0.9;

const folder = mkdtempSync(join(tmpdir(), 'scan-resistance-'));
const path = join(folder, 'bench.db');

function load() {
  const db = openSync(path);
  db.exec('CREATE TABLE t (id int PRIMARY KEY, artist_id int, title text, duration int, rating float8)');
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3, $4, $5)');
  db.exec('BEGIN');
  for (const row of trackRows(ROWS, ROWS / 10)) insert.run(...row);
  db.exec('COMMIT');
  db.checkpoint();
  db.close();
}

/** Share of the pages that look-ups ask for and find, with or without a scan going on. */
function hitRate(withScan) {
  const db = openSync(path, { cacheBytes: CACHE_BYTES });
  const get = db.prepare('SELECT * FROM t WHERE id = $1');
  const keys = randomIds(HOT_KEYS, ROWS, 3);
  const next = randomIds(LOOKUPS, HOT_KEYS, 7).map((at) => keys[at - 1]);
  for (const key of next.slice(0, 5000)) get.get(key);
  const scan = () => db.prepare('SELECT id, title FROM t').iterate()[Symbol.iterator]();
  let rows = withScan ? scan() : undefined;
  let hits = 0;
  let misses = 0;
  for (let i = 0; i < next.length; i += LOOKUPS_A_SLICE) {
    const before = db.stats().cache;
    for (const key of next.slice(i, i + LOOKUPS_A_SLICE)) get.get(key);
    const after = db.stats().cache;
    hits += after.hits - before.hits;
    misses += after.misses - before.misses;
    // About a leaf for every look-up.
    for (let r = 0; rows !== undefined && r < LOOKUPS_A_SLICE * 250; r++) if (rows.next().done) rows = scan();
  }
  rows?.return?.();
  const { evictions } = db.stats().cache;
  db.close();
  return { rate: hits / (hits + misses), evictions };
}

try {
  load();
  const alone = hitRate(false);
  const beside = hitRate(true);
  const text = ({ rate, evictions }) => `${(100 * rate).toFixed(2)}% (${evictions} evictions)`;
  console.log(`hit rate of look-ups: alone ${text(alone)}, beside scans ${text(beside)}`);
  process.exitCode = beside.rate >= alone.rate * WANTED_SHARE ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The music library of 9.5 million tracks from an empty file to a second process (REQUIREMENTS.md C, AC-P4.3): load, indexes,
 * checkpoint; then, in a process that has just opened the file and with the system's copy of it dropped where that can be asked for,
 * the first look-ups; then warm ones. Latencies are of single calls, memory is the process's largest.
 *
 *     npm run build && node bench/music-library.mjs [tracks]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSync } from '../packages/decentdb/dist/bundle/index.js';
import { hash32, randomIds } from './harness/data.mjs';

const CACHE_BYTES = 256 * 1024 * 1024;
const COLD_LOOKUPS = 1000;
const WARM_LOOKUPS = 50_000;
const EXPANSIONS = 2000;
const BY_KEY = 'SELECT * FROM tracks WHERE id = $1';

const built = '../packages/cli/dist/music/';
const { MusicLibrary, tracksScale } = await import(`${built}library.js`);
const { MUSIC_INDEXES, MUSIC_QUERIES, MUSIC_TABLES } = await import(`${built}schema.js`);
/** An artist's albums and tracks. */
const EXPANSION = MUSIC_QUERIES[1].sql;

const say = (what, text) => process.stdout.write(`${what.padEnd(58)} ${text}\n`);
const largestMb = () => Math.round(process.resourceUsage().maxRSS / 1024);

/** Wall and CPU time of a piece of work. */
function timed(what, work) {
  const started = performance.now();
  const cpu = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(cpu);
  const ms = performance.now() - started;
  say(what, `${(ms / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of CPU`);
}

const wallUs = () => performance.now() * 1000;
/** Of this process alone: what it would take on a machine with nothing else to do. Asking costs some microseconds. */
const cpuUs = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Median, 95th and 99th percentile of single calls, in microseconds. */
function latencies(what, keys, call, nowUs = wallUs) {
  const all = Float64Array.from(keys, (key) => {
    const started = nowUs();
    call(key);
    return nowUs() - started;
  });
  all.sort();
  const at = (share) => all[Math.floor(all.length * share)].toFixed(1);
  say(what, `median ${at(0.5)} us, P95 ${at(0.95)} us, P99 ${at(0.99)} us`);
}

function load(path, library) {
  const db = openSync(path, { cacheBytes: CACHE_BYTES });
  db.exec(MUSIC_TABLES);
  const parts = [
    ['artists', 4, library.artistBatches(1000)],
    ['albums', 5, library.albumBatches(1000)],
    ['tracks', 6, library.trackBatches(1000)],
  ];
  timed('load, transactions of 10,000', () => {
    for (const [table, width, batches] of parts) {
      const places = Array.from({ length: width }, (_, i) => `$${i + 1}`);
      const insert = db.prepare(`INSERT INTO ${table} VALUES (${places.join(', ')})`);
      let count = 0;
      db.exec('BEGIN');
      for (const batch of batches)
        for (const row of batch) {
          insert.run(...row);
          if (++count % 10_000 === 0) db.exec('COMMIT; BEGIN');
        }
      db.exec('COMMIT');
    }
  });
  timed('indexes', () => db.exec(MUSIC_INDEXES));
  timed('checkpoint', () => db.checkpoint());
  db.close();
  say('file', `${(statSync(path).size / 1e6).toFixed(0)} MB`);
  say('memory of the process that loaded', `${largestMb()} MB`);
}

/** Asks the system to drop its copy of the file; whether it could be asked. */
function droppedFromSystem(path) {
  return spawnSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' }).status === 0;
}

function look(path, library) {
  const where = droppedFromSystem(path) ? 'from the disk' : "from the system's copy";
  const started = performance.now();
  const db = openSync(path, { cacheBytes: CACHE_BYTES });
  say('open', `${(performance.now() - started).toFixed(0)} ms`);
  const byKey = db.prepare(BY_KEY);
  const expansion = db.prepare(EXPANSION);
  const get = (id) => {
    if (byKey.get(id) === undefined) throw new Error(`there is no track ${id}`);
  };
  const first = performance.now();
  get(1 + (hash32(7) % library.tracks));
  say('first look-up by key', `${(performance.now() - first).toFixed(1)} ms`);
  const firstJoin = performance.now();
  expansion.all(1 + (hash32(9) % library.artists));
  say("first artist's albums and tracks", `${(performance.now() - firstJoin).toFixed(1)} ms`);
  const any = (count, salt) => randomIds(count, library.tracks, salt);
  latencies(`track by key, cold, any of them, ${where}`, any(COLD_LOOKUPS, 1), get);
  const hot = any(5000, 3);
  const again = randomIds(WARM_LOOKUPS, hot.length, 5).map((at) => hot[at - 1]);
  for (const id of again) get(id);
  latencies('track by key, warm, 5,000 again and again', again, get);
  for (const id of any(WARM_LOOKUPS, 4)) get(id);
  latencies('track by key, warm, any of them', any(WARM_LOOKUPS, 6), get);
  const artists = randomIds(EXPANSIONS, library.artists, 8);
  for (const id of artists) expansion.all(id);
  latencies("artist's albums and tracks, warm", artists, (id) => expansion.all(id));
  const others = randomIds(EXPANSIONS, library.artists, 10);
  latencies("artist's albums and tracks, others, CPU", others, (id) => expansion.all(id), cpuUs);
  latencies("artist's albums and tracks, again, CPU", others, (id) => expansion.all(id), cpuUs);
  say('memory of the process that looked up', `${largestMb()} MB`);
  db.close();
}

const library = new MusicLibrary(tracksScale(Number(process.argv[2] ?? 9_500_000)));
if (process.argv[3] !== undefined) {
  if (process.argv[3] === 'load') load(process.argv[4], library);
  else look(process.argv[4], library);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'music-library-'));
  const path = join(folder, 'music.ddb');
  say('artists, albums, tracks', `${library.artists}, ${library.albums}, ${library.tracks}`);
  for (const step of ['load', 'look'])
    spawnSync(process.execPath, [fileURLToPath(import.meta.url), `${library.tracks}`, step, path], {
      stdio: 'inherit',
    });
  rmSync(folder, { recursive: true });
}

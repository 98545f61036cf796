/**
 * One engine, one workload, one process: opens a new database, runs the cases in order and sends a line of JSON for each.
 *
 *   node --expose-gc bench/worker.mjs '{"engine":"better-sqlite3","workload":"track","folder":"/...","options":{"rows":1000000}}'
 */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const {
  engine: engineName,
  workload: workloadName,
  folder,
  options,
  only,
  cpu,
} = JSON.parse(process.argv[2]);
const engine = await import(`./engines/${engineName}.mjs`);
const workload = await import(`./workloads/${workloadName}.mjs`);

function folderBytes(path) {
  return readdirSync(path, { recursive: true })
    .map((name) => statSync(join(path, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}

/** What a database takes on disk once the log is drained: the file, or the folder where an engine has one. */
function databaseBytes(path) {
  return statSync(path).isDirectory() ? folderBytes(path) : statSync(path).size;
}

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** Milliseconds on the clock, or of the processor (all threads of this process). */
function nowMs() {
  if (cpu !== true) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const REPEATS_MAX = 5;
const REPEATS_MS = 1000;

/** Runs the case once, or, where it is a short warm query, up to five times (or `repeats`) within a second. */
async function timed(one, db, ctx) {
  const runs = [];
  // Once: a full collection throws optimised code away with the objects of the run before, which no application does in between.
  globalThis.gc?.();
  const begin = performance.now();
  do {
    const started = nowMs();
    const result = await one.run(db, ctx);
    runs.push({ ...result, ms: result.ms ?? nowMs() - started });
  } while (
    one.warm === true &&
    one.unit === 'ms' &&
    runs.length < (one.repeats ?? REPEATS_MAX) &&
    performance.now() - begin < REPEATS_MS
  );
  return runs.sort((a, b) => a.ms - b.ms)[runs.length >> 1];
}

async function runCase(one, db, ctx) {
  await one.prepare?.(db, ctx);
  if (one.warm === true) await one.run(db, ctx);
  const { count, check, ms } = await timed(one, db, ctx);
  await one.after?.(db, ctx);
  const bytes = one.measuresSize === true ? databaseBytes(path) : undefined;
  send({ case: one.name, ms, count, check, bytes });
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const path = join(folder, 'bench.db');
const ctx = { isSlow: engine.isSlow === true, path, engine, engineName, dialect: engine.dialect };
const db = workload.opensItself === true ? undefined : await engine.open(path);
if (db !== undefined) send({ version: db.version, node: process.version });
for (const one of workload.cases(options)) {
  // Cases that load the data have to run whatever is asked for.
  if (only !== undefined && !one.name.includes(only) && one.bulk !== true) continue;
  try {
    await runCase(one, db, ctx);
  } catch (error) {
    send({ case: one.name, error: `${error.code ?? ''} ${error.message}`.trim() });
  }
}
send({ residentBytes: process.memoryUsage().rss });
await db?.close();
rmSync(folder, { recursive: true, force: true });

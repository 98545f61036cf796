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

/** How long a short query is asked before it counts as warm, and how long it is measured then; the same for every engine. */
const WARM_UP_MS = 250;
const MEASURE_MS = 1000;

const isQuery = (one) => one.warm === true && one.unit === 'ms';

async function timed(one, db, ctx) {
  const started = nowMs();
  const result = await one.run(db, ctx);
  return { ...result, ms: result.ms ?? nowMs() - started };
}

/** Once, or, where it is a query, again and again for a second: the median. */
async function measured(one, db, ctx) {
  // Once: a full collection throws optimised code away with the objects of the run before, which no application does in between.
  globalThis.gc?.();
  const begin = performance.now();
  const runs = [];
  do runs.push(await timed(one, db, ctx));
  while (isQuery(one) && performance.now() - begin < MEASURE_MS);
  return runs.sort((a, b) => a.ms - b.ms)[runs.length >> 1];
}

/** The first run in this process (its time counts where one run is one query), and others until the case is warm. */
async function warmUp(one, db, ctx) {
  const begin = performance.now();
  const first = await timed(one, db, ctx);
  if (!isQuery(one)) return undefined;
  while (performance.now() - begin < WARM_UP_MS) await one.run(db, ctx);
  return first.ms / first.count;
}

async function runCase(one, db, ctx) {
  if (one.sumOf !== undefined) return;
  await one.prepare?.(db, ctx);
  const firstMs = one.warm === true ? await warmUp(one, db, ctx) : undefined;
  const { count, check, ms } = await measured(one, db, ctx);
  await one.after?.(db, ctx);
  const bytes = one.measuresSize === true ? databaseBytes(path) : undefined;
  send({ case: one.name, ms, firstMs, count, check, bytes });
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

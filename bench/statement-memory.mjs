/**
 * What long statements hold while they run, with work_mem of 1 MB: the memory the process holds after a collection, looked at while the
 * statement runs, above what it held before it (heap and buffers; the page cache and a transaction's pages have 4 MiB each). Each
 * statement runs in a process of its own, at two sizes of its table: what grows with the rows shows, and what the statement says itself.
 *
 *     npm run build && node bench/statement-memory.mjs [rows] [part of a name]     (BENCH_QUICK=1: nothing is run within 1 GB, no answers compared)
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSync } from '../packages/decentdb/dist/bundle/index.js';
import { CASES, FUNCTIONS } from './harness/long-statements.mjs';

const [first, second, third, fourth] = process.argv.slice(2);
const MIB = 1 << 20;
const LOOK_MS = 150;
const limits = { cacheBytes: 4 * MIB, transactionBytesMax: 4 * MIB, walBytesHardMax: 4096 * MIB };

if (first === '--one') one(second, Number(third), fourth);
else if (first === '--make') make(second, Number(third), fourth);
else all(Number(first ?? 430_000), second ?? '');

/** The table: 230 bytes a row. */
function build(path, rows) {
  const db = openSync(path, { durability: 'none' });
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, k int, name text);
    INSERT INTO t SELECT g, (g * 7919::bigint % ${rows})::int, md5(g::text) || md5((g + 1)::text) || md5((g + 2)::text) || md5((g + 3)::text) || md5((g + 4)::text)
      || md5((g + 5)::text) FROM generate_series(1, ${rows}) g;
    CHECKPOINT`);
  db.close();
}

function opened(path) {
  const db = openSync(path, { durability: 'none', ...limits });
  for (const [name, run] of Object.entries(FUNCTIONS)) db.function(name, { returns: 'trigger' }, run);
  return db;
}

/** What a statement finds, beside the table. */
function make(name, rows, path) {
  const { setup, before } = CASES.find((one) => one.name === name);
  const db = opened(path);
  for (const part of [setup, before]) if (part !== undefined) db.exec(part(rows));
  db.close();
}

/** One statement at one size in one amount of memory; prints a line of JSON. */
function one(name, rows, workMem) {
  const { sql, after } = CASES.find((one) => one.name === name);
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'long-'));
  const path = join(folder, 'db');
  copyFileSync(process.env.BENCH_BASE, path);
  // In another process: what it leaves on the heap is none of the statement's.
  const made = spawnSync(process.execPath, [
    fileURLToPath(import.meta.url),
    '--make',
    name,
    String(rows),
    path,
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  const db = opened(path);
  let base = 0;
  let live = 0;
  let longestMs = 0;
  const held = () => {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  db.exec(`SET work_mem = '${workMem}'`);
  base = held();
  let looked = 0;
  let asked = cpuMs();
  db.setInterruptCheck(() => {
    const now = cpuMs();
    longestMs = Math.max(longestMs, now - asked);
    if (now - looked > LOOK_MS) {
      live = Math.max(live, held());
      looked = cpuMs();
    }
    asked = cpuMs();
    return false;
  });
  const hash = createHash('sha256');
  const started = cpuMs();
  asked = started;
  let given = 0;
  let peak = null;
  let error = null;
  try {
    if (typeof sql === 'function') given = sql(db, rows, hash);
    else
      for (const row of db.prepare(sql).iterate()) {
        if (/^EXPLAIN/.test(sql)) peak = JSON.parse(row['QUERY PLAN'])[0]['Peak Memory Bytes'];
        hash.update(JSON.stringify(row));
        given++;
      }
  } catch (caught) {
    error = String(caught);
  }
  const ms = cpuMs() - started;
  live = Math.max(live, held());
  db.setInterruptCheck(null);
  db.exec("SET work_mem = '1GB'");
  const left = after === undefined || error !== null ? '' : JSON.stringify(db.prepare(after).all());
  const answer = `${hash.digest('hex').slice(0, 12)} ${left}`;
  process.stdout.write(
    `${JSON.stringify({ live: live - base, rss: process.resourceUsage().maxRSS * 1024, longestMs, ms, given, answer, error, peak })}\n`,
  );
  db.close();
  rmSync(folder, { recursive: true });
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function all(rows, part) {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'long-base-'));
  const sizes = [Math.round(rows / 4), rows];
  const self = fileURLToPath(import.meta.url);
  const mb = (bytes) => (bytes / 1e6).toFixed(1);
  for (const size of sizes) build(join(folder, String(size)), size);
  process.stdout.write(
    '| statement | held at a quarter, MB | held, MB | with 1 GB, MB | CPU, s | beside 1 GB | answers | not asked whether to stop for, ms |\n| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |\n',
  );
  for (const { name } of CASES.filter((one) => one.name.includes(part))) {
    const run = (size, workMem) => {
      const env = { ...process.env, BENCH_BASE: join(folder, String(size)) };
      const child = spawnSync(process.execPath, ['--expose-gc', self, '--one', name, String(size), workMem], {
        env,
        encoding: 'utf8',
      });
      if (child.status !== 0) return { error: child.stderr.slice(0, 300), live: Number.NaN, ms: Number.NaN };
      return JSON.parse(child.stdout);
    };
    const quarter = run(sizes[0], '1MB');
    const whole = run(sizes[1], '1MB');
    const large = process.env.BENCH_QUICK ? null : run(sizes[1], '1GB');
    const same =
      whole.error ??
      large?.error ??
      (large === null ? '-' : whole.answer === large.answer ? 'equal' : 'DIFFER');
    process.stdout.write(
      `| ${name} | ${mb(quarter.live)} | ${mb(whole.live)} | ${large === null ? '-' : mb(large.live)} | ${(whole.ms / 1000).toFixed(1)} | ${large === null ? '-' : (whole.ms / large.ms).toFixed(2)} | ${same} | ${Math.round(whole.longestMs)} |\n`,
    );
  }
  if (existsSync(folder)) rmSync(folder, { recursive: true });
}

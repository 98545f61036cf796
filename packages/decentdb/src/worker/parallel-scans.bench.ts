/**
 * Scans by one thread and by two. Runs compiled code:
 *
 *     npm run build && node packages/decentdb/dist/worker/parallel-scans.bench.js [rows]
 *
 * On a machine that does other things the clock says little; what the busier thread computed (Linux) is the time of a quiet one.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from './open.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 6;
const RUNS = 4;

const queries: Readonly<Record<string, string>> = {
  'filter and sum': 'SELECT count(*), sum(v) FROM t WHERE v < 5000',
  '540 groups': 'SELECT g, count(*), sum(v), avg(n) FROM t GROUP BY g',
  '100000 groups': 'SELECT k, count(*), sum(v) FROM t GROUP BY k',
  'first 20': 'SELECT id, v FROM t ORDER BY v DESC, id LIMIT 20',
  'search in texts': "SELECT count(*) FROM t WHERE s LIKE '%99_9 of%'",
  distinct: 'SELECT DISTINCT g FROM t',
};

/** Milliseconds each thread of the process has computed. */
function computed(): Map<string, number> {
  const out = new Map<string, number>();
  if (process.platform !== 'linux') return out;
  for (const thread of readdirSync('/proc/self/task')) {
    const text = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8');
    out.set(thread, Number(text.split(' ')[0]) / 1e6);
  }
  return out;
}

const directory = mkdtempSync(join(tmpdir(), 'decentdb-bench-'));
const db = await open(join(directory, 'a.ddb'), { cacheBytes: 1 << 30 });
await db.exec('CREATE TABLE t (id int PRIMARY KEY, g int, k int, v int, n numeric(10,2), s text)');
for (let from = 1; from <= rows; from += 250_000)
  await db.exec(`INSERT INTO t SELECT i, i % 540, i::bigint * 7919 % 100000, i::bigint * 31 % 10007, (i % 1000)::numeric / 4,
    'row number ' || i || ' of many' FROM generate_series(${from}, ${Math.min(rows, from + 249_999)}) i`);
await db.checkpoint();
await db.readers(2);

for (const [name, sql] of Object.entries(queries)) {
  // Both threads have read what they need.
  for (let i = 0; i < 6; i++) await Promise.all([db.query(sql), db.query(sql)]);
  const clock = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const busiest = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS * 2; round++) {
    const helpers = round % 2;
    await db.query(`SET max_parallel_workers_per_gather = ${helpers}`);
    await db.query(sql);
    const before = computed();
    for (let i = 0; i < RUNS; i++) {
      const start = performance.now();
      await db.query(sql);
      clock[helpers] = Math.min(clock[helpers]!, performance.now() - start);
    }
    const used = [...computed()].map(([thread, ms]) => (ms - (before.get(thread) ?? 0)) / RUNS);
    busiest[helpers] = Math.min(busiest[helpers]!, Math.max(0, ...used));
  }
  const pair = (ms: readonly number[]): string => ms.map((one) => one.toFixed(1)).join(' -> ');
  console.log(`${name.padEnd(16)} clock ${pair(clock)} ms, busier thread ${pair(busiest)} ms`);
}
await db.close();
rmSync(directory, { recursive: true });

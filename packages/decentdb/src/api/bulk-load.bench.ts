/**
 * Loads many rows, in steps or in one transaction, and tells the memory it took (AC-P3.3).
 *
 *     npm run build && node --max-old-space-size=512 packages/decentdb/dist/api/bulk-load.bench.js [rows] [rows a transaction]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSync } from './database.ts';

const rows = Number(process.argv[2] ?? 10_000_000);
const step = Number(process.argv[3] ?? 500_000);
const directory = mkdtempSync(join(tmpdir(), 'decentdb-load-'));
const path = join(directory, 'l.ddb');
const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

const db = openSync(path, { cacheBytes: 64 << 20 });
db.exec('CREATE TABLE t (id int PRIMARY KEY, v int, name text)');
const insert = db.prepare(
  "INSERT INTO t SELECT i, i % 1000, 'name of row ' || i FROM generate_series($1::int, $2::int) i",
);
const from = performance.now();
const curve: string[] = [];
for (let first = 1; first <= rows; first += step) {
  insert.run(first, Math.min(rows, first + step - 1));
  curve.push(mebibytes(process.memoryUsage().rss));
}
const seconds = (performance.now() - from) / 1000;
console.log(`${rows} rows in ${seconds.toFixed(1)} s, ${(rows / seconds).toFixed(0)} rows/s`);
console.log(
  `memory after each transaction, MiB: ${curve.join(' ')}; at most ${mebibytes(process.resourceUsage().maxRSS * 1024)}`,
);
db.close();
console.log(`file: ${mebibytes(statSync(path).size)} MiB`);
rmSync(directory, { recursive: true });

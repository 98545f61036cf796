/**
 * What a trigram index costs small commits: AC-P1.1 (rate) and AC-P1.2 (95th percentile), full durability.
 *
 *     npx tsx packages/decentdb/src/api/trigram-upkeep.bench.ts [commits]
 *
 * Both tables are filled side by side, so that what else the machine does meets both alike.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSync } from './database.ts';

const commits = Number(process.argv[2] ?? 4000);
const directory = mkdtempSync(join(tmpdir(), 'decentdb-bench-'));
const titleOf = (id: number): string => `Harvest ${(id * 7919) % 9973} Moon ${id.toString(36)} River`;

class Side {
  readonly db;
  readonly insert;
  readonly times: number[] = [];
  cpuMicroseconds = 0;

  constructor(name: string, index: string) {
    this.db = openSync(join(directory, name));
    this.db.exec(`CREATE TABLE t (id int PRIMARY KEY, a text); ${index}`);
    this.insert = this.db.prepare('INSERT INTO t VALUES ($1, $2)');
  }

  run(id: number, isCounted: boolean): void {
    const cpu = process.cpuUsage();
    const from = performance.now();
    this.insert.run(id, titleOf(id));
    if (!isCounted) return;
    this.times.push(performance.now() - from);
    const used = process.cpuUsage(cpu);
    this.cpuMicroseconds += used.user + used.system;
  }

  get total(): number {
    return this.times.reduce((a, b) => a + b, 0);
  }

  percentile(part: number): number {
    return this.times.toSorted((a, b) => a - b)[Math.floor(this.times.length * part)] as number;
  }
}

const without = new Side('without.ddb', '');
const deferred = new Side('deferred.ddb', 'CREATE INDEX ON t USING trigram (a)');
const warmUp = 500;
for (let id = 1; id <= warmUp + commits; id++) {
  without.run(id, id > warmUp);
  deferred.run(id, id > warmUp);
}
const rate = (side: Side): string => ((side.times.length * 1000) / side.total).toFixed(0);
console.log(`without an index   ${rate(without)} commits/s, p95 ${without.percentile(0.95).toFixed(3)} ms`);
console.log(`with the index     ${rate(deferred)} commits/s, p95 ${deferred.percentile(0.95).toFixed(3)} ms`);
console.log(`AC-P1.1 rate       ${((100 * without.total) / deferred.total).toFixed(0)} % (at least 80)`);
console.log(
  `AC-P1.2 p95        ${(deferred.percentile(0.95) / without.percentile(0.95)).toFixed(2)} times (at most 1.3)`,
);
console.log(
  `CPU a commit       ${(without.cpuMicroseconds / commits).toFixed(0)} and ${(deferred.cpuMicroseconds / commits).toFixed(0)} us`,
);
without.db.close();
deferred.db.close();
rmSync(directory, { recursive: true });

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import { crashTest, crashTestAsync } from '../crash-test.ts';
import { sqlWorkloads } from './workloads.ts';
import { backupWhileWriting } from './workloads-copies.ts';

const SEED = Number(process.env['SEED'] ?? 1);

/** States a workload may take here; `npm run simulate` takes them all. */
const STATES_MAX = 14;

const OPTIONS = {
  seed: SEED,
  randomSubsets: 1,
  nestedDepth: 1,
  nestedStride: 16,
  nestedSubsets: 1,
  killStride: 13,
  pointStride: 11,
  statesMax: STATES_MAX,
};

for (const workload of sqlWorkloads) {
  test(`D1 D2 D3 D4 T1 T2: crashes of "${workload.name}"`, () => {
    assert.deepEqual(crashTest(workload, OPTIONS).failures, [], `SEED=${SEED}`);
  });
}

test(`D4 B1: crashes of "${backupWhileWriting.name}"`, async () => {
  assert.deepEqual((await crashTestAsync(backupWhileWriting, OPTIONS)).failures, [], `SEED=${SEED}`);
});

test('corpus: a partial index is not built from itself', () => {
  const db = openSync(':memory:');
  db.exec(
    'CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t SELECT i, i % 7 FROM generate_series(1, 40) AS i',
  );
  db.exec('CREATE INDEX t_n ON t (n) WHERE n > 4');
  assert.deepEqual(db.check().findings, []);
  assert.equal(db.query<{ n: number }>('SELECT count(*)::int AS n FROM t WHERE n > 4').rows[0]!.n, 11);
  db.close();
});

test('corpus: a leaf with NULLs among jsonb values is weighed after it was read from disk', () => {
  const vfs = new MemoryVfs();
  const db = openSync('j.ddb', { vfs });
  db.exec(
    `CREATE TABLE t (id int PRIMARY KEY, j jsonb); INSERT INTO t VALUES (1, '{"a": 1}'), (2, NULL), (3, '[1]')`,
  );
  db.close();
  const again = openSync('j.ddb', { vfs });
  assert.equal(again.query('SELECT * FROM t').rowCount, 3);
  assert.equal(again.query('SELECT * FROM t').rowCount, 3);
  assert.ok(again.stats().cache.bytes > 0);
  again.close();
});

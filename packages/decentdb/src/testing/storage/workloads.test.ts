import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashTest, crashTestAsync } from '../crash-test.ts';
import { mixedWorkload, storageWorkloads } from './workloads.ts';
import { groupWorkloads, mixedGroupWorkload } from './workloads-groups.ts';

const SEED = Number(process.env['SEED'] ?? 1);

/** States a workload may take here; `npm run simulate` takes them all. */
const STATES_MAX = 100;

const OPTIONS = {
  seed: SEED,
  randomSubsets: 2,
  nestedDepth: 1,
  nestedStride: 16,
  nestedSubsets: 1,
  killStride: 13,
  pointStride: 7,
  statesMax: STATES_MAX,
};

for (const workload of [...storageWorkloads, mixedWorkload(SEED)]) {
  test(`D1 D2 D3 D4 D5: crashes of "${workload.name}"`, () => {
    const whole = crashTest(workload, OPTIONS);
    assert.deepEqual(whole.failures, [], `SEED=${SEED}`);
    assert.ok(whole.distinct > 0, `${whole.distinct} states`);
  });
}

for (const workload of [...groupWorkloads, mixedGroupWorkload(SEED)]) {
  test(`D1 D2 D3 D4: crashes of "${workload.name}"`, async () => {
    const whole = await crashTestAsync(workload, OPTIONS);
    assert.deepEqual(whole.failures, [], `SEED=${SEED}`);
    assert.ok(whole.distinct > 0, `${whole.distinct} states`);
  });
}

/**
 * M1: every n-th request for memory of thirteen workloads is refused (`ALL=1`: every fifth one, `ALLOCATIONS=all`: each); then also eight in a row.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocationSweep } from './allocation-sweep.ts';
import { ALLOCATION_WORKLOADS } from './allocation-workloads.ts';

const seed = Number(process.env['SEED'] ?? 1);
const isWhole = process.env['ALLOCATIONS'] === 'all';
const isLong = process.env['ALL'] === '1';
/** Runs of a workload when not all are wanted. */
const RUNS = 12;

for (const workload of ALLOCATION_WORKLOADS)
  test(`M1: memory refused to "${workload.name}" (seed ${seed})`, (t) => {
    const { requests } = allocationSweep(workload, { first: Number.POSITIVE_INFINITY });
    const stride = isWhole ? 1 : isLong ? 5 : Math.max(1, Math.floor(requests / RUNS));
    const first = 1 + (seed % stride);
    const once = allocationSweep(workload, { stride, first });
    assert.deepEqual(once.failures, []);
    const often = allocationSweep(workload, { stride: stride * 3, first, count: 8 });
    assert.deepEqual(often.failures, []);
    assert.ok(once.runs > 2);
    t.diagnostic(
      `${requests} requests, ${once.runs + often.runs} refused, ${once.reopened} handles reopened`,
    );
  });

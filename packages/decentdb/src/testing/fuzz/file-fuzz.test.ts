/**
 * C6: hostile files whose checksums are right. `SEED` replays, `CASES` runs more; `ALL=1` runs a few hundred.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzFiles } from './file-fuzz.ts';

const seed = Number(process.env['SEED'] ?? 1);
const cases = Number(process.env['CASES'] ?? (process.env['ALL'] === '1' ? 400 : 24));

test(`C6: ${cases} files that lie, from seed ${seed}: answers or errors of the catalogue, nothing else`, (t) => {
  const report = fuzzFiles({ seed, cases });
  assert.deepEqual(report.failures, []);
  assert.ok(report.refused > report.cases / 4, 'the lies were hardly noticed');
  t.diagnostic(
    `${report.cases} files, ${report.unopened} did not open, ${report.calls} calls, ${report.refused} refused`,
  );
});

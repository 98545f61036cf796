/** What docs/compatibility.md says of features is so. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { featureTables, PAGE, sectionOf } from './write.ts';

test('the table of features is current', () => {
  const written = sectionOf(readFileSync(PAGE, 'utf8'), 'features');
  const hint = 'run "node conformance/dist/compatibility/write.js" after a build';
  assert.equal(written, featureTables().trim(), hint);
});

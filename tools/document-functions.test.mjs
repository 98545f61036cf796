/** docs/functions.md is what the registry says, and every example in it gives the result it shows. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PAGE, renderFunctions } from './document-functions.mjs';

test('docs/functions.md is current', async () => {
  const { text } = await renderFunctions();
  const written = readFileSync(PAGE, 'utf8');
  if (text === written) return;
  const [ours, theirs] = [text.split('\n'), written.split('\n')];
  const at = ours.findIndex((line, i) => line !== theirs[i]);
  assert.fail(
    `run "node tools/document-functions.mjs": line ${at + 1} should be\n${ours[at]}\nand is\n${theirs[at]}`,
  );
});

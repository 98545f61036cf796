import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutShort, exchangePages, filesOf, flipBits, specimen } from './damage.ts';
import { STORE_PATH } from './tree-store.ts';

const SEED = Number(process.env['SEED'] ?? 1);

test('C1: flipped bits all over a closed database are told', () => {
  const on = specimen('closed', SEED);
  const { cases, failures } = flipBits(on, STORE_PATH, 211, SEED % 211);
  assert.deepEqual(failures, []);
  assert.ok(cases > 400, `${cases}`);
});

test('C2: flipped bits all over the log of a killed database never show a state that was not, nor lose more than the end', () => {
  const on = specimen('killed', SEED);
  for (const path of filesOf(on)) {
    if (path === STORE_PATH) continue;
    const { failures } = flipBits(on, path, 499, SEED % 499);
    assert.deepEqual(failures, [], path);
  }
});

test('C3 C5: exchanged pages and files cut short are told', () => {
  const on = specimen('closed', SEED);
  assert.deepEqual(exchangePages(on, 512, 17).failures, []);
  assert.deepEqual(cutShort(on, 256).failures, []);
});

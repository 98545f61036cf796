import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Physical, type Vector } from '../types/vector.ts';
import { ColumnStore } from './column-store.ts';

test('a NULL mask made in the middle of an append covers the rows behind the last NULL (I3)', () => {
  const count = 200;
  const nulls = new Uint8Array(count);
  nulls[70] = 1;
  const values = Array.from({ length: count }, (_, i) => `row ${i}`);
  const source: Vector = { physical: Physical.text, values, nulls };
  for (const positions of [null, Int32Array.from({ length: count }, (_, i) => i)]) {
    const store = new ColumnStore(Physical.text);
    store.appendRows(source, positions, 0, count);
    const mask = store.vector().nulls!;
    assert.ok(mask.length >= count);
    assert.deepEqual([...mask.subarray(0, count)], [...nulls]);
    assert.equal(store.get(199), 'row 199');
    assert.equal(store.get(70), null);
  }
});

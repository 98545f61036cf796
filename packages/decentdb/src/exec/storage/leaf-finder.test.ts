import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { createTree, Tree } from '../../tree/tree.ts';
import { findLeaf } from '../../tree/tree-descent.ts';
import { openStorage } from '../../txn/open-storage.ts';
import { Physical } from '../../types/vector.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import { LeafFinder } from './leaf-finder.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test('ascending keys are found in the leaves a search from the root finds, whatever lies between them', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  const schema = { columns: [{ physical: Physical.int64 }, { physical: Physical.text }], keyCount: 1 };
  const { engine, close } = openStorage('t.ddb', { pageSize: 1024, vfs: new MemoryVfs() });
  for (const rows of [0, 1, 300, 12_000]) {
    const txn = engine.beginWrite();
    const tree = new Tree(createTree(txn, schema), schema, 'rows');
    const largest = Math.max(10, rows * 3);
    for (let i = 0; i < rows; i++) tree.insert(txn, [prng.below(largest) - 500, `row ${i}`.repeat(4)]);
    txn.commit();
    const read = engine.beginRead();
    for (let round = 0; round < 20; round++) {
      const finder = new LeafFinder(tree, read);
      const step = 1 + prng.below(largest >> prng.below(8));
      let asked = 0;
      for (let key = -600 + prng.below(200); key < largest && asked++ < 400; key += prng.below(step + 1))
        assert.equal(finder.leafOf(key), findLeaf(tree, read, [key]), `key ${key} of ${rows} rows`);
    }
    read.end();
  }
  close();
});

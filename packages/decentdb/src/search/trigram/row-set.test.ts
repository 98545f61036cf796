import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { createTree, Tree } from '../../tree/tree.ts';
import { TreeCursor } from '../../tree/tree-cursor.ts';
import { openStorage } from '../../txn/open-storage.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import { rowsMet } from '../tree-reading.ts';
import { POSTING_SCHEMA } from './posting-store.ts';
import { addShared, intersect, lowerPlace, type RowSet } from './row-set.ts';

const seed = Number(process.env['SEED'] ?? 11);

function randomSet(prng: Prng, length: number, gapMax: number): RowSet {
  let row = prng.below(50) - 20;
  return Float64Array.from({ length }, () => {
    row += 1 + prng.below(gapMax);
    return row;
  });
}

test('rows of both sets, whichever is longer, with large and small gaps', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  for (let round = 0; round < 2000; round++) {
    const a = randomSet(prng, prng.below(prng.pick([3, 40, 300])), prng.pick([1, 3, 40]));
    const b = randomSet(prng, prng.below(prng.pick([3, 40, 300])), prng.pick([1, 3, 40]));
    const wanted = [...a].filter((row) => b.includes(row));
    assert.deepEqual([...intersect(a, b)], wanted);
    const into = Float64Array.of(7, ...Array.from(a, () => 0), 0);
    assert.equal(addShared(a, b, into, 1), wanted.length + 1);
    assert.equal(into[0], 7);
    const from = prng.below(a.length + 1);
    const row = prng.below(300) - 30;
    const place = a.findIndex((other, i) => i >= from && other >= row);
    assert.equal(lowerPlace(a, row, from), place === -1 ? a.length : place);
  }
});

test('rows that a list over many leaves has', (t) => {
  t.diagnostic(`seed ${seed}`);
  const { engine, close } = openStorage('t.ddb', { pageSize: 1024, vfs: new MemoryVfs() });
  const prng = new Prng(seed);
  const txn = engine.beginWrite();
  const postings = new Tree(createTree(txn, POSTING_SCHEMA), POSTING_SCHEMA, 'postings');
  const lists = [randomSet(prng, 4000, 3), randomSet(prng, 4000, 2000), randomSet(prng, 1, 9)];
  for (const [code, list] of lists.entries()) for (const row of list) postings.insert(txn, [0, code, row]);
  for (let round = 0; round < 200; round++) {
    const [code, list] = prng.pick([...lists.entries()]);
    const others = prng.chance(0.5)
      ? randomSet(prng, prng.below(200), prng.pick([2, 60, 50_000]))
      : list.filter(() => prng.chance(0.05));
    const cursor = new TreeCursor(postings, txn);
    cursor.seekPrefix([0, code]);
    const all = new Set(list);
    assert.deepEqual(
      [...rowsMet(others, cursor, 2)],
      [...others].filter((row) => all.has(row)),
    );
  }
  txn.rollback();
  close();
});

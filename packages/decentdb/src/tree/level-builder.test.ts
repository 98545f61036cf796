import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ColumnSpec, type Datum, Physical } from '../types/vector.ts';
import { LevelBuilder } from './level-builder.ts';
import { MemoryPages } from './memory-view.fuzz.ts';
import { createTree, Tree } from './tree.ts';
import { fetchChild, fetchRoot } from './tree-descent.ts';
import { Random } from './tree-model.fuzz.ts';
import { TreeNode } from './tree-node.ts';

const PAYLOAD_BYTES = 1000;
const schema = {
  columns: [{ physical: Physical.text }, { physical: Physical.int64 }] as ColumnSpec[],
  keyCount: 2,
};

const WORDS = ['Ba', 'Keli', 'Mo', 'Nurase', 'Ti', 'Vozuda', 'Fe', 'Gihojuka'];

/** Ascending keys that are like each other for a while, then not. */
function* keys(random: Random, count: number): Generator<Datum[]> {
  let stem = 'a';
  const keys: string[] = [];
  for (let i = 0; i < count; i++) {
    if (random.below(300) === 0) stem = WORDS[random.below(8)]! + WORDS[random.below(8)]!;
    keys.push(
      stem.slice(0, 1 + random.below(12)) + WORDS[random.below(8)]! + random.below(10 ** random.below(5)),
    );
  }
  keys.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  for (let i = 0; i < count; i++) yield [keys[i]!, random.below(10_000_000)];
}

function checkSizes(tree: Tree, view: Parameters<typeof fetchRoot>[1], node: TreeNode): number {
  const bytes = new Uint8Array(PAYLOAD_BYTES);
  // Outgrowing the page is an assertion of its own.
  if (node.level === 0) return 1;
  node.thaw().encode(bytes);
  let leaves = 0;
  for (let i = 0; i < node.count; i++)
    leaves += node.level === 1 ? 1 : checkSizes(tree, view, fetchChild(tree, view, node, i));
  return leaves;
}

test('inner nodes fit their pages, whatever the last look at them found', () => {
  const seed = Number(process.env['SEED'] ?? 1);
  for (let round = 0; round < 40; round++) {
    const random = new Random(seed * 1000 + round);
    const view = new MemoryPages(PAYLOAD_BYTES).write();
    const tree = new Tree(createTree(view, schema), schema, 'i');
    const builder = new LevelBuilder(tree, view);
    const leaf = TreeNode.empty(tree.root, tree.schema, 0, 4);
    leaf.insertRow(0, ['', 0]);
    const page = new Uint8Array(PAYLOAD_BYTES);
    const payload = page.slice(0, leaf.encode(page));
    for (const key of keys(random, 3000)) builder.addLeaf(payload, key, 150 + random.below(80));
    builder.finish();
    assert.equal(checkSizes(tree, view, fetchRoot(tree, view)), 3000);
  }
});

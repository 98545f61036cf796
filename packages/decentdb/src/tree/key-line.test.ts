/** Searches of inner nodes by a line against the same by comparisons alone; keys that are computed against those that are stored. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Datum, Physical } from '../types/vector.ts';
import { KeyLine } from './key-line.ts';
import { MemoryPages } from './memory-view.fuzz.ts';
import type { TreeSchema } from './node-schema.ts';
import { lowerBound, searchCount, upperBound } from './node-search.ts';
import { SearchForm } from './search-form.ts';
import { createTree, Tree } from './tree.ts';
import { fetchChild, fetchRoot } from './tree-descent.ts';
import { Random } from './tree-model.fuzz.ts';
import type { TreeNode } from './tree-node.ts';

const ROWS = 12_000;
const int32 = { physical: Physical.int32 };
const int64 = { physical: Physical.int64 };

/** Keys that lie on a line, near one, and nowhere near. */
const SHAPES: readonly {
  readonly name: string;
  readonly isNear: boolean;
  readonly key: (i: number) => number;
}[] = [
  { name: 'consecutive', isNear: true, key: (i) => i - 500 },
  { name: 'spread', isNear: true, key: (i) => i * 17 + ((i * 7919) % 16) },
  { name: 'cubes', isNear: false, key: (i) => (i - ROWS / 2) ** 3 },
  { name: 'one far away', isNear: false, key: (i) => (i === ROWS - 1 ? 2 ** 52 : i) },
  { name: 'two groups', isNear: false, key: (i) => (i < ROWS / 3 ? i : i + 1e9) },
];

/** What does not pack: leaves of few rows. */
const noise = (i: number): number => Math.imul(i, 0x9e3779b1);

/** A tree whose inner nodes have many entries; rows of equal first columns where `repeats` is more than 1. */
function treeOf(
  schema: TreeSchema,
  key: (i: number) => number,
  repeats: number,
): { tree: Tree; pages: MemoryPages } {
  const pages = new MemoryPages(600, true);
  const view = pages.write();
  const tree = new Tree(createTree(view, schema), schema, 'keys');
  for (let i = 0; i < ROWS; i++) {
    const first = key(i - (i % repeats));
    tree.insert(view, schema.keyCount === 1 ? [first, noise(i)] : [first, i, noise(i)]);
  }
  view.commit();
  return { tree, pages };
}

function innerNodes(tree: Tree, pages: MemoryPages): TreeNode[] {
  const view = pages.read();
  const found: TreeNode[] = [];
  const walk = (node: TreeNode): void => {
    if (node.level === 0) return;
    found.push(node);
    if (node.level > 1) for (let i = 0; i < node.count; i++) walk(fetchChild(tree, view, node, i));
  };
  walk(fetchRoot(tree, view));
  return found;
}

/** The ends of a search, and the comparisons it made, with the line that the node has and without one. */
function both(node: TreeNode, key: readonly Datum[], from: number): [number[], number, number] {
  const ends = (): [number[], number] => {
    searchCount.comparisons = 0;
    const rows = [lowerBound(node, key, key.length, from), upperBound(node, key, key.length, from)];
    return [rows, searchCount.comparisons];
  };
  const [rows, comparisons] = ends();
  const line = node.keyLine;
  node.keyLine = null;
  const [plainRows, plainComparisons] = ends();
  node.keyLine = line;
  assert.deepEqual(rows, plainRows, `key ${key} of page ${node.pageNo}, from ${from}`);
  return [rows, comparisons, plainComparisons];
}

for (const { name, isNear, key } of SHAPES) {
  test(`a search by a line ends where one without does: ${name}`, () => {
    const random = new Random(Number(process.env['SEED'] ?? 11));
    for (const [repeats, keyCount] of [
      [1, 1],
      [1, 2],
      [7, 2],
    ] as const) {
      const schema: TreeSchema = {
        columns: keyCount === 1 ? [int64, int32] : [int64, int32, int32],
        keyCount,
      };
      const { tree, pages } = treeOf(schema, key, repeats);
      const nodes = innerNodes(tree, pages);
      let compared = 0;
      let comparedPlain = 0;
      for (let probe = 0; probe < 3000; probe++) {
        const node = nodes[random.below(nodes.length)]!;
        const at = node.column(0).cell(random.below(node.count)) as number;
        const odd = [at, at + 1, at - 1, at + 0.5, key(random.below(ROWS)), Infinity, -Infinity, 0][
          random.below(8)
        ]!;
        const wanted: Datum[] = keyCount === 2 && random.below(2) === 0 ? [odd, random.below(ROWS)] : [odd];
        const [, comparisons, plain] = both(
          node,
          wanted,
          random.below(4) === 0 ? random.below(node.count + 1) : 1,
        );
        assert.ok(comparisons <= plain + 2, `${comparisons} comparisons with the line, ${plain} without`);
        compared += comparisons;
        comparedPlain += plain;
      }
      const hasLines = nodes.some((node) => node.keyLine !== null);
      if (isNear && repeats === 1) {
        assert.ok(hasLines);
        assert.ok(compared < 0.7 * comparedPlain, `${compared} comparisons of ${comparedPlain}`);
      }
    }
  });
}

test('a line is kept only where it helps', () => {
  const rows = Array.from({ length: 100 }, (_, i) => i);
  assert.ok(
    KeyLine.of(
      Int32Array.from(rows, (i) => i * 3),
      100,
    ) !== null,
  );
  // What entry 0 says counts as minus infinity.
  assert.ok(
    KeyLine.of(
      Float64Array.from(rows, (i) => (i === 0 ? 2 ** 50 : i * 3)),
      100,
    ) !== null,
  );
  assert.equal(
    KeyLine.of(
      Float64Array.from(rows, (i) => 2 ** (i / 3)),
      100,
    ),
    null,
  );
  assert.equal(
    KeyLine.of(
      Int32Array.from(rows, () => 5),
      100,
    ),
    null,
    'equal keys',
  );
  assert.equal(KeyLine.of(Int32Array.from(rows), 20), null, 'few keys');
  const line = KeyLine.of(Int32Array.from(rows), 100)!;
  // Whatever is no number to guess with leaves all rows to the search.
  assert.deepEqual([line.lowest(Number.NaN, 1, 100), line.highest(Number.NaN, 1, 100)], [1, 100]);
});

test('keys of consecutive rows are computed, not read', () => {
  const schema: TreeSchema = { columns: [int32, int32], keyCount: 1 };
  const { tree, pages } = treeOf(schema, (i) => i * 1, 1);
  const view = pages.read();
  const root = fetchRoot(tree, view);
  let node = root;
  while (node.level > 0) node = fetchChild(tree, view, node, 1);
  const first = node.column(0).cell(0) as number;
  assert.equal(lowerBound(node, [first + 2], 1, 0), 2);
  assert.equal(node.searchForm, SearchForm.dense);
  assert.ok(node.hasConsecutiveKeys);
  for (let row = 0; row < node.count; row++) {
    assert.equal(node.cell(0, row), node.column(0).cell(row));
    assert.equal(node.cell(0, row), first + row);
  }
  // A private copy knows it no more once a row is gone.
  const copy = node.thaw();
  assert.equal(copy.hasConsecutiveKeys, false);
  copy.removeRows(1, 2);
  copy.freeze(node.lsn);
  assert.equal(lowerBound(copy, [first + 2], 1, 0), 1);
  assert.equal(copy.cell(0, 1), first + 2);
});

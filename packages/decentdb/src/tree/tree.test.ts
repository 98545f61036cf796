import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ColumnSpec, type Datum, Physical, type Vector } from '../types/vector.ts';
import { MemoryPages, type MemoryWriteView } from './memory-view.fuzz.ts';
import type { TreeSchema } from './node-schema.ts';
import { searchCount } from './node-search.ts';
import { OverflowValue } from './overflow-value.ts';
import { estimateRange, estimateRows } from './range-estimate.ts';
import { createTree, Tree } from './tree.ts';
import { type KeyRange, TreeCursor, WHOLE_TREE } from './tree-cursor.ts';
import { childAtOrBefore, fetchChild, fetchRoot } from './tree-descent.ts';
import { Random } from './tree-model.fuzz.ts';
import { TreePosition } from './tree-position.ts';
import { verifyTree } from './verify-tree.ts';

const int64: ColumnSpec = { physical: Physical.int64 };
const int32: ColumnSpec = { physical: Physical.int32 };
const text: ColumnSpec = { physical: Physical.text };

function make(
  schema: TreeSchema,
  payloadBytes = 1000,
): { pages: MemoryPages; view: MemoryWriteView; tree: Tree } {
  const pages = new MemoryPages(payloadBytes);
  const view = pages.write();
  return { pages, view, tree: new Tree(createTree(view, schema), schema, 'things_pkey') };
}

function keysOf(cursor: TreeCursor): Datum[] {
  const keys: Datum[] = [];
  while (cursor.next()) {
    const slice: Datum[] = [];
    for (let row = cursor.from; row < cursor.to; row++) slice.push(cursor.leaf!.cell(0, row) as Datum);
    keys.push(...slice);
  }
  return keys;
}

const between = (lower: Datum[] | null, upper: Datum[] | null): KeyRange => ({
  lower,
  lowerInclusive: true,
  upper,
  upperInclusive: false,
});

test('AC-P4.1: comparisons per level are at most ceil(log2(cells)) + 1, for int, text and composite keys', () => {
  const schemas: [string, TreeSchema, (i: number) => Datum[]][] = [
    ['int', { columns: [int64], keyCount: 1 }, (i) => [i * 7 + ((i * i) % 5)]],
    ['text', { columns: [text], keyCount: 1 }, (i) => [`key ${String(i * 13).padStart(7, '0')}`]],
    [
      'composite',
      { columns: [int32, text, int64], keyCount: 3 },
      (i) => [i >> 5, `name ${String((i >> 2) & 7)}`, i],
    ],
  ];
  for (const [name, schema, keyOf] of schemas) {
    const { pages, view, tree } = make(schema, 2000);
    for (let i = 0; i < 5000; i++) assert.ok(tree.insert(view, keyOf(i)));
    view.commit();
    for (const reader of [pages.read(), pages.write()]) {
      for (let i = 0; i < 5000; i += 37) {
        const position = new TreePosition();
        let allowed = 0;
        let node = fetchRoot(tree, reader);
        for (
          ;
          node.level > 0;
          node = fetchChild(tree, reader, node, childAtOrBefore(node, keyOf(i), schema.keyCount))
        ) {
          allowed += Math.ceil(Math.log2(node.count)) + 1;
        }
        allowed += Math.ceil(Math.log2(node.count)) + 1;
        searchCount.comparisons = 0;
        assert.ok(tree.get(reader, keyOf(i), position));
        assert.ok(
          searchCount.comparisons <= allowed,
          `${name}: ${searchCount.comparisons} comparisons, ${allowed} allowed`,
        );
      }
    }
  }
});

function leafOf(tree: Tree, view: MemoryWriteView | ReturnType<MemoryPages['read']>, key: Datum[]) {
  const position = new TreePosition();
  tree.get(view, key, position);
  return position.leaf!;
}

test('rows appended in order fill their pages', () => {
  const { pages, view, tree } = make({ columns: [int64, int32, text], keyCount: 1 }, 4000);
  const random = new Random(1);
  for (let i = 0; i < 20000; i++)
    tree.insert(view, [i, random.below(100000), `some title ${random.below(1e6)}`]);
  view.commit();
  const { pages: used, height } = verifyTree(tree, pages.read());
  assert.ok(
    pages.usedBytes() / (used.length * 4000) > 0.95,
    `${pages.usedBytes() / (used.length * 4000)} filled`,
  );
  assert.equal(height, 1);
  assert.ok(pages.usedBytes() < 20000 * 22);
});

test('deleting everything in any order gives all pages but the root back', () => {
  for (const order of ['up', 'down', 'random']) {
    const { view, tree } = make({ columns: [int64, text], keyCount: 1 }, 300);
    const keys = Array.from({ length: 1500 }, (_, i) => i);
    for (const key of keys) tree.insert(view, [key, `value ${key}`]);
    assert.ok(view.inUse.size > 40);
    if (order === 'down') keys.reverse();
    const random = new Random(4);
    if (order === 'random') keys.sort(() => random.next() - 0.5);
    for (const [i, key] of keys.entries()) {
      assert.ok(tree.delete(view, [key]));
      if (i % 97 === 0) verifyTree(tree, view);
    }
    assert.equal(view.inUse.size, 1);
    assert.equal(verifyTree(tree, view).height, 0);
    assert.ok(tree.insert(view, [5, 'again']));
  }
});

test('large values go to chains, come back, and are freed once', () => {
  const { pages, view, tree } = make(
    { columns: [int64, text, { physical: Physical.bytes }], keyCount: 1 },
    500,
  );
  const long = 'long '.repeat(500);
  const blob = new Uint8Array(5000).fill(3);
  for (let i = 0; i < 50; i++)
    tree.insert(view, [i, i % 3 === 0 ? long : 'short', i % 5 === 0 ? blob : null]);
  view.commit();
  const reader = pages.read();
  const position = new TreePosition();
  assert.ok(tree.get(reader, [15], position));
  assert.ok(position.leaf!.cell(1, position.index) instanceof OverflowValue);
  assert.equal(tree.datum(reader, position.leaf!, position.index, 1), long);
  assert.deepEqual(tree.datum(reader, position.leaf!, position.index, 2), blob);
  const next = pages.write();
  assert.ok(tree.update(next, [15], [1], ['short now']));
  assert.ok(tree.update(next, [1], [1], [long]));
  assert.ok(tree.delete(next, [0]));
  const report = verifyTree(tree, next);
  assert.deepEqual(
    [...report.pages, ...report.chains.map((c) => c.firstPage)].sort(),
    [...next.inUse].sort(),
  );
  tree.drop(next);
  assert.equal(next.inUse.size, 0);
});

test('an update of another column keeps the chain of an untouched large value', () => {
  const { pages, view, tree } = make({ columns: [int64, text, int32], keyCount: 1 }, 500);
  tree.insert(view, [1, 'x'.repeat(3000), 5]);
  view.commit();
  const next = pages.write();
  const before = verifyTree(tree, next).chains;
  assert.ok(tree.update(next, [1], [2], [6]));
  assert.deepEqual(verifyTree(tree, next).chains, before);
});

test('keys and rows beyond the limits are refused with 54000 and change nothing', () => {
  const { view, tree } = make({ columns: [text, text], keyCount: 1 }, 500);
  tree.insert(view, ['a', 'b']);
  assert.ok(tree.insert(view, ['k'.repeat(100), 'b']));
  assert.throws(() => tree.insert(view, ['k'.repeat(101), 'b']), {
    code: '54000',
    message: 'index row size 101 exceeds maximum 100 for index "things_pkey"',
  });
  const wide = make({ columns: [int64, ...Array.from({ length: 80 }, () => int64)], keyCount: 1 }, 500);
  const row = Array.from({ length: 81 }, (_, i) => i * 1e12);
  assert.throws(() => wide.tree.insert(wide.view, row), {
    code: '54000',
    message: /^row is too big: size \d+, maximum size 500$/,
  });
  assert.equal(wide.tree.rowCount(wide.view), 0);
  assert.equal(tree.rowCount(view), 2);
});

test('a cursor goes on behind its last key when the tree changes under it', () => {
  for (const isBackward of [false, true]) {
    const { view, tree } = make({ columns: [int64, text], keyCount: 1 }, 300);
    for (let i = 0; i < 400; i += 2) tree.insert(view, [i, `value number ${i}`]);
    const cursor = new TreeCursor(tree, view);
    cursor.seek(WHOLE_TREE, isBackward);
    const seen: number[] = [];
    while (cursor.next()) {
      const slice: number[] = [];
      for (let row = cursor.from; row < cursor.to; row++) slice.push(cursor.leaf!.cell(0, row) as number);
      if (isBackward) slice.reverse();
      seen.push(...slice);
      const last = slice.at(-1)!;
      for (const key of slice) tree.delete(view, [key]);
      if (last % 2 === 0) tree.insert(view, [isBackward ? last - 1 : last + 1, 'put just ahead']);
    }
    assert.deepEqual(new Set(seen).size, seen.length, 'no key comes twice');
    for (let i = 0; i < 400; i += 2) assert.ok(seen.includes(i), `key ${i}`);
  }
});

test('prefixes, open ends and both directions', () => {
  const { pages, view, tree } = make({ columns: [int32, int64], keyCount: 2 }, 300);
  for (let a = 0; a < 60; a++)
    for (let b = 0; b < 11; b++) tree.insert(view, [a % 7 === 3 ? null : a, a * 100 + b]);
  view.commit();
  const cursor = new TreeCursor(tree, pages.read());
  cursor.seekPrefix([5]);
  assert.deepEqual(keysOf(cursor), Array(11).fill(5));
  cursor.seekPrefix([3]);
  assert.deepEqual(keysOf(cursor), []);
  cursor.seekPrefix([null], true);
  assert.equal(keysOf(cursor).length, 9 * 11, 'NULLs are one prefix, at the end');
  cursor.seek(between([10], [12]));
  assert.deepEqual(keysOf(cursor), Array(11).fill(11));
  cursor.seek(between(null, [2]), true);
  assert.equal(keysOf(cursor).length, 22);
});

test('estimates are exact after a bulk load and close after random inserts', () => {
  const { pages, view, tree } = make({ columns: [int64, text], keyCount: 1 }, 1000);
  for (let i = 0; i < 5000; i++) tree.insert(view, [i, `t ${i}`]);
  view.commit();
  const reader = pages.read();
  const close = (actual: number, expected: number, factor: number): void =>
    assert.ok(actual >= expected / factor && actual <= expected * factor, `${actual} for ${expected}`);
  close(estimateRows(tree, reader), 5000, 1.05);
  close(estimateRange(tree, reader, between([1000], [2000])), 1000, 1.02);
  assert.equal(estimateRange(tree, reader, between([100], [101])), 1);
  assert.equal(estimateRange(tree, reader, between([2000], [1000])), 0);
});

test('rows that came in the order of their keys are counted at the right edge, however many they are by then', () => {
  const { pages, view, tree } = make({ columns: [text], keyCount: 1 }, 300);
  const keyOf = (i: number): string => `${String(i).padStart(6, '0')} ${Math.imul(i, 0x9e3779b1)}`;
  for (let i = 0; i < 10_000; i++) {
    tree.insert(view, [keyOf(i)]);
    if (i % 500 !== 0 || i < 2000) continue;
    const rows = estimateRows(tree, view);
    assert.ok(Math.abs(rows - i) < i / 50, `${rows} for ${i}`);
  }
  view.commit();
  const reader = pages.read();
  assert.ok(fetchRoot(tree, reader).level > 1);
  const last = estimateRange(tree, reader, between([keyOf(9000)], null));
  assert.ok(Math.abs(last - 1000) < 50, `${last} rows`);
});

test('a batch stops at its first duplicate, rows before it are in', () => {
  const { view, tree } = make({ columns: [int64, text], keyCount: 1 }, 400);
  for (let i = 0; i < 100; i += 10) tree.insert(view, [i, 'there']);
  const batch = (keys: number[]): Vector[] => [
    { physical: Physical.int64, values: Float64Array.from(keys), nulls: null },
    { physical: Physical.text, values: keys.map((key) => `new ${key}`), nulls: null },
  ];
  assert.equal(tree.insertBatch(view, batch([1, 2, 13, 14, 20, 21]), 6), 4);
  assert.equal(tree.duplicate.leaf!.cell(0, tree.duplicate.index), 20);
  assert.equal(tree.insertBatch(view, batch([5, 6, 6, 7]), 4), 2);
  assert.throws(() => tree.insertBatch(view, batch([200, 199]), 2), { code: 'XX000' });
  assert.equal(verifyTree(tree, view).rows, tree.rowCount(view));
});

test('verify finds keys out of order, wrong separators and lying links', () => {
  const schema: TreeSchema = { columns: [int64, text], keyCount: 1 };
  const broken = (spoil: (view: MemoryWriteView, tree: Tree) => void): void => {
    const { view, tree } = make(schema, 300);
    for (let i = 0; i < 300; i++) tree.insert(view, [i, `value ${i}`]);
    verifyTree(tree, view);
    spoil(view, tree);
    assert.throws(() => verifyTree(tree, view), { code: 'XX001' });
  };
  const editLeaf = (view: MemoryWriteView, tree: Tree, key: number) => {
    const leaf = leafOf(tree, view, [key]);
    return view.edit(leaf.pageNo, 'tree', tree.decode) as typeof leaf;
  };
  broken((view, tree) => editLeaf(view, tree, 100).setCell(0, 2, 5000));
  broken((view, tree) => editLeaf(view, tree, 0).setCell(0, 1, 0));
  broken((view, tree) => {
    const leaf = editLeaf(view, tree, 50);
    leaf.removeRows(0, leaf.count);
  });
  broken((view, tree) => (fetchRoot(tree, view) as ReturnType<typeof fetchRoot>).setCell(1, 1, tree.root));
  broken((view, tree) => fetchRoot(tree, view).setCell(1, 1, 999999));
  broken((view, tree) => fetchRoot(tree, view).setCell(0, 1, 290));
});

test('a finger never outlives a savepoint, a commit or another writer of the same tree', () => {
  const schema: TreeSchema = { columns: [int64, text], keyCount: 1 };
  const { pages, view, tree } = make(schema, 300);
  const other = new Tree(tree.root, schema, 'the same tree');
  for (let i = 0; i < 50; i++) tree.insert(view, [i, `value ${i}`]);
  for (let i = 50; i < 300; i++) (i % 3 === 0 ? other : tree).insert(view, [i, `value ${i}`]);
  view.savepoint();
  for (let i = 300; i < 320; i++) tree.insert(view, [i, 'undone']);
  view.rollbackToSavepoint();
  tree.insert(view, [300, 'kept']);
  assert.equal(verifyTree(tree, view).rows, 301);
  view.commit();
  const next = pages.write();
  tree.insert(next, [301, 'later']);
  assert.equal(verifyTree(tree, pages.read()).rows, 301);
  assert.equal(verifyTree(tree, next).rows, 302);
});

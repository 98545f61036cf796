/** Entries held back and applied sorted, against a set that is told of each at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Datum, Physical } from '../types/vector.ts';
import { HeldEntries } from './held-entries.ts';
import { MemoryPages, type MemoryWriteView } from './memory-view.fuzz.ts';
import type { TreeSchema } from './node-schema.ts';
import { sortKeyRows } from './sort-key-rows.ts';
import { createTree, Tree } from './tree.ts';
import { TreeCursor, WHOLE_TREE } from './tree-cursor.ts';
import { Random } from './tree-model.fuzz.ts';
import { verifyTree } from './verify-tree.ts';

const SCHEMAS: readonly TreeSchema[] = [
  { columns: [{ physical: Physical.int32 }, { physical: Physical.int64 }], keyCount: 2 },
  {
    columns: [{ physical: Physical.int64 }, { physical: Physical.int32 }, { physical: Physical.int64 }],
    keyCount: 3,
  },
  { columns: [{ physical: Physical.int32, nullsFirst: true }, { physical: Physical.int32 }], keyCount: 2 },
  { columns: [{ physical: Physical.text }, { physical: Physical.int64 }], keyCount: 2 },
  {
    columns: [
      { physical: Physical.text },
      { physical: Physical.text, nullsFirst: true },
      { physical: Physical.int32 },
    ],
    keyCount: 3,
  },
  {
    columns: [{ physical: Physical.int32 }, { physical: Physical.text }, { physical: Physical.int64 }],
    keyCount: 3,
  },
];

const STEMS = ['', 'a', 'user', 'user/of/the/', 'ä', 'Ω mega', '\u{ffe0}', '\u{1f600}', 'x'.repeat(36)];

/** A text: of few, or of many, with stems in common. */
function someText(random: Random, spread: number): string {
  return `${STEMS[random.below(STEMS.length)]!}${random.below(Math.min(spread, 5000))}`;
}

/** All rows as text, read through a view. */
function rowsOf(tree: Tree, view: MemoryWriteView): string[] {
  const rows: string[] = [];
  const cursor = new TreeCursor(tree, view);
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    for (let row = cursor.from; row < cursor.to; row++)
      rows.push(JSON.stringify(tree.schema.leaf.map((_, c) => cursor.leaf!.cell(c, row))));
  }
  return rows;
}

/** A write view in which changes may be held. */
function holdingView(pages: MemoryPages): MemoryWriteView {
  const view = pages.write();
  view.held = null;
  return view;
}

function runSeed(seed: number): number {
  const random = new Random(seed);
  const schema = SCHEMAS[seed % SCHEMAS.length]!;
  const pages = new MemoryPages([500, 1500, 4000][(seed + (seed % 6 < 3 ? 0 : 1)) % 3]!, true);
  let view = pages.write();
  const tree = new Tree(createTree(view, schema), schema, 'held');
  view.commit();
  view = holdingView(pages);
  const present = new Set<string>();
  const spread = [20, 1000, 2 ** 31][random.below(3)]!;
  let held = 0;
  const change = (isDelete: boolean): void => {
    let entry: Datum[] = schema.columns.map(({ physical }, c) => {
      if (random.next() < 0.02 && c === 0) return null;
      if (physical === Physical.text) return someText(random, spread);
      return random.below(c === 0 ? spread : 3000) - 5;
    });
    if (isDelete && random.next() < 0.8 && present.size > 0) {
      const some = [...present][random.below(present.size)]!;
      entry = JSON.parse(some) as Datum[];
    }
    if (isDelete) present.delete(JSON.stringify(entry));
    else present.add(JSON.stringify(entry));
    if (HeldEntries.of(view)?.hold(tree, entry, isDelete) === true) held++;
    else if (isDelete) tree.delete(view, entry);
    else tree.insert(view, entry);
  };
  for (let round = 0; round < 8; round++) {
    const isDelete = round > 1 && random.next() < 0.4;
    const isMixed = random.next() < 0.2;
    for (let i = random.below(1500); i > 0; i--) change(isMixed ? random.next() < 0.5 : isDelete);
    if (random.next() < 0.5) {
      const expected = [...present].sort();
      assert.deepEqual(rowsOf(tree, view).sort(), expected);
    }
    if (random.next() < 0.5) {
      view.held?.applyAll();
      view.commit();
      if (random.next() < 0.3) pages.forgetNodes();
      view = holdingView(pages);
    }
  }
  assert.equal(verifyTree(tree, view).rows, present.size);
  assert.deepEqual(rowsOf(tree, view).sort(), [...present].sort());
  return held;
}

test('held entries are in the tree for everybody who looks', () => {
  const first = Number(process.env['SEED'] ?? 1);
  let held = 0;
  for (let seed = first; seed < first + 12; seed++) {
    try {
      held += runSeed(seed);
    } catch (error) {
      throw new Error(`replay with SEED=${seed}: ${String(error)}`, { cause: error });
    }
  }
  assert.ok(held > 2000, `only ${held} entries were held`);
});

test('rows of integers are sorted, whatever their ranges', () => {
  const random = new Random(3);
  for (const ranges of [
    [10, 1000],
    [2 ** 31, 2 ** 22],
    [2 ** 52, 2 ** 40],
    [3, 5, 2 ** 49],
    [1, 1],
  ]) {
    const count = 500;
    const columns = ranges.map((range) =>
      Float64Array.from({ length: count }, () => random.below(range) - (range >> 3)),
    );
    const expected = Array.from({ length: count }, (_, i) => columns.map((values) => values[i]!)).sort(
      (a, b) => {
        const at = a.findIndex((value, c) => value !== b[c]);
        return at < 0 ? 0 : a[at]! - b[at]!;
      },
    );
    const sorted = sortKeyRows(columns, count);
    const rows = Array.from({ length: count }, (_, i) => sorted.map((values) => values[i]!));
    assert.deepEqual(rows, expected);
  }
});

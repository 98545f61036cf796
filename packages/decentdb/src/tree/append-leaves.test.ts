/**
 * Leaves written at once against rows inserted one by one: the same rows, whole trees, full pages.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ColumnSpec, type Datum, Physical, type Vector } from '../types/vector.ts';
import { MemoryPages, type MemoryWriteView } from './memory-view.fuzz.ts';
import type { TreeSchema } from './node-schema.ts';
import { asciiRun } from './text-bytes.ts';
import { createTree, Tree } from './tree.ts';
import { TreeCursor, WHOLE_TREE } from './tree-cursor.ts';
import { Random } from './tree-model.fuzz.ts';
import { vectorDatum } from './vector-datum.ts';
import { verifyTree } from './verify-tree.ts';

const { int32, int64, float64, text, bool } = Physical;
const spec = (physical: ColumnSpec['physical']): ColumnSpec => ({ physical }) as ColumnSpec;

const TABLE: TreeSchema = {
  columns: [int64, int32, text, float64, text, bool, int64].map(spec),
  keyCount: 1,
};
/** An index: text first, then the row id. */
const INDEX: TreeSchema = { columns: [text, int64].map(spec), keyCount: 2 };

const WORDS = ['ba', 'Quartett', '', 'naïve', 'x'.repeat(300), '日本', 'same', 'same', 'same'];

function textOf(random: Random, style: number): string {
  if (style === 0) return `title ${random.below(1_000_000)}`;
  if (style === 1) return WORDS[random.below(4)]!;
  return WORDS[random.below(WORDS.length)]!;
}

function doubleOf(random: Random, style: number): number {
  if (style === 0) return random.below(99) / 10;
  if (style === 1) return random.below(2 ** 31) / [1, 100, 10_000][random.below(3)]!;
  return [Math.sqrt(random.below(99)), -0, Number.POSITIVE_INFINITY, Number.NaN, 1e300, 0.5][
    random.below(6)
  ]!;
}

/** Rows of the table from key `first` on; `style` chooses what the columns are like. */
function tableRows(random: Random, first: number, count: number): Vector[] {
  const style = random.below(3);
  const gap = 1 + random.below(3);
  const nullShare = random.below(3) * 40;
  const mask = (): Uint8Array | null =>
    nullShare === 0
      ? null
      : Uint8Array.from({ length: count }, () => (random.below(100) < nullShare ? 1 : 0));
  const ids = Float64Array.from({ length: count }, (_, i) => first + i * gap);
  const texts = (): Vector => {
    const nulls = mask();
    // What stands under a NULL means nothing.
    const values = Array.from({ length: count }, () => textOf(random, style));
    return { physical: text, values, nulls };
  };
  const spread = [10, 1000, 2 ** 31 - 1][random.below(3)]!;
  return [
    { physical: int64, values: ids, nulls: null },
    {
      physical: int32,
      values: Int32Array.from({ length: count }, () => random.below(spread)),
      nulls: mask(),
    },
    texts(),
    {
      physical: float64,
      values: Float64Array.from({ length: count }, () => doubleOf(random, style)),
      nulls: mask(),
    },
    texts(),
    { physical: bool, values: Uint8Array.from({ length: count }, () => random.below(2)), nulls: mask() },
    random.below(4) === 0
      ? {
          physical: int64,
          values: BigInt64Array.from({ length: count }, (_, i) => 2n ** 60n + BigInt(i)),
          nulls: null,
        }
      : {
          physical: int64,
          values: Float64Array.from({ length: count }, () => -random.below(2 ** 40)),
          nulls: mask(),
        },
  ] as Vector[];
}

function indexRows(random: Random, first: number, count: number): Vector[] {
  const values = Array.from({ length: count }, (_, i) => `k ${String(first + (i >> 2)).padStart(8, '0')}`);
  const ids = Float64Array.from({ length: count }, (_, i) => i * (1 + random.below(2)) + (i & 3) * 10_000);
  // Ids ascend where texts repeat.
  for (let i = 1; i < count; i++)
    if (values[i] === values[i - 1] && ids[i]! <= ids[i - 1]!) ids[i] = ids[i - 1]! + 1;
  return [
    { physical: text, values, nulls: null },
    { physical: int64, values: ids, nulls: null },
  ] as Vector[];
}

function make(
  schema: TreeSchema,
  payloadBytes: number,
): { pages: MemoryPages; view: MemoryWriteView; tree: Tree } {
  const pages = new MemoryPages(payloadBytes);
  const view = pages.write();
  return { pages, view, tree: new Tree(createTree(view, schema), schema, 'things_pkey') };
}

function rowsOf(tree: Tree, view: MemoryWriteView): Datum[][] {
  const rows: Datum[][] = [];
  const cursor = new TreeCursor(tree, view);
  cursor.seek(WHOLE_TREE);
  while (cursor.next())
    for (let row = cursor.from; row < cursor.to; row++)
      rows.push(tree.schema.leaf.map((_, c) => tree.datum(view, cursor.leaf!, row, c)));
  return rows;
}

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);

test('rows appended in batches of all sizes, between other changes, are what was given', (t) => {
  t.diagnostic(`SEED=${seed}`);
  const random = new Random(seed);
  for (let round = 0; round < 6; round++) {
    const isIndex = round % 3 === 2;
    const { pages, view: first, tree } = make(isIndex ? INDEX : TABLE, [1000, 4000, 8176][random.below(3)]!);
    let view = first;
    let expected: Datum[][] = [];
    let next = 1;
    for (let batch = 0; batch < 8; batch++) {
      const count = [1, 20, 255, 256, 700, 3000][random.below(6)]!;
      const vectors = isIndex ? indexRows(random, next, count) : tableRows(random, next, count);
      assert.equal(tree.insertBatch(view, vectors, count), count);
      for (let i = 0; i < count; i++) expected.push(vectors.map((vector) => vectorDatum(vector, i)));
      next += count * 4;
      for (let k = random.below(4); k > 0; k--) {
        const at = random.below(expected.length);
        const row = expected[at]!;
        if (isIndex || random.below(2) === 0) {
          assert.ok(tree.delete(view, row));
          expected.splice(at, 1);
          if (expected.length === 0) break;
        } else {
          assert.ok(tree.update(view, row, [2], ['changed']));
          expected[at] = row.with(2, 'changed');
        }
      }
      if (random.below(3) === 0) {
        view.commit();
        view = pages.write();
      }
    }
    verifyTree(tree, view);
    assert.deepEqual(rowsOf(tree, view), expected);
    expected = [];
  }
});

test('leaves appended at once are full, and the last one takes the next rows', () => {
  const { view, tree } = make({ columns: [int32, text].map(spec), keyCount: 1 }, 8176);
  for (let batch = 0; batch < 10; batch++) {
    const values = Int32Array.from({ length: 5000 }, (_, i) => batch * 5000 + i);
    const texts = Array.from(values, (id) => `a title of some length, ${(id * 7919) % 10_007}`);
    const vectors: Vector[] = [
      { physical: int32, values, nulls: null },
      { physical: text, values: texts, nulls: null },
    ];
    assert.equal(tree.insertBatch(view, vectors, 5000), 5000);
  }
  const { leaves, leafBytes } = leafFill(tree, view);
  assert.ok(leafBytes / (leaves * 8176) > 0.95, `${leafBytes} bytes in ${leaves} leaves`);
});

function leafFill(tree: Tree, view: MemoryWriteView): { leaves: number; leafBytes: number } {
  let leaves = 0;
  let leafBytes = 0;
  const cursor = new TreeCursor(tree, view);
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    leaves++;
    leafBytes += cursor.leaf!.encode(new Uint8Array(8176));
  }
  return { leaves, leafBytes };
}

test('a duplicate within an appended batch stops it there', () => {
  const { view, tree } = make({ columns: [int32].map(spec), keyCount: 1 }, 1000);
  const values = Int32Array.from({ length: 4000 }, (_, i) => (i >= 3000 ? i - 1 : i));
  assert.equal(tree.insertBatch(view, [{ physical: int32, values, nulls: null }], 4000), 3000);
  verifyTree(tree, view);
  assert.equal(tree.rowCount(view), 3000);
});

test('what is known of an array of texts counts only where its lengths still add up', () => {
  const values = Int32Array.from({ length: 4000 }, (_, i) => i);
  const texts = Array.from(values, (id) => `text ${(id * 7919) % 10_007}`);
  const nulls = Uint8Array.from(values, (id) => (id % 5 === 1 ? 1 : 0));
  for (const mask of [nulls, null]) {
    const { view, tree } = make({ columns: [int32, text].map(spec), keyCount: 1 }, 1000);
    asciiRun(texts, true);
    if (mask === null) texts[2000] = 'a longer one than before';
    const vectors: Vector[] = [
      { physical: int32, values, nulls: null },
      { physical: text, values: texts, nulls: mask },
    ];
    assert.equal(tree.insertBatch(view, vectors, 4000), 4000);
    const expected = texts.map((value, i) => [i, mask?.[i] === 1 ? null : value]);
    assert.deepEqual(rowsOf(tree, view), expected);
  }
});

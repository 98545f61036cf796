import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lsn, pageNo } from '../base/ids.ts';
import { type Datum, Physical } from '../types/vector.ts';
import { dumpPage } from './dump-page.ts';
import { NodeSchema } from './node-schema.ts';
import { TreeNode } from './tree-node.ts';

const schema = new NodeSchema({
  columns: [{ physical: Physical.int64 }, { physical: Physical.text }, { physical: Physical.float64 }],
  keyCount: 1,
});

function leaf(rows: number): TreeNode {
  const node = TreeNode.empty(pageNo(7), schema, 0, rows);
  for (let i = 0; i < rows; i++) node.insertRow(i, [i * 2, `title ${i}`, i / 4]);
  return node;
}

function reread(node: TreeNode): TreeNode {
  const target = new Uint8Array(1 << 16);
  return TreeNode.decode(schema, node.pageNo, lsn(3), target.slice(0, node.encode(target)));
}

function cells(node: TreeNode): Datum[][] {
  return Array.from({ length: node.count }, (_, row) =>
    schema.leaf.map((_, column) => node.cell(column, row) as Datum),
  );
}

test('a thawed copy and its origin change apart, whether the origin was committed or private', () => {
  for (const origin of [leaf(40), reread(leaf(40))]) {
    const before = cells(origin);
    const copy = origin.thaw();
    copy.setCell(1, 5, 'changed in the copy');
    copy.removeRows(0, 2);
    assert.deepEqual(cells(origin), before);
    if (!origin.isPrivate) continue;
    const second = origin.thaw();
    origin.setCell(2, 7, 99);
    origin.insertRow(0, [-5, 'new', null]);
    assert.deepEqual(cells(second), before);
    assert.equal(copy.count, 38);
  }
});

test('a cell that changed in a row that others moved behind the page has is written', () => {
  // The second page is the first whose columns are measured.
  const node = reread(leaf(100)).thaw();
  node.insertRow(100, [1000, 'last', 1]);
  reread(node);
  for (const at of [3, 50]) node.insertRow(at, [2 * at - 1, 'new', 0]);
  node.setCell(0, node.count - 1, 1001);
  assert.deepEqual(cells(reread(node)), cells(node));
});

test('columns move to the private leaf only while nobody can hold them; the committed leaf has its rows still', () => {
  const committed = reread(leaf(60));
  const before = cells(committed);
  let node = committed;
  // The first change measures what the page did not say; from then on columns can move.
  for (let round = 0; round < 4; round++) {
    const mayTake = round !== 2;
    const from = cells(node);
    const copy = node.thaw({ mayTake });
    const held = node.vector(0);
    copy.insertRow(copy.count, [1000 + round, `more ${round}`, null]);
    copy.setCell(1, round, 'changed');
    assert.equal(node.isDecoded(0), round === 0 || !mayTake, `round ${round}`);
    if (!mayTake) assert.equal(node.vector(0), held);
    assert.deepEqual(cells(node), from, 'a rollback finds what was there');
    const expected = cells(copy);
    copy.encode(new Uint8Array(1 << 16));
    copy.freeze(lsn(4 + round));
    assert.deepEqual(cells(reread(copy)), expected);
    node = copy;
  }
  assert.deepEqual(cells(committed), before);
});

test('a column does not move to the copy of a copy, nor from a leaf that has another shape as well', () => {
  const first = reread(leaf(30)).thaw();
  first.setCell(2, 1, 5);
  first.encode(new Uint8Array(1 << 16));
  first.freeze(lsn(4));
  const always = { mayTake: true };
  const copy = first.thaw(always);
  const ofCopy = copy.thaw(always);
  ofCopy.setCell(2, 2, 6);
  assert.equal(copy.cell(2, 2), 0.5);
  assert.ok(first.isDecoded(2));
  copy.setCell(2, 3, 7);
  assert.ok(first.isDecoded(2), 'its savepoint may still want it');
  const wider = new NodeSchema({
    columns: [...schema.leaf, { physical: Physical.int32 }],
    keyCount: 1,
    missing: [null],
  });
  const shaped = first.shapedFor(wider)!;
  const other = first.thaw(always);
  other.setCell(2, 0, 8);
  assert.equal(shaped.cell(2, 0), 0);
});

test('columns an update did not touch are written by copying their bytes', () => {
  const committed = reread(leaf(60));
  const changed = committed.thaw();
  changed.setCell(2, 3, 1234.5);
  assert.ok(changed.hasBytes(0) && changed.hasBytes(1) && !changed.hasBytes(2));
  assert.ok(!changed.isDecoded(1), 'the text was not even decoded');
  changed.freeze(lsn(4));
  const expected = cells(reread(leaf(60)));
  expected[3]![2] = 1234.5;
  assert.deepEqual(cells(reread(changed)), expected);
});

test('one text cell is cut out without decoding its column; many cells decode it', () => {
  const node = reread(leaf(80));
  assert.equal(node.cell(1, 41), 'title 41');
  assert.ok(!node.isDecoded(1));
  for (let i = 0; i < 80; i++) node.cell(1, i);
  assert.ok(node.isDecoded(1));
  assert.equal(node.cell(1, 41), 'title 41');
});

test('the run of a text column can be searched as bytes and hits mapped to rows', () => {
  const node = reread(leaf(80));
  const block = node.textBlock(1)!;
  assert.ok(block.isLatin1);
  const end = block.start + block.offsets[80]!;
  const run = Buffer.from(block.bytes.subarray(block.start, end)).toString('latin1');
  const hit = run.indexOf('title 63');
  assert.equal(block.offsets.indexOf(hit), 63);
});

test('an outlier that left no longer makes its column wide', () => {
  for (const column of [0, 2]) {
    const node = leaf(100);
    node.tighten();
    const slim = node.columnBound(column);
    node.insertRow(100, [1e15, 'far', 1e15]);
    node.tighten();
    assert.ok(node.columnBound(column) > slim);
    node.removeRows(100, 101);
    node.tighten();
    assert.ok(node.columnBound(column) <= slim);
  }
});

test('the bound follows single-cell changes as if it were added up anew', () => {
  const node = leaf(100);
  node.tighten();
  for (let i = 0; i < 50; i++) {
    node.bound();
    node.setCell(1 + (i % 2), i, i % 2 === 0 ? 'x'.repeat(i) : i * 1000.25);
    let sum = 6 + 3 + 2 * 4;
    for (let column = 0; column < 3; column++) sum += node.columnBound(column);
    assert.equal(node.bound(), sum);
  }
});

test('a page can be dumped, packed or in memory', () => {
  assert.match(
    dumpPage(reread(leaf(30))),
    /page 7: leaf, 30 rows, lsn 3[\s\S]*column 0: ints, \d+ bytes[\s\S]*"title 0" \| 0\n[\s\S]*10 more$/,
  );
  assert.match(dumpPage(leaf(2)), /column 1: in memory/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { lsn, pageNo } from '../base/ids.ts';
import { Decimal } from '../types/decimal.ts';
import { type Datum, Physical } from '../types/vector.ts';
import { cellsAlone, numberAlone, textAlone } from './cell-alone.ts';
import { cellsTogether } from './cells-together.ts';
import { NodeSchema } from './node-schema.ts';
import { dictionaryBytesMax, dictionaryCell, packedCell } from './packed-cell.ts';
import { Random } from './tree-model.fuzz.ts';
import { TreeNode } from './tree-node.ts';

const schema = new NodeSchema({
  columns: [
    { physical: Physical.int64 },
    { physical: Physical.int32 },
    { physical: Physical.int64 },
    { physical: Physical.float64 },
    { physical: Physical.text },
    { physical: Physical.bool },
    { physical: Physical.numeric },
  ],
  keyCount: 1,
});

const INTS: readonly ((random: Random, i: number) => Datum)[] = [
  (random) => random.below(50),
  (random) => random.below(2 ** 31) - 2 ** 30,
  (_, i) => i * 3,
  (_, i) => Math.floor(i / 20),
  () => -7,
  (random) => random.pick([1, 1_000_000, 2_000_000]),
];
const FLOATS: readonly ((random: Random) => Datum)[] = [
  (random) => random.below(51) / 10,
  (random) => Math.fround(random.below(1000) / 7),
  (random) => Math.fround(random.below(51) / 10),
  (random) => random.next() * 1e9,
  (random) => random.pick([0, -0, Number.NaN, Number.NEGATIVE_INFINITY, 1.5]),
];
const NUMERICS: readonly ((random: Random, i: number) => Datum)[] = [
  (random) => new Decimal(random.below(10_000), 2),
  (_, i) => new Decimal(i * 25, 3),
  () => new Decimal(-700, 2),
  (random) => new Decimal(random.below(90), random.below(3)),
  (random) =>
    random.below(9) > 0 ? new Decimal(random.below(50), 0) : Decimal.parse('12345678901234567890.5'),
  (random) =>
    random.pick([new Decimal(Number.MAX_SAFE_INTEGER, 1), new Decimal(-Number.MAX_SAFE_INTEGER, 1)]),
  (random) => random.pick([Decimal.parse('NaN'), new Decimal(0, 0)]),
];
const TEXTS: readonly ((random: Random, i: number) => Datum)[] = [
  (random) => 'x'.repeat(random.below(30)),
  (_, i) => `title ${i}`,
  (random) => random.pick(['Ω mega', 'é', '', '日本 😀']),
  (random) => random.pick(['AIR', 'RAIL', 'TRUCK']),
  (random) => random.pick(['MÜLL', 'élan', '']),
  () => '',
];

function page(random: Random): TreeNode {
  const rows = 1 + random.below(300);
  const nulls = random.pick([0, 0.2, 1]);
  const [int, wide, float, text, numeric] = [
    random.pick(INTS),
    random.pick(INTS),
    random.pick(FLOATS),
    random.pick(TEXTS),
    random.pick(NUMERICS),
  ];
  const orNull = (value: Datum): Datum => (random.next() < nulls ? null : value);
  const node = TreeNode.empty(pageNo(7), schema, 0, rows);
  for (let i = 0; i < rows; i++) {
    const far = random.next() < 0.01 ? 2 ** 50 : (wide(random, i) as number) * 1000;
    node.insertRow(i, [
      i,
      orNull(int(random, i)),
      orNull(far),
      orNull(float(random)),
      orNull(text(random, i)),
      orNull(i % 2 === 0),
      orNull(numeric(random, i)),
    ]);
  }
  const target = new Uint8Array(1 << 17);
  return TreeNode.decode(schema, node.pageNo, lsn(3), target.slice(0, node.encode(target)));
}

/** Compares the cells of a column that are read without any object being made; how many there were. */
function glancedAt(node: TreeNode, whole: TreeNode, column: number): number {
  const { bytes, at, end } = node.reader(column);
  const { physical } = schema.leaf[column]!;
  let count = 0;
  for (let row = 0; row < node.count; row++) {
    const found =
      physical === Physical.text
        ? textAlone(bytes, at, end, node.count, row)
        : numberAlone(bytes, at, end, physical, node.count, row);
    if (found === null || Number.isNaN(found)) continue;
    const wanted = whole.column(column).cell(row);
    assert.ok(Object.is(found, wanted), `column ${column}, row ${row}: ${found} for ${String(wanted)}`);
    count++;
  }
  return count;
}

test('node cells are the same with and without a glance at the bytes', () => {
  const random = new Random(Number(process.env['SEED'] ?? 1));
  for (let round = 0; round < 40; round++) {
    const node = page(random);
    const [on, off] = [node, TreeNode.decode(schema, node.pageNo, lsn(3), bytesOf(node))];
    for (let i = 0; i < 60; i++) {
      const column = random.below(schema.leaf.length);
      const row = random.below(node.count);
      cellsAlone.isOn = false;
      const wanted = off.cell(column, row);
      cellsAlone.isOn = true;
      assert.deepEqual(on.cell(column, row), wanted);
    }
  }
});

test('a block that is cut short is not read at a glance', () => {
  const random = new Random(Number(process.env['SEED'] ?? 1));
  for (let round = 0; round < 30; round++) {
    const node = page(random);
    for (const column of [1, 3, 4]) {
      const { bytes, at, end } = node.reader(column);
      const { physical } = schema.leaf[column]!;
      const last = node.count - 1;
      for (let cut = at; cut < end; cut++) {
        const found =
          physical === Physical.text
            ? textAlone(bytes, at, cut, node.count, last)
            : numberAlone(bytes, at, cut, physical, node.count, last);
        assert.ok(found === null || Number.isNaN(found), `column ${column}, cut at ${cut}: ${found}`);
      }
    }
  }
});

test('a cell read alone is the cell of its decoded column', () => {
  const random = new Random(Number(process.env['SEED'] ?? 1));
  let alone = 0;
  let numerics = 0;
  let texts = 0;
  let glances = 0;
  for (let round = 0; round < 60; round++) {
    const node = page(random);
    const whole = TreeNode.decode(schema, node.pageNo, lsn(3), bytesOf(node));
    for (let column = 0; column < schema.leaf.length; column++) {
      for (let row = 0; row < node.count; row++) {
        const wanted = whole.column(column).cell(row);
        const spec = schema.leaf[column]!;
        const found =
          spec.physical === Physical.text
            ? dictionaryCell(node.reader(column), node.count, row)
            : packedCell(node.reader(column), spec, node.count, row);
        if (found !== undefined && spec.physical === Physical.text) texts++;
        if (found !== undefined) {
          alone++;
          const isSame =
            found instanceof Decimal ? isDeepStrictEqual(found, wanted) : Object.is(found, wanted);
          assert.ok(isSame, `column ${column}, row ${row}: ${found} for ${String(wanted)}`);
          if (found instanceof Decimal) numerics++;
        }
      }
      glances += glancedAt(node, whole, column);
      for (let i = 0; i < 8; i++) {
        const row = random.below(node.count);
        assert.deepEqual(node.cell(column, row), whole.column(column).cell(row));
      }
    }
  }
  assert.ok(glances > 500, `${glances} cells were read at a glance`);
  assert.ok(texts > 500, `${texts} texts were read alone`);
  assert.ok(alone > 10_000 && numerics > 300, `${alone} cells were read alone, ${numerics} of them decimals`);
});

test('cells read together are those of the decoded column, which stays as it is', () => {
  const random = new Random(Number(process.env['SEED'] ?? 1));
  let together = 0;
  for (let round = 0; round < 200; round++) {
    const node = page(random);
    const whole = TreeNode.decode(schema, node.pageNo, lsn(3), bytesOf(node));
    const step = random.pick([1, 2, 7]);
    const reach = random.pick([node.count, node.count, 1 + random.below(node.count)]);
    const rows = Array.from({ length: Math.ceil(reach / step) }, (_, i) => i * step);
    for (let column = 0; column < schema.leaf.length; column++) {
      const fresh = TreeNode.decode(schema, node.pageNo, lsn(3), bytesOf(node));
      const wanted = rows.map((row) => whole.column(column).cell(row));
      assert.deepEqual(cellsTogether(fresh, column, rows), wanted, `round ${round}, column ${column}`);
      if (!fresh.isDecoded(column)) together++;
      assert.deepEqual(cellsTogether(whole, column, rows), wanted);
    }
  }
  assert.ok(together > 500, `${together} columns were not decoded`);
});

test('no text of a block is longer than the block says', () => {
  const random = new Random(Number(process.env['SEED'] ?? 2));
  let close = 0;
  for (let round = 0; round < 60; round++) {
    const node = page(random);
    const said = dictionaryBytesMax(node.reader(4), node.count);
    const most = node.textBytesMax(4);
    let longest = 0;
    for (let row = 0; row < node.count; row++) {
      const text = node.column(4).cell(row);
      longest = Math.max(longest, text === null ? 0 : Buffer.byteLength(text as string));
    }
    assert.ok(longest <= most && longest <= (said ?? most), `${longest} bytes, said are ${most} and ${said}`);
    if (said !== undefined && said < 32) close++;
  }
  assert.ok(close > 5, `${close} dictionaries were looked at`);
});

function bytesOf(node: TreeNode): Uint8Array {
  const target = new Uint8Array(1 << 17);
  return target.slice(0, node.encode(target));
}

test('a node that is to stay leaves the buffer it shares', () => {
  const node = page(new Random(3));
  const shared = new Uint8Array(1 << 18);
  const bytes = bytesOf(node);
  shared.set(bytes, 4096);
  const among = TreeNode.decode(schema, node.pageNo, lsn(3), shared.subarray(4096, 4096 + bytes.length));
  among.cell(4, 0);
  among.detach();
  shared.fill(0xff);
  for (let column = 0; column < schema.leaf.length; column++)
    for (let row = 0; row < node.count; row++)
      assert.deepEqual(among.cell(column, row), node.cell(column, row));
});

test('byte strings of a node that stays are not views of the buffer it shared', () => {
  const bytesOnly = new NodeSchema({
    columns: [{ physical: Physical.int32 }, { physical: Physical.bytes }],
    keyCount: 1,
  });
  const node = TreeNode.empty(pageNo(7), bytesOnly, 0, 4);
  for (let i = 0; i < 4; i++) node.insertRow(i, [i, Uint8Array.of(i, i + 1)]);
  const bytes = bytesOf(node);
  const shared = new Uint8Array(1 << 16);
  shared.set(bytes, 512);
  const among = TreeNode.decode(bytesOnly, pageNo(7), lsn(3), shared.subarray(512, 512 + bytes.length));
  const before = among.cell(1, 2) as Uint8Array;
  assert.equal(before.buffer, shared.buffer);
  among.detach();
  assert.notEqual((among.cell(1, 2) as Uint8Array).buffer, shared.buffer);
  assert.deepEqual(among.cell(1, 2), before);
});

test('deltas of 32-bit keys come back whatever they are', () => {
  const ints = new NodeSchema({
    columns: [{ physical: Physical.int32 }, { physical: Physical.int32 }],
    keyCount: 1,
  });
  const LOW = -(2 ** 31);
  const HIGH = 2 ** 31 - 1;
  const runs: readonly (readonly number[])[] = [
    [LOW, HIGH],
    [LOW, -1, 0, HIGH - 1, HIGH],
    Array.from({ length: 300 }, (_, i) => LOW + i * 3 + (i % 2)),
    Array.from({ length: 300 }, (_, i) => HIGH - 900 + i * 3 + (i % 3)),
    Array.from({ length: 300 }, (_, i) => (i < 150 ? LOW + i : HIGH - 300 + i)),
  ];
  for (const keys of runs) {
    const node = TreeNode.empty(pageNo(7), ints, 0, keys.length);
    for (const [i, key] of keys.entries()) node.insertRow(i, [key, keys[keys.length - 1 - i]!]);
    const page = TreeNode.decode(ints, pageNo(7), lsn(3), bytesOf(node));
    for (const [i, key] of keys.entries()) {
      assert.equal(page.column(0).cell(i), key);
      assert.equal(page.column(1).cell(i), keys[keys.length - 1 - i]!);
    }
  }
});

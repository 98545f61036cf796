/** The search inside a node against looking at every row, for keys of every kind; and what a warm look-up allocates. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../index.ts';
import { type ColumnSpec, type Datum, Physical } from '../types/vector.ts';
import { compareDatums } from './key-order.ts';
import { MemoryPages } from './memory-view.fuzz.ts';
import type { TreeSchema } from './node-schema.ts';
import { isRow, lowerBound, upperBound } from './node-search.ts';
import { createTree, Tree } from './tree.ts';
import { fetchRoot } from './tree-descent.ts';
import { Random } from './tree-model.fuzz.ts';
import type { TreeNode } from './tree-node.ts';

const int32: ColumnSpec = { physical: Physical.int32 };
const int64: ColumnSpec = { physical: Physical.int64 };
const float64: ColumnSpec = { physical: Physical.float64 };
const text: ColumnSpec = { physical: Physical.text };
const bool: ColumnSpec = { physical: Physical.bool };
const falling = (spec: ColumnSpec): ColumnSpec => ({ ...spec, descending: true });

const NUMBERS: readonly Datum[] = [0, -1, 1, -2147483648, 2147483647, null];
const FLOATS: readonly Datum[] = [
  ...NUMBERS,
  0.5,
  -0.5,
  1e308,
  -1e308,
  Infinity,
  -Infinity,
  Number.NaN,
  5e-324,
];
const LARGE: readonly Datum[] = [
  ...NUMBERS,
  9007199254740991,
  -9007199254740991,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const TEXTS: readonly Datum[] = [
  null,
  '',
  ' ',
  'a',
  'a\u0001',
  'ab',
  'b',
  'é',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '😀',
  '\u{10ffff}',
  'z'.repeat(300),
];

function valueFor(spec: ColumnSpec, random: Random, range: number): Datum {
  const wild = random.below(8) === 0;
  switch (spec.physical) {
    case Physical.bool:
      return [true, false, null][random.below(3)]!;
    case Physical.text: {
      if (wild) return TEXTS[random.below(TEXTS.length)]!;
      return `${['', 'title ', 'тема '][random.below(3)]}${random.below(range)}`;
    }
    case Physical.float64:
      return wild ? FLOATS[random.below(FLOATS.length)]! : random.below(range) / 4;
    case Physical.int64:
      return wild ? LARGE[random.below(LARGE.length)]! : random.below(range) * 3 - range;
    default:
      return wild ? NUMBERS[random.below(NUMBERS.length)]! : random.below(range) - (range >> 1);
  }
}

/** The order of a row and a key, as anyone would say it. */
function orderOf(node: TreeNode, row: number, key: readonly Datum[], length: number): number {
  for (let i = 0; i < length; i++) {
    const order = compareDatums(node.specs[i]!, node.column(i).cell(row) as Datum, key[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

function linear(
  node: TreeNode,
  key: readonly Datum[],
  length: number,
  from: number,
  isUpper: boolean,
): number {
  for (let row = from; row < node.count; row++) {
    const order = orderOf(node, row, key, length);
    if (isUpper ? order > 0 : order >= 0) return row;
  }
  return Math.max(from, node.count);
}

const KEYS: readonly (readonly ColumnSpec[])[] = [
  [int32],
  [int64],
  [float64],
  [text],
  [falling(int32)],
  [falling(text)],
  [int32, int64],
  [int32, text, int64],
  [text, int32],
  [bool, falling(float64), text],
];

test('AC-P4.5: a search finds what looking at every row finds', () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9));
  const random = new Random(seed);
  for (let round = process.env['DECENTDB_LONG_TESTS'] === '1' ? 0 : 45; round < 60; round++) {
    const columns = KEYS[round % KEYS.length]!;
    const schema: TreeSchema = { columns: [...columns, int32], keyCount: columns.length };
    const pages = new MemoryPages(30_000);
    const view = pages.write();
    const tree = new Tree(createTree(view, schema), schema, 'keys');
    const rows = [0, 1, 2, 40, 300][random.below(5)]!;
    const range = [4, 50, 5000][random.below(3)]!;
    const isDense = random.below(3) === 0;
    for (let i = 0; i < rows; i++) {
      const key = columns.map((spec) => valueFor(spec, random, range));
      if (isDense && columns[0] === int32) key[0] = i;
      tree.insert(view, [...key, i]);
    }
    check(fetchRoot(tree, view), columns, random, range, seed);
    view.commit();
    const reader = pages.read();
    check(fetchRoot(tree, reader), columns, random, range, seed);
  }
});

function check(
  node: TreeNode,
  columns: readonly ColumnSpec[],
  random: Random,
  range: number,
  seed: number,
): void {
  if (node.level > 0) return;
  for (let probe = 0; probe < 120; probe++) {
    const key: Datum[] =
      node.count > 0 && random.below(2) === 0
        ? columns.map((_, i) => node.column(i).cell(random.below(node.count)) as Datum)
        : columns.map((spec) => valueFor(spec, random, range));
    // A prefix of the key finds the first and the last of many.
    const length = 1 + random.below(columns.length);
    const from = random.below(3) === 0 ? random.below(node.count + 1) : 0;
    const said = `seed ${seed}: ${JSON.stringify(key, (_, v) => (typeof v === 'bigint' ? `${v}n` : v))} of ${length}, from ${from}`;
    const lower = linear(node, key, length, from, false);
    assert.equal(lowerBound(node, key, length, from), lower, said);
    assert.equal(upperBound(node, key, length, from), linear(node, key, length, from, true), said);
    const isThere = lower < node.count && orderOf(node, lower, key, length) === 0;
    assert.equal(isRow(node, lower, key, length), isThere, said);
  }
}

test('AC-P4.4: a warm look-up by key compares where keys lie and allocates little beside its row', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, name text, at float8);
    INSERT INTO t SELECT g, 'name ' || g, g / 4.0 FROM generate_series(1, 50000) g;
    CREATE TABLE k (name text PRIMARY KEY, id int); INSERT INTO k SELECT 'name ' || g, g FROM generate_series(1, 20000) g`);
  for (const [sql, keyOf] of [
    ['SELECT * FROM t WHERE id = $1', (i: number): Datum => 1 + ((i * 7919) % 50000)],
    ['SELECT * FROM k WHERE name = $1', (i: number): Datum => `name ${1 + ((i * 7919) % 20000)}`],
  ] as const) {
    const get = db.prepare(sql);
    const keys = Array.from({ length: 20_000 }, (_, i) => keyOf(i));
    for (const key of keys) assert.ok(get.get(key) !== undefined);
    const LOOKUPS = 500;
    const grown: number[] = [];
    for (let trial = 0; trial < 41; trial++) {
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < LOOKUPS; i++) get.get(keys[trial * 400 + i]!);
      grown.push((process.memoryUsage().heapUsed - before) / LOOKUPS);
    }
    grown.sort((a, b) => a - b);
    // A leaf holds hundreds of rows: decoding one would take tens of kilobytes. Collections make some trials negative.
    assert.ok(grown[20]! < 2000, `${sql}: ${grown[20]} bytes a look-up`);
    assert.ok(grown[10]! < 2000);
  }
});

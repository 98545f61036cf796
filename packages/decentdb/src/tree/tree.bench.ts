/**
 * Micro-benchmarks of the tree: point reads, appends, batches, random writes, scans, from 10^3 to 10^6 rows.
 *
 *     node --import tsx packages/decentdb/src/tree/tree.bench.ts [rows ...]
 *
 * Pages live in memory (memory-view.fuzz.ts), so the figures are the tree's alone: no files, no log, no SQL.
 */
import { Physical, type Vector } from '../types/vector.ts';
import { BulkBuilder } from './bulk-builder.ts';
import { MemoryPages } from './memory-view.fuzz.ts';
import type { TreeSchema } from './node-schema.ts';
import { createTree, Tree } from './tree.ts';
import { TreeCursor, WHOLE_TREE } from './tree-cursor.ts';
import { Random } from './tree-model.fuzz.ts';
import { TreePosition } from './tree-position.ts';

const PAYLOAD_BYTES = 8192 - 32;
const BATCH_ROWS = 1000;
const WORDS = 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor'.split(' ');

/** Five columns: a row id, a reference, a title, a whole number, a short decimal. */
const FIVE_COLUMNS: TreeSchema = {
  columns: [
    { physical: Physical.int64 },
    { physical: Physical.int32 },
    { physical: Physical.text },
    { physical: Physical.int32 },
    { physical: Physical.float64 },
  ],
  keyCount: 1,
};
const INDEX: TreeSchema = {
  columns: [{ physical: Physical.int32 }, { physical: Physical.int64 }],
  keyCount: 2,
};

function report(name: string, rows: number, work: () => void): void {
  const start = performance.now();
  work();
  const ms = performance.now() - start;
  const rate = rows / ms / 1000;
  console.log(
    `  ${name.padEnd(34)} ${rate.toFixed(2).padStart(8)} M/s ${((ms * 1e6) / rows).toFixed(0).padStart(7)} ns`,
  );
}

function titles(random: Random): string[] {
  return Array.from({ length: 10_000 }, (_, i) => {
    const text = `${random.pick(WORDS)} ${random.pick(WORDS)} ${random.pick(WORDS)} ${i}`;
    return Buffer.from(text).toString('latin1');
  });
}

function batches(rows: number, random: Random): Vector[][] {
  const names = titles(random);
  const list: Vector[][] = [];
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    const count = Math.min(BATCH_ROWS, rows - from);
    list.push([
      {
        physical: Physical.int64,
        nulls: null,
        values: Float64Array.from({ length: count }, (_, i) => from + i + 1),
      },
      {
        physical: Physical.int32,
        nulls: null,
        values: Int32Array.from({ length: count }, () => random.below(rows / 10)),
      },
      {
        physical: Physical.text,
        nulls: null,
        values: Array.from({ length: count }, () => random.pick(names)),
      },
      {
        physical: Physical.int32,
        nulls: null,
        values: Int32Array.from({ length: count }, () => 60 + random.below(540)),
      },
      {
        physical: Physical.float64,
        nulls: null,
        values: Float64Array.from({ length: count }, () => Math.fround(random.below(51) / 10)),
      },
    ]);
  }
  return list;
}

function benchRows(rows: number): void {
  const random = new Random(rows);
  const input = batches(rows, random);
  console.log(`${rows} rows of five columns`);
  for (let round = 0; round < 2; round++) {
    const pages = new MemoryPages(PAYLOAD_BYTES, true);
    const view = pages.write();
    const tree = new Tree(createTree(view, FIVE_COLUMNS), FIVE_COLUMNS, 'bench');
    const names = titles(random);
    report('append row by row', rows, () => {
      for (let i = 0; i < rows; i++)
        tree.insert(view, [i + 1, i % 1000, names[i % 10_000]!, i % 540, (i % 50) / 10]);
    });
  }
  const pages = new MemoryPages(PAYLOAD_BYTES);
  const view = pages.write();
  const tree = new Tree(createTree(view, FIVE_COLUMNS), FIVE_COLUMNS, 'bench');
  report('bulk, batches of 1000', rows, () => {
    const builder = new BulkBuilder(tree, view);
    for (const batch of input) builder.addBatch(batch, (batch[0]!.values as Float64Array).length);
  });
  report('commit: encode', rows, () => view.commit());
  const bytes = pages.usedBytes() / rows;
  console.log(
    `  ${bytes.toFixed(1)} bytes a row, pages ${((100 * pages.usedBytes()) / (pages.used.size * PAYLOAD_BYTES)).toFixed(0)}% full`,
  );
  benchReads(pages, tree, rows, random);
  benchWrites(pages, tree, rows, random);
}

function benchReads(pages: MemoryPages, tree: Tree, rows: number, random: Random): void {
  const reader = pages.read();
  const cursor = new TreeCursor(tree, reader);
  const sum = (): void => {
    let total = 0;
    cursor.seek(WHOLE_TREE);
    while (cursor.next()) {
      const values = cursor.vector(3).values as Int32Array;
      const filter = cursor.vector(4).values as Float64Array;
      for (let row = cursor.from; row < cursor.to; row++) if (filter[row]! > 2.5) total += values[row]!;
    }
    if (total < 0) throw new Error('impossible');
  };
  report('filter + sum, cold pages', rows, sum);
  sum();
  report('filter + sum, warm', rows, sum);
  const key = [0];
  const position = new TreePosition();
  const gets = Math.max(rows, 200_000);
  const get = (): void => {
    for (let i = 0; i < gets; i++) {
      key[0] = 1 + random.below(rows);
      if (!tree.get(reader, key, position)) throw new Error('a row is missing');
    }
  };
  get();
  report('get by key, warm', gets, get);
}

function benchWrites(pages: MemoryPages, tree: Tree, rows: number, random: Random): void {
  const count = Math.min(rows, 200_000);
  const view = pages.write();
  report('random updates of one column', count, () => {
    for (let i = 0; i < count; i++) tree.update(view, [1 + random.below(rows)], [3], [i % 600]);
  });
  report('random deletes', count, () => {
    for (let i = 0; i < count; i++) tree.delete(view, [1 + random.below(rows)]);
  });
  const index = new Tree(createTree(view, INDEX), INDEX, 'index');
  report('random inserts into an index', rows, () => {
    for (let i = 0; i < rows; i++) index.insert(view, [random.below(rows / 10), i]);
  });
  const cursor = new TreeCursor(index, view);
  report('index seeks of about ten rows', count, () => {
    for (let i = 0; i < count; i++) {
      cursor.seekPrefix([random.below(rows / 10)]);
      while (cursor.next());
    }
  });
}

const sizes = process.argv.slice(2).map(Number);
for (const rows of sizes.length > 0 ? sizes : [1e3, 1e4, 1e5, 1e6]) benchRows(rows);

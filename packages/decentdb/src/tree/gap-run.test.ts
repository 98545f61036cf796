/** Gap runs: what is written reads as the numbers that came, whatever lies between them, and takes no more than was measured. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import { Physical } from '../types/vector.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { DeltaHistogram } from './delta-histogram.ts';
import { GAP_STEP, GapRun } from './gap-run.ts';
import { IntBody } from './int-body.ts';
import { APPENDED_ROWS_MAX, IntTreeBuilder } from './int-tree-builder.ts';
import { MemoryPages } from './memory-view.fuzz.ts';
import { ROWS_MAX as LEAF_ROWS_MAX } from './node-schema.ts';
import { createTree, Tree } from './tree.ts';
import { TreeCursor } from './tree-cursor.ts';
import { verifyTree } from './verify-tree.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1e6);
const ROWS_MAX = 5000;

test('bodies written from gaps', () => {
  const random = new Prng(SEED);
  for (let round = 0; round < 60; round++) {
    const scale = 2 ** random.below(28);
    const run = new GapRun(ROWS_MAX);
    let numbers: number[] = [];
    const step = (): number =>
      random.below(200) === 0 ? random.below(2 ** 31) - 2 ** 30 : 1 + random.below(Math.ceil(scale));
    let at = random.below(1000);
    for (let turn = 0; turn < 12; turn++) {
      const count = 1 + random.below(300);
      if (random.below(2) === 0) {
        const more = Float64Array.from({ length: count }, () => (at += step()));
        run.append(more, 0, count);
        numbers.push(...more);
      } else {
        at += step();
        const first = at;
        const from = run.count;
        for (let i = 0; i < count; i++) {
          const gap = 1 + random.below(Math.ceil(scale));
          run.gaps[from + i] = gap;
          if (i > 0) at += gap;
          numbers.push(at);
        }
        run.fill(count, first, at);
      }
      const rows = 1 + random.below(numbers.length);
      const histogram = new DeltaHistogram(GAP_STEP);
      histogram.start(run.first);
      run.measure(histogram, 1, rows);
      const size = histogram.choose(rows);
      const writer = new ByteWriter(new Uint8Array(ROWS_MAX * 12));
      run.writeBody(writer, rows, histogram.width, histogram.exceptionCount);
      const end = writer.at;
      assert.ok(end <= size, `SEED=${SEED}`);
      const out = new Float64Array(rows);
      new IntBody(new ByteReader(writer.bytes, 1 as PageNo), rows).unpack(out);
      assert.deepEqual([...out], numbers.slice(0, rows), `SEED=${SEED}`);
      run.drop(rows);
      numbers = numbers.slice(rows);
      assert.equal(run.count, numbers.length, `SEED=${SEED}`);
      if (numbers.length > 0) assert.equal(run.first, numbers[0], `SEED=${SEED}`);
    }
  }
});

test('lists that end where a leaf is full are followed by their own', () => {
  const schema = { columns: [{ physical: Physical.int32 }, { physical: Physical.int64 }], keyCount: 2 };
  const lists = [LEAF_ROWS_MAX, LEAF_ROWS_MAX, 1, 2 * LEAF_ROWS_MAX - 1, LEAF_ROWS_MAX];
  const view = new MemoryPages(8000, true).write();
  const tree = new Tree(createTree(view, schema), schema, 'lists');
  const builder = new IntTreeBuilder(tree, view);
  for (const [list, count] of lists.entries()) {
    // As from a source that knows only when it is asked again that there is no more.
    for (let done = 0; ; ) {
      const gaps = builder.room();
      const more = Math.min(APPENDED_ROWS_MAX, count - done);
      if (more === 0) break;
      gaps.fill(1, builder.roomAt, builder.roomAt + more);
      builder.fill([list], more, done, done + more - 1);
      done += more;
    }
  }
  builder.finish();
  assert.equal(
    verifyTree(tree, view).rows,
    lists.reduce((sum, count) => sum + count),
  );
  const cursor = new TreeCursor(tree, view);
  for (const [list, count] of lists.entries()) {
    cursor.seekPrefix([list]);
    let rows = 0;
    while (cursor.next()) rows += cursor.to - cursor.from;
    assert.equal(rows, count, `list ${list}`);
  }
});

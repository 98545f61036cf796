/** Gap runs: what is written reads as the numbers that came, whatever lies between them, and takes no more than was measured. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { DeltaHistogram } from './delta-histogram.ts';
import { GAP_STEP, GapRun } from './gap-run.ts';
import { IntBody } from './int-body.ts';

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

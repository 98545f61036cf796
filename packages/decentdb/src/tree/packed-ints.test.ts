/** Packed runs, written whole and made from the run before, at every width, place and kind of array. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageNo } from '../base/ids.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { type IntArray, packedBytes, readPacked, writePacked } from './packed-ints.ts';
import { spliceRun } from './run-splice.ts';
import { Random } from './tree-model.fuzz.ts';

const WIDTHS = [...Array.from({ length: 25 }, (_, i) => i + 1), 32, 40, 48, 56];

/** What stands at `at` of a buffer as long as it has to be, bytes around it untouched. */
function written(at: number, length: number, write: (writer: ByteWriter) => void): Uint8Array {
  const bytes = new Uint8Array(at + length + 3).fill(0xa5);
  const writer = new ByteWriter(bytes.subarray(0, at + length));
  writer.at = at;
  write(writer);
  assert.equal(writer.finish(), at + length);
  assert.ok(
    bytes.subarray(0, at).every((byte) => byte === 0xa5) && bytes.subarray(-3).every((b) => b === 0xa5),
  );
  return bytes;
}

function unpacked(bytes: Uint8Array, at: number, count: number, width: number, base: number): number[] {
  // Loads take four bytes, as on a page, which ends in zeros.
  const padded = new Uint8Array(bytes.length + 8);
  padded.set(bytes);
  const out = new Float64Array(count);
  readPacked(new DataView(padded.buffer), at, count, width, base, out, 0);
  return [...out];
}

test('values come back at every width, from every kind of array', () => {
  const random = new Random(Number(process.env['SEED'] ?? 7));
  for (const width of WIDTHS) {
    for (const count of [1, 7, 23, 24, 25, 31, 32, 33, 100 + random.below(50)]) {
      const range = Math.min(2 ** width, 2 ** 52);
      const base = random.pick([0, -5, 1000]);
      const values = Array.from({ length: count }, () => base + Math.floor(random.next() * range));
      values[0] = base + range - 1;
      const kinds: IntArray[] = [Float64Array.from(values)];
      if (width < 31) kinds.push(Int32Array.from(values));
      if (width <= 7 && base === 0) kinds.push(Uint8Array.from(values));
      const at = random.below(9);
      const length = packedBytes(count, width);
      for (const kind of kinds) {
        const bytes = written(at, length, (writer) => writePacked(writer, kind, 0, count, base, width, null));
        assert.deepEqual(unpacked(bytes, at, count, width, base), values, `width ${width}, ${count} values`);
        const nulls = Uint8Array.from(values, (_, i) => (i % 3 === 1 ? 1 : 0));
        const holed = written(at, length, (writer) =>
          writePacked(writer, kind, 0, count, base, width, nulls),
        );
        const expected = values.map((value, i) => (i % 3 === 1 ? base : value));
        assert.deepEqual(unpacked(holed, at, count, width, base), expected);
        // What does not fit is counted and cut off.
        const short = new ByteWriter(new Uint8Array(length - 1));
        writePacked(short, kind, 0, count, base, width, null);
        assert.equal(short.at, length);
      }
    }
  }
});

test('a run made from the one before is the run written anew', () => {
  const seed = Number(process.env['SEED'] ?? 11);
  const random = new Random(seed);
  for (let round = 0; round < 600; round++) {
    const width = random.pick(WIDTHS.slice(0, 25));
    const oldCount = 1 + random.below(120);
    const before = random.below(oldCount + 1);
    const after = random.below(oldCount - before + 1);
    const added = random.below(12);
    const draw = (count: number): number[] => Array.from({ length: count }, () => random.below(2 ** width));
    const old = draw(oldCount);
    const more = draw(added);
    const values = [...old.slice(0, before), ...more, ...old.slice(oldCount - after)];
    const at = random.below(6);
    const page = written(at, packedBytes(oldCount, width) + 8, (writer) => {
      writePacked(writer, Float64Array.from(old), 0, oldCount, 0, width, null);
      // The next column's bytes.
      writer.copy(new Uint8Array(8).fill(0xff));
    });
    const to = random.below(6);
    const length = packedBytes(values.length, width);
    const spliced = written(to, length, (writer) =>
      spliceRun(
        writer,
        new ByteReader(page, pageNo(1)),
        at,
        oldCount,
        before,
        after,
        Float64Array.from(more),
        added,
        width,
      ),
    );
    const fresh = written(to, length, (writer) =>
      writePacked(writer, Float64Array.from(values), 0, values.length, 0, width, null),
    );
    assert.deepEqual(spliced, fresh, `SEED=${seed}, round ${round}`);
  }
});

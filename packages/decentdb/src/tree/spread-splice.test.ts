/** Blocks of integers changed in many places against their values, and pieces of pages against lists of rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Physical } from '../types/vector.ts';
import { ByteReader, TAIL_BYTES } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { decodeColumn, newColumn } from './column-decoder.ts';
import { KeptRows } from './kept-rows.ts';
import { spliceSpread } from './spread-splice.ts';
import { Random } from './tree-model.fuzz.ts';

const BLOCK_BYTES = 16_000;

/** Which row each row was, -1 for those that are new. */
function originsOf(kept: KeptRows, count: number): number[] {
  const origins = new Array<number>(count).fill(-1);
  for (let i = 0; i < kept.count; i++)
    for (let k = 0; k < kept.length[i]!; k++) origins[kept.newFrom[i]! + k] = kept.oldFrom[i]! + k;
  return origins;
}

test('pieces that are kept say where each row was', () => {
  const first = Number(process.env['SEED'] ?? 1);
  for (let seed = first; seed < first + 60; seed++) {
    const random = new Random(seed);
    const oldCount = 1 + random.below(80);
    const kept = KeptRows.whole(oldCount);
    const model = Array.from({ length: oldCount }, (_, i) => i);
    const changes: number[] = [];
    for (let step = 0; step < 60; step++) {
      if (random.next() < 0.5) {
        const at = random.below(model.length + 1);
        const added = 1 + random.below(3);
        assert.ok(kept.insert(at, added));
        changes.push(at, added);
        model.splice(at, 0, ...new Array<number>(added).fill(-1));
      } else if (model.length > 0) {
        const from = random.below(model.length);
        const to = Math.min(model.length, from + 1 + random.below(random.next() < 0.2 ? 20 : 3));
        assert.ok(kept.remove(from, to));
        changes.push(from, from - to);
        model.splice(from, to - from);
      }
      kept.verify(oldCount, model.length);
      assert.deepEqual(originsOf(kept, model.length), model, `replay with SEED=${seed}, step ${step}`);
    }
    assert.deepEqual(originsOf(KeptRows.after(oldCount, changes)!, model.length), model);
  }
});

/** Values of a column as an index has them: sorted with repetitions, scattered, sequences, far apart. */
function valueOf(kind: number, random: Random, at: number): number {
  switch (kind) {
    case 0:
      return 1000 + Math.floor(at / 3);
    case 1:
      return random.below(40_000);
    case 2:
      return at * 7 + random.below(7);
    case 3:
      return random.next() < 0.02 ? Number.MAX_SAFE_INTEGER - random.below(9) : random.below(2 ** 30);
    case 4:
      return 5_000_000_000 + random.below(2 ** 28);
    default:
      return -(2 ** 30) + at;
  }
}

/** Changes a column in many places again and again; how often its block was made from the one before. */
function spliceOften(seed: number): number {
  const random = new Random(seed);
  const kind = seed % 6;
  const spec = { physical: random.next() < 0.5 || kind > 2 ? Physical.int64 : Physical.int32 };
  const column = newColumn(spec, 16, random.next() < 0.5);
  const values: number[] = [];
  for (let i = random.below(1500) + 60; i >= 0; i--) {
    const value = valueOf(kind, random, values.length);
    column.insert(values.length, values.length, value);
    values.push(value);
  }
  let bytes = new Uint8Array(BLOCK_BYTES);
  let writer = new ByteWriter(bytes);
  column.tighten(values.length);
  column.write(writer, values.length);
  let spliced = 0;
  for (let round = 0; round < 6; round++) {
    const oldCount = values.length;
    const kept = KeptRows.whole(oldCount);
    for (let changes = 1 + random.below(30); changes > 0 && values.length > 2; changes--) {
      const at = random.below(values.length + 1);
      if (random.next() < 0.7) {
        const value = valueOf(kind, random, at);
        column.insert(at, values.length, value);
        values.splice(at, 0, value);
        assert.ok(kept.insert(at, 1));
      } else if (at < values.length) {
        column.remove(at, at + 1, values.length);
        values.splice(at, 1);
        assert.ok(kept.remove(at, at + 1));
      }
    }
    const block = bytes.slice(0, writer.at + TAIL_BYTES).fill(0xa5, writer.at);
    const reader = new ByteReader(block, 1 as never);
    reader.end = writer.at;
    bytes = new Uint8Array(BLOCK_BYTES);
    writer = new ByteWriter(bytes);
    if (spliceSpread(writer, reader, column, kept, oldCount, values.length)) {
      spliced++;
      assert.ok(writer.at <= column.bound(values.length), 'a block keeps to its bound');
    } else {
      assert.equal(writer.at, 0, 'what is refused writes nothing');
      bytes.fill(0);
      column.prepare(values.length);
      column.write(writer, values.length);
    }
    assert.ok(
      bytes.subarray(writer.at).every((byte) => byte === 0),
      'nothing is written behind a block',
    );
    const back = new ByteReader(bytes.subarray(0, writer.at + TAIL_BYTES), 1 as never);
    back.end = writer.at;
    const decoded = decodeColumn(back, spec, values.length, false);
    for (let i = 0; i < values.length; i++)
      assert.equal(decoded.cell(i), values[i], `round ${round}, row ${i}`);
  }
  return spliced;
}

test('integers changed in many places decode to what the column is', () => {
  const first = Number(process.env['SEED'] ?? 1);
  const spliced = new Array<number>(6).fill(0);
  for (let seed = first; seed < first + 120; seed++) {
    try {
      spliced[seed % 6]! += spliceOften(seed);
    } catch (error) {
      throw new Error(`replay with SEED=${seed}: ${String(error)}`, { cause: error });
    }
  }
  for (const times of spliced) assert.ok(times > 5, `blocks made from the ones before: ${spliced.join(' ')}`);
});

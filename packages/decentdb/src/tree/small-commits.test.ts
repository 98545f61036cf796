/**
 * Leaves changed by a row or two a commit, over and over: what is carried from commit to commit (sizes, forms, bytes) must
 * never say anything but what the rows are.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from '../types/decimal.ts';
import { type Datum, Physical } from '../types/vector.ts';
import { appendToBlock } from './block-append.ts';
import { ByteReader, TAIL_BYTES } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { decodeColumn, newColumn } from './column-decoder.ts';
import type { TreeSchema } from './node-schema.ts';
import { ModelledTree, Random, sameDatum } from './tree-model.fuzz.ts';

const WIDE: TreeSchema = {
  columns: [
    { physical: Physical.int64 },
    { physical: Physical.int32 },
    { physical: Physical.int64 },
    { physical: Physical.float64 },
    { physical: Physical.float64 },
    { physical: Physical.numeric },
    { physical: Physical.text },
    { physical: Physical.text },
    { physical: Physical.bool },
    { physical: Physical.int32 },
    { physical: Physical.uuid },
    { physical: Physical.bytes },
  ],
  keyCount: 1,
};

/** A row as applications write them: regular, with an exception now and then. */
function rowOf(id: number, random: Random): Datum[] {
  const isOdd = random.next() < 0.03;
  const n = random.below(500);
  return [
    id,
    isOdd ? random.below(2 ** 31) : n,
    isOdd ? n : 1_700_000_000_000 + id * 1000 + random.below(900),
    isOdd ? Math.PI : n / 10,
    Math.fround(isOdd ? n / 1000 : n / 10),
    isOdd ? Decimal.of(n, 3) : Decimal.of(n, 2),
    `title ${isOdd ? '\u{1f600}ä' : ''}${n}`,
    ['open', 'closed', 'ä'][n % 3]!,
    n % 2 === 0,
    random.next() < 0.05 ? null : n,
    `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
    Uint8Array.of(n, n >> 8),
  ];
}

function runCommits(seed: number, commits: number): void {
  const model = new ModelledTree(WIDE, 1500 + (seed % 3) * 3000, seed);
  const { random } = model;
  const appendShare = [0.98, 0.7, 0.3][seed % 3]!;
  let next = 1;
  for (let i = 0; i < commits; i++) {
    for (let changes = 1 + random.below(2); changes > 0; changes--) {
      const roll = random.next();
      const some = model.rows.length === 0 ? null : random.pick(model.rows);
      if (roll < appendShare || some === null) model.insert(rowOf(next++, random));
      else if (roll < appendShare + 0.1) model.insert(rowOf(-random.below(100_000), random));
      else if (random.next() < 0.7) model.update(some, rowOf(some[0] as number, random));
      else model.delete(some);
      const mark = random.next();
      if (mark < 0.05) model.savepoint();
      else if (mark < 0.1) model.rollbackToSavepoint();
    }
    if (random.next() < 0.03) model.rollback();
    else model.commit();
  }
  model.pages.forgetNodes();
  model.check();
  model.checkSnapshots();
}

test('small commits leave what was written', () => {
  const first = Number(process.env['SEED'] ?? 1);
  for (let seed = first; seed < first + 3; seed++) {
    try {
      runCommits(seed, 250);
    } catch (error) {
      throw new Error(`replay with SEED=${seed}: ${String(error)}`, { cause: error });
    }
  }
});

test('a block with rows appended decodes to all of them', () => {
  const random = new Random(7);
  let appended = 0;
  for (let round = 0; round < 300; round++) {
    const index = 1 + random.below(WIDE.columns.length - 1);
    const spec = WIDE.columns[index]!;
    const column = newColumn(spec, 16, false);
    const values: Datum[] = [];
    const add = (): void => {
      const value = rowOf(values.length + 1, random)[index]!;
      column.insert(values.length, values.length, value);
      values.push(value);
    };
    const oldCount = 20 + random.below(60);
    while (values.length < oldCount) add();
    const bytes = new Uint8Array(8000);
    const before = new ByteWriter(bytes);
    column.write(before, oldCount);
    for (let i = random.below(3); i >= 0; i--) add();
    const target = new Uint8Array(8000);
    const after = new ByteWriter(target);
    const old = new ByteReader(bytes.subarray(0, before.at + TAIL_BYTES), 1 as never);
    old.end = before.at;
    if (!appendToBlock(after, old, oldCount, column, values.length)) {
      assert.equal(after.at, 0, 'what is refused writes nothing');
      continue;
    }
    appended++;
    assert.ok(after.at <= column.bound(values.length), 'an appended block keeps to the bound');
    const reader = new ByteReader(target.subarray(0, after.at + TAIL_BYTES), 1 as never);
    reader.end = after.at;
    const back = decodeColumn(reader, spec, values.length, false);
    for (let i = 0; i < values.length; i++)
      assert.ok(sameDatum(back.cell(i) as Datum, values[i]!), `column ${index} row ${i} of ${values.length}`);
  }
  assert.ok(appended > 60, `only ${appended} blocks were appended to`);
});

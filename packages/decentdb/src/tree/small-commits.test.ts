/**
 * Leaves changed by a row or two a commit, over and over: what is carried from commit to commit (sizes, forms, bytes) must
 * never say anything but what the rows are.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from '../types/decimal.ts';
import { type ColumnSpec, type Datum, Physical } from '../types/vector.ts';
import { spliceBlock } from './block-splice.ts';
import { ByteReader, TAIL_BYTES } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Column } from './column.ts';
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

/** A column, the values it should have, and its block. */
class Written {
  readonly spec: ColumnSpec;
  readonly column: Column;
  readonly isSorted: boolean;
  readonly values: Datum[] = [];
  readonly bytes: Uint8Array = new Uint8Array(16_000);
  length = 0;

  constructor(spec: ColumnSpec, isSorted: boolean) {
    this.spec = spec;
    this.isSorted = isSorted;
    this.column = newColumn(spec, 16, isSorted);
  }

  insert(at: number, value: Datum): void {
    this.column.insert(at, this.values.length, value);
    this.values.splice(at, 0, value);
  }

  write(): void {
    const writer = new ByteWriter(this.bytes);
    this.column.write(writer, this.values.length);
    this.length = writer.at;
  }

  /** Makes the block from the one before; false where that is refused. */
  splice(oldCount: number, before: number, after: number): boolean {
    const count = this.values.length;
    const target = new Uint8Array(16_000);
    const writer = new ByteWriter(target);
    // What lies behind the block is another column's.
    this.bytes.fill(0xa5, this.length, this.length + TAIL_BYTES);
    const isDone = spliceBlock(writer, blockReader(this.bytes, this.length), this.column, {
      oldCount,
      before,
      after,
      count,
    });
    if (!isDone) {
      assert.equal(writer.at, 0, 'what is refused writes nothing');
      return false;
    }
    assert.ok(writer.at <= this.column.bound(count), 'a block keeps to its bound');
    const back = decodeColumn(blockReader(target, writer.at), this.spec, count, this.isSorted);
    for (let i = 0; i < count; i++)
      assert.ok(sameDatum(back.cell(i) as Datum, this.values[i]!), `row ${i} of ${count}`);
    this.bytes.set(target);
    this.length = writer.at;
    return true;
  }
}

function blockReader(bytes: Uint8Array, length: number): ByteReader {
  const reader = new ByteReader(bytes.subarray(0, length + TAIL_BYTES), 1 as never);
  reader.end = length;
  return reader;
}

/** Changes neighbouring rows, some at a time, of one column and splices its block; how often that was done. */
function spliceOften(index: number, random: Random): number {
  const written = new Written(WIDE.columns[index]!, random.next() < 0.5);
  const { values, column } = written;
  const hasNulls = random.next() < 0.3;
  const isSorted = random.next() < 0.4;
  const fresh = (at: number): Datum =>
    hasNulls && random.next() < 0.1
      ? null
      : rowOf(isSorted ? 1000 + at * 3 : random.below(900), random)[index]!;
  for (let size = random.below(300); size >= 0; size--) written.insert(values.length, fresh(values.length));
  written.write();
  let spliced = 0;
  for (let round = 0; round < 12; round++) {
    const oldCount = values.length;
    const at = random.next() < 0.2 ? oldCount : random.below(oldCount + 1);
    const kind = random.next();
    const rows = 1 + random.below(random.next() < 0.2 ? 20 : 3);
    const gone = kind < 0.5 ? 0 : Math.min(rows, oldCount - at);
    if (kind < 0.5) for (let i = 0; i < rows; i++) written.insert(at + i, fresh(at + i));
    else if (kind < 0.7 && gone > 0) {
      column.remove(at, at + gone, oldCount);
      values.splice(at, gone);
    } else
      for (let i = at; i < at + gone; i++) {
        const value = fresh(i);
        column.set(i, oldCount, value);
        values[i] = value;
      }
    if (values.length === 0) return spliced;
    if (written.splice(oldCount, at, oldCount - at - gone)) spliced++;
    else written.write();
  }
  return spliced;
}

test('a block changed in one place decodes to what the column is', () => {
  const first = Number(process.env['SEED'] ?? 1);
  const spliced = WIDE.columns.map(() => 0);
  for (let seed = first; seed < first + 60; seed++) {
    const random = new Random(seed);
    for (let index = 0; index < WIDE.columns.length; index++) {
      try {
        spliced[index]! += spliceOften(index, random);
      } catch (error) {
        throw new Error(`replay with SEED=${seed}, column ${index}: ${String(error)}`, { cause: error });
      }
    }
  }
  for (const [index, times] of spliced.entries())
    assert.ok(times > 3, `only ${times} blocks of column ${index} were made from the ones before`);
});

test('integers too far apart for a distance are not made from the block before', () => {
  // Beyond 2^53 a difference is rounded: 2^53 - 2 came back as 2^53 - 3.
  const least = -Number.MAX_SAFE_INTEGER;
  const written = new Written({ physical: Physical.int64 }, false);
  for (let i = 0; i < 40; i++) written.insert(i, least + Math.floor(((i * 0.6180339887) % 1) * 2 ** 49));
  written.write();
  written.insert(40, Number.MAX_SAFE_INTEGER - 1);
  assert.equal(written.splice(40, 40, 0), false);
});

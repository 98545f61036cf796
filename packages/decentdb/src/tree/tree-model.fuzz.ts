/**
 * A sorted array that a tree must agree with, and random operations on both. Shared by the property test and the fuzzer.
 */
import assert from 'node:assert/strict';
import { verifyEnabled } from '../base/assert.ts';
import { Decimal } from '../types/decimal.ts';
import { type ColumnSpec, type Datum, type ObjectCodec, Physical, type Vector } from '../types/vector.ts';
import { newColumn } from './column-decoder.ts';
import { compareDatums, compareKeys } from './key-order.ts';
import { MemoryPages, type MemoryWriteView } from './memory-view.fuzz.ts';
import type { TreeSchema } from './node-schema.ts';
import { createTree, Tree } from './tree.ts';
import { type KeyRange, TreeCursor, WHOLE_TREE } from './tree-cursor.ts';
import { TreePosition } from './tree-position.ts';
import { vectorDatum } from './vector-datum.ts';
import { verifyTree } from './verify-tree.ts';

/** Deterministic random numbers (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** A pair of numbers as an object type. */
export const pairCodec: ObjectCodec = {
  toBytes: (value) => new TextEncoder().encode(JSON.stringify(value)),
  fromBytes: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as object,
  compare: (a, b) => {
    const [x, y] = [a as number[], b as number[]];
    return x[0]! - y[0]! || x[1]! - y[1]!;
  },
  memoryBytes: () => 80,
};

const ALPHABET = ['a', 'b', 'ä', 'z', '\u0416', '\uffee', '\u{1f600}', 'common prefix '];

/** A random value of a column's kind, now and then an extreme one. `spread` bounds how many different ones there are. */
export function randomDatum(random: Random, spec: ColumnSpec, spread: number, nullRate = 0.1): Datum {
  if (random.next() < nullRate) return null;
  const n = random.below(spread);
  const isWild = random.next() < 0.05;
  switch (spec.physical) {
    case Physical.bool:
      return n % 2 === 1;
    case Physical.int32:
      return isWild ? random.pick([-(2 ** 31), 2 ** 31 - 1, 0]) : n - (spread >> 1);
    case Physical.int64:
      if (isWild)
        return random.pick<Datum>([
          Number.MAX_SAFE_INTEGER,
          Number.MIN_SAFE_INTEGER,
          2n ** 63n - 1n,
          -(2n ** 63n),
          2n ** 60n,
        ]);
      return n * 1000;
    case Physical.float64:
      return isWild
        ? random.pick([Number.NaN, Number.POSITIVE_INFINITY, -0, 1e300, 5e-324, Math.PI])
        : n / 10;
    case Physical.text: {
      if (isWild) return random.pick(['', 'x'.repeat(30), '\u{10ffff}']);
      let text = '';
      for (let i = random.below(6); i >= 0; i--) text += random.pick(ALPHABET);
      return text + String(n);
    }
    case Physical.uuid:
      return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
    case Physical.bytes:
      return Uint8Array.from({ length: n % 20 }, () => random.below(4));
    case Physical.numeric:
      if (isWild)
        return random.pick([
          Decimal.nan,
          Decimal.infinity,
          Decimal.of(10n ** 30n, 5),
          Decimal.of(15, 1),
          Decimal.of(150, 2),
        ]);
      return Decimal.of(n, 2);
    default:
      return [n, n % 7];
  }
}

/** Equality of datums down to -0 and display scales, as storage must keep them. */
export function sameDatum(a: Datum, b: Datum): boolean {
  if (a instanceof Decimal && b instanceof Decimal) return String(a) === String(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (typeof a === 'object' && typeof b === 'object') return JSON.stringify(a) === JSON.stringify(b);
  return Object.is(a, b);
}

export type Row = readonly Datum[];

/** Tree and model side by side. */
export class ModelledTree {
  readonly schema: TreeSchema;
  readonly pages: MemoryPages;
  readonly random: Random;
  readonly tree: Tree;
  view: MemoryWriteView;
  rows: Row[] = [];
  committedRows: Row[] = [];
  saved: Row[] | null = null;
  private snapshots: { readonly view: ReturnType<MemoryPages['read']>; readonly rows: Row[] }[] = [];

  constructor(schema: TreeSchema, payloadBytes: number, seed: number) {
    this.schema = schema;
    this.random = new Random(seed);
    this.pages = new MemoryPages(payloadBytes, this.random.next() < 0.7);
    this.pages.moves = this.random.next() < 0.6;
    this.view = this.pages.write();
    this.tree = new Tree(createTree(this.view, schema), schema, 'modelled');
    this.commit();
  }

  /** Index of the first row not before the key. */
  find(key: Row): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(this.rows[middle]!, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  compare(a: Row, b: Row, length: number = this.schema.keyCount): number {
    return compareKeys(this.schema.columns, a, b, length);
  }

  has(at: number, key: Row): boolean {
    return at < this.rows.length && this.compare(this.rows[at]!, key) === 0;
  }

  randomRow(spread: number): Datum[] {
    return this.schema.columns.map((spec, i) => {
      const isKey = i < this.schema.keyCount;
      let value = randomDatum(this.random, spec, spread, 0.1);
      if (isKey && typeof value === 'string' && spec.physical === Physical.text) {
        // Keys have a limit; whole characters only.
        value = [...value].slice(0, Math.floor(this.pages.payloadBytes / 30)).join('');
      }
      if (!isKey && this.random.next() < 0.02) return large(spec, this.random) ?? value;
      return value;
    });
  }

  insert(row: Row): void {
    const at = this.find(row);
    const isNew = !this.has(at, row);
    assert.equal(this.tree.insert(this.view, row), isNew);
    if (isNew) this.rows.splice(at, 0, row);
    else {
      const { leaf, index } = this.tree.duplicate;
      assert.equal(compareDatums(this.schema.columns[0]!, leaf!.cell(0, index) as Datum, row[0]!), 0);
    }
  }

  insertBatch(rows: Row[]): void {
    rows.sort((a, b) => this.compare(a, b));
    const unique = rows.filter((row, i) => i === 0 || this.compare(rows[i - 1]!, row) !== 0);
    const added = this.tree.insertBatch(this.view, this.vectorsOf(unique), unique.length);
    for (let i = 0; i < added; i++) this.rows.splice(this.find(unique[i]!), 0, unique[i]!);
    if (added < unique.length) assert.ok(this.has(this.find(unique[added]!), unique[added]!));
  }

  vectorsOf(rows: readonly Row[]): Vector[] {
    return this.schema.columns.map((spec, column) => {
      const built = newColumn(spec, rows.length, false);
      for (let i = 0; i < rows.length; i++) built.insert(i, i, rows[i]![column]!);
      return built.vector;
    });
  }

  delete(key: Row): void {
    const at = this.find(key);
    const exists = this.has(at, key);
    assert.equal(this.tree.delete(this.view, key), exists);
    if (exists) this.rows.splice(at, 1);
  }

  update(key: Row, row: Row): void {
    const { keyCount, columns } = this.schema;
    if (columns.length === keyCount) return;
    const at = this.find(key);
    const exists = this.has(at, key);
    const changed: number[] = [];
    for (let i = keyCount; i < columns.length; i++) if (this.random.next() < 0.6) changed.push(i);
    const values = changed.map((column) => row[column]!);
    assert.equal(this.tree.update(this.view, key, changed, values), exists);
    if (!exists) return;
    const next = this.rows[at]!.slice();
    for (const column of changed) next[column] = row[column]!;
    this.rows[at] = next;
  }

  commit(): void {
    this.view.commit();
    this.committedRows = this.rows.slice();
    this.saved = null;
    if (this.snapshots.length > 2) this.snapshots.shift();
    this.snapshots.push({ view: this.pages.read(), rows: this.rows.slice() });
    this.view = this.pages.write();
    if (this.random.next() < 0.2) {
      this.pages.forgetNodes();
      this.check();
    }
  }

  rollback(): void {
    this.view = this.pages.write();
    this.rows = this.committedRows.slice();
    this.saved = null;
  }

  savepoint(): void {
    this.view.savepoint();
    this.saved = this.rows.slice();
  }

  rollbackToSavepoint(): void {
    if (this.saved === null) return;
    this.view.rollbackToSavepoint();
    this.rows = this.saved.slice();
  }

  /** The whole tree against the model, structure and pages included. */
  check(): void {
    const report = verifyTree(this.tree, this.view);
    assert.equal(report.rows, this.rows.length);
    assert.equal(this.tree.rowCount(this.view), this.rows.length);
    const accounted = new Set([...report.pages, ...report.chains.map((ref) => ref.firstPage)]);
    assert.deepEqual(
      [...accounted].sort(),
      [...this.view.inUse].sort(),
      'every page in use is accounted for',
    );
    this.checkRange(this.view, this.rows, WHOLE_TREE, false);
  }

  checkSnapshots(): void {
    for (const { view, rows } of this.snapshots) {
      this.checkRange(view, rows, WHOLE_TREE, this.random.next() < 0.5);
    }
  }

  checkRange(
    view: MemoryPages extends { read(): infer V } ? V : never,
    rows: Row[],
    range: KeyRange,
    isBackward: boolean,
  ): void {
    const expected = rows.filter((row) => this.isWithin(row, range));
    const actual: Row[] = [];
    const cursor = new TreeCursor(this.tree, view);
    cursor.seek(range, isBackward);
    while (cursor.next()) {
      const slice: Row[] = [];
      const vectors = this.schema.columns.map((_, column) => cursor.vector(column));
      for (let row = cursor.from; row < cursor.to; row++)
        slice.push(vectors.map((vector) => vectorDatum(vector, row)));
      if (isBackward) actual.unshift(...slice);
      else actual.push(...slice);
    }
    assert.equal(actual.length, expected.length);
    for (let i = 0; i < actual.length; i++) {
      for (let c = 0; c < this.schema.columns.length; c++) {
        assert.ok(
          sameDatum(actual[i]![c]!, expected[i]![c]!),
          `row ${i} column ${c}: ${String(actual[i]![c])} is not ${String(expected[i]![c])}`,
        );
      }
    }
  }

  checkGet(key: Row): void {
    const at = this.find(key);
    const position = new TreePosition();
    assert.equal(this.tree.get(this.view, key, position), this.has(at, key));
    if (!this.has(at, key)) return;
    for (let c = 0; c < this.schema.columns.length; c++) {
      const value = this.tree.datum(this.view, position.leaf!, position.index, c);
      assert.ok(sameDatum(value, this.rows[at]![c]!), `column ${c}`);
    }
  }

  private isWithin(row: Row, range: KeyRange): boolean {
    if (range.lower !== null) {
      const order = this.compare(row, range.lower, range.lower.length);
      if (order < 0 || (order === 0 && !range.lowerInclusive)) return false;
    }
    if (range.upper !== null) {
      const order = this.compare(row, range.upper, range.upper.length);
      if (order > 0 || (order === 0 && !range.upperInclusive)) return false;
    }
    return true;
  }

  /** One random operation. `spread` steers how often keys meet. */
  step(spread: number): void {
    const { random } = this;
    const roll = random.next();
    const row = this.randomRow(spread);
    if (roll < 0.4) this.insert(row);
    else if (roll < 0.5)
      this.insertBatch(Array.from({ length: random.below(60) }, () => this.randomRow(spread)));
    else if (roll < 0.7 && this.rows.length > 0)
      this.delete(random.next() < 0.8 ? random.pick(this.rows) : row);
    else if (roll < 0.82 && this.rows.length > 0)
      this.update(random.next() < 0.9 ? random.pick(this.rows) : row, this.randomRow(spread));
    else if (roll < 0.86)
      this.checkGet(this.rows.length > 0 && random.next() < 0.7 ? random.pick(this.rows) : row);
    else if (roll < 0.92) this.checkRandomRange();
    else if (roll < 0.95) this.commit();
    else if (roll < 0.96) this.rollback();
    else if (roll < 0.98) this.savepoint();
    else if (roll < 0.99) this.rollbackToSavepoint();
    else this.deleteRun();
  }

  /** Deletes many neighbours, in some order, sometimes all rows. */
  deleteRun(): void {
    const { random } = this;
    if (random.next() < 0.1) {
      this.tree.truncate(this.view);
      this.rows = [];
      return;
    }
    const from = random.below(this.rows.length + 1);
    const victims = this.rows.slice(from, from + random.below(random.next() < 0.3 ? 10000 : 100));
    if (random.next() < 0.5) victims.reverse();
    for (const victim of victims) this.delete(victim);
  }

  checkRandomRange(): void {
    const { random } = this;
    const end = (): Row | null => {
      if (random.next() < 0.2) return null;
      const row = this.rows.length > 0 && random.next() < 0.6 ? random.pick(this.rows) : this.randomRow(50);
      return row.slice(0, 1 + random.below(this.schema.keyCount));
    };
    const range = {
      lower: end(),
      lowerInclusive: random.next() < 0.5,
      upper: end(),
      upperInclusive: random.next() < 0.5,
    };
    this.checkRange(this.view, this.rows, range, random.next() < 0.5);
  }
}

function large(spec: ColumnSpec, random: Random): Datum | undefined {
  const size = 100 + random.below(2000);
  if (spec.physical === Physical.text) return (random.next() < 0.5 ? 'L' : '\u0416').repeat(size);
  if (spec.physical === Physical.bytes) return new Uint8Array(size).fill(7);
  if (spec.physical === Physical.object) return [1, 2, 'x'.repeat(size)];
  if (spec.physical === Physical.numeric) return Decimal.of(10n ** BigInt(size) + 1n, 3);
  return undefined;
}

const column = (physical: Physical, options: Partial<ColumnSpec> = {}): ColumnSpec =>
  physical === Physical.object ? { physical, codec: pairCodec, ...options } : { physical, ...options };

/** Schemas that between them have every kind as key and as value, both directions, NULLs at both ends. */
export const SCHEMAS: Readonly<Record<string, TreeSchema>> = {
  track: {
    columns: [
      column(Physical.int64),
      column(Physical.int32),
      column(Physical.text),
      column(Physical.int32),
      column(Physical.float64),
    ],
    keyCount: 1,
  },
  index: { columns: [column(Physical.int32), column(Physical.int64)], keyCount: 2 },
  textIndex: { columns: [column(Physical.text, { nullsFirst: true }), column(Physical.int64)], keyCount: 2 },
  descending: {
    columns: [
      column(Physical.text, { descending: true }),
      column(Physical.bytes, { descending: true, nullsFirst: true }),
      column(Physical.numeric),
    ],
    keyCount: 2,
  },
  mixedKey: {
    columns: [
      column(Physical.bool),
      column(Physical.float64, { descending: true }),
      column(Physical.uuid),
      column(Physical.bytes),
      column(Physical.object),
    ],
    keyCount: 3,
  },
  numericKey: {
    columns: [
      column(Physical.numeric),
      column(Physical.object),
      column(Physical.text),
      column(Physical.numeric),
    ],
    keyCount: 2,
  },
};

export function runModel(
  schema: TreeSchema,
  payloadBytes: number,
  seed: number,
  steps: number,
  checkEvery: number,
): void {
  const model = new ModelledTree(schema, payloadBytes, seed);
  const spread = [8, 60, 5000][seed % 3]!;
  for (let i = 0; i < steps; i++) {
    model.step(spread);
    if (i % checkEvery === 0) model.check();
  }
  model.check();
  model.commit();
  model.checkSnapshots();
  model.check();
}

/** Payload sizes that make deep trees of few rows. */
const PAYLOAD_SIZES: readonly number[] = [300, 500, 1000];

/** One run, all of it decided by the seed. */
export function runSeed(seed: number, steps: number): void {
  const schemas = Object.entries(SCHEMAS);
  const [name, schema] = schemas[seed % schemas.length]!;
  try {
    runModel(schema, PAYLOAD_SIZES[seed % PAYLOAD_SIZES.length]!, seed, steps, verifyEnabled() ? 1 : 10);
  } catch (error) {
    throw new Error(`schema ${name}: replay with SEED=${seed}: ${String(error)}`, { cause: error });
  }
}

/**
 * Rows in a temporary file that are asked for by number: written once, read at a few places at a time.
 *
 *     block 0: rows 0 .. n-1     block 1: rows n .. 2n-1     ...     (n a power of two)     the last rows wait in memory
 *
 * I1  Rows are numbered in the order appended; every block but the last has the same number of rows.
 * I2  Of each column some blocks are held: the ones asked for last. What they take is reported.
 * I3  Nothing is appended after `finish`, nothing read before.
 */
import { assert } from '../../base/assert.ts';
import type { ColumnSpec, Datum, Vector } from '../../types/vector.ts';
import { identity } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import { vectorBytes } from '../datum-bytes.ts';
import type { StatementMemory } from '../memory.ts';
import type { Slot } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { datumAt, gather } from '../vectors.ts';
import { BLOCK_ROWS, spillSpecs } from './block-codec.ts';
import { type SpillBlock, SpillFile } from './spill-file.ts';

const BLOCK_ROWS_MIN = 64;
/** A block takes such a part of the budget at most, where it has more than the fewest rows. */
const BLOCK_SHARE = 64;
/** Blocks held of each column: readers at both ends of a frame, at the row itself, and where a search looks. */
const HELD_MIN = 8;
const HELD_MAX = 64;
/** Part of the budget for blocks held beyond {@link HELD_MIN}. */
const HELD_SHARE = 8;

interface HeldBlock {
  readonly vector: Vector;
  readonly bytes: number;
  /** When it was asked for last. */
  tick: number;
}

/** Blocks held of one column. */
class HeldColumn {
  readonly blocks: Map<number, HeldBlock> = new Map();
  last = -1;
  vector: Vector | null = null;
}

export class IndexedRows {
  count = 0;
  /** Rows of a block: a power of two, and its logarithm. */
  readonly blockRows: number;
  private readonly shift: number;
  private readonly specs: readonly ColumnSpec[];
  private readonly memory: StatementMemory;
  private readonly file: SpillFile;
  private readonly pending: RowStore;
  private readonly blocks: SpillBlock[] = [];
  private readonly columns: readonly HeldColumn[];
  private readonly heldMax: number;
  private held = 0;
  private tick = 0;
  private isFinished = false;

  /** `rowBytes`: what a row takes, roughly; `heldMin`: blocks held of each column however little memory there is. */
  constructor(slots: readonly Slot[], rowBytes: number, memory: StatementMemory, heldMin: number = HELD_MIN) {
    const specs = spillSpecs(slots);
    assert(specs !== null, 'rows without a stored form do not go to files');
    const { workBytes } = memory.limits;
    let rows = BLOCK_ROWS_MIN;
    while (rows < BLOCK_ROWS && rows * 2 * rowBytes <= workBytes / BLOCK_SHARE) rows *= 2;
    this.blockRows = rows;
    this.shift = 31 - Math.clz32(rows);
    const affordable = Math.floor(workBytes / HELD_SHARE / (rows * Math.max(1, rowBytes)));
    this.heldMax = heldMin < HELD_MIN ? heldMin : Math.max(heldMin, Math.min(HELD_MAX, affordable));
    this.specs = specs;
    this.memory = memory;
    this.pending = new RowStore(slots, memory);
    this.columns = specs.map(() => new HeldColumn());
    this.file = new SpillFile(memory);
  }

  /** Whether rows of these columns can go to a file. */
  static canHold(slots: readonly Slot[]): boolean {
    return spillSpecs(slots) !== null;
  }

  get width(): number {
    return this.specs.length;
  }

  /** Dense vectors, one a column. */
  appendVectors(vectors: readonly Vector[], count: number): void {
    assert(!this.isFinished, 'I3: rows come after the end');
    this.pending.appendVectors(vectors, count);
    this.count += count;
    this.write(this.blockRows);
  }

  finish(): void {
    this.write(1);
    this.pending.clear();
    this.isFinished = true;
  }

  /** Writes blocks while at least `least` rows wait. */
  private write(least: number): void {
    const { pending, blockRows } = this;
    let from = 0;
    for (; pending.count - from >= least; from += blockRows) {
      const rows = identity(from, Math.min(pending.count, from + blockRows));
      const vectors = pending.columns.map((column) => gather(column.vector(), rows, rows.length));
      this.blocks.push(this.file.append(this.specs, vectors, rows.length));
    }
    if (from === 0) return;
    const rest = identity(Math.min(from, pending.count), pending.count);
    const vectors = pending.columns.map((column) => gather(column.vector(), rest, rest.length));
    pending.clear();
    if (rest.length > 0) pending.appendVectors(vectors, rest.length);
  }

  value(column: number, row: number): Datum {
    const block = row >>> this.shift;
    const held = this.columns[column]!;
    const vector = held.last === block ? held.vector! : this.blockColumn(block, column);
    return datumAt(vector, row & (this.blockRows - 1));
  }

  /** A column of block `block`: rows from `block * blockRows` on. */
  blockColumn(block: number, column: number): Vector {
    const own = this.columns[column]!;
    let found = own.blocks.get(block);
    if (found === undefined) {
      assert(this.isFinished, 'I3: rows are read before the end');
      if (own.blocks.size >= this.heldMax) this.dropOldest(own);
      const at = this.blocks[block]!;
      const vector = this.file.readColumn(this.specs[column]!, at, column);
      found = { vector, bytes: vectorBytes(vector, at.count), tick: 0 };
      own.blocks.set(block, found);
      this.held = this.memory.resize(this.held, this.held + found.bytes);
    }
    found.tick = ++this.tick;
    own.last = block;
    own.vector = found.vector;
    return found.vector;
  }

  /** The rows of these numbers, dense; ascending numbers read each block once. */
  rowsAt(rows: Int32Array): Vector[] {
    const { length } = rows;
    const stores = this.specs.map((spec) => new ColumnStore(spec.physical, Math.max(1, length)));
    const places = new Int32Array(length);
    for (let from = 0; from < length; ) {
      const block = rows[from]! >>> this.shift;
      let count = 0;
      for (; from + count < length && rows[from + count]! >>> this.shift === block; count++)
        places[count] = rows[from + count]! & (this.blockRows - 1);
      for (let c = 0; c < stores.length; c++)
        stores[c]!.appendRows(this.blockColumn(block, c), places, 0, count);
      from += count;
    }
    return stores.map((store) => store.vector());
  }

  private dropOldest(column: HeldColumn): void {
    let oldest = -1;
    let tick = Number.POSITIVE_INFINITY;
    for (const [block, held] of column.blocks) {
      if (held.tick >= tick) continue;
      tick = held.tick;
      oldest = block;
    }
    const { bytes } = column.blocks.get(oldest)!;
    column.blocks.delete(oldest);
    this.held = this.memory.resize(this.held, this.held - bytes);
  }

  close(): void {
    this.pending.clear();
    for (const column of this.columns) {
      column.blocks.clear();
      column.last = -1;
      column.vector = null;
    }
    this.held = this.memory.resize(this.held, 0);
    this.file.close();
  }
}

/**
 * Sorting more rows than memory holds: sorted runs in a temporary file, merged at the end.
 *
 * I1  Stable: of equal rows the one of the earlier run comes first, and runs are made in input order.
 * I2  A few runs are read at once, one block of each in memory, which is reported; more runs are merged in several passes.
 * I3  Blocks, and the runs read at once, are as many rows and runs as half of the budget takes, within bounds.
 */
import type { ColumnSpec, Datum, Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import { vectorBytes } from '../datum-bytes.ts';
import type { SortKey } from '../expr.ts';
import type { StatementMemory } from '../memory.ts';
import { datumAt } from '../vectors.ts';
import { BLOCK_ROWS } from './block-codec.ts';
import { type SpillBlock, SpillFile } from './spill-file.ts';

const FAN_IN_MIN = 8;
const FAN_IN_MAX = 64;
const BLOCK_ROWS_MIN = 64;
/** Part of the budget for the blocks of the runs that are merged. */
const MERGE_SHARE = 2;
/** A value of a key, held as such. */
const VALUE_BYTES = 16;

/** Order of rows by columns of the runs. */
export interface RunOrder {
  readonly keys: readonly SortKey[];
  /** Column of each key. */
  readonly columns: readonly number[];
}

/** Reads one run, row by row. */
class RunReader {
  readonly index: number;
  vectors: Vector[] = [];
  /** Values of the keys, by key, of the block at hand. */
  private values: Datum[][] = [];
  row = 0;
  private count = 0;
  private next = 0;
  /** Bytes reported. */
  private held = 0;
  private readonly runs: SortRuns;
  private readonly blocks: readonly SpillBlock[];

  constructor(runs: SortRuns, blocks: readonly SpillBlock[], index: number) {
    this.runs = runs;
    this.blocks = blocks;
    this.index = index;
  }

  /** Loads the next block; false at the end. */
  load(): boolean {
    const block = this.blocks[this.next++];
    if (block === undefined) {
      this.runs.hold(-this.held);
      this.held = 0;
      return false;
    }
    this.vectors = this.runs.read(block);
    this.count = block.count;
    this.row = 0;
    this.values = this.runs.order.columns.map((column) => {
      const vector = this.vectors[column]!;
      return Array.from({ length: block.count }, (_, i) => datumAt(vector, i));
    });
    const bytes = rowsBytes(this.vectors, block.count) + this.values.length * block.count * VALUE_BYTES;
    this.runs.hold(bytes - this.held);
    this.held = bytes;
    return true;
  }

  get isAtEnd(): boolean {
    return this.row >= this.count;
  }

  isBefore(other: RunReader): boolean {
    const { keys } = this.runs.order;
    for (let k = 0; k < keys.length; k++) {
      const order = compareKey(keys[k]!, this.values[k]![this.row]!, other.values[k]![other.row]!);
      if (order !== 0) return order < 0;
    }
    return this.index < other.index;
  }
}

function rowsBytes(vectors: readonly Vector[], count: number): number {
  return vectors.reduce((sum, vector) => sum + vectorBytes(vector, count), 0);
}

function compareKey(key: SortKey, a: Datum, b: Datum): number {
  if (a === null || b === null) {
    if (a === b) return 0;
    return (a === null) === key.nullsFirst ? -1 : 1;
  }
  const order = key.expr.type.compare(a, b);
  return key.descending ? -order : order;
}

/** Sorted runs of one sort. */
export class SortRuns {
  readonly order: RunOrder;
  private readonly specs: readonly ColumnSpec[];
  private readonly memory: StatementMemory;
  private file: SpillFile | null;
  private runs: SpillBlock[][] = [];
  /** I3; of rows like the first. */
  private blockRows = BLOCK_ROWS;
  private fanIn = FAN_IN_MAX;
  private held = 0;

  constructor(specs: readonly ColumnSpec[], order: RunOrder, memory: StatementMemory) {
    this.specs = specs;
    this.order = order;
    this.memory = memory;
    this.file = new SpillFile(memory);
  }

  read(block: SpillBlock): Vector[] {
    return this.file!.read(this.specs, block);
  }

  /** Writes a run: `rows(from, to)` gives its sorted rows, dense. */
  add(count: number, rows: (from: number, to: number) => readonly Vector[]): void {
    if (count > 0 && this.runs.length === 0) {
      const some = Math.min(count, BLOCK_ROWS_MIN);
      this.fit(rowsBytes(rows(0, some), some) / some + this.order.columns.length * VALUE_BYTES);
    }
    const { blockRows } = this;
    const blocks: SpillBlock[] = [];
    for (let from = 0; from < count; from += blockRows) {
      const to = Math.min(count, from + blockRows);
      blocks.push(this.file!.append(this.specs, rows(from, to), to - from));
    }
    this.runs.push(blocks);
  }

  /** I3, for rows of so many bytes. */
  private fit(rowBytes: number): void {
    const bytes = this.memory.limits.workBytes / MERGE_SHARE;
    while (this.blockRows > BLOCK_ROWS_MIN && this.blockRows * rowBytes * FAN_IN_MAX > bytes)
      this.blockRows /= 2;
    const runs = Math.floor(bytes / (this.blockRows * rowBytes));
    this.fanIn = Math.max(FAN_IN_MIN, Math.min(FAN_IN_MAX, runs));
  }

  /** Notes that blocks take so many bytes more. */
  hold(bytes: number): void {
    this.held = this.memory.resize(this.held, this.held + bytes);
  }

  /** All rows in order. No run may be added afterwards. */
  merge(): RunMerger {
    while (this.runs.length > this.fanIn) this.mergePass();
    return this.mergerOf(this.runs);
  }

  /** Merges neighbouring runs into longer ones, in a new file. */
  private mergePass(): void {
    const target = new SpillFile(this.memory);
    const longer: SpillBlock[][] = [];
    try {
      for (let from = 0; from < this.runs.length; from += this.fanIn) {
        const merger = this.mergerOf(this.runs.slice(from, from + this.fanIn));
        const blocks: SpillBlock[] = [];
        for (let batch = merger.next(); batch !== null; batch = merger.next()) {
          const vectors = this.specs.map((_, i) => (batch as Batch).column(i));
          blocks.push(target.append(this.specs, vectors, batch.count));
        }
        longer.push(blocks);
      }
    } catch (error) {
      target.close();
      throw error;
    }
    this.file!.close();
    this.file = target;
    this.runs = longer;
  }

  private mergerOf(runs: readonly (readonly SpillBlock[])[]): RunMerger {
    return new RunMerger(
      runs.map((blocks, i) => new RunReader(this, blocks, i)),
      this.specs,
      this.blockRows,
    );
  }

  close(): void {
    this.file?.close();
    this.file = null;
    this.runs = [];
    this.hold(-this.held);
  }
}

/** A heap of runs by their first row. */
export class RunMerger {
  private readonly specs: readonly ColumnSpec[];
  private readonly heap: RunReader[] = [];
  /** Most rows of a batch: as many as a block has. */
  private readonly batchRows: number;
  private readonly positions: Int32Array;

  constructor(readers: readonly RunReader[], specs: readonly ColumnSpec[], batchRows: number) {
    this.specs = specs;
    this.batchRows = batchRows;
    this.positions = new Int32Array(batchRows);
    for (const reader of readers) if (reader.load()) this.heap.push(reader);
    for (let at = (this.heap.length >> 1) - 1; at >= 0; at--) this.sink(at);
  }

  next(): Batch | null {
    const { heap, positions, batchRows } = this;
    if (heap.length === 0) return null;
    const stores = this.specs.map((spec) => new ColumnStore(spec.physical, batchRows));
    let count = 0;
    while (count < batchRows && heap.length > 0) {
      const reader = heap[0]!;
      // Rows that follow each other in one run are copied together.
      let taken = 0;
      do {
        positions[taken++] = reader.row++;
        if (!reader.isAtEnd) this.sink(0);
      } while (heap[0] === reader && !reader.isAtEnd && count + taken < batchRows);
      for (let i = 0; i < stores.length; i++) stores[i]!.appendRows(reader.vectors[i]!, positions, 0, taken);
      count += taken;
      if (reader.isAtEnd) this.refill();
    }
    return Batch.of(
      stores.map((store) => store.vector()),
      count,
    );
  }

  /** The first reader has used up its block. */
  private refill(): void {
    const { heap } = this;
    if (!heap[0]!.load()) {
      const last = heap.pop()!;
      if (heap.length === 0) return;
      heap[0] = last;
    }
    this.sink(0);
  }

  private sink(from: number): void {
    const { heap } = this;
    const reader = heap[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.isBefore(heap[child]!)) child++;
      if (!heap[child]!.isBefore(reader)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = reader;
  }
}

/**
 * Rows of a tree by the places where they were found, as columns.
 *
 * I1  Columns are copied one after the other over all leaves: cells far apart are then loaded in a tight loop, where the
 *     processor waits for many of them at once.
 * I2  Runs of rows in one leaf are looked at once.
 * I3  Places stay good while nobody writes to the tree: under a view that writes, all columns are copied at once.
 */
import { SearchForm } from '../../tree/search-form.ts';
import type { Tree } from '../../tree/tree.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { isWriteView, type ReadView } from '../../txn/page-view.ts';
import { type Datum, Physical, type TextVector, type Vector } from '../../types/vector.ts';
import { Batch, type ColumnSource } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { Slot } from '../physical.ts';
import { constantVector } from '../vectors.ts';
import type { ChunkMemory } from './chunk-memory.ts';
import { gatherRuns } from './gather-runs.ts';

/** Texts and the like of a packed column fewer than one in so many of the leaf's are read one by one; so are few numbers. */
const WHOLE_SHARE = 8;
const NUMBERS_ALONE_MAX = 3;

/** Fewer rows are picked without touching them first: it takes as long as what it saves. */
const TOUCHED_LEAST = 256;

/** Fewer rows are read without asking first what is best for each leaf. */
const ALONE_MOST = 256;

/** What the columns of a batch are: positions in the tree, or -2 for a constant (the table's oid). */
export interface LeafRowColumns {
  readonly tree: Tree;
  readonly view: ReadView;
  readonly slots: readonly Slot[];
  readonly positions: readonly number[];
  readonly constant: Datum;
}

/** Finds which of a leaf's rows, at places from..to-1, are wanted: notes them in `rows` and returns how many; -1 where it cannot tell. */
export interface LeafPick {
  readonly rows: Int32Array;
  /** Touches what {@link among} will read, so that the processor waits for many places at once. */
  touch(leaf: TreeNode, places: Int32Array, from: number, to: number): void;
  among(leaf: TreeNode, places: Int32Array, from: number, to: number): number;
}

export class LeafRows implements ColumnSource {
  count = 0;
  private readonly columns: LeafRowColumns;
  private readonly leaves: TreeNode[] = [];
  private runs = 0;
  /** The leaf of the last run, while single rows may be added to it. */
  private open: TreeNode | null = null;
  /** By run: the row behind its last, and its first place in the leaf where it has no gaps, else -1. */
  private ends: Int32Array;
  private starts: Int32Array;
  /** Of each row its place in its leaf; of runs without gaps unspecified. */
  private rows: Int32Array = noRows;
  /** Rows there will be about; ranges need no room for theirs. */
  private readonly capacity: number;

  private readonly memory: ChunkMemory | null;

  /** `memory`: see there; null where batches are to last. */
  constructor(columns: LeafRowColumns, capacity: number, memory: ChunkMemory | null = null) {
    this.columns = columns;
    this.memory = memory;
    this.ends = memory === null ? new Int32Array(64) : memory.ends;
    this.starts = memory === null ? new Int32Array(64) : memory.starts;
    if (memory !== null) this.rows = memory.rows;
    this.capacity = capacity;
  }

  add(leaf: TreeNode, row: number): void {
    const at = this.count;
    if (at >= this.rows.length) this.rows = grown(this.rows, Math.max(at + 1, this.capacity));
    if (leaf !== this.open) this.addRun(leaf, -1);
    this.rows[at] = row;
    this.count = at + 1;
    this.ends[this.runs - 1] = at + 1;
  }

  /** Rows from..to-1 of a leaf. */
  addRange(leaf: TreeNode, from: number, to: number): void {
    if (to - from === 1) {
      this.add(leaf, from);
      return;
    }
    this.addRun(leaf, from);
    this.open = null;
    this.count += to - from;
    this.ends[this.runs - 1] = this.count;
  }

  /** Rows at the first `count` of `places` of a leaf. */
  addPlaces(leaf: TreeNode, places: Int32Array, count: number): void {
    const need = this.count + count;
    if (need > this.rows.length) this.rows = grown(this.rows, Math.max(need, this.capacity));
    this.addRun(leaf, -1);
    this.rows.set(places.length === count ? places : places.subarray(0, count), this.count);
    this.count = need;
    this.ends[this.runs - 1] = need;
  }

  /** I3; chunks of a scan are made over each other. */
  isLasting(): boolean {
    return this.memory === null;
  }

  at(positions: Int32Array, count: number): LeafRows {
    const { ends, starts, rows, leaves } = this;
    const kept = new LeafRows(this.columns, count);
    for (let i = 0; i < count; i++) {
      const at = positions[i]!;
      let run = 0;
      for (let high = this.runs - 1; run < high; ) {
        const middle = (run + high) >>> 1;
        if (ends[middle]! > at) high = middle;
        else run = middle + 1;
      }
      const start = starts[run]!;
      kept.add(leaves[run]!, start < 0 ? rows[at]! : start + at - (run === 0 ? 0 : ends[run - 1]!));
    }
    return kept;
  }

  /** The rows at the first `count` of `positions`, which ascend. */
  subset(positions: Int32Array, count: number): LeafRows {
    const { ends, starts, rows, leaves } = this;
    const kept = new LeafRows(this.columns, count);
    for (let i = 0, run = 0; i < count; i++) {
      const at = positions[i]!;
      while (ends[run]! <= at) run++;
      const start = starts[run]!;
      kept.add(leaves[run]!, start < 0 ? rows[at]! : start + at - (run === 0 ? 0 : ends[run - 1]!));
    }
    return kept;
  }

  /** Of rows that were added one by one those that are wanted; null where that cannot be told. */
  picked(pick: LeafPick): LeafRows | null {
    const { ends, starts, rows, leaves, runs } = this;
    for (let run = 0, from = 0; run < runs && this.count >= TOUCHED_LEAST; run++) {
      if (starts[run]! < 0) pick.touch(leaves[run]!, rows, from, ends[run]!);
      from = ends[run]!;
    }
    const kept = new LeafRows(this.columns, this.count);
    for (let run = 0, from = 0; run < runs; run++) {
      const leaf = leaves[run]!;
      const to = ends[run]!;
      const found = starts[run]! < 0 ? pick.among(leaf, rows, from, to) : -1;
      if (found < 0) return null;
      for (let i = 0; i < found; i++) kept.add(leaf, pick.rows[i]!);
      from = to;
    }
    return kept;
  }

  private addRun(leaf: TreeNode, start: number): void {
    if (this.runs === this.ends.length) {
      this.ends = grown(this.ends, this.runs + 1);
      this.starts = grown(this.starts, this.runs + 1);
    }
    this.leaves[this.runs] = leaf;
    this.starts[this.runs] = start;
    this.runs++;
    this.open = leaf;
  }

  /** The rows added; I3. */
  batch(): Batch {
    if (this.memory !== null) this.giveBack(this.memory);
    const { slots, view } = this.columns;
    if (!isWriteView(view)) return Batch.lazy(slots.length, this.count, null, this);
    return Batch.of(
      slots.map((_, k) => this.load(k)),
      this.count,
    );
  }

  /** Arrays that have grown are the memory's from now on. */
  private giveBack(memory: ChunkMemory): void {
    memory.rows = this.rows;
    memory.ends = this.ends;
    memory.starts = this.starts;
  }

  load(k: number): Vector {
    const { columns, count, runs, ends, starts, rows } = this;
    const { physical } = columns.slots[k]!.type;
    const position = columns.positions[k]!;
    if (position === -2) return constantVector(physical, columns.constant, count);
    if (this.memory === null && count < ALONE_MOST) {
      const alone =
        position === 0 ? this.keys(physical) : physical === Physical.text ? this.texts(position) : null;
      if (alone !== null) return alone;
    }
    const { sources, isComplete } = this.sources(position);
    const wanted = { count: runs, ends, starts, rows };
    const gathered = isComplete ? gatherRuns(sources as Vector[], wanted, this.memory, k) : null;
    if (gathered !== null) return gathered;
    const store = new ColumnStore(physical, Math.max(count, 1));
    const { tree, view } = columns;
    for (let run = 0, from = 0; run < runs; run++) {
      const source = sources[run]!;
      const to = ends[run]!;
      const start = starts[run]!;
      if (source !== null && start < 0) store.appendRows(source, rows, from, to);
      else if (source !== null) store.appendRows(source, null, start, start + to - from);
      else
        for (let i = from; i < to; i++) {
          const row = start < 0 ? rows[i]! : start + i - from;
          store.append(tree.datum(view, this.leaves[run]!, row, position));
        }
      from = to;
    }
    return store.vector();
  }

  /** Keys that follow each other in their leaves: none is read. Null where there are others. */
  private keys(physical: Physical): Vector | null {
    const { leaves, runs, ends, starts, rows, count } = this;
    if (physical !== Physical.int32 && physical !== Physical.int64) return null;
    const values = physical === Physical.int32 ? new Int32Array(count) : new Float64Array(count);
    for (let run = 0, i = 0; run < runs; run++) {
      const leaf = leaves[run]!;
      if (leaf.isPrivate || leaf.searchForm !== SearchForm.dense) return null;
      const start = starts[run]!;
      const base = leaf.keyBase;
      for (const first = i; i < ends[run]!; i++)
        values[i] = base + (start < 0 ? rows[i]! : start + i - first);
    }
    return { physical, values, nulls: null } as Vector;
  }

  /** Texts cut out of their leaves one by one where these are not decoded; null where some are NULL, large or otherwise kept. */
  private texts(position: number): Vector | null {
    const { leaves, runs, ends, starts, rows, count } = this;
    const values = new Array<string>(count);
    for (let run = 0, i = 0; run < runs; run++) {
      const leaf = leaves[run]!;
      const start = starts[run]!;
      const first = i;
      const end = ends[run]!;
      const block = leaf.textsAlone(position, end - first);
      if (block !== null) {
        if (block.nulls !== null) return null;
        for (; i < end; i++) values[i] = block.cell(start < 0 ? rows[i]! : start + i - first);
        continue;
      }
      if (end - first <= NUMBERS_ALONE_MAX && !leaf.isDecoded(position)) {
        for (; i < end; i++) {
          const cell = leaf.cell(position, start < 0 ? rows[i]! : start + i - first);
          if (typeof cell !== 'string') return null;
          values[i] = cell;
        }
        continue;
      }
      if (leaf.column(position).hasOverflow) return null;
      const vector = leaf.vector(position) as TextVector;
      if (vector.nulls !== null) return null;
      for (; i < end; i++) values[i] = vector.values[start < 0 ? rows[i]! : start + i - first]!;
    }
    return { physical: Physical.text, values, nulls: null };
  }

  /** The column in each run's leaf; null where its cells are to be read one by one. */
  private sources(position: number): { readonly sources: (Vector | null)[]; readonly isComplete: boolean } {
    const { leaves, runs, ends } = this;
    const sources = new Array<Vector | null>(runs);
    const { physical } = leaves[0]?.specs[position] ?? { physical: Physical.text };
    const isNumber =
      physical === Physical.int32 ||
      physical === Physical.int64 ||
      physical === Physical.float64 ||
      physical === Physical.numeric;
    let isComplete = true;
    for (let run = 0, from = 0; run < runs; run++) {
      const leaf = leaves[run]!;
      const length = ends[run]! - from;
      from += length;
      // A few cells of a packed column are cheaper one by one than the whole column decoded.
      const isMany = isNumber ? length > NUMBERS_ALONE_MAX : length * WHOLE_SHARE >= leaf.count;
      const isWhole = isMany || leaf.isDecoded(position);
      const source = isWhole && !leaf.column(position).hasOverflow ? leaf.vector(position) : null;
      sources[run] = source;
      if (source === null) isComplete = false;
    }
    return { sources, isComplete };
  }
}

const noRows = new Int32Array(0);

function grown(array: Int32Array, need: number): Int32Array {
  const larger = new Int32Array(Math.max(need, array.length * 2, 64));
  larger.set(array);
  return larger;
}

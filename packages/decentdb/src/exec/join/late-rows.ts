/**
 * Rows of a join's stored side whose columns are fetched for those that find a partner: what a look-up in an index found lies in a
 * leaf each, and most of it may be wanted by nobody.
 *
 *     append(batch)     columns that are made are copied; those that last (ColumnSource.isLasting) are left where they are
 *     column(k)         fetches all that was left there
 *     batch().at(...)   fetches the rows asked for
 *
 * I1  Only columns that last are left: the batch they belong to is void by the time they are fetched.
 * I2  At most LATE_ROWS_MAX rows of few batches are left, since they keep the leaves they are in alive; with more, all columns
 *     are fetched.
 * I3  Rows are fetched one by one until they are half as many as there are; then the column is fetched whole.
 */
import type { Vector } from '../../types/vector.ts';
import { BATCH_ROWS, Batch, type ColumnSource } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { StatementMemory } from '../memory.ts';
import type { Slot } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { gather } from '../vectors.ts';

/** Where the first batch has fewer rows, all are copied. */
const LATE_ROWS_MIN = 32;
const LATE_ROWS_MAX = 2 * BATCH_ROWS;
const LATE_BATCHES_MAX = 16;
/** What a cell left elsewhere counts until it is fetched. */
const LATE_CELL_BYTES = 16;

/** Rows of one batch, from row `start` on. */
interface Left {
  readonly batch: Batch;
  readonly selection: Int32Array | null;
  readonly start: number;
  readonly count: number;
}

/** Rows asked for that are in one batch: where they stand in it, and their numbers among those asked for. */
interface Part {
  readonly from: ColumnSource;
  readonly numbers: Int32Array;
}

export class LateRowStore extends RowStore {
  private readonly slots: readonly Slot[];
  private left: Left[] = [];
  /** By column: whether its rows are left where they are, and how many have been fetched one by one. */
  private readonly isLeft: boolean[];
  private readonly fetched: number[];
  private leftColumns = 0;

  constructor(slots: readonly Slot[], memory: StatementMemory) {
    super(slots, memory);
    this.slots = slots;
    this.isLeft = slots.map(() => false);
    this.fetched = slots.map(() => 0);
  }

  override append(batch: Batch): void {
    const { count } = this;
    const isFew = count + batch.count <= LATE_ROWS_MAX && this.left.length < LATE_BATCHES_MAX;
    const mayLeave = isFew && (count > 0 || batch.count >= LATE_ROWS_MIN);
    for (let k = 0; k < this.columns.length; k++) {
      const isLate = mayLeave && (count === 0 || this.isLeft[k]!) && batch.isLate(k);
      if (isLate && count === 0) {
        this.isLeft[k] = true;
        this.leftColumns++;
      } else if (!isLate && this.isLeft[k]!) this.fetch(k);
      if (!isLate) this.columns[k]!.appendRows(batch.column(k), batch.selection, 0, batch.count);
    }
    if (this.leftColumns > 0) {
      const selection = batch.selection?.slice(0, batch.count) ?? null;
      this.left.push({ batch, selection, start: count, count: batch.count });
    }
    this.grow(batch.count);
  }

  /** Copies a column of all rows left elsewhere. */
  private fetch(k: number): void {
    for (const { batch, selection, count } of this.left)
      this.columns[k]!.appendRows(batch.column(k), selection, 0, count);
    this.isLeft[k] = false;
    if (--this.leftColumns === 0) this.left = [];
  }

  override column(index: number): Vector {
    if (this.isLeft[index]!) this.fetch(index);
    return super.column(index);
  }

  override memoryBytes(): number {
    return super.memoryBytes() + this.leftBytes();
  }

  override memoryBytesWith(more: number): number {
    return super.memoryBytesWith(more) + this.leftBytes();
  }

  private leftBytes(): number {
    return this.left.length === 0 ? 0 : this.count * (this.leftColumns * LATE_CELL_BYTES + 4);
  }

  override batch(selection: Int32Array | null = null, count: number = this.count): Batch {
    return Batch.lazy(this.columns.length, count, selection, {
      load: (column) => this.column(column),
      isLasting: (column) => this.isLeft[column]!,
      at: (positions, rows) => new RowsAt(this, positions, rows),
    });
  }

  /** Rows of a column; `parts` are those of {@link partsOf} for the same positions. */
  rowsAt(k: number, positions: Int32Array, count: number, parts: () => readonly Part[]): Vector {
    this.fetched[k]! += count;
    if (!this.isLeft[k]! || this.fetched[k]! * 2 > this.count)
      return gather(this.column(k), positions, count);
    const all = parts();
    const [only] = all;
    if (all.length === 1) return only!.from.load(k);
    const store = new ColumnStore(this.slots[k]!.type.physical, count);
    const places = new Int32Array(count);
    for (const { from, numbers } of all) {
      for (let i = 0; i < numbers.length; i++) places[numbers[i]!] = store.length + i;
      store.appendRows(from.load(k), null, 0, numbers.length);
    }
    return gather(store.vector(), places, count);
  }

  /** Rows at `positions`, by the batch they are in. */
  partsOf(positions: Int32Array, count: number): readonly Part[] {
    const parts: Part[] = [];
    for (const { batch, selection, start, count: rows } of this.left) {
      const numbers = new Int32Array(count);
      const places = new Int32Array(count);
      let found = 0;
      for (let i = 0; i < count; i++) {
        const row = positions[i]! - start;
        if (row < 0 || row >= rows) continue;
        numbers[found] = i;
        places[found++] = selection === null ? row : selection[row]!;
      }
      if (found === 0) continue;
      parts.push({ from: batch.rowsAt(places, found), numbers: numbers.subarray(0, found) });
    }
    return parts;
  }

  override clear(): void {
    this.left = [];
    this.isLeft.fill(false);
    this.fetched.fill(0);
    this.leftColumns = 0;
    super.clear();
  }
}

/** Rows of a store by their numbers, none of them negative. */
class RowsAt implements ColumnSource {
  private readonly store: LateRowStore;
  private readonly positions: Int32Array;
  private readonly count: number;
  private parts: readonly Part[] | null = null;

  constructor(store: LateRowStore, positions: Int32Array, count: number) {
    this.store = store;
    this.positions = positions;
    this.count = count;
  }

  load(column: number): Vector {
    const { store, positions, count } = this;
    return store.rowsAt(column, positions, count, () => {
      this.parts ??= store.partsOf(positions, count);
      return this.parts;
    });
  }
}

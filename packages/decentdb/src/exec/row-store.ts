/**
 * Rows kept in memory, by column: what sorts, joins and materialisation hold.
 *
 * I1  Rows are numbered 0..count-1 in the order appended.
 * I2  Every byte held is reported to the statement's memory.
 */
import type { Datum, Vector } from '../types/vector.ts';
import { Batch } from './batch.ts';
import { ColumnStore } from './column-store.ts';
import type { StatementMemory } from './memory.ts';
import type { Slot } from './physical.ts';

/** Growth is reported at the latest when this part of the budget, or so many rows, have come. */
const REPORTED_SHARE = 64;
const REPORTED_ROWS_MIN = 64;
const REPORTED_ROWS_MAX = 16384;

export class RowStore {
  readonly columns: readonly ColumnStore[];
  count = 0;
  private readonly memory: StatementMemory;
  private reported = 0;
  private nextReport = 1024;

  constructor(slots: readonly Slot[], memory: StatementMemory) {
    this.columns = slots.map((slot) => new ColumnStore(slot.type.physical));
    this.memory = memory;
  }

  append(batch: Batch): void {
    const { selection, count } = batch;
    for (let i = 0; i < this.columns.length; i++) {
      this.columns[i]!.appendRows(batch.column(i), selection, 0, count);
    }
    this.grow(count);
  }

  appendRow(values: readonly Datum[]): void {
    const { columns } = this;
    for (let i = 0; i < columns.length; i++) columns[i]!.append(values[i]!);
    this.grow(1);
  }

  /** Dense vectors, one a column. */
  appendVectors(vectors: readonly Vector[], count: number): void {
    for (let i = 0; i < this.columns.length; i++) this.columns[i]!.appendRows(vectors[i]!, null, 0, count);
    this.grow(count);
  }

  protected grow(count: number): void {
    this.count += count;
    if (this.count < this.nextReport) return;
    this.report();
    const perRow = Math.max(1, this.reported / this.count);
    const few = Math.floor(this.memory.limits.workBytes / REPORTED_SHARE / perRow);
    this.nextReport = this.count + Math.max(REPORTED_ROWS_MIN, Math.min(REPORTED_ROWS_MAX, few));
  }

  /** Bytes reported. */
  get heldBytes(): number {
    return this.reported;
  }

  /** Bytes held, roughly. */
  memoryBytes(): number {
    let bytes = 0;
    for (const column of this.columns) bytes += column.memoryBytes();
    return bytes;
  }

  /** Bytes held once `more` rows like those so far have come. */
  memoryBytesWith(more: number): number {
    let bytes = 0;
    for (const column of this.columns) bytes += column.memoryBytesWith(more);
    return bytes;
  }

  /** Tells the statement's memory what is held now. */
  report(): void {
    this.reported = this.memory.resize(this.reported, this.memoryBytes());
  }

  column(index: number): Vector {
    return this.columns[index]!.vector();
  }

  /** All rows, or those of `selection`. */
  batch(selection: Int32Array | null = null, count: number = this.count): Batch {
    return Batch.lazy(this.columns.length, count, selection, { load: (column) => this.column(column) });
  }

  /**
   * Forgets the rows but keeps their memory for others; what was handed out is no longer valid, and must not have been a join's side:
   * arrays that come again are known by aggregates (Batch.origin).
   */
  rewind(): void {
    for (const column of this.columns) column.rewind();
    this.count = 0;
  }

  /** Forgets the rows and gives the memory back. */
  clear(): void {
    for (const column of this.columns) column.reset();
    this.count = 0;
    this.nextReport = 1024;
    this.reported = this.memory.resize(this.reported, 0);
  }
}

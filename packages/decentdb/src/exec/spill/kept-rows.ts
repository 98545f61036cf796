/**
 * Rows kept until all are there, then asked for by number, ascending for the most part: in memory, or beyond the budget in a file.
 *
 * I1  Rows are numbered in the order appended. None is asked for before `finish`.
 */
import type { Vector } from '../../types/vector.ts';
import { type Batch, identity } from '../batch.ts';
import type { StatementMemory } from '../memory.ts';
import type { Slot } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { gather } from '../vectors.ts';
import { IndexedRows } from './indexed-rows.ts';

/** Fewer rows are not worth a file. */
const SPILL_ROWS_MIN = 1024;

export class KeptRows {
  private readonly held: RowStore;
  private readonly slots: readonly Slot[];
  private readonly memory: StatementMemory;
  private isUnstorable = false;
  private stored: IndexedRows | null = null;

  constructor(slots: readonly Slot[], memory: StatementMemory) {
    this.held = new RowStore(slots, memory);
    this.slots = slots;
    this.memory = memory;
  }

  append(batch: Batch): void {
    if (this.stored === null) {
      this.held.append(batch);
      this.makeRoom();
      return;
    }
    const rows = batch.selection ?? identity(0, batch.count);
    const vectors = this.slots.map((_, i) => gather(batch.column(i), rows, batch.count));
    this.stored.appendVectors(vectors, batch.count);
  }

  /** Dense vectors, one a column. */
  appendVectors(vectors: readonly Vector[], count: number): void {
    if (this.stored !== null) {
      this.stored.appendVectors(vectors, count);
      return;
    }
    this.held.appendVectors(vectors, count);
    this.makeRoom();
  }

  private makeRoom(): void {
    if (!this.memory.wantsSpill || this.isUnstorable || this.held.count < SPILL_ROWS_MIN) return;
    this.isUnstorable = this.slots.length === 0 || !IndexedRows.canHold(this.slots);
    if (!this.isUnstorable) this.store();
  }

  private store(): void {
    const { held } = this;
    held.report();
    this.stored = new IndexedRows(this.slots, held.heldBytes / held.count, this.memory, 1);
    this.stored.appendVectors(
      held.columns.map((column) => column.vector()),
      held.count,
    );
    held.clear();
  }

  finish(): void {
    this.stored?.finish();
    if (this.stored === null) this.held.report();
  }

  /** The rows of these numbers, dense. */
  rowsAt(rows: Int32Array): Vector[] {
    if (this.stored !== null) return this.stored.rowsAt(rows);
    return this.held.columns.map((column) => gather(column.vector(), rows, rows.length));
  }

  clear(): void {
    this.held.clear();
    this.stored?.close();
    this.stored = null;
  }
}

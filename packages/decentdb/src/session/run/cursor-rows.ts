/**
 * The rows of a cursor: kept when it is declared, given by their places; beyond the budget in a temporary file.
 *
 * I1  Rows come in batches, so that a FETCH of all of them holds a few.
 */
import { Batch } from '../../exec/batch.ts';
import type { StatementMemory } from '../../exec/memory.ts';
import type { Slot } from '../../exec/physical.ts';
import { KeptRows } from '../../exec/spill/kept-rows.ts';
import type { Session } from '../session.ts';

const BATCH_ROWS = 1024;

/** Places one after the other, forwards (`step` 1) or backwards (-1). */
export interface Passed {
  readonly first: number;
  readonly count: number;
  readonly step: 1 | -1;
}

export class CursorRows {
  count = 0;
  private readonly session: Session;
  private readonly memory: StatementMemory;
  private readonly rows: KeptRows;

  constructor(slots: readonly Slot[], session: Session) {
    this.session = session;
    this.memory = session.keptMemory.take(session);
    this.rows = new KeptRows(slots, this.memory);
  }

  append(batch: Batch): void {
    this.rows.append(batch);
    this.count += batch.count;
  }

  get heldBytes(): number {
    return this.memory.heldBytes;
  }

  /** All rows are there. */
  finish(): void {
    this.rows.finish();
  }

  /** Rows in the order they are passed (I1). */
  reader({ first, count, step }: Passed): () => Batch | null {
    let given = 0;
    return () => {
      if (given >= count) return null;
      const places = new Int32Array(Math.min(BATCH_ROWS, count - given));
      for (let i = 0; i < places.length; i++) places[i] = first + (given + i) * step;
      given += places.length;
      return Batch.of(this.rows.rowsAt(places), places.length);
    };
  }

  /** The rows are nobody's any more. */
  close(): void {
    this.rows.clear();
    this.session.keptMemory.release(this.memory);
  }
}

/**
 * Whether values are among the rows of a subquery: true, false or unknown, as IN has it.
 *
 * I1  A row is known once: what comes again is not kept.
 * I2  Where a side has a NULL, rows that agree in all columns known on both sides make the answer unknown.
 */
import type { Datum, Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { StatementMemory } from '../memory.ts';
import type { Slot } from '../physical.ts';
import { SeenRows } from '../spill/seen-rows.ts';
import { Spool } from '../spill/spool.ts';
import { datumAt, isNullAt } from '../vectors.ts';

export class Membership {
  private readonly slots: readonly Slot[];
  private readonly seen: SeenRows;
  private readonly all: Spool;
  /** Rows with a NULL in them. */
  private readonly partial: Spool;
  private readonly found = new Uint8Array(1);

  constructor(slots: readonly Slot[], memory: StatementMemory) {
    this.slots = slots.map(({ type, typmod }) => ({ type, typmod }));
    this.seen = new SeenRows(this.slots, memory);
    this.all = new Spool(this.slots, memory);
    this.partial = new Spool(this.slots, memory);
  }

  add(batch: Batch): void {
    const fresh = this.seen.add(batch, this.all);
    if (fresh === null) return;
    this.all.append(fresh);
    const vectors = this.slots.map((_, i) => fresh.column(i));
    const rows = new Int32Array(fresh.count);
    let count = 0;
    for (let i = 0; i < fresh.count; i++) {
      const at = fresh.position(i);
      if (vectors.some((vector) => isNullAt(vector, at))) rows[count++] = at;
    }
    if (count > 0) this.partial.append(fresh.select(rows, count));
  }

  test(left: readonly Datum[]): boolean | null {
    if (this.all.count === 0) return false;
    if (left.includes(null)) return this.mayMatch(left, this.all) ? null : false;
    this.found[0] = 0;
    this.seen.test(this.rowOf(left), this.found);
    if (this.found[0] === 1) return true;
    return this.mayMatch(left, this.partial) ? null : false;
  }

  private rowOf(values: readonly Datum[]): Batch {
    const vectors: Vector[] = this.slots.map((slot, i) => {
      const store = new ColumnStore(slot.type.physical, 1);
      store.append(values[i]!);
      return store.vector();
    });
    return Batch.of(vectors, 1);
  }

  /** I2. */
  private mayMatch(left: readonly Datum[], among: Spool): boolean {
    if (left.length === 1) return among.count > 0;
    if (among.count === 0) return false;
    const reader = among.reader();
    for (let batch = reader.next(); batch !== null; batch = reader.next()) {
      for (let i = 0; i < batch.count; i++) if (this.agrees(left, batch, batch.position(i))) return true;
    }
    return false;
  }

  private agrees(left: readonly Datum[], rows: Batch, at: number): boolean {
    for (let k = 0; k < left.length; k++) {
      const known = left[k]!;
      const value = datumAt(rows.column(k), at);
      if (known !== null && value !== null && !this.slots[k]!.type.equals(known, value)) return false;
    }
    return true;
  }

  close(): void {
    this.seen.close();
    this.all.clear();
    this.partial.clear();
  }
}

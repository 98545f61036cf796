/**
 * Rows an action of a foreign key found, with the values they get, all of them before the first is changed; beyond the budget in a file.
 *
 * I1  A row is there once, with the values it was found with first. The first column is its id.
 */
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { StatementMemory } from '../memory.ts';
import type { Slot } from '../physical.ts';
import { RowIdSet } from '../row-id-set.ts';
import { KeptRows } from '../spill/kept-rows.ts';
import { datumAt } from '../vectors.ts';
import { vectorsOfRows } from './row-batch.ts';
import { consecutive } from './row-numbers.ts';

type Row = readonly Datum[];

const PENDING_ROWS = 256;

export class FoundRows {
  count = 0;
  private readonly slots: readonly Slot[];
  private readonly met: RowIdSet;
  private readonly kept: KeptRows;
  private pending: Row[] = [];

  constructor(types: readonly SqlType[], memory: StatementMemory) {
    this.slots = types.map((type) => ({ type, typmod: -1 }));
    this.met = new RowIdSet(memory);
    this.kept = new KeptRows(this.slots, memory);
  }

  add(row: Row): void {
    if (!this.met.add(row[0]!)) return;
    this.count++;
    this.pending.push(row);
    if (this.pending.length >= PENDING_ROWS) this.keep();
  }

  private keep(): void {
    this.kept.appendVectors(vectorsOfRows(this.slots, this.pending), this.pending.length);
    this.pending = [];
  }

  /** All rows, `size` at a time; none are added any more. */
  *batches(size: number): Iterable<Row[]> {
    if (this.count <= this.pending.length) {
      yield this.pending;
      return;
    }
    if (this.pending.length > 0) this.keep();
    this.kept.finish();
    this.met.clear();
    for (let from = 0; from < this.count; from += size) {
      const rows = consecutive(from, Math.min(this.count, from + size));
      const vectors = this.kept.rowsAt(rows);
      yield Array.from(rows, (_, row) => vectors.map((vector) => datumAt(vector, row)));
    }
  }

  clear(): void {
    this.met.clear();
    this.kept.clear();
    this.pending = [];
  }
}

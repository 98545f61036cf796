/**
 * Keys a join has on its build side, handed to the operators below its probe side: rows with other keys need not come up.
 *
 * I1  Only for joins that output nothing for probe rows without a partner. Leaving rows in is always right.
 * I2  Where few rows are left out, looking stops.
 */
import { Physical, type Vector } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import type { CodeSet, PlainKeys } from './code-map.ts';

/** Rows after which looking must have left out enough to go on. */
const TRIAL_ROWS = 8192;
const SHARE_MAX = 0.7;

export class KeyFilter {
  private readonly keys: CodeSet;
  private looked = 0;
  private kept = 0;

  constructor(keys: CodeSet) {
    this.keys = keys;
  }

  /**
   * Rows whose column `slot` may have a partner, their positions in `room` where that is large enough; null when none may. Rows that
   * came in `room` may go.
   */
  run(batch: Batch, slot: number, room: Int32Array | null = null): Batch | null {
    if (this.looked > TRIAL_ROWS && this.kept > this.looked * SHARE_MAX) return batch;
    const vector = batch.column(slot);
    const values = plainKeys(vector);
    if (values === null) return batch;
    const { count } = batch;
    const out = room !== null && room.length >= count ? room : new Int32Array(count);
    const kept = this.keys.select(values, vector.nulls, batch.selection, count, out);
    this.looked += count;
    this.kept += kept;
    return kept === count ? batch : kept === 0 ? null : batch.select(out, kept);
  }
}

/** The array of a vector whose integers are their own key codes; else null. */
export function plainKeys(vector: Vector): PlainKeys | null {
  if (vector.physical !== Physical.int32 && vector.physical !== Physical.int64) return null;
  const { values } = vector;
  return values instanceof BigInt64Array ? null : values;
}

export interface SlotFilter {
  readonly slot: number;
  readonly keys: KeyFilter;
}

/** The rows that pass all filters, as {@link KeyFilter.run}; null when none do. */
export function runFilters(
  filters: readonly SlotFilter[],
  batch: Batch,
  room: Int32Array | null = null,
): Batch | null {
  let rows: Batch | null = batch;
  for (let i = 0; i < filters.length && rows !== null; i++)
    rows = filters[i]!.keys.run(rows, filters[i]!.slot, room);
  return rows;
}

/**
 * The codes of whole keys: one KeyColumn for each key, buffers reused from batch to batch.
 */

import type { SqlType } from '../../types/sql-type.ts';
import type { Vector } from '../../types/vector.ts';
import { batchRoom } from '../batch.ts';
import { type KeyColumn, keyColumnFor, NULL_CODE } from './key-column.ts';

export class KeyEncoder {
  readonly columns: readonly KeyColumn[];
  private buffers: Float64Array[] = [];
  /** By key column: what bounds the codes encoded last ({@link KeyColumn.codeLimit}), -1 also where there are NULLs. */
  readonly limits: number[];

  constructor(types: readonly SqlType[]) {
    this.columns = types.map(keyColumnFor);
    this.limits = types.map(() => -1);
  }

  /** Codes by key column; valid until the next call. `positions`: of all columns, or one list a column; `areLasting`: vectors that come again and never change. */
  encode(
    vectors: readonly Vector[],
    positions: Int32Array | null | readonly (Int32Array | null)[],
    count: number,
    isInsert: boolean,
    areLasting: readonly boolean[] | null = null,
  ): readonly Float64Array[] {
    if (this.buffers.length !== this.columns.length || (this.buffers[0]?.length ?? count) < count) {
      this.buffers = this.columns.map(() => new Float64Array(batchRoom(count)));
    }
    for (let k = 0; k < this.columns.length; k++) {
      const own = positions === null || positions instanceof Int32Array ? positions : positions[k]!;
      const column = this.columns[k]!;
      column.encode(vectors[k]!, own, count, this.buffers[k]!, isInsert, areLasting?.[k] === true);
      this.limits[k] = isInsert && vectors[k]!.nulls === null ? column.codeLimit : -1;
    }
    return this.buffers;
  }

  /** The one key's numbers, where they are their own codes and none is NULL; else null. */
  plainInts(vectors: readonly Vector[]): Int32Array | null {
    if (vectors.length !== 1 || !this.columns[0]!.isPlain) return null;
    const { values, nulls } = vectors[0]!;
    return nulls === null && values instanceof Int32Array ? values : null;
  }

  memoryBytes(): number {
    return this.columns.reduce((sum, column) => sum + column.memoryBytes(), 0);
  }
}

/** Whether a row has a NULL in a key where NULLs do not match; `nullSafe` by key. */
export function hasNullKey(
  codes: readonly Float64Array[],
  row: number,
  nullSafe: readonly boolean[] | undefined,
): boolean {
  for (let k = 0; k < codes.length; k++) {
    if (codes[k]![row] === NULL_CODE && nullSafe?.[k] !== true) return true;
  }
  return false;
}

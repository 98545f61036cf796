/** Hashes of rows by the values of their keys: equal keys, equal hashes, whatever vectors they stand in. */
import type { SqlType } from '../../types/sql-type.ts';
import type { Vector } from '../../types/vector.ts';
import { datumAt } from '../vectors.ts';

const NULL_HASH = 0x51ed27;

/** Hash of the row at `positions[i]` of the key vectors into `out[i]`; `salt` makes other hashes of the same values. */
export function hashRows(
  keys: readonly Vector[],
  types: readonly SqlType[],
  positions: Int32Array,
  count: number,
  salt: number,
  out: Int32Array,
): void {
  for (let i = 0; i < count; i++) {
    let hash = salt;
    for (let k = 0; k < keys.length; k++) {
      const value = datumAt(keys[k]!, positions[i]!);
      hash = Math.imul(hash ^ (value === null ? NULL_HASH : types[k]!.hash(value)), 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    out[i] = Math.imul(hash, 0xc2b2ae35);
  }
}

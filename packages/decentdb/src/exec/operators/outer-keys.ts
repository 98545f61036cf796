/**
 * Numbers lists of outer values: equal values (NULLs equal) get one number.
 *
 * I1  Rows that follow each other often have the same values, as those of a look-up or of sorted rows do: the last list is known by its
 *     values, where these are plain ones. Only the very same ones count as equal there (-0 is not 0).
 */
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import { ColumnStore } from '../column-store.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';

/** Lists after which keeping results must have saved enough runs to go on. */
const TRIAL_LISTS = 4096;
const HIT_SHARE_MIN = 1 / 16;

export class OuterKeys {
  private asked = 0;
  private readonly types: readonly SqlType[];
  private readonly encoder: KeyEncoder;
  private readonly table: GroupTable;
  private readonly group = new Int32Array(1);
  private readonly fresh = new Int32Array(1);
  private last: readonly Datum[] | null = null;
  private lastId = -1;

  constructor(types: readonly SqlType[]) {
    this.types = types;
    this.encoder = new KeyEncoder(types);
    this.table = new GroupTable(types.length);
  }

  /** Hardly any values come twice: what is kept for them is kept in vain. */
  get areHardlyRepeated(): boolean {
    return this.asked >= TRIAL_LISTS && this.asked - this.table.count < this.asked * HIT_SHARE_MIN;
  }

  /** The number of these values; when new, the next number if `isInsert`, else -1. */
  idOf(values: readonly Datum[], isInsert: boolean): number {
    this.asked++;
    if (this.last !== null && areSame(values, this.last)) return this.lastId;
    const vectors: Vector[] = this.types.map((type, i) => {
      const store = new ColumnStore(type.physical, 1);
      store.append(values[i]!);
      return store.vector();
    });
    const codes = this.encoder.encode(vectors, null, 1, isInsert);
    if (isInsert) this.table.insert(codes, 1, this.group, this.fresh);
    else this.table.find(codes, 1, this.group);
    this.lastId = this.group[0]!;
    this.last = this.lastId < 0 ? null : values.slice();
    return this.lastId;
  }
}

/** I1. */
function areSame(values: readonly Datum[], others: readonly Datum[]): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'object' && value !== null) return false;
    if (!Object.is(value, others[i])) return false;
  }
  return true;
}

/**
 * Numbers lists of outer values: equal values (NULLs equal) get one number; or, for what is computed from them, only the very same.
 *
 * I1  Rows that follow each other often have the same values, as those of a look-up or of sorted rows do: the last list is known by its
 *     values, where these are plain ones. Only the very same ones count as equal there (-0 is not 0).
 * I2  What is computed from equal values may differ (1.0 and 1.00, 0 and -0, '1 day' and '24:00' have different texts): results are kept
 *     by values told apart (`apart`).
 */
import type { Decimal } from '../../types/decimal.ts';
import { int4Type } from '../../types/integer-types.ts';
import { defaultTypeSettings, type SqlType } from '../../types/sql-type.ts';
import { textType } from '../../types/text-types.ts';
import { type Datum, Physical, type Vector } from '../../types/vector.ts';
import { ColumnStore } from '../column-store.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import { isPlainText } from '../type-traits.ts';

/** Lists after which keeping results must have saved enough runs to go on. */
const TRIAL_LISTS = 4096;
const HIT_SHARE_MIN = 1 / 16;

/** What one value of a list is numbered by; `of` null: by itself. */
interface KeyPart {
  readonly at: number;
  readonly type: SqlType;
  readonly of: ((value: Datum) => Datum) | null;
}

export class OuterKeys {
  private asked = 0;
  private readonly parts: readonly KeyPart[];
  private readonly encoder: KeyEncoder;
  private readonly table: GroupTable;
  private readonly group = new Int32Array(1);
  private readonly fresh = new Int32Array(1);
  private last: readonly Datum[] | null = null;
  private lastId = -1;

  /** `equality`: which values get one number (I2). */
  constructor(types: readonly SqlType[], equality: 'equal' | 'apart') {
    this.parts = types.flatMap((type, at) =>
      equality === 'apart' ? partsApart(type, at) : [{ at, type, of: null }],
    );
    this.encoder = new KeyEncoder(this.parts.map((part) => part.type));
    this.table = new GroupTable(this.parts.length);
  }

  /** Hardly any values come twice: what is kept for them is kept in vain. */
  get areHardlyRepeated(): boolean {
    return this.asked >= TRIAL_LISTS && this.asked - this.table.count < this.asked * HIT_SHARE_MIN;
  }

  /** The number of these values; when new, the next number if `isInsert`, else -1. */
  idOf(values: readonly Datum[], isInsert: boolean): number {
    this.asked++;
    if (this.last !== null && areSame(values, this.last)) return this.lastId;
    const vectors: Vector[] = this.parts.map(({ at, type, of }) => {
      const store = new ColumnStore(type.physical, 1);
      const value = values[at]!;
      store.append(of === null || value === null ? value : of(value));
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

/** I2. */
function partsApart(type: SqlType, at: number): KeyPart[] {
  const own: KeyPart = { at, type, of: null };
  switch (type.physical) {
    case Physical.float64:
      return [own, { at, type: int4Type, of: (value) => (Object.is(value, -0) ? 1 : 0) }];
    case Physical.numeric:
      return [own, { at, type: int4Type, of: (value) => (value as Decimal).scale }];
    case Physical.text:
      return isPlainText(type) ? [own] : [{ at, type: textType, of: (value) => value }];
    case Physical.object:
      return [{ at, type: textType, of: (value) => type.output(value, defaultTypeSettings) }];
    default:
      return [own];
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

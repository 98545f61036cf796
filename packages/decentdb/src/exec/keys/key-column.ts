/**
 * Key codes: values as doubles whose equality is the type's equality.
 *
 * Grouping, hashing and DISTINCT work on codes alone. Integers are their own codes; other types go through a dictionary
 * that numbers their values.
 *
 * I1  Two values of one KeyColumn have the same code exactly when the type calls them equal (NaN = NaN, 1.50 = 1.5).
 * I2  NULL is NULL_CODE; a value a look-up does not know is MISSING_CODE. Codes above ODD_MIN are never plain values:
 *     values that large, NaN and bigints beyond 2^53 are numbered downward from there.
 * I3  Join sides share one KeyColumn; looking up never grows the dictionary.
 */
import type { Decimal } from '../../types/decimal.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { type Datum, Physical, type Vector } from '../../types/vector.ts';
import { isPlainText } from '../type-traits.ts';
import { datumAt, isScalable } from '../vectors.ts';
import { packedText, ShortTexts } from './short-texts.ts';

export const NULL_CODE: number = Number.MAX_VALUE;
/** Distance of neighbouring doubles below MAX_VALUE. */
const STEP = 2 ** 971;
export const MISSING_CODE: number = NULL_CODE - STEP;
const ODD_MIN = 2 ** 1023;

function oddCode(index: number): number {
  return NULL_CODE - (index + 2) * STEP;
}

/** Codes of one key column's values. */
export abstract class KeyColumn {
  /**
   * Codes of the rows at `positions` (null: 0..count-1) into `out[0..count-1]`.
   * `isInsert` false: unknown values get MISSING_CODE. `isLasting`: the vector's values never change.
   */
  encode(
    vector: Vector,
    positions: Int32Array | null,
    count: number,
    out: Float64Array,
    isInsert: boolean,
    isLasting = false,
  ): void {
    this.encodeValues(vector, positions, count, out, isInsert, isLasting);
    const { nulls } = vector;
    if (nulls === null) return;
    for (let i = 0; i < count; i++) {
      if (nulls[positions === null ? i : positions[i]!] === 1) out[i] = NULL_CODE;
    }
  }

  protected abstract encodeValues(
    vector: Vector,
    positions: Int32Array | null,
    count: number,
    out: Float64Array,
    isInsert: boolean,
    isLasting: boolean,
  ): void;

  /** Integers are their own codes. */
  get isPlain(): boolean {
    return false;
  }

  /** Where values are numbered, all codes but the reserved ones are below it and none is negative; -1: they may be any. */
  get codeLimit(): number {
    return -1;
  }

  /** Bytes the dictionary holds, roughly. */
  memoryBytes(): number {
    return 0;
  }
}

/** Numbers odd values by what a Map calls equal. */
class OddValues {
  private readonly ids = new Map<Datum, number>();

  code(value: Datum, isInsert: boolean): number {
    let id = this.ids.get(value);
    if (id === undefined) {
      if (!isInsert) return MISSING_CODE;
      id = this.ids.size;
      this.ids.set(value, id);
    }
    return oddCode(id);
  }
}

/** bool, int32, int64, float64. */
class NumberKeyColumn extends KeyColumn {
  private readonly odd = new OddValues();

  override get isPlain(): boolean {
    return true;
  }

  protected override encodeValues(
    vector: Vector,
    positions: Int32Array | null,
    count: number,
    out: Float64Array,
    isInsert: boolean,
  ): void {
    const values = vector.values as Int32Array | Float64Array | BigInt64Array | Uint8Array;
    if (values instanceof Int32Array) copyInt32(values, positions, count, out);
    else if (values instanceof Uint8Array) copyBytes(values, positions, count, out);
    else if (values instanceof BigInt64Array) this.encodeDatums(vector, positions, count, out, isInsert);
    else {
      copyFloat64(values, positions, count, out);
      if (vector.physical === Physical.float64) this.repair(out, count, isInsert);
    }
  }

  private encodeDatums(
    vector: Vector,
    positions: Int32Array | null,
    count: number,
    out: Float64Array,
    isInsert: boolean,
  ): void {
    for (let i = 0; i < count; i++) {
      const value = datumAt(vector, positions === null ? i : positions[i]!);
      out[i] = typeof value === 'bigint' ? this.odd.code(value, isInsert) : ((value ?? 0) as number);
    }
  }

  /** -0 becomes 0; NaN and values among the reserved codes are numbered. */
  private repair(out: Float64Array, count: number, isInsert: boolean): void {
    for (let i = 0; i < count; i++) {
      const value = out[i]!;
      if (value === 0) out[i] = 0;
      else if (!(value < ODD_MIN)) out[i] = this.odd.code(value, isInsert);
    }
  }
}

function copyInt32(values: Int32Array, positions: Int32Array | null, count: number, out: Float64Array): void {
  if (positions === null) for (let i = 0; i < count; i++) out[i] = values[i]!;
  else for (let i = 0; i < count; i++) out[i] = values[positions[i]!]!;
}
function copyBytes(values: Uint8Array, positions: Int32Array | null, count: number, out: Float64Array): void {
  if (positions === null) for (let i = 0; i < count; i++) out[i] = values[i]!;
  else for (let i = 0; i < count; i++) out[i] = values[positions[i]!]!;
}
function copyFloat64(
  values: Float64Array,
  positions: Int32Array | null,
  count: number,
  out: Float64Array,
): void {
  if (positions === null) for (let i = 0; i < count; i++) out[i] = values[i]!;
  else for (let i = 0; i < count; i++) out[i] = values[positions[i]!]!;
}

/** A column is numbered as a whole when it has at most so many times the rows asked for at once. */
const WHOLE_FACTOR = 8;
/** Values a Map tells apart as the type does: plain text and uuid. */
class MapKeyColumn extends KeyColumn {
  private readonly ids = new Map<unknown, number>();
  private bytes = 0;
  /** Texts of few characters: flags, states and countries are told apart without hashing strings. */
  private readonly shorts = new ShortTexts();
  /** Code + 1 by place in the array of values that came last, once the same came twice: rows of a join's build side. */
  private known: Int32Array | null = null;
  private last: readonly unknown[] | null = null;

  override get codeLimit(): number {
    return this.ids.size;
  }

  override memoryBytes(): number {
    return this.bytes;
  }

  protected override encodeValues(
    vector: Vector,
    positions: Int32Array | null,
    count: number,
    out: Float64Array,
    isInsert: boolean,
    isLasting: boolean,
  ): void {
    const values = vector.values as readonly unknown[];
    const { nulls } = vector;
    if (isInsert && isLasting && positions !== null && this.comesAgain(values, nulls, count)) {
      this.encodeLasting(values, nulls, positions, count, out);
      return;
    }
    let previous: unknown;
    let previousCode = MISSING_CODE;
    for (let i = 0; i < count; i++) {
      const at = positions === null ? i : positions[i]!;
      if (nulls !== null && nulls[at] === 1) continue;
      const value = values[at];
      if (value !== previous) {
        previous = value;
        previousCode = this.codeOf(value as string, isInsert);
      }
      out[i] = previousCode;
    }
  }

  /** Whether values are looked up by place: the same array as last time, so it will come again. */
  private comesAgain(values: readonly unknown[], nulls: Uint8Array | null, count: number): boolean {
    if (values === this.last) {
      if (this.known === null) {
        this.known = new Int32Array(values.length);
        if (values.length <= count * WHOLE_FACTOR) this.encodeAll(values, nulls, this.known);
      }
      return this.known.length >= values.length;
    }
    this.last = values;
    this.known = null;
    return false;
  }

  /** Looks all values up in the order they lie in, which takes less than finding them by places that come in any order. */
  private encodeAll(values: readonly unknown[], nulls: Uint8Array | null, known: Int32Array): void {
    for (let at = 0; at < values.length; at++) {
      const value = values[at];
      // An array may have room for more.
      if (value === undefined || value === null || (nulls !== null && nulls[at] === 1)) continue;
      known[at] = this.codeOf(value as string, true) + 1;
    }
  }

  private encodeLasting(
    values: readonly unknown[],
    nulls: Uint8Array | null,
    positions: Int32Array,
    count: number,
    out: Float64Array,
  ): void {
    const known = this.known!;
    for (let i = 0; i < count; i++) {
      const at = positions[i]!;
      let code = known[at]!;
      if (code === 0) {
        if (nulls !== null && nulls[at] === 1) continue;
        code = this.codeOf(values[at] as string, true) + 1;
        known[at] = code;
      }
      out[i] = code - 1;
    }
  }

  private codeOf(value: string, isInsert: boolean): number {
    const packed = packedText(value);
    if (packed === 0) return this.ids.get(value) ?? (isInsert ? this.add(value) : MISSING_CODE);
    const code = this.shorts.get(packed);
    if (code >= 0) return code;
    if (!isInsert) return MISSING_CODE;
    const added = this.add(value);
    this.shorts.set(packed, added);
    return added;
  }

  private add(value: unknown): number {
    const id = this.ids.size;
    this.ids.set(value, id);
    this.bytes += 56 + String(value).length;
    return id;
  }
}

/** numeric: scaled integers are their own codes while they share the first scale seen. */
class NumericKeyColumn extends KeyColumn {
  private readonly odd = new Map<string, number>();
  private scale = -1;

  protected override encodeValues(
    vector: Vector,
    positions: Int32Array | null,
    count: number,
    out: Float64Array,
    isInsert: boolean,
  ): void {
    if (vector.physical === Physical.numeric && vector.scaled !== null) {
      if (this.scale < 0 && isInsert) this.scale = vector.scale;
      if (vector.scale === this.scale) {
        copyFloat64(vector.scaled, positions, count, out);
        return;
      }
    }
    for (let i = 0; i < count; i++) {
      const value = datumAt(vector, positions === null ? i : positions[i]!);
      if (value !== null) out[i] = this.code(value as Decimal, isInsert);
    }
  }

  private code(value: Decimal, isInsert: boolean): number {
    const trimmed = value.trimScale();
    if (this.scale < 0 && isInsert) this.scale = trimmed.scale;
    if (trimmed.scale <= this.scale && isScalable(trimmed)) {
      const grown = trimmed.round(this.scale);
      if (typeof grown.coefficient === 'number') return grown.coefficient;
    }
    const key = `${trimmed.coefficient}e${trimmed.scale}`;
    let id = this.odd.get(key);
    if (id === undefined) {
      if (!isInsert) return MISSING_CODE;
      id = this.odd.size;
      this.odd.set(key, id);
    }
    return oddCode(id);
  }
}

/** Any type: buckets by the type's hash, compared by its `equals`. */
class GenericKeyColumn extends KeyColumn {
  private readonly type: SqlType;
  private readonly buckets = new Map<number, number[]>();
  private readonly values: Datum[] = [];

  constructor(type: SqlType) {
    super();
    this.type = type;
  }

  override get codeLimit(): number {
    return this.values.length;
  }

  override memoryBytes(): number {
    return this.values.length * 150;
  }

  protected override encodeValues(
    vector: Vector,
    positions: Int32Array | null,
    count: number,
    out: Float64Array,
    isInsert: boolean,
  ): void {
    for (let i = 0; i < count; i++) {
      const value = datumAt(vector, positions === null ? i : positions[i]!);
      if (value !== null) out[i] = this.code(value, isInsert);
    }
  }

  private code(value: Datum, isInsert: boolean): number {
    const hash = this.type.hash(value);
    const bucket = this.buckets.get(hash);
    if (bucket !== undefined) {
      for (const id of bucket) if (this.type.equals(this.values[id]!, value)) return id;
    }
    if (!isInsert) return MISSING_CODE;
    const id = this.values.length;
    this.values.push(value);
    if (bucket === undefined) this.buckets.set(hash, [id]);
    else bucket.push(id);
    return id;
  }
}

/** The key column for values of a type. */
export function keyColumnFor(type: SqlType): KeyColumn {
  switch (type.physical) {
    case Physical.bool:
    case Physical.int32:
    case Physical.int64:
    case Physical.float64:
      return new NumberKeyColumn();
    case Physical.uuid:
      return new MapKeyColumn();
    case Physical.text:
      return isPlainText(type) ? new MapKeyColumn() : new GenericKeyColumn(type);
    case Physical.numeric:
      return new NumericKeyColumn();
    default:
      return new GenericKeyColumn(type);
  }
}

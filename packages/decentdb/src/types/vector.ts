/**
 * Columns of values in memory: the one representation that leaves, batches and operators share.
 *
 * Physical kinds and the JavaScript value ("datum") of one cell:
 *
 *     kind     values                          datum
 *     bool     Uint8Array of 0 / 1             boolean
 *     int32    Int32Array                      number (int2, int4, date as days since 2000-01-01)
 *     int64    Float64Array or BigInt64Array   number when |v| <= 2^53 - 1, else bigint (int8, time, timestamps in microseconds since 2000-01-01)
 *     float64  Float64Array                    number (float8; float4 as Math.fround values; enum sort order)
 *     text     string[]                        string (text, varchar, char, json, name)
 *     uuid     string[]                        string, 36 characters, lower case
 *     bytes    Uint8Array[]                    Uint8Array
 *     numeric  scaled Float64Array or Decimal[]  Decimal
 *     object   unknown[]                       whatever the type's codec makes (interval, jsonb, arrays, composites, timetz, ...)
 *
 * I1  `nulls` is null when no cell is null; else one byte a cell, 1 = NULL. The value under a NULL is unspecified.
 * I2  Arrays may be longer than the number of rows: the owner of the vector says how many rows count.
 * I3  int64 is normalised: a datum is a bigint only beyond the safe range, so `===` compares datums.
 * I4  A numeric vector holds `scaled` (every finite value times 10^scale, all safe integers, all of display scale `scale`)
 *     or, when that cannot be, `values`; exactly one of the two is non-null.
 * I5  Vectors handed out by committed leaves are shared and must never be written to.
 */
import type { Decimal } from './decimal.ts';

export const Physical = {
  bool: 0,
  int32: 1,
  int64: 2,
  float64: 3,
  text: 4,
  uuid: 5,
  bytes: 6,
  numeric: 7,
  object: 8,
} as const;
export type Physical = (typeof Physical)[keyof typeof Physical];

/** One value. `null` is SQL NULL; see the table above for the rest. */
export type Datum = null | boolean | number | bigint | string | Uint8Array | Decimal | object;

export type NullMask = Uint8Array | null;

export interface BoolVector {
  readonly physical: typeof Physical.bool;
  readonly values: Uint8Array;
  readonly nulls: NullMask;
}
export interface Int32Vector {
  readonly physical: typeof Physical.int32;
  readonly values: Int32Array;
  readonly nulls: NullMask;
}
export interface Int64Vector {
  readonly physical: typeof Physical.int64;
  readonly values: Float64Array | BigInt64Array;
  readonly nulls: NullMask;
}
export interface Float64Vector {
  readonly physical: typeof Physical.float64;
  readonly values: Float64Array;
  readonly nulls: NullMask;
}
export interface TextVector {
  readonly physical: typeof Physical.text | typeof Physical.uuid;
  readonly values: string[];
  readonly nulls: NullMask;
}
export interface BytesVector {
  readonly physical: typeof Physical.bytes;
  readonly values: Uint8Array[];
  readonly nulls: NullMask;
}
export interface NumericVector {
  readonly physical: typeof Physical.numeric;
  readonly scaled: Float64Array | null;
  readonly scale: number;
  readonly values: Decimal[] | null;
  readonly nulls: NullMask;
}
export interface ObjectVector {
  readonly physical: typeof Physical.object;
  readonly values: object[];
  readonly nulls: NullMask;
}

export type Vector =
  | BoolVector
  | Int32Vector
  | Int64Vector
  | Float64Vector
  | TextVector
  | BytesVector
  | NumericVector
  | ObjectVector;

/** How values of an `object` column become bytes, are ordered and counted. Supplied by the SQL type. */
export interface ObjectCodec {
  toBytes(value: object): Uint8Array;
  fromBytes(bytes: Uint8Array): object;
  /** Total order, PostgreSQL's for the type; < 0, 0, > 0. */
  compare(a: object, b: object): number;
  /** Bytes of memory a value takes, roughly. */
  memoryBytes(value: object): number;
}

/** One column of a stored tree. */
export interface ColumnSpec {
  readonly physical: Physical;
  /** Required for `object`, else absent. */
  readonly codec?: ObjectCodec | undefined;
  /** Key columns only: descending order. Default false. */
  readonly descending?: boolean;
  /** Key columns only: NULLs before values. Default false (PostgreSQL: NULLS LAST when ascending). */
  readonly nullsFirst?: boolean;
}

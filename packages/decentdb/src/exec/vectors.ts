/**
 * Reading, gathering and making vectors.
 *
 * I1  A gathered row of position -1 is NULL (the missing side of an outer join).
 * I2  Results are new arrays, except that a reference vector's strings and objects are shared.
 */
import { unreachable } from '../base/assert.ts';
import { Decimal, narrow } from '../types/decimal.ts';
import { type Datum, type NullMask, Physical, type Vector } from '../types/vector.ts';

/** The value at a position, null when NULL. */
export function datumAt(vector: Vector, at: number): Datum {
  if (vector.nulls !== null && vector.nulls[at] === 1) return null;
  switch (vector.physical) {
    case Physical.bool:
      return vector.values[at] === 1;
    case Physical.int64: {
      const value = vector.values[at]!;
      return typeof value === 'bigint' ? narrow(value) : value;
    }
    case Physical.numeric:
      return vector.scaled === null ? vector.values![at]! : new Decimal(vector.scaled[at]!, vector.scale);
    default:
      return vector.values[at]!;
  }
}

export function isNullAt(vector: Vector, at: number): boolean {
  return vector.nulls !== null && vector.nulls[at] === 1;
}

/** A vector with `values` (and `nulls`) of the same physical kind as `like`. */
export function vectorLike(like: Vector, values: Vector['values'], nulls: NullMask): Vector {
  if (like.physical === Physical.numeric && like.scaled !== null) {
    return {
      physical: Physical.numeric,
      scaled: values as unknown as Float64Array,
      scale: like.scale,
      values: null,
      nulls,
    };
  }
  if (like.physical === Physical.numeric) {
    return { physical: Physical.numeric, scaled: null, scale: 0, values: values as Decimal[], nulls };
  }
  return { physical: like.physical, values, nulls } as Vector;
}

/** The array behind a vector: `values`, or `scaled` of a scaled numeric. */
export function dataOf(
  vector: Vector,
): Uint8Array | Int32Array | Float64Array | BigInt64Array | readonly unknown[] {
  return vector.physical === Physical.numeric ? (vector.scaled ?? vector.values!) : vector.values;
}

function gatherNulls(vector: Vector, positions: Int32Array, count: number): NullMask {
  const source = vector.nulls;
  let nulls: Uint8Array | null = null;
  for (let i = 0; i < count; i++) {
    const at = positions[i]!;
    if (at < 0 || (source !== null && source[at] === 1)) {
      nulls ??= new Uint8Array(count);
      nulls[i] = 1;
    }
  }
  return nulls;
}

/** Rows `positions[0..count-1]` of a vector; -1 makes NULL. */
export function gather(vector: Vector, positions: Int32Array, count: number): Vector {
  const nulls = gatherNulls(vector, positions, count);
  switch (vector.physical) {
    case Physical.bool:
      return { physical: vector.physical, values: gatherBytes(vector.values, positions, count), nulls };
    case Physical.int32:
      return { physical: vector.physical, values: gatherInt32(vector.values, positions, count), nulls };
    case Physical.float64:
      return { physical: vector.physical, values: gatherFloat64(vector.values, positions, count), nulls };
    case Physical.int64:
      return {
        physical: vector.physical,
        values:
          vector.values instanceof Float64Array
            ? gatherFloat64(vector.values, positions, count)
            : gatherBig(vector.values, positions, count),
        nulls,
      };
    case Physical.numeric:
      return vectorLike(
        vector,
        vector.scaled === null
          ? gatherReferences(vector.values!, positions, count)
          : gatherFloat64(vector.scaled, positions, count),
        nulls,
      );
    case Physical.text:
    case Physical.uuid:
    case Physical.bytes:
    case Physical.object:
      return vectorLike(
        vector,
        gatherReferences(vector.values as unknown[], positions, count) as never,
        nulls,
      );
    default:
      return unreachable(vector, 'gather');
  }
}

function gatherBytes(source: Uint8Array, positions: Int32Array, count: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) out[i] = source[positions[i]!]!;
  return out;
}
function gatherInt32(source: Int32Array, positions: Int32Array, count: number): Int32Array {
  const out = new Int32Array(count);
  for (let i = 0; i < count; i++) out[i] = source[positions[i]!]!;
  return out;
}
function gatherFloat64(source: Float64Array, positions: Int32Array, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) out[i] = source[positions[i]!]!;
  return out;
}
function gatherBig(source: BigInt64Array, positions: Int32Array, count: number): BigInt64Array {
  const out = new BigInt64Array(count);
  for (let i = 0; i < count; i++) out[i] = positions[i]! < 0 ? 0n : source[positions[i]!]!;
  return out;
}
function gatherReferences<T>(source: readonly T[], positions: Int32Array, count: number): T[] {
  const out = new Array<T>(count);
  for (let i = 0; i < count; i++) out[i] = source[positions[i]!]!;
  return out;
}

/** `count` NULLs of a physical kind. */
export function nullVector(physical: Physical, count: number): Vector {
  return constantVector(physical, null, count);
}

/** The same value `count` times. */
export function constantVector(physical: Physical, value: Datum, count: number): Vector {
  const nulls = value === null ? new Uint8Array(count).fill(1) : null;
  switch (physical) {
    case Physical.bool:
      return { physical, values: new Uint8Array(count).fill(value === true ? 1 : 0), nulls };
    case Physical.int32:
      return { physical, values: new Int32Array(count).fill((value ?? 0) as number), nulls };
    case Physical.float64:
      return { physical, values: new Float64Array(count).fill((value ?? 0) as number), nulls };
    case Physical.int64:
      return typeof value === 'bigint'
        ? { physical, values: new BigInt64Array(count).fill(value), nulls }
        : { physical, values: new Float64Array(count).fill((value ?? 0) as number), nulls };
    case Physical.numeric:
      return numericConstant(value as Decimal | null, count, nulls);
    default:
      return { physical, values: new Array<unknown>(count).fill(value), nulls } as unknown as Vector;
  }
}

function numericConstant(value: Decimal | null, count: number, nulls: NullMask): Vector {
  if (value === null || isScalable(value)) {
    const scaled = new Float64Array(count).fill((value?.coefficient ?? 0) as number);
    return { physical: Physical.numeric, scaled, scale: value?.scale ?? 0, values: null, nulls };
  }
  return {
    physical: Physical.numeric,
    scaled: null,
    scale: 0,
    values: new Array<Decimal>(count).fill(value),
    nulls,
  };
}

/** Whether a value may stand in a scaled vector of its own scale. */
export function isScalable(value: Decimal): boolean {
  return typeof value.coefficient === 'number' && Number.isFinite(value.coefficient);
}

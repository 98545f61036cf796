/**
 * Growable columns: output builders, and the rows that joins, sorts and materialisation keep.
 *
 * I1  `vector()` shows the rows so far without copying; it is valid until the next append.
 * I2  An int64 column rides in doubles until the first value beyond 2^53, then moves to BigInt64Array whole.
 * I3  The NULL mask, where there is one, covers every row.
 * I4  A numeric column is scaled while all its values have one scale and are safe, then moves to Decimal[] whole.
 */
import { Decimal } from '../types/decimal.ts';
import { type Datum, type NumericVector, Physical, type Vector } from '../types/vector.ts';
import { FEW_ROWS } from './batch.ts';
import { datumBytes } from './datum-bytes.ts';
import { datumAt, isScalable } from './vectors.ts';

/** Fewer values are copied one by one sooner than an array over them is made. */
const SUBARRAY_MIN = 16;

type Typed = Uint8Array | Int32Array | Float64Array | BigInt64Array;

/** One growing column. */
export class ColumnStore {
  readonly physical: Physical;
  length = 0;
  private typed: Typed | null;
  private references: unknown[] | null;
  private nulls: Uint8Array | null = null;
  /** Scale of a scaled numeric column; -1 before the first value. */
  private scale = -1;
  private readonly initial: number;

  constructor(physical: Physical, capacity: number = FEW_ROWS) {
    this.physical = physical;
    this.initial = capacity;
    this.typed = newTyped(physical, capacity);
    this.references = this.typed === null ? [] : null;
  }

  /** Forgets the rows. Arrays handed out by `vector()` before are left alone. */
  reset(): void {
    this.length = 0;
    this.typed = newTyped(this.physical, this.initial);
    this.references = this.typed === null ? [] : null;
    this.nulls = null;
    this.scale = -1;
  }

  /** Forgets the rows and writes the next over them: vectors handed out before change. */
  rewind(): void {
    if (this.typed instanceof BigInt64Array || this.physical === Physical.numeric) {
      this.reset();
      return;
    }
    this.length = 0;
    if (this.references !== null) this.references.length = 0;
    this.nulls = null;
  }

  /** Bytes held, roughly: text counts its length. */
  memoryBytes(): number {
    const fixed =
      (this.typed?.byteLength ?? (this.references?.length ?? 0) * 8) + (this.nulls?.byteLength ?? 0);
    return this.references === null ? fixed : fixed + this.referenceBytes();
  }

  /** Bytes held once `more` rows like those so far have come. */
  memoryBytesWith(more: number): number {
    const { typed, references, nulls, length } = this;
    const need = length + more;
    if (typed === null || references !== null) {
      const bytes = this.memoryBytes();
      return length === 0 ? more * 64 : (bytes / length) * need;
    }
    const capacity = need > typed.length ? Math.max(need, typed.length * 2) : typed.length;
    return capacity * typed.BYTES_PER_ELEMENT + (nulls === null ? 0 : capacity);
  }

  private referenceBytes(): number {
    const values = this.references!;
    const step = Math.max(1, values.length >> 6);
    let bytes = 0;
    let seen = 0;
    for (let i = 0; i < values.length; i += step) {
      const value = values[i];
      bytes += datumBytes(value as Datum) + 8;
      seen++;
    }
    return seen === 0 ? 0 : Math.round((bytes / seen) * values.length);
  }

  private reserve(more: number): void {
    const need = this.length + more;
    if (this.typed !== null && need > this.typed.length) {
      const grown = newTyped(this.physical, Math.max(need, this.typed.length * 2), this.typed)!;
      (grown as Float64Array).set((this.typed as Float64Array).subarray(0, this.length));
      this.typed = grown;
    }
    if (this.nulls !== null && need > this.nulls.length) this.nulls = growNulls(this.nulls, need);
  }

  private setNull(at: number): void {
    if (this.nulls === null || at >= this.nulls.length) {
      this.nulls = growNulls(this.nulls, Math.max(at + 1, this.typed?.length ?? 64));
    }
    this.nulls[at] = 1;
  }

  append(value: Datum): void {
    this.reserve(1);
    const at = this.length++;
    if (value === null) {
      this.setNull(at);
      if (this.references !== null) this.references[at] = null;
      return;
    }
    switch (this.physical) {
      case Physical.bool:
        (this.typed as Uint8Array)[at] = value === true ? 1 : 0;
        return;
      case Physical.int64:
        this.putInt64(at, value as number | bigint);
        return;
      case Physical.numeric:
        this.putNumeric(at, value as Decimal);
        return;
      case Physical.int32:
      case Physical.float64:
        (this.typed as Float64Array)[at] = value as number;
        return;
      default:
        this.references![at] = value;
    }
  }

  private putInt64(at: number, value: number | bigint): void {
    if (this.typed instanceof Float64Array) {
      if (typeof value === 'number') {
        this.typed[at] = value;
        return;
      }
      this.typed = toBig(this.typed, at, this.nulls);
    }
    (this.typed as BigInt64Array)[at] = BigInt(value);
  }

  private putNumeric(at: number, value: Decimal): void {
    if (this.typed !== null) {
      if (isScalable(value) && (this.scale === value.scale || this.scale === -1)) {
        this.scale = value.scale;
        (this.typed as Float64Array)[at] = value.coefficient as number;
        return;
      }
      this.unscale(at);
    }
    this.references![at] = value;
  }

  /** I4: leaves the scaled form. */
  private unscale(length: number): void {
    const scaled = this.typed as Float64Array;
    const values = new Array<unknown>(length);
    for (let i = 0; i < length; i++) {
      values[i] = this.nulls !== null && this.nulls[i] === 1 ? null : new Decimal(scaled[i]!, this.scale);
    }
    this.typed = null;
    this.references = values;
  }

  /** Appends rows of `vector` at `positions[from..to-1]` (null: positions from..to-1 themselves). -1 appends NULL. */
  appendRows(vector: Vector, positions: Int32Array | null, from: number, to: number): void {
    const count = to - from;
    this.reserve(count);
    const start = this.length;
    if (!this.canCopy(vector)) {
      for (let i = from; i < to; i++) {
        const at = positions === null ? i : positions[i]!;
        this.append(at < 0 ? null : datumAt(vector, at));
      }
      return;
    }
    this.copyNulls(vector, positions, from, to);
    this.copyValues(vector, positions, from, to);
    this.length = start + count;
    // A mask made within this call reaches to its last NULL only; the rows behind it need theirs too.
    if (this.nulls !== null && this.nulls.length < this.length)
      this.nulls = growNulls(this.nulls, this.length);
  }

  /** Same representation, so values can be moved without being looked at. */
  private canCopy(vector: Vector): boolean {
    switch (this.physical) {
      case Physical.int64:
        return (
          vector.physical === Physical.int64 &&
          vector.values instanceof Float64Array &&
          this.typed instanceof Float64Array
        );
      case Physical.numeric:
        return this.canCopyNumeric(vector as NumericVector);
      default:
        return this.physical === vector.physical;
    }
  }

  private canCopyNumeric(vector: NumericVector): boolean {
    if (this.typed === null) return vector.values !== null;
    if (vector.scaled === null) return false;
    if (this.scale === -1) this.scale = vector.scale;
    return this.scale === vector.scale;
  }

  private copyNulls(vector: Vector, positions: Int32Array | null, from: number, to: number): void {
    const { nulls } = vector;
    const start = this.length;
    if (positions === null) {
      if (nulls === null) return;
      for (let i = from; i < to; i++) if (nulls[i] === 1) this.setNull(start + i - from);
      return;
    }
    for (let i = from; i < to; i++) {
      const at = positions[i]!;
      if (at < 0 || (nulls !== null && nulls[at] === 1)) this.setNull(start + i - from);
    }
  }

  private copyValues(vector: Vector, positions: Int32Array | null, from: number, to: number): void {
    const start = this.length;
    if (this.typed === null) {
      copyReferences(this.references!, start, vector.values as readonly unknown[], positions, from, to);
      return;
    }
    const source = (vector.physical === Physical.numeric ? vector.scaled : vector.values) as Float64Array;
    if (positions !== null || to - from < SUBARRAY_MIN)
      copyTyped(this.typed as Float64Array, start, source, positions, from, to);
    else (this.typed as Float64Array).set(source.subarray(from, to), start);
  }

  get(at: number): Datum {
    return datumAt(this.vector(), at);
  }

  /** The rows so far; see I1. */
  vector(): Vector {
    const { physical, nulls } = this;
    if (physical === Physical.numeric) {
      return {
        physical,
        scaled: this.typed as Float64Array | null,
        scale: this.scale < 0 ? 0 : this.scale,
        values: this.references as Decimal[] | null,
        nulls,
      };
    }
    return { physical, values: this.typed ?? this.references, nulls } as unknown as Vector;
  }
}

function newTyped(physical: Physical, capacity: number, like: Typed | null = null): Typed | null {
  switch (physical) {
    case Physical.bool:
      return new Uint8Array(capacity);
    case Physical.int32:
      return new Int32Array(capacity);
    case Physical.int64:
      return like instanceof BigInt64Array ? new BigInt64Array(capacity) : new Float64Array(capacity);
    case Physical.float64:
    case Physical.numeric:
      return new Float64Array(capacity);
    default:
      return null;
  }
}

function growNulls(nulls: Uint8Array | null, need: number): Uint8Array {
  const grown = new Uint8Array(Math.max(need, (nulls?.length ?? 0) * 2, 64));
  if (nulls !== null) grown.set(nulls);
  return grown;
}

function toBig(values: Float64Array, length: number, nulls: Uint8Array | null): BigInt64Array {
  const big = new BigInt64Array(values.length);
  for (let i = 0; i < length; i++) {
    if (nulls === null || nulls[i] !== 1) big[i] = BigInt(values[i]!);
  }
  return big;
}

function copyReferences(
  target: unknown[],
  start: number,
  source: readonly unknown[],
  positions: Int32Array | null,
  from: number,
  to: number,
): void {
  let out = start;
  for (let i = from; i < to; i++) {
    const at = positions === null ? i : positions[i]!;
    target[out++] = at < 0 ? null : source[at];
  }
}

function copyTyped(
  target: Float64Array,
  start: number,
  source: Float64Array,
  positions: Int32Array | null,
  from: number,
  to: number,
): void {
  let out = start;
  for (let i = from; i < to; i++) {
    const at = positions === null ? i : positions[i]!;
    target[out++] = at < 0 ? 0 : source[at]!;
  }
}

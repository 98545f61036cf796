/**
 * Array values: any number of dimensions, each with a lower bound, elements in row-major order.
 *
 * I1  The product of `lengths` is `elements.length`; an empty array has no dimensions.
 * I2  At most 6 dimensions (54000), at most 134217727 elements.
 * I3  Arrays are immutable: functions build new ones.
 */
import { DecentDbError } from '../base/errors.ts';
import { ByteReader, ByteWriter, datumBytes } from './object-bytes.ts';
import type { SqlType } from './sql-type.ts';
import type { Datum, ObjectCodec } from './vector.ts';

export const ARRAY_DIMENSIONS_MAX = 6;
export const ARRAY_ELEMENTS_MAX = 134_217_727;

/** The datum of every array type. */
export class SqlArray {
  readonly elements: readonly Datum[];
  /** Length of each dimension; empty for the empty array. */
  readonly lengths: readonly number[];
  /** Lower bound of each dimension. */
  readonly lowerBounds: readonly number[];

  constructor(elements: readonly Datum[], lengths: readonly number[], lowerBounds: readonly number[]) {
    this.elements = elements;
    this.lengths = lengths;
    this.lowerBounds = lowerBounds;
  }

  static readonly empty: SqlArray = new SqlArray([], [], []);

  /** A one-dimensional array with lower bound 1. */
  static of(elements: readonly Datum[]): SqlArray {
    if (elements.length > ARRAY_ELEMENTS_MAX) throw arrayTooLarge();
    return elements.length === 0 ? SqlArray.empty : new SqlArray(elements, [elements.length], [1]);
  }

  get dimensions(): number {
    return this.lengths.length;
  }
}

export function arrayTooLarge(): DecentDbError {
  return new DecentDbError('54000', `array size exceeds the maximum allowed (${ARRAY_ELEMENTS_MAX})`);
}

/** PostgreSQL's order: elements first (NULLs last), then number of elements, dimensions, lengths, lower bounds. */
export function compareArrays(a: SqlArray, b: SqlArray, element: SqlType): number {
  const count = Math.min(a.elements.length, b.elements.length);
  for (let i = 0; i < count; i++) {
    const x = a.elements[i] ?? null;
    const y = b.elements[i] ?? null;
    if (x === null || y === null) {
      if (x === y) continue;
      return x === null ? 1 : -1;
    }
    const order = element.compare(x, y);
    if (order !== 0) return order;
  }
  if (a.elements.length !== b.elements.length) return a.elements.length < b.elements.length ? -1 : 1;
  if (a.dimensions !== b.dimensions) return a.dimensions < b.dimensions ? -1 : 1;
  for (let i = 0; i < a.dimensions; i++) {
    const gap = a.lengths[i]! - b.lengths[i]!;
    if (gap !== 0) return gap < 0 ? -1 : 1;
  }
  for (let i = 0; i < a.dimensions; i++) {
    const gap = a.lowerBounds[i]! - b.lowerBounds[i]!;
    if (gap !== 0) return gap < 0 ? -1 : 1;
  }
  return 0;
}

export function hashArray(array: SqlArray, element: SqlType): number {
  let h = 1;
  for (const value of array.elements) h = (Math.imul(h, 31) + (value === null ? 0 : element.hash(value))) | 0;
  return h;
}

/** Stored form of arrays of one element type. */
export function arrayCodec(element: SqlType): ObjectCodec {
  return {
    toBytes: (value) => {
      const array = value as SqlArray;
      const writer = new ByteWriter();
      writer.unsigned(array.dimensions);
      for (let i = 0; i < array.dimensions; i++) {
        writer.unsigned(array.lengths[i]!);
        writer.signed(array.lowerBounds[i]!);
      }
      for (const item of array.elements) writer.datum(item, element);
      return writer.finish();
    },
    fromBytes: (bytes) => {
      const reader = new ByteReader(bytes);
      const lengths: number[] = [];
      const lowerBounds: number[] = [];
      let count = 1;
      const dimensions = reader.unsigned();
      if (dimensions > ARRAY_DIMENSIONS_MAX) throw new DecentDbError('XX001', 'stored array is damaged');
      for (let i = 0; i < dimensions; i++) {
        lengths.push(reader.unsigned());
        lowerBounds.push(Number(reader.signed()));
        count *= lengths[i]!;
      }
      if (dimensions === 0) return SqlArray.empty;
      if (count > reader.left) throw new DecentDbError('XX001', 'stored array is damaged');
      const elements: Datum[] = [];
      for (let i = 0; i < count; i++) elements.push(reader.datum(element));
      return new SqlArray(elements, lengths, lowerBounds);
    },
    compare: (a, b) => compareArrays(a as SqlArray, b as SqlArray, element),
    memoryBytes: (value) => {
      let total = 96;
      for (const item of (value as SqlArray).elements) total += datumBytes(item, element);
      return total;
    },
  };
}

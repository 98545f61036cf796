/**
 * One cell of any vector as a datum.
 */
import { Decimal, narrow } from '../types/decimal.ts';
import { type Datum, Physical, type Vector } from '../types/vector.ts';

export function vectorDatum(vector: Vector, row: number): Datum {
  if (vector.nulls !== null && vector.nulls[row] !== 0) return null;
  switch (vector.physical) {
    case Physical.bool:
      return vector.values[row] !== 0;
    case Physical.int64: {
      const value = vector.values[row]!;
      return typeof value === 'bigint' ? narrow(value) : value;
    }
    case Physical.numeric:
      return vector.scaled === null ? vector.values![row]! : new Decimal(vector.scaled[row]!, vector.scale);
    default:
      return vector.values[row]!;
  }
}

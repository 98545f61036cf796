/**
 * Values of result columns as JavaScript wants them.
 *
 * I1  Types whose datums are what JavaScript gets (numbers, text, uuid, booleans) are handed over without a call.
 */
import { Oid } from '../../types/oids.ts';
import type { JsOptions, SqlType } from '../../types/sql-type.ts';
import { type Datum, Physical, type Vector } from '../../types/vector.ts';
import { datumAt } from '../vectors.ts';

/** Types for which `toJs` is the identity. */
const PLAIN: ReadonlySet<number> = new Set([
  Oid.bool,
  Oid.int2,
  Oid.int4,
  Oid.float4,
  Oid.float8,
  Oid.text,
  Oid.varchar,
  Oid.bpchar,
  Oid.name,
  Oid.uuid,
]);

export function isPlainValue(type: SqlType, options: JsOptions): boolean {
  return PLAIN.has(type.oid) || (type.oid === Oid.int8 && options.int8 === 'auto');
}

/** A datum as JavaScript gets it. */
export function jsValue(value: Datum, type: SqlType, options: JsOptions): unknown {
  if (value === null || isPlainValue(type, options)) return value;
  return type.toJs(value, options);
}

export function jsValueAt(vector: Vector, at: number, type: SqlType, options: JsOptions): unknown {
  return jsValue(datumAt(vector, at), type, options);
}

/** Whether the array's elements are the values themselves. */
export function isPlainArray(vector: Vector): boolean {
  switch (vector.physical) {
    case Physical.int32:
    case Physical.float64:
    case Physical.text:
    case Physical.uuid:
      return true;
    case Physical.int64:
      return vector.values instanceof Float64Array;
    default:
      return false;
  }
}

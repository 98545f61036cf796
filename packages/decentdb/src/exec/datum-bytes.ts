/** What a value takes in memory, roughly, where operators and aggregates hold values one by one. */
import { SqlArray } from '../types/array.ts';
import { SqlRecord } from '../types/composite.ts';
import { Jsonb } from '../types/json.ts';
import { type Datum, Physical, type Vector } from '../types/vector.ts';

/** A reference, or a number held where references stand. */
const PLAIN_BYTES = 16;
const OBJECT_BYTES = 48;
/** JSON is looked into so far only. */
const DEPTH_MAX = 4;

export function datumBytes(value: Datum): number {
  if (typeof value === 'string') return PLAIN_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return PLAIN_BYTES;
  if (value instanceof Uint8Array) return OBJECT_BYTES + value.length;
  if (value instanceof SqlArray) return OBJECT_BYTES * 2 + listBytes(value.elements);
  if (value instanceof SqlRecord) return OBJECT_BYTES * 2 + listBytes(value.values);
  return value instanceof Jsonb ? OBJECT_BYTES + jsonBytes(value.node, DEPTH_MAX) : OBJECT_BYTES;
}

/** What the first `count` values of a vector take. */
export function vectorBytes(vector: Vector, count: number): number {
  const nulls = vector.nulls === null ? 0 : count;
  const values =
    vector.physical === Physical.numeric && vector.scaled !== null ? vector.scaled : vector.values!;
  if (!Array.isArray(values)) return nulls + values.BYTES_PER_ELEMENT * count;
  const list = (values.length === count ? values : values.slice(0, count)) as Datum[];
  return nulls + sampledBytes(list, datumBytes);
}

/** Values of a list are much alike: some of them stand for all. */
function listBytes(values: readonly Datum[]): number {
  return sampledBytes(values, datumBytes);
}

function sampledBytes<T>(values: readonly T[], bytesOf: (value: T) => number): number {
  const step = Math.max(1, values.length >> 4);
  let bytes = 0;
  let seen = 0;
  for (let i = 0; i < values.length; i += step) {
    bytes += bytesOf(values[i]!);
    seen++;
  }
  return seen === 0 ? 0 : Math.round((bytes / seen) * values.length);
}

function jsonBytes(node: unknown, depth: number): number {
  if (typeof node === 'string') return PLAIN_BYTES + node.length;
  if (typeof node !== 'object' || node === null) return PLAIN_BYTES;
  if (depth === 0) return OBJECT_BYTES;
  let bytes = OBJECT_BYTES;
  if (Array.isArray(node)) return bytes + sampledBytes(node, (item) => jsonBytes(item, depth - 1));
  else if (node instanceof Map)
    for (const [key, item] of node) bytes += PLAIN_BYTES + String(key).length + jsonBytes(item, depth - 1);
  return bytes;
}

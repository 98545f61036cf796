/**
 * Assignment to a part of a value: `SET a[2] = x`, `a[1:3] = b`, `row.field = y`, `doc['key'] = z`.
 *
 * Each maker gives a function of (old value, new part, subscripts ...) that returns the whole new value, as PostgreSQL's
 * array_set_element, array_set_slice, FieldStore and jsonb subscripting do.
 *
 * I1  Values are immutable: the old one is copied.
 */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import { isJsonArray, isJsonObject, Jsonb, type JsonNode, makeJsonObject } from '../types/json.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { ScalarFunction } from './function.ts';

function makeFunction(name: string, type: SqlType, change: (...args: Datum[]) => Datum): ScalarFunction {
  return {
    name,
    args: [],
    returns: type.oid,
    strict: false,
    volatility: 'immutable',
    eval: (_context, ...args) => change(...args.map((arg) => arg ?? null)),
    description: 'Assigns to a part of a value.',
  };
}

function subscriptError(message: string, detail?: string): DecentDbError {
  return new DecentDbError('2202E', message, detail === undefined ? {} : { detail });
}

function requireIndexes(subscripts: readonly Datum[], type: SqlType): void {
  if (subscripts.includes(null))
    throw new DecentDbError(
      '22004',
      `${type.name === 'jsonb' ? 'jsonb' : 'array'} subscript in assignment must not be null`,
    );
}

/** `array[i][j] = element`. Arguments: array, element, subscripts. */
export function elementAssignment(type: SqlType): ScalarFunction {
  return makeFunction('array_set_element', type, (old, element, ...subscripts) => {
    requireIndexes(subscripts, type);
    const at = subscripts as number[];
    const array = (old ?? SqlArray.empty) as SqlArray;
    if (array.dimensions === 0)
      return new SqlArray(
        [element ?? null],
        at.map(() => 1),
        at,
      );
    if (array.dimensions !== at.length) throw subscriptError('wrong number of array subscripts');
    if (at.length === 1) return setRange(array, at[0] as number, [element ?? null]);
    const elements = [...array.elements];
    elements[offsetOf(array, at)] = element ?? null;
    return new SqlArray(elements, array.lengths, array.lowerBounds);
  });
}

function offsetOf(array: SqlArray, at: readonly number[]): number {
  let offset = 0;
  for (const [i, index] of at.entries()) {
    const position = index - (array.lowerBounds[i] as number);
    if (position < 0 || position >= (array.lengths[i] as number))
      throw subscriptError('array subscript out of range');
    offset = offset * (array.lengths[i] as number) + position;
  }
  return offset;
}

/** Writes elements of a one-dimensional array from `from` on; the array grows as needed, gaps are NULL. */
function setRange(array: SqlArray, from: number, values: readonly Datum[]): SqlArray {
  const [lower = 1] = array.lowerBounds;
  const start = Math.min(lower, from);
  const end = Math.max(lower + array.elements.length, from + values.length);
  const elements = new Array<Datum>(end - start).fill(null);
  for (const [i, value] of array.elements.entries()) elements[lower - start + i] = value;
  for (const [i, value] of values.entries()) elements[from - start + i] = value;
  return new SqlArray(elements, [elements.length], [start]);
}

/** `array[l:u] = part`. Arguments: array, part, then lower and upper of each dimension; `given[i]` false: left out. */
export function sliceAssignment(type: SqlType, given: readonly boolean[]): ScalarFunction {
  return makeFunction('array_set_slice', type, (old, part, ...bounds) => {
    requireIndexes(
      bounds.filter((_, i) => given[i]),
      type,
    );
    if (part === null || part === undefined) return old ?? null;
    const array = (old ?? SqlArray.empty) as SqlArray;
    const source = (part as SqlArray).elements;
    const width = bounds.length / 2;
    const isEmpty = array.dimensions === 0;
    if (isEmpty && given.includes(false))
      throw subscriptError(
        'array slice subscript must provide both boundaries',
        'When assigning to a slice of an empty array value, slice boundaries must be fully specified.',
      );
    if (!isEmpty && array.dimensions < width) throw subscriptError('wrong number of array subscripts');
    const lower: number[] = [];
    const upper: number[] = [];
    for (let i = 0; i < Math.max(width, array.dimensions); i++) {
      const first = array.lowerBounds[i] ?? 1;
      lower.push(i < width && given[2 * i] === true ? (bounds[2 * i] as number) : first);
      const last = first + (array.lengths[i] ?? 0) - 1;
      upper.push(i < width && given[2 * i + 1] === true ? (bounds[2 * i + 1] as number) : last);
      if ((lower[i] as number) > (upper[i] as number))
        throw subscriptError('upper bound cannot be less than lower bound');
    }
    const lengths = lower.map((from, i) => (upper[i] as number) - from + 1);
    const count = lengths.reduce((product, length) => product * length, 1);
    if (source.length < count) throw subscriptError('source array too small');
    if (isEmpty) return new SqlArray(source.slice(0, count), lengths, lower);
    if (lengths.length === 1) return setRange(array, lower[0] as number, source.slice(0, count));
    const elements = [...array.elements];
    for (let i = 0; i < count; i++)
      elements[offsetOf(array, positionIn(lower, lengths, i))] = source[i] ?? null;
    return new SqlArray(elements, array.lengths, array.lowerBounds);
  });
}

/** Subscripts of element i of a slice. */
function positionIn(lower: readonly number[], lengths: readonly number[], i: number): number[] {
  const at = [...lower];
  let rest = i;
  for (let d = lengths.length - 1; d >= 0; d--) {
    at[d] = (lower[d] as number) + (rest % (lengths[d] as number));
    rest = Math.floor(rest / (lengths[d] as number));
  }
  return at;
}

/** `row.field = value`. Arguments: row (the list of its fields' datums), value. */
export function fieldAssignment(type: SqlType, fields: SqlType['fields'], position: number): ScalarFunction {
  const width = fields?.length ?? 0;
  return makeFunction('field_store', type, (old, value) => {
    const row = (old ?? []) as unknown as readonly Datum[];
    const values = Array.from({ length: width }, (_, i) => row[i] ?? null);
    values[position] = value ?? null;
    return values as unknown as Datum;
  });
}

/** `doc['a'][0] = value`. Arguments: document, value (jsonb), subscripts (text or integer). */
export function jsonbAssignment(type: SqlType): ScalarFunction {
  return makeFunction('jsonb_set_element', type, (old, value, ...subscripts) => {
    requireIndexes(subscripts, type);
    const node = old === null || old === undefined ? undefined : (old as { readonly node: JsonNode }).node;
    const next = value === null || value === undefined ? null : (value as { readonly node: JsonNode }).node;
    return new Jsonb(setInside(node, subscripts as (string | number)[], 0, next));
  });
}

function setInside(
  node: JsonNode | undefined,
  path: readonly (string | number)[],
  at: number,
  value: JsonNode,
): JsonNode {
  if (at === path.length) return value;
  const step = path[at] as string | number;
  // Absent and JSON null parents below the top become what the next subscript needs.
  if (node === undefined || (node === null && at > 0)) {
    if (typeof step === 'number') return setItem([], step, path, at, value);
    return makeJsonObject([[step, setInside(undefined, path, at + 1, value)]]);
  }
  if (isJsonArray(node)) {
    const index = typeof step === 'number' ? step : Number(step);
    if (!Number.isInteger(index))
      throw new DecentDbError('22P02', `path element at position ${at + 1} is not an integer: "${step}"`);
    return setItem(node, index, path, at, value);
  }
  if (isJsonObject(node)) {
    const key = String(step);
    const members = [...node].filter(([name]) => name !== key);
    return makeJsonObject([...members, [key, setInside(node.get(key), path, at + 1, value)]]);
  }
  throw new DecentDbError('22023', 'cannot replace existing key', {
    detail: 'The path assumes key is a composite object, but it is a scalar value.',
  });
}

function setItem(
  items: readonly JsonNode[],
  index: number,
  path: readonly (string | number)[],
  at: number,
  value: JsonNode,
): JsonNode {
  const position = index < 0 ? items.length + index : index;
  if (position < 0)
    throw new DecentDbError('22023', `path element at position ${at + 1} is out of range: ${index}`);
  const next = [...items];
  while (next.length < position) next.push(null);
  next[position] = setInside(items[position], path, at + 1, value);
  return next;
}

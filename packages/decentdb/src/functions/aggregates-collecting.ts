/**
 * Aggregates that collect values: array_agg, string_agg, the json ones, any_value; and boolean and bit folds.
 */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import { narrow } from '../types/decimal.ts';
import { Jsonb, type JsonNode, makeJsonObject, quoteJson } from '../types/json.ts';
import { Oid as T } from '../types/oids.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { AggregateFunction, EvalContext } from './function.ts';
import { jsonKey } from './json-functions.ts';
import { jsonOfDatum } from './json-kernel.ts';
import { jsonTextOf } from './json-writer.ts';

interface List<V> {
  readonly items: V[];
}

function mergeLists(into: List<unknown>, from: List<unknown>): void {
  for (const item of from.items) into.items.push(item);
}

const listBase = {
  kind: 'aggregate',
  strict: false,
  keepsArguments: true,
  init: (): List<never> => ({ items: [] }),
  merge: mergeLists,
} as const;

/** The array of arrays that array_agg makes of array values. */
function stack(arrays: readonly (SqlArray | null)[]): SqlArray {
  const first = arrays[0];
  if (first == null) throw new DecentDbError('22004', 'cannot accumulate null arrays');
  if (first.dimensions === 0) throw new DecentDbError('2202E', 'cannot accumulate empty arrays');
  const elements: Datum[] = [];
  for (const array of arrays) {
    if (array === null) throw new DecentDbError('22004', 'cannot accumulate null arrays');
    if (String(array.lengths) !== String(first.lengths))
      throw new DecentDbError('2202E', 'cannot accumulate arrays of different dimensionality');
    for (const item of array.elements) elements.push(item);
  }
  return new SqlArray(elements, [arrays.length, ...first.lengths], [1, ...first.lowerBounds]);
}

const arrays: readonly AggregateFunction[] = [
  {
    ...listBase,
    name: 'array_agg',
    args: [T.anynonarray],
    returns: T.anyarray,
    step: (state: List<Datum>, _c: EvalContext, value: Datum) => {
      state.items.push(value);
    },
    final: (state: List<Datum>) => (state.items.length === 0 ? null : SqlArray.of(state.items)),
    description: 'Collects values, NULLs included, into an array.',
    example: ['array_agg(x) over 1, 2', '{1,2}'],
  },
  {
    ...listBase,
    name: 'array_agg',
    args: [T.anyarray],
    returns: T.anyarray,
    step: (state: List<SqlArray | null>, _c: EvalContext, value: SqlArray | null) => {
      state.items.push(value);
    },
    final: (state: List<SqlArray | null>) => (state.items.length === 0 ? null : stack(state.items)),
    description: 'Collects arrays into one of a dimension more.',
  },
];

interface TextState {
  text: string | null;
}

const texts: readonly AggregateFunction[] = [
  {
    kind: 'aggregate',
    name: 'string_agg',
    args: [T.text, T.text],
    returns: T.text,
    strict: false,
    keepsArguments: true,
    init: (): TextState => ({ text: null }),
    step: (state: TextState, _c: EvalContext, value: string | null, separator: string | null) => {
      if (value === null) return;
      state.text = state.text === null ? value : state.text + (separator ?? '') + value;
    },
    final: (state: TextState) => state.text,
    description: 'Joins texts with a separator; NULLs left out.',
    example: ["string_agg(x, ',') over 'a', 'b'", 'a,b'],
  },
  {
    ...listBase,
    name: 'string_agg',
    args: [T.bytea, T.bytea],
    returns: T.bytea,
    step: (
      state: List<Uint8Array>,
      _c: EvalContext,
      value: Uint8Array | null,
      separator: Uint8Array | null,
    ) => {
      if (value === null) return;
      if (state.items.length > 0) state.items.push(separator ?? new Uint8Array(0));
      state.items.push(value);
    },
    final: (state: List<Uint8Array>) => {
      if (state.items.length === 0) return null;
      const joined = new Uint8Array(state.items.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of state.items) {
        joined.set(part, at);
        at += part.length;
      }
      return joined;
    },
    description: 'Joins byte strings with a separator.',
  },
];

interface JsonArrayState extends List<JsonNode | string> {
  isAny: boolean;
}

/** Rows and arrays stand on lines of their own, NULLs where they are. */
function joinedItems(items: readonly string[], areLong: boolean): string {
  if (!areLong) return items.join(', ');
  return items.map((item, i) => (i === 0 ? item : item === 'null' ? `, ${item}` : `, \n ${item}`)).join('');
}

/** json_agg and jsonb_agg: specialised to the element type. */
function jsonArray(name: string, isBinary: boolean, skipsNulls: boolean): AggregateFunction {
  const make = (type: SqlType): AggregateFunction => ({
    ...listBase,
    name,
    args: [T.anyelement],
    returns: isBinary ? T.jsonb : T.json,
    init: (): JsonArrayState => ({ items: [], isAny: false }),
    step: (state: JsonArrayState, c: EvalContext, value: Datum) => {
      state.isAny = true;
      if (value === null && skipsNulls) return;
      state.items.push(
        isBinary ? jsonOfDatum(value, type, c.typeSettings) : jsonTextOf(value, type, c.typeSettings),
      );
    },
    final: (state: JsonArrayState) => {
      if (!state.isAny) return null;
      // The state goes on growing where it is a window's.
      if (isBinary) return new Jsonb([...(state.items as JsonNode[])]);
      return `[${joinedItems(state.items as string[], type.fields !== null || type.elementType !== null)}]`;
    },
    description: 'Collects values into a JSON array.',
    specialize: ([element]) => make(element!),
  });
  return { ...make({} as SqlType), specialize: ([element]) => make(element!) };
}

interface JsonObjectState extends List<[string, JsonNode | string]> {
  readonly keys: Set<string>;
  /** Whether there was a row at all, skipped or not. */
  isAny: boolean;
}

/** json_object_agg and its kin. */
function jsonObject(
  name: string,
  isBinary: boolean,
  options: { skipsNulls: boolean; isUnique: boolean },
): AggregateFunction {
  const make = (keyType: SqlType, valueType: SqlType): AggregateFunction => ({
    ...listBase,
    name,
    args: [T.any, T.any],
    returns: isBinary ? T.jsonb : T.json,
    init: (): JsonObjectState => ({ items: [], keys: new Set(), isAny: false }),
    step: (state: JsonObjectState, c: EvalContext, key: Datum, value: Datum) => {
      state.isAny = true;
      if (key === null)
        throw new DecentDbError(
          isBinary ? '22023' : '22004',
          isBinary ? 'field name must not be null' : 'null value not allowed for object key',
        );
      if (value === null && options.skipsNulls) return;
      const text = jsonKey(key, keyType, c);
      if (options.isUnique) {
        if (state.keys.has(text) && !isBinary)
          throw new DecentDbError('22030', `duplicate JSON object key value: ${quoteJson(text)}`);
        state.keys.add(text);
      }
      state.items.push([
        text,
        isBinary
          ? jsonOfDatum(value, valueType, c.typeSettings)
          : jsonTextOf(value, valueType, c.typeSettings),
      ]);
    },
    final: (state: JsonObjectState) => {
      if (!state.isAny) return null;
      if (options.isUnique && isBinary && state.keys.size < state.items.length)
        throw new DecentDbError('22030', 'duplicate JSON object key value');
      if (isBinary) return new Jsonb(makeJsonObject(state.items as [string, JsonNode][]));
      return `{ ${state.items.map(([key, value]) => `${quoteJson(key)} : ${value}`).join(', ')} }`;
    },
    description: 'Collects keys and values into a JSON object.',
  });
  return { ...make({} as SqlType, {} as SqlType), specialize: ([key, value]) => make(key!, value!) };
}

const json: readonly AggregateFunction[] = (
  [
    ['json', false],
    ['jsonb', true],
  ] as const
).flatMap(([prefix, isBinary]) => [
  jsonArray(`${prefix}_agg`, isBinary, false),
  jsonArray(`${prefix}_agg_strict`, isBinary, true),
  jsonObject(`${prefix}_object_agg`, isBinary, { skipsNulls: false, isUnique: false }),
  jsonObject(`${prefix}_object_agg_strict`, isBinary, { skipsNulls: true, isUnique: false }),
  jsonObject(`${prefix}_object_agg_unique`, isBinary, { skipsNulls: false, isUnique: true }),
  jsonObject(`${prefix}_object_agg_unique_strict`, isBinary, { skipsNulls: true, isUnique: true }),
]);

interface FoldState {
  value: Datum;
}

/** A fold over non-NULL values that starts with the first. */
function fold(
  name: string,
  type: number,
  combine: (a: never, b: never) => Datum,
  description: string,
  vectorized: 'boolAnd' | 'boolOr' | null = null,
): AggregateFunction {
  const add = (state: FoldState, value: Datum): void => {
    if (value !== null)
      state.value = state.value === null ? value : combine(state.value as never, value as never);
  };
  return {
    kind: 'aggregate',
    name,
    args: [type],
    returns: type,
    strict: true,
    init: (): FoldState => ({ value: null }),
    step: (state: FoldState, _c: EvalContext, value: Datum) => add(state, value),
    final: (state: FoldState) => state.value,
    merge: (into: FoldState, from: FoldState) => add(into, from.value),
    ...(vectorized === null ? {} : { vectorized }),
    description,
  };
}

type Int8 = number | bigint;
const bitNames = [
  ['bit_and', (a: bigint, b: bigint) => a & b, 'Bitwise AND of all values.'],
  ['bit_or', (a: bigint, b: bigint) => a | b, 'Bitwise OR of all values.'],
  ['bit_xor', (a: bigint, b: bigint) => a ^ b, 'Bitwise exclusive OR of all values.'],
] as const;

const folds: readonly AggregateFunction[] = [
  fold('bool_and', T.bool, (a: boolean, b: boolean) => a && b, 'Whether all values are true.', 'boolAnd'),
  fold('every', T.bool, (a: boolean, b: boolean) => a && b, 'Whether all values are true.', 'boolAnd'),
  fold('bool_or', T.bool, (a: boolean, b: boolean) => a || b, 'Whether any value is true.', 'boolOr'),
  fold('any_value', T.anyelement, (a: Datum) => a, 'Any of the values that are not NULL.'),
  ...bitNames.flatMap(([name, combine, description]) => [
    ...[T.int2, T.int4, T.int8].map((type) =>
      fold(name, type, (a: Int8, b: Int8) => narrow(combine(BigInt(a), BigInt(b))), description),
    ),
    fold(name, T.bit, (a: string, b: string) => combineBits(a, b, combine), description),
  ]),
];

function combineBits(a: string, b: string, combine: (a: bigint, b: bigint) => bigint): string {
  if (a.length !== b.length)
    throw new DecentDbError('22026', 'cannot combine bit strings of different sizes');
  return combine(BigInt(`0b${a}`), BigInt(`0b${b}`))
    .toString(2)
    .padStart(a.length, '0');
}

export const collectingAggregates: readonly AggregateFunction[] = [...arrays, ...texts, ...json, ...folds];

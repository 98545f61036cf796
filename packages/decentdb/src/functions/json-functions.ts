/**
 * Making, changing and describing JSON.
 */
import { DecentDbError } from '../base/errors.ts';
import type { SqlArray } from '../types/array.ts';
import {
  isJsonArray,
  Jsonb,
  type Jsonb as JsonbValue,
  type JsonNode,
  jsonKind,
  makeJsonObject,
  prettyJson,
  quoteJson,
} from '../types/json.ts';
import { jsonScalarText, jsonShape, jsonSlices } from '../types/json-slices.ts';
import { parseJson } from '../types/json-text.ts';
import { Oid as T } from '../types/oids.ts';
import { domainBase, type SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { type Evaluate, fn, overloads } from './define.ts';
import type { EvalContext, ScalarFunction } from './function.ts';
import { editPath, jsonOfDatum, stripNulls } from './json-kernel.ts';
import { jsonTextOf } from './json-writer.ts';

const { json, jsonb, text, int4, textArray, bool, anyelement, anyarray, record } = T;
const MOMENTS: readonly number[] = [T.date, T.timestamp, T.timestamptz];
const stable = { volatility: 'stable' } as const;

function unspecialized(): never {
  throw new TypeError('a polymorphic function was called before it was specialised');
}

function anyValue(
  name: string,
  args: readonly number[],
  returns: number,
  make: (type: SqlType) => Evaluate,
  description: string,
  example: readonly [string, string] | null,
  options: { strict?: boolean } = {},
): ScalarFunction {
  return fn(name, args, returns, unspecialized, description, example, {
    ...stable,
    ...options,
    specialize: (types) =>
      fn(
        name,
        types.map((type) => type.oid),
        returns,
        make(types[0]!),
        description,
        null,
        { ...stable, ...options },
      ),
  });
}

const conversion: readonly ScalarFunction[] = [
  anyValue(
    'to_json',
    [anyelement],
    json,
    (type) => (c, value: Datum) => jsonTextOf(value, type, c.typeSettings),
    'Any value as json.',
    ['to_json(\'Fred said "Hi."\'::text)', '"Fred said \\"Hi.\\""'],
  ),
  anyValue(
    'to_jsonb',
    [anyelement],
    jsonb,
    (type) => (c, value: Datum) => new Jsonb(jsonOfDatum(value, type, c.typeSettings)),
    'Any value as jsonb.',
    ['to_jsonb(ARRAY[1,2])', '[1, 2]'],
  ),
  anyValue(
    'array_to_json',
    [anyarray],
    json,
    (type) => (c, value: Datum) => jsonTextOf(value, type, c.typeSettings),
    'An array as json.',
    ['array_to_json(ARRAY[[1,5],[99,100]])', '[[1,5],[99,100]]'],
  ),
  anyValue(
    'array_to_json',
    [anyarray, bool],
    json,
    (type) => (c, value: Datum, pretty: boolean) =>
      jsonTextOf(value, type, c.typeSettings, pretty ? '\n ' : ''),
    'An array as json.',
    null,
  ),
  anyValue(
    'row_to_json',
    [record],
    json,
    (type) => (c, value: Datum) => jsonTextOf(value, type, c.typeSettings),
    'A row as json.',
    null,
  ),
  anyValue(
    'row_to_json',
    [record, bool],
    json,
    (type) => (c, value: Datum, pretty: boolean) =>
      jsonTextOf(value, type, c.typeSettings, pretty ? '\n ' : ''),
    'A row as json.',
    null,
  ),
];

/** Key text of json_build_object and its kin. */
export function jsonKey(value: Datum, type: SqlType, context: EvalContext): string {
  if (value === null) throw nullKey();
  if (
    type.category === 'A' ||
    type.kind === 'composite' ||
    type.oid === record ||
    type.oid === json ||
    type.oid === jsonb
  ) {
    throw new DecentDbError('22023', 'key value must be scalar, not array, composite, or json');
  }
  if (type.oid === T.bool) return value === true ? 'true' : 'false';
  // Moments are written as their values are: 2020-01-01T10:00:00.
  return MOMENTS.includes(domainBase(type).oid)
    ? (jsonOfDatum(value, type, context.typeSettings) as string)
    : type.output(value, context.typeSettings);
}

/** A variadic "any" function; `types[i]` is the type of value i, also when the values came as one array. */
function builder(
  name: string,
  returns: number,
  make: (types: (index: number) => SqlType) => Evaluate,
  description: string,
  example: readonly [string, string] | null,
): ScalarFunction {
  return fn(name, [], returns, unspecialized, description, example, {
    ...stable,
    strict: false,
    variadic: T.any,
    specialize: (types) => {
      const typeAt = (index: number): SqlType => types[Math.min(index, types.length - 1)]!;
      return fn(
        name,
        types.map((type) => type.oid),
        returns,
        make(typeAt),
        description,
        null,
        { ...stable, strict: false },
      );
    },
  });
}

function pairs(
  values: readonly Datum[],
  typeAt: (index: number) => SqlType,
  context: EvalContext,
): [string, Datum, SqlType][] {
  if (values.length % 2 !== 0) {
    throw new DecentDbError('22023', 'argument list must have even number of elements', {
      hint: 'The arguments of json_build_object() must consist of alternating keys and values.',
    });
  }
  const list: [string, Datum, SqlType][] = [];
  for (let i = 0; i < values.length; i += 2)
    list.push([jsonKey(values[i]!, typeAt(i), context), values[i + 1]!, typeAt(i + 1)]);
  return list;
}

/** jsonb_build_object names the argument that may not be NULL. */
function refuseNullKeys(values: readonly Datum[]): readonly Datum[] {
  for (let i = 0; i < values.length; i += 2) {
    if (values[i] === null) throw new DecentDbError('22023', `argument ${i + 1}: key must not be null`);
  }
  return values;
}

const building: readonly ScalarFunction[] = [
  builder(
    'json_build_array',
    json,
    (typeAt) =>
      (c, ...values) =>
        `[${values.map((value, i) => jsonTextOf(value, typeAt(i), c.typeSettings)).join(', ')}]`,
    'A json array of the arguments.',
    ["json_build_array(1, 2, 'foo', 4, 5)", '[1, 2, "foo", 4, 5]'],
  ),
  builder(
    'jsonb_build_array',
    jsonb,
    (typeAt) =>
      (c, ...values) =>
        new Jsonb(values.map((value, i) => jsonOfDatum(value, typeAt(i), c.typeSettings))),
    'A jsonb array of the arguments.',
    ["jsonb_build_array(1, 2, 'foo')", '[1, 2, "foo"]'],
  ),
  builder(
    'json_build_object',
    json,
    (typeAt) =>
      (c, ...values) =>
        `{${pairs(values, typeAt, c)
          .map(([key, value, type]) => `${quoteJson(key)} : ${jsonTextOf(value, type, c.typeSettings)}`)
          .join(', ')}}`,
    'A json object of alternating keys and values.',
    ["json_build_object('foo', 1, 2, 'bar')", '{"foo" : 1, "2" : "bar"}'],
  ),
  builder(
    'jsonb_build_object',
    jsonb,
    (typeAt) =>
      (c, ...values) =>
        new Jsonb(
          makeJsonObject(
            pairs(refuseNullKeys(values), typeAt, c).map(([key, value, type]) => [
              key,
              jsonOfDatum(value, type, c.typeSettings),
            ]),
          ),
        ),
    'A jsonb object of alternating keys and values.',
    ["jsonb_build_object('foo', 1, 2, 'bar')", '{"2": "bar", "foo": 1}'],
  ),
  ...overloads(
    'json_object',
    'A json object of texts.',
    ['json_object(\'{a, 1, b, "def", c, 3.5}\')', '{"a" : "1", "b" : "def", "c" : "3.5"}'],
    [
      [[textArray], json, (_, a: SqlArray) => objectText(textPairs(a))],
      [[textArray, textArray], json, (_, a: SqlArray, b: SqlArray) => objectText(zip(a, b))],
    ],
  ),
  ...overloads(
    'jsonb_object',
    'A jsonb object of texts.',
    ['jsonb_object(\'{a, 1, b, "def"}\')', '{"a": "1", "b": "def"}'],
    [
      [[textArray], jsonb, (_, a: SqlArray) => new Jsonb(makeJsonObject(textPairs(a)))],
      [[textArray, textArray], jsonb, (_, a: SqlArray, b: SqlArray) => new Jsonb(makeJsonObject(zip(a, b)))],
    ],
  ),
];

type TextPair = [string, string | null];

function nullKey(): DecentDbError {
  return new DecentDbError('22004', 'null value not allowed for object key');
}

function textPairs(array: SqlArray): TextPair[] {
  if (array.dimensions > 2) throw new DecentDbError('2202E', 'wrong number of array subscripts');
  if (array.dimensions === 2 && array.lengths[1] !== 2)
    throw new DecentDbError('2202E', 'array must have two columns');
  if (array.elements.length % 2 !== 0)
    throw new DecentDbError('2202E', 'array must have even number of elements');
  const list: TextPair[] = [];
  for (let i = 0; i < array.elements.length; i += 2) {
    const key = array.elements[i] as string | null;
    if (key === null) throw nullKey();
    list.push([key, array.elements[i + 1] as string | null]);
  }
  return list;
}

function zip(keys: SqlArray, values: SqlArray): TextPair[] {
  if (keys.elements.length !== values.elements.length)
    throw new DecentDbError('2202E', 'mismatched array dimensions');
  return keys.elements.map((key, i) => {
    if (key === null) throw nullKey();
    return [key as string, values.elements[i] as string | null];
  });
}

function objectText(list: readonly TextPair[]): string {
  return `{${list.map(([key, value]) => `${quoteJson(key)} : ${value === null ? 'null' : quoteJson(value)}`).join(', ')}}`;
}

const path = (array: SqlArray): readonly (string | null)[] => array.elements as readonly (string | null)[];

function setLax(
  a: JsonbValue,
  at: SqlArray,
  value: JsonbValue | null,
  create: boolean,
  treatment: string | null,
): Datum {
  if (value !== null && treatment !== null)
    return new Jsonb(editPath(a.node, path(at), value.node, create ? 'set' : 'replace'));
  if (
    treatment === null ||
    !['raise_exception', 'use_json_null', 'delete_key', 'return_target'].includes(treatment)
  ) {
    throw new DecentDbError(
      '22023',
      'null_value_treatment must be "delete_key", "return_target", "use_json_null", or "raise_exception"',
    );
  }
  const kind = create ? 'set' : 'replace';
  if (treatment === 'raise_exception')
    throw new DecentDbError('22004', 'JSON value must not be null', {
      detail: 'Exception was raised because null_value_treatment is "raise_exception".',
    });
  if (treatment === 'return_target') return a;
  return new Jsonb(
    treatment === 'delete_key'
      ? editPath(a.node, path(at), null, 'delete')
      : editPath(a.node, path(at), null, kind),
  );
}

const changing: readonly ScalarFunction[] = [
  fn(
    'jsonb_set',
    [jsonb, textArray, jsonb, bool],
    jsonb,
    (_, a: JsonbValue, b: SqlArray, c: JsonbValue, create: boolean) =>
      new Jsonb(editPath(a.node, path(b), c.node, create ? 'set' : 'replace')),
    'Replaces or adds the value at a path.',
    [
      "jsonb_set('[{\"f1\":1,\"f2\":null},2]'::jsonb, '{0,f1}', '[2,3]'::jsonb)",
      '[{"f1": [2, 3], "f2": null}, 2]',
    ],
    { defaults: [true], argNames: ['jsonb_in', 'path', 'replacement', 'create_if_missing'] },
  ),
  fn(
    'jsonb_set_lax',
    [jsonb, textArray, jsonb, bool, text],
    jsonb,
    (
      _,
      a: JsonbValue | null,
      b: SqlArray | null,
      c: JsonbValue | null,
      create: boolean | null,
      d: string | null,
    ) => (a === null || b === null || create === null ? null : setLax(a, b, c, create, d)),
    'jsonb_set that can treat an SQL NULL value.',
    null,
    {
      strict: false,
      defaults: [true, 'use_json_null'],
      argNames: ['jsonb_in', 'path', 'replacement', 'create_if_missing', 'null_value_treatment'],
    },
  ),
  fn(
    'jsonb_insert',
    [jsonb, textArray, jsonb, bool],
    jsonb,
    (_, a: JsonbValue, b: SqlArray, c: JsonbValue, after: boolean) =>
      new Jsonb(editPath(a.node, path(b), c.node, after ? 'insertAfter' : 'insertBefore')),
    'Inserts a value at a path.',
    [
      "jsonb_insert('{\"a\": [0,1,2]}'::jsonb, '{a, 1}', '\"new_value\"'::jsonb)",
      '{"a": [0, "new_value", 1, 2]}',
    ],
    { defaults: [false], argNames: ['jsonb_in', 'path', 'replacement', 'insert_after'] },
  ),
  fn(
    'jsonb_strip_nulls',
    [jsonb, bool],
    jsonb,
    (_, a: JsonbValue, inArrays: boolean) => new Jsonb(stripNulls(a.node, inArrays)),
    'Removes members that are null.',
    ['jsonb_strip_nulls(\'{"f1":1, "f2":null}\'::jsonb)', '{"f1": 1}'],
    { defaults: [false] },
  ),
  fn(
    'json_strip_nulls',
    [json, bool],
    json,
    (_, a: string, inArrays: boolean) => stripText(a, inArrays),
    'Removes members that are null.',
    null,
    { defaults: [false] },
  ),
  fn('jsonb_pretty', [jsonb], text, (_, a: JsonbValue) => prettyJson(a.node), 'Indented text.', [
    "jsonb_pretty('[1]'::jsonb)",
    '[\n    1\n]',
  ]),
];

/** json_strip_nulls: compact text, order of members kept. */
function stripText(source: string, inArrays: boolean): string {
  const shape = jsonShape(source);
  if (shape === 'scalar') {
    const text = source.trim();
    return text.startsWith('"') ? quoteJson(jsonScalarText(text) ?? '') : text;
  }
  const parts: string[] = [];
  for (const { key, value } of jsonSlices(source)) {
    if (value.trim() === 'null' && (shape === 'object' || inArrays)) continue;
    const stripped = stripText(value, inArrays);
    parts.push(key === null ? stripped : `${quoteJson(key)}:${stripped}`);
  }
  return shape === 'object' ? `{${parts.join(',')}}` : `[${parts.join(',')}]`;
}

function arrayLength(node: JsonNode): number {
  if (!isJsonArray(node)) throw noArray(jsonKind(node) === 'object');
  return node.length;
}

function noArray(isObject: boolean): DecentDbError {
  return new DecentDbError('22023', `cannot get array length of a ${isObject ? 'non-array' : 'scalar'}`);
}

/** Of a json text; what its strings hold is not looked at (json-slices.ts I2). */
function lengthOfText(source: string): number {
  const shape = jsonShape(source);
  if (shape !== 'array') throw noArray(shape === 'object');
  let count = 0;
  for (const _ of jsonSlices(source, true)) count++;
  return count;
}

function kindOfText(source: string): string {
  const shape = jsonShape(source);
  if (shape !== 'scalar') return shape;
  return source.trim().startsWith('"') ? 'string' : jsonKind(parseJson(source));
}

const describing: readonly ScalarFunction[] = [
  fn('jsonb_typeof', [jsonb], text, (_, a: JsonbValue) => jsonKind(a.node), 'Kind of the value.', [
    "jsonb_typeof('-123.4'::jsonb)",
    'number',
  ]),
  fn('json_typeof', [json], text, (_, a: string) => kindOfText(a), 'Kind of the value.', [
    "json_typeof('-123.4'::json)",
    'number',
  ]),
  fn('jsonb_array_length', [jsonb], int4, (_, a: JsonbValue) => arrayLength(a.node), 'Number of elements.', [
    "jsonb_array_length('[1,2,3]'::jsonb)",
    '3',
  ]),
  fn('json_array_length', [json], int4, (_, a: string) => lengthOfText(a), 'Number of elements.', [
    "json_array_length('[1,2,3]'::json)",
    '3',
  ]),
];

export const jsonFunctions: readonly ScalarFunction[] = [
  ...conversion,
  ...building,
  ...changing,
  ...describing,
];

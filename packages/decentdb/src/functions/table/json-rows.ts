/**
 * JSON documents as rows: json[b]_each, _each_text, _array_elements, _array_elements_text, _object_keys (PostgreSQL manual 9.16).
 *
 * I1  The json forms give values as written; the jsonb forms give normalised ones.
 */
import { DecentDbError } from '../../base/errors.ts';
import { formatJson, isJsonArray, isJsonObject, Jsonb, type JsonNode } from '../../types/json.ts';
import { type JsonShape, jsonScalarText, jsonShape, jsonSlices } from '../../types/json-slices.ts';
import { Oid as T } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import type { TableFunction } from '../function.ts';
import { tableFn } from './define.ts';

interface Member {
  readonly key: string | null;
  readonly value: Datum;
  readonly text: string | null;
}

/** The parts of a document, with the value in its own type and as text. */
type Parts = (document: Datum) => Iterable<Member>;

function* jsonParts(document: Datum): Generator<Member> {
  for (const { key, value } of jsonSlices(document as string))
    yield { key, value, text: jsonScalarText(value) };
}

/** Elements as written: what their strings hold is not looked at. */
function* jsonElements(document: Datum): Generator<Member> {
  for (const { value } of jsonSlices(document as string, true)) yield { key: null, value, text: null };
}

function* jsonbParts(document: Datum): Generator<Member> {
  const { node } = document as Jsonb;
  if (isJsonObject(node))
    for (const [key, value] of node) yield { key, value: new Jsonb(value), text: nodeText(value) };
  if (isJsonArray(node))
    for (const value of node) yield { key: null, value: new Jsonb(value), text: nodeText(value) };
}

function nodeText(node: JsonNode): string | null {
  if (node === null) return null;
  return typeof node === 'string' ? node : formatJson(node);
}

function shapeOf(document: Datum): JsonShape {
  if (typeof document === 'string') return jsonShape(document);
  const { node } = document as Jsonb;
  return isJsonObject(node) ? 'object' : isJsonArray(node) ? 'array' : 'scalar';
}

function demandObject(document: Datum, name: string): void {
  const shape = shapeOf(document);
  if (shape === 'object') return;
  const what = shape === 'array' ? 'an array' : 'a scalar';
  if (name.endsWith('object_keys')) throw new DecentDbError('22023', `cannot call ${name} on ${what}`);
  if (typeof document !== 'string') throw new DecentDbError('22023', `cannot call ${name} on a non-object`);
  throw new DecentDbError(
    '22023',
    `cannot deconstruct ${shape === 'array' ? 'an array as an object' : 'a scalar'}`,
  );
}

function demandArray(document: Datum, name: string): void {
  const shape = shapeOf(document);
  if (shape === 'array') return;
  const isObject = shape === 'object';
  throw new DecentDbError(
    '22023',
    typeof document === 'string'
      ? `cannot call ${name} on ${isObject ? 'a non-array' : 'a scalar'}`
      : `cannot extract elements from ${isObject ? 'an object' : 'a scalar'}`,
  );
}

type Demand = (document: Datum, name: string) => void;

/** One member of the family: which columns, and what of each part goes into them. */
function rowsOf(
  name: string,
  type: number,
  columns: TableFunction['columns'],
  demand: Demand,
  parts: Parts,
  pick: (member: Member) => readonly Datum[],
  description: string,
  example: readonly [string, string] | null,
): TableFunction {
  return tableFn(
    name,
    [type],
    columns,
    function* (_c, args) {
      const document = args[0] ?? null;
      demand(document, name);
      for (const member of parts(document)) yield pick(member);
    },
    description,
    example,
  );
}

function family(prefix: 'json' | 'jsonb', type: number, parts: Parts): TableFunction[] {
  const key = { name: 'key', type: T.text };
  const [value, text] = [
    { name: 'value', type },
    { name: 'value', type: T.text },
  ];
  const [each, elements, keys] = [`${prefix}_each`, `${prefix}_array_elements`, `${prefix}_object_keys`];
  const make = rowsOf;
  return [
    make(
      each,
      type,
      [key, value],
      demandObject,
      parts,
      (m) => [m.key, m.value],
      'Members of the outermost object.',
      [`select key from ${each}('{"a":1}')`, 'a'],
    ),
    make(
      `${each}_text`,
      type,
      [key, text],
      demandObject,
      parts,
      (m) => [m.key, m.text],
      'Members of the outermost object, values as text.',
      null,
    ),
    make(
      elements,
      type,
      [value],
      demandArray,
      prefix === 'json' ? jsonElements : parts,
      (m) => [m.value],
      'Elements of the outermost array.',
      [`select count(*) from ${elements}('[1,2]')`, '2'],
    ),
    make(
      `${elements}_text`,
      type,
      [text],
      demandArray,
      parts,
      (m) => [m.text],
      'Elements of the outermost array as text.',
      null,
    ),
    make(
      keys,
      type,
      [{ name: keys, type: T.text }],
      demandObject,
      parts,
      (m) => [m.key],
      'Keys of the outermost object.',
      null,
    ),
  ];
}

export const jsonRowFunctions: readonly TableFunction[] = [
  ...family('json', T.json, jsonParts),
  ...family('jsonb', T.jsonb, jsonbParts),
];

/**
 * JSON into SQL values of any type: what json_populate_record, json_to_record and their kin do with each member.
 *
 * I1  JSON null is SQL NULL; strings are read by the type's input, everything else as its JSON text (json and jsonb as it is).
 * I2  The depth at which the first element that is no array stands is the number of an array's dimensions.
 */
import { DecentDbError } from '../base/errors.ts';
import { ARRAY_DIMENSIONS_MAX, SqlArray } from '../types/array.ts';
import { formatJson, isJsonArray, isJsonObject, Jsonb, type JsonNode } from '../types/json.ts';
import { jsonScalarText, jsonShape, jsonSlices } from '../types/json-slices.ts';
import { parseJson } from '../types/json-text.ts';
import { Oid as T } from '../types/oids.ts';
import { domainBase, type SqlType, type TypeField } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { EvalContext } from './function.ts';

/** A row: the datums of its fields. */
export type RowDatum = readonly Datum[];

/** A JSON value, of json (kept as written) or jsonb. */
export interface JsonValue {
  readonly shape: 'object' | 'array' | 'string' | 'null' | 'other';
  /** The text of a scalar, unquoted; of the rest as it prints. */
  text(): string;
  /** As it prints, strings quoted. */
  json(): string;
  node(): JsonNode;
  members(): ReadonlyMap<string, JsonValue>;
  elements(): readonly JsonValue[];
}

export function jsonValue(datum: Datum): JsonValue {
  return datum instanceof Jsonb ? nodeValue(datum.node) : textValue(datum as string);
}

function textValue(source: string): JsonValue {
  const written = source.trim();
  const outer = jsonShape(written);
  const scalar = outer === 'scalar' ? jsonScalarText(written) : null;
  let shape: JsonValue['shape'] = 'other';
  if (outer !== 'scalar') shape = outer;
  else if (scalar === null) shape = 'null';
  else if (written.startsWith('"')) shape = 'string';
  return {
    shape,
    text: () => scalar ?? written,
    json: () => written,
    node: () => parseJson(written),
    members: () => new Map([...jsonSlices(written)].map(({ key, value }) => [key ?? '', textValue(value)])),
    elements: () => [...jsonSlices(written)].map(({ value }) => textValue(value)),
  };
}

function nodeValue(node: JsonNode): JsonValue {
  let shape: JsonValue['shape'] = 'other';
  if (node === null) shape = 'null';
  else if (typeof node === 'string') shape = 'string';
  else if (isJsonObject(node)) shape = 'object';
  else if (isJsonArray(node)) shape = 'array';
  return {
    shape,
    text: () => (typeof node === 'string' ? node : formatJson(node)),
    json: () => formatJson(node),
    node: () => node,
    members: () =>
      new Map(isJsonObject(node) ? [...node].map(([key, value]) => [key, nodeValue(value)]) : []),
    elements: () => (isJsonArray(node) ? node.map(nodeValue) : []),
  };
}

/** Where in the document a value stands, for hints. */
interface Place {
  readonly key: string;
  readonly indexes: readonly number[];
}

function hintAt({ key, indexes }: Place): string {
  if (indexes.length === 0) return `See the value of key "${key}".`;
  const at = indexes.map((index) => `[${index}]`).join('');
  return `See the array element ${at} of key "${key}".`;
}

/** The fields of a row out of an object; members that are not there keep the value of `base`. */
export function populateRow(
  object: JsonValue,
  fields: readonly TypeField[],
  base: RowDatum | null,
  context: EvalContext,
): RowDatum {
  const members = object.members();
  return fields.map(({ name, type, typmod }, i) => {
    const member = members.get(name);
    const before = base?.[i] ?? null;
    if (member === undefined) return before === null ? fit(null, type, context) : before;
    return populate(member, type, typmod, before, { key: name, indexes: [] }, context);
  });
}

/** Values of domains have their checks run by the session, which can evaluate SQL. */
function fit(value: Datum, type: SqlType, context: EvalContext): Datum {
  return type.kind === 'domain' ? context.service('checkDomain', [type.oid, value]) : value;
}

function populate(
  value: JsonValue,
  type: SqlType,
  typmod: number,
  before: Datum,
  place: Place,
  context: EvalContext,
): Datum {
  if (value.shape === 'null') return fit(null, type, context);
  const base = domainBase(type);
  const read = (text: string): Datum => base.input(text, typmod, context.typeSettings);
  let made: Datum;
  if (base.oid === T.json) made = value.json();
  else if (base.oid === T.jsonb) made = new Jsonb(value.node());
  else if (value.shape === 'string') made = read(value.text());
  else if (base.elementType !== null) made = populateArray(value, base.elementType, typmod, place, context);
  else if (base.fields !== null) made = populateComposite(value, base.fields, before, context);
  else made = read(value.text());
  return fit(made, type, context);
}

/** A JSON value as a value of any SQL type: arrays and rows by their parts. */
export function populateValue(value: JsonValue, type: SqlType, typmod: number, context: EvalContext): Datum {
  return populate(value, type, typmod, null, { key: '', indexes: [] }, context);
}

function populateComposite(
  value: JsonValue,
  fields: readonly TypeField[],
  before: Datum,
  context: EvalContext,
): Datum {
  demandObject(value, 'populate_composite');
  return populateRow(value, fields, before as unknown as RowDatum | null, context) as unknown as Datum;
}

export function demandObject(value: JsonValue, caller: string): void {
  if (value.shape === 'object') return;
  const what = value.shape === 'array' ? 'an array' : 'a scalar';
  throw new DecentDbError('22023', `cannot call ${caller} on ${what}`);
}

function populateArray(
  value: JsonValue,
  element: SqlType,
  typmod: number,
  place: Place,
  context: EvalContext,
): Datum {
  const elements: Datum[] = [];
  const lengths: number[] = [];
  let dimensions = 0;
  const expected = (at: Place): DecentDbError =>
    new DecentDbError('22P02', 'expected JSON array', { hint: hintAt(at) });
  const walk = (array: JsonValue, depth: number, at: Place): void => {
    if (depth > ARRAY_DIMENSIONS_MAX)
      throw new DecentDbError(
        '54000',
        `number of array dimensions (${depth}) exceeds the maximum allowed (${ARRAY_DIMENSIONS_MAX})`,
      );
    const items = array.elements();
    items.forEach((item, i) => {
      const itemPlace = { key: at.key, indexes: [...at.indexes, i] };
      if (dimensions === 0 && item.shape !== 'array') dimensions = depth;
      if (dimensions === depth) elements.push(populate(item, element, typmod, null, itemPlace, context));
      else if (item.shape === 'array') walk(item, depth + 1, itemPlace);
      else throw expected(itemPlace);
    });
    if (dimensions === 0) dimensions = depth;
    const known = lengths[depth - 1];
    if (known === undefined) lengths[depth - 1] = items.length;
    else if (known !== items.length)
      throw new DecentDbError('22P02', 'malformed JSON array', {
        detail: 'Multidimensional arrays must have sub-arrays with matching dimensions.',
      });
  };
  if (value.shape !== 'array') throw expected(place);
  walk(value, 1, place);
  if (elements.length === 0) return SqlArray.empty;
  return new SqlArray(
    elements,
    lengths,
    lengths.map(() => 1),
  );
}

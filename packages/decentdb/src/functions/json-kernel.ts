/**
 * JSON algebra: paths, containment, concatenation, deletion, setting; and any SQL value as JSON.
 */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import { isFiniteTimestamp } from '../types/calendar.ts';
import { formatDate, formatTimestamp, formatTimestamptz } from '../types/datetime-format.ts';
import { Decimal } from '../types/decimal.ts';
import {
  compareJson,
  isJsonArray,
  isJsonObject,
  type Jsonb,
  type JsonNode,
  type JsonObject,
  makeJsonObject,
} from '../types/json.ts';
import { parseJson } from '../types/json-text.ts';
import { Oid as T } from '../types/oids.ts';
import {
  defaultTypeSettings,
  domainBase,
  type SqlType,
  type TypeField,
  type TypeSettings,
} from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';

/** Missing, as opposed to JSON null. */
export const ABSENT: unique symbol = Symbol('absent');
export type Found = JsonNode | typeof ABSENT;

/** Element of an array by position (from the end when negative) or ABSENT. */
export function elementAt(node: JsonNode, index: number): Found {
  if (!isJsonArray(node)) return ABSENT;
  const at = index < 0 ? node.length + index : index;
  return at >= 0 && at < node.length ? node[at]! : ABSENT;
}

export function memberOf(node: JsonNode, key: string): Found {
  if (!isJsonObject(node)) return ABSENT;
  const value = node.get(key);
  return value === undefined ? ABSENT : value;
}

/** Follows keys and positions given as text. */
export function follow(node: JsonNode, path: readonly (string | null)[]): Found {
  let current: Found = node;
  for (const step of path) {
    if (step === null) return ABSENT;
    if (isJsonArray(current))
      current = /^\s*[+-]?\d+$/.test(step) ? elementAt(current, Number(step)) : ABSENT;
    else current = memberOf(current, step);
    if (current === ABSENT) return ABSENT;
  }
  return current;
}

/** jsonb's @>. Arrays contain by membership; a top-level array contains a scalar. */
export function containsJson(a: JsonNode, b: JsonNode, isTop = true): boolean {
  if (isJsonObject(b)) {
    if (!isJsonObject(a)) return false;
    for (const [key, value] of b) {
      const own = a.get(key);
      if (own === undefined || !containsJson(own, value, false)) return false;
    }
    return true;
  }
  if (isJsonArray(b))
    return isJsonArray(a) && b.every((item) => a.some((own) => containsJson(own, item, false)));
  if (isTop && isJsonArray(a)) return a.some((own) => isScalar(own) && compareJson(own, b) === 0);
  return isScalar(a) && compareJson(a, b, false) === 0;
}

function isScalar(node: JsonNode): boolean {
  return !isJsonArray(node) && !isJsonObject(node);
}

/** Whether a key, array string or string scalar is there (`?`). */
export function hasKey(node: JsonNode, key: string): boolean {
  if (isJsonObject(node)) return node.has(key);
  if (isJsonArray(node)) return node.includes(key);
  return node === key;
}

export function concatenateJson(a: JsonNode, b: JsonNode): JsonNode {
  if (isJsonObject(a) && isJsonObject(b)) return makeJsonObject([...a, ...b]);
  const listA = isJsonArray(a) ? a : [a];
  const listB = isJsonArray(b) ? b : [b];
  return [...listA, ...listB];
}

export function deleteKey(node: JsonNode, keys: readonly (string | null)[]): JsonNode {
  if (isJsonObject(node)) return new Map([...node].filter(([key]) => !keys.includes(key)));
  if (isJsonArray(node)) return node.filter((item) => !(typeof item === 'string' && keys.includes(item)));
  throw new DecentDbError('22023', 'cannot delete from scalar');
}

export function deleteIndex(node: JsonNode, index: number): JsonNode {
  if (isJsonObject(node)) throw new DecentDbError('22023', 'cannot delete from object using integer index');
  if (!isJsonArray(node)) throw new DecentDbError('22023', 'cannot delete from scalar');
  const at = index < 0 ? node.length + index : index;
  return at < 0 || at >= node.length ? node : [...node.slice(0, at), ...node.slice(at + 1)];
}

export type EditKind = 'replace' | 'set' | 'insertBefore' | 'insertAfter' | 'delete';

/** jsonb_set, jsonb_insert and #-: edits the place a path leads to. */
export function editPath(
  node: JsonNode,
  path: readonly (string | null)[],
  value: JsonNode,
  kind: EditKind,
): JsonNode {
  if (isScalar(node))
    throw new DecentDbError(
      '22023',
      kind === 'delete' ? 'cannot delete path in scalar' : 'cannot set path in scalar',
    );
  if (
    (kind === 'delete' || kind === 'replace') &&
    (isJsonArray(node) ? node.length === 0 : (node as JsonObject).size === 0)
  )
    return node;
  return path.length === 0 ? node : editStep(node, path, 0, value, kind);
}

function editStep(
  node: JsonNode,
  path: readonly (string | null)[],
  depth: number,
  value: JsonNode,
  kind: EditKind,
): JsonNode {
  const step = path[depth] ?? null;
  if (step === null) throw new DecentDbError('22004', `path element at position ${depth + 1} is null`);
  const isLast = depth === path.length - 1;
  if (isJsonObject(node)) return editMember(node, step, isLast, path, depth, value, kind);
  if (isJsonArray(node)) return editElement(node, step, isLast, path, depth, value, kind);
  return node;
}

function editMember(
  node: JsonObject,
  key: string,
  isLast: boolean,
  path: readonly (string | null)[],
  depth: number,
  value: JsonNode,
  kind: EditKind,
): JsonNode {
  const own = node.get(key);
  if (!isLast)
    return own === undefined
      ? node
      : makeJsonObject([...node, [key, editStep(own, path, depth + 1, value, kind)]]);
  if (kind === 'delete')
    return own === undefined ? node : new Map([...node].filter(([name]) => name !== key));
  if (own !== undefined && (kind === 'insertBefore' || kind === 'insertAfter')) {
    throw new DecentDbError('22023', 'cannot replace existing key', {
      hint: 'Try using the function jsonb_set to replace key value.',
    });
  }
  if (own === undefined && kind === 'replace') return node;
  return makeJsonObject([...node, [key, value]]);
}

function editElement(
  node: readonly JsonNode[],
  step: string,
  isLast: boolean,
  path: readonly (string | null)[],
  depth: number,
  value: JsonNode,
  kind: EditKind,
): JsonNode {
  if (!/^\s*[+-]?\d+$/.test(step)) {
    throw new DecentDbError('22P02', `path element at position ${depth + 1} is not an integer: "${step}"`);
  }
  const index = Number(step);
  const at = index < 0 ? node.length + index : index;
  const isInside = at >= 0 && at < node.length;
  if (!isLast)
    return isInside
      ? [...node.slice(0, at), editStep(node[at]!, path, depth + 1, value, kind), ...node.slice(at + 1)]
      : node;
  switch (kind) {
    case 'delete':
      return isInside ? [...node.slice(0, at), ...node.slice(at + 1)] : node;
    case 'insertBefore':
    case 'insertAfter': {
      const place = Math.min(Math.max(isInside && kind === 'insertAfter' ? at + 1 : at, 0), node.length);
      return [...node.slice(0, place), value, ...node.slice(place)];
    }
    default:
      if (isInside) return [...node.slice(0, at), value, ...node.slice(at + 1)];
      if (kind === 'replace') return node;
      return at < 0 ? [value, ...node] : [...node, value];
  }
}

export function stripNulls(node: JsonNode, isInArrays: boolean): JsonNode {
  if (isJsonArray(node)) {
    const items = node.map((item) => stripNulls(item, isInArrays));
    return isInArrays ? items.filter((item) => item !== null) : items;
  }
  if (!isJsonObject(node)) return node;
  return new Map(
    [...node]
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, stripNulls(value, isInArrays)] as [string, JsonNode]),
  );
}

/** JSON's date/time text is ISO 8601 with a T. */
function isoText(type: SqlType, value: Datum, settings: TypeSettings): string {
  const iso = { ...settings, dateStyle: 'ISO' as const };
  if (type.oid === T.date) return formatDate(value as number, iso);
  const text =
    type.oid === T.timestamp
      ? formatTimestamp(value as number | bigint, iso)
      : formatTimestamptz(value as number | bigint, iso);
  if (!isFiniteTimestamp(value as number | bigint)) return text;
  const withT = text.replace(' ', 'T');
  return type.oid === T.timestamptz ? withT.replace(/([+-]\d\d)(?= BC|$)/, '$1:00') : withT;
}

/** Any SQL value as a JSON node (to_jsonb). */
export function jsonOfDatum(
  value: Datum,
  given: SqlType,
  settings: TypeSettings = defaultTypeSettings,
): JsonNode {
  if (value === null) return null;
  const type = domainBase(given);
  if (value instanceof SqlArray) return jsonOfArray(value, type.elementType!, settings);
  if (type.fields !== null) return jsonOfRecord(value, type.fields, settings);
  switch (type.oid) {
    case T.bool:
      return value as boolean;
    case T.int2:
    case T.int4:
    case T.int8:
      return Decimal.fromInteger(value as number | bigint);
    case T.numeric:
      return (value as Decimal).isFinite ? (value as Decimal) : String(value);
    case T.float4:
    case T.float8: {
      const text = type.output(value, settings);
      return Number.isFinite(value as number) ? Decimal.parse(text)! : text;
    }
    case T.json:
      return parseJson(value as string);
    case T.jsonb:
      return (value as Jsonb).node;
    case T.date:
    case T.timestamp:
    case T.timestamptz:
      return isoText(type, value, settings);
    default:
      return type.output(value, settings);
  }
}

function jsonOfArray(array: SqlArray, element: SqlType, settings: TypeSettings): JsonNode {
  let at = 0;
  const level = (depth: number): JsonNode[] =>
    Array.from({ length: array.lengths[depth] ?? 0 }, () =>
      depth + 1 < array.dimensions
        ? level(depth + 1)
        : jsonOfDatum(array.elements[at++] ?? null, element, settings),
    );
  return array.dimensions === 0 ? [] : level(0);
}

function jsonOfRecord(row: Datum, fields: readonly TypeField[], settings: TypeSettings): JsonNode {
  const values = row as unknown as readonly Datum[];
  return makeJsonObject(
    fields.map(({ name, type }, i) => [name, jsonOfDatum(values[i] ?? null, type, settings)]),
  );
}

/**
 * json (text kept as written) and jsonb (parsed) as SQL types.
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal } from './decimal.ts';
import {
  compareJson,
  formatJson,
  hashJson,
  JSON_DEPTH_MAX,
  Jsonb,
  type JsonNode,
  jsonToJs,
  makeJsonObject,
  tooDeep,
} from './json.ts';
import { parseJson, validateJson } from './json-text.ts';
import { ByteReader, ByteWriter } from './object-bytes.ts';
import { Oid } from './oids.ts';
import { checkText, defineType, Physical, type SqlType } from './sql-type.ts';
import { compareText } from './text-order.ts';
import type { ObjectCodec } from './vector.ts';

/** A JavaScript value as JSON: objects, arrays, toJSON(); bigint and Decimal exactly. Strings are JSON strings. */
export function jsonFromJs(value: unknown, depth = 0): JsonNode {
  if (depth > JSON_DEPTH_MAX) throw tooDeep();
  switch (typeof value) {
    case 'string':
      return checkText(value);
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? (Decimal.parse(String(value)) ?? null) : null;
    case 'bigint':
      return Decimal.of(value, 0);
    case 'object':
      break;
    default:
      throw new DecentDbError('22023', `cannot convert a JavaScript ${typeof value} to JSON`);
  }
  if (value === null || value instanceof Decimal) return value;
  if (Array.isArray(value))
    return value.map((item) => (item === undefined ? null : jsonFromJs(item, depth + 1)));
  const custom = (value as { toJSON?: unknown }).toJSON;
  if (typeof custom === 'function') return jsonFromJs(custom.call(value), depth + 1);
  const entries = Object.entries(value).filter(
    ([, item]) => item !== undefined && typeof item !== 'function',
  );
  return makeJsonObject(entries.map(([key, item]) => [checkText(key), jsonFromJs(item, depth + 1)]));
}

/** A string given for json is JSON text, as PostgreSQL's drivers send it; anything else is converted. */
function nodeFromJs(value: unknown): JsonNode {
  return typeof value === 'string' ? parseJson(checkText(value)) : jsonFromJs(value);
}

export const jsonType: SqlType = defineType({
  oid: Oid.json,
  name: 'json',
  sqlName: 'json',
  category: 'U',
  physical: Physical.text,
  input: (text) => {
    checkText(text);
    validateJson(text);
    return text;
  },
  compare: compareText,
  toJs: (value: string, options) => (options.json === 'text' ? value : JSON.parse(value)),
  fromJs: (value, settings) => {
    if (typeof value === 'string') return jsonType.input(value, -1, settings);
    const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value);
    if (text === undefined)
      throw new DecentDbError('22023', `cannot convert a JavaScript ${typeof value} to JSON`);
    return checkText(text);
  },
});

const TAG = { null: 0, false: 1, true: 2, string: 3, number: 4, array: 5, object: 6 } as const;

function writeNode(writer: ByteWriter, node: JsonNode): void {
  if (node === null) {
    writer.byte(TAG.null);
    return;
  }
  if (typeof node === 'boolean') {
    writer.byte(node ? TAG.true : TAG.false);
    return;
  }
  if (typeof node === 'string') {
    writer.byte(TAG.string);
    writer.text(node);
    return;
  }
  if (node instanceof Decimal) {
    writer.byte(TAG.number);
    writer.text(node.toString());
    return;
  }
  if (Array.isArray(node)) {
    writer.byte(TAG.array);
    writer.unsigned(node.length);
    for (const item of node) writeNode(writer, item);
    return;
  }
  const object = node as ReadonlyMap<string, JsonNode>;
  writer.byte(TAG.object);
  writer.unsigned(object.size);
  for (const [key, value] of object) {
    writer.text(key);
    writeNode(writer, value);
  }
}

function damaged(): DecentDbError {
  return new DecentDbError('XX001', 'stored jsonb value is damaged');
}

function readNode(reader: ByteReader, depth: number): JsonNode {
  if (depth > JSON_DEPTH_MAX) throw damaged();
  switch (reader.byte()) {
    case TAG.null:
      return null;
    case TAG.false:
      return false;
    case TAG.true:
      return true;
    case TAG.string:
      return reader.text();
    case TAG.number: {
      const value = Decimal.parse(reader.text());
      if (value === null) throw damaged();
      return value;
    }
    case TAG.array: {
      const count = reader.unsigned();
      if (count > reader.left) throw damaged();
      const items: JsonNode[] = [];
      for (let i = 0; i < count; i++) items.push(readNode(reader, depth + 1));
      return items;
    }
    case TAG.object: {
      const count = reader.unsigned();
      if (count > reader.left) throw damaged();
      const object = new Map<string, JsonNode>();
      for (let i = 0; i < count; i++) object.set(reader.text(), readNode(reader, depth + 1));
      return object;
    }
    default:
      throw damaged();
  }
}

function nodeBytes(node: JsonNode): number {
  if (node === null || typeof node === 'boolean') return 8;
  if (typeof node === 'string') return 24 + node.length;
  if (node instanceof Decimal) return 40;
  let total = 64;
  if (Array.isArray(node)) for (const item of node) total += 8 + nodeBytes(item);
  else
    for (const [key, value] of node as ReadonlyMap<string, JsonNode>)
      total += 40 + key.length + nodeBytes(value);
  return total;
}

const jsonbCodec: ObjectCodec = {
  toBytes: (value) => {
    const writer = new ByteWriter();
    writeNode(writer, (value as Jsonb).node);
    return writer.finish();
  },
  fromBytes: (bytes) => new Jsonb(readNode(new ByteReader(bytes), 0)),
  compare: (a, b) => compareJson((a as Jsonb).node, (b as Jsonb).node),
  memoryBytes: (value) => 16 + nodeBytes((value as Jsonb).node),
};

export const jsonbType: SqlType = defineType({
  oid: Oid.jsonb,
  name: 'jsonb',
  sqlName: 'jsonb',
  category: 'U',
  physical: Physical.object,
  codec: jsonbCodec,
  input: (text) => new Jsonb(parseJson(checkText(text))),
  output: (value: Jsonb) => formatJson(value.node),
  compare: (a: Jsonb, b: Jsonb) => compareJson(a.node, b.node),
  hash: (value: Jsonb) => hashJson(value.node),
  toJs: (value: Jsonb, options) => (options.json === 'text' ? formatJson(value.node) : jsonToJs(value.node)),
  fromJs: (value) => new Jsonb(nodeFromJs(value)),
});

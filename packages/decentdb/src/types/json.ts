/**
 * JSON values as jsonb keeps them: parsed, numbers exact, object keys unique and in PostgreSQL's order.
 *
 * I1  Keys of an object are sorted by UTF-8 length, then by bytes; of duplicates the last wins.
 * I2  Nesting is bounded (54001), so that no recursion here can overflow the stack.
 * I3  Strings hold no U+0000 and no lone surrogates (22P05, 22P02).
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal } from './decimal.ts';
import { hashText } from './sql-type.ts';
import { compareText } from './text-order.ts';

export type JsonNode = null | boolean | string | Decimal | readonly JsonNode[] | JsonObject;
export type JsonObject = ReadonlyMap<string, JsonNode>;

/** The datum of jsonb. */
export class Jsonb {
  readonly node: JsonNode;

  constructor(node: JsonNode) {
    this.node = node;
  }
}

export const JSON_DEPTH_MAX = 2000;

export function isJsonObject(node: JsonNode): node is JsonObject {
  return node instanceof Map;
}

export function isJsonArray(node: JsonNode): node is readonly JsonNode[] {
  return Array.isArray(node);
}

export function tooDeep(): DecentDbError {
  return new DecentDbError('54001', 'stack depth limit exceeded', {
    hint: `JSON may nest ${JSON_DEPTH_MAX} levels.`,
  });
}

function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) length += unit < 0x800 || (unit & 0xf800) === 0xd800 ? 1 : 2;
  }
  return length;
}

/** jsonb's order of keys within an object. */
export function compareKeys(a: string, b: string): number {
  const gap = utf8Length(a) - utf8Length(b);
  return gap !== 0 ? gap : compareText(a, b);
}

/** An object from entries in any order (I1). */
export function makeJsonObject(entries: Iterable<readonly [string, JsonNode]>): JsonObject {
  const last = new Map<string, JsonNode>(entries);
  if (last.size < 2) return last;
  return new Map([...last].sort((x, y) => compareKeys(x[0], y[0])));
}

const ESCAPED = /["\\\u0000-\u001f]/;

/** A JSON string literal, escaped as PostgreSQL does. */
export function quoteJson(text: string): string {
  if (!ESCAPED.test(text)) return `"${text}"`;
  return JSON.stringify(text);
}

/** Text of a value: jsonb's form, with a blank after colons and commas. */
export function formatJson(node: JsonNode): string {
  if (node === null) return 'null';
  if (typeof node === 'string') return quoteJson(node);
  if (typeof node === 'boolean' || node instanceof Decimal) return String(node);
  if (isJsonArray(node)) return `[${node.map(formatJson).join(', ')}]`;
  const items: string[] = [];
  for (const [key, value] of node) items.push(`${quoteJson(key)}: ${formatJson(value)}`);
  return `{${items.join(', ')}}`;
}

/** Indented text (jsonb_pretty). */
export function prettyJson(node: JsonNode, indent = ''): string {
  const inner = `${indent}    `;
  if (isJsonArray(node)) {
    if (node.length === 0) return '[\n' + indent + ']';
    return `[\n${node.map((item) => inner + prettyJson(item, inner)).join(',\n')}\n${indent}]`;
  }
  if (isJsonObject(node)) {
    if (node.size === 0) return '{\n' + indent + '}';
    const items = [...node].map(([key, value]) => `${inner}${quoteJson(key)}: ${prettyJson(value, inner)}`);
    return `{\n${items.join(',\n')}\n${indent}}`;
  }
  return formatJson(node);
}

/** 'object', 'array', 'string', 'number', 'boolean', 'null'. */
export function jsonKind(node: JsonNode): string {
  if (node === null) return 'null';
  if (isJsonArray(node)) return 'array';
  if (node instanceof Decimal) return 'number';
  return typeof node === 'object' ? 'object' : typeof node;
}

const RANKS: Readonly<Record<string, number>> = {
  null: 0,
  string: 1,
  number: 2,
  boolean: 3,
  array: 4,
  object: 5,
};

/** jsonb's B-tree order. A top-level scalar compares with arrays as an array of one, and sorts below it. */
export function compareJson(a: JsonNode, b: JsonNode, isTop = true): number {
  const kindA = jsonKind(a);
  const kindB = jsonKind(b);
  if (kindA !== kindB) {
    if (isTop && (kindA === 'array') !== (kindB === 'array') && kindA !== 'object' && kindB !== 'object') {
      const lengthA = isJsonArray(a) ? a.length : 1;
      const lengthB = isJsonArray(b) ? b.length : 1;
      if (lengthA !== lengthB) return lengthA - lengthB;
      return kindA === 'array' ? 1 : -1;
    }
    return RANKS[kindA]! - RANKS[kindB]!;
  }
  if (a === null || b === null) return 0;
  if (typeof a === 'string') return compareText(a, b as string);
  if (typeof a === 'boolean') return Number(a) - Number(b);
  if (a instanceof Decimal) return a.compare(b as Decimal);
  if (isJsonArray(a)) {
    const other = b as readonly JsonNode[];
    if (a.length !== other.length) return a.length - other.length;
    for (let i = 0; i < a.length; i++) {
      const order = compareJson(a[i]!, other[i]!, false);
      if (order !== 0) return order;
    }
    return 0;
  }
  return compareObjects(a, b as JsonObject);
}

function compareObjects(a: JsonObject, b: JsonObject): number {
  if (a.size !== b.size) return a.size - b.size;
  const other = b.entries();
  for (const [key, value] of a) {
    const [otherKey, otherValue] = other.next().value!;
    const order = compareText(key, otherKey) || compareJson(value, otherValue, false);
    if (order !== 0) return order;
  }
  return 0;
}

export function hashJson(node: JsonNode): number {
  if (node === null) return 7;
  if (typeof node === 'string') return hashText(node);
  if (typeof node === 'boolean') return node ? 11 : 13;
  if (node instanceof Decimal) return node.hash();
  let h = 17;
  if (isJsonArray(node)) for (const item of node) h = (Math.imul(h, 31) + hashJson(item)) | 0;
  else for (const [key, value] of node) h = (Math.imul(h, 31) + (hashText(key) ^ hashJson(value))) | 0;
  return h;
}

/** A plain JavaScript value: objects, arrays, and numbers as doubles. */
export function jsonToJs(node: JsonNode): unknown {
  if (node instanceof Decimal) return node.toNumber();
  if (isJsonArray(node)) return node.map(jsonToJs);
  if (node === null || typeof node !== 'object') return node;
  const result: Record<string, unknown> = {};
  for (const [key, value] of node) {
    // defineProperty: a key named __proto__ must become an ordinary property
    if (key === '__proto__')
      Object.defineProperty(result, key, {
        value: jsonToJs(value),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    else result[key] = jsonToJs(value);
  }
  return result;
}

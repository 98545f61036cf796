/**
 * The items of a jsonb value: what an index keeps of it, and what containment and the tests for keys ask for.
 *
 *     jsonb_ops        each key, each string in an array (k), each other string (v), number (n), truth value (b), null (z)
 *     jsonb_path_ops   each scalar with the keys that lead to it, as a hash (p)
 *
 * I1  What `a @> b` compares gives a and b the same items. Places in arrays, and that something is in an array, are not told apart
 *     in paths: a scalar at the top is contained in an array of it.
 * I2  Empty objects and arrays have no items of their own.
 */
import type { Decimal } from '../../types/decimal.ts';
import { isJsonArray, type JsonNode } from '../../types/json.ts';
import { anyOf, holding, holdingAll, type ItemQuery } from './item-query.ts';

/** The operator classes of gin for jsonb. */
export type JsonClass = 'jsonb_ops' | 'jsonb_path_ops';

/** The hash of the keys that lead somewhere, in two parts. */
export interface PathHash {
  readonly first: number;
  readonly second: number;
}

export const ROOT_PATH: PathHash = { first: 0x811c9dc5 | 0, second: 0x1b873593 };

function mixed(hash: number, text: string): number {
  let h = hash;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 12);
}

export function pathOf(path: PathHash, key: string): PathHash {
  return { first: mixed(path.first, key), second: mixed(path.second ^ key.length, key) };
}

/** The digits of a number without zeros behind the last one that counts. */
function numberText(value: Decimal): string {
  const text = String(value);
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return plain === '-0' ? '0' : plain;
}

/** Text of a scalar with a letter for what it is. */
function scalarText(value: JsonNode, isElement: boolean): string {
  if (value === null) return 'z';
  if (typeof value === 'string') return `${isElement ? 'k' : 'v'}${value}`;
  if (typeof value === 'boolean') return value ? 'b1' : 'b0';
  return `n${numberText(value as Decimal)}`;
}

export function keyItem(key: string): string {
  return `k${key}`;
}

export function pathItem(path: PathHash, value: JsonNode): string {
  const { first, second } = pathOf(path, scalarText(value, false));
  return `p${(first >>> 0).toString(36)}.${(second >>> 0).toString(36)}`;
}

/** The items of a value, each once. */
export function jsonItems(node: JsonNode, of: JsonClass): ReadonlySet<string> {
  const items = new Set<string>();
  if (of === 'jsonb_path_ops') addPaths(node, ROOT_PATH, items);
  // A scalar at the top counts as an array of it.
  else addParts(node, true, items);
  return items;
}

function addParts(node: JsonNode, isElement: boolean, items: Set<string>): void {
  if (isJsonArray(node)) for (const element of node) addParts(element, true, items);
  else if (node instanceof Map)
    for (const [key, value] of node as ReadonlyMap<string, JsonNode>) {
      items.add(keyItem(key));
      addParts(value, false, items);
    }
  else items.add(scalarText(node, isElement));
}

function addPaths(node: JsonNode, path: PathHash, items: Set<string>): void {
  if (isJsonArray(node)) for (const element of node) addPaths(element, path, items);
  else if (node instanceof Map)
    for (const [key, value] of node as ReadonlyMap<string, JsonNode>)
      addPaths(value, pathOf(path, key), items);
  else items.add(pathItem(path, node));
}

/** `json @> pattern`. */
export function jsonWith(pattern: JsonNode, of: JsonClass): ItemQuery {
  return holdingAll(jsonItems(pattern, of));
}

/** A scalar equal to `value` that a key or an array holds. */
export function scalarQuery(value: JsonNode): ItemQuery {
  return anyOf([...new Set([scalarText(value, true), scalarText(value, false)])].map(holding));
}

/**
 * Where a value would lie in PostgreSQL's binary form of jsonb: what the `id` of .keyvalue() is made of.
 *
 * Layout: a container is a 4-byte header, 4 bytes for each element (objects: each key, then each value), then keys and values;
 * numbers and containers are aligned to 4 bytes.
 *
 * I1  Offsets are relative to the container they are asked for; the container itself is at 0.
 */
import { Decimal } from '../../types/decimal.ts';
import { isJsonArray, isJsonObject, type JsonNode } from '../../types/json.ts';

const encoder = new TextEncoder();
const textBytes = (text: string): number => encoder.encode(text).length;
const aligned = (offset: number): number => (offset + 3) & ~3;

/** Bytes of a numeric: length word, header, base-10000 digits. */
function numericBytes(value: Decimal): number {
  const [whole = '', fraction = ''] = value.abs().toString().split('.');
  const left = whole === '0' ? '' : whole;
  const digits =
    left.padStart(Math.ceil(left.length / 4) * 4, '0') +
    fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const groups = digits.match(/.{4}/g) ?? [];
  while (groups.length > 0 && groups[0] === '0000') groups.shift();
  while (groups.length > 0 && groups.at(-1) === '0000') groups.pop();
  const isShort = fraction.length <= 63 && left.length <= 256;
  return 4 + (isShort ? 2 : 4) + 2 * groups.length;
}

/** Visits every container in `node` with its offset; returns the offset behind it. */
function layOut(node: JsonNode, at: number, visit: (node: JsonNode, offset: number) => void): number {
  if (node === null || typeof node === 'boolean') return at;
  if (typeof node === 'string') return at + textBytes(node);
  if (node instanceof Decimal) return aligned(at) + numericBytes(node);
  const start = aligned(at);
  visit(node, start);
  if (isJsonArray(node)) {
    let end = start + 4 + 4 * node.length;
    for (const item of node) end = layOut(item, end, visit);
    return end;
  }
  if (!isJsonObject(node)) return at;
  let end = start + 4 + 8 * node.size;
  for (const key of node.keys()) end += textBytes(key);
  for (const value of node.values()) end = layOut(value, end, visit);
  return end;
}

/** Offset of the container `part` in `base`; 0 when it is not part of it. */
export function offsetIn(base: JsonNode, part: JsonNode): number {
  let found = 0;
  layOut(base, 0, (node, offset) => {
    if (node === part) found = offset;
  });
  return found;
}

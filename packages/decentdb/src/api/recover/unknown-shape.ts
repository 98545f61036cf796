/**
 * Shapes of tree pages whose definition is lost: what the blocks themselves say of their columns.
 *
 *     encoding                         read as
 *     integers                         int64 (booleans, dates and times come out as their numbers)
 *     floats                           float64
 *     text (numeric kept as text too)  text
 *     uuids, blobs, numerics           uuid, bytes, numeric (objects come out as their bytes)
 *     all NULL                         text
 *
 * I1  A guess, used only for rows that cannot be given back to their table.
 */

import { DecentDbError, dataCorrupted } from '../../base/errors.ts';
import type { PageNo } from '../../base/ids.ts';
import { ENCODING_MASK, Encoding } from '../../tree/encoding.ts';
import { NodeSchema } from '../../tree/node-schema.ts';
import { TreeNode } from '../../tree/tree-node.ts';
import { type ColumnSpec, Physical } from '../../types/vector.ts';
import type { DamagedSource } from './damaged-source.ts';

const HEAD_BYTES = 6;
const COLUMNS_MAX = 2000;

function physicalOf(encoding: number): Physical | undefined {
  switch (encoding) {
    case Encoding.ints:
    case Encoding.bigInts:
    case Encoding.rawBigInts:
      return Physical.int64;
    case Encoding.doubles:
    case Encoding.singles:
    case Encoding.scaledDoubles:
    case Encoding.scaledSingles:
      return Physical.float64;
    case Encoding.allNull:
    case Encoding.text:
    case Encoding.textDictionary:
    case Encoding.frontCoded:
      return Physical.text;
    case Encoding.uuids:
    case Encoding.uuidDictionary:
      return Physical.uuid;
    case Encoding.blobs:
      return Physical.bytes;
    case Encoding.scaledNumeric:
    case Encoding.numericPairs:
      return Physical.numeric;
    default:
      return undefined;
  }
}

/** A schema that reads the tree page `payload`: its leaf columns, or for an inner node its keys. Throws XX001. */
export function shapeOf(payload: Uint8Array, page: PageNo): NodeSchema {
  const fail = (): Error => dataCorrupted('a tree page has an unknown shape', 'the database file', page);
  if (payload.length < HEAD_BYTES) throw fail();
  const isLeaf = payload[0] === 0;
  const columns = payload[2]! | (payload[3]! << 8);
  const keys = isLeaf ? columns : columns - 2;
  if (keys < 1 || columns > COLUMNS_MAX || payload.length < HEAD_BYTES + 2 * (columns + 1)) throw fail();
  const specs: ColumnSpec[] = [];
  for (let i = 0; i < keys; i++) {
    const at = HEAD_BYTES + 2 * i;
    const start = payload[at]! | (payload[at + 1]! << 8);
    const tag = payload[start];
    const physical = tag === undefined ? undefined : physicalOf(tag & ENCODING_MASK);
    if (physical === undefined) throw fail();
    specs.push({ physical });
  }
  return new NodeSchema({ columns: specs, keyCount: isLeaf ? 1 : keys });
}

/** The page as a node whose tree is not known, all its columns read; or what is wrong with it. */
export function unknownNode(source: DamagedSource, page: PageNo): TreeNode | string {
  const image = source.readPage(page);
  if (typeof image === 'string') return image;
  try {
    const node = TreeNode.decode(shapeOf(image.payload, page), page, image.lsn, image.payload);
    for (let i = 0; i < node.columnCount; i++) node.column(i);
    return node;
  } catch (error) {
    if (error instanceof DecentDbError) return error.message;
    throw error;
  }
}

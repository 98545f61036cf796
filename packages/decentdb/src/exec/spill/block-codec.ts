/**
 * Rows as bytes for temporary files: the column encodings of tree leaves, one block of columns after the other.
 *
 * I1  What comes back equals what went in, NULLs, scales of numerics and all.
 * I2  A block holds at most BLOCK_ROWS rows.
 */
import type { PageNo } from '../../base/ids.ts';
import { ByteReader, TAIL_BYTES } from '../../tree/byte-reader.ts';
import { ByteWriter } from '../../tree/byte-writer.ts';
import { decodeColumn, newColumn } from '../../tree/column-decoder.ts';
import { type ColumnSpec, Physical, type Vector } from '../../types/vector.ts';
import type { Slot } from '../physical.ts';

export const BLOCK_ROWS = 1024;

/** An encoded block: column i is bytes starts[i] .. starts[i + 1] - 1. */
export interface EncodedBlock {
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
}

/** How columns of these types are stored; null when a type has no stored form (record, internal types). */
export function spillSpecs(slots: readonly Pick<Slot, 'type'>[]): readonly ColumnSpec[] | null {
  const specs: ColumnSpec[] = [];
  for (const { type } of slots) {
    if (type.physical === Physical.object && type.codec === undefined) return null;
    specs.push(
      type.codec === undefined ? { physical: type.physical } : { physical: type.physical, codec: type.codec },
    );
  }
  return specs;
}

export function encodeBlock(
  specs: readonly ColumnSpec[],
  vectors: readonly Vector[],
  count: number,
): EncodedBlock {
  let size = TAIL_BYTES;
  const columns = specs.map((spec, i) => {
    const column = newColumn(spec, count, false);
    column.insertRange(0, 0, vectors[i]!, 0, count);
    column.tighten(count);
    size += column.bound(count);
    return column;
  });
  const writer = new ByteWriter(new Uint8Array(size));
  const starts: number[] = [];
  for (const column of columns) {
    starts.push(writer.at);
    column.write(writer, count);
  }
  starts.push(writer.at);
  writer.at += TAIL_BYTES;
  return { bytes: writer.bytes.subarray(0, writer.finish()), starts };
}

export function decodeBlock(specs: readonly ColumnSpec[], block: EncodedBlock, count: number): Vector[] {
  const reader = new ByteReader(block.bytes, 0 as PageNo);
  return specs.map((spec, i) => {
    reader.at = block.starts[i]!;
    reader.end = block.starts[i + 1]!;
    return decodeColumn(reader, spec, count, false).vector;
  });
}

/** Where the bytes of one column begin, and where what decodes them needs to read to. */
export function columnBytes(starts: readonly number[], column: number): { from: number; to: number } {
  return { from: starts[column]!, to: starts[column + 1]! + TAIL_BYTES };
}

/** One column of a block, from its own bytes (see {@link columnBytes}). */
export function decodeOneColumn(spec: ColumnSpec, bytes: Uint8Array, count: number): Vector {
  const reader = new ByteReader(bytes, 0 as PageNo);
  reader.at = 0;
  reader.end = bytes.length - TAIL_BYTES;
  return decodeColumn(reader, spec, count, false).vector;
}

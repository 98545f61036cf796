/**
 * Columns of sorted rows on their way into leaves that are written once: what a range of rows takes at most, and its block.
 *
 * I1  `write` writes the rows measured last, in at most as many bytes as `measure` said.
 * I2  A block reads back as what a column changed row by row would have written, and leaves as much room: who changes the leaf
 *     later finds its bound within the page (tree-node.ts I3).
 */
import type { NullMask } from '../types/vector.ts';
import type { ByteWriter } from './byte-writer.ts';

export interface LeafColumn {
  /** An upper bound of the bytes of the block of rows from..to. */
  measure(from: number, to: number): number;
  write(writer: ByteWriter): void;
}

export function countNulls(nulls: NullMask, from: number, to: number): number {
  let count = 0;
  if (nulls !== null) for (let i = from; i < to; i++) count += nulls[i]!;
  return count;
}

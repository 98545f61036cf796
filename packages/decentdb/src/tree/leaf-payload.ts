/**
 * The bytes of a leaf that is written once, column by column: as tree-node.ts writes nodes that were changed.
 *
 * I1  level u8, flags u8, columns u16, rows u16; where each column begins and the last ends, u16 each; the columns; the tail that readers
 *     may read beyond the last.
 */
import { TAIL_BYTES } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

const HEAD_BYTES = 6;

/** Bytes beside those of the columns. */
export function leafOverhead(columns: number): number {
  return HEAD_BYTES + 2 * (columns + 1) + TAIL_BYTES;
}

/** Writes a leaf into `room`, each column by `writeColumn`; returns its length. */
export function writeLeaf(
  room: Uint8Array,
  columns: number,
  rows: number,
  writeColumn: (column: number, writer: ByteWriter) => void,
): number {
  const writer = new ByteWriter(room);
  writer.u8(0);
  writer.u8(0);
  writer.u16(columns);
  writer.u16(rows);
  const directory = writer.at;
  writer.at += 2 * (columns + 1);
  for (let c = 0; c < columns; c++) {
    writer.u16At(directory + 2 * c, writer.at);
    writeColumn(c, writer);
  }
  writer.u16At(directory + 2 * columns, writer.at);
  for (let i = 0; i < TAIL_BYTES; i++) writer.u8(0);
  return writer.finish();
}

/** For checks: whether the block made from an older one says what its column means. */
import { assert } from '../base/assert.ts';
import { pageNo } from '../base/ids.ts';
import type { ColumnSpec } from '../types/vector.ts';
import { ByteReader, TAIL_BYTES } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Column } from './column.ts';
import { decodeColumn } from './column-decoder.ts';

/** The block lies in the writer from `begin` to where it is now. */
export function verifyBlock(
  writer: ByteWriter,
  begin: number,
  column: Column,
  spec: ColumnSpec,
  count: number,
): void {
  const bytes = new Uint8Array(writer.at - begin + TAIL_BYTES);
  bytes.set(writer.bytes.subarray(begin, writer.at));
  const reader = new ByteReader(bytes, pageNo(1));
  reader.end = writer.at - begin;
  const decoded = decodeColumn(reader, spec, count, false);
  for (let row = 0; row < count; row++)
    assert(isSame(decoded.cell(row), column.cell(row)), 'a block made from an older one says something else');
}

/** Values whose parts only their type knows are taken for the same. */
function isSame(stored: unknown, value: unknown): boolean {
  if (stored instanceof Uint8Array && value instanceof Uint8Array)
    return stored.length === value.length && stored.every((byte, i) => byte === value[i]);
  if (typeof stored === 'object' && typeof value === 'object') return (stored === null) === (value === null);
  return stored === value || (Number.isNaN(stored) && Number.isNaN(value));
}

/**
 * Values too large for their page: what stands in a column for them, and their bytes in the chain.
 *
 * I1  Only columns of kind text, bytes, numeric and object hold overflow values, never key columns.
 * I2  A marker stays with its row through splits and rewrites: the chain is written once and freed once.
 */
import { unreachable } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import type { OverflowRef } from '../txn/page-view.ts';
import { Decimal } from '../types/decimal.ts';
import { type ColumnSpec, type Datum, Physical } from '../types/vector.ts';
import { corruptedNode } from './byte-reader.ts';
import { latin1Slice, utf8Bytes, utf8Slice } from './text-bytes.ts';

/** Stands in a column for a value kept in an overflow chain. */
export class OverflowValue {
  readonly ref: OverflowRef;

  constructor(ref: OverflowRef) {
    this.ref = ref;
  }
}

/** What a cell of a node holds. */
export type Cell = Datum | OverflowValue;

/** Upper bound of the bytes one marker takes in its block: row gap, first page, length. */
export const OVERFLOW_ENTRY_BYTES = 12;

export function canOverflow(spec: ColumnSpec): boolean {
  switch (spec.physical) {
    case Physical.text:
    case Physical.bytes:
    case Physical.numeric:
    case Physical.object:
      return true;
    default:
      return false;
  }
}

/** The bytes of a large value, as its chain holds them. */
export function overflowBytes(spec: ColumnSpec, value: Datum): Uint8Array {
  switch (spec.physical) {
    case Physical.text:
      return utf8Bytes(value as string);
    case Physical.bytes:
      return value as Uint8Array;
    case Physical.numeric:
      return utf8Bytes(String(value));
    case Physical.object:
      return spec.codec!.toBytes(value as object);
    default:
      throw unreachable(spec.physical as never, 'overflowBytes');
  }
}

/** The value back from its chain. */
export function overflowDatum(spec: ColumnSpec, bytes: Uint8Array, page: PageNo): Datum {
  try {
    switch (spec.physical) {
      case Physical.text:
        return utf8Slice(bytes, 0, bytes.length);
      case Physical.bytes:
        return bytes;
      case Physical.object:
        return spec.codec!.fromBytes(bytes);
      default: {
        const value = Decimal.parse(latin1Slice(bytes, 0, bytes.length));
        if (value !== null) return value;
      }
    }
  } catch (error) {
    throw corruptedNode(page, `a large value cannot be read: ${String(error)}`);
  }
  throw corruptedNode(page, 'a large number cannot be read');
}

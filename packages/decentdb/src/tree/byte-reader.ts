/**
 * Reads what byte-writer.ts wrote, trusting nothing.
 *
 * I1  No read passes `end`; the first that would throws XX001 naming the page.
 * I2  The payload is longer than any column block by at least {@link TAIL_BYTES}, so that packed integers may be fetched
 *     by four-byte loads that overrun their block (decodeNode checks that).
 */

import { type DecentDbError, dataCorrupted } from '../base/errors.ts';
import { NO_PAGE, type PageNo } from '../base/ids.ts';
import { keepShape } from '../base/kept-shapes.ts';
import type { PassingMemory } from '../pager/passing-memory.ts';

/** Zero bytes after the last column block of a node. */
export const TAIL_BYTES = 3;

/** Damage inside a tree page. The file's name is added by whoever knows it. */
export function corruptedNode(page: PageNo, message: string): DecentDbError {
  return dataCorrupted(message, 'the database file', page);
}

export class ByteReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly page: PageNo;
  at: number;
  end: number;
  /** Of a page that passes by: where it decodes to. */
  passing: PassingMemory | null = null;

  /** `view`: of the same bytes. */
  constructor(
    bytes: Uint8Array,
    page: PageNo,
    view: DataView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ) {
    this.bytes = bytes;
    this.view = view;
    this.page = page;
    this.at = 0;
    this.end = bytes.length;
  }

  fail(message: string): DecentDbError {
    return corruptedNode(this.page, message);
  }

  /** Claims `size` bytes and returns where they start. */
  take(size: number): number {
    const at = this.at;
    if (!(size <= this.end - at)) throw this.fail('a column runs past its end');
    this.at = at + size;
    return at;
  }

  u8(): number {
    return this.bytes[this.take(1)]!;
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  double(): number {
    return this.view.getFloat64(this.take(8), true);
  }

  int64(): bigint {
    return this.view.getBigInt64(this.take(8), true);
  }

  unsigned(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      factor *= 0x80;
    }
    throw this.fail('a stored number is out of range');
  }

  signed(): number {
    const first = this.u8();
    let magnitude = first & 0x3f;
    if (first >= 0x80) magnitude += this.unsigned() * 0x40;
    if (magnitude > Number.MAX_SAFE_INTEGER) throw this.fail('a stored number is out of range');
    return (first & 0x40) !== 0 && magnitude !== 0 ? -magnitude : magnitude;
  }
}

keepShape(new ByteReader(new Uint8Array(0), NO_PAGE));

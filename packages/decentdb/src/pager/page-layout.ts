/**
 * Bytes of a page on disk: the one place that names the offsets, for writer, reader, checker and dump.
 *
 *     0   u32  checksum   CRC-32 of bytes [4, pageBytes), unused ones included
 *     4   u32  page number
 *     8   u64  LSN of the version
 *     16  u8   kind (PageKind)
 *     17  u8   flags, 0
 *     18  u16  reserved, 0
 *     20  u32  used payload bytes
 *     24  ...  payload, then zeros to the end of the page
 *
 * All integers are little-endian. The payload starts at a multiple of 8, so that a reader may lay typed arrays over it.
 *
 * I1  A page is used only after `unsealPage` accepted it: right number (misdirected), right checksum (torn, flipped),
 *     a known kind, a sane length, zeros after the payload.
 * I2  `sealPage` zeroes what the payload does not use: no byte of old memory reaches a file.
 */
import { crc32 } from '../base/checksum.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { PageKind } from './page-node.ts';

export const PAGE_HEADER_BYTES = 24;
/** 512-byte pages exist so that tests reach every boundary quickly. */
export const PAGE_BYTES_MIN = 512;
export const PAGE_BYTES_MAX: number = 64 * 1024;
export const PAGE_BYTES_DEFAULT: number = 8 * 1024;

const AT = { checksum: 0, pageNo: 4, lsn: 8, kind: 16, flags: 17, reserved: 18, used: 20 } as const;
/** The checksum is of all that comes behind it. */
export const CHECKED_FROM: number = AT.pageNo;
const TWO_32 = 2 ** 32;

export interface PageHeader {
  readonly lsn: Lsn;
  readonly kind: PageKind;
  readonly usedBytes: number;
}

export function isValidPageBytes(bytes: number): boolean {
  return bytes >= PAGE_BYTES_MIN && bytes <= PAGE_BYTES_MAX && (bytes & (bytes - 1)) === 0;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Writes an unsigned 53-bit integer as u64. */
export function setU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % TWO_32, true);
  view.setUint32(at + 4, Math.floor(value / TWO_32), true);
}

/** Reads a u64; values above 2^53 come out inexact and must fail the caller's range checks. */
export function getU64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * TWO_32;
}

/** Completes a page whose payload is in place: zeroes the rest, writes header and checksum. */
export function sealPage(page: Uint8Array, pageNo: PageNo, header: PageHeader): void {
  const view = viewOf(page);
  page.fill(0, PAGE_HEADER_BYTES + header.usedBytes);
  view.setUint32(AT.pageNo, pageNo, true);
  setU64(view, AT.lsn, header.lsn);
  view.setUint8(AT.kind, header.kind);
  view.setUint8(AT.flags, 0);
  view.setUint16(AT.reserved, 0, true);
  view.setUint32(AT.used, header.usedBytes, true);
  view.setUint32(AT.checksum, crc32(page.subarray(AT.pageNo), 0), true);
}

/** The header of a valid page, or a sentence that says what is wrong with it. `view` and `checked` are views of the page. */
export function unsealPage(
  page: Uint8Array,
  pageNo: PageNo,
  view: DataView = viewOf(page),
  checked: Uint8Array = page.subarray(CHECKED_FROM),
): PageHeader | string {
  if (view.getUint32(AT.checksum, true) !== crc32(checked, 0)) {
    return isZero(page) ? 'the page was never written' : 'page checksum does not match';
  }
  const found = view.getUint32(AT.pageNo, true);
  if (found !== pageNo) return `the page claims to be page ${found}`;
  const kind = view.getUint8(AT.kind);
  if (!isDataKind(kind)) return `unknown page kind ${kind}`;
  const usedBytes = view.getUint32(AT.used, true);
  if (usedBytes > page.length - PAGE_HEADER_BYTES) return `page claims ${usedBytes} used bytes`;
  const lsn = getU64(view, AT.lsn);
  if (!Number.isSafeInteger(lsn)) return 'page LSN is out of range';
  return { lsn: lsn as Lsn, kind, usedBytes };
}

/** Kinds a stored page may have (the header page is no page of this layout). */
export function isDataKind(kind: number): kind is PageKind {
  return kind >= PageKind.leaf && kind <= PageKind.freeList;
}

/** Four bytes at a time: every opening of a file looks at the rest of its header page, before this code is optimised. */
export function isZero(bytes: Uint8Array): boolean {
  const { buffer, byteOffset, length } = bytes;
  const head = Math.min(-byteOffset & 3, length);
  const words = (length - head) >>> 2;
  for (let i = 0; i < head; i++) if (bytes[i] !== 0) return false;
  if (words > 0) {
    const view = new Int32Array(buffer, byteOffset + head, words);
    for (let i = 0; i < words; i++) if (view[i] !== 0) return false;
  }
  for (let i = head + 4 * words; i < length; i++) if (bytes[i] !== 0) return false;
  return true;
}

/**
 * Changes inside pages of a closed database that no checksum tells of: what is changed is sealed again.
 *
 * I1  Works on the bytes of a file in memory; nothing of the engine is running meanwhile.
 */
import { crc32 } from '../../base/checksum.ts';
import type { PageNo } from '../../base/ids.ts';
import { HEADER_COPY_BYTES, headerPages, secondCopyOffset } from '../../pager/meta.ts';
import { PAGE_HEADER_BYTES, type PageHeader, sealPage, unsealPage, viewOf } from '../../pager/page-layout.ts';

const AT_CHECKSUM = 8;
const AT_PAGE_BYTES = 16;

export class PageSurgeon {
  readonly bytes: Uint8Array;
  readonly pageBytes: number;
  readonly firstDataPage: number;

  /** `pageBytes` where the header may lie about it already. */
  constructor(bytes: Uint8Array, pageBytes: number = viewOf(bytes).getUint32(AT_PAGE_BYTES, true)) {
    this.bytes = bytes;
    this.pageBytes = pageBytes;
    this.firstDataPage = headerPages(this.pageBytes);
  }

  get pageCount(): number {
    return Math.floor(this.bytes.length / this.pageBytes);
  }

  page(pageNo: number): Uint8Array {
    return this.bytes.subarray(pageNo * this.pageBytes, (pageNo + 1) * this.pageBytes);
  }

  /** The header of a page; undefined for one that was never written. */
  headerOf(pageNo: number): PageHeader | undefined {
    const header = unsealPage(this.page(pageNo), pageNo as PageNo);
    return typeof header === 'string' ? undefined : header;
  }

  /** All of the page behind its header; what is used of it stands in the header. */
  payload(pageNo: number): Uint8Array {
    return this.page(pageNo).subarray(PAGE_HEADER_BYTES);
  }

  /** Makes number, fields and checksum right for what the payload holds now. */
  seal(pageNo: number, header: PageHeader): void {
    sealPage(this.page(pageNo), pageNo as PageNo, header);
  }

  /** Changes both copies of the file header and makes their checksums right. */
  changeHeader(change: (copy: DataView) => void): void {
    for (const offset of [0, secondCopyOffset(this.pageBytes)]) {
      const copy = this.bytes.subarray(offset, offset + HEADER_COPY_BYTES);
      const view = viewOf(copy);
      change(view);
      const head = crc32(copy.subarray(0, AT_CHECKSUM), 0);
      view.setUint32(AT_CHECKSUM, crc32(copy.subarray(AT_CHECKSUM + 4), head), true);
    }
  }
}

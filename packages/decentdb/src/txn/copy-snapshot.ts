/**
 * Copies every page of one snapshot into a new database file, while others go on writing.
 *
 * I1  The copy is the snapshot, page by page: it has the snapshot's meta, no log, and an id of its own, so that no log of the
 *     original can ever be taken for the copy's.
 * I2  Every page is checked as it is read and sealed anew; free pages that were never written stay zeros.
 * I3  The snapshot is held from the first page to the last: the checkpoint keeps what it needs.
 */
import type { PageNo } from '../base/ids.ts';
import { encodeHeader, FormatVersion, HeaderState, secondCopyOffset } from '../pager/meta.ts';
import { PAGE_HEADER_BYTES, sealPage } from '../pager/page-layout.ts';
import { randomBytes } from '../vfs/node-platform.ts';
import type { VfsFile } from '../vfs/vfs.ts';
import { freePagesOf } from './check-storage.ts';
import type { StorageEngine } from './engine.ts';
import type { ReadTxn } from './read-txn.ts';

export interface CopyProgress {
  readonly pages: number;
  readonly pagesTotal: number;
}

/** Most pages written with one call. */
const PAGES_PER_WRITE_MAX = 64;

/**
 * Copies the state of now into `file` (which is empty), `pagesPerStep` pages between two yields. End the generator early to
 * stop; the file is then of no use.
 */
export function* copySnapshot(
  engine: StorageEngine,
  file: VfsFile,
  pagesPerStep: number,
): Generator<CopyProgress, void> {
  // What is committed but not yet in the log has no bytes to copy.
  if (!engine.isReadOnly) engine.flush();
  const read = engine.beginRead();
  try {
    const first = engine.pages.pageFile.firstDataPage;
    const pagesTotal = read.meta.pageCount - first;
    writeHeader(engine, read, file, first);
    const free = freePagesOf(engine, read);
    if (!(free instanceof Set)) throw free;
    let sinceYield = 0;
    const pagesPerWrite = Math.min(PAGES_PER_WRITE_MAX, pagesPerStep);
    for (let from = first; from < read.meta.pageCount; from += pagesPerWrite) {
      const to = Math.min(from + pagesPerWrite, read.meta.pageCount);
      file.writeAt(sealedPages(engine, read, free, from, to), from * engine.pageBytes);
      sinceYield += to - from;
      if (sinceYield < pagesPerStep) continue;
      sinceYield = 0;
      yield { pages: to - first, pagesTotal };
      read.validate();
    }
    yield { pages: pagesTotal, pagesTotal };
  } finally {
    read.end();
  }
}

function writeHeader(engine: StorageEngine, read: ReadTxn, file: VfsFile, pages: number): void {
  const { pageBytes } = engine;
  const header = encodeHeader({
    formatVersion: FormatVersion.first,
    sequence: 1,
    pageBytes,
    state: HeaderState.clean,
    databaseId: randomBytes(16),
    logGeneration: 0,
    meta: read.meta,
  });
  const bytes = new Uint8Array(pages * pageBytes);
  bytes.set(header, 0);
  bytes.set(header, secondCopyOffset(pageBytes));
  file.writeAt(bytes, 0);
}

function sealedPages(
  engine: StorageEngine,
  read: ReadTxn,
  free: ReadonlySet<number>,
  from: number,
  to: number,
): Uint8Array {
  const { pageBytes, pages } = engine;
  const bytes = new Uint8Array((to - from) * pageBytes);
  for (let p = from; p < to; p++) {
    const pageNo = p as PageNo;
    if (free.has(p) && pages.isNeverWritten(pageNo, read.snapshot)) continue;
    const image = pages.readStored(pageNo, read.snapshot);
    const page = bytes.subarray((p - from) * pageBytes, (p - from + 1) * pageBytes);
    page.set(image.payload.subarray(0, image.usedBytes), PAGE_HEADER_BYTES);
    sealPage(page, pageNo, { lsn: image.lsn, kind: image.kind, usedBytes: image.usedBytes });
  }
  return bytes;
}

/**
 * The page file `name.ddb`: reads and writes whole pages and the header. Knows nothing of logs or transactions.
 *
 * I1  `readPage` returns bytes only of a page that passed every check of page-layout.ts.
 * I2  The header is replaced one copy at a time: the copy that is not the newest is written and synced before the
 *     other one is touched, so one valid copy exists at every instant. Callers sync the file before `writeHeader`.
 * I3  Nothing is written to a file that did not prove to be ours.
 */
import { assert } from '../base/assert.ts';
import { DecentDbError, dataCorrupted } from '../base/errors.ts';
import type { PageNo } from '../base/ids.ts';
import type { OpenMode, Vfs, VfsFile } from '../vfs/vfs.ts';
import {
  decodeHeader,
  emptyMeta,
  encodeHeader,
  type FileHeader,
  FORMAT_VERSION,
  HEADER_COPY_BYTES,
  type HeaderProblem,
  HeaderState,
  headerPages,
  secondCopyOffset,
} from './meta.ts';
import { isZero, type PageHeader, unsealPage } from './page-layout.ts';

/** A page as read: its header and its payload (24 bytes into a buffer of its own). */
export interface PageImage extends PageHeader {
  readonly payload: Uint8Array;
}

export interface PageFileSyncing {
  /** False for scratch databases: nothing is ever synced. */
  readonly isSyncing: boolean;
}

export class PageFile {
  readonly file: VfsFile;
  readonly pageBytes: number;
  /** One copy of the header is unusable. */
  hasDamagedCopy: boolean;
  /** A sync of the file has failed: what it covered may be lost although reads still show it. */
  hasFailedSync = false;
  private current: FileHeader;
  /** Offset of the copy to write first: never the only good one. */
  private nextOffset: number;
  private readonly isSyncing: boolean;

  private constructor(file: VfsFile, header: FileHeader, copies: HeaderCopies, syncing: PageFileSyncing) {
    this.file = file;
    this.current = header;
    this.pageBytes = header.pageBytes;
    this.isSyncing = syncing.isSyncing;
    this.hasDamagedCopy = copies.isSecondBad || copies.isFirstBad;
    this.nextOffset = copies.newest === 'first' ? secondCopyOffset(this.pageBytes) : 0;
  }

  /** Reads and checks the header of an open file. The file is not changed. */
  static open(file: VfsFile, syncing: PageFileSyncing): PageFile {
    const copies = readCopies(file);
    const page = new PageFile(file, copies.header, copies, syncing);
    page.checkPadding();
    return page;
  }

  /** The bytes of a new, empty database. */
  static emptyImage(pageBytes: number, databaseId: Uint8Array): Uint8Array {
    const image = new Uint8Array(headerPages(pageBytes) * pageBytes);
    const header = encodeHeader({
      sequence: 1,
      pageBytes,
      state: HeaderState.clean,
      databaseId,
      logGeneration: 0,
      meta: emptyMeta(pageBytes),
    });
    image.set(header, 0);
    image.set(header, secondCopyOffset(pageBytes));
    return image;
  }

  get path(): string {
    return this.file.path;
  }

  get header(): FileHeader {
    return this.current;
  }

  /** First page number that may hold data. */
  get firstDataPage(): number {
    return headerPages(this.pageBytes);
  }

  /** Fails unless the file is at least as long as its header says. */
  checkSize(): void {
    const want = this.current.meta.pageCount * this.pageBytes;
    const have = this.file.size();
    if (have < want) {
      throw dataCorrupted(`file is truncated: ${have} bytes of at least ${want}`, this.path);
    }
  }

  /** The checked page, or an XX001 error. */
  readPage(pageNo: PageNo): PageImage {
    const found = this.tryReadPage(pageNo);
    if (typeof found === 'string') throw dataCorrupted(found, this.path, pageNo);
    return found;
  }

  /** The checked page, or what is wrong with it. */
  tryReadPage(pageNo: PageNo): PageImage | string {
    assert(pageNo >= this.firstDataPage, 'page number points into the file header');
    const page = new Uint8Array(this.pageBytes);
    const count = this.file.readAt(page, pageNo * this.pageBytes);
    if (count < this.pageBytes) return `file ends ${this.pageBytes - count} bytes before the end of the page`;
    const header = unsealPage(page, pageNo);
    if (typeof header === 'string') return header;
    return {
      lsn: header.lsn,
      kind: header.kind,
      usedBytes: header.usedBytes,
      payload: page.subarray(
        page.length - this.payloadBytes,
        page.length - this.payloadBytes + header.usedBytes,
      ),
    };
  }

  get payloadBytes(): number {
    return this.pageBytes - 24;
  }

  /** Writes sealed pages that follow one another from `first` on. */
  writePages(bytes: Uint8Array, first: PageNo): void {
    assert(first >= this.firstDataPage && bytes.length % this.pageBytes === 0, 'page write out of place');
    this.file.writeAt(bytes, first * this.pageBytes);
  }

  /** Makes written pages durable. A failure is final: `hasFailedSync` stays true, and nobody may try again (D7). */
  sync(): void {
    assert(!this.hasFailedSync, 'sync of a page file whose sync has failed');
    if (!this.isSyncing) return;
    try {
      this.file.sync('data');
    } catch (error) {
      this.hasFailedSync = true;
      throw error;
    }
  }

  async syncAsync(): Promise<void> {
    assert(!this.hasFailedSync, 'sync of a page file whose sync has failed');
    if (!this.isSyncing) return;
    try {
      await this.file.syncAsync('data');
    } catch (error) {
      this.hasFailedSync = true;
      throw error;
    }
  }

  /** Replaces the header: first one copy, synced, then the other (which the next sync of the file covers). */
  writeHeader(change: Partial<Omit<FileHeader, 'sequence' | 'pageBytes' | 'databaseId'>>): void {
    const header: FileHeader = { ...this.current, ...change, sequence: this.current.sequence + 1 };
    const bytes = encodeHeader(header);
    const first = this.nextOffset;
    const second = secondCopyOffset(this.pageBytes) - first;
    this.file.writeAt(bytes, first);
    this.sync();
    this.current = header;
    this.nextOffset = second;
    try {
      this.file.writeAt(bytes, second);
      this.hasDamagedCopy = false;
    } catch {
      // The header is durable, so whoever waits for it must go on: the log may be dropped, the pages must not be copied
      // again. The next header goes to this copy first; until then the check tells of it.
      this.hasDamagedCopy = true;
    }
  }

  /** Writes the header again when one copy is damaged, as a power cut inside `writeHeader` leaves it. */
  healHeader(): void {
    if (!this.hasDamagedCopy) return;
    this.sync(); // The good copy may have come from the system's cache.
    this.writeHeader({});
  }

  /** Sequence of the header on disk now: tells a reader without a lock whether somebody wrote. */
  readSequence(): number | undefined {
    let newest: number | undefined;
    for (const offset of [0, secondCopyOffset(this.pageBytes)]) {
      const header = readCopy(this.file, offset);
      if (typeof header !== 'string' && header.sequence > (newest ?? -1)) newest = header.sequence;
    }
    return newest;
  }

  close(): void {
    this.file.close();
  }

  /** I3 of meta.ts: the rest of the header pages is zero. */
  private checkPadding(): void {
    const bytes = new Uint8Array(this.firstDataPage * this.pageBytes);
    const count = this.file.readAt(bytes, 0);
    if (count < bytes.length) throw dataCorrupted('file is truncated inside its header', this.path, 0);
    bytes.fill(0, 0, HEADER_COPY_BYTES);
    const second = secondCopyOffset(this.pageBytes);
    bytes.fill(0, second, second + HEADER_COPY_BYTES);
    if (!isZero(bytes)) throw dataCorrupted('unused bytes of the file header are not zero', this.path, 0);
  }
}

interface HeaderCopies {
  readonly header: FileHeader;
  readonly newest: 'first' | 'second';
  readonly isFirstBad: boolean;
  readonly isSecondBad: boolean;
}

/** Opens a file for `PageFile.open`; an empty one is refused, since nothing tells whose it is. */
export function openDatabaseFile(vfs: Vfs, path: string, mode: OpenMode): VfsFile {
  const file = vfs.open(path, mode);
  try {
    if (file.size() === 0) {
      throw new DecentDbError('58P01', `"${path}" is an empty file, not a DecentDB database`, {
        file: path,
        hint: 'Delete the empty file to have a new database created there.',
      });
    }
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

function readCopy(file: VfsFile, offset: number): FileHeader | HeaderProblem {
  const bytes = new Uint8Array(HEADER_COPY_BYTES);
  return decodeHeader(bytes.subarray(0, file.readAt(bytes, offset)));
}

function readCopies(file: VfsFile): HeaderCopies {
  const first = readCopy(file, 0);
  if (typeof first !== 'string') {
    const second = readCopy(file, secondCopyOffset(first.pageBytes));
    if (typeof second !== 'string' && second.sequence > first.sequence && isSameFile(first, second)) {
      return { header: second, newest: 'second', isFirstBad: false, isSecondBad: false };
    }
    return { header: first, newest: 'first', isFirstBad: false, isSecondBad: typeof second === 'string' };
  }
  for (const offset of [4096, 512]) {
    const second = readCopy(file, offset);
    if (typeof second !== 'string' && secondCopyOffset(second.pageBytes) === offset) {
      return { header: second, newest: 'second', isFirstBad: true, isSecondBad: false };
    }
  }
  throw headerError(file.path, first);
}

function isSameFile(a: FileHeader, b: FileHeader): boolean {
  return a.pageBytes === b.pageBytes && a.databaseId.every((byte, i) => byte === b.databaseId[i]);
}

function headerError(path: string, problem: HeaderProblem): DecentDbError {
  switch (problem) {
    case 'newerFormat':
      return new DecentDbError('0A000', `"${path}" was written by a newer version of DecentDB`, {
        file: path,
        detail: `This version reads format ${FORMAT_VERSION}.`,
        hint: 'Upgrade DecentDB to open it.',
      });
    case 'damaged':
      return dataCorrupted('both copies of the file header are damaged', path, 0);
    case 'notOurs':
      return new DecentDbError('58030', `"${path}" is not a DecentDB database`, {
        file: path,
        detail: 'The file does not begin as a DecentDB file does.',
        hint: 'Check the path. The file was not changed.',
      });
  }
}

/**
 * The page file `name.ddb`: reads and writes whole pages and the header. Knows nothing of logs or transactions.
 *
 * I1  `readPage` returns bytes only of a page that passed every check of page-layout.ts.
 * I2  The header is replaced one copy at a time, each synced before anything else happens: first the copy at
 *     `copyOffset(sequence)`, then the other. Even and odd sequences begin at different copies, so a header never begins
 *     with the copy that is sure to hold the one before. Callers sync the file before `writeHeader`.
 * I3  Nothing is written to a file that did not prove to be ours.
 * I4  While one copy of the header is out of date (`hasOldCopy`), nothing that it names may be given up: a header
 *     that opens after a crash may be either.
 * I5  Pages are written only while both copies agree: a header whose write did not end well may be the one that opens after
 *     a crash, and for pages that it says are in place no log is read.
 *
 *     copies on opening      what is sure to be on disk
 *     n first, n             the first one written: the other was written after its sync
 *     n first, n-1           n-1; n may be in the system's cache only, and nothing relied on it yet
 *     n, damaged             n: the damaged one was being written
 */
import { assert } from '../base/assert.ts';
import { DecentDbError, dataCorrupted } from '../base/errors.ts';
import type { PageNo } from '../base/ids.ts';
import { BackgroundSync } from '../vfs/background-sync.ts';
import type { OpenMode, Vfs, VfsFile } from '../vfs/vfs.ts';
import {
  decodeHeader,
  emptyMeta,
  encodeHeader,
  type FileHeader,
  FORMAT_VERSION_MAX,
  FormatVersion,
  HEADER_COPY_BYTES,
  type HeaderProblem,
  HeaderState,
  headerPages,
  secondCopyOffset,
} from './meta.ts';
import { isZero, PAGE_HEADER_BYTES, type PageHeader, unsealPage } from './page-layout.ts';
import type { LoggedAt } from './page-node.ts';
import type { PageRing } from './page-ring.ts';

/** Pages read one by one share buffers of this size; nodes that stay leave them (page-node.ts, `detach`). */
const ROOM_BYTES = 64 * 1024;

/** A page as read: its header and its payload, which lies in a buffer with others. */
export interface PageImage extends PageHeader {
  readonly payload: Uint8Array;
  /** Where the log has it, if it came from there. */
  readonly logged?: LoggedAt;
}

export type HeaderChange = Partial<Omit<FileHeader, 'sequence' | 'pageBytes' | 'databaseId'>>;

export interface PageFileSyncing {
  /** False for scratch databases: nothing is ever synced. */
  readonly isSyncing: boolean;
}

export class PageFile {
  readonly file: VfsFile;
  readonly pageBytes: number;
  /** One copy of the header is unusable. */
  hasDamagedCopy: boolean;
  /** One copy of the header names an earlier state, or none (I4). */
  hasOldCopy: boolean;
  /** A sync of the file has failed: what it covered may be lost although reads still show it. */
  hasFailedSync = false;
  /** What it failed of. */
  syncFailure: unknown;
  private current: FileHeader;
  /** A copy that holds the current header. */
  private currentOffset: number;
  /** Its first copy is written and not synced. */
  private next: FileHeader | undefined;
  /** What was last written as a copy of the header: the second copy needs no memory. */
  private headerBytes: Uint8Array = new Uint8Array(0);
  /** Where pages are read to, one behind the other: to the engine a buffer of its own for each costs more than reading it. */
  private room: Uint8Array = new Uint8Array(0);
  private roomAt = 0;
  /** For {@link readSequence}. */
  private readonly copiesSeen: readonly SeenCopy[];
  private readonly isSyncing: boolean;
  private readonly background: BackgroundSync;

  private constructor(file: VfsFile, header: FileHeader, copies: HeaderCopies, syncing: PageFileSyncing) {
    this.file = file;
    this.current = header;
    this.pageBytes = header.pageBytes;
    this.copiesSeen = [new SeenCopy(0), new SeenCopy(secondCopyOffset(this.pageBytes))];
    this.isSyncing = syncing.isSyncing;
    this.background = new BackgroundSync(file);
    this.hasDamagedCopy = copies.isSecondBad || copies.isFirstBad;
    this.hasOldCopy = this.hasDamagedCopy || copies.isOtherOlder;
    this.currentOffset = copies.newest === 'first' ? 0 : secondCopyOffset(this.pageBytes);
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
      formatVersion: FormatVersion.first,
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

  /** The checked page, or an XX001 error. Its payload shares a buffer with pages read before and after it. */
  readPage(pageNo: PageNo): PageImage {
    const found = this.tryReadPage(pageNo);
    if (typeof found === 'string') throw dataCorrupted(found, this.path, pageNo);
    return found;
  }

  /** The checked page, or what is wrong with it. */
  tryReadPage(pageNo: PageNo): PageImage | string {
    assert(pageNo >= this.firstDataPage, 'page number points into the file header');
    const { pageBytes } = this;
    if (this.roomAt + pageBytes > this.room.length) {
      this.room = new Uint8Array(Math.max(ROOM_BYTES, pageBytes));
      this.roomAt = 0;
    }
    const page = this.room.subarray(this.roomAt, this.roomAt + pageBytes);
    const count = this.file.readAt(page, pageNo * pageBytes);
    if (count < pageBytes) return `file ends ${pageBytes - count} bytes before the end of the page`;
    const image = this.imageOf(page, pageNo);
    if (typeof image !== 'string') this.roomAt += pageBytes;
    return image;
  }

  /**
   * Good pages from `first` on, at most `count`, read at once: as many as follow one another without damage. They share
   * a buffer, which lives as long as one of them.
   */
  readPagesAhead(first: PageNo, count: number): PageImage[] {
    assert(first >= this.firstDataPage, 'page number points into the file header');
    const { pageBytes } = this;
    const bytes = new Uint8Array(count * pageBytes);
    const whole = Math.floor(this.file.readAt(bytes, first * pageBytes) / pageBytes);
    const images: PageImage[] = [];
    for (let i = 0; i < whole; i++) {
      const image = this.imageOf(bytes.subarray(i * pageBytes, (i + 1) * pageBytes), (first + i) as PageNo);
      if (typeof image === 'string') break;
      images.push(image);
    }
    return images;
  }

  /** As {@link readPagesAhead}, into memory for pages that pass by. */
  readPagesPassing(first: PageNo, count: number, ring: PageRing): PageImage[] {
    assert(first >= this.firstDataPage, 'page number points into the file header');
    const whole = Math.floor(this.file.readAt(ring.begin(count), first * this.pageBytes) / this.pageBytes);
    const images: PageImage[] = [];
    for (let i = 0; i < whole; i++) {
      const { bytes, view, checked } = ring.page(i, count);
      const header = unsealPage(bytes, (first + i) as PageNo, view, checked);
      if (typeof header === 'string') break;
      images.push(withPayload(bytes, header));
    }
    return images;
  }

  private imageOf(page: Uint8Array, pageNo: PageNo): PageImage | string {
    const header = unsealPage(page, pageNo);
    return typeof header === 'string' ? header : withPayload(page, header);
  }

  get payloadBytes(): number {
    return this.pageBytes - PAGE_HEADER_BYTES;
  }

  /** Writes sealed pages that follow one another from `first` on. */
  writePages(bytes: Uint8Array, first: PageNo): void {
    assert(first >= this.firstDataPage && bytes.length % this.pageBytes === 0, 'page write out of place');
    assert(!this.hasOldCopy, 'page write while the header is in doubt (I5)');
    this.file.writeAt(bytes, first * this.pageBytes);
  }

  /** Cuts off what both copies of the header no longer count (VACUUM gave it up), where nobody reads an older state. */
  shorten(): void {
    assert(!this.hasOldCopy, 'page file cut while the header is in doubt (I4)');
    const bytes = this.header.meta.pageCount * this.pageBytes;
    try {
      if (this.file.size() > bytes) this.file.truncate(bytes);
    } catch {
      // The file stays longer than it need be; bytes behind its end mean nothing. Whoever comes next tries again.
    }
  }

  /** Makes written pages durable. A failure is final: `hasFailedSync` stays true, and nobody may try again (D7). */
  sync(): void {
    assert(!this.hasFailedSync, 'sync of a page file whose sync has failed');
    if (!this.isSyncing) return;
    try {
      this.file.sync('data');
    } catch (error) {
      this.hasFailedSync = true;
      this.syncFailure = error;
      throw error;
    }
  }

  /** Whether `syncAsync` has, or gets, a descriptor. */
  canSyncAsync(openAgain: () => VfsFile): boolean {
    return this.background.prepare(openAgain);
  }

  /** The same as `sync`, off the event loop. */
  async syncAsync(): Promise<void> {
    assert(!this.hasFailedSync, 'sync of a page file whose sync has failed');
    if (!this.isSyncing) return;
    try {
      await this.background.run();
    } catch (error) {
      this.hasFailedSync = true;
      this.syncFailure = error;
      throw error;
    }
  }

  /** Replaces the header, both copies (I2). */
  writeHeader(change: HeaderChange): void {
    this.beginHeader(change);
    this.sync();
    if (!this.continueHeader()) return;
    this.sync();
    this.endHeader();
  }

  /** The same in three steps, for a caller that syncs between them: writes the first copy. */
  beginHeader(change: HeaderChange): void {
    const next = { ...this.current, ...change, sequence: this.nextSequence() };
    const header = next.state === HeaderState.clean ? { ...next, formatVersion: FormatVersion.first } : next;
    this.headerBytes = encodeHeader(header);
    this.hasOldCopy = true;
    this.file.writeAt(this.headerBytes, this.copyOffset(header.sequence));
    this.next = header;
  }

  /** The first copy is synced, so the new header is in force. Writes the second; false when that fails. */
  continueHeader(): boolean {
    assert(this.next !== undefined, 'second copy of a header without the first');
    this.current = this.next;
    this.currentOffset = this.copyOffset(this.current.sequence);
    this.next = undefined;
    try {
      this.file.writeAt(this.headerBytes, this.otherOffset);
      return true;
    } catch {
      // The header is durable, so whoever waits for it must go on: the pages must not be copied again. The next header
      // begins with this copy; until then I4 holds and the check tells of it.
      this.hasDamagedCopy = true;
      return false;
    }
  }

  /** The second copy is synced too. */
  endHeader(): void {
    this.hasOldCopy = false;
    this.hasDamagedCopy = false;
  }

  /** Writes the header again when one copy is damaged or old, as a power cut inside `writeHeader` leaves it. */
  healHeader(): void {
    if (!this.hasOldCopy) return;
    this.sync(); // The good copy may have come from the system's cache.
    this.writeHeader({});
  }

  /** Fails unless both copies name the present state. */
  requireBothCopies(): void {
    this.healHeader();
    if (!this.hasOldCopy) return;
    throw new DecentDbError('58030', `could not write the second copy of the header of "${this.path}"`, {
      file: this.path,
      hint: 'Nothing is lost. Open the database again when the disk takes writes.',
    });
  }

  /**
   * Makes the header durable that was read after a session which did not end well: it may be in the system's cache only, and
   * after a failed sync the cache calls it clean. Then the other copy holds the header before it, durably, and this one is
   * written once more, in place, before anything relies on it.
   */
  secureHeader(): void {
    if (this.hasOldCopy && !this.hasDamagedCopy) {
      this.file.writeAt(encodeHeader(this.current), this.currentOffset);
      this.sync();
    }
    this.healHeader();
  }

  /** Sequence of the header on disk now: tells a reader without a lock whether somebody wrote. */
  readSequence(): number | undefined {
    let newest: number | undefined;
    for (const copy of this.copiesSeen) {
      const sequence = copy.readSequence(this.file);
      if (sequence !== undefined && sequence > (newest ?? -1)) newest = sequence;
    }
    return newest;
  }

  close(): void {
    this.file.close();
    this.background.close();
  }

  /** A sequence whose header begins with the copy that is not needed. */
  private nextSequence(): number {
    const { sequence } = this.current;
    // Two good copies: the one written first is sure. Otherwise the good one must stay.
    const keep = this.hasOldCopy ? this.currentOffset : this.copyOffset(sequence);
    return this.copyOffset(sequence + 1) === keep ? sequence + 2 : sequence + 1;
  }

  /** Where the header of this sequence is written first. */
  private copyOffset(sequence: number): number {
    return sequence % 2 === 0 ? 0 : secondCopyOffset(this.pageBytes);
  }

  private get otherOffset(): number {
    return secondCopyOffset(this.pageBytes) - this.currentOffset;
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
  readonly isOtherOlder: boolean;
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

/** A copy, or what two reads of it found wrong: a bit that flips on its way from the disk does no harm. */
function readCopy(file: VfsFile, offset: number): FileHeader | HeaderProblem {
  const bytes = new Uint8Array(HEADER_COPY_BYTES);
  const read = (): FileHeader | HeaderProblem => decodeHeader(bytes.subarray(0, file.readAt(bytes, offset)));
  const found = read();
  return typeof found === 'string' ? read() : found;
}

/** A copy of the header that is looked at again and again: it is decoded when its bytes are others than the last time. */
class SeenCopy {
  private readonly offset: number;
  private readonly bytes: Int32Array = new Int32Array(HEADER_COPY_BYTES / 4);
  private readonly seen: Int32Array = new Int32Array(HEADER_COPY_BYTES / 4);
  /** Of `seen`; undefined where that is no header. */
  private sequence: number | undefined;

  constructor(offset: number) {
    this.offset = offset;
  }

  readSequence(file: VfsFile): number | undefined {
    const { bytes, seen } = this;
    const count = file.readAt(new Uint8Array(bytes.buffer), this.offset);
    if (count === HEADER_COPY_BYTES && this.sequence !== undefined && isSame(bytes, seen))
      return this.sequence;
    const header = readCopy(file, this.offset);
    this.sequence = typeof header === 'string' ? undefined : header.sequence;
    seen.set(bytes);
    return this.sequence;
  }
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** I4 of meta.ts: beside a copy of a later format one of ours says nothing, since we cannot know which of them counts. */
function readCopies(file: VfsFile): HeaderCopies {
  const good = { isFirstBad: false, isSecondBad: false };
  const first = readCopy(file, 0);
  if (first === 'newerFormat') throw headerError(file.path, first);
  if (typeof first !== 'string') {
    const second = readCopy(file, secondCopyOffset(first.pageBytes));
    if (second === 'newerFormat') throw headerError(file.path, second);
    if (typeof second === 'string' || !isSameFile(first, second)) {
      return { ...good, header: first, newest: 'first', isSecondBad: true, isOtherOlder: true };
    }
    const isOtherOlder = second.sequence !== first.sequence;
    if (second.sequence > first.sequence) return { ...good, header: second, newest: 'second', isOtherOlder };
    return { ...good, header: first, newest: 'first', isOtherOlder };
  }
  for (const offset of [4096, 512]) {
    const second = readCopy(file, offset);
    if (second === 'newerFormat') throw headerError(file.path, second);
    if (typeof second !== 'string' && secondCopyOffset(second.pageBytes) === offset) {
      return { ...good, header: second, newest: 'second', isFirstBad: true, isOtherOlder: true };
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
    case 'otherFormat':
      return new DecentDbError('0A000', `"${path}" was written by a newer version of DecentDB`, {
        file: path,
        detail: `This version reads format ${FORMAT_VERSION_MAX} and earlier ones.`,
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

function withPayload(page: Uint8Array, header: PageHeader): PageImage {
  const { lsn, kind, usedBytes } = header;
  const payload = page.subarray(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + usedBytes);
  return { lsn, kind, usedBytes, payload };
}

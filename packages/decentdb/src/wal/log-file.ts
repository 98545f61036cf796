/**
 * One of the two log files: its header, its space, and single frames read back from it.
 *
 * I1  Space is written with zeros before frames go there, so that a commit's sync moves data and no metadata; but for the first
 *     parts of a large commit, whose sync costs little beside its writing.
 * I2  `readFrame` returns a payload only if the frame is the one asked for and its checksum holds.
 * I3  `recent` holds versions whose frames count (they are never written over in a generation) and is emptied with it.
 */
import { crc32 } from '../base/checksum.ts';
import { DecentDbError, dataCorrupted } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { applyChange } from '../pager/page-change.ts';
import type { PageImage } from '../pager/page-file.ts';
import { getU64, isDataKind, viewOf } from '../pager/page-layout.ts';
import type { LoggedAt } from '../pager/page-node.ts';
import { BackgroundSync } from '../vfs/background-sync.ts';
import type { VfsFile } from '../vfs/vfs.ts';
import {
  CHANGE_AT,
  CHANGES_MAX,
  decodeLogHeader,
  encodeLogHeader,
  FRAME_AT,
  FRAME_HEADER_BYTES,
  FrameType,
  frameBytes,
  LOG_FIRST_FRAME,
  LOG_HEADER_BYTES,
  type LogHeader,
  laterLogFormat,
  roundUp,
} from './log-layout.ts';
import { LOG_FILE_BYTES_MAX } from './version-index.ts';

/** Names of the two log files of a database. */
export function logPaths(databasePath: string): readonly [string, string] {
  return [`${databasePath}-wal-a`, `${databasePath}-wal-b`];
}

/** Space is added in steps that grow with the file. */
export interface LogSpace {
  readonly stepBytesMin: number;
  readonly stepBytesMax: number;
  /** Space a file keeps when it is used again. */
  readonly keepBytesMax: number;
}

/** Versions kept that changes were applied to: the next change of a page is one of them. */
const RECENT_MAX = 8;

interface RecentImage {
  readonly offset: number;
  readonly page: PageNo;
  readonly image: PageImage;
}

export class LogFile {
  readonly file: VfsFile;
  header: LogHeader;
  /** Bytes of the file that are written already. */
  allocatedBytes: number;
  /** Append position: behind the last commit. */
  end: number = LOG_FIRST_FRAME;
  chain: number;
  /** LSN of the last commit in this generation, or its start LSN. */
  lastLsn: Lsn;
  /** Something was written since the last sync. */
  private dirty = false;
  /** Times something was written: tells whether a sync off the event loop covered everything. */
  private writes = 0;
  private readonly background: BackgroundSync;
  /** I3. */
  private recent: RecentImage[] = [];
  /** The header is known to be on disk. */
  isHeaderDurable = false;

  constructor(file: VfsFile, header: LogHeader, allocatedBytes: number) {
    this.file = file;
    this.background = new BackgroundSync(file);
    this.header = header;
    this.allocatedBytes = allocatedBytes;
    this.chain = header.chainSeed;
    this.lastLsn = header.startLsn;
  }

  get isDirty(): boolean {
    return this.dirty;
  }

  set isDirty(isDirty: boolean) {
    this.dirty = isDirty;
    if (isDirty) this.writes++;
  }

  /** Makes what is written durable. */
  sync(): void {
    this.file.sync('data');
    this.dirty = false;
    this.isHeaderDurable = true;
  }

  /** Whether `syncAsync` has, or gets, a descriptor. Without one somebody has to wait. */
  canSyncAsync(openAgain: () => VfsFile): boolean {
    return this.background.prepare(openAgain);
  }

  /** The same off the event loop. What is written meanwhile stays dirty. */
  async syncAsync(): Promise<void> {
    const { writes, header } = this;
    await this.background.run();
    if (this.writes === writes) this.dirty = false;
    if (this.header === header) this.isHeaderDurable = true;
  }

  close(): void {
    this.file.close();
    this.background.close();
  }

  /** Starts a generation in this file, which keeps at most `bytesMax` of its space. Durable with the next sync. */
  restart(header: LogHeader, bytesMax: number): void {
    if (this.allocatedBytes > bytesMax) {
      this.file.truncate(bytesMax);
      this.allocatedBytes = bytesMax;
    }
    this.file.writeAt(encodeLogHeader(header), 0);
    this.isDirty = true;
    this.isHeaderDurable = false;
    this.header = header;
    this.recent = [];
    this.end = LOG_FIRST_FRAME;
    this.chain = header.chainSeed;
    this.lastLsn = header.startLsn;
    this.allocatedBytes = Math.max(this.allocatedBytes, LOG_FIRST_FRAME);
  }

  /** Makes sure that bytes up to `end` exist (I1). A failure leaves the file as long as it was. */
  allocate(end: number, space: LogSpace): void {
    if (end > LOG_FILE_BYTES_MAX) throw this.tooLarge();
    while (this.allocatedBytes < end) {
      // What is beyond the space that a file keeps is given up at the next checkpoint.
      const isKept = this.allocatedBytes < space.keepBytesMax;
      const step = isKept
        ? Math.min(Math.max(this.allocatedBytes, space.stepBytesMin), space.stepBytesMax)
        : space.stepBytesMin;
      const target = roundUp(this.allocatedBytes + step, Math.min(space.stepBytesMin, 4096));
      try {
        this.file.writeAt(new Uint8Array(target - this.allocatedBytes), this.allocatedBytes);
      } catch (error) {
        this.cutBack();
        throw error;
      }
      this.isDirty = true;
      this.allocatedBytes = target;
    }
  }

  /** Writes a part of a large commit, which makes the file longer where that is needed. A failure leaves it as long as it was. */
  writeLarge(bytes: Uint8Array, offset: number): void {
    const end = offset + bytes.length;
    if (end > LOG_FILE_BYTES_MAX) throw this.tooLarge();
    this.isDirty = true;
    try {
      this.file.writeAt(bytes, offset);
    } catch (error) {
      if (end > this.allocatedBytes) this.cutBack();
      throw error;
    }
    this.allocatedBytes = Math.max(this.allocatedBytes, end);
  }

  readFrame(offset: number, page: PageNo, lsn: Lsn): PageImage {
    return this.readVersion(offset, page, lsn, 0);
  }

  /** `changes` led here. */
  private readVersion(offset: number, page: PageNo, lsn: Lsn, changes: number): PageImage {
    const known = this.recent.find((version) => version.offset === offset);
    if (known !== undefined && known.page === page && known.image.lsn === lsn) return known.image;
    const bytes = new Uint8Array(frameBytes(this.header.pageBytes));
    const have = this.file.readAt(bytes, offset);
    const view = viewOf(bytes);
    const length = view.getUint32(FRAME_AT.payloadBytes, true);
    const end = FRAME_HEADER_BYTES + roundUp(length, 8);
    const kind = view.getUint8(FRAME_AT.kind);
    const type = view.getUint8(FRAME_AT.type);
    const isAsked =
      end <= have &&
      (type === FrameType.page || type === FrameType.change) &&
      view.getUint32(FRAME_AT.page, true) === page &&
      getU64(view, FRAME_AT.lsn) === lsn &&
      view.getUint32(FRAME_AT.salt, true) === this.header.salt;
    if (!isAsked || !isDataKind(kind)) {
      throw dataCorrupted(`log frame at ${offset} is not version ${lsn} of the page`, this.file.path, page);
    }
    if (
      crc32(bytes.subarray(FRAME_HEADER_BYTES, end), 0) !== view.getUint32(FRAME_AT.payloadChecksum, true)
    ) {
      throw dataCorrupted(`checksum of the log frame at ${offset} does not match`, this.file.path, page);
    }
    const payload = bytes.subarray(FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + length);
    if (type === FrameType.page) {
      const logged = this.loggedAt(offset, lsn);
      return { lsn, kind, usedBytes: length, payload, logged };
    }
    return this.changed({ offset, page, lsn, kind, changes }, payload);
  }

  /** The version that a change makes of the one before it. */
  private changed(
    frame: { offset: number; page: PageNo; lsn: Lsn; kind: PageImage['kind']; changes: number },
    change: Uint8Array,
  ): PageImage {
    const { offset, page, lsn, kind, changes } = frame;
    const isLong = change.length > CHANGE_AT.change && changes < CHANGES_MAX;
    const view = viewOf(change);
    const usedBytes = isLong ? view.getUint32(CHANGE_AT.payloadBytes, true) : 0;
    const before = isLong ? offset - 8 * view.getUint32(CHANGE_AT.distance, true) : 0;
    if (before < LOG_FIRST_FRAME || before >= offset || usedBytes > this.header.pageBytes)
      throw dataCorrupted(`log frame at ${offset} is a change of nothing`, this.file.path, page);
    const base = this.readVersion(before, page, getU64(view, CHANGE_AT.baseLsn) as Lsn, changes + 1);
    const payload = new Uint8Array(usedBytes);
    const isSound =
      base.kind === kind &&
      applyChange(base.payload, change, CHANGE_AT.change, change.length, payload, usedBytes) &&
      crc32(payload, 0) === view.getUint32(CHANGE_AT.checksum, true);
    if (!isSound) {
      throw dataCorrupted(
        `log frame at ${offset} is no change of the frame at ${before}`,
        this.file.path,
        page,
      );
    }
    const logged = this.loggedAt(offset, lsn, base.logged, change.length);
    const image = { lsn, kind, usedBytes, payload, logged };
    if (changes === 0 && offset < this.end) {
      this.recent.push({ offset, page, image });
      if (this.recent.length > RECENT_MAX) this.recent.shift();
    }
    return image;
  }

  /** The frame of a page, or of a change of the one at `base`. */
  private loggedAt(offset: number, lsn: Lsn, base?: LoggedAt, bytes: number = 0): LoggedAt {
    const changes = base === undefined ? 0 : base.changes + 1;
    const changeBytes = base === undefined ? 0 : base.changeBytes + bytes;
    const isCounted = offset < this.end;
    return { generation: this.header, offset, lsn, changes, changeBytes, isCounted };
  }

  private tooLarge(): DecentDbError {
    return new DecentDbError(
      '54000',
      `log file "${this.file.path}" would grow beyond ${LOG_FILE_BYTES_MAX} bytes`,
    );
  }

  private cutBack(): void {
    try {
      this.file.truncate(this.allocatedBytes);
    } catch {
      // The first error is the one to report; bytes behind `allocatedBytes` are never read.
    }
  }
}

/**
 * The header of an open log file: of two good copies the one of the higher generation. A bad copy is read twice. One of a later format
 * is refused (0A000): taken for a torn one, it would have its commits given up.
 */
export function readLogHeader(file: VfsFile): LogHeader | undefined {
  let copies = readHeaderCopies(file);
  let headers = copies.map(decodeLogHeader);
  if (headers.includes(undefined)) {
    copies = readHeaderCopies(file);
    headers = copies.map(decodeLogHeader);
  }
  const [first, second] = headers;
  const isLater = copies.map(laterLogFormat);
  const isNoneGood = first === undefined && second === undefined;
  if (isLater.includes('sure') || (isNoneGood && isLater.includes('maybe')))
    throw laterFormatError(file.path);
  if (first === undefined || second === undefined) return first ?? second;
  return second.generation > first.generation ? second : first;
}

function readHeaderCopies(file: VfsFile): readonly Uint8Array[] {
  const bytes = new Uint8Array(LOG_FIRST_FRAME);
  const have = file.readAt(bytes, 0);
  return [bytes.subarray(0, Math.min(have, LOG_HEADER_BYTES)), bytes.subarray(LOG_HEADER_BYTES, have)];
}

function laterFormatError(path: string): DecentDbError {
  return new DecentDbError('0A000', `log "${path}" was written by a newer version of DecentDB`, {
    file: path,
    detail: 'Commits may be in it that the database file does not have yet. Nothing was changed.',
    hint: 'Open the database with that version: it takes the log over. A database that was closed has no log.',
  });
}

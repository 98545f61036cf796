/**
 * Reads a log generation from its first frame to the last commit that counts.
 *
 * I1  A batch is reported only when its commit frame and all frames before it are valid and chained (D9).
 * I2  What lies behind the last valid commit is looked through for proof of damage: a valid commit frame which says
 *     that something missing had been durable (log-layout.ts I5, D10).
 * I3  The log ends where two reads agree that it does: a bit that flips on its way from a sound disk is no torn tail.
 */
import { crc32 } from '../base/checksum.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { type DatabaseMeta, decodeMeta, META_BYTES } from '../pager/meta.ts';
import { getU64, isDataKind, viewOf } from '../pager/page-layout.ts';
import type { VfsFile } from '../vfs/vfs.ts';
import {
  COMMIT_AT,
  FRAME_AT,
  FRAME_HEADER_BYTES,
  FrameType,
  LOG_FIRST_FRAME,
  type LogHeader,
  roundUp,
} from './log-layout.ts';

export interface ScannedFrame {
  readonly page: PageNo;
  readonly lsn: Lsn;
  readonly offset: number;
}

export interface ScannedBatch {
  readonly frames: readonly ScannedFrame[];
  readonly meta: DatabaseMeta;
  /** What was durable before the commit frame was written. */
  readonly durableLsn: Lsn;
  readonly end: number;
  readonly chain: number;
}

export interface LogScan {
  /** Behind the last commit. */
  readonly end: number;
  readonly chain: number;
  readonly lastLsn: Lsn;
  readonly commits: number;
  /** Meta of the last commit, undefined when there is none. */
  readonly meta: DatabaseMeta | undefined;
  /** A commit frame behind the end proves that a commit up to this LSN was durable, and is lost. */
  readonly lostLsn: Lsn | undefined;
}

export interface Frame {
  readonly type: number;
  readonly page: PageNo;
  readonly lsn: Lsn;
  readonly payload: Uint8Array;
  readonly chain: number;
  readonly end: number;
}

/** Reads all batches; `onBatch` gets each, in order. */
export function scanLog(file: VfsFile, header: LogHeader, onBatch: (batch: ScannedBatch) => void): LogScan {
  const window = new FileWindow(file, Math.min(256 * 1024, Math.max(4096, file.size())));
  let scan: LogScan = {
    end: LOG_FIRST_FRAME,
    chain: header.chainSeed,
    lastLsn: header.startLsn,
    commits: 0,
    meta: undefined,
    lostLsn: undefined,
  };
  let frames: ScannedFrame[] = [];
  let at = LOG_FIRST_FRAME;
  let chain = header.chainSeed;
  for (;;) {
    const frame = readFrame(window, at, chain, header) ?? readFrameAgain(window, at, chain, header);
    if (frame === undefined || frame.lsn <= scan.lastLsn) break;
    if (frame.type !== FrameType.commit) {
      frames.push({ page: frame.page, lsn: frame.lsn, offset: at });
    } else {
      const meta = readCommit(frame, frames, header.pageBytes);
      if (meta === undefined) break;
      // A page allocated, spilled and given back by a savepoint may lie behind the end: it is no part of the batch.
      onBatch({
        frames: frames.filter(({ page }) => page < meta.pageCount),
        meta,
        durableLsn: getU64(viewOf(frame.payload), COMMIT_AT.durableLsn) as Lsn,
        end: frame.end,
        chain: frame.chain,
      });
      frames = [];
      const commits = scan.commits + 1;
      scan = { end: frame.end, chain: frame.chain, lastLsn: frame.lsn, commits, meta, lostLsn: undefined };
    }
    at = frame.end;
    chain = frame.chain;
  }
  return { ...scan, lostLsn: findLoss(window, scan, header) };
}

/** The frame at `at`, if it continues the chain. */
export function readFrame(
  window: FileWindow,
  at: number,
  chain: number,
  header: LogHeader,
): Frame | undefined {
  const head = window.read(at, FRAME_HEADER_BYTES);
  if (head === undefined) return undefined;
  const view = viewOf(head);
  if (view.getUint32(FRAME_AT.salt, true) !== header.salt) return undefined;
  const next = crc32(head.subarray(FRAME_AT.page), chain);
  if (view.getUint32(FRAME_AT.chain, true) !== next) return undefined;
  return readFrameBody(window, at, head, next, header);
}

/** The same from bytes read anew (I3). */
function readFrameAgain(window: FileWindow, at: number, chain: number, header: LogHeader): Frame | undefined {
  window.forget();
  return readFrame(window, at, chain, header);
}

/** The frame with this head, if head and payload are sound in themselves. */
function readFrameBody(
  window: FileWindow,
  at: number,
  head: Uint8Array,
  chain: number,
  header: LogHeader,
): Frame | undefined {
  const view = viewOf(head);
  const type = view.getUint8(FRAME_AT.type);
  const length = view.getUint32(FRAME_AT.payloadBytes, true);
  const isSane =
    type === FrameType.page || type === FrameType.change
      ? length <= header.pageBytes && isDataKind(view.getUint8(FRAME_AT.kind))
      : type === FrameType.commit && length >= COMMIT_AT.end && length < 4096;
  if (!isSane) return undefined;
  const checksum = view.getUint32(FRAME_AT.payloadChecksum, true);
  const page = view.getUint32(FRAME_AT.page, true) as PageNo;
  const lsn = getU64(view, FRAME_AT.lsn) as Lsn;
  const payload = window.read(at + FRAME_HEADER_BYTES, roundUp(length, 8));
  if (payload === undefined || crc32(payload, 0) !== checksum) return undefined;
  return { type, page, lsn, payload, chain, end: at + FRAME_HEADER_BYTES + payload.length };
}

/** The meta of a commit frame whose batch is complete. */
export function readCommit(
  frame: Frame,
  frames: readonly ScannedFrame[],
  pageBytes: number,
): DatabaseMeta | undefined {
  const meta = decodeMeta(frame.payload.subarray(COMMIT_AT.meta, META_BYTES), pageBytes);
  if (meta === undefined || meta.lsn !== frame.lsn) return undefined;
  if (viewOf(frame.payload).getUint32(COMMIT_AT.pageFrames, true) !== frames.length) return undefined;
  const isWithin = frames.every(({ page, lsn }) => lsn <= meta.lsn && page > 0);
  return isWithin ? meta : undefined;
}

/** I2: looks behind the end, at every place a frame may begin. */
function findLoss(window: FileWindow, scan: LogScan, header: LogHeader): Lsn | undefined {
  let lost: Lsn | undefined;
  for (
    let at = window.seekCommit(scan.end, header.salt);
    at >= 0;
    at = window.seekCommit(at + 8, header.salt)
  ) {
    const head = window.read(at, FRAME_HEADER_BYTES);
    if (head === undefined) break;
    const frame = readFrameBody(window, at, head.slice(), 0, header);
    if (frame === undefined || frame.lsn <= scan.lastLsn) continue;
    const durable = getU64(viewOf(frame.payload), COMMIT_AT.durableLsn);
    if (durable > (lost ?? scan.lastLsn)) lost = durable as Lsn;
  }
  return lost;
}

/** A part of the file in memory; parts it returns are valid until the next read. */
export class FileWindow {
  private readonly file: VfsFile;
  private bytes: Uint8Array;
  private from = 0;
  private length = 0;

  constructor(file: VfsFile, windowBytes: number = 256 * 1024) {
    this.file = file;
    this.bytes = new Uint8Array(windowBytes);
  }

  /** What was read may have changed since. */
  forget(): void {
    this.length = 0;
  }

  /** The next place from `at` on, in steps of 8, that looks like the header of a commit frame; -1 at the end. */
  seekCommit(at: number, salt: number): number {
    let offset = at;
    while (this.read(offset, FRAME_HEADER_BYTES) !== undefined) {
      const { bytes } = this;
      const last = this.length - FRAME_HEADER_BYTES;
      for (let i = offset - this.from; i <= last; i += 8) {
        if (bytes[i + FRAME_AT.type] !== FrameType.commit) continue;
        const s = i + FRAME_AT.salt;
        const found = bytes[s]! | (bytes[s + 1]! << 8) | (bytes[s + 2]! << 16) | (bytes[s + 3]! << 24);
        if (found === (salt | 0)) return this.from + i;
      }
      offset += 8 * (Math.floor((last - (offset - this.from)) / 8) + 1);
    }
    return -1;
  }

  read(offset: number, count: number): Uint8Array | undefined {
    if (offset < this.from || offset + count > this.from + this.length) {
      if (count > this.bytes.length) this.bytes = new Uint8Array(count);
      this.from = offset;
      this.length = this.file.readAt(this.bytes, offset);
      if (count > this.length) return undefined;
    }
    return this.bytes.subarray(offset - this.from, offset - this.from + count);
  }
}

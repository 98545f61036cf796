/**
 * Frames being put together in memory before one write takes them to the log.
 *
 * I1  Bytes behind `used` are zero: what an encoder skips or takes back never carries old memory into a file.
 * I2  Frames are laid out exactly as they will lie in the file: `base + offset in the buffer` is the file offset.
 */
import { assert } from '../base/assert.ts';
import { crc32 } from '../base/checksum.ts';
import type { Lsn } from '../base/ids.ts';
import { type DatabaseMeta, encodeMeta } from '../pager/meta.ts';
import { setU64 } from '../pager/page-layout.ts';
import type { PageNode } from '../pager/page-node.ts';
import {
  COMMIT_AT,
  commitPayloadBytes,
  FRAME_AT,
  FRAME_HEADER_BYTES,
  FrameType,
  frameBytes,
  roundUp,
  SECTOR_BYTES,
} from './log-layout.ts';

/** Bytes gathered before a large transaction writes what it has. */
const GATHER_BYTES: number = 256 * 1024;

export class FrameBuffer {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly payloadBytesMax: number;
  private readonly gatherBytes: number;
  private used = 0;
  /** File offset of the first byte of the buffer. */
  private base = 0;
  private salt = 0;
  private attempt = 0;
  /** Chain value after the last frame. */
  chain = 0;

  /** `gatherBytes`: for few frames a small buffer does. */
  constructor(payloadBytesMax: number, gatherBytes: number = GATHER_BYTES) {
    this.payloadBytesMax = payloadBytesMax;
    this.gatherBytes = Math.min(gatherBytes, GATHER_BYTES);
    this.bytes = new Uint8Array(this.gatherBytes + 2 * frameBytes(payloadBytesMax) + 2 * SECTOR_BYTES);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Starts over at a place in the log. */
  start(base: number, chain: number, salt: number, attempt: number): void {
    // A batch given up midway may have left one half-encoded frame behind `used`.
    this.bytes.fill(0, 0, this.used + frameBytes(this.payloadBytesMax) + SECTOR_BYTES);
    this.used = 0;
    this.base = base;
    this.chain = chain;
    this.salt = salt;
    this.attempt = attempt;
  }

  get end(): number {
    return this.base + this.used;
  }

  get isEmpty(): boolean {
    return this.used === 0;
  }

  get isFull(): boolean {
    return this.used >= this.gatherBytes;
  }

  /** What waits to be written, and where it goes. */
  pending(): { readonly bytes: Uint8Array; readonly offset: number } {
    return { bytes: this.bytes.subarray(0, this.used), offset: this.base };
  }

  /** After the pending bytes were written. */
  advance(): void {
    this.bytes.fill(0, 0, this.used);
    this.base += this.used;
    this.used = 0;
  }

  /** Encodes a page frame; returns its file offset. */
  addPage(node: PageNode, lsn: Lsn): number {
    assert(!this.isFull, 'frame buffer must be written before more is added');
    const start = this.used;
    const payload = start + FRAME_HEADER_BYTES;
    const target = this.bytes.subarray(payload, payload + this.payloadBytesMax);
    const length = node.encode(target);
    assert(length >= 0 && length <= target.length, 'a node encoded to more than a page');
    target.fill(0, length);
    this.seal(start, { page: node.pageNo, lsn, length, type: FrameType.page, kind: node.kind });
    return this.base + start;
  }

  /** Encodes the commit frame that makes the page frames of the batch count. */
  addCommit(meta: DatabaseMeta, durableLsn: Lsn, pageFrames: number): void {
    const start = this.used;
    const payload = start + FRAME_HEADER_BYTES;
    const length = commitPayloadBytes(this.base + start);
    encodeMeta(meta, this.bytes.subarray(payload + COMMIT_AT.meta));
    setU64(this.view, payload + COMMIT_AT.durableLsn, durableLsn);
    this.view.setUint32(payload + COMMIT_AT.pageFrames, pageFrames, true);
    this.seal(start, { page: 0, lsn: meta.lsn, length, type: FrameType.commit, kind: 0 });
    assert(this.end % SECTOR_BYTES === 0, 'a commit must end at a sector boundary');
  }

  private seal(
    start: number,
    frame: { page: number; lsn: Lsn; length: number; type: number; kind: number },
  ): void {
    const view = this.view;
    const payload = start + FRAME_HEADER_BYTES;
    const end = payload + roundUp(frame.length, 8);
    view.setUint32(start + FRAME_AT.page, frame.page, true);
    setU64(view, start + FRAME_AT.lsn, frame.lsn);
    view.setUint32(start + FRAME_AT.payloadBytes, frame.length, true);
    view.setUint8(start + FRAME_AT.type, frame.type);
    view.setUint8(start + FRAME_AT.kind, frame.kind);
    view.setUint32(start + FRAME_AT.attempt, this.attempt, true);
    view.setUint32(start + FRAME_AT.salt, this.salt, true);
    view.setUint32(start + FRAME_AT.payloadChecksum, crc32(this.bytes.subarray(payload, end), 0), true);
    this.chain = crc32(this.bytes.subarray(start + FRAME_AT.page, payload), this.chain);
    view.setUint32(start + FRAME_AT.chain, this.chain, true);
    this.used = end;
  }
}

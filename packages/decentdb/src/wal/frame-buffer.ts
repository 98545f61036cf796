/**
 * Frames being put together in memory before one write takes them to the log.
 *
 * I1  Bytes behind `used` are zero: what an encoder skips or takes back never carries old memory into a file.
 * I2  Frames are laid out exactly as they will lie in the file: `base + offset in the buffer` is the file offset.
 * I3  A change goes out only after it was applied to the version before, by what readers use, and gave the page byte for byte.
 */
import { assert, verifyEnabled } from '../base/assert.ts';
import { bytesEqual } from '../base/bytes-equal.ts';
import { crc32 } from '../base/checksum.ts';
import type { Lsn } from '../base/ids.ts';
import { type DatabaseMeta, encodeMeta } from '../pager/meta.ts';
import { applyChange, CopyTrace } from '../pager/page-change.ts';
import { setU64 } from '../pager/page-layout.ts';
import type { LoggedAt, PageNode } from '../pager/page-node.ts';
import {
  CHANGE_AT,
  CHANGES_MAX,
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

/** A change that takes more than this share of its page is written as the page. */
const CHANGE_SHARE = 0.5;
/** Checks take every change that is no longer than its page: the more of them, the better. */
const changeShare = (): number => (verifyEnabled() ? 1 : CHANGE_SHARE);

/** Of more pages in a batch the rest are written whole the next time: what is remembered of them must not grow with the batch. */
const GATHERED_MAX = 4096;

const NO_BYTES: Uint8Array = new Uint8Array(0);

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
  /** What changes may lead back to; null: whole pages only. */
  private generation: object | null = null;
  /** Pages of the batch. */
  private gathered: LoggedAt[] = [];
  private readonly trace: CopyTrace = new CopyTrace();
  private readonly change: Uint8Array;
  /** A page made of its change. */
  private readonly made: Uint8Array;
  /** Chain value after the last frame. */
  chain = 0;

  /** `gatherBytes`: for few frames a small buffer does. */
  constructor(payloadBytesMax: number, gatherBytes: number = GATHER_BYTES) {
    this.payloadBytesMax = payloadBytesMax;
    this.gatherBytes = Math.min(gatherBytes, GATHER_BYTES);
    this.bytes = new Uint8Array(this.gatherBytes + 2 * frameBytes(payloadBytesMax) + 2 * SECTOR_BYTES);
    this.view = new DataView(this.bytes.buffer);
    this.change = new Uint8Array(Math.ceil(payloadBytesMax * changeShare()));
    this.made = new Uint8Array(payloadBytesMax);
  }

  /** Starts over at a place in the log. */
  start(base: number, chain: number, salt: number, attempt: number, generation: object | null = null): void {
    // A batch given up midway may have left one half-encoded frame behind `used`.
    this.bytes.fill(0, 0, this.used + frameBytes(this.payloadBytesMax) + SECTOR_BYTES);
    this.used = 0;
    this.base = base;
    this.chain = chain;
    this.salt = salt;
    this.attempt = attempt;
    this.generation = generation;
    this.gathered = [];
  }

  /** The batch counts: its pages may be changed from here on. */
  count(): void {
    for (const at of this.gathered) at.isCounted = true;
    this.gathered = [];
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
    const before = this.changeable(node);
    const base = before === null ? null : (node.payloadBefore?.() ?? null);
    if (base !== null) this.trace.start(base);
    const length = base === null ? node.encode(target) : node.encode(target, this.trace);
    assert(length >= 0 && length <= target.length, 'a node encoded to more than a page');
    const offset = this.base + start;
    const changeBytes = base === null ? 0 : this.makeChange(before!, offset, base, payload, length);
    const isChange = changeBytes > 0;
    if (isChange) target.set(this.change.subarray(0, changeBytes));
    const stored = isChange ? changeBytes : length;
    target.fill(0, stored);
    const type = isChange ? FrameType.change : FrameType.page;
    this.seal(start, { page: node.pageNo, lsn, length: stored, type, kind: node.kind });
    if (this.generation !== null && node.payloadBefore !== undefined && this.gathered.length < GATHERED_MAX) {
      const at: LoggedAt = {
        generation: this.generation,
        offset,
        lsn,
        changes: isChange ? before!.changes + 1 : 0,
        changeBytes: isChange ? before!.changeBytes + changeBytes : 0,
        isCounted: false,
      };
      node.logged = at;
      this.gathered.push(at);
    }
    return offset;
  }

  /** Where the version is that a change of the node may lead back to. */
  private changeable(node: PageNode): LoggedAt | null {
    const at = node.logged ?? null;
    if (at === null || this.generation === null || at.generation !== this.generation) return null;
    return at.isCounted && at.changes < CHANGES_MAX && at.changeBytes < this.payloadBytesMax ? at : null;
  }

  /** Puts the change together that makes the page now at `payload` of `base` (I3); 0 when the page had better be written. */
  private makeChange(
    before: LoggedAt,
    offset: number,
    base: Uint8Array,
    payload: number,
    length: number,
  ): number {
    const { change } = this;
    const page = this.bytes.subarray(payload, payload + length);
    if (verifyEnabled()) this.trace.noteEnds(page);
    const bytes = this.trace.write(page, length, change, CHANGE_AT.change);
    this.trace.start(NO_BYTES);
    if (bytes < 0) return 0;
    const end = CHANGE_AT.change + bytes;
    if (end > length * changeShare()) return 0;
    const made = this.made.subarray(0, length);
    if (!applyChange(base, change, CHANGE_AT.change, end, made, length) || !bytesEqual(made, page))
      return wrongTrace();
    const view = new DataView(change.buffer);
    view.setUint32(CHANGE_AT.payloadBytes, length, true);
    view.setUint32(CHANGE_AT.distance, (offset - before.offset) / 8, true);
    setU64(view, CHANGE_AT.baseLsn, before.lsn);
    view.setUint32(CHANGE_AT.checksum, crc32(page, 0), true);
    return end;
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

/** What an encoder said it copied it did not: a mistake there, and a page that is written whole. */
function wrongTrace(): number {
  assert(!verifyEnabled(), 'an encoder told of bytes that it did not copy');
  return 0;
}

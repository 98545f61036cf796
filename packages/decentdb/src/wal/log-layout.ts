/**
 * Bytes of a log file on disk: the one place that names the offsets, for writer, recovery, checker and dump.
 *
 *     0     512 B   header
 *     512   512 B   the same header again
 *     1024  frames, then zeros (space allocated ahead) or frames of older generations (their salt is wrong)
 *
 * Header                                         Frame (a multiple of 8 bytes long)
 *     0   8 bytes  magic "DecentWL"                  0   u32  chain: CRC-32 of [4, 40), seeded with the chain before it
 *     8   u32      checksum of the other bytes       4   u32  page number, 0 in a commit frame
 *     12  u32      log format version                8   u64  LSN
 *     16  u32      page bytes                        16  u32  payload bytes
 *     20  u32      reserved, 0                       20  u8   type: 1 page, 2 commit, 4 change
 *     24  u64      generation                        21  u8   page kind, 0 in a commit frame
 *     32  u32      salt                              22  u16  reserved, 0
 *     36  u32      chain seed                        24  u32  attempt
 *     40  u64      start LSN                         28  u32  salt of the generation
 *     48  16 bytes database id                       32  u32  CRC-32 of the payload, padding included
 *     64  u64      end of the previous generation    36  u32  reserved, 0
 *     72  u32      its last chain value              40  payload, zeros to a multiple of 8
 *     76  zeros to 512
 *
 * Change payload: u32 payload bytes of the version it makes, u32 distance back to the frame of the version it is a change of
 * (units of 8 bytes), u64 LSN of that frame, u32 crc of the version it makes, then the change (pager/page-change.ts).
 *
 * Commit payload: meta (200 bytes, meta.ts), u64 durable LSN, u32 page frames of the batch, u32 0, zeros so that the
 * frame ends at a multiple of 512.
 *
 * I1  The chain commits to every earlier frame of the generation: a frame counts only after all before it.
 * I2  The payload has a checksum of its own, so one frame can be read and verified alone.
 * I3  A commit ends at a sector boundary: writing the next one never touches a sector that holds an acknowledged one.
 * I4  Each attempt to write a transaction has its own number: frames of a failed attempt never continue a later chain.
 * I5  The durable LSN in a commit frame was durable before that frame was written. A valid commit frame that follows
 *     damage and claims what is missing proves that the medium lost it: that is no torn tail (D10).
 * I6  The frame that a change leads back to is of the same page and kind, before it in the same generation, and CHANGES_MAX frames at
 *     most lead to a page frame.
 */
import { crc32 } from '../base/checksum.ts';
import type { Lsn } from '../base/ids.ts';
import { META_BYTES } from '../pager/meta.ts';
import { getU64, setU64, viewOf } from '../pager/page-layout.ts';

/** What a generation may hold: of the first version page and commit frames, so that builds which know no others read it; then changes, too. */
export const LogVersion = { wholePages: 1, changes: 2 } as const;
export const LOG_HEADER_BYTES = 512;
/** Offset of the first frame: after both header copies. */
export const LOG_FIRST_FRAME: number = 2 * LOG_HEADER_BYTES;
export const FRAME_HEADER_BYTES = 40;
/** A commit ends at a multiple of this. */
export const SECTOR_BYTES = 512;

/** No two differ in one bit only: a frame read alone has no checksum over its head. */
export const FrameType = { page: 1, commit: 2, change: 4 } as const;

export const CHANGE_AT: Readonly<
  Record<'payloadBytes' | 'distance' | 'baseLsn' | 'checksum' | 'change', number>
> = {
  payloadBytes: 0,
  distance: 4,
  baseLsn: 8,
  checksum: 16,
  change: 20,
};
/** I6. */
export const CHANGES_MAX = 32;

export const FRAME_AT = {
  chain: 0,
  page: 4,
  lsn: 8,
  payloadBytes: 16,
  type: 20,
  kind: 21,
  reserved: 22,
  attempt: 24,
  salt: 28,
  payloadChecksum: 32,
  reservedEnd: 36,
} as const;

export const COMMIT_AT: Readonly<Record<'meta' | 'durableLsn' | 'pageFrames' | 'end', number>> = {
  meta: 0,
  durableLsn: META_BYTES,
  pageFrames: META_BYTES + 8,
  end: META_BYTES + 16,
};

const HEADER_AT = {
  checksum: 8,
  version: 12,
  pageBytes: 16,
  generation: 24,
  salt: 32,
  chainSeed: 36,
  startLsn: 40,
  id: 48,
  previousEnd: 64,
  previousChain: 72,
} as const;
const MAGIC = new TextEncoder().encode('DecentWL');

/** What a log file says about itself. Generation 0 holds nothing yet. */
export interface LogHeader {
  /** One of {@link LogVersion}. */
  readonly version: number;
  readonly pageBytes: number;
  readonly generation: number;
  readonly salt: number;
  readonly chainSeed: number;
  /** The first commit of this generation is the one after it. */
  readonly startLsn: Lsn;
  readonly databaseId: Uint8Array;
  /** Where the generation before this one ended, and its chain there; 0 if this one follows a clean page file. */
  readonly previousEnd: number;
  readonly previousChain: number;
}

export function frameBytes(payloadBytes: number): number {
  return FRAME_HEADER_BYTES + roundUp(payloadBytes, 8);
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Payload bytes of a commit frame that begins at `offset`, so that it ends at a sector boundary. */
export function commitPayloadBytes(offset: number): number {
  return roundUp(offset + FRAME_HEADER_BYTES + COMMIT_AT.end, SECTOR_BYTES) - offset - FRAME_HEADER_BYTES;
}

/** Both copies of the header, ready to be written at offset 0. */
export function encodeLogHeader(header: LogHeader): Uint8Array {
  const bytes = new Uint8Array(LOG_FIRST_FRAME);
  const copy = bytes.subarray(0, LOG_HEADER_BYTES);
  const view = viewOf(copy);
  copy.set(MAGIC);
  view.setUint32(HEADER_AT.version, header.version, true);
  view.setUint32(HEADER_AT.pageBytes, header.pageBytes, true);
  setU64(view, HEADER_AT.generation, header.generation);
  view.setUint32(HEADER_AT.salt, header.salt, true);
  view.setUint32(HEADER_AT.chainSeed, header.chainSeed, true);
  setU64(view, HEADER_AT.startLsn, header.startLsn);
  copy.set(header.databaseId, HEADER_AT.id);
  setU64(view, HEADER_AT.previousEnd, header.previousEnd);
  view.setUint32(HEADER_AT.previousChain, header.previousChain, true);
  view.setUint32(HEADER_AT.checksum, headerChecksum(copy), true);
  bytes.set(copy, LOG_HEADER_BYTES);
  return bytes;
}

/**
 * Whether a header copy is of a later log format. `sure`: its checksum is right. `maybe`: the checksum is not where ours is: a format that
 * has it elsewhere, or damage.
 */
export function laterLogFormat(copy: Uint8Array): 'sure' | 'maybe' | 'no' {
  if (copy.length < LOG_HEADER_BYTES || !MAGIC.every((byte, i) => copy[i] === byte)) return 'no';
  const view = viewOf(copy);
  if (view.getUint32(HEADER_AT.version, true) <= LogVersion.changes) return 'no';
  return view.getUint32(HEADER_AT.checksum, true) === headerChecksum(copy) ? 'sure' : 'maybe';
}

/** The header in one 512-byte copy, or undefined when it is torn, damaged, not ours or of a later format ({@link laterLogFormat}). */
export function decodeLogHeader(copy: Uint8Array): LogHeader | undefined {
  if (copy.length < LOG_HEADER_BYTES || !MAGIC.every((byte, i) => copy[i] === byte)) return undefined;
  const view = viewOf(copy);
  if (view.getUint32(HEADER_AT.checksum, true) !== headerChecksum(copy)) return undefined;
  const version = view.getUint32(HEADER_AT.version, true);
  if (version !== LogVersion.wholePages && version !== LogVersion.changes) return undefined;
  return {
    version,
    pageBytes: view.getUint32(HEADER_AT.pageBytes, true),
    generation: getU64(view, HEADER_AT.generation),
    salt: view.getUint32(HEADER_AT.salt, true),
    chainSeed: view.getUint32(HEADER_AT.chainSeed, true),
    startLsn: getU64(view, HEADER_AT.startLsn) as Lsn,
    databaseId: copy.slice(HEADER_AT.id, HEADER_AT.id + 16),
    previousEnd: getU64(view, HEADER_AT.previousEnd),
    previousChain: view.getUint32(HEADER_AT.previousChain, true),
  };
}

function headerChecksum(copy: Uint8Array): number {
  return crc32(
    copy.subarray(HEADER_AT.version, LOG_HEADER_BYTES),
    crc32(copy.subarray(0, HEADER_AT.checksum), 0),
  );
}

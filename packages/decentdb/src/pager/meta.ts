/**
 * What a database knows about itself besides its pages, and the header that stores it.
 *
 * `DatabaseMeta` belongs to a commit: each commit frame of the log carries one, each snapshot sees one. The header at
 * the start of the page file holds the meta of the last checkpoint, twice, in two sectors:
 *
 *     0    8 bytes  magic "DecentDB"
 *     8    u32      checksum: CRC-32 of the other 508 bytes of the copy
 *     12   u32      format version: the least one that a build must know (FormatVersion)
 *     16   u32      page bytes
 *     20   u32      state: 0 clean (no log needed), 1 needs its log
 *     24   u64      sequence of this copy
 *     32   16 bytes database id
 *     48   u64      oldest log generation that recovery needs
 *     56   200 B    meta (below), zeros to 512
 *
 *     0    u64  LSN               8    u32  page count      12   u32  catalog root
 *     16   u32  free list head    20   u32  free pages      24   u64  schema cookie
 *     32   16 x u64 counters, to 160; zeros to 200
 *
 * I1  The valid copy with the higher sequence is the header. One damaged copy is survived (C4).
 * I2  The second copy sits 4096 bytes in (512 for small test pages): one torn physical sector cannot take both.
 * I3  All other bytes of the header pages are zero, and are checked.
 * I4  A copy of a later version is never read, and the file is left as it is: what it means only later builds know.
 */
import { crc32 } from '../base/checksum.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { getU64, isValidPageBytes, setU64, viewOf } from './page-layout.ts';

/**
 * What a build must know to open a file. While its log may hold changes of pages, a file says so here, too: builds that know none refuse
 * the file, and do not take its log for a damaged one. Without a log it is a file of the first format.
 */
export const FormatVersion = { first: 1, loggedChanges: 2 } as const;
export type FormatVersion = (typeof FormatVersion)[keyof typeof FormatVersion];
export const FORMAT_VERSION_MAX: number = FormatVersion.loggedChanges;
export const HEADER_COPY_BYTES = 512;
export const META_BYTES = 200;
/** Counters a database keeps for the layers above (next object id and the like). */
export const META_COUNTERS = 16;

export interface DatabaseMeta {
  /** The commit this meta belongs to. */
  readonly lsn: Lsn;
  /** Pages of the file, header pages included; every page number is below it. */
  readonly pageCount: number;
  readonly catalogRoot: PageNo;
  readonly freeListHead: PageNo;
  readonly freePages: number;
  /** Changes with every change of the schema. */
  readonly schemaCookie: number;
  readonly counters: readonly number[];
}

/** A copy, at another commit. Written out: copies made by spreading would each be of a hidden class of their own. */
export function metaAt(meta: DatabaseMeta, lsn: Lsn): DatabaseMeta {
  const { pageCount, catalogRoot, freeListHead, freePages, schemaCookie, counters } = meta;
  return { lsn, pageCount, catalogRoot, freeListHead, freePages, schemaCookie, counters };
}

export const HeaderState = { clean: 0, needsLog: 1 } as const;
export type HeaderState = (typeof HeaderState)[keyof typeof HeaderState];

export interface FileHeader {
  readonly formatVersion: FormatVersion;
  readonly sequence: number;
  readonly pageBytes: number;
  readonly state: HeaderState;
  readonly databaseId: Uint8Array;
  readonly logGeneration: number;
  readonly meta: DatabaseMeta;
}

/**
 * Why a header copy cannot be used. `newerFormat`: its checksum is right and its version a later one. `otherFormat`: the version is a later
 * one and the checksum is not where ours is: a format that has it elsewhere, or damage.
 */
export type HeaderProblem = 'notOurs' | 'newerFormat' | 'otherFormat' | 'damaged';

const MAGIC = new TextEncoder().encode('DecentDB');
const AT = {
  checksum: 8,
  version: 12,
  pageBytes: 16,
  state: 20,
  sequence: 24,
  id: 32,
  generation: 48,
  meta: 56,
};
const META_AT = { lsn: 0, pages: 8, root: 12, freeHead: 16, freePages: 20, cookie: 24, counters: 32 };

/** Offset of the second header copy. */
export function secondCopyOffset(pageBytes: number): number {
  return pageBytes >= 4096 ? 4096 : 512;
}

/** Pages the header takes: the first page that data may use. */
export function headerPages(pageBytes: number): number {
  return Math.ceil((secondCopyOffset(pageBytes) + HEADER_COPY_BYTES) / pageBytes);
}

export function emptyMeta(pageBytes: number): DatabaseMeta {
  return {
    lsn: 0 as Lsn,
    pageCount: headerPages(pageBytes),
    catalogRoot: 0 as PageNo,
    freeListHead: 0 as PageNo,
    freePages: 0,
    schemaCookie: 0,
    counters: new Array<number>(META_COUNTERS).fill(0),
  };
}

export function encodeMeta(meta: DatabaseMeta, target: Uint8Array): void {
  const view = viewOf(target);
  target.fill(0, 0, META_BYTES);
  setU64(view, META_AT.lsn, meta.lsn);
  view.setUint32(META_AT.pages, meta.pageCount, true);
  view.setUint32(META_AT.root, meta.catalogRoot, true);
  view.setUint32(META_AT.freeHead, meta.freeListHead, true);
  view.setUint32(META_AT.freePages, meta.freePages, true);
  setU64(view, META_AT.cookie, meta.schemaCookie);
  for (let i = 0; i < META_COUNTERS; i++) setU64(view, META_AT.counters + 8 * i, meta.counters[i]!);
}

/** The meta in `bytes`, or undefined when a field is out of range. */
export function decodeMeta(bytes: Uint8Array, pageBytes: number): DatabaseMeta | undefined {
  const view = viewOf(bytes);
  const counters: number[] = [];
  for (let i = 0; i < META_COUNTERS; i++) counters.push(getU64(view, META_AT.counters + 8 * i));
  const meta: DatabaseMeta = {
    lsn: getU64(view, META_AT.lsn) as Lsn,
    pageCount: view.getUint32(META_AT.pages, true),
    catalogRoot: view.getUint32(META_AT.root, true) as PageNo,
    freeListHead: view.getUint32(META_AT.freeHead, true) as PageNo,
    freePages: view.getUint32(META_AT.freePages, true),
    schemaCookie: getU64(view, META_AT.cookie),
    counters,
  };
  const first = headerPages(pageBytes);
  const isLink = (page: number): boolean => page === 0 || (page >= first && page < meta.pageCount);
  const isSane =
    Number.isSafeInteger(meta.lsn) &&
    Number.isSafeInteger(meta.schemaCookie) &&
    counters.every((value) => Number.isSafeInteger(value)) &&
    meta.pageCount >= first &&
    isLink(meta.catalogRoot) &&
    isLink(meta.freeListHead) &&
    meta.freePages <= meta.pageCount - first &&
    (meta.freePages === 0) === (meta.freeListHead === 0);
  return isSane ? meta : undefined;
}

/** One header copy, 512 bytes. */
export function encodeHeader(header: FileHeader): Uint8Array {
  const copy = new Uint8Array(HEADER_COPY_BYTES);
  const view = viewOf(copy);
  copy.set(MAGIC);
  view.setUint32(AT.version, header.formatVersion, true);
  view.setUint32(AT.pageBytes, header.pageBytes, true);
  view.setUint32(AT.state, header.state, true);
  setU64(view, AT.sequence, header.sequence);
  copy.set(header.databaseId, AT.id);
  setU64(view, AT.generation, header.logGeneration);
  encodeMeta(header.meta, copy.subarray(AT.meta, AT.meta + META_BYTES));
  view.setUint32(AT.checksum, headerChecksum(copy), true);
  return copy;
}

export function decodeHeader(copy: Uint8Array): FileHeader | HeaderProblem {
  if (copy.length < HEADER_COPY_BYTES) return 'notOurs';
  const view = viewOf(copy);
  if (!MAGIC.every((byte, i) => copy[i] === byte)) return 'notOurs';
  const formatVersion = view.getUint32(AT.version, true);
  const isLater = formatVersion > FORMAT_VERSION_MAX;
  if (view.getUint32(AT.checksum, true) !== headerChecksum(copy)) return isLater ? 'otherFormat' : 'damaged';
  if (isLater) return 'newerFormat';
  const pageBytes = view.getUint32(AT.pageBytes, true);
  const state = view.getUint32(AT.state, true);
  if (!isValidPageBytes(pageBytes) || state > 1 || formatVersion === 0) return 'damaged';
  const meta = decodeMeta(copy.subarray(AT.meta, AT.meta + META_BYTES), pageBytes);
  const sequence = getU64(view, AT.sequence);
  const logGeneration = getU64(view, AT.generation);
  if (meta === undefined || !Number.isSafeInteger(sequence) || !Number.isSafeInteger(logGeneration))
    return 'damaged';
  return {
    formatVersion: formatVersion as FormatVersion,
    sequence,
    pageBytes,
    state: state as HeaderState,
    databaseId: copy.slice(AT.id, AT.id + 16),
    logGeneration,
    meta,
  };
}

function headerChecksum(copy: Uint8Array): number {
  return crc32(copy.subarray(AT.version, HEADER_COPY_BYTES), crc32(copy.subarray(0, AT.checksum), 0));
}

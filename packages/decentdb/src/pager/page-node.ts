/**
 * A page in memory, as every layer between the file and the tree sees it.
 *
 * The pager moves bytes and knows nothing of trees; the tree decodes bytes into nodes and knows nothing of files.
 * This file is the contract between them.
 *
 * Life of a node:
 *
 *     decode(bytes) --> COMMITTED (immutable, shared by all readers, lives in the node cache)
 *                           |  thaw()
 *                           v
 *                       PRIVATE (belongs to one write transaction, never in the cache)
 *                           |  encode() at commit, then freeze(lsn)
 *                           v
 *                       COMMITTED at the transaction's Lsn
 *
 * I1  A committed node never changes what it means. (It may decode more of its bytes, lazily.)
 * I2  A private node is reachable from its write transaction only, until its commit is published.
 * I3  `encode` writes at most `target.length` bytes and returns how many; it does not change what the node means.
 */
import type { Lsn, PageNo } from '../base/ids.ts';
import type { CopyTrace } from './page-change.ts';
import type { PassingMemory } from './passing-memory.ts';

/** Page kinds, stored in every page's header and checked against the link that led to the page. */
export const PageKind = {
  header: 1,
  leaf: 2,
  inner: 3,
  overflow: 4,
  freeList: 5,
} as const;
export type PageKind = (typeof PageKind)[keyof typeof PageKind];

/**
 * Says whether a private node may take over what its committed node has decoded instead of copying it: as long as nobody else
 * can be holding that.
 */
export interface Taking {
  readonly mayTake: boolean;
}

/** Where in the log a page's bytes are, as a node keeps them: what a change may be told against. */
export interface LoggedAt {
  /** The use of a log file they are in. */
  readonly generation: object;
  readonly offset: number;
  readonly lsn: Lsn;
  /** Changes to be applied to get there from a whole page, and their bytes. */
  readonly changes: number;
  readonly changeBytes: number;
  /** The batch they are in counts. */
  isCounted: boolean;
}

export interface PageNode {
  readonly pageNo: PageNo;
  readonly kind: PageKind;
  /** Lsn of the version this node is; meaningless while private. */
  lsn: Lsn;
  /** True while the node belongs to a write transaction. */
  isPrivate: boolean;
  /** False: `memoryBytes` is what it was when this was set to false. Saves the cache the walk over what a node holds. */
  hasGrown?: boolean;
  /** Bytes of memory this node holds now (bytes kept, columns decoded): what a cache budget counts. May grow while committed. */
  memoryBytes(): number;
  /** Of a node that passes by (page-ring.ts): where it decodes to. Such a node is in no cache. */
  passing?: PassingMemory | null;
  /** Leaves memory shared with other pages: called when this one is to stay longer than they. */
  detach?(): void;
  /** The payload as it was last read or encoded, where that still is all there is to the node; not to be changed. */
  storedPayload?(): Uint8Array | null;
  /**
   * Writes the page payload (all but the page header) into `target`, returns the bytes used. A trace is told what was copied from
   * the payload before, {@link PageNode.payloadBefore}, which is its base.
   */
  encode(target: Uint8Array, trace?: CopyTrace): number;
  /** The payload that `encode` makes the next one from, where it has one. */
  payloadBefore?(): Uint8Array | null;
  /** Where that payload is in the log, if it is known; `encode` forgets it, whoever writes to the log says it anew. */
  logged?: LoggedAt | null;
  /**
   * A private, changeable copy of this node (committed, or private when a savepoint must keep it). What `taking` allows is asked
   * when it matters, not now.
   */
  thaw(taking?: Taking): PageNode;
  /** Ends the private life: from now on immutable, the version `lsn`. */
  freeze(lsn: Lsn): void;
}

/**
 * Makes a node from the payload of a page. Must validate every length, count and offset it reads (I/O hands it hostile
 * bytes whose checksum is right) and throw XX001 on the first that is wrong. May keep `payload` (the pager hands it over).
 */
export type PageDecoder = (pageNo: PageNo, lsn: Lsn, payload: Uint8Array) => PageNode;

/**
 * Every committed version of every page, found where it is: cache, not yet logged, log, page file.
 *
 *     slot of the cache (newest version) -> nodes not yet in the log -> version index -> old nodes -> log | page file
 *
 * I1  `load(p, s)` returns the newest version of p at or below s, or throws; it never returns another one.
 * I2  The cache's slot of a page is its newest committed version or empty. Publishing replaces it.
 * I3  `unlogged` holds the newest version of each page committed but not yet in the log (deferred durability), and
 *     keeps it in memory whatever the cache evicts.
 */
import { assert } from '../base/assert.ts';
import { DecentDbError, dataCorrupted } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { NodeCache } from '../pager/node-cache.ts';
import { OldNodes } from '../pager/old-nodes.ts';
import type { PageFile, PageImage } from '../pager/page-file.ts';
import { isZero } from '../pager/page-layout.ts';
import { type PageDecoder, PageKind, type PageNode } from '../pager/page-node.ts';
import type { PageRing } from '../pager/page-ring.ts';
import { RowMemory } from '../pager/row-memory.ts';
import { VersionIndex } from '../wal/version-index.ts';

/** Share of the cache that superseded versions may take. */
const OLD_NODES_SHARE = 0.25;
/** Share of the cache that rows looked up again and again may take. */
const ROWS_SHARE = 1 / 32;
/** Pages read ahead at once are at most one in so many that the cache has room for, undecoded. */
const AHEAD_SHARE = 64;

export type FrameReader = (position: number, page: PageNo, lsn: Lsn) => PageImage;

export class CommittedPages {
  readonly cache: NodeCache;
  readonly old: OldNodes;
  readonly rows: RowMemory;
  readonly pageFile: PageFile;
  readonly unlogged: Map<number, PageNode> = new Map();
  index: VersionIndex;
  /** Reads a frame of the log; set while there is one. */
  readFrame: FrameReader;
  /** Called after bytes came from the page file: throws when the file is not the one it was (read-only sharing). */
  checkFile: (() => void) | undefined;

  constructor(pageFile: PageFile, cacheBytes: number) {
    this.pageFile = pageFile;
    this.cache = new NodeCache(cacheBytes * (1 - OLD_NODES_SHARE));
    this.old = new OldNodes(cacheBytes * OLD_NODES_SHARE);
    this.rows = new RowMemory(cacheBytes * ROWS_SHARE, (bytes) => {
      this.cache.bytesMax -= bytes;
    });
    this.index = new VersionIndex(pageFile.header.meta.lsn);
    this.readFrame = noLog;
  }

  /** The slow path of a fetch: the slot is empty or newer than the snapshot. */
  load(page: PageNo, snapshot: Lsn, decode: PageDecoder): PageNode {
    const newest = this.cache.slots[page] ?? this.unlogged.get(page);
    if (newest !== undefined && newest.lsn <= snapshot) {
      this.cache.insert(newest);
      return newest;
    }
    const entry = this.index.find(page, snapshot);
    const isNewest = newest === undefined && entry === this.index.latest(page);
    if (!isNewest) {
      const kept =
        entry < 0 ? this.old.findNewest(page, snapshot) : this.old.find(page, this.index.lsnAt(entry));
      if (kept !== undefined) return kept;
    }
    const node = this.read(page, entry, snapshot, decode);
    if (isNewest) this.cache.insert(node);
    else {
      this.cache.countMiss();
      this.old.keep(node);
    }
    return node;
  }

  /**
   * Reads leaves that somebody is about to walk over into the cache, links `from` to `to - 1`: the first and those behind it
   * that follow one another in the page file. Returns how many; what stands in the way is left to the fetch of that page.
   */
  loadAhead(links: ArrayLike<number>, from: number, to: number, snapshot: Lsn, decode: PageDecoder): number {
    const first = links[from]!;
    const most = Math.floor(this.cache.bytesMax / (AHEAD_SHARE * this.pageFile.pageBytes));
    const count = this.runInFile(links, from, Math.min(to - from, most));
    if (count < 2) return 0;
    let read = 0;
    try {
      const images = this.pageFile.readPagesAhead(first as PageNo, count);
      this.checkFile?.();
      for (const image of images) {
        if (image.lsn > snapshot || image.kind !== PageKind.leaf) break;
        const node = decode((first + read) as PageNo, image.lsn, image.payload);
        if (node.kind !== image.kind) break;
        this.cache.insert(node);
        read++;
      }
    } catch (error) {
      // Whoever gets to the page is told.
      if (!(error instanceof DecentDbError)) throw error;
    }
    return read;
  }

  /**
   * As {@link loadAhead}, into memory that is used again soon (page-ring.ts); the cache learns nothing of it. The nodes are what the ring
   * finds from now on, none where a page is elsewhere or damaged.
   */
  loadPassing(
    ring: PageRing,
    links: ArrayLike<number>,
    from: number,
    to: number,
    snapshot: Lsn,
    decode: PageDecoder,
  ): void {
    const first = links[from]! as PageNo;
    const count = this.runInFile(links, from, Math.min(to - from, ring.runMax));
    if (count === 0) return;
    let read = 0;
    try {
      const images = this.pageFile.readPagesPassing(first, count, ring);
      this.checkFile?.();
      for (const image of images) {
        if (image.lsn > snapshot || image.kind !== PageKind.leaf) break;
        const node = decode((first + read) as PageNo, image.lsn, image.payload);
        if (node.kind !== image.kind) break;
        ring.add(node);
        read++;
      }
    } catch (error) {
      // Whoever gets to the page is told.
      if (!(error instanceof DecentDbError)) throw error;
    }
    this.cache.countMiss(read);
  }

  /** How many of `links` from `from` on, `most` at most, name pages that follow one another and are in the page file alone. */
  private runInFile(links: ArrayLike<number>, from: number, most: number): number {
    const first = links[from]!;
    let count = 0;
    while (count < most && links[from + count] === first + count && this.isOnlyInFile(first + count)) count++;
    return count;
  }

  /** Whether the page has one version, which is in the page file and not in memory. */
  private isOnlyInFile(page: number): boolean {
    return (
      page >= this.pageFile.firstDataPage &&
      page < this.pageFile.header.meta.pageCount &&
      this.cache.slots[page] === undefined &&
      this.index.latest(page as PageNo) < 0 &&
      !this.unlogged.has(page)
    );
  }

  /** Makes a version visible as the newest of its page. The one before is kept if a snapshot may still want it. */
  publish(node: PageNode, newestSnapshot: Lsn): void {
    const before = this.cache.slots[node.pageNo];
    assert(before === undefined || before.lsn <= node.lsn, 'an older version published over a newer one');
    if (before !== undefined && before.lsn <= newestSnapshot) this.old.keep(before);
    this.rows.noteVersion(node.pageNo);
    if (node.kind === PageKind.freeList) this.rows.forgetAll();
    this.cache.publish(node);
  }

  /** The newest version of a page is now one that nobody has decoded: the slot becomes empty. */
  supersede(page: PageNo, newestSnapshot: Lsn): void {
    // It may be of the free list.
    this.rows.forgetAll();
    const before = this.cache.slots[page];
    if (before === undefined) return;
    if (before.lsn <= newestSnapshot) this.old.keep(before);
    this.cache.drop(page);
  }

  /** A version's bytes if they are in memory, for a checkpoint: what its log frame would give. */
  imageInMemory(page: PageNo, lsn: Lsn): PageImage | undefined {
    const node = this.cache.slots[page];
    if (node === undefined || node.lsn !== lsn || node.isPrivate) return undefined;
    const payload = node.storedPayload?.() ?? null;
    return payload === null ? undefined : { lsn, kind: node.kind, usedBytes: payload.length, payload };
  }

  /** The bytes of the version a snapshot sees, for checks and dumps: from the log or the page file, never the cache. */
  readStored(page: PageNo, snapshot: Lsn): PageImage {
    const entry = this.index.find(page, snapshot);
    return entry < 0
      ? this.pageFile.readPage(page)
      : this.readFrame(this.index.positionAt(entry), page, this.index.lsnAt(entry));
  }

  /** Whether a page has no stored version at all: zeros, or behind the end of the file. */
  isNeverWritten(page: PageNo, snapshot: Lsn): boolean {
    if (this.index.find(page, snapshot) >= 0) return false;
    if (page >= this.pageFile.header.meta.pageCount) return true; // What a crash left there means nothing.
    const bytes = new Uint8Array(this.pageFile.pageBytes);
    this.pageFile.file.readAt(bytes, page * this.pageFile.pageBytes);
    return isZero(bytes);
  }

  private readPage(page: PageNo): PageImage {
    try {
      return this.pageFile.readPage(page);
    } catch (error) {
      this.checkFile?.(); // Somebody writes the file: that is what to tell, not what it looks like.
      throw error;
    }
  }

  private read(page: PageNo, entry: number, snapshot: Lsn, decode: PageDecoder): PageNode {
    const image =
      entry < 0
        ? this.readPage(page)
        : this.readFrame(this.index.positionAt(entry), page, this.index.lsnAt(entry));
    if (entry < 0) {
      this.checkFile?.();
      if (image.lsn > snapshot) {
        throw dataCorrupted(
          `page version ${image.lsn} is newer than snapshot ${snapshot}`,
          this.pageFile.path,
          page,
        );
      }
    }
    const node = decode(page, image.lsn, image.payload);
    assert(node.pageNo === page && node.lsn === image.lsn && !node.isPrivate, 'decoder made another node');
    if (node.kind !== image.kind) throw wrongKindError(this.pageFile.path, page, image.kind);
    if (image.logged !== undefined) node.logged = image.logged;
    return node;
  }
}

export function wrongKindError(path: string, page: PageNo, found: number): Error {
  return dataCorrupted(`page is of kind ${found}, which is not what the link to it promises`, path, page);
}

function noLog(): never {
  throw new Error('the version index names a frame but there is no log');
}

/**
 * Moves committed pages from the log to the page file, in slices, while commits go on.
 *
 *     start ---> copy pages (slices), extend ---> sync
 *           ---> header, first copy ---> sync ---> second copy ---> sync ---> release the log, trim the index
 *
 * I1  The target LSN, its meta and the list of pages are fixed at the start. What commits later is neither in the list
 *     nor in a log that this checkpoint may release (ACID-002).
 * I2  The target is durable in the log before the first page is copied: a torn page is always repaired by the log.
 * I3  The target is at or below every live snapshot: no snapshot can want the version that a copy replaces, and the
 *     newest version at or below the target stays findable until the header is durable.
 * I4  The index forgets, and the log is released, only after the header that makes them needless is durable.
 * I5  A failure leaves log and index as they were; the next checkpoint starts over.
 * I6  A caller may carry out a sync itself, off the event loop: `isSyncNext` says when, `noteSynced` that it succeeded.
 * I7  A version that the header in force counts is never written again: no log is kept for it. (A checkpoint given up after
 *     its header was durable leaves such versions in the index.)
 */
import { assert } from '../base/assert.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import type { DatabaseMeta, HeaderState } from '../pager/meta.ts';
import type { PageFile, PageImage } from '../pager/page-file.ts';
import { PAGE_HEADER_BYTES, sealPage } from '../pager/page-layout.ts';
import type { VersionIndex } from './version-index.ts';

/** Pages gathered for one write when they follow one another. */
const RUN_PAGES_MAX = 64;

export interface CheckpointSource {
  readonly index: VersionIndex;
  readonly pageFile: PageFile;
  /** The version of a page whose frame is there. */
  imageOf(position: number, page: PageNo, lsn: Lsn): PageImage;
}

export interface CheckpointTarget {
  readonly meta: DatabaseMeta;
  /** State and log generation the header gets. */
  readonly state: HeaderState;
  readonly logGeneration: number;
}

/** Each step tells its name before it acts: tests insert commits and crashes there. */
export type CheckpointStep = 'copy' | 'extend' | 'sync' | 'header' | 'headerSync' | 'secondSync' | 'done';

export class Checkpoint {
  readonly targetLsn: Lsn;
  private readonly source: CheckpointSource;
  private readonly pages: Uint32Array;
  private readonly run: Uint8Array;
  private copied = 0;
  private stage: CheckpointStep = 'copy';
  /** True once the page file holds everything up to the target, durably. */
  private isSynced = false;

  constructor(source: CheckpointSource, targetLsn: Lsn) {
    this.source = source;
    this.targetLsn = targetLsn;
    this.pages = pagesBehind(source, targetLsn);
    this.run = new Uint8Array(
      Math.min(RUN_PAGES_MAX, Math.max(1, this.pages.length)) * source.pageFile.pageBytes,
    );
  }

  get pageCount(): number {
    return this.pages.length;
  }

  get pagesCopied(): number {
    return this.copied;
  }

  get step(): CheckpointStep {
    return this.stage;
  }

  /** The pages whose versions at the target are being copied, ascending. */
  get pageList(): Uint32Array {
    return this.pages;
  }

  /** Does one slice: copies up to `pagesMax` pages, or one of the later steps. The target is asked for at the end. */
  advance(pagesMax: number, target: () => CheckpointTarget): void {
    switch (this.stage) {
      case 'copy':
        this.copy(pagesMax);
        if (this.copied === this.pages.length) this.stage = 'extend';
        break;
      case 'extend':
        this.extend(target().meta);
        this.stage = 'sync';
        break;
      case 'header':
        this.beginHeader(target());
        this.stage = 'headerSync';
        break;
      case 'sync':
      case 'headerSync':
      case 'secondSync':
        this.source.pageFile.sync();
        this.noteSynced();
        break;
      case 'done':
        break;
    }
  }

  /** The next step is a sync of the page file (I6). */
  get isSyncNext(): boolean {
    return this.stage === 'sync' || this.stage === 'headerSync' || this.stage === 'secondSync';
  }

  /** The sync that was next has succeeded. */
  noteSynced(): void {
    assert(this.isSyncNext, 'page file synced out of turn');
    const { pageFile } = this.source;
    if (this.stage === 'sync') {
      this.isSynced = true;
      this.stage = 'header';
    } else if (this.stage === 'headerSync') {
      this.stage = pageFile.continueHeader() ? 'secondSync' : 'done';
    } else {
      pageFile.endHeader();
      this.stage = 'done';
    }
  }

  private copy(pagesMax: number): void {
    // A header that names a later state may be on disk, where no log is kept for the pages written now (PageFile I5).
    if (this.copied === 0) this.source.pageFile.requireBothCopies();
    const end = Math.min(this.copied + pagesMax, this.pages.length);
    while (this.copied < end) {
      let count = 0;
      const first = this.pages[this.copied]!;
      while (
        this.copied + count < end &&
        this.pages[this.copied + count] === first + count &&
        count < RUN_PAGES_MAX
      ) {
        this.place((first + count) as PageNo, count);
        count++;
      }
      this.source.pageFile.writePages(
        this.run.subarray(0, count * this.source.pageFile.pageBytes),
        first as PageNo,
      );
      this.copied += count;
    }
  }

  /** Builds the page's image at the target in slot `slot` of the run. */
  private place(page: PageNo, slot: number): void {
    const { index, pageFile } = this.source;
    const entry = index.find(page, this.targetLsn);
    assert(entry >= 0, 'a version on the checkpoint list left the index');
    const lsn = index.lsnAt(entry);
    const image = this.source.imageOf(index.positionAt(entry), page, lsn);
    const target = this.run.subarray(slot * pageFile.pageBytes, (slot + 1) * pageFile.pageBytes);
    target.set(image.payload, PAGE_HEADER_BYTES);
    sealPage(target, page, { lsn, kind: image.kind, usedBytes: image.payload.length });
  }

  /**
   * New pages that were allocated and never written are free; they become zeros, and the file is as long as its header will
   * say. Without the zeros a power cut could leave anything there: the file may grow before its bytes arrive.
   */
  private extend(meta: DatabaseMeta): void {
    const { pageFile } = this.source;
    const end = meta.pageCount;
    let page = pageFile.header.meta.pageCount;
    let next = this.firstListed(page);
    while (page < end) {
      const listed = Math.min(this.pages[next] ?? end, end);
      if (page === listed) {
        page++;
        next++;
        continue;
      }
      const count = Math.min(listed - page, this.run.length / pageFile.pageBytes);
      pageFile.writePages(this.run.fill(0).subarray(0, count * pageFile.pageBytes), page as PageNo);
      page += count;
    }
  }

  /** Place in the list of the first page at or behind `page`. */
  private firstListed(page: number): number {
    let low = 0;
    let high = this.pages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.pages[middle]! < page) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private beginHeader(target: CheckpointTarget): void {
    assert(this.isSynced, 'checkpoint header before the page file was synced');
    assert(target.meta.lsn === this.targetLsn, 'checkpoint header of another state');
    this.source.pageFile.beginHeader({
      meta: target.meta,
      state: target.state,
      logGeneration: target.logGeneration,
    });
  }
}

/** The pages to copy: those with a version at or below the target that the page file does not have yet (I7). */
function pagesBehind({ index, pageFile }: CheckpointSource, targetLsn: Lsn): Uint32Array {
  const { lsn } = pageFile.header.meta;
  const pages = index.pagesThrough(targetLsn);
  return pages.filter((page) => index.lsnAt(index.find(page as PageNo, targetLsn)) > lsn);
}

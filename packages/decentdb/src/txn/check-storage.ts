/**
 * Checks what the storage layers can check alone: every page readable and self-consistent, the free list whole.
 *
 * The layers above mark the pages that their trees and chains reach in a `PageAccount`; together that is "every page
 * is a header page, free, or reached, exactly once".
 *
 * I1  Reads the stored bytes (log or page file), never the cache.
 * I2  Reports all it finds; changes nothing.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import type { PageKind } from '../pager/page-node.ts';
import type { StorageEngine } from './engine.ts';
import { listFreePages } from './free-list.ts';
import type { ReadTxn } from './read-txn.ts';

export interface StorageProblem {
  readonly page: PageNo | undefined;
  readonly message: string;
}

export interface StoredPage {
  readonly pageNo: PageNo;
  /** Undefined for a page that cannot be read, or was never written (free pages only). */
  readonly kind: PageKind | undefined;
  readonly lsn: Lsn;
  readonly usedBytes: number;
  readonly isFree: boolean;
  readonly problem: string | undefined;
}

export interface StorageCheck {
  readonly pages: number;
  readonly freePages: number;
  readonly problems: readonly StorageProblem[];
}

/** Every data page of a snapshot, verified from its stored bytes. */
export function* storedPages(engine: StorageEngine, read: ReadTxn): Generator<StoredPage> {
  const free = freePagesOf(engine, read);
  for (let page = engine.pages.pageFile.firstDataPage; page < read.meta.pageCount; page++) {
    read.validate();
    yield inspect(engine, read, page as PageNo, free instanceof Set && free.has(page));
  }
}

/** The free pages of a snapshot, or why they cannot be listed. */
export function freePagesOf(engine: StorageEngine, read: ReadTxn): Set<number> | DecentDbError {
  const { freeListHead, freePages } = read.meta;
  try {
    return listFreePages(read, freeListHead, freePages, engine.path);
  } catch (error) {
    if (error instanceof DecentDbError) return error;
    throw error;
  }
}

const PAGES_PER_STEP = 128;

/** Checks a database as of now. */
export function checkStorage(engine: StorageEngine): StorageCheck {
  const steps = checkStorageSteps(engine);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps, each of which gives the pages read so far, and how many there are. */
export function* checkStorageSteps(
  engine: StorageEngine,
): Generator<{ readonly done: number; readonly total: number }, StorageCheck> {
  if (!engine.isReadOnly) engine.flush();
  const read = engine.beginRead();
  const problems: StorageProblem[] = [];
  let pages = 0;
  try {
    const free = freePagesOf(engine, read);
    if (free instanceof DecentDbError) problems.push({ page: undefined, message: free.message });
    for (const page of storedPages(engine, read)) {
      pages++;
      if (page.problem !== undefined)
        problems.push({ page: page.pageNo, message: `page ${page.pageNo}: ${page.problem}` });
      if (pages % PAGES_PER_STEP === 0) yield { done: pages, total: read.meta.pageCount };
    }
    if (engine.stats().hasDamagedHeaderCopy) {
      problems.push({ page: 0 as PageNo, message: 'one of the two copies of the file header is damaged' });
    }
    checkStillThere(engine, read);
  } finally {
    read.end();
  }
  return { pages, freePages: read.meta.freePages, problems };
}

/** What was found after the snapshot was over, or in a file that another process has changed meanwhile, is no damage. */
export function checkStillThere(engine: StorageEngine, read: ReadTxn): void {
  read.validate();
  engine.pages.checkFile?.();
}

/** Which pages are accounted for: claims each once, tells of doubles and of what nobody claimed. */
export class PageAccount {
  private readonly owners: Map<number, string> = new Map();
  private readonly first: number;
  private readonly pageCount: number;
  readonly problems: StorageProblem[] = [];

  constructor(engine: StorageEngine, read: ReadTxn) {
    this.first = engine.pages.pageFile.firstDataPage;
    this.pageCount = read.meta.pageCount;
    const free = freePagesOf(engine, read);
    if (free instanceof DecentDbError) this.problems.push({ page: undefined, message: free.message });
    else for (const page of free) this.claim(page as PageNo, 'the free list');
  }

  /** Says that `owner` reaches the page. */
  claim(page: PageNo, owner: string): void {
    const other = this.owners.get(page);
    if (page < this.first || page >= this.pageCount) {
      this.problems.push({ page, message: `${owner} reaches page ${page} of ${this.pageCount}` });
    } else if (other !== undefined) {
      this.problems.push({ page, message: `page ${page} belongs to ${other} and to ${owner}` });
    } else {
      this.owners.set(page, owner);
    }
  }

  /** After all claims: adds the pages that nobody reaches. */
  finish(): readonly StorageProblem[] {
    for (let page = this.first; page < this.pageCount; page++) {
      if (!this.owners.has(page)) {
        this.problems.push({ page: page as PageNo, message: `page ${page} is neither free nor reached` });
      }
    }
    return this.problems;
  }
}

function inspect(engine: StorageEngine, read: ReadTxn, pageNo: PageNo, isFree: boolean): StoredPage {
  const lsn = 0 as Lsn;
  try {
    const image = engine.pages.readStored(pageNo, read.snapshot);
    const isNewer = image.lsn > read.snapshot;
    const problem = isNewer ? `version ${image.lsn} is newer than the snapshot ${read.snapshot}` : undefined;
    return { pageNo, kind: image.kind, lsn: image.lsn, usedBytes: image.usedBytes, isFree, problem };
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
    // A page allocated and freed in one transaction is on the free list without ever having been written.
    const isUnwritten = isFree && engine.pages.isNeverWritten(pageNo, read.snapshot);
    return {
      pageNo,
      kind: undefined,
      lsn,
      usedBytes: 0,
      isFree,
      problem: isUnwritten ? undefined : error.message,
    };
  }
}

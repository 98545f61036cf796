/**
 * What every page of a damaged file is, and who claimed it.
 *
 * I1  A page is claimed by one tree at most; whoever comes second is told so.
 * I2  Free pages hold old versions: they are never rows, unless they are newer than the state that names them free.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Lsn, PageNo } from '../../base/ids.ts';
import { decodeFreeListNode, type FreeListNode } from '../../pager/free-list-node.ts';
import { PageKind } from '../../pager/page-node.ts';
import type { DamagedSource } from './damaged-source.ts';

const UNREADABLE = 0;

export class PageCensus {
  readonly source: DamagedSource;
  /** Whether the free list could be read to its end: then a page that is neither free nor claimed is in use. */
  readonly isFreeListWhole: boolean;
  readonly freePages: ReadonlySet<number>;
  readonly #kinds: Uint8Array;
  readonly #lsns: Float64Array;
  readonly #claimed: Uint8Array;

  private constructor(source: DamagedSource, kinds: Uint8Array, lsns: Float64Array) {
    this.source = source;
    this.#kinds = kinds;
    this.#lsns = lsns;
    this.#claimed = new Uint8Array(source.pageCount);
    const free = new Set<number>();
    this.isFreeListWhole = this.#collectFree(free);
    this.freePages = free;
  }

  /** Reads every page once; yields the pages read so far. */
  static *take(source: DamagedSource, pagesPerStep: number): Generator<number, PageCensus> {
    const kinds = new Uint8Array(source.pageCount);
    const lsns = new Float64Array(source.pageCount);
    for (let page = source.firstDataPage; page < source.pageCount; page++) {
      const image = source.readPage(page as PageNo);
      if (typeof image !== 'string') {
        kinds[page] = image.kind;
        lsns[page] = image.lsn;
      }
      if ((page - source.firstDataPage) % pagesPerStep === 0) yield page;
    }
    return new PageCensus(source, kinds, lsns);
  }

  isReadable(page: number): boolean {
    return this.#kinds[page] !== UNREADABLE;
  }

  isClaimed(page: number): boolean {
    return this.#claimed[page] === 1;
  }

  /** False when another tree has it. */
  claim(page: number): boolean {
    if (this.#claimed[page] === 1) return false;
    this.#claimed[page] = 1;
    return true;
  }

  /** Gives a page back that turned out not to belong. */
  release(page: number): void {
    this.#claimed[page] = 0;
  }

  /** Tree pages that nothing leads to and that are not free. */
  *orphans(): Generator<PageNo> {
    for (let page = this.source.firstDataPage; page < this.source.pageCount; page++) {
      const kind = this.#kinds[page];
      if ((kind !== PageKind.leaf && kind !== PageKind.inner) || this.isClaimed(page)) continue;
      if (!this.freePages.has(page) || this.#lsns[page]! > this.source.meta.lsn) yield page as PageNo;
    }
  }

  /** Unreadable pages that matter: those not free. */
  *unreadable(): Generator<PageNo> {
    for (let page = this.source.firstDataPage; page < this.source.pageCount; page++)
      if (!this.isReadable(page) && !this.freePages.has(page)) yield page as PageNo;
  }

  /** Pages newer than the state that is read: what a checkpoint copied whose log is lost. */
  newerPages(): number {
    let count = 0;
    for (const lsn of this.#lsns) if (lsn > this.source.meta.lsn) count++;
    return this.source.hasMeta ? count : 0;
  }

  newestLsn(): Lsn {
    let newest = 0;
    for (const lsn of this.#lsns) if (lsn > newest) newest = lsn;
    return newest as Lsn;
  }

  #collectFree(free: Set<number>): boolean {
    const { source } = this;
    const { freeListHead, freePages } = source.meta;
    if (!source.hasMeta) {
      this.#follow(this.#likelyHead(), free);
      return false;
    }
    return this.#follow(freeListHead, free) && free.size === freePages;
  }

  /** Walks the chain of trunks; false where it breaks. */
  #follow(head: number, free: Set<number>): boolean {
    let isWhole = true;
    const add = (page: number): void => {
      if (page < this.source.firstDataPage || page >= this.source.pageCount || free.has(page))
        isWhole = false;
      else free.add(page);
    };
    for (let trunk = head; trunk !== 0 && isWhole; ) {
      add(trunk);
      const node = this.#trunk(trunk);
      if (node === undefined || !isWhole) return false;
      node.pages.forEach(add);
      trunk = node.next;
    }
    return isWhole;
  }

  #trunk(page: number): FreeListNode | undefined {
    try {
      return this.source.fetch(page as PageNo, PageKind.freeList, decodeFreeListNode) as FreeListNode;
    } catch (error) {
      if (error instanceof DecentDbError) return undefined;
      throw error;
    }
  }

  /** The newest trunk that no other trunk names; 0 if there is none. */
  #likelyHead(): number {
    const trunks: number[] = [];
    this.#kinds.forEach((kind, page) => {
      if (kind === PageKind.freeList) trunks.push(page);
    });
    const named = new Set<number>();
    for (const page of trunks) {
      const node = this.#trunk(page);
      if (node !== undefined) for (const one of [node.next, ...node.pages]) named.add(one);
    }
    const heads = trunks.filter((page) => !named.has(page));
    return heads.reduce((best, page) => (this.#lsns[page]! > (this.#lsns[best] ?? -1) ? page : best), 0);
  }
}

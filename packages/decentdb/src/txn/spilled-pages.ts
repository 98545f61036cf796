/**
 * Pages of a write transaction whose private nodes were written to the log early, to free memory.
 *
 * Their frames carry the LSN the commit will have and count for nothing until its commit frame. A page may be spilled
 * several times; replaying the log keeps the last frame. So at commit, what the last frame of a page says must be what
 * the transaction means:
 *
 * I1  A page whose final version is an earlier frame (a savepoint went back to it) gets that version appended again.
 * I2  A page that the transaction ended up not changing gets its old version appended.
 */
import type { Lsn, PageNo } from '../base/ids.ts';
import type { PageImage } from '../pager/page-file.ts';
import type { PageKind, PageNode } from '../pager/page-node.ts';

/** Stands in a transaction for a private node that went to the log. */
export class SpilledPage {
  readonly kind: PageKind;
  readonly position: number;
  /** The node read back, unchanged: only a cache. */
  node: PageNode | undefined;

  constructor(kind: PageKind, position: number) {
    this.kind = kind;
    this.position = position;
  }
}

/** What a transaction has for a page it changed. */
export type PrivateEntry = PageNode | SpilledPage;

/** Which frames a transaction has in the log before its commit. */
export class SpillLedger {
  private readonly latest: Map<number, number> = new Map();
  /** A log batch is open for the transaction. */
  isOpen = false;
  /** Page frames in the open batch. */
  frames = 0;

  note(page: PageNo, position: number): void {
    this.latest.set(page, position);
    this.frames++;
  }

  isLatest(page: number, position: number): boolean {
    return this.latest.get(page) === position;
  }

  pages(): IterableIterator<number> {
    return this.latest.keys();
  }

  clear(): void {
    this.latest.clear();
    this.isOpen = false;
    this.frames = 0;
  }
}

/** Stored bytes as something the log can append again. */
export function storedAsNode(pageNo: PageNo, image: PageImage): PageNode {
  const node: PageNode = {
    pageNo,
    kind: image.kind,
    lsn: image.lsn,
    isPrivate: false,
    memoryBytes: () => image.payload.length,
    encode: (target) => {
      target.set(image.payload);
      return image.payload.length;
    },
    thaw: () => node,
    freeze: (_lsn: Lsn) => {},
  };
  return node;
}

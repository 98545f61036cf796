/**
 * How a tree sees the database: pages of one snapshot, or of one write transaction.
 *
 * I1  A view shows one state. A read view never changes; a write view shows its snapshot plus its own changes.
 * I2  Every fetch validates the view after the bytes are in hand and before they are returned: an expired, ended or
 *     failed view throws (25P05 snapshot expired, 25000 no active transaction, ...) and never returns data.
 * I3  `edit` returns a private node; the same page edited twice at the same `epoch` is the same node.
 * I4  Savepoints are physical: the first `edit` of a page after a savepoint keeps a copy of its private node, and rolling back
 *     puts the copies (and the allocation state) back. So whoever keeps a private node between calls (a write cursor's finger)
 *     compares `epoch` first and calls `edit` again when it has changed.
 * I5  Changes may be held back (`held`) to be applied together. They count as made: whoever fetches the root of a tree has them
 *     applied first, and so do savepoints and the commit.
 */
import type { Lsn, PageNo } from '../base/ids.ts';
import type { PageDecoder, PageKind, PageNode } from '../pager/page-node.ts';
import type { PageRing } from '../pager/page-ring.ts';
import type { RowMemory } from '../pager/row-memory.ts';

/** A value too large for its page: a chain of overflow pages. */
export interface OverflowRef {
  readonly firstPage: PageNo;
  readonly byteLength: number;
}

/** Changes of trees that a layer above holds back in a write view. */
export interface HeldChanges {
  /** Applies what is held for the tree of that root: somebody is about to look at it. */
  applyTo(root: PageNo): void;
  applyAll(): void;
}

export interface ReadView {
  /** Null: nothing is held; without the field the view holds nothing ever. */
  readonly held?: HeldChanges | null;
  /** The last commit seen; absent where there is none to name. */
  readonly snapshot?: Lsn;
  /** Bytes of a page available to a node (page size less the page header). */
  readonly payloadBytes: number;
  /** The page as this view sees it; `kind` is what the link promises, a page of another kind is corruption (XX001). */
  fetch(pageNo: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode;
  /**
   * A walk comes to leaves `links[from]` .. `links[to - 1]` next: they may be read together. Returns how many are at hand;
   * 0 says nothing.
   */
  fetchAhead?(links: ArrayLike<number>, from: number, to: number, decode: PageDecoder): number;
  /**
   * As {@link fetchAhead}, for a walk that will have no more use for the leaves: gives the first, and has those behind it at hand, in
   * memory that is used again soon (page-ring.ts) where they are not in the cache. Null: to be fetched.
   */
  fetchPassing?(
    ring: PageRing,
    links: ArrayLike<number>,
    from: number,
    to: number,
    decode: PageDecoder,
  ): PageNode | null;
  /** Walks over more leaves than this do not stay in the cache anyway; comes with {@link fetchPassing}, as does `pageBytes`. */
  readonly walkLeavesMax?: number;
  readonly pageBytes?: number;
  /** Rows that look-ups come back to, of views that show committed pages alone; see {@link ReadView.recall}. */
  readonly rows?: RowMemory;
  /** The remembered row of a key (row-memory.ts), if it is what this view shows; not to be changed. */
  recall?(owner: number, key: number): object | undefined;
  /** The newest version of a page, if it is at hand and this view shows the newest state of all. */
  newestLsn?(pageNo: PageNo): Lsn | undefined;
  /** All bytes of an overflow chain. */
  readOverflow(ref: OverflowRef): Uint8Array;
  /** Cheap re-validation, called once a batch by scans that stay on nodes they already hold. */
  validate(): void;
}

export interface WriteView extends ReadView {
  /** Changes whenever a private node in hand may be out of date: a savepoint was set, released or rolled back, a page was spilled. */
  readonly epoch: number;
  held?: HeldChanges | null;
  /** Set while nothing but the change at hand looks at pages; without the field pages are always copied (Taking). */
  takes?: boolean;
  /** Plans under way that may hold columns of pages they read. */
  openPlans?: number;
  /** A private node of the page: the page's node if already private, else a thawed copy. */
  edit(pageNo: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode;
  /** Takes a free page (or grows the file); the caller must `install` a private node there before the statement ends. */
  allocate(): PageNo;
  /** Puts a private node at its page number. */
  install(node: PageNode): void;
  /** Gives a page back, transactionally: older snapshots still read it. Forgets its private node. */
  free(pageNo: PageNo): void;
  /** Writes a value into a new overflow chain. */
  writeOverflow(bytes: Uint8Array): OverflowRef;
  freeOverflow(ref: OverflowRef): void;
  /** Called between rows or batches, while no private node is held: lets go of memory that the view may not keep. */
  relieve(): void;
  /** Ends the transaction: a change that was promised cannot be made. */
  doom?(cause: unknown): void;
}

/** Marks a state of a write transaction; see {@link SavepointView}. Opaque. */
export interface SavepointMark {
  readonly depth: number;
}

/** Savepoints of a write transaction, nested at any depth: pages, free list, page count and meta all return to what they were. */
export interface SavepointView {
  savepoint(): SavepointMark;
  /** Undoes everything since `mark` and keeps the mark. */
  rollbackTo(mark: SavepointMark): void;
  /** Forgets the mark (and those set after it) but keeps the changes. */
  release(mark: SavepointMark): void;
  /** The state when the mark was set, while the transaction goes on and until the mark is released or gone back to. */
  viewAt(mark: SavepointMark): ReadView;
}

export function hasSavepoints(view: ReadView): view is WriteView & SavepointView {
  return 'viewAt' in view;
}

export function isWriteView(view: ReadView): view is WriteView {
  return 'edit' in view;
}

/**
 * The transactional free list: a chain of trunk pages edited like any page of the write transaction.
 *
 * I1  A free page is on exactly one trunk, or is a trunk; `freePages` in the meta counts both.
 * I2  Nothing here touches shared state: the list, its head and its count belong to the transaction until it commits,
 *     and go back with a savepoint.
 * I3  A page freed is reusable at once: older snapshots read its old version through the version index.
 */
import { dataCorrupted } from '../base/errors.ts';
import { type Lsn, NO_PAGE, type PageNo } from '../base/ids.ts';
import { decodeFreeListNode, FreeListNode, trunkCapacity } from '../pager/free-list-node.ts';
import { PageKind } from '../pager/page-node.ts';
import type { ReadView, WriteView } from './page-view.ts';

/** The part of a transaction's meta that the free list owns. */
export interface FreeListState {
  freeListHead: PageNo;
  freePages: number;
}

/** Takes a page off the list, or returns NO_PAGE when it is empty. */
export function takeFreePage(view: WriteView, state: FreeListState): PageNo {
  const head = state.freeListHead;
  if (head === NO_PAGE) return NO_PAGE;
  const trunk = fetchTrunk(view, head);
  state.freePages--;
  if (trunk.pages.length > 0) {
    const edited = view.edit(head, PageKind.freeList, decodeFreeListNode) as FreeListNode;
    return edited.pages.pop()!;
  }
  state.freeListHead = trunk.next;
  if ((state.freeListHead === NO_PAGE) !== (state.freePages === 0))
    throw dataCorrupted('the free list has another length than the header says', 'free list', head);
  return head;
}

/** Puts a page on the list. The caller has dropped its private node. */
export function putFreePage(view: WriteView, state: FreeListState, page: PageNo): void {
  const head = state.freeListHead;
  state.freePages++;
  if (head !== NO_PAGE && fetchTrunk(view, head).pages.length < trunkCapacity(view.payloadBytes)) {
    (view.edit(head, PageKind.freeList, decodeFreeListNode) as FreeListNode).pages.push(page);
    return;
  }
  view.install(new FreeListNode(page, 0 as Lsn, head, [], true));
  state.freeListHead = page;
}

/**
 * Puts the list in order, so that the lowest pages are taken first, and leaves out those at the end of the file. `drop` gives up
 * the private node of a page. Returns how many pages the file then has.
 */
export function packFreePages(
  view: WriteView,
  state: FreeListState,
  pageCount: number,
  drop: (page: PageNo) => void,
  path: string,
): number {
  const free = [...listFreePages(view, state.freeListHead, state.freePages, path)].sort((a, b) => a - b);
  for (const page of free) drop(page as PageNo);
  let end = pageCount;
  while (free.at(-1) === end - 1) {
    free.pop();
    end--;
  }
  state.freeListHead = NO_PAGE;
  state.freePages = 0;
  for (let i = free.length - 1; i >= 0; i--) putFreePage(view, state, free[i] as PageNo);
  return end;
}

/** All free pages of a state, trunks included; fails on a list that is cut, doubled or too long. */
export function listFreePages(view: ReadView, head: PageNo, count: number, path: string): Set<number> {
  const found = new Set<number>();
  const add = (page: PageNo): void => {
    if (found.has(page)) throw dataCorrupted('page is twice on the free list', path, page);
    found.add(page);
  };
  for (let trunk = head; trunk !== NO_PAGE; ) {
    add(trunk);
    const node = fetchTrunk(view, trunk);
    node.pages.forEach(add);
    if (found.size > count) break;
    trunk = node.next;
  }
  if (found.size !== count)
    throw dataCorrupted(`free list has ${found.size} pages, not ${count}`, path, head);
  return found;
}

function fetchTrunk(view: ReadView, page: PageNo): FreeListNode {
  return view.fetch(page, PageKind.freeList, decodeFreeListNode) as FreeListNode;
}

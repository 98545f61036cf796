/**
 * Hit rates of the node cache for access patterns, against LRU and the offline optimum (PERF-002, AC-P2.3).
 *
 *     npx tsx packages/decentdb/src/pager/node-cache.bench.ts
 */
import type { Lsn, PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import { NodeCache } from './node-cache.ts';
import { PageKind, type PageNode } from './page-node.ts';

const CAPACITY = 1000;
const ACCESSES = 200_000;
const NODE_BYTES = 1000;

function node(page: number): PageNode {
  const made: PageNode = {
    pageNo: page as PageNo,
    kind: PageKind.leaf,
    lsn: 1 as Lsn,
    isPrivate: false,
    memoryBytes: () => NODE_BYTES - 48,
    encode: () => 0,
    thaw: () => made,
    freeze: () => {},
  };
  return made;
}

function zipf(random: Prng, pages: number): () => number {
  const sums: number[] = [];
  let sum = 0;
  for (let i = 1; i <= pages; i++) {
    sum += 1 / i ** 0.9;
    sums.push(sum);
  }
  return () => {
    const wanted = random.unit() * sum;
    let low = 0;
    let high = pages - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return (low * 7919) % pages;
  };
}

function trace(next: (i: number) => number): Uint32Array {
  return Uint32Array.from({ length: ACCESSES }, (_, i) => next(i));
}

function patterns(): [string, Uint32Array][] {
  const random = new Prng(1);
  const hot = zipf(random, 20_000);
  return [
    ['sequential, 10x cache, repeated', trace((i) => i % (10 * CAPACITY))],
    ['random over 4x cache', trace(() => random.below(4 * CAPACITY))],
    ['zipf 0.9 over 20x cache', trace(() => hot())],
    ['every 16th page, 0.8x cache', trace((i) => ((i * 16) % (800 * 16)) + 1)],
    ['hot set 0.6x + scan, 1:1', trace((i) => (i % 2 ? random.below(600) : 100_000 + i))],
    ['zipf + scan, 1:1', trace((i) => (i % 2 ? hot() : 100_000 + i))],
  ];
}

function ours(pages: Uint32Array): number {
  const cache = new NodeCache(CAPACITY * NODE_BYTES);
  for (const page of pages) {
    if (cache.slots[page] !== undefined) cache.touch(page);
    else cache.insert(node(page));
  }
  return cache.stats().hits / pages.length;
}

function lru(pages: Uint32Array): number {
  const held = new Map<number, true>();
  let hits = 0;
  for (const page of pages) {
    if (held.delete(page)) hits++;
    else if (held.size >= CAPACITY) held.delete(held.keys().next().value!);
    held.set(page, true);
  }
  return hits / pages.length;
}

/** Belady: evicts what is used furthest in the future; lazily deleted heap entries would be faster, this is clearer. */
function optimum(pages: Uint32Array): number {
  const next = new Uint32Array(pages.length);
  const seen = new Map<number, number>();
  for (let i = pages.length - 1; i >= 0; i--) {
    next[i] = seen.get(pages[i]!) ?? 0xffffffff;
    seen.set(pages[i]!, i);
  }
  const uses = new Map<number, number>();
  const byUse = new Map<number, number>();
  const order: number[] = [];
  let hits = 0;
  for (let i = 0; i < pages.length; i++) {
    const page = pages[i]!;
    const due = uses.get(page);
    if (due !== undefined) {
      hits++;
      byUse.delete(due);
    } else if (uses.size >= CAPACITY) {
      let furthest = heapPop(order);
      while (byUse.get(furthest) === undefined) furthest = heapPop(order);
      uses.delete(byUse.get(furthest)!);
      byUse.delete(furthest);
    }
    const use = next[i] === 0xffffffff ? pages.length + i : next[i]!;
    uses.set(page, use);
    byUse.set(use, page);
    heapPush(order, use);
  }
  return hits / pages.length;
}

function heapPush(heap: number[], value: number): void {
  let at = heap.push(value) - 1;
  while (at > 0 && heap[(at - 1) >> 1]! < value) {
    heap[at] = heap[(at - 1) >> 1]!;
    at = (at - 1) >> 1;
  }
  heap[at] = value;
}

function heapPop(heap: number[]): number {
  const top = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return top;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && heap[child + 1]! > heap[child]!) child++;
    if (heap[child]! <= last) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return top;
}

console.log('pattern'.padEnd(36), 'ours'.padStart(7), 'LRU'.padStart(7), 'optimum'.padStart(8));
for (const [name, pages] of patterns()) {
  const rates = [ours(pages), lru(pages), optimum(pages)].map((rate) => `${(100 * rate).toFixed(1)}%`);
  console.log(name.padEnd(36), rates[0]!.padStart(7), rates[1]!.padStart(7), rates[2]!.padStart(8));
}

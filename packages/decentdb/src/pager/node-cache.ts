/**
 * The cache of decoded nodes: for each page at most one node, the newest committed version.
 *
 * Two queues and a memory of the recently dismissed (S3-FIFO: Yang et al., SOSP 2023):
 *
 *     miss --> PROBATION --(touched twice or more)--> KEPT --(not touched for a round)--> out
 *                  |                                   ^
 *                  +--(hardly touched)--> GHOST -------+  (missed again while remembered)
 *
 * A scan passes through probation, a tenth of the budget, and never pushes out what is kept (PERF-002). A hit writes
 * one byte. Places are found by page number in flat arrays: no hash, no list links, no hot spots by stride.
 *
 * I1  `slots[p]` is undefined or the newest committed version of page p, frozen.
 * I2  Bytes charged for resident nodes exceed the budget by at most one node after every insert or publish.
 * I3  Nodes decode lazily and grow: every 64th hit and every insert look at some residents again, in rotation, and weigh those that
 *     have grown.
 *
 * Must never happen here: a private node, or an old version (old-nodes.ts keeps those).
 */
import { assert } from '../base/assert.ts';
import type { PageNode } from './page-node.ts';
import { PageQueue } from './page-queue.ts';

const Place = { nowhere: 0, probation: 1, kept: 2, ghost: 3 } as const;

/** Largest heat a page keeps: rounds of the kept queue it survives untouched. */
const HEAT_MAX = 3;
/** Hits on probation that earn a place among the kept. */
const HEAT_TO_KEEP = 2;
const PROBATION_SHARE = 0.1;
const GHOSTS_MIN = 64;
/** Scans that pass by fill the cache up to here. */
const FILLED_SHARE = 15 / 16;
/** Every so many hits (power of two) residents are weighed again. */
const WEIGH_EVERY_HITS = 64;
const WEIGH_PER_ROUND = 4;
/** Map entries and queue slots that a node costs besides itself. */
const ENTRY_BYTES = 48;

export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly bytes: number;
  readonly bytesMax: number;
  readonly nodes: number;
}

export class NodeCache {
  /** Indexed by page number; the array's identity never changes. */
  readonly slots: (PageNode | undefined)[] = [];
  bytesMax: number;
  private heat: Uint8Array = new Uint8Array(0);
  private place: Uint8Array = new Uint8Array(0);
  private charged: Uint32Array = new Uint32Array(0);
  private readonly probation = new PageQueue();
  private readonly kept = new PageQueue();
  private readonly ghosts = new PageQueue();
  private probationBytes = 0;
  private keptBytes = 0;
  private weighCursor = 0;
  private residents = 0;
  private hits = 0;
  private misses = 0;
  private evictions = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Notes a hit on `slots[page]`. */
  touch(page: number): void {
    const heat = this.heat[page]!;
    if (heat < HEAT_MAX) this.heat[page] = heat + 1;
    if ((++this.hits & (WEIGH_EVERY_HITS - 1)) === 0) this.weighAfterHit(page);
  }

  /** Notes a hit of a scan that passes by: it says nothing of whether the page is wanted again. */
  glance(page: number): void {
    if ((++this.hits & (WEIGH_EVERY_HITS - 1)) === 0) this.weighAfterHit(page);
  }

  /** Whether so many bytes find room without another page leaving, with some to spare for nodes that grow. */
  hasRoom(bytes: number): boolean {
    return this.bytes + bytes <= this.bytesMax * FILLED_SHARE;
  }

  /** Puts the newest committed version of a page that was not resident (a miss), and makes room. */
  insert(node: PageNode): void {
    this.misses++;
    // The slot of a kept page whose version before was dropped: this one stays as long.
    if (this.place[node.pageNo] === Place.kept) node.detach?.();
    this.put(node);
  }

  /** Replaces or adds the newest version of a page: a commit. Not counted as an access. */
  publish(node: PageNode): void {
    this.put(node);
  }

  /** Empties the slot of a page, which keeps its place in its queue: the node read next goes there. */
  drop(page: number): void {
    if (this.slots[page] === undefined) return;
    if (this.place[page] === Place.kept) this.keptBytes -= this.charged[page]!;
    else this.probationBytes -= this.charged[page]!;
    this.charged[page] = 0;
    this.slots[page] = undefined;
  }

  stats(): CacheStats {
    return {
      hits: this.hits,
      misses: this.misses,
      evictions: this.evictions,
      bytes: this.bytes,
      bytesMax: this.bytesMax,
      nodes: this.residents,
    };
  }

  get bytes(): number {
    return this.probationBytes + this.keptBytes;
  }

  /** Look-ups that found an older version than wanted, or none that they may cache. */
  countMiss(count = 1): void {
    this.misses += count;
  }

  clear(): void {
    this.slots.fill(undefined);
    this.heat.fill(0);
    this.place.fill(Place.nowhere);
    this.charged.fill(0);
    for (const queue of [this.probation, this.kept, this.ghosts]) queue.clear();
    this.probationBytes = 0;
    this.keptBytes = 0;
    this.residents = 0;
  }

  private put(node: PageNode): void {
    assert(!node.isPrivate, 'a private node in the shared cache (I1)');
    const page = node.pageNo;
    if (page >= this.slots.length) this.grow(page + 1);
    const place = this.place[page]!;
    this.slots[page] = node;
    if (node.hasGrown === false) node.hasGrown = true;
    if (place === Place.probation || place === Place.kept) this.weigh(page);
    else this.enter(page, place === Place.ghost ? Place.kept : Place.probation);
    this.weighSome(2);
    this.makeRoom(page);
  }

  private enter(page: number, place: 1 | 2): void {
    this.place[page] = place;
    this.heat[page] = 0;
    this.charged[page] = 0;
    if (place === Place.kept) this.slots[page]?.detach?.();
    (place === Place.kept ? this.kept : this.probation).push(page);
    this.residents++;
    this.weigh(page);
  }

  private weigh(page: number): void {
    const node = this.slots[page];
    if (node === undefined) return;
    if (node.hasGrown === false && this.charged[page] !== 0) return;
    if (node.hasGrown === true) node.hasGrown = false;
    const bytes = node.memoryBytes() + ENTRY_BYTES;
    const growth = bytes - this.charged[page]!;
    this.charged[page] = bytes;
    if (this.place[page] === Place.kept) this.keptBytes += growth;
    else this.probationBytes += growth;
  }

  private weighSome(count: number): void {
    for (let i = 0; i < count; i++) {
      const total = this.kept.length + this.probation.length;
      if (total === 0) return;
      if (this.weighCursor >= total) this.weighCursor = 0;
      const at = this.weighCursor++;
      this.weigh(at < this.kept.length ? this.kept.at(at) : this.probation.at(at - this.kept.length));
    }
  }

  private weighAfterHit(page: number): void {
    this.weigh(page);
    this.weighSome(WEIGH_PER_ROUND);
    this.makeRoom(page);
  }

  /** Evicts until the budget holds; `spared` is the page in use right now. */
  private makeRoom(spared: number): void {
    while (this.bytes > this.bytesMax && this.residents > 1) {
      const canProbation = hasOther(this.probation, spared);
      const canKept = hasOther(this.kept, spared);
      const wantsProbation = this.probationBytes > this.bytesMax * PROBATION_SHARE;
      if (canProbation && (wantsProbation || !canKept)) this.dismissFromProbation(spared);
      else this.dismissFromKept(spared);
    }
  }

  private dismissFromProbation(spared: number): void {
    const page = this.probation.shift();
    if (page === spared) {
      this.probation.push(page);
      return;
    }
    if (this.heat[page]! >= HEAT_TO_KEEP) {
      const bytes = this.charged[page]!;
      this.probationBytes -= bytes;
      this.keptBytes += bytes;
      this.place[page] = Place.kept;
      this.heat[page] = 0;
      this.slots[page]?.detach?.();
      this.kept.push(page);
      return;
    }
    this.evict(page, Place.ghost);
    this.ghosts.push(page);
    while (this.ghosts.length > Math.max(GHOSTS_MIN, this.residents)) {
      const forgotten = this.ghosts.shift();
      if (this.place[forgotten] === Place.ghost) this.place[forgotten] = Place.nowhere;
    }
  }

  private dismissFromKept(spared: number): void {
    const page = this.kept.shift();
    const heat = this.heat[page]!;
    if (heat > 0 || page === spared) {
      if (heat > 0) this.heat[page] = heat - 1;
      this.kept.push(page);
      return;
    }
    this.evict(page, Place.nowhere);
  }

  private evict(page: number, next: 0 | 3): void {
    const bytes = this.charged[page]!;
    if (this.place[page] === Place.kept) this.keptBytes -= bytes;
    else this.probationBytes -= bytes;
    this.charged[page] = 0;
    this.place[page] = next;
    this.slots[page] = undefined;
    this.residents--;
    this.evictions++;
  }

  private grow(pages: number): void {
    const capacity = Math.max(64, pages, Math.ceil(this.slots.length * 1.5));
    // Filled one by one, so that the engine keeps the array packed.
    while (this.slots.length < capacity) this.slots.push(undefined);
    this.heat = extended(this.heat, new Uint8Array(capacity));
    this.place = extended(this.place, new Uint8Array(capacity));
    this.charged = extended(this.charged, new Uint32Array(capacity));
  }
}

/** Whether the queue holds a page besides `spared`. */
function hasOther(queue: PageQueue, spared: number): boolean {
  return queue.length > 1 || (queue.length === 1 && queue.at(0) !== spared);
}

function extended<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

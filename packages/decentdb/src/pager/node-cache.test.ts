import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lsn, PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import { NodeCache } from './node-cache.ts';
import { OldNodes } from './old-nodes.ts';
import { PageKind, type PageNode } from './page-node.ts';

const SEED = Number(process.env['SEED'] ?? 3);
const NODE_BYTES = 1000;

class SizedNode implements PageNode {
  readonly pageNo: PageNo;
  readonly kind = PageKind.leaf;
  lsn = 1 as Lsn;
  isPrivate = false;
  bytes: number;
  isDetached = false;

  constructor(pageNo: number, bytes: number = NODE_BYTES - 48) {
    this.pageNo = pageNo as PageNo;
    this.bytes = bytes;
  }

  memoryBytes(): number {
    return this.bytes;
  }

  detach(): void {
    this.isDetached = true;
  }

  encode(): number {
    return 0;
  }

  thaw(): PageNode {
    return this;
  }

  freeze(): void {}
}

/** Reads a page as a view does; returns whether it was a hit. */
function read(cache: NodeCache, page: number): boolean {
  if (cache.slots[page] !== undefined) {
    cache.touch(page);
    return true;
  }
  cache.insert(new SizedNode(page));
  return false;
}

test('AC-P2.4: the budget holds within one node, whatever the pattern', () => {
  const random = new Prng(SEED);
  const cache = new NodeCache(50 * NODE_BYTES);
  for (let i = 0; i < 20_000; i++) {
    const page = random.below(200);
    if (random.below(4) === 0) cache.publish(new SizedNode(page, 100 + random.below(3000)));
    else read(cache, page);
    assert.ok(cache.bytes <= cache.bytesMax + 3100, `${cache.bytes} bytes at step ${i}`);
  }
  const { nodes, bytes } = cache.stats();
  const resident = cache.slots.filter((node) => node !== undefined);
  assert.equal(nodes, resident.length);
  assert.equal(
    bytes,
    resident.reduce((sum, node) => sum + node!.memoryBytes() + 48, 0),
  );
});

test('PERF-002 AC-P2.2: a scan ten times the cache leaves the hot set its hits', () => {
  const pages = 1000;
  const hot = 600;
  const cache = new NodeCache(pages * NODE_BYTES);
  const random = new Prng(SEED);
  const lookups = (count: number): number => {
    let hits = 0;
    for (let i = 0; i < count; i++) if (read(cache, random.below(hot))) hits++;
    return hits / count;
  };
  lookups(20_000);
  const before = lookups(20_000);
  let hits = 0;
  let total = 0;
  for (let scanned = 0; scanned < 10 * pages; scanned++) {
    read(cache, 10_000 + scanned);
    read(cache, 10_000 + scanned); // A scan may come back to its page once for the next batch.
    hits += lookups(2) * 2;
    total += 2;
  }
  assert.ok(hits / total >= 0.9 * before, `hit rate ${hits / total} of ${before}`);
});

test('PERF-002: the hot set is found although a scan was there first', () => {
  const cache = new NodeCache(500 * NODE_BYTES);
  const random = new Prng(SEED);
  for (let page = 0; page < 5000; page++) read(cache, 10_000 + page);
  let hits = 0;
  for (let i = 0; i < 20_000; i++) {
    if (i % 4 === 0) read(cache, 20_000 + i);
    if (read(cache, random.below(250)) && i >= 10_000) hits++;
  }
  assert.ok(hits / 10_000 > 0.95, `hit rate ${hits / 10_000}`);
});

test('a node that grows after it was cached is weighed again', () => {
  const cache = new NodeCache(100 * NODE_BYTES);
  for (let page = 0; page < 90; page++) read(cache, page);
  for (const node of cache.slots) if (node !== undefined) (node as SizedNode).bytes *= 4;
  for (let i = 0; i < 20_000; i++) if (cache.slots[i % 90] !== undefined) cache.touch(i % 90);
  const real = cache.slots.reduce((sum, node) => sum + (node?.memoryBytes() ?? 0), 0);
  assert.ok(real <= cache.bytesMax * 1.05, `${real} bytes really held`);
});

test('AC-P2.3: hits, misses and evictions are counted', () => {
  const cache = new NodeCache(10 * NODE_BYTES);
  for (let page = 0; page < 20; page++) read(cache, page);
  read(cache, 19);
  const { hits, misses, evictions } = cache.stats();
  assert.deepEqual([hits, misses, evictions], [1, 20, 10]);
});

test('nodes that stay leave the buffers they share: kept ones, those read again in their place, old versions', () => {
  const cache = new NodeCache(20 * NODE_BYTES);
  const hot = 7;
  read(cache, hot);
  for (let i = 0; i < 3; i++) read(cache, hot);
  for (let page = 100; page < 200; page++) read(cache, page);
  const isDetached = (): boolean | undefined => (cache.slots[hot] as SizedNode | undefined)?.isDetached;
  assert.equal(isDetached(), true);
  cache.drop(hot);
  read(cache, hot);
  assert.equal(isDetached(), true, 'read again');
  const old = new OldNodes(20 * NODE_BYTES);
  const node = new SizedNode(3);
  old.keep(node);
  assert.ok(node.isDetached, 'an old version');
});

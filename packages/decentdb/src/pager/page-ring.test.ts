import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { PageKind, type PageNode } from './page-node.ts';
import { giveRing, PageRing, takeRing } from './page-ring.ts';

const PAGE_BYTES = 8192;

function nodeOf(pageNo: number): PageNode {
  return { pageNo: pageNo as PageNo, kind: PageKind.leaf, lsn: 1 as Lsn, isPrivate: false } as PageNode;
}

function unchecked(run: () => void): void {
  const was = setVerify(false);
  try {
    run();
  } finally {
    setVerify(was);
  }
}

test('a ring finds the nodes of the run read last, and its memory comes again after as many lanes as it has', () => {
  unchecked(() => {
    const ring = new PageRing(PAGE_BYTES);
    ring.lanes = 3;
    const first = ring.begin(ring.runMax);
    for (let i = 0; i < ring.runMax; i++) ring.add(nodeOf(100 + i));
    assert.equal(first.length, ring.runMax * PAGE_BYTES);
    assert.equal(ring.find(100)?.pageNo, 100);
    assert.equal(ring.find(100 + ring.runMax - 1)?.pageNo, 100 + ring.runMax - 1);
    assert.equal(ring.find(99), null);
    assert.equal(ring.find(100 + ring.runMax), null);
    const lane = ring.lane;
    const short = ring.begin(2);
    assert.equal(ring.find(100), null);
    const behind = ring.begin(2);
    assert.equal(ring.lane, lane + 1, 'short runs share a lane');
    assert.equal(behind.byteOffset, short.byteOffset + short.length);
    ring.begin(ring.runMax);
    assert.equal(ring.lane, lane + 2);
    const again = ring.begin(1);
    assert.equal(ring.lane, lane + 3);
    assert.equal(again.buffer, first.buffer);
    assert.equal(again.byteOffset, first.byteOffset);
  });
});

test('arrays of a lane do not overlap, and lie elsewhere where it has no room', () => {
  unchecked(() => {
    const ring = new PageRing(PAGE_BYTES);
    ring.begin(1);
    const node = nodeOf(5);
    ring.add(node);
    const memory = node.passing!;
    const places = [memory.take(12), memory.take(1), memory.take(8)];
    assert.deepEqual(places, [0, 16, 24]);
    assert.equal(memory.take(1 << 20), -1);
  });
});

test('a ring given back is taken again, without what it held', () => {
  unchecked(() => {
    const ring = takeRing(PAGE_BYTES, 2);
    ring.begin(1);
    ring.add(nodeOf(7));
    giveRing(ring);
    const other = takeRing(PAGE_BYTES, 1);
    assert.equal(other, ring);
    assert.equal(other.find(7), null);
    giveRing(other);
  });
});

test('with checks on, what has passed reads as nonsense', () => {
  const was = setVerify(true);
  try {
    const ring = new PageRing(PAGE_BYTES);
    assert.equal(ring.runMax, 1);
    const room = ring.begin(1).fill(1);
    const node = nodeOf(5);
    ring.add(node);
    const { passing } = node;
    const place = passing!.take(8);
    const array = new Uint8Array(passing!.buffer, place, 8).fill(1);
    ring.voidAll();
    assert.equal(room[100], 0xee);
    assert.equal(array[3], 0xee);
    assert.equal(ring.find(5), null);
  } finally {
    setVerify(was);
  }
});

test('of a ring that has grown large a part is kept', () => {
  unchecked(() => {
    const ring = takeRing(65536, 8);
    for (let run = 0; run < 24; run++) {
      ring.begin(ring.runMax);
      const node = nodeOf(run);
      ring.add(node);
      node.passing!.take(1 << 20);
    }
    assert.ok(ring.heldBytes > 8 << 20, `${ring.heldBytes}`);
    giveRing(ring);
    assert.equal(takeRing(65536, 8), ring);
    assert.ok(ring.heldBytes > 0 && ring.heldBytes <= 4 << 20, `${ring.heldBytes}`);
    // Lanes that were given back are made again.
    for (let run = 0; run < 9; run++) assert.equal(ring.begin(1).length, 65536);
  });
});

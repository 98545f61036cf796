import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import type { StorageEngine } from './engine.ts';
import { openStorage } from './open-storage.ts';
import type { OverflowRef } from './page-view.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

interface Setup {
  readonly engine: StorageEngine;
  readonly close: () => void;
  readonly pages: PageNo[];
  readonly overflow: OverflowRef;
  readonly pass: (ms: number) => void;
}

function setup(): Setup {
  let nowMs = 1000;
  const { engine, close } = openStorage('r.ddb', {
    vfs: new MemoryVfs(new MemoryDisk()),
    pageSize: 512,
    walStepBytes: 1024,
    readerTimeoutMs: 100,
    readerWarnMs: 50,
    now: () => nowMs,
  });
  const txn = engine.beginWrite();
  const pages = [addPage(txn, 'a1'), addPage(txn, 'b1')];
  const overflow = txn.writeOverflow(new Uint8Array(3000).fill(7));
  txn.commit();
  return { engine, close, pages, overflow, pass: (ms) => (nowMs += ms) };
}

function commit(engine: StorageEngine, page: PageNo, text: string): void {
  const txn = engine.beginWrite();
  setText(txn, page, text);
  txn.commit();
}

test('AC-001.2: an expired reader gets the error for cached, uncached and overflow pages and on validation', () => {
  const { engine, close, pages, overflow, pass } = setup();
  const reader = engine.beginRead();
  assert.equal(textOf(reader, pages[0]!), 'a1');
  pass(101);
  assert.equal(engine.expireReaders(), 1);
  const expired = { code: '25P05', message: /readerTimeoutMs \(100 ms\)/ };
  assert.throws(() => textOf(reader, pages[0]!), expired, 'cached page');
  engine.pages.cache.clear();
  assert.throws(() => textOf(reader, pages[1]!), expired, 'uncached page');
  assert.throws(() => reader.readOverflow(overflow), expired, 'overflow chain');
  assert.throws(() => reader.validate(), expired, 'batch validation');
  assert.throws(() => reader.renew(), expired, 'renewal');
  close();
});

test('AC-001.2: expiry while the page is being fetched is noticed after the fetch', () => {
  const { engine, close, pages, pass } = setup();
  const reader = engine.beginRead();
  engine.pages.cache.clear();
  assert.throws(
    () =>
      reader.fetch(pages[0]!, 2, (pageNo, lsn, payload) => {
        pass(101);
        engine.expireReaders();
        return {
          pageNo,
          lsn,
          kind: 2,
          isPrivate: false,
          memoryBytes: () => payload.length,
          encode: () => 0,
          thaw: () => assert.fail(),
          freeze: () => {},
        };
      }),
    { code: '25P05' },
  );
  close();
});

test('AC-001.3: after expiry the log is released and reused, and the reader sees no byte of the new generation', () => {
  const { engine, close, pages, pass } = setup();
  const reader = engine.beginRead();
  for (let i = 0; i < 5; i++) commit(engine, pages[0]!, `new ${i}`);
  assert.equal(engine.checkpoint(), true, 'up to the snapshot');
  assert.ok(engine.stats().index.entries > 0, 'the reader holds the log');
  pass(101);
  engine.expireReaders();
  assert.equal(engine.checkpoint(), true);
  assert.equal(engine.stats().log!.isDraining, false);
  for (let i = 0; i < 5; i++) commit(engine, pages[0]!, `newer ${i}`);
  assert.throws(() => textOf(reader, pages[0]!), { code: '25P05' });
  close();
});

test('AC-001.5 AC-001.6: expiry is counted once, ending afterwards is harmless, the warning shows before', () => {
  const { engine, close, pass } = setup();
  const reader = engine.beginRead();
  pass(60);
  const young = engine.beginRead();
  assert.deepEqual(
    engine.stats().readers.map(({ ageMs, isOverWarning }) => [ageMs, isOverWarning]),
    [
      [60, true],
      [0, false],
    ],
  );
  pass(50);
  assert.equal(engine.expireReaders(), 1);
  assert.equal(engine.expireReaders(), 0);
  reader.end();
  reader.end();
  assert.equal(engine.stats().readers.length, 1);
  assert.equal(engine.stats().readersExpired, 1);
  young.end();
  assert.equal(engine.stats().readers.length, 0);
  close();
});

test('AC-001.6: expiry is off by default', () => {
  let nowMs = 0;
  const { engine, close } = openStorage('r.ddb', { vfs: new MemoryVfs(), now: () => nowMs });
  const reader = engine.beginRead();
  nowMs += 1e12;
  assert.equal(engine.expireReaders(), 0);
  reader.validate();
  reader.end();
  close();
});

test('AC-001.7 AC-002.6: no way to release the log under a live reader; the checkpoint finishes once it ends', () => {
  const { engine, close, pages } = setup();
  const reader = engine.beginRead();
  commit(engine, pages[0]!, 'a2');
  assert.equal(engine.checkpoint(), true);
  assert.equal(engine.stats().checkpoint.checkpointedLsn, 1);
  assert.equal(engine.checkpoint(), false, 'nothing more is safe');
  assert.equal(textOf(reader, pages[0]!), 'a1');
  reader.end();
  assert.equal(engine.checkpoint(), true);
  assert.equal(engine.stats().checkpoint.checkpointedLsn, 2);
  close();
});

test('L7: a reader that holds too much log makes writes fail with its name, and they succeed when it ends', () => {
  const { engine, close } = openStorage('r.ddb', {
    vfs: new MemoryVfs(),
    pageSize: 512,
    walStepBytes: 1024,
    walBytesMax: 4096,
    walBytesHardMax: 20_000,
  });
  const txn = engine.beginWrite();
  const page = addPage(txn, 'v');
  txn.commit();
  const reader = engine.beginRead();
  const fill = (): void => {
    for (let i = 0; i < 200; i++) commit(engine, page, 'x'.repeat(400));
  };
  assert.throws(fill, { code: '53100', detail: new RegExp(`Reader ${reader.id} has kept snapshot 1`) });
  reader.end();
  fill();
  close();
});

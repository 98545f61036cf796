import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { openStorage } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

const small = { pageSize: 512, walStepBytes: 4096 } as const;

test('a commit is there after reopening, through the page file and through the log', () => {
  const disk = new MemoryDisk();
  const first = openStorage('a.ddb', { ...small, vfs: new MemoryVfs(disk) });
  const txn = first.engine.beginWrite();
  const page = addPage(txn, 'hello');
  txn.setCatalogRoot(page);
  assert.equal(txn.commit(), 1);
  const crashed = disk.clone();
  first.close();
  assert.deepEqual([...disk.files.keys()], ['a.ddb'], 'a clean database is one file');
  for (const image of [disk, crashed]) {
    const again = openStorage('a.ddb', { vfs: new MemoryVfs(image) });
    const read = again.engine.beginRead();
    assert.equal(read.meta.catalogRoot, page);
    assert.equal(textOf(read, page), 'hello');
    read.end();
    again.close();
    assert.deepEqual([...image.files.keys()], ['a.ddb']);
  }
});

test('a snapshot keeps its view while commits, checkpoints and page reuse go on', () => {
  const disk = new MemoryDisk();
  const { engine, close } = openStorage('a.ddb', { ...small, vfs: new MemoryVfs(disk) });
  let txn = engine.beginWrite();
  const pages = [addPage(txn, 'a1'), addPage(txn, 'b1'), addPage(txn, 'c1')] as const;
  txn.commit();
  const old = engine.beginRead();
  for (let round = 2; round < 20; round++) {
    txn = engine.beginWrite();
    setText(txn, pages[0], `a${round}`);
    if (round === 5) txn.free(pages[2]);
    if (round === 6) assert.equal(addPage(txn, 'reused'), pages[2]);
    txn.commit();
    engine.checkpoint();
    engine.pages.cache.clear();
    assert.equal(textOf(old, pages[0]), 'a1');
    assert.equal(textOf(old, pages[2]), 'c1');
  }
  old.end();
  engine.checkpoint();
  assert.equal(engine.stats().index.entries, 0);
  const now = engine.beginRead();
  assert.equal(textOf(now, pages[2]), 'reused');
  now.end();
  close();
});

test('rollback and savepoints leave nothing behind', () => {
  const { engine, close } = openStorage('a.ddb', { ...small, vfs: new MemoryVfs() });
  let txn = engine.beginWrite();
  const page = addPage(txn, 'one');
  txn.commit();
  txn = engine.beginWrite();
  setText(txn, page, 'two');
  const outer = txn.savepoint();
  setText(txn, page, 'three');
  const extra = addPage(txn, 'extra');
  const inner = txn.savepoint();
  setText(txn, page, 'four');
  txn.free(extra);
  txn.rollbackTo(inner);
  assert.equal(textOf(txn, page), 'three');
  assert.equal(textOf(txn, extra), 'extra');
  txn.release(inner);
  txn.rollbackTo(outer);
  assert.equal(textOf(txn, page), 'two');
  assert.equal(txn.meta.pageCount, extra);
  txn.rollback();
  const read = engine.beginRead();
  assert.equal(textOf(read, page), 'one');
  assert.equal(engine.stats().publishedLsn, 1);
  read.end();
  close();
});

test('deferred commits to one page cost one frame', () => {
  const { engine, close } = openStorage('a.ddb', {
    ...small,
    vfs: new MemoryVfs(),
    durability: 'deferred',
    flushIntervalMs: 0,
  });
  let txn = engine.beginWrite();
  const page: PageNo = addPage(txn, 'v0');
  txn.commit();
  for (let i = 1; i < 50; i++) {
    txn = engine.beginWrite();
    setText(txn, page, `v${i}`);
    txn.commit();
  }
  assert.equal(engine.stats().index.entries, 0);
  engine.flush();
  assert.equal(engine.stats().index.entries, 1);
  const read = engine.beginRead();
  engine.pages.cache.clear();
  assert.equal(textOf(read, page), 'v49');
  read.end();
  close();
});
